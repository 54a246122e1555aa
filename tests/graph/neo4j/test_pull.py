"""Does a graph file come back from a server whole, or not at all?"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import LiteralString

import pytest

from spillover.graph.content import content
from spillover.graph.errors import SpilloverError, StoreError
from spillover.graph.evidence import Dataset
from spillover.graph.neo4j import pull as pulling
from spillover.graph.neo4j import reading
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.mirror import build as written
from spillover.graph.neo4j.pull import pull
from spillover.graph.neo4j.push import push
from spillover.graph.store import Store
from tests.graph.neo4j.test_mirror import graph
from tests.graphs import build


@pytest.fixture
def where(neo4j_server: Address, tmp_path: Path) -> Address:
    """A server to which ``graph.db`` was pushed."""
    push(graph(tmp_path / "graph.db"), neo4j_server)
    return neo4j_server


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name != "cache"}


def test_what_was_pushed_comes_back(where: Address, tmp_path: Path) -> None:
    seen: list[int] = []
    done = pull(where, tmp_path / "new" / "copy.db", progress=seen.append)
    with Store(tmp_path / "graph.db") as one, Store(tmp_path / "new" / "copy.db") as other:
        assert content(one) == content(other)
        assert done.content == content(one).total
        assert one.key != other.key  # two files from now on: what each loads has its own numbers
        assert one.entities(range(1, 4)) == other.entities(range(1, 4))
        assert one.relations(range(1, 6))[3] == other.relations(range(1, 6))[3]
    assert (done.datasets, done.entities, done.relations) == (("second", "first"), 1, 3)
    assert names(tmp_path / "new") == {"copy.db"}


def test_a_pulled_file_that_is_pushed_changes_nothing(where: Address, tmp_path: Path) -> None:
    done = pull(where, tmp_path / "copy.db")
    again = push(tmp_path / "copy.db", where)
    assert (again.changed, again.tag) == (False, done.tag)


def test_a_file_that_is_there_stays(where: Address, tmp_path: Path) -> None:
    other = build(tmp_path / "copy.db", "x > y 1")
    with pytest.raises(StoreError, match="is there already; name a new file") as refused:
        pull(where, other)
    assert "\n" not in str(refused.value)
    pull(where, other, replace=True)
    with Store(other) as store:
        assert store.number("x") is None
        assert store.number("a") == 1


def test_what_is_no_graph_or_in_use_is_not_replaced(where: Address, tmp_path: Path) -> None:
    foreign = tmp_path / "notes.txt"
    foreign.write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match=r"notes\.txt"):
        pull(where, foreign, replace=True)
    assert foreign.read_text(encoding="utf-8") == "mine"
    used = build(tmp_path / "used.db", "x > y 1")
    with Store(used) as store:
        store.rows("SELECT 1 FROM load")
        with pytest.raises(StoreError, match="in use"):
            pull(where, used, replace=True)
        assert store.number("x") == 1


def test_what_somebody_changed_on_the_server_is_told(where: Address, tmp_path: Path) -> None:
    with Server(where) as server:
        server.write("MATCH (:Entity {id: 'a'})-[r:OWNS]->() SET r.high = 100000000")
    with pytest.raises(StoreError, match="dataset 'first' is not what was pushed") as refused:
        pull(where, tmp_path / "copy.db")
    assert "\n" not in str(refused.value)
    assert "copy.db" not in names(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        "MATCH (n:Entity {id: 'a'}) SET n.said_first = ['{']",
        "MATCH (n:Entity {id: 'a'}) SET n.said_first = 5",
        "MATCH (n:Entity {id: 'a'}) SET n.said_first = ['[1]']",
        "MATCH (n:Entity {id: 'a'}) REMOVE n.load_first",
        "MATCH ()-[r:OWNS]->() SET r.low = 'much'",
        "MATCH ()-[r:OWNS]->() SET r.num = null",
        "MATCH ()-[r:OWNS]->() SET r.start = 'one day'",
        "MATCH ()-[r:OWNS]->() SET r.properties = '['",
        "MATCH (l:SpilloverLoad) SET l.files = ['x']",
    ],
)
def test_values_that_no_push_writes_are_told_in_one_line(
    where: Address, tmp_path: Path, change: LiteralString
) -> None:
    with Server(where) as server:
        server.write(change)
    with pytest.raises(SpilloverError) as refused:
        pull(where, tmp_path / "copy.db")
    assert "\n" not in str(refused.value)
    assert "copy.db" not in names(tmp_path)


def test_a_push_that_ends_meanwhile_is_read_anew(
    where: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first reading is overtaken by a push; the second is not."""
    times: list[int] = []

    def overtaken(*given: object, **more: object) -> None:
        if not times:
            build(tmp_path / "graph.db", "x > y 1", Dataset("third", "Third"))
            push(tmp_path / "graph.db", where)
        times.append(1)
        written(*given, **more)  # type: ignore[arg-type] # as it was called

    monkeypatch.setattr(pulling, "build", overtaken)
    done = pull(where, tmp_path / "copy.db")
    assert len(times) == 2
    assert "third" in done.datasets


def test_while_somebody_pushes_nothing_is_read(where: Address, tmp_path: Path) -> None:
    with Server(where) as server:
        server.write(
            "MATCH (s:SpilloverGraph) SET s.state = 'pushing', s.holder = 'process 1 on host',"
            " s.since = '2026-11-22T09:00:00Z'"
        )
    said = "process 1 on host has been changing the graph since 2026-11-22T09:00:00Z"
    with pytest.raises(StoreError, match=said) as refused:
        pull(where, tmp_path / "copy.db")
    assert "\n" not in str(refused.value)


def test_a_server_without_a_graph(neo4j_server: Address, tmp_path: Path) -> None:
    with Server(neo4j_server) as server:
        server.write("CREATE (:Person {name: 'of another program'})")
    with pytest.raises(StoreError, match="no Spillover graph there; bring one") as refused:
        pull(neo4j_server, tmp_path / "copy.db")
    assert "\n" not in str(refused.value)


def test_a_graph_of_a_newer_version(where: Address, tmp_path: Path) -> None:
    with Server(where) as server:
        server.write("MATCH (s:SpilloverGraph) SET s.format = 99")
    with pytest.raises(StoreError, match="newer Spillover"):
        pull(where, tmp_path / "copy.db")


def test_claims_are_read_in_ranges_and_those_of_hubs_one_by_one(
    neo4j_server: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With chunks of 3 entities or claims and hubs of more than 5, all 22 claims come back."""
    lines = [f"e{n} > e{n + 1} 5" for n in range(10)]
    lines += [f"hub > e{n} 5" for n in range(7)] + [f"big > e{n} 5" for n in range(5)]
    push(build(tmp_path / "graph.db", "\n".join(lines)), neo4j_server)
    monkeypatch.setattr(reading, "CHUNK", 3)
    monkeypatch.setattr(reading, "_HUB", 5)
    pull(neo4j_server, tmp_path / "copy.db")
    connection = sqlite3.connect(tmp_path / "copy.db")
    assert connection.execute("SELECT count(*), max(num) FROM relation").fetchone() == (22, 22)
    connection.close()
