"""What follows on a server from all datasets together, once their parts have arrived?

What replaced loads left behind is removed; what people see of an entity is worked out from
everything that is said of it; entities that are one, contradictions and listings are brought up to
date. Every step looks for what is still to be done, so that it can be repeated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any, Final, LiteralString, TypeVar

from spillover.graph.neo4j import encoding
from spillover.graph.neo4j.batches import SIZE, UNSETTLED, together
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.labels import ENTITY, LABELS, labels
from spillover.graph.neo4j.transactions import Transaction
from spillover.graph.schema import KINDS, SCHEMATA

T = TypeVar("T")
Work = Callable[[Callable[[Transaction], T]], T]
"""Does steps in one transaction while the graph is ours."""
Pair = tuple[int, int]

_FOUND: Final = 20 * SIZE
"""Most claims or entities that are looked for at once: as many texts are held."""

_OLD_CLAIMS: Final[dict[str, LiteralString]] = {
    kind: f"MATCH ()-[r:{kind}]->() WHERE r.key IS NOT NULL AND NOT r.load IN $standing"
    " WITH r LIMIT $most RETURN elementId(r) AS id"
    for kind in KINDS
}
_DROP_CLAIMS: Final[dict[str, LiteralString]] = {
    kind: f"MATCH (a)-[r:{kind}]->(b) WHERE elementId(r) IN $some AND NOT r.load IN $standing"
    f" AND r.key IS NOT NULL SET a:{UNSETTLED}, b:{UNSETTLED} DELETE r"
    for kind in KINDS
}
_OLD_SAID: Final = "MATCH (n:Entity) WHERE n[$by] <> $num WITH n LIMIT $most RETURN n.num AS num"
_DROP_SAID: Final = (
    "UNWIND $some AS num MATCH (n:Entity {num: num}) WHERE n[$by] <> $num"
    f" SET n += $gone, n:{UNSETTLED}"
)
_NOBODY: Final = (
    f"MATCH (n:Entity) WHERE n.num IS NOT NULL AND n.datasets IS NULL AND NOT n:{UNSETTLED}"
    f" AND NOT EXISTS {{ (n)-[:{'|'.join(KINDS)}]-() }} WITH n LIMIT $most RETURN n.num AS num"
)
_MARK: Final = f"UNWIND $some AS num MATCH (n:Entity {{num: num}}) SET n:{UNSETTLED}"
_UNSETTLED: Final = (
    f"MATCH (n:{UNSETTLED}) WITH n LIMIT $most RETURN n.num AS num, n.id AS id,"
    f" EXISTS {{ (n)-[:{'|'.join(KINDS)}]-() }} AS named, n AS node"
)
_SETTLED: Final[dict[str, LiteralString]] = {
    schema: "UNWIND $rows AS row MATCH (n:Entity {num: row[0]})"
    f" REMOVE n:{':'.join((UNSETTLED, *(one for one in LABELS if one != ENTITY)))}"
    f" SET n += row[1], n:{':'.join(labels(schema))}"
    for schema in SCHEMATA
}
_FORGET: Final = "UNWIND $some AS num MATCH (n:Entity {num: num}) DETACH DELETE n"
_SAME: Final = "MATCH (n:Entity)-[:SAME_AS]->(m:Entity) RETURN n.num AS entity, m.num AS canonical"
_PART: Final = (
    "UNWIND $some AS row MATCH (:Entity {num: row[0]})-[r:SAME_AS]->(:Entity {num: row[1]})"
    " DELETE r"
)
_JOIN: Final = (
    "UNWIND $some AS row MATCH (n:Entity {num: row[0]}) MATCH (m:Entity {num: row[1]})"
    " MERGE (n)-[:SAME_AS]->(m)"
)
_CONFLICTS: Final = (
    "MATCH (c:SpilloverConflict)"
    " RETURN c.identifier AS identifier, c.why AS why, c.entities AS entities"
)
_DENY: Final = (
    "UNWIND $some AS row MATCH (c:SpilloverConflict"
    " {identifier: row[0], why: row[1], entities: row[2]}) DETACH DELETE c"
)
_STATE: Final = (
    "UNWIND $some AS row"
    " MERGE (:SpilloverConflict {identifier: row[0], why: row[1], entities: row[2]})"
)
_LISTED: Final = (
    "MATCH ()-[r:DESIGNATES]->(n:Entity) WHERE r.stance = 'asserts'"
    " WITH n, CASE WHEN count(r.end) < count(*) THEN 'listed' ELSE 'delisted' END AS listing"
    " WHERE n.listing IS NULL OR n.listing <> listing RETURN n.num AS num, listing"
)
_UNLISTED: Final = (
    "MATCH (n:Entity) WHERE n.listing IS NOT NULL"
    " AND NOT EXISTS { ()-[:DESIGNATES {stance: 'asserts'}]->(n) } RETURN n.num AS num"
)
_LIST: Final = "UNWIND $some AS row MATCH (n:Entity {num: row[0]}) SET n.listing = row[1]"


def remove(server: Server, work: Work[None], standing: dict[str, int], gone: Iterable[str]) -> None:
    """Remove what loads that do not stand any more have left.

    Args:
        server: the server.
        work: does steps in one transaction.
        standing: number of the load of each dataset that stands.
        gone: names of datasets that were replaced or removed.
    """
    numbers = sorted(standing.values())
    for kind in KINDS:
        while found := server.rows(_OLD_CLAIMS[kind], standing=numbers, most=_FOUND):
            for some in _parts([row["id"] for row in found]):
                _do(work, _DROP_CLAIMS[kind], some=some, standing=numbers)
    for name in gone:
        by = encoding.OF_LOAD + name
        about = {
            "by": by,
            "num": standing.get(name, 0),
            "gone": dict.fromkeys((by, encoding.SAID + name)),
        }
        while found := server.rows(_OLD_SAID, by=by, num=about["num"], most=_FOUND):
            for some in _parts([row["num"] for row in found]):
                _do(work, _DROP_SAID, some=some, **about)


def sweep(server: Server, work: Work[None]) -> None:
    """Mark entities that were to be named by claims which have never come."""
    while found := server.rows(_NOBODY, most=_FOUND):
        for some in _parts([row["num"] for row in found]):
            _do(work, _MARK, some=some)


def settle(server: Server, work: Work[None], came: list[str]) -> None:
    """Work out anew what people see of the entities that are marked.

    An entity that nobody describes or names any more is deleted.

    Args:
        server: the server.
        work: does steps in one transaction.
        came: names of datasets in the order in which they came.
    """
    order = {name: place for place, name in enumerate(came)}
    while rows := server.rows(_UNSETTLED, most=SIZE // 2):
        by_schema: dict[str, list[list[Any]]] = defaultdict(list)
        nobody = []
        for row in rows:
            values = _shown(row["id"], dict(row["node"].items()), order)
            if values["datasets"] is None and not row["named"]:
                nobody.append(row["num"])
            else:
                by_schema[values["schema"]].append([row["num"], values])

        def steps(
            work: Transaction,
            nobody: list[int] = nobody,
            by_schema: dict[str, list[list[Any]]] = by_schema,
        ) -> None:
            work.run(_FORGET, some=nobody).consume()
            for schema, some in by_schema.items():
                work.run(_SETTLED[schema], rows=some).consume()

        work(steps)


def _shown(entity_id: str, node: dict[str, Any], order: dict[str, int]) -> dict[str, Any]:
    """What people see of an entity by everything that its node keeps."""
    names = [key.removeprefix(encoding.SAID) for key in node if key.startswith(encoding.SAID)]
    told = [
        (name, encoding.description(text))
        for name in sorted(names, key=lambda name: order.get(name, len(order)))
        for text in node[encoding.SAID + name]
    ]
    if told:
        return together(entity_id, told)
    nothing = dict.fromkeys(encoding.shown_alone(("", "Thing", entity_id, "", *[None] * 5), ""))
    return nothing | {"schema": "Thing", "name": entity_id}


def join(
    server: Server,
    work: Work[None],
    same: Iterable[Pair],
    conflicts: Iterable[tuple[str, str, str]],
) -> None:
    """Let the server say which entities are one, and which identifiers contradict each other.

    Args:
        server: the server.
        work: does steps in one transaction.
        same: numbers of an entity and the one that stands for it.
        conflicts: identifier, reason, and the ids of the entities.
    """
    pairs = {(row["entity"], row["canonical"]) for row in server.rows(_SAME)}
    wanted = set(same)
    _each(work, _PART, sorted(pairs - wanted))
    _each(work, _JOIN, sorted(wanted - pairs))
    told = {(row["identifier"], row["why"], row["entities"]) for row in server.rows(_CONFLICTS)}
    found = set(conflicts)
    _each(work, _DENY, sorted(told - found))
    _each(work, _STATE, sorted(found - told))


def list_designated(server: Server, work: Work[None]) -> None:
    """Mark who is designated, and who was."""
    rows = [(row["num"], row["listing"]) for row in server.rows(_LISTED)]
    rows += [(row["num"], None) for row in server.rows(_UNLISTED)]
    _each(work, _LIST, sorted(rows, key=lambda row: row[0]))


def _each(work: Work[None], query: LiteralString, rows: list[Any]) -> None:
    for some in _parts([list(row) for row in rows]):
        _do(work, query, some=some)


def _do(work: Work[None], query: LiteralString, **values: Any) -> None:
    def steps(transaction: Transaction) -> None:
        transaction.run(query, values).consume()

    work(steps)


def _parts(rows: list[Any]) -> Iterable[list[Any]]:
    left = iter(rows)
    return iter(lambda: list(islice(left, SIZE)), [])
