"""Is a question in Cypher answered without changing anything, and whom does a name mean there?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.neo4j_server import Server as Home
from spillover.graph.errors import AmbiguousError, NotFoundError, StoreError
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.ask import ask, named
from spillover.graph.neo4j.connection import Server
from tests.queries.cypher.team import LEI, graph, pushed


@pytest.fixture(scope="module")
def server(neo4j_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    where = pushed(neo4j_home, graph(tmp_path_factory.mktemp("team")))
    with Server(where) as server:
        yield server


def test_rows_come_as_they_are_with_what_licences_forbid(server: Server) -> None:
    found = ask(
        server,
        "MATCH (e:Entity {id: $id}) RETURN e.name AS name, e.names AS names, e.listing AS listing",
        {"id": "peak"},
        columns=("name", "names", "listing"),
    )
    assert found.rows == (("Peak Group", ("先正达集团",), None),)
    assert not found.pushing
    assert found.licence_notice == "not for commercial use: b (CC BY-NC)"


def test_a_question_cannot_change_anything(server: Server) -> None:
    with pytest.raises(StoreError, match=r"(?i)writing in read access mode"):
        ask(server, "MATCH (e:Entity) SET e.name = ''", {}, columns=())
    assert named(server, "peak group") == "peak"


def test_a_question_that_takes_too_long_is_stopped(server: Server) -> None:
    slow = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(a + b) AS n"
    with pytest.raises(StoreError, match="stopped the question at its time limit") as refused:
        ask(server, slow, {}, columns=("n",), seconds=0.5)
    assert "\n" not in str(refused.value)


def test_while_a_push_is_under_way_the_answer_says_so(server: Server) -> None:
    server.write("MATCH (s:SpilloverGraph) SET s.state = 'pushing'")
    try:
        assert ask(server, "RETURN 1 AS one", {}, columns=("one",)).pushing
    finally:
        server.write("MATCH (s:SpilloverGraph) SET s.state = 'complete'")


@pytest.mark.parametrize(
    ("text", "entity"),
    [
        ("peak", "peak"),
        (
            "hold-b",
            "hold-b",
        ),  # an id is taken as it stands; the questions know whom it is joined with
        ("PEAK  group", "peak"),
        ("先正达集团", "peak"),
        ("Hold B.V.", "hold"),
        (LEI, "hold"),
        ("5493 00tr uwo2 cd2g 5692", "hold"),
        ("US-X", "US-X"),
    ],
)
def test_an_id_a_name_and_an_identifier_name_one_entity(
    server: Server, text: str, entity: str
) -> None:
    assert named(server, text) == entity


def test_a_name_that_nobody_or_several_have(server: Server) -> None:
    with pytest.raises(NotFoundError, match=r"'Hold'; did you mean: Hold Holding \(hold\)"):
        named(server, "Hold")
    with pytest.raises(NotFoundError, match="try the question find-by-name"):
        named(server, "}) RETURN 1 //")
    with pytest.raises(
        AmbiguousError, match=r"names 2 entities; use an id: firm \(Acme Ltd\)"
    ) as e:
        named(server, "acme ltd")
    assert e.value.candidates == (("firm", "Acme Ltd", ""), ("namesake", "ACME  Ltd", ""))


def test_a_server_without_a_graph(neo4j_server: Address) -> None:
    with Server(neo4j_server) as empty:
        with pytest.raises(StoreError, match="no Spillover graph there"):
            ask(empty, "RETURN 1 AS one", {}, columns=("one",))
        with pytest.raises(StoreError, match="no Spillover graph there"):
            named(empty, "peak")
