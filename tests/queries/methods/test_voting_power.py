"""Are the power indices those of published programs and of brute force over coalitions?"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, permutations
from math import comb, factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.graph.stake import WHOLE, Stake
from spillover.queries.conditions import conditions
from spillover.queries.methods.network import network
from spillover.queries.methods.shareholder_power import (
    Shareholder,
    Undisclosed,
    shareholder_power,
)
from spillover.queries.methods.voting_power import FEW, Power, voting_power
from tests.graphs import opened
from tests.queries.asking import DAY, Items
from tests.queries.methods.dense import completed
from tests.queries.worlds import holds, seeded

WEIGHTS = st.lists(st.integers(0, 9), min_size=1, max_size=7)
QUOTAS = st.integers(1, 40)


def test_banzhaf_50_49_1() -> None:
    # Case banzhaf-50-49-1, "power_bdd package run": quota 51.
    found = voting_power([50, 49, 1], 51)
    assert [float(one.banzhaf) for one in found] == [0.75, 0.25, 0.25]
    assert [one.shapley for one in found] == [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)]
    assert [one.normalised for one in found] == [Fraction(3, 5), Fraction(1, 5), Fraction(1, 5)]


def test_banzhaf_65() -> None:
    # Case banzhaf-65, "power_bdd run": quota 65.
    found = voting_power([47, 46, 17, 16, 2], 65)
    assert [float(one.banzhaf) for one in found] == [0.5625, 0.4375, 0.3125, 0.1875, 0.1875]
    assert [float(one.shapley) for one in found] == pytest.approx(
        [0.35, 0.26666666666666666, 0.18333333333333335, 0.1, 0.1], abs=1e-15
    )


def brute(weights: list[int], quota: int) -> list[tuple[Fraction, Fraction]]:
    """Banzhaf over all sets of others, Shapley-Shubik over all orders of arrival."""
    voters = range(len(weights))
    banzhaf = [0] * len(weights)
    for voter in voters:
        others = [v for v in voters if v != voter]
        for size in range(len(weights)):
            for coalition in combinations(others, size):
                weight = sum(weights[v] for v in coalition)
                banzhaf[voter] += weight < quota <= weight + weights[voter]
    pivots = [0] * len(weights)
    for order in permutations(voters):
        weight = 0
        for voter in order:
            weight += weights[voter]
            if weight >= quota:
                pivots[voter] += 1
                break
    halves, orders = 2 ** (len(weights) - 1), factorial(len(weights))
    return [
        (Fraction(swings, halves), Fraction(pivot, orders))
        for swings, pivot in zip(banzhaf, pivots, strict=True)
    ]


@given(WEIGHTS, QUOTAS)
@settings(max_examples=60, deadline=None)
def test_indices_equal_brute_force(weights: list[int], quota: int) -> None:
    found = voting_power(weights, quota)
    assert [(one.banzhaf, one.shapley) for one in found] == brute(weights, quota)
    assert sum(one.normalised for one in found) in (0, 1)


@given(WEIGHTS, QUOTAS)
@settings(max_examples=60, deadline=None)
def test_many_voters_are_counted_by_table_as_few_are_one_by_one(
    weights: list[int], quota: int
) -> None:
    # Voters without a vote decide nothing and change nothing, but there are too many to try all.
    nobody = [0] * (FEW + 1 - len(weights))
    found = voting_power([*weights, *nobody], quota)
    assert found[: len(weights)] == voting_power(weights, quota)
    assert set(found[len(weights) :]) == {Power(Fraction(0), Fraction(0), Fraction(0))}


def test_a_hundred_equal_voters_have_a_hundredth_each() -> None:
    # Each decides where 50 of the other 99 agree: C(99, 50) of 2 to the 99 coalitions.
    banzhaf = Fraction(comb(99, 50), 2**99)
    assert set(voting_power([7] * 100, 51 * 7)) == {
        Power(banzhaf, Fraction(1, 100), Fraction(1, 100))
    }


def test_a_third_beside_many_small_holders() -> None:
    # 34 votes beside 66 of one each, 51 needed: the large holder decides when it arrives after 17
    # to 50 of the others, 34 of 67 places; and where 17 to 50 of them agree.
    large, *small = voting_power([34] + [1] * 66, 51)
    assert large.shapley == Fraction(34, 67)
    assert large.banzhaf == Fraction(sum(comb(66, agreeing) for agreeing in range(17, 51)), 2**66)
    assert set(small) == {small[0]}
    assert small[0].shapley == Fraction(33, 67) / 66


def test_weights_are_taken_by_their_common_divisor() -> None:
    # Without it the table would have 50 million columns.
    weights = [4_000_000] * 10 + [6_000_000] * 10
    assert voting_power(weights, WHOLE // 2 + 1) == voting_power([2] * 10 + [3] * 10, 26)


@pytest.mark.parametrize(
    ("weights", "quota", "reason"),
    [
        ([WHOLE // 20 - number for number in range(20)], WHOLE // 2 + 1, "need a table of"),
        ([1, -1], 1, "not negative"),
        ([1, 1], 0, "above 0"),
    ],
)
def test_what_cannot_be_counted_is_refused(weights: list[int], quota: int, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        voting_power(weights, quota)


def power(items: Items, asset: str, undisclosed: Undisclosed = "absent") -> dict[str, Shareholder]:
    with opened(items) as graph:
        net = network(graph.index, conditions(DAY))
        row = net.rows(np.array([graph.store.find(asset)]))[0]
        found = shareholder_power(net, int(row), undisclosed=undisclosed)
        entities = graph.store.entities([one.owner for one in found])
        return {entities[one.owner].id: one for one in found}


def shapley(found: dict[str, Shareholder]) -> dict[str, float]:
    assert all(one.shapley[0] == one.shapley[1] for one in found.values())
    return {name: float(one.shapley[0]) for name, one in found.items()}


def test_shareholders_of_an_asset() -> None:
    # 34 % beside 33 and 33: each two decide, and the largest has no more power than the others.
    thirds = pytest.approx(1 / 3)
    found = power("A > C 34\nB > C 33\nD > C 33\nC > E 60", "C")
    assert shapley(found) == {"A": thirds, "B": thirds, "D": thirds}
    assert (found["A"].low, found["A"].high) == (34 * 10**6, 34 * 10**6)


def test_undisclosed_shares_are_absent_or_silent() -> None:
    # 30, 15 and 10 of 55 declared: A decides alone; of all shares nothing reaches 50 % without A.
    text = "A > C 30\nB > C 15\nD > C 10"
    assert shapley(power(text, "C")) == {"A": 1, "B": 0, "D": 0}
    third = pytest.approx(1 / 3)
    assert shapley(power(text, "C", "silent")) == {"A": third, "B": third, "D": third}


def test_own_shares_do_not_vote() -> None:
    assert shapley(power("A > C 30\nB > C 20\nC > C 40", "C")) == {"A": 1, "B": 0}


def test_an_unknown_share_gives_a_range() -> None:
    # B has 0 to 55 %: with more than 45 it decides alone, with less A does.
    found = power("A > C 45\nB > C", "C")
    nothing, everything = Fraction(0), Fraction(1)
    assert found["A"].banzhaf == found["B"].banzhaf == (nothing, everything)
    assert found["A"].normalised == found["B"].shapley == (nothing, everything)
    # With at most 40 % A always decides.
    found = power("A > C 45\nB > C 0-40", "C")
    assert found["A"].shapley == (everything, everything)
    assert found["B"].shapley == (nothing, nothing)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("A > C 60\nB > C 60", "at least 120.00%"),
        ("\n".join(f"A{n} > C 0-5" for n in range(FEW + 1)), "every share has to be known"),
    ],
)
def test_owners_of_whom_nothing_can_be_said_are_refused(text: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        power(text, "C")


@given(st.integers(0, 2**32), st.sampled_from(("absent", "silent")))
@settings(max_examples=60, deadline=None)
def test_ranges_hold_for_every_completion(seed: int, undisclosed: Undisclosed) -> None:
    draw = seeded(seed)
    owners = "ABDEF"[: draw.randint(1, 5)]
    shares = {}
    left = WHOLE
    for owner in owners:
        low = min(left, draw.choice((0, 5, 10, 25, 40)) * 10**6)
        left -= low
        high = draw.choice((low, low + 5 * 10**6, low + 30 * 10**6, WHOLE))
        shares[owner, "C"] = (low, min(WHOLE, max(low, high)))
    found = power([holds(*pair, Stake(*share)) for pair, share in shares.items()], "C", undisclosed)
    for _ in range(20):
        exact = completed(shares, draw)
        total = sum(exact.values()) if undisclosed == "absent" else WHOLE
        weights = [exact[owner, "C"] for owner in owners]
        for owner, one in zip(owners, voting_power(weights, total // 2 + 1), strict=True):
            ranges = found[owner].banzhaf, found[owner].normalised, found[owner].shapley
            for (least, most), value in zip(ranges, one, strict=True):
                assert least <= value <= most
