"""Does a comparison of a file and a server see every difference?"""

from __future__ import annotations

from pathlib import Path
from typing import LiteralString

import pytest

from spillover.graph.evidence import Dataset
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.push import push
from spillover.graph.neo4j.verify import Counted, verify
from tests.graph.neo4j.test_mirror import graph
from tests.graphs import build


@pytest.fixture
def pushed(neo4j_server: Address, tmp_path: Path) -> tuple[Address, Path]:
    path = graph(tmp_path / "graph.db")
    push(path, neo4j_server)
    return neo4j_server, path


def test_after_a_push_nothing_differs(pushed: tuple[Address, Path]) -> None:
    found = verify(*pushed)
    assert found.equal
    assert found.findings == ()
    assert found.file == found.server
    assert [
        (one.name, one.equal, one.server.entities, one.server.relations) for one in found.datasets
    ] == [
        ("first", True, 1, 2),
        ("second", True, 1, 1),
    ]


def test_what_was_loaded_since_differs(pushed: tuple[Address, Path]) -> None:
    where, path = pushed
    build(path, "x > y 1", Dataset("second", "Second"))
    build(path, "x > y 1", Dataset("third", "Third"))
    found = verify(where, path)
    assert not found.equal
    assert {one.name: one.equal for one in found.datasets} == {
        "first": True,
        "second": False,
        "third": False,
    }
    assert next(one for one in found.datasets if one.name == "third").server == Counted()
    assert found.findings == ()


@pytest.mark.parametrize(
    ("change", "differing", "finding"),
    [
        ("MATCH (:Entity {id: 'a'})-[r:OWNS]->() SET r.high = 99", ["first"], "its share"),
        ("MATCH (:Entity {id: 'a'})-[r:OWNS]->() SET r.share = 'all'", [], "its share"),
        ("MATCH (:Entity {id: 'a'})-[r:OWNS]->() DELETE r", ["first"], "digest"),
        ("MATCH (n:Entity {id: 'a'}) REMOVE n:Company", [], "entity 'a': its labels"),
        ("MATCH (n:Entity {id: 'b'}) SET n:Vessel", [], "entity 'b': its labels"),
        ("MATCH (n:Entity {id: 'a'}) SET n.name = 'B'", [], "entity 'a': its properties"),
        ("MATCH (n:Entity {id: 'a'}) REMOVE n.said_first", ["first"], "digest"),
        ("CREATE (:Entity {id: 'z', num: 99})", [], "entity 'z': nobody says"),
        ("MATCH ()-[r:SAME_AS]->() DELETE r", [], "SAME_AS"),
        (
            "CREATE (:SpilloverConflict {identifier: 'i', why: 'w', entities: 'e'})",
            [],
            "contradict",
        ),
        (
            "MATCH (n)-[r:OWNS]->(m) CREATE (n)-[s:OWNS]->(m) SET s = r {.*, key: 'twice' + r.num}",
            [],
            "twice",
        ),
    ],
)
def test_every_change_on_the_server_is_seen(
    pushed: tuple[Address, Path], change: LiteralString, differing: list[str], finding: str
) -> None:
    where, path = pushed
    with Server(where) as server:
        server.write(change)
    found = verify(where, path)
    assert not found.equal
    assert [one.name for one in found.datasets if not one.equal] == differing
    assert any(finding in one for one in found.findings), found.findings


def test_what_a_team_adds_of_its_own_is_no_difference(pushed: tuple[Address, Path]) -> None:
    where, path = pushed
    with Server(where) as server:
        server.write("MATCH (n:Entity {id: 'a'}) SET n:Ours, n.remark = 'look at this'")
        server.write("MATCH (n:Entity {id: 'a'}) CREATE (:Note {text: 'x'})-[:ABOUT]->(n)")
    assert verify(where, path).equal
