"""What does each contestant of :mod:`benchmarks.neo4j` do, in a process of its own?"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from benchmarks.register import (
    ENOUGH_SECONDS,
    GRAPH,
    LEAST_REPEATS,
    MAJORITY,
    WHOLE,
    Answer,
    answer_of,
    facts_of,
)
from spillover.graph.neo4j.connection import Server

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

T = TypeVar("T")
BATCH: Final = 10_000
CHUNK: Final = 20_000
SEEDS: Final = {"cascade one": "hub", "cascade many": "many"}
"""Which seeds each row asks about."""

_ENTITIES: Final = (
    "UNWIND $rows AS row CREATE (n:Entity {id: row.id, num: row.num, schema: row.schema,"
    " name: row.name, countries: row.countries})"
)
_OWNS: Final = (
    "UNWIND $rows AS row MATCH (a:Entity {num: row[0]}) MATCH (b:Entity {num: row[1]})"
    " CREATE (a)-[:OWNS {low: row[2], high: row[3], start: row[4]}]->(b)"
)
_UNIQUE: Final = (
    "CREATE CONSTRAINT entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT entity_num IF NOT EXISTS FOR (n:Entity) REQUIRE n.num IS UNIQUE",
)
_EACH: Final = (
    "MATCH (a)-[r:OWNS]->(b) RETURN a.num AS source, b.num AS target,"
    " coalesce(r.low, 0) AS low, coalesce(r.high, $whole) AS high"
)
_COLLECTED: Final = (
    "UNWIND range(1, $last, $step) AS first CALL (first) {"
    " MATCH (a:Entity)-[r:OWNS]->(b) WHERE first <= a.num < first + $step"
    " RETURN collect(a.num) AS source, collect(b.num) AS target,"
    " collect(coalesce(r.low, 0)) AS low, collect(coalesce(r.high, $whole)) AS high }"
    " RETURN source, target, low, high"
)
_SEED: Final = "MATCH (n:Entity) WHERE n.num IN $seeds SET n.round = 0"
_FORGET: Final = "MATCH (n:Entity) WHERE n.round IS NOT NULL SET n.round = null"
_BLOCKED: Final = "MATCH (n:Entity) WHERE n.round IS NOT NULL RETURN collect(n.num) AS blocked"
_BY_ROUND: Final = "CREATE INDEX by_round IF NOT EXISTS FOR (n:Entity) ON (n.round)"
_NO_INDEX: Final = "DROP INDEX by_round IF EXISTS"
_PLAIN: Final = (
    "MATCH (o:Entity)-[r:OWNS]->(a) WHERE o.round IS NOT NULL AND a.round IS NULL"
    " WITH a, sum(r.low) AS held WHERE held >= $half SET a.round = $round RETURN count(*) AS new"
)
_INDEXED: Final = (
    "MATCH (last:Entity {round: $round - 1})-[:OWNS]->(a) WHERE a.round IS NULL WITH DISTINCT a"
    " MATCH (o)-[r:OWNS]->(a) WHERE o.round IS NOT NULL"
    " WITH a, sum(r.low) AS held WHERE held >= $half SET a.round = $round RETURN count(*) AS new"
)


def part(name: str, folder: Path) -> dict[str, Any]:
    """What a contestant finds, and its own seconds where these do not begin with the process."""
    if name in ("read plain, Python", "read chunks, Python"):
        sys.modules["neo4j._rust"] = None  # type: ignore[assignment] # as if it were not installed
    asked: dict[str, Callable[[Path], dict[str, Any]]] = {
        "push": _push,
        "plain": _plain,
        "export": _export,
        "read plain, Python": _rows,
        "read plain": _rows,
        "read chunks, Python": _chunks,
        "read chunks": _chunks,
        "pull": _pull,
        "index": _index,
    }
    if name in asked:
        return asked[name](folder)
    row, _, way = name.partition(": ")
    seeds = facts_of(folder)["seeds"][SEEDS[row]]
    return _cascade(way, folder, seeds)


def _push(folder: Path) -> dict[str, Any]:
    from spillover.graph.neo4j.address import address
    from spillover.graph.neo4j.push import push

    done = push(folder / GRAPH, address())
    return {"edges": sum(dataset.relations for dataset in done.datasets)}


def _plain(folder: Path) -> dict[str, Any]:
    """The plain script, from the graph file: it keeps no sources, names or history."""
    import sqlite3

    base = sqlite3.connect(folder / GRAPH)
    described = (
        "SELECT e.id, e.num, d.schema, d.name, d.countries FROM entity e"
        " JOIN description d ON d.entity = e.num ORDER BY e.num"
    )
    claimed = "SELECT source, target, low, high, start FROM relation ORDER BY num"
    edges = 0
    with connected() as server:
        for statement in _UNIQUE:
            server.alone(statement)
        for rows in _batches(base.execute(described)):
            names = ("id", "num", "schema", "name", "countries")
            server.write(_ENTITIES, rows=[dict(zip(names, row, strict=True)) for row in rows])
        for rows in _batches(base.execute(claimed)):
            server.write(_OWNS, rows=[list(row) for row in rows])
            edges += len(rows)
    return {"edges": edges}


def _batches(rows: Any) -> Iterator[list[tuple[Any, ...]]]:
    while found := rows.fetchmany(BATCH):
        yield found


def _export(folder: Path) -> dict[str, Any]:
    from spillover.graph.neo4j.bulk import export
    from spillover.graph.store import Store

    with Store(folder / GRAPH) as store:
        return {"edges": export(store, folder / "bulk").relations}


def _rows(folder: Path) -> dict[str, Any]:
    import numpy as np

    with connected() as server:
        found = [list(row.values()) for row in server.stream(_EACH, whole=WHOLE)]
    assert len(found) == facts_of(folder)["edges"]
    return holdings(*np.array(found, np.int64).T)


def _chunks(folder: Path) -> dict[str, Any]:
    import numpy as np

    parts: list[list[Any]] = [[], [], [], []]
    with connected() as server:
        about = {"last": facts_of(folder)["nodes"], "step": CHUNK, "whole": WHOLE}
        for row in server.stream(_COLLECTED, **about):
            for column, values in zip(parts, row.values(), strict=True):
                column.append(np.array(values, np.int64))
    return holdings(*(np.concatenate(column) for column in parts))


def holdings(*columns: npt.NDArray[np.int64]) -> dict[str, Any]:
    """A fingerprint of all holdings, whatever their order; entities are numbered from 1."""
    import hashlib

    import numpy as np

    source, target, low, high = columns
    table = np.stack((source, target, low, high))
    ordered = table[:, np.lexsort(table)]
    return {"edges": len(source), "digest": hashlib.sha256(ordered.tobytes()).hexdigest()[:16]}


def _pull(folder: Path) -> dict[str, Any]:
    from spillover.graph.neo4j.address import address
    from spillover.graph.neo4j.pull import pull

    (folder / "pulled").mkdir(exist_ok=True)
    (folder / "pulled" / GRAPH).unlink(missing_ok=True)
    return {"edges": pull(address(), folder / "pulled" / GRAPH).relations}


def _index(folder: Path) -> dict[str, Any]:
    from spillover.graph.session import Graph

    return {"edges": Graph(folder / "pulled" / GRAPH).index.claims}


def connected() -> Server:
    """The server of which the environment says where it is."""
    from spillover.graph.neo4j.address import address

    return Server(address())


def _cascade(way: str, folder: Path, seeds: list[int]) -> dict[str, Any]:
    if way == "spillover":
        from benchmarks.cascades import spillover

        return _repeated(spillover(folder / "pulled", seeds))
    with connected() as server:
        server.alone(_BY_ROUND if way == "indexed" else _NO_INDEX)
        server.alone("CALL db.awaitIndexes(300)")
        return _repeated(
            lambda: fixpoint(server, [seed + 1 for seed in seeds], indexed=way == "indexed"),
            before=lambda: server.write(_FORGET),
            found=lambda _: _marked(server),
        )


def _marked(server: Server) -> Answer:
    import numpy as np

    (row,) = server.rows(_BLOCKED)
    return answer_of(np.array(row["blocked"]) - 1)


def fixpoint(server: Server, seeds: list[int], *, indexed: bool) -> int:
    """Give everybody who is blocked the number of the round; returns how many rounds there were.

    Args:
        server: the server; nobody has a round.
        seeds: numbers of the entities from which it starts.
        indexed: whether only what the last round owns is looked at.
    """
    server.write(_SEED, seeds=seeds)
    turn, new = 0, len(seeds)
    while new:
        turn += 1
        query = _INDEXED if indexed else _PLAIN
        ((new,),) = server.write(query, half=MAJORITY, round=turn)
    return turn


def _repeated(
    work: Callable[[], T],
    *,
    before: Callable[[], object] = lambda: None,
    found: Callable[[Any], Answer] = dict,
) -> dict[str, Any]:
    """The answer and the median seconds of several runs, after one that is not counted.

    Args:
        work: what is timed.
        before: what has to be done before each run, outside the clock.
        found: the answer, by what ``work`` returned, outside the clock.
    """
    before()
    work()
    seconds: list[float] = []
    cpu: list[float] = []
    while len(seconds) < LEAST_REPEATS or sum(seconds) < ENOUGH_SECONDS:
        before()
        begun, used = time.perf_counter(), time.process_time()
        done = work()
        seconds.append(time.perf_counter() - begun)
        cpu.append(time.process_time() - used)
    timed = {"seconds": statistics.median(seconds), "cpu": statistics.median(cpu)}
    return {**found(done), **timed, "repeats": len(seconds) + 1}


if __name__ == "__main__":
    print(json.dumps(part(sys.argv[1], Path(sys.argv[2]))))
