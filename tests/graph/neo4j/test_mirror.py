"""Does a graph file that is written from its parts have the rows of the file that they are of?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spillover.graph import content
from spillover.graph.errors import InputError, StoreError
from spillover.graph.evidence import Dataset
from spillover.graph.neo4j.mirror import Claimed, Holding, Loaded, Told, build
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.store import Store
from spillover.graph.versions import StoreAt
from tests.graphs import build as load
from tests.graphs import relations

LEI = "529900T8BM49AURSDO55"
COMPARED = (
    "SELECT * FROM load",
    "SELECT * FROM load_file",
    "SELECT * FROM audit",
    "SELECT * FROM quarantine",
    "SELECT d.* FROM description d JOIN load l ON l.num = d.load WHERE l.removed_by IS NULL",
    "SELECT i.* FROM identifier i JOIN load l ON l.num = i.load WHERE l.removed_by IS NULL",
    """SELECT r.num, r.load, kind, source, target, low, high, stake_text, basis, start, end,
    observed, confidence, stance, reported_indirect, block, record, note, properties,
    s.publisher, s.title, s.url FROM relation r JOIN source s ON s.num = r.evidence
    JOIN load l ON l.num = r.load WHERE l.removed_by IS NULL ORDER BY r.num""",
    "SELECT entity, canonical FROM same WHERE removed_by IS NULL ORDER BY entity",
    "SELECT identifier, why, entities FROM conflict WHERE removed_by IS NULL ORDER BY 1, 2",
    """SELECT s.load, first_relation, count FROM segment s JOIN load l ON l.num = s.load
    WHERE l.removed_by IS NULL""",
)


def graph(path: Path) -> Path:
    """Two datasets; the first was loaded twice, and so has numbers beyond those of the second."""
    said = (("lei", LEI),)
    first: list[Entity | Relation] = [
        Entity("a", "Company", "Ä & Söhne", (Name("安", "zho"),), ("de",), said, ("sanction",)),
        *relations("a > b 25-75 observed=2017 block=x note=n record=r\na SUPPLIES b 0 product=tin"),
    ]
    second: list[Entity | Relation] = [
        Entity("c", "Company", "C", identifiers=said),
        *relations("c OWNS b denies"),
    ]
    for items, name in ((first, "first"), (second, "second"), (first, "first")):
        load(path, items, Dataset(name, name.title()))
    return path


def parts(path: Path) -> Holding:
    """What a file holds, as the parts from which another is written; claims in no order."""
    with Store(path) as store:
        rows = store.rows("SELECT * FROM load ORDER BY num")
        loads = [Loaded(row, *content.told(store, row[0])[1:]) for row in rows]
        said: dict[int, list[tuple[int, Any]]] = {}
        claims: list[Claimed] = []
        for number in (one.num for one in store.loads):
            for chunk in content.descriptions(store, number):
                for num, entity, _, *columns in chunk:
                    said.setdefault(entity, []).append((number, (num, *columns)))
            for chunk in content.claims(store, number):
                for num, source, _, target, _, *claim in chunk:
                    claims.append(Claimed(num, number, source, target, tuple(claim)))
        entities = store.rows("SELECT num, id FROM entity")
        return Holding(
            dict(store.rows("SELECT key, value FROM meta")),
            loads,
            [Told(num, entity_id, said.get(num, ())) for num, entity_id in entities],
            claims[::-1],
            store.joined.every(),
            [(c.identifier, c.why, ", ".join(c.entities)) for c in store.joined.conflicts()],
        )


def rows(path: Path, query: str) -> list[Any]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def test_the_same_rows_under_the_same_numbers(tmp_path: Path) -> None:
    path = graph(tmp_path / "graph.db")
    copy = tmp_path / "copy.db"
    build(copy, parts(path))
    for query in COMPARED:
        assert rows(copy, query) == rows(path, query), query
        assert (
            rows(copy, query)
            or "FROM load_file" in query
            or "FROM audit" in query
            or ("FROM quarantine" in query or "FROM conflict" in query)
        )
    with Store(path) as one, Store(copy) as other:
        assert content.content(one) == content.content(other)
        assert one.key == other.key
        assert one.search("sohne") == other.search("sohne") != []
        assert one.find("安") == other.find(LEI) == 1


def test_the_packed_records_are_those_of_the_file(tmp_path: Path) -> None:
    """Numbers of texts may differ: here both files met theirs in the same order."""
    path, copy = graph(tmp_path / "graph.db"), tmp_path / "copy.db"
    holding = parts(path)
    claims = sorted(holding.claims)
    build(copy, Holding(holding.meta, holding.loads, holding.entities, claims))
    with Store(path) as one, Store(copy) as other:
        assert one.segments() == other.segments()
        assert one.terms() == other.terms()


def test_a_run_of_claims_ends_where_the_numbers_or_the_load_do(tmp_path: Path) -> None:
    """Claims 1 and 2 of the first load were replaced by 4 and 5; 3 is the second load's."""
    copy = tmp_path / "copy.db"
    build(copy, parts(graph(tmp_path / "graph.db")))
    with Store(copy) as store:
        assert [(first, count) for first, count, _ in store.segments()] == [(3, 1), (4, 2)]


def test_what_goes_wrong_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    holding = parts(graph(tmp_path / "graph.db"))

    def broken() -> Iterator[Claimed]:
        yield from list(holding.claims)[:1]
        raise StoreError("the server went away")

    copy = tmp_path / "new" / "copy.db"
    copy.parent.mkdir()
    with pytest.raises(StoreError, match="went away"):
        build(copy, Holding(holding.meta, holding.loads, holding.entities, broken()))
    assert list(copy.parent.iterdir()) == []


def test_a_number_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    holding = parts(graph(tmp_path / "graph.db"))
    twice = [*holding.claims, *holding.claims]
    with pytest.raises(StoreError, match="UNIQUE"):
        build(tmp_path / "copy.db", Holding(holding.meta, holding.loads, holding.entities, twice))
    assert not (tmp_path / "copy.db").exists()


def test_what_a_check_refuses_is_never_there(tmp_path: Path) -> None:
    holding = parts(graph(tmp_path / "graph.db"))

    def refuse(path: Path) -> None:
        assert path.exists()
        raise StoreError("not so")

    with pytest.raises(StoreError, match="not so"):
        build(tmp_path / "copy.db", holding, check=refuse)
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == []


@pytest.mark.parametrize("day", ["2000", "2000-01-01"])
def test_earlier_versions_were_left_behind(tmp_path: Path, day: str) -> None:
    copy = tmp_path / "copy.db"
    build(copy, parts(graph(tmp_path / "graph.db")))
    with pytest.raises(InputError, match=r"holds no version before v3.* only the newest"):
        Store(copy, day)
    with pytest.raises(InputError, match="holds no version before v3"):
        StoreAt(copy, 2)
    with Store(copy, "2999") as store, StoreAt(copy, 0) as empty:
        assert store.version == 3
        assert empty.loads == ()


def test_a_file_goes_on_from_there(tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    build(copy, parts(graph(tmp_path / "graph.db")))
    load(copy, "x > y 10", Dataset("third", "Third"))
    with Store(copy) as store, StoreAt(copy, 3) as before:
        assert [one.dataset.name for one in store.loads] == ["second", "first", "third"]
        assert [one.dataset.name for one in before.loads] == ["second", "first"]
