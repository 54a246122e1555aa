"""Does a real server answer every saved question with what follows from the graph of ``team``?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from scripts.neo4j_server import Server as Home
from spillover.graph.neo4j.ask import ask
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.verdicts import Run, Standing, write
from spillover.graph.stake import Stake
from spillover.queries.cypher.library import FORMS, question, question_ids
from spillover.queries.cypher.values import given
from tests.queries.cypher.team import DAY, graph, pushed

FOR_ALL = {
    "entity": "firm",
    "first": "firm",
    "second": "mid",
    "programme": "US-X",
    "product": "widgets",
    "words": "acme",
    "as_of": DAY,
}
"""A value for every parameter that has no default."""
PATH = {"target": "peak", "entity": "widgets", "as_of": DAY}


@pytest.fixture(scope="module")
def server(neo4j_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    where = pushed(neo4j_home, graph(tmp_path_factory.mktemp("team")))
    with Server(where) as server:
        yield server


def answer(server: Server, known: str, columns: str, **values: Any) -> list[tuple[Any, ...]]:
    """Some columns of the row form; ``as_of`` is the day of the graph unless it is said."""
    asked = question(known)
    names = {one.name for one in asked.parameters}
    written = {"as_of": DAY, **values} if "as_of" in names else values
    said = given(asked, [f"{name}={value}" for name, value in written.items()])
    found = ask(server, asked.rows, said, columns=asked.columns)
    at = [asked.columns.index(column) for column in columns.split()]
    return [tuple(row[place] for place in at) for row in found.rows]


def test_chain_of_owners_through_a_joined_entity(server: Server) -> None:
    # Hold's stake in Mid is told by the other dataset, of hold-b, which an LEI makes the same.
    assert answer(
        server, "ownership-chain", "level owner_id owned_id share denied", entity="firm"
    ) == [
        (1, "mid", "firm", "80 %", True),
        (2, "hold", "mid", "100 %", False),
        (3, "peak", "hold", "60 %", False),
        (3, "side", "hold", "40 %", False),
        (4, "firm", "side", "5 %", False),  # the circle closes, and ends
    ]


def test_chain_is_the_same_from_either_of_two_joined_entities(server: Server) -> None:
    columns = "level owner_id share dataset"
    above = [(1, "peak", "60 %", "a"), (1, "side", "40 %", "a")]
    for entity in ("hold", "hold-b"):
        assert answer(server, "ownership-chain", columns, entity=entity, hops=1) == above


@pytest.mark.parametrize(
    ("day", "owners"),
    [
        ("2022-12-31", ["old"]),  # Mid is observed from 2023-01-10 on
        ("2023-12-31", ["mid", "old"]),  # an end of 2023 is its last day
        ("2024-01-01", ["mid"]),
        ("2024-12-31", ["mid"]),
        ("2025-01-01", ["future", "mid"]),  # a start of 2025-01 is its first day
    ],
)
def test_only_claims_of_the_day_count(server: Server, day: str, owners: list[str]) -> None:
    rows = answer(server, "ownership-chain", "owner_id", entity="firm", hops=1, as_of=day)
    assert sorted(owner for (owner,) in rows) == owners


def test_a_denial_is_no_holding_and_counts_from_its_day(server: Server) -> None:
    columns = "owner_id denied"
    before = answer(server, "ownership-chain", columns, entity="firm", hops=1, as_of="2023-12-31")
    assert before == [("mid", False), ("old", False)]  # the Herald denies on 2024-01-01


def test_what_it_owns(server: Server) -> None:
    assert answer(
        server, "subsidiaries", "level owner_id owned_id share", entity="peak", hops=4
    ) == [
        (1, "peak", "hold", "60 %"),
        (2, "hold", "mid", "100 %"),
        (3, "mid", "firm", "80 %"),
        (4, "firm", "side", "5 %"),
    ]


def test_top_of_the_chains(server: Server) -> None:
    # Side is owned by Firm, so only Peak has no owner.
    columns = "owner_id holdings_between"
    assert answer(server, "ultimate-owners", columns, entity="firm") == [("peak", 3)]
    assert answer(server, "ultimate-owners", columns, entity="peak") == []
    # With two holdings in a row the chain has no top yet.
    assert answer(server, "ultimate-owners", columns, entity="firm", hops=2) == []


def test_paths_of_a_shock(server: Server) -> None:
    rows = answer(server, "exposure-paths", "hops ids relations", target="peak", entity="widgets")
    assert rows == [
        (4, ("peak", "hold", "mid", "alt", "widgets"),
         ("OWNS 60 %", "OWNS 100 %", "CONTROLS", "PRODUCES")),
        (4, ("peak", "hold", "mid", "firm", "widgets"),
         ("OWNS 60 %", "OWNS 100 %", "OWNS 80 % (denied)", "PRODUCES 30 %")),
        (5, ("peak", "hold", "mid", "firm", "alt", "widgets"),
         ("OWNS 60 %", "OWNS 100 %", "OWNS 80 % (denied)", "SUPPLIES", "PRODUCES")),
    ]  # fmt: skip
    (text,) = answer(server, "exposure-paths", "path", target="mid", entity="firm")
    assert text == ("Mid Industries -> Acme Ltd",)
    # A shock does not go up: nothing leads from the product to its producers.
    assert answer(server, "exposure-paths", "hops", target="widgets", entity="peak") == []


def test_choke_points(server: Server) -> None:
    # Every path leads through Hold and Mid; from there one goes by Firm, another by Alt.
    columns = "position entity_id shortest_path"
    rows = answer(server, "choke-points", columns, target="peak", entity="widgets")
    assert rows == [(1, "hold", 4), (2, "mid", 4)]
    assert (
        answer(server, "choke-points", columns, target="mid", entity="firm") == []
    )  # no one between
    assert answer(server, "choke-points", columns, target="widgets", entity="firm") == []  # no path
    # Mid, Firm, Side: a way around Firm is not there.
    rows = answer(server, "choke-points", columns, target="mid", entity="side")
    assert rows == [(1, "firm", 2)]


def test_listed_entities_nearby(server: Server) -> None:
    columns = "where_it_stands hops listed_id programme since"
    assert answer(server, "listed-nearby", columns, entity="firm") == [
        ("below", 1, "side", "US-X", "2023-02-01"),
        ("above", 3, "side", "US-X", "2023-02-01"),
    ]
    assert answer(server, "listed-nearby", columns, entity="side", hops=1) == [
        ("itself", 0, "side", "US-X", "2023-02-01")
    ]
    assert answer(server, "listed-nearby", columns, entity="firm", as_of="2023-01-31") == []


def test_circle_of_holdings(server: Server) -> None:
    # Firm 5 -> Side 40 -> Hold 100 -> Mid 80 -> Firm
    columns = "holdings_in_circle owner_id share_of_owner"
    assert answer(server, "cross-holdings", columns, entity="firm") == [(4, "mid", "80 %")]
    assert answer(server, "cross-holdings", columns, entity="hold-b") == [(4, "side", "40 %")]
    assert answer(server, "cross-holdings", columns, entity="peak") == []


def test_boards_in_common(server: Server) -> None:
    # Bob left the other board in 2020.
    columns = "director_id role_here organization_id role_there"
    rows = answer(server, "shared-directors", columns, entity="firm")
    assert rows == [("ann", "chair", "other", "member")]
    rows = answer(server, "shared-directors", columns, entity="firm", as_of="2020-06-30")
    assert rows == [("ann", "chair", "other", "member"), ("bob", None, "other", None)]


def test_ties_of_it_and_its_owners(server: Server) -> None:
    columns = "holdings_above subject_id organ_id tie degree"
    assert answer(server, "state-ties", columns, entity="firm") == [
        (1, "mid", "organ", "supervision", "direct"),
        (3, "peak", "organ", "procurement", None),
    ]


def test_names_and_lists(server: Server) -> None:
    assert answer(server, "same-name", "name namesake_id", entity="firm") == [
        ("acme ltd", "namesake")
    ]
    assert answer(server, "same-name", "name", entity="hold") == []
    listed = answer(server, "who-is-listed", "listed_id since", programme="US-X")
    assert listed == [("side", "2023-02-01")]
    listed = answer(
        server, "who-is-listed", "listed_id until", programme="US-X", as_of="2021-12-31"
    )
    assert listed == [("gone", "2021")]
    found = answer(server, "find-by-name", "id", words="acme ltd")
    assert sorted(found) == [("firm",), ("namesake",)]
    assert answer(server, "find-by-name", "id joined_with", words="B.V.") == [("hold-b", "hold")]
    assert answer(server, "find-by-name", "id", words="正达") == [("peak",)]
    for hostile in ('a"b', "(", "AND", "x:y", "~", "\\", "/"):
        assert answer(server, "find-by-name", "id", words=hostile) == []


def test_sources_of_a_claim_and_of_all(server: Server) -> None:
    columns = "source kind target stance share publisher dataset dataset_date"
    said = [
        ("Mid Industries", "OWNS", "Acme Ltd", "asserts", "80 %", "Register", "a", DAY),
        ("Mid Industries", "OWNS", "Acme Ltd", "denies", None, "Herald", "a", DAY),
    ]
    assert answer(server, "claims-between", columns, first="firm", second="mid") == said
    assert answer(server, "claims-between", columns, first="mid", second="firm") == said
    between = answer(server, "claims-between", "share dataset", first="hold", second="mid")
    assert between == [("100 %", "b")]
    rows = answer(server, "datasets", "dataset licence relations")
    assert rows == [("a", "", 20), ("b", "CC BY-NC", 1)]
    assert answer(server, "contradictions", "identifier why") == [
        ("lei 5493001kjtiigc8y1r12", "one identifier on two kinds")
    ]
    assert answer(server, "producers", "producer_id share", product="widgets") == [
        ("firm", "30 %"),
        ("alt", None),
    ]


def test_stored_verdicts_say_whether_the_graph_is_still_the_same(server: Server) -> None:
    (row,) = server.rows("MATCH (s:SpilloverGraph) RETURN s.tag AS tag")
    run = Run(
        rule="us-ofac-50",
        title="Fifty",
        version="2026-01-01",
        as_of=DAY,
        tag=row["tag"],
        open_world=False,
        max_age_days=None,
        min_confidence="medium",
        targets=1,
        blocked=1,
        undetermined=0,
        written="2026-01-02T00:00:00Z",
    )
    blocked = Standing("hold", "blocked", Stake(60_000_000, 60_000_000))
    assert write(server, run, [Standing("peak", "target"), blocked]) == 3  # hold-b is hold
    columns = "entity_id verdict at_least at_most version as_of up_to_date"
    assert answer(server, "blocked-set", columns) == [
        ("peak", "target", None, None, "2026-01-01", DAY, True),
        ("hold", "blocked", "60", "60", "2026-01-01", DAY, True),
    ]
    assert answer(server, "blocked-set", columns, rule="uk-ofsi") == []
    server.write("MATCH (s:SpilloverGraph) SET s.tag = 'another'")
    try:
        assert answer(server, "blocked-set", "entity_id up_to_date") == [
            ("peak", False),
            ("hold", False),
        ]
    finally:
        server.write("MATCH (s:SpilloverGraph) SET s.tag = $tag", tag=row["tag"])


@pytest.mark.parametrize("known", question_ids())
@pytest.mark.parametrize("form", FORMS)
def test_each_form_runs_and_no_plan_reads_everything_or_multiplies(
    server: Server, known: str, form: str
) -> None:
    from neo4j.graph import Node, Path

    asked = question(known)
    ends = PATH if known in {"exposure-paths", "choke-points"} else FOR_ALL
    said = given(asked, [f"{p.name}={ends[p.name]}" for p in asked.parameters if p.name in ends])
    with server._session() as session:
        found = session.run("PROFILE " + (asked.rows if form == "rows" else asked.picture), said)
        rows = list(found)
        plan = found.consume().profile
    values = [value for row in rows for value in row.values() if value is not None]
    assert values
    if form == "rows":
        assert all(tuple(row.keys()) == asked.columns for row in rows)
    else:
        assert all(isinstance(value, Node | Path) for value in values)
    assert plan is not None
    used = operators(plan)
    assert used & {"AllNodesScan", "CartesianProduct", "UndirectedAllRelationshipsScan"} == set()
    # Verdicts of any rule, and the few nodes that stand for loads and conflicts, have no index.
    scanned = "NodeByLabelScan" in used
    assert scanned == (known in {"blocked-set", "datasets", "contradictions"})


def operators(plan: dict[str, Any]) -> set[str]:
    """Operators of a plan, its children among them."""
    found = {plan["operatorType"].partition("@")[0]}
    return found.union(*(operators(child) for child in plan.get("children", ())))
