"""What part of a market is lost, and what remains of it: bounds that hold for every completion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.stake import UNITS_PER_PERCENT, WHOLE
from spillover.queries.markets.hit import Hit, hit, own_losses, part_lost
from spillover.queries.markets.losing import _after, concentration, growth
from spillover.queries.markets.lost import Part, lost, printed, stated
from spillover.queries.markets.market import Market
from tests.queries.markets.selling import PRODUCT, falls, market, share


def percent(low: int, high: int | None = None) -> Part:
    most = low if high is None else high
    return Part(low * UNITS_PER_PERCENT, most * UNITS_PER_PERCENT)


@pytest.mark.parametrize(
    ("shares", "certain", "possible", "low", "high"),
    [
        ([share(1, 60), share(2, 30)], {1}, {1}, 60, 60),
        ([share(1, 0, 100), share(2, 30)], {1}, {1}, 0, 70),  # unknown, but the other has 30
        ([share(1, 60), share(2, 30)], set(), {2}, 0, 30),
        ([share(1, 20, 50), share(2, 70)], {1}, {1}, 20, 30),
        ([share(1, 60), share(2, 50)], {1}, {1}, 60, 60),  # over 100: as printed
        # Three report one share; the two that fall have the largest of it, or the smallest.
        ([share(1, 26, block=7), share(2, 24, block=7), share(3, 40)], {1, 2}, {1, 2}, 26, 26),
        ([share(1, 26, block=7), share(2, 24, block=7), share(3, 40)], {2}, {2}, 24, 24),
        # A parent's share repeats that of its daughter: another route to it, not more.
        ([share(1, 26, repeats=True), share(2, 20), share(3, 40)], {1, 2}, {1, 2}, 26, 26),
        ([share(1, 26, repeats=True), share(2, 20), share(3, 40)], {2}, {2}, 20, 20),
        # Two such claims can be one route or two.
        ([share(1, 10, repeats=True), share(2, 20, repeats=True)], {1, 2}, {1, 2}, 20, 30),
    ],
)
def test_what_is_lost(
    shares: list[object], certain: set[int], possible: set[int], low: int, high: int
) -> None:
    assert lost(market(*shares), certain, possible) == percent(low, high)  # type: ignore[arg-type] # shares of several forms


def test_the_remainder_can_fall_with_a_country() -> None:
    """60 and 10 % are named. Of the other 30 % nobody says whose they are."""
    firms = market(share(1, 60), share(2, 10))
    assert part_lost(firms, falls(2)) == percent(10)
    assert part_lost(firms, falls(2, abroad=True)) == percent(10, 40)
    countries = market(share(1, 60), share(2, 10), side="country")
    assert part_lost(countries, falls(2, abroad=True)) == percent(10, 40)
    counted = replace(falls(2, abroad=True), states=frozenset({2}))
    assert part_lost(countries, counted) == percent(10)  # its own count is all of it


def test_whose_country_nobody_knows_can_be_of_the_one_that_is_cut_off() -> None:
    """3 is of no known country. Where the country is counted by itself, 3 is none of it."""
    cut = replace(falls(2, abroad=True), states=frozenset({2}), unplaced=frozenset({3}))
    firms = market(share(2, 10), share(3, 20), share(4, 70))
    assert hit(firms, cut).possible == {2, 3}
    assert part_lost(firms, cut) == percent(10, 30)
    countries = market(share(2, 10), share(3, 20), share(4, 70), side="country")
    assert hit(countries, cut).possible == {2}


def test_shares_as_printed_can_exceed_the_whole() -> None:
    counted = market(share(1, 96), share(2, 1), share(3, 3), share(4, 1), share(5, 0, 100))
    assert printed(counted) == percent(101)
    assert stated(counted) == percent(100)


def test_an_unstated_share_is_no_share_of_nothing() -> None:
    assert stated(market(share(1, 0, 100))) == percent(0)
    assert lost(market(share(1, 0, 100)), {1}, {1}) == percent(0, 100)


def test_what_would_fill_a_gap() -> None:
    """A fifth is lost: all others must grow by 20/80, one who has 40 % by 20/40."""
    assert growth(percent(20), percent(80)) == (Fraction(1, 4), Fraction(1, 4))
    assert growth(percent(20), percent(40)) == (Fraction(1, 2), Fraction(1, 2))
    assert growth(percent(10, 20), percent(80, 90)) == (Fraction(1, 9), Fraction(1, 4))
    assert growth(percent(100), percent(0)) == (None, None)
    assert growth(percent(10), percent(0, 50)) == (Fraction(1, 5), None)


def test_the_hull_of_two_counts() -> None:
    """Firms say 20 %, countries 25: whichever is right, the loss lies between."""
    firms = market(share(1, 20), share(2, 80))
    countries = market(share(3, 25), share(4, 75), side="country")
    cut = falls(1, 3, abroad=True)
    assert own_losses({PRODUCT: [firms, countries]}, cut) == {PRODUCT: percent(20, 25)}
    assert own_losses({PRODUCT: [firms, countries]}, falls(1)) == {PRODUCT: percent(20)}


# -- against every completion ----------------------------------------------------------------


@st.composite
def sold(draw: st.DrawFn) -> Market:
    """Up to four producers with shares in tens of percent, some of them ranges."""
    room, shares = 10, []
    for producer in range(1, draw(st.integers(1, 4)) + 1):
        low = draw(st.integers(0, room))
        shares.append(share(producer, 10 * low, 10 * draw(st.integers(low, 10))))
        room -= low
    return market(*shares)


def completions(sales: Market) -> Iterator[tuple[list[int], int]]:
    """Every way in which shares can turn out, in tens of percent, and what is left for others."""
    ten = 10 * UNITS_PER_PERCENT
    ranges = [range(one.low // ten, one.high // ten + 1) for one in sales.shares]
    for parts in product(*ranges):
        if sum(parts) <= 10:
            yield list(parts), 10 - sum(parts)


fate = st.lists(st.sampled_from(["falls", "can fall", "stays"]), min_size=4, max_size=4)


def struck_by(sales: Market, fates: list[str]) -> Hit:
    makers = [one.producer for one in sales.shares]
    told = dict(zip(makers, fates, strict=False))
    sure = frozenset(maker for maker in makers if told[maker] == "falls")
    return Hit(sure, sure | {m for m in makers if told[m] == "can fall"}, unnamed=False)


def outcomes(sales: Market, struck: Hit) -> Iterator[tuple[list[int], list[int], int]]:
    """Shares that are lost, shares that remain, and what others have: every way."""
    open_ones = sorted(struck.possible - struck.certain)
    for parts, rest in completions(sales):
        for chosen in product([False, True], repeat=len(open_ones)):
            gone = set(struck.certain) | {m for m, c in zip(open_ones, chosen, strict=True) if c}
            falling = [
                p for one, p in zip(sales.shares, parts, strict=True) if one.producer in gone
            ]
            staying = [
                p for one, p in zip(sales.shares, parts, strict=True) if one.producer not in gone
            ]
            yield falling, staying, rest


@given(sold(), fate, st.booleans())
@settings(deadline=None)
def test_the_bounds_are_those_of_all_completions(
    sales: Market, fates: list[str], unnamed: bool
) -> None:
    struck = struck_by(sales, fates)
    seen = [
        sum(falling) + extra
        for falling, _, rest in outcomes(sales, struck)
        for extra in ({0, rest} if unnamed else {0})
    ]
    found = lost(sales, struck.certain, struck.possible, unnamed=unnamed)
    assert found == percent(10 * min(seen), 10 * max(seen))


@given(sold(), fate)
@settings(deadline=None)
def test_concentration_holds_for_every_completion(sales: Market, fates: list[str]) -> None:
    struck = struck_by(sales, fates)
    before, gap = concentration(sales), lost(sales, struck.certain, struck.possible)
    after = _after(sales, struck, gap)
    for falling, staying, rest in outcomes(sales, struck):
        left = 10 - sum(falling)
        splits: list[list[Fraction]] = [[Fraction(rest)], [Fraction(rest, 3)] * 3]
        for split in splits:
            remaining = sum((part**2 for part in split), Fraction(sum(p**2 for p in staying)))
            assert before.low <= 100 * (remaining + sum(p**2 for p in falling)) <= before.high
            if left:
                assert after is not None
                assert after.low <= 10_000 * remaining / left**2 <= after.high
    if after is None:
        assert gap.low == WHOLE


@given(sold(), fate, fate)
@settings(deadline=None)
def test_more_targets_never_lower_the_loss(
    sales: Market, first: list[str], second: list[str]
) -> None:
    one, two = struck_by(sales, first), struck_by(sales, second)
    both = one.certain | two.certain, one.possible | two.possible
    alone, together = lost(sales, one.certain, one.possible), lost(sales, *both)
    assert together.low >= alone.low
    assert together.high >= alone.high
