"""Is the total exposure that of all walks, and do its bounds hold."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Relation
from spillover.queries.attribution import attribution
from spillover.queries.conditions import conditions
from spillover.queries.shocks import bounds
from spillover.queries.shocks.hops import Channels
from spillover.queries.shocks.propagation import Total, totals
from spillover.queries.shocks.region import region
from tests.graphs import opened
from tests.queries.asking import DAY, Items
from tests.queries.webs import Way, may_follow, named, ways, web

SEEDS = st.integers(0, 2**32)
SMALL = (0, 5, 10, 15, 20)


def exposed(
    items: Items,
    *starts: str,
    kinds: Sequence[str] = (),
    channels: Sequence[str] = (),
    max_hops: int | None = None,
    limit: int = 10_000,
    backward: bool = False,
) -> tuple[dict[str, Total], bool]:
    """Total exposure by id, and whether the region was explored as a whole."""
    with opened(items) as graph:
        followed = Channels(graph.index, conditions(DAY), channels, kinds)
        numbers = graph.find(starts)
        found = totals(region(followed, numbers, max_hops=max_hops, limit=limit, backward=backward))
        ids = graph.store.entities(found.entities)
        return {ids[n].id: found.of(n) for n in found.entities.tolist()}, found.complete


def percent(items: Items, *starts: str, **options: object) -> dict[str, str]:
    """The same in percent, as texts."""
    found, _ = exposed(items, *starts, **options)  # type: ignore[arg-type] # options of exposed
    return {name: f"{total.low * 100:g}-{total.high * 100:g}" for name, total in found.items()}


@pytest.mark.parametrize(
    ("text", "entity", "expected"),
    [
        # two routes to B: 0.6 * 0.5 and 0.4 * 0.25 are 30 % and 10 %
        ("T > A 60\nT > C 40\nA > B 50\nC > B 25", "B", "40-40"),
        # they may both be whole, and nobody is hit more than whole
        ("T > A 100\nT > C 100\nA > B 60\nC > B 60", "B", "100-100"),
        # D passes on what hits it, at most whole: 0.3 of 1, not of 1.2
        ("T > A 100\nT > C 100\nA > B 60\nC > B 60\nB > D 30", "D", "30-30"),
        # stated control and shares of one owner hit the same entity: A is whole, B gets its 40 %
        ("T > A 80\nT CONTROLS A\nA > B 40", "B", "40-40"),
        # an unknown share is anything from nothing to the whole
        ("T > A 60\nT > C\nA > B 50\nC > B 25", "B", "30-55"),
        # A's own assets bring it no second loss; the other owner of B loses 0.6 * 0.3
        ("T > A 60\nA > B 50\nO > B 30", "A", "60-60"),
        ("T > A 60\nA > B 50\nO > B 30", "O", "9-9"),
        # two products of one pair add up
        (
            "T SUPPLIES A 40 basis=supply product=steel\nT SUPPLIES A 20 basis=supply product=tin",
            "A",
            "60-60",
        ),
        # one block of shares, reported at two levels: the larger counts, 0.8 * 0.25 or 0.3
        (
            "T > A 80\nA PRODUCES P 25 basis=market block=b\nT PRODUCES P 30 basis=market block=b",
            "P",
            "30-30",
        ),
        # a claim that repeats a chain is another way to the same: 0.8 * 0.5 or 0.3
        ("T > A 80\nA > B 50\nT > B 30 indirect", "B", "40-40"),
        ("T > A 80\nA > B 50\nT > B 70 indirect", "B", "70-70"),
        # two that repeat chains may repeat the same one, or not: 0.8 * 0.4 or 0.3, and at most both
        ("T > A 80\nT > B 30 indirect\nA > B 40 indirect", "B", "32-62"),
        # cross-holdings: a = 0.5 + 0.2 b and b = 0.4 a, so a = 0.5 / 0.92; the same down to C
        ("T > A 46\nB > A 20\nA > B 40\nB > C 50", "C", "10-10"),
        # mutual control gives back all that it gets
        ("T > A 10\nA CONTROLS B\nB CONTROLS A", "B", "100-100"),
        ("T > A 0.000001\nA CONTROLS B\nB CONTROLS A", "A", "100-100"),
        # a cycle that nothing enters for sure may stay out of it
        ("T > A\nA CONTROLS B\nB CONTROLS A", "B", "0-100"),
    ],
)
def test_examples(text: str, entity: str, expected: str) -> None:
    kinds = ("OWNS", "CONTROLS", "SUPPLIES", "PRODUCES")
    assert percent(text, "T", kinds=kinds)[entity] == expected


def test_starts_are_wholly_hit_and_are_never_entered_again() -> None:
    found = percent("T > A 50\nS > A 30\nA > B 50\nB > S 90", "T", "S", channels=["ownership"])
    assert found == {"T": "100-100", "S": "100-100", "A": "80-80", "B": "40-40"}


def test_backward_the_same_shares_are_counted_from_those_who_are_hit() -> None:
    # 0.6 * 0.5 + 0.4 * 0.25 from T, 0.5 from A, 0.25 from C
    text = "T > A 60\nT > C 40\nA > B 50\nC > B 25"
    found = percent(text, "B", backward=True, channels=["ownership"])
    assert found == {"B": "100-100", "A": "50-50", "C": "25-25", "T": "40-40"}


def test_cut_short_the_answer_says_that_it_is_not_complete() -> None:
    text = "T > A 60\nT > C 40\nA > B 50\nC > B 25"
    found, complete = exposed(text, "T", limit=2)
    assert not complete
    assert found.keys() == {"T", "A", "C"}
    assert exposed(text, "T", limit=3)[1]


def test_an_entity_that_is_not_reached_is_not_exposed() -> None:
    with opened("T > A 50\nX > Y 10") as graph:
        found = totals(region(Channels(graph.index, conditions(DAY)), graph.find(["T"])))
        assert found.of(graph.find(["Y"])[0]) == Total(0, 0)
        assert found.of(10**9) == Total(0, 0)


# -- against the dense system -----------------------------------------------------------------


def turns_round(first: Way, second: Way) -> bool:
    """Whether the second hop goes back over a relation that points as that of the first."""
    same = first.claim.source == second.claim.source
    return second.target == first.source and same and first.claim.target == second.claim.target


def dense(every: list[Way], start: str, end: str, bound: str) -> float:
    """What reaches one entity: the hops as unknowns, x = first hops + what goes on from others.

    The dense linear solution. Only for graphs in which nothing reaches its cap.
    """
    inside = [way for way in every if way.target != start]
    matrix = np.eye(len(inside))
    right = np.zeros(len(inside))
    for row, way in enumerate(inside):
        share = float(getattr(way, bound))
        right[row] = share if way.source == start else 0
        for column, before in enumerate(inside):
            joined = before.target == way.source and may_follow(before, way)
            if joined and not turns_round(before, way):
                matrix[row, column] -= share
    found = np.linalg.solve(matrix, right)
    return float(sum(x for x, way in zip(found, inside, strict=True) if way.target == end))


@given(SEEDS, st.booleans())
@settings(max_examples=60, deadline=None)
def test_it_is_the_dense_linear_solution(seed: int, cyclic: bool) -> None:
    # At most 14 claims of at most 20 %: seldom is anything at its cap; then the example is passed.
    claims = web(seed, percents=SMALL, kinds=("OWNS", "SUPPLIES", "PRODUCES", "INPUT_TO"))
    claims = [c for c in claims if c.stake and (cyclic or c.source < c.target)]
    if not named(claims, "T"):
        return
    every = [way for way in ways(claims) if way.high < 1]
    for bound, channels in (("low", ("ownership", "supply", "product")), ("high", ())):
        some = [way for way in every if not channels or way.channel in channels]
        stated = [c for c in claims if any(way.claim is c for way in some)]
        if not named(stated, "T") or any(way.high == 1 for way in ways(stated)):
            continue
        found, _ = exposed(stated, "T", channels=channels)
        for entity, total in found.items():
            value = getattr(total, bound)
            if entity != "T" and max(t.high for e, t in found.items() if e != "T") < 1:
                assert value == pytest.approx(dense(some, "T", entity, bound), abs=1e-8)


def walked(every: list[Way], start: str, bound: str, most: int) -> dict[str, Fraction]:
    """Sum over all walks of at most so many hops, one walk after another."""
    sums: dict[str, Fraction] = {}
    waiting: list[tuple[Way | None, Fraction]] = [(None, Fraction(1))]
    for _ in range(most):
        following: list[tuple[Way | None, Fraction]] = []
        for last, strength in waiting:
            for way in every:
                at = last.target if last else start
                fits = way.source == at and way.target != start and may_follow(last, way)
                if fits and not (last and turns_round(last, way)):
                    reached = strength * getattr(way, bound)
                    sums[way.target] = sums.get(way.target, Fraction(0)) + reached
                    following.append((way, reached))
        waiting = following
    return sums


@given(SEEDS, st.integers(0, 3))
@settings(max_examples=50, deadline=None)
def test_with_a_bound_on_hops_it_is_the_sum_of_all_walks(seed: int, most: int) -> None:
    claims = web(seed, percents=(0, 2, 5, 9), most=10, kinds=("OWNS", "SUPPLIES"))
    claims = [claim for claim in claims if claim.stake]
    claims = [claim for claim in claims if all(way.high < 1 for way in ways([claim]))]
    every = ways(claims)
    if not named(claims, "T"):
        return
    found, _ = exposed(claims, "T", max_hops=most)
    least, greatest = walked(every, "T", "low", most), walked(every, "T", "high", most)
    assert found.keys() - {"T"} == greatest.keys()
    for entity, value in greatest.items():
        assert found[entity].high == pytest.approx(min(float(value), 1), abs=1e-9)
        assert found[entity].low == pytest.approx(min(float(least[entity]), 1), abs=1e-9)


@given(SEEDS)
@settings(max_examples=50, deadline=None)
def test_of_shares_alone_it_is_integrated_ownership(seed: int) -> None:
    # Brioschi, Buzzacchi, Colombo 1989, on the same graph: T is held by nobody here.
    claims = [c for c in web(seed, percents=SMALL, kinds=("OWNS",)) if c.target != "T" and c.stake]
    claims = [claim for claim in claims if claim.source != claim.target]
    if not named(claims, "T"):
        return
    found, _ = exposed(claims, "T", channels=["ownership"])
    with opened(claims) as graph:
        known = attribution(graph, "T", conditions(DAY), method="integrated")
    least = {row.asset.id: float(row.share.low) / 100 for row in known.rows}
    assert {k: v.low for k, v in found.items() if k != "T" and v.low > 0} == pytest.approx(
        {k: v for k, v in least.items() if v > 0}, abs=1e-9
    )


# -- bounds -------------------------------------------------------------------------------------


@given(SEEDS.map(web), st.integers(0, 13), st.integers(1, 100))
@settings(max_examples=50, deadline=None)
def test_a_larger_share_nowhere_makes_an_exposure_smaller(
    claims: list[Relation], chosen: int, more: int
) -> None:
    if not named(claims, "T"):
        return
    claim = claims[chosen % len(claims)]
    if claim.stake is None or claim.stake.unknown:
        return
    low, high = (min(10**8, end + more * 10**6) for end in claim.stake)
    larger = [
        c._replace(stake=c.stake._replace(low=low, high=high)) if c is claim and c.stake else c
        for c in claims
    ]
    before, after = exposed(claims, "T")[0], exposed(larger, "T")[0]
    for entity, total in before.items():
        assert after[entity].low >= total.low - 1e-9
        assert after[entity].high >= total.high - 1e-9


@given(SEEDS.map(web), st.integers(0, 3), st.integers(1, 4))
@settings(max_examples=50, deadline=None)
def test_less_looked_at_is_never_more(claims: list[Relation], hops: int, limit: int) -> None:
    if not named(claims, "T"):
        return
    whole, _ = exposed(claims, "T")
    for part in (exposed(claims, "T", max_hops=hops)[0], exposed(claims, "T", limit=limit)[0]):
        assert part.keys() <= whole.keys()
        for entity, total in part.items():
            assert total.low <= whole[entity].low + 1e-9
            assert total.high <= whole[entity].high + 1e-9
            assert 0 <= total.low <= total.high + 1e-9 <= 1 + 1e-9


@given(SEEDS.map(web))
@settings(max_examples=50, deadline=None)
def test_solving_gives_what_many_steps_give(claims: list[Relation]) -> None:
    if not named(claims, "T"):
        return
    slow, _ = exposed(claims, "T", max_hops=1500)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "_STEPS", 1)
        solved, _ = exposed(claims, "T")
    for entity, total in solved.items():
        assert total == pytest.approx(slow[entity], abs=1e-6)
