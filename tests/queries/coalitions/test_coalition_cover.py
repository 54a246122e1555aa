"""What do countries cover together? Against all ways in which the unknown shares can be."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Entity
from spillover.graph.stake import WHOLE
from spillover.queries.coalitions.count import Count, Place, chosen, place
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market import Market, Share
from tests.queries.coalitions.countries import PERCENT, completions, count, exact, share, vague


def percent(part: Part) -> tuple[float, float]:
    return part.low / PERCENT, part.high / PERCENT


@pytest.mark.parametrize(
    ("members", "covered"),
    [
        ("", (0, 0)),
        ("nl", (81, 81)),
        ("nl jp us", (97, 97)),  # 81 + 15 + 1; the other 3 are of nobody who is named
        ("cn", (0, 0)),
    ],
)
def test_exact_shares_are_added(members: str, covered: tuple[int, int]) -> None:
    tools = count({"nl": 81, "jp": 15, "us": 1})
    assert percent(tools.cover(frozenset(members.split()))) == covered


def test_a_share_that_is_not_stated_is_never_zero_and_leaves_room_for_the_others() -> None:
    masks = count({"jp": 53, "us": 40, "tw": None})
    assert percent(masks.cover({"tw"})) == (0, 7)  # 100 - 53 - 40
    assert percent(masks.cover({"jp", "us"})) == (93, 93)
    assert percent(count({"jp": None, "us": None}).cover({"jp"})) == (0, 100)


def test_a_producer_of_unknown_country_can_be_of_any_member_and_is_of_none_for_certain() -> None:
    tools = count({"nl": 60, "jp": 20}, anywhere=(10, 10))
    assert percent(tools.cover({"nl"})) == (60, 70)
    assert percent(tools.cover({"us"})) == (0, 10)
    assert percent(tools.cover(frozenset())) == (0, 0)


def test_a_firm_of_two_countries_counts_for_certain_when_both_are_members() -> None:
    joint = Count(
        Market(0, "firm", "", (share(1, 30, 30), share(2, 50, 50))),
        {1: Place(frozenset({"fr", "it"})), 2: Place(frozenset({"us"}))},
    )
    assert percent(joint.cover({"fr"})) == (0, 30)
    assert percent(joint.cover({"fr", "it"})) == (30, 30)


def test_a_region_joins_as_one_and_its_states_may_have_a_part_of_it() -> None:
    europe = Entity("eto:P312", "Thing", "Europe")
    market = Market(0, "country", "", (share(1, 9, 9), share(2, 65, 65)))
    places = {1: place(market, europe), 2: Place(frozenset({"us"}))}
    design = Count(market, places)
    assert design.players == ("eto:P312", "us")
    assert percent(design.cover({"us", "eto:P312"})) == (74, 74)
    assert percent(design.cover({"us", "nl"})) == (65, 74)
    assert percent(design.cover({"us", "jp"})) == (65, 65)
    assert place(market, Entity("x", "Thing", "Elsewhere")).around is None


def test_places_of_producers_come_from_their_countries() -> None:
    firms = Market(0, "firm", "", ())
    assert place(firms, Entity("a", "Company", "A", countries=("nl",))) == Place(frozenset({"nl"}))
    assert place(firms, Entity("b", "Company", "Europe")) == Place(frozenset(), None)


def test_the_count_by_country_is_taken_where_it_states_shares() -> None:
    blank = Market(0, "country", "", (share(1, 0, 100, stated=False),))
    firms = Market(0, "firm", "", (share(2, 40, 40),))
    by_country = Market(0, "country", "", (share(1, 40, 40),))
    china = Market(0, "country", "China", (share(1, 80, 80),))
    assert chosen([firms, by_country]) is by_country
    assert chosen([firms, blank]) is firms
    assert chosen([china, blank]) is blank  # no other market is taken for the world's
    assert chosen([china]) is china


@settings(max_examples=60, deadline=None)
@given(vague())
def test_every_way_in_which_the_unknown_can_be_lies_between(asked: Count) -> None:
    ways = list(completions(asked))
    for size in range(len(asked.players) + 1):
        for members in combinations(asked.players, size):
            part = asked.cover(frozenset(members))
            found = [sum(way[land] for land in members) for way in ways]
            assert part.low <= min(found)
            assert max(found) <= part.high
            if 99 not in asked.places:  # every producer has its country: the bounds are reached
                assert part == (min(found), max(found))


@settings(max_examples=60, deadline=None)
@given(exact(most=5), st.data())
def test_the_table_of_all_coalitions_is_the_same_as_one_by_one(
    asked: Count, data: st.DataObject
) -> None:
    """Also with firms of several countries, blocks and shares that repeat others."""
    lands = st.frozensets(st.sampled_from("abcde"), max_size=2)
    near = st.sampled_from([frozenset(), frozenset("ab"), None])
    shares: list[Share] = []
    places: dict[int, Place] = {}
    for old in asked.market.shares:
        shares.append(
            old._replace(block=data.draw(st.integers(0, 2)), repeats=data.draw(st.booleans()))
        )
        where = data.draw(lands)
        places[old.producer] = Place(where, data.draw(near) if where else None)
    odd = Count(Market(0, "firm", "", tuple(shares)), places)
    low, high = odd.covers(odd.players)
    for number in range(1 << len(odd.players)):
        members = {land for bit, land in enumerate(odd.players) if number >> bit & 1}
        assert odd.cover(members) == (low[number], high[number])
    assert np.all(high <= WHOLE)
