"""Is the index of concentration what is published, and do its bounds hold for every completion?"""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.markets.concentration import hhi
from spillover.queries.markets.lost import Part

CASES = Path(__file__).parents[3].parent / "shared" / "cases" / "published_cases.json"


def percent(low: int, high: int | None = None) -> Part:
    return Part(low * 10**6, (low if high is None else high) * 10**6)


def test_the_example_of_the_department_of_justice() -> None:
    """30, 30, 20 and 20 %: 900 + 900 + 400 + 400 (its page on the index)."""
    found = hhi([percent(share) for share in (30, 30, 20, 20)])
    assert found.low == found.high == 2600


def test_the_same_example_as_it_is_published() -> None:
    if not CASES.exists():
        pytest.skip("the published cases stand beside a checkout, not in it")
    cases = {case["id"]: case for case in json.loads(CASES.read_text("utf-8"))}
    said = cases["hhi-doj"]
    found = hhi([percent(share) for share in said["shares"]])
    assert found.low == found.high == said["expected"]["hhi"]


@pytest.mark.parametrize(
    ("shares", "low", "high"),
    [
        ([percent(100)], 10_000, 10_000),
        ([], 0, 10_000),  # nothing is known: crumbs, or one producer
        ([percent(60)], 3600, 3600 + 1600),  # the remainder of 40 % in crumbs, or in one hand
        ([percent(60), percent(0, 100)], 3600, 3600 + 1600),  # the blank can be all of it
        ([percent(30), percent(20), percent(0, 100)], 1300, 1300 + 2500),
        ([percent(50), percent(0, 10)], 2500, 5000),  # one other with 50; with 10 and 40 it is less
        ([percent(40, 60)], 1600, 1600 + 3600),  # 40 and one other with 60, or 60 and one with 40
    ],
)
def test_what_is_not_known_widens_the_index(shares: list[Part], low: int, high: int) -> None:
    found = hhi(shares)
    assert (found.low == low, found.high == high) == (True, True)


def test_several_ranges_share_the_room() -> None:
    """75 % and two of 5 to 15 %: 15 % to give away, at best as 15 and 10."""
    assert hhi([percent(75), percent(5, 15), percent(5, 15)]).high == 75**2 + 15**2 + 10**2
    assert hhi([percent(60), percent(0, 30), percent(0, 30)]).high == 60**2 + 40**2


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 20)), min_size=1, max_size=4))
@settings(deadline=None)
def test_the_greatest_is_that_of_the_best_corner(widths: list[tuple[int, int]]) -> None:
    """At the maximum of a convex function at most one share lies between its ends.

    Shares in steps of 1 %, at most 4 x 28 of them: whoever is between has what the others leave.
    """
    ranges = [(low, low + width) for low, width in widths]
    room = 100 - sum(low for low, _ in ranges)
    everybody = [*ranges, (0, room)]
    best = 0
    for at, (low, high) in enumerate(everybody):
        for others in product(*(everybody[:at] + everybody[at + 1 :])):
            left = 100 - sum(others)
            if low <= left <= high:
                best = max(best, left**2 + sum(other**2 for other in others))
    assert hhi([percent(*ends) for ends in ranges]).high == best


def test_print_rounding_does_not_break_it() -> None:
    """96, 1, 3 and 1 % are 101: as printed 9,227 at most, scaled to 100 % at least."""
    found = hhi([percent(share) for share in (96, 1, 3, 1)])
    assert found.high == 96**2 + 1 + 9 + 1
    assert found.low == Fraction(found.high * 100**2, 101**2)


def test_of_nothing_there_is_no_concentration() -> None:
    with pytest.raises(ValueError, match="nothing remains"):
        hhi([], Part(0, 0))


@st.composite
def completed(draw: st.DrawFn) -> tuple[list[Part], list[Fraction], list[Fraction]]:
    """Intervals, a share within each, and how the rest is split among others."""
    count = draw(st.integers(0, 5))
    rest, parts, shares = WHOLE, [], []
    for _ in range(count):
        taken = draw(st.integers(0, rest))
        low, high = draw(st.integers(0, taken)), draw(st.integers(taken, WHOLE))
        parts.append(Part(low, high))
        shares.append(Fraction(taken, WHOLE))
        rest -= taken
    weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=6))
    others = [Fraction(rest * weight, WHOLE * sum(weights)) for weight in weights]
    return parts, shares, others


@given(completed())
@settings(deadline=None)
def test_every_completion_lies_within_the_bounds(
    case: tuple[list[Part], list[Fraction], list[Fraction]],
) -> None:
    parts, shares, others = case
    index = 10_000 * sum(share * share for share in (*shares, *others))
    low, high = hhi(parts)
    assert low <= index <= high <= 10_000


@given(st.lists(st.integers(0, 20), min_size=1, max_size=5))
@settings(deadline=None)
def test_exact_shares_and_one_other_reach_the_bounds(shares: list[int]) -> None:
    """20 % each at most: five add up to no more than the whole."""
    low, high = hhi([percent(share) for share in shares])
    assert low == sum(share**2 for share in shares)
    assert high == low + (100 - sum(shares)) ** 2
