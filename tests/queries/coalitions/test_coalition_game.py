"""Which coalitions are the smallest, and who is pivotal? Against trying out all of them."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.queries.coalitions.count import Count
from spillover.queries.coalitions.game import Game, Smallest, searched
from tests.queries.coalitions.countries import (
    PERCENT,
    TENTH,
    completions,
    count,
    decides,
    exact,
    vague,
)

quotas = st.integers(1, 10).map(lambda tenth: tenth * TENTH)


def game(quota: int, **shares: int | None) -> Game:
    return Game.of(count(shares), quota * PERCENT)


def power(number: int, of: int = 1) -> tuple[Fraction, Fraction]:
    """An index that is known exactly."""
    return (Fraction(number, of),) * 2


def test_who_has_it_all_covers_alone_and_is_always_pivotal() -> None:
    """EUV lithography tools: the Netherlands 100 %."""
    euv = game(80, nl=100)
    assert euv.smallest(certain=True) == Smallest(1, (("nl",),), 1, complete=True)
    (pivot,) = euv.pivots()
    assert (pivot.land, pivot.shapley, pivot.veto) == ("nl", power(1), "yes")
    assert euv.pivotal({"nl", "us", "jp"}, {"nl"}) == "yes"
    assert euv.pivotal({"nl", "us", "jp"}, {"us"}) == "no"


def test_all_smallest_coalitions_are_listed() -> None:
    """40, 35, 25 with a quota of 60: any two of the three reach it."""
    tools = game(60, us=40, jp=35, nl=25)
    found = tools.smallest(certain=True)
    assert found == Smallest(2, (("jp", "nl"), ("jp", "us"), ("nl", "us")), 3, complete=True)
    assert [pivot.shapley for pivot in tools.pivots()] == [power(1, 3)] * 3
    assert {pivot.veto for pivot in tools.pivots()} == {"no"}


def test_the_index_of_shapley_and_shubik() -> None:
    """Votes 50, 30, 20 and 70 needed: the first completes 4 of 6 orders, the others one each.

    Orders with the largest first never end with it; of (b, a), (c, a), (b, c, a) and (c, b, a) it
    completes all.
    """
    found = {p.land: p.shapley for p in game(70, a=50, b=30, c=20).pivots()}
    assert found["a"] == power(2, 3)
    assert found["b"] == found["c"] == power(1, 6)


def test_nobody_covers_what_nobody_is_known_to_have() -> None:
    """30 % are named; the other 70 never join."""
    tools = game(80, us=20, jp=10)
    assert tools.smallest(certain=True) == Smallest(None, (), 0, complete=True)
    assert [pivot.shapley for pivot in tools.pivots()] == [power(0), power(0)]
    assert {pivot.veto for pivot in tools.pivots()} == {"no"}


def test_an_unstated_share_is_between_nothing_and_all_that_is_left() -> None:
    """Masks: Japan 53, US 40, Korea not stated (0 to 7), 60 % needed. Japan and Korea may do."""
    masks = game(60, jp=53, us=40, kr=None)
    assert masks.smallest(certain=True).coalitions == (("jp", "us"),)
    assert masks.smallest(certain=False).coalitions == (("jp", "kr"), ("jp", "us"))
    japan, america, korea = masks.pivots()
    assert (japan.land, japan.veto) == ("jp", "yes")  # the others have 47 together
    assert (america.land, america.veto) == ("us", "perhaps")
    assert korea.shapley == (Fraction(0), Fraction(1, 6))
    assert masks.covers({"jp", "kr"}) == "perhaps"
    assert masks.pivotal({"jp", "us", "kr"}, {"us"}) == "perhaps"
    assert masks.pivotal({"jp", "us", "kr"}, {"jp"}) == "yes"


def test_a_share_printed_as_nothing_decides_nothing() -> None:
    assert {p.land: p.shapley for p in game(50, a=60, b=0).pivots()}["b"] == power(0)
    assert game(50, a=60, b=0).pivotal({"a", "b"}, {"b"}) == "no"


def test_too_many_countries_for_the_index_are_searched_for_coalitions_all_the_same() -> None:
    many = Game.of(count({f"{n:02}": 4 for n in range(25)}), 12 * PERCENT)
    assert many.table is None
    assert {pivot.shapley for pivot in many.pivots()} == {None}
    found = many.smallest(certain=True)
    assert (found.size, found.number, found.complete) == (3, 2300, True)  # 25 * 24 * 23 / 6
    assert found.coalitions[0] == ("00", "01", "02")


def test_a_search_that_is_cut_short_says_so() -> None:
    many = Game.of(count({f"{n:02}": 4 for n in range(25)}), 40 * PERCENT)
    found = many.smallest(certain=True)
    assert (found.size, found.complete) == (10, False)
    assert found.number < 3268760  # ten out of 25


@settings(max_examples=100, deadline=None)
@given(exact(), st.integers(1, 100))
def test_smallest_coalitions_are_those_of_all_subsets(asked: Count, percent: int) -> None:
    quota = percent * PERCENT
    winning = [
        members
        for size in range(len(asked.players) + 1)
        for members in combinations(asked.players, size)
        if asked.cover(frozenset(members)).low >= quota
    ]
    size = min(map(len, winning), default=None)
    smallest = [members for members in winning if len(members) == size]
    found = Game.of(asked, quota).smallest(certain=True)
    assert (found.size, found.number) == (size, len(smallest))
    assert list(found.coalitions) == sorted(smallest)[:12]


@settings(max_examples=60, deadline=None)
@given(exact(most=6), st.integers(1, 100))
def test_the_index_is_that_of_all_orders_of_joining(asked: Count, percent: int) -> None:
    quota = percent * PERCENT
    parts = {land: asked.cover({land}).low for land in asked.players}
    tried = {land: Fraction(*counted) for land, counted in decides(parts, quota).items()}
    found = {p.land: p.shapley for p in Game.of(asked, quota).pivots()}
    assert found == {land: (value, value) for land, value in tried.items()}


def _order(size: int | None) -> float:
    """A number of countries; where no number is enough, more than any."""
    return float("inf") if size is None else size


@settings(max_examples=40, deadline=None)
@given(vague(), quotas)
def test_whatever_the_unknown_is_lies_between_certain_and_possible(
    asked: Count, quota: int
) -> None:
    made = Game.of(asked, quota)
    sizes = {certain: made.smallest(certain=certain).size for certain in (True, False)}
    pivots = {pivot.land: pivot for pivot in made.pivots()}
    everybody = frozenset(asked.players)
    for parts in completions(asked):
        reached = sum(parts.values()) >= quota
        least = min(
            (
                size
                for size in range(1, len(parts) + 1)
                if sum(sorted(parts.values())[-size:]) >= quota
            ),
            default=None,
        )
        assert _order(sizes[False]) <= _order(least) <= _order(sizes[True])
        for land, (number, orders) in decides(parts, quota).items():
            index = pivots[land].shapley
            assert index is not None
            assert index[0] <= Fraction(number, orders) <= index[1]
            drops = reached and sum(parts.values()) - parts[land] < quota
            word = made.pivotal(everybody, {land})
            assert drops or word != "yes"
            assert not drops or word != "no"
            if pivots[land].veto == "yes":
                assert sum(parts.values()) - parts[land] < quota


@settings(max_examples=60, deadline=None)
@given(vague(), quotas, st.booleans())
def test_the_search_finds_what_the_table_finds(asked: Count, quota: int, certain: bool) -> None:
    made = Game.of(asked, quota)
    assert searched(made, certain=certain) == made.smallest(certain=certain)


@pytest.mark.parametrize(
    ("members", "word"), [("us", "no"), ("us jp", "perhaps"), ("us nl", "yes")]
)
def test_whether_a_coalition_covers_has_three_answers(members: str, word: str) -> None:
    tools = game(70, us=40, nl=30, jp=None)
    assert tools.covers(frozenset(members.split())) == word
