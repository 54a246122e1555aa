"""Who leads holds in every way in which the unknown can turn out, and no other lead is certain.

Brute force: shares are whole fifths of the market; every completion is tried. What is left over is
with people whom nobody names, at worst all in one hand.
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.markets.leading import Standing, rivals, standing, top
from spillover.queries.markets.market import Market
from tests.queries.markets.selling import market, share

FIFTH = 20
"""Percent."""
UNIT = WHOLE // 5


def percents(ends: tuple[int, int] | None) -> tuple[float, float] | None:
    return None if ends is None else (100 * ends[0] / WHOLE, 100 * ends[1] / WHOLE)


def first(found: Standing) -> list[int]:
    return [rival.shares[0].producer for rival in found.possible]


def test_a_lead_of_exact_shares_is_their_difference() -> None:
    found = standing(market(share(1, 50), share(2, 30), share(3, 20)))
    assert (found.lead, first(found)) == ("certain", [1])
    assert percents(found.margin) == (20, 20)  # 50 - 30
    assert percents(found.unnamed) == (0, 0)


def test_a_producer_without_a_share_can_have_all_that_is_left() -> None:
    # 40 % is stated; the other, of whom nobody says how much, can have up to 60.
    found = standing(market(share(1, 40), share(2, 0, 100)))
    assert (found.lead, first(found), found.margin) == ("contested", [1, 2], None)
    # 60 % is stated: the other can have 40 at most.
    found = standing(market(share(1, 60), share(2, 0, 100)))
    assert (found.lead, first(found)) == ("certain", [1])
    assert percents(found.margin) == (20, 60)  # the other has 40, or 0


def test_people_whom_nobody_names_can_be_larger() -> None:
    # 23 + 17 + 8: 52 % are left, and could be in one hand (commercial seeds in the built-in facts).
    found = standing(market(share(1, 23), share(2, 17), share(3, 8)))
    assert (found.lead, first(found)) == ("named", [1])
    assert percents(found.margin) == (6, 6)
    assert percents(found.unnamed) == (52, 52)


def test_one_that_is_named_alone_leads_only_with_more_than_half() -> None:
    found = standing(market(share(1, 80)))
    assert found.lead == "certain"
    assert percents(found.margin) == (60, 80)  # somebody has the 20, or many have
    assert standing(market(share(1, 21))).lead == "unknown"
    assert standing(market(share(1, 50))).lead == "unknown"  # the other half can be in one hand


def test_without_a_stated_share_nobody_leads() -> None:
    found = standing(market(share(1, 0, 100), share(2, 0, 100)))
    assert (found.lead, found.possible, found.margin) == ("unknown", (), None)


def test_equal_shares_are_contested() -> None:
    assert first(standing(market(share(1, 50), share(2, 50)))) == [1, 2]


def test_shares_of_one_block_are_one_rival() -> None:
    # Three sources report one share at three levels; a repetition of a chain is no rival at all.
    found = rivals(
        market(
            share(1, 24, 26, block=7, repeats=True),
            share(2, 25, block=7),
            share(3, 16),
            share(4, 90, repeats=True),
        )
    )
    assert [[s.producer for s in rival.shares] for rival in found] == [[2, 1], [3]]
    assert [(rival.low // 10**6, rival.high // 10**6) for rival in found] == [(25, 26), (16, 16)]


def test_where_all_repeats_the_repetitions_are_what_is_known() -> None:
    found = standing(market(share(1, 70, repeats=True)))
    assert (found.lead, first(found)) == ("certain", [1])


def test_shares_printed_to_more_than_the_whole_count_as_printed() -> None:
    # One source prints 70 and 30, another up to 80 for somebody else: they contradict each other.
    found = standing(market(share(1, 70), share(2, 30), share(3, 20, 80)))
    assert (found.lead, first(found)) == ("contested", [1, 3])
    assert percents(found.unnamed) == (0, 0)


def test_shares_printed_to_more_than_the_whole_leave_nothing_to_others() -> None:
    found = standing(market(share(1, 60), share(2, 0, 100), share(3, 41)))
    assert (found.lead, first(found)) == ("certain", [1])  # the second has nothing left to have
    assert percents(found.margin) == (19, 19)
    assert percents(top(found.rivals, 2)) == (100, 100)


@pytest.mark.parametrize(("count", "expected"), [(1, (50, 60)), (2, (70, 90)), (3, (80, 100))])
def test_the_largest_together(count: int, expected: tuple[float, float]) -> None:
    # 50-60, 20-30, 10 and somebody unknown. Least: 50, 50 + 20, 50 + 20 + 10. 80 is taken at
    # least, so 20 are free. Most: 60; 60 + 30; all.
    found = rivals(market(share(1, 50, 60), share(2, 20, 30), share(3, 10), share(4, 0, 100)))
    assert percents(top(found, count)) == expected


class _Case(NamedTuple):
    market: Market
    completions: list[tuple[int, ...]]
    """Shares in fifths, in the order of the market."""


@st.composite
def cases(draw: st.DrawFn) -> _Case:
    ends = draw(
        st.lists(
            st.tuples(st.integers(0, 5), st.integers(0, 5)).map(sorted),
            min_size=1,
            max_size=4,
        )
    )
    assume(sum(low for low, _ in ends) <= 5)
    shares = [share(n, low * FIFTH, high * FIFTH) for n, (low, high) in enumerate(ends)]
    assume(any(one.stated for one in shares))
    every = product(*(range(low, high + 1) for low, high in ends))
    return _Case(market(*shares), [point for point in every if sum(point) <= 5])


@settings(max_examples=120, deadline=None)
@given(cases())
def test_a_lead_is_certain_exactly_if_it_holds_in_every_completion(case: _Case) -> None:
    found = standing(case.market)
    width = range(len(case.market.shares))
    before_named = [
        n
        for n in width
        if all(p[n] > max((*p[:n], *p[n + 1 :]), default=-1) for p in case.completions)
    ]
    before_all = [n for n in before_named if all(p[n] > 5 - sum(p) for p in case.completions)]
    can_be_first = {n for n in width if any(p[n] >= max(p) for p in case.completions)}
    if found.lead == "certain":
        assert first(found) == before_all
    elif found.lead == "named":
        assert (first(found), before_all) == (before_named, [])
    elif found.lead == "contested":
        assert not before_named
        assert set(first(found)) == can_be_first
    else:  # nobody beside it to be ahead of, and room for somebody larger
        assert (len(width), before_all) == (1, [])


@settings(max_examples=120, deadline=None)
@given(cases())
def test_the_margin_is_attained_and_never_left(case: _Case) -> None:
    found = standing(case.market)
    if found.margin is None:
        assert found.lead in ("contested", "unknown")
        return
    (leader,) = first(found)
    least, most = [], []
    for point in case.completions:
        others = max((*point[:leader], *point[leader + 1 :]), default=0)
        rest = 5 - sum(point) if found.lead == "certain" else 0
        least.append(point[leader] - max(others, rest))  # what is left is in one hand
        most.append(point[leader] - others)  # or in very many
    assert found.margin == (min(least) * UNIT, max(most) * UNIT)


@settings(max_examples=120, deadline=None)
@given(cases(), st.integers(1, 4))
def test_the_largest_together_are_exact(case: _Case, count: int) -> None:
    sums = [sum(sorted(point, reverse=True)[:count]) for point in case.completions]
    assert top(rivals(case.market), count) == (min(sums) * UNIT, max(sums) * UNIT)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_every_bound_of_a_rival_is_attained(case: _Case) -> None:
    for rival in rivals(case.market):
        place = rival.shares[0].producer
        values = [point[place] for point in case.completions]
        assert (rival.low, rival.high) == (min(values) * UNIT, max(values) * UNIT)
    unnamed = [5 - sum(point) for point in case.completions]
    assert standing(case.market).unnamed == (min(unnamed) * UNIT, max(unnamed) * UNIT)
