"""Who falls with a set of candidates: more of them never free anybody, under any rule."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Entity
from spillover.queries.conditions import conditions
from spillover.queries.markets.market import markets
from spillover.queries.optimiser.candidates import Candidate, Felling, countries, makers, owners
from spillover.queries.rulebook import rule_ids
from tests.graphs import opened, relations

DAY = "2026-11-22"
FIRMS = "ABCDEFG"
Claims = st.lists(
    st.tuples(
        st.permutations(FIRMS).map(lambda order: (order[0], order[1])),
        st.sampled_from(["> 10", "> 26", "> 30", "> 50", "> 51", "> 20-60", ">", "CONTROLS"]),
    ),
    min_size=3,
    max_size=9,
)


@given(Claims, st.permutations(range(4)))
@settings(max_examples=12, deadline=None)
def test_a_further_designation_frees_nobody(
    claims: list[tuple[tuple[str, str], str]], order: list[int]
) -> None:
    text = "\n".join(
        f"{owner} {said.split()[0]} {asset} {' '.join(said.split()[1:])}"
        for (owner, asset), said in claims
    )
    firms = [Entity(firm, "Company", firm) for firm in FIRMS]
    with opened([*firms, *relations(text)]) as graph:
        candidates = [Candidate(number) for number in graph.find("ABCD")]
        for rule in rule_ids():
            felling = Felling(graph, conditions(DAY), candidates, rule)
            before = felling(frozenset())
            for size in range(1, 5):
                after = felling(frozenset(order[:size]))
                assert before.certain <= after.certain, rule
                assert before.possible <= after.possible, rule
                before = after


def test_candidates_are_makers_their_owners_and_countries() -> None:
    text = """
    A PRODUCES chips 50 basis=market
    B PRODUCES chips 30 basis=market
    P > A 30
    Q > P 100
    R > Q 5
    S > R 5
    Z > A 10 denies
    JP > A 1
    """
    named = [
        Entity("JP", "Country", "Japan", countries=("jp",)),
        Entity("A", "Company", "A", countries=("us",)),
        Entity("B", "Company", "B", countries=("nl", "us")),
    ]
    when = conditions(DAY)
    with opened([*named, *relations(text)]) as graph:
        there = markets(graph, when, graph.find(["chips"]))[graph.find(["chips"])[0]]
        ids = {n: entity.id for n, entity in graph.store.entities(graph.numbers()).items()}
        firms = makers(graph, there)
        assert [ids[item.entity] for item in firms] == ["A", "B"]
        above = owners(graph, when, [item.entity for item in firms], 3)
        assert {ids[item.entity] for item in above} == {"A", "B", "P", "Q", "R"}
        assert [item.code for item in countries(graph, there)] == ["nl", "us"]


@pytest.mark.parametrize(("rule", "joint"), [("us-ofac-50", True), ("", False)])
def test_without_a_rule_nobody_falls_together(rule: str, joint: bool) -> None:
    with opened("A > X 30\nB > X 30") as graph:
        candidates = [Candidate(number) for number in graph.find("AB")]
        felling = Felling(graph, conditions(DAY), candidates, rule)
        (subject,) = graph.find(["X"])
        assert felling.joint is joint
        assert (subject in felling(frozenset({0, 1})).certain) is joint
        assert subject not in felling(frozenset({0})).possible
