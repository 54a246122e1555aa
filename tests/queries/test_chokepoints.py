"""Are choke points those of all paths, and the cuts the smallest there are."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.graph.schema import Relation
from spillover.graph.stake import UNITS_PER_PERCENT, WHOLE, Stake
from spillover.queries.chokepoints import chokepoints
from spillover.queries.conditions import conditions
from spillover.queries.shocks import hitting as hitting_module
from spillover.queries.shocks.choke_answer import Chokepoints, Cut
from spillover.queries.shocks.hitting import hitting
from tests.graphs import opened
from tests.queries.asking import DAY, Items
from tests.queries.webs import Way, named, paths, ways, web
from tests.queries.worlds import seeded

CASES: Final = Path(__file__).parents[2].parent / "shared" / "cases" / "published_cases.json"
SEEDS = st.integers(0, 2**32)
OWNERSHIP: Final = ("ownership", "control")


def choke(
    items: Items,
    targets: Sequence[str],
    subjects: Sequence[str],
    *,
    channels: Iterable[str] = (),
    max_hops: int | None = None,
    limit: int = 10_000,
    repeats: bool = True,
) -> Chokepoints:
    with opened(items) as graph:
        when = conditions(DAY)
        return chokepoints(
            graph,
            targets,
            subjects,
            when,
            channels=channels,
            max_hops=max_hops,
            limit=limit,
            repeats=repeats,
        )


def crossed(answer: Chokepoints, subject: int = 0) -> list[str]:
    return [item.entity.id for item in answer.ways[subject].inner if item.every]


def links(answer: Chokepoints, subject: int = 0) -> list[tuple[str, str, str]]:
    return [(link.source.id, link.kind, link.target.id) for link in answer.ways[subject].links]


def members(cut: Cut | None) -> list[str] | None:
    if cut is None:
        return None
    return [party.id for party in cut.entities] + [
        f"{link.source.id}-{link.target.id}" for link in cut.links
    ]


# -- examples ---------------------------------------------------------------------------------

DIAMOND: Final = """
T > A 60
A > B 50
A > C 30
B > S 40
C > S 20
"""


def test_what_every_path_crosses() -> None:
    answer = choke(DIAMOND, ["T"], ["S"], channels=["ownership"])
    assert crossed(answer) == ["A"]
    assert links(answer) == [("T", "OWNS", "A")]
    assert members(answer.fewest_entities) == ["A"]
    # A can be hit to 60 %, B to 50 and C to 30: B and C together are stronger than A alone.
    assert members(answer.weakest_entities) == ["A"]
    assert members(answer.fewest_links) == ["T-A"]
    # T-A alone is as weak as B-S and C-S together (40 + 20), and it is one relation only.
    assert answer.weakest_links.strength == 60 * UNITS_PER_PERCENT
    assert members(answer.weakest_links) == ["T-A"]


def test_what_each_entity_carries() -> None:
    # S: 0.6 * (0.5 * 0.4 + 0.3 * 0.2) = 0.156; without B 0.036, without C 0.12
    answer = choke(DIAMOND, ["T"], ["S"], channels=["ownership"])
    way = answer.ways[0]
    assert way.total == pytest.approx((0.156, 0.156))
    assert {item.entity.id: item.without.low for item in way.inner} == pytest.approx(
        {"A": 0, "B": 0.036, "C": 0.12}
    )
    assert [(item.entity.id, item.every) for item in way.inner] == [
        ("A", True),
        ("B", False),
        ("C", False),
    ]
    assert {item.entity.id: item.carried.high for item in way.inner} == pytest.approx(
        {"A": 1, "B": 0.12 / 0.156, "C": 0.036 / 0.156}
    )


def test_the_fewest_need_not_be_the_weakest() -> None:
    text = "T > A 100\nA > B 30\nA > C 20\nB > S 100\nC > S 100"
    answer = choke(text, ["T"], ["S"], channels=["ownership"])
    assert members(answer.fewest_links) == ["T-A"]
    assert members(answer.weakest_links) == ["A-B", "A-C"]
    assert answer.weakest_links.strength == 50 * UNITS_PER_PERCENT
    assert members(answer.fewest_entities) == ["A"]
    assert members(answer.weakest_entities) == ["B", "C"]


def test_a_direct_relation_leaves_no_entity_to_remove() -> None:
    answer = choke("T > S 10\nT > A 50\nA > S 50", ["T"], ["S"])
    assert answer.ways[0].direct
    assert answer.fewest_entities is None
    assert answer.weakest_entities is None
    assert len(answer.fewest_links.links) == 2


def test_nobody_need_be_removed_where_no_path_leads() -> None:
    answer = choke("T > A 10\nS > B 50", ["T"], ["S"])
    assert not answer.ways[0].reached
    assert members(answer.fewest_entities) == []
    assert members(answer.fewest_links) == []
    assert answer.ways[0].inner == ()


def test_a_path_that_the_channels_forbid_is_none() -> None:
    # B's owner loses equity; that hits no other company of the owner, so O is no second way to S.
    text = "T > A 50\nA > S 50\nO > A 50\nO > S 50"
    answer = choke(text, ["T"], ["S"])
    assert crossed(answer) == ["A"]


def test_the_same_relation_read_both_ways_is_removed_once() -> None:
    # Over A's holding of B the shock goes down, over B's owners up; T-A is on every path to X.
    text = "T > A 50\nA > B 50\nX > B 30"
    answer = choke(text, ["T"], ["X"])
    assert links(answer) == [("T", "OWNS", "A"), ("A", "OWNS", "B"), ("X", "OWNS", "B")]
    assert [claim.kind for claim in answer.claims] == ["OWNS"] * 3


def test_several_subjects_are_freed_together() -> None:
    text = "T > A 50\nA > R 50\nA > B 50\nB > S 50"
    answer = choke(text, ["T"], ["R", "S"], channels=["ownership"])
    assert members(answer.fewest_entities) == ["A"]
    assert crossed(answer, 0) == ["A"]
    assert crossed(answer, 1) == ["A", "B"]


def test_longer_paths_do_not_count_when_hops_are_bounded() -> None:
    text = "T > A 50\nA > S 50\nT > B 50\nB > C 50\nC > S 50"
    assert crossed(choke(text, ["T"], ["S"], channels=["ownership"])) == []
    bounded = choke(text, ["T"], ["S"], channels=["ownership"], max_hops=2)
    assert crossed(bounded) == ["A"]
    assert bounded.ways[0].total == pytest.approx((0.25, 0.25))


def test_what_the_limit_left_out_is_said() -> None:
    text = "T > A 50\nA > S 50\nT > B 40\nB > C 10\nC > S 50"
    cut = choke(text, ["T"], ["S"], limit=3)
    assert cut.truncated
    assert cut.left_out == 1
    assert crossed(cut) == ["A"]
    assert not cut.ways[0].complete
    assert not choke(text, ["T"], ["S"], limit=4).truncated


def test_a_claim_that_repeats_a_chain_is_a_path_unless_it_is_left_out() -> None:
    text = "T > A 80\nA > S 50\nT > S 40 indirect"
    assert crossed(choke(text, ["T"], ["S"])) == []
    answer = choke(text, ["T"], ["S"], repeats=False)
    assert crossed(answer) == ["A"]
    assert not answer.repeats


def test_a_target_is_no_subject() -> None:
    with pytest.raises(InputError, match="'T' is a target and a subject"):
        choke("T > A 50", ["T"], ["T"])


def test_out_of_rounds_the_cut_still_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hitting_module, "_ROUNDS", 1)
    answer = choke(DIAMOND, ["T"], ["S"], channels=["ownership"])
    assert not answer.fewest_links.proven
    assert answer.fewest_links.links


@pytest.mark.skipif(not CASES.exists(), reason=f"the published cases are not there: {CASES}")
@pytest.mark.parametrize("case_id", ["dom-boost", "dom-domrel"])
def test_published_dominators(case_id: str) -> None:
    case = next(c for c in json.loads(CASES.read_text("utf-8")) if c["id"] == case_id)
    claims = [Relation("CONTROLS", f"n{a}", f"n{b}") for a, b in case["edges"]]
    start = case["start"]
    for node in case["expected"]:
        chain, at = [], case["expected"][node]
        while at != start:
            chain.append(f"n{at}")
            at = case["expected"][str(at)]
        answer = choke(claims, [f"n{start}"], [f"n{node}"], channels=["control"])
        assert crossed(answer) == chain[::-1]


# -- against networkx, where every channel may follow every other -----------------------------


def held(seed: int) -> list[Relation]:
    """Random holdings of 1 to 100 %, no two of one pair."""
    draw = seeded(seed)
    names = ("T", "S", "A", "B", "C", "D", "E", "F")
    pairs = [(a, b) for a in names for b in names if b not in {a, "T"} and a != "S"]
    some = draw.sample(pairs, draw.randint(1, 16))
    units = [draw.randint(1, 100) * UNITS_PER_PERCENT for _ in some]
    return [
        Relation("OWNS", *pair, Stake(u, u), "capital") for pair, u in zip(some, units, strict=True)
    ]


def drawn(claims: Sequence[Relation]) -> nx.DiGraph[Any]:
    graph: nx.DiGraph[Any] = nx.DiGraph()
    for claim in claims:
        graph.add_edge(claim.source, claim.target, capacity=claim.stake.high if claim.stake else 0)
    return graph


@pytest.mark.parametrize("tried", [0, 10])
@given(claims=SEEDS.map(held))
@settings(max_examples=25, deadline=None)
def test_choke_points_and_cuts_are_those_of_networkx(claims: list[Relation], tried: int) -> None:
    if not named(claims, "T", "S"):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hitting_module, "_TRIED", tried)
        graph, answer = drawn(claims), choke(claims, ["T"], ["S"], channels=OWNERSHIP)
    if not nx.has_path(graph, "T", "S"):
        assert not answer.ways[0].reached
        return
    above, chain = nx.immediate_dominators(graph, "T"), []
    at = above["S"]
    while at != "T":
        chain.append(at)
        at = above[at]
    assert crossed(answer) == chain[::-1]
    value = nx.minimum_cut_value(graph, "T", "S")
    assert answer.weakest_links.strength == value
    assert len(answer.fewest_links.links) == len(nx.minimum_edge_cut(graph, "T", "S"))
    if graph.has_edge("T", "S"):
        assert answer.fewest_entities is None
        return
    assert answer.fewest_entities is not None
    assert len(answer.fewest_entities.entities) == len(nx.minimum_node_cut(graph, "T", "S"))
    assert answer.weakest_entities is not None
    assert answer.weakest_entities.strength == nx.minimum_cut_value(split(graph), "T", "S")


def split(graph: nx.DiGraph[Any]) -> nx.DiGraph[Any]:
    """Each inner entity as an edge: as strong as what enters it on paths, at most the whole."""
    live: set[str] = nx.ancestors(graph, "S") & nx.descendants(graph, "T") | {"T", "S"}
    made: nx.DiGraph[Any] = nx.DiGraph()
    for node in live - {"T", "S"}:
        into = [graph.edges[e]["capacity"] for e in graph.in_edges(node) if e[0] in live]
        made.add_edge(node, f"{node}'", capacity=min(WHOLE, sum(into)))
    for tail, head in graph.edges:
        if {tail, head} <= live:
            made.add_edge(tail if tail == "T" else f"{tail}'", head)
    return made


# -- against all paths, on every channel ------------------------------------------------------


def mixed(claims: list[Relation], most: int | None) -> list[tuple[Way, ...]]:
    found = paths(ways(claims), "T", "S", ["U"]), paths(ways(claims), "U", "S", ["T"])
    every = [path for some in found for path in some]
    short = [p for p in every if len(p) <= (most or 99)]
    return [path for path in short if all(way.target != "S" for way in path[:-1])]


@given(SEEDS.map(web), st.sampled_from([None, 2, 3]))
@settings(max_examples=40, deadline=None)
def test_on_every_channel_they_are_those_of_all_paths(
    claims: list[Relation], most: int | None
) -> None:
    claims = [c._replace(source="U" if c.source == "E" else c.source) for c in claims]
    claims = [c._replace(target="U" if c.target == "E" else c.target) for c in claims]
    claims = list({(c.kind, c.source, c.target): c for c in claims}.values())
    if not named(claims, "T", "U", "S"):
        return
    answer = choke(claims, ["T", "U"], ["S"], max_hops=most)
    every = mixed(claims, most)
    assert answer.ways[0].reached == bool(every)
    if not every:
        return
    inner = [{way.target for way in path[:-1]} for path in every]
    over = [{(w.claim.source, w.kind, w.claim.target) for w in path} for path in every]
    assert set(crossed(answer)) == set.intersection(*inner)
    assert set(links(answer)) == set.intersection(*over)
    least = smallest(inner)
    assert (answer.fewest_entities is None) == (least is None)
    if answer.fewest_entities is not None:
        names = {party.id for party in answer.fewest_entities.entities}
        assert len(names) == least
        assert all(names & some for some in inner)
    found = {(i.source.id, i.kind, i.target.id) for i in answer.fewest_links.links}
    assert len(found) == smallest(over)
    assert all(found & some for some in over)


def smallest(every: Sequence[Collection[object]]) -> int | None:
    """Size of the smallest set that meets all of these; None when one is empty."""
    things = sorted({thing for some in every for thing in some}, key=str)
    for size in range(len(things) + 1):
        for chosen in combinations(things, size):
            if all({*chosen} & {*some} for some in every):
                return size
    return None


@given(SEEDS, st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_set_of_least_cost_is_that_of_all_sets(seed: int, program: bool) -> None:
    draw = seeded(seed)
    things = range(draw.randint(1, 7))
    every = [
        tuple(sorted(draw.sample(things, draw.randint(1, len(things)))))
        for _ in range(draw.randint(1, 8))
    ]
    costs = {thing: (draw.randint(1, 5), draw.randint(1, 5)) for thing in things}

    def find(without: tuple[int, ...]) -> tuple[int, ...] | None:
        return next((route for route in every if not {*route} & {*without}), None)

    sets = [c for n in range(len(things) + 1) for c in combinations(things, n) if find(c) is None]
    expected = min((sum(costs[t][0] for t in c), sum(costs[t][1] for t in c)) for c in sets)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hitting_module, "_TRIED", 0 if program else 10)
        found = hitting(find, costs)
    assert found is not None
    assert found.proven
    assert found.cost == expected
    assert find(found.members) is None
