"""Does the power index agree with the orders of arrival counted out, and with its authors?"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.graph.stake import WHOLE
from spillover.queries.methods import power_flow as module
from spillover.queries.methods.network import Network
from spillover.queries.methods.power_flow import SAMPLES, power_flow
from spillover.queries.methods.voting_power import voting_power
from tests.queries.methods.elimination import network_of

Percents = dict[tuple[int, int], int]
"""(owner, asset) to percent."""


def network(held: Percents) -> Network:
    size = max(max(pair) for pair in held) + 1
    return network_of(size, {pair: (p * 10**6, p * 10**6) for pair, p in held.items()})


def shares(net: Network, row: int, *assets: int) -> list[tuple[float, float]]:
    found = power_flow(net, row, np.array(assets))
    ends = dict(
        zip(
            found.row.tolist(),
            zip(found.low.tolist(), found.high.tolist(), strict=True),
            strict=True,
        )
    )
    return [ends.get(asset, (0.0, 0.0)) for asset in assets]


def counted(held: Percents) -> dict[tuple[int, int], Fraction]:
    """Probability that an owner decides an asset in the end, without circles: every order of
    arrival at every company, of owners who come with all who are decided by the same."""
    assets = sorted({asset for _, asset in held})
    order: list[int] = []
    while len(order) < len(assets):
        order += [
            asset
            for asset in assets
            if asset not in order
            and all(o in order or o not in assets for o, a in held if a == asset)
        ]
    found: dict[tuple[int, int], Fraction] = defaultdict(Fraction)

    def go(label: dict[int, int], left: list[int], weight: Fraction) -> None:
        if not left:
            for asset in assets:
                found[label[asset], asset] += weight
            return
        asset, *rest = left
        unions: dict[int, int] = defaultdict(int)
        for (owner, owned), percent in held.items():
            if owned == asset:
                unions[label.get(owner, owner)] += percent
        orders = list(permutations(unions))
        for arrival in orders:
            total = 0
            for decider in arrival:
                total += unions[decider]
                if 2 * total > sum(unions.values()):
                    break
            go({**label, asset: decider}, rest, weight / len(orders))

    go({}, order, Fraction(1))
    return found


AUTHORS = {
    (0, 3): 50,
    (1, 3): 50,
    (0, 4): 10,
    (2, 4): 45,
    (3, 4): 45,
    (2, 5): 40,
    (4, 5): 60,
}
"""Companies D, E, F and their owners A, B, C in the authors' sample program, as rows 0 to 5."""


def test_the_network_of_the_authors_sample_program() -> None:
    # Takayuki-Mizuno/NPF, NPF_code.py. By hand: D is A's or B's with 1/2 each. Where D is A's, A
    # comes to E with 55 % and decides; where it is B's, any two of three decide: 1/3 each. F
    # follows E, who holds 60 %. So E and F are A's with 1/2 + 1/2 * 1/3 = 2/3, B's with 1/6.
    exact = counted(AUTHORS)
    assert [exact[owner, 4] for owner in (0, 1, 2)] == [
        Fraction(2, 3),
        Fraction(1, 6),
        Fraction(1, 6),
    ]
    for owner, expected in (
        (0, (1 / 2, 2 / 3, 2 / 3)),
        (1, (1 / 2, 1 / 6, 1 / 6)),
        (2, (0, 1 / 6, 1 / 6)),
    ):
        for (low, high), value in zip(
            shares(network(AUTHORS), owner, 3, 4, 5), expected, strict=True
        ):
            assert low == high == pytest.approx(value, abs=0.02)


@st.composite
def ordered(draw: st.DrawFn) -> Percents:
    """Up to five entities, each held only by earlier ones, and always in full."""
    held: Percents = {}
    for asset in range(1, draw(st.integers(2, 5))):
        owners = draw(st.lists(st.integers(0, asset - 1), unique=True, min_size=1, max_size=3))
        cuts = sorted(draw(st.integers(1, 99)) for _ in owners[1:])
        ends = zip((0, *cuts), (*cuts, 100), strict=True)
        for owner, (start, end) in zip(owners, ends, strict=True):
            if end > start:
                held[owner, asset] = end - start
    return held


@settings(max_examples=25, deadline=None)
@given(ordered())
def test_it_agrees_with_every_order_of_arrival(held: Percents) -> None:
    exact = counted(held)
    net = network(held)
    assets = sorted({asset for _, asset in held})
    for owner in range(net.size):
        if owner in assets:
            continue
        for asset, (low, high) in zip(assets, shares(net, owner, *assets), strict=True):
            value = float(exact[owner, asset])
            # Five standard errors: one in a million.
            assert abs(low - value) <= 5 * (value * (1 - value) / SAMPLES) ** 0.5 + 1e-12
            assert low == high


def test_of_one_company_it_is_the_index_of_shapley_and_shubik() -> None:
    held = {(0, 4): 40, (1, 4): 30, (2, 4): 20, (3, 4): 10}
    for owner, power in enumerate(voting_power((40, 30, 20, 10), 51)):
        ((low, _),) = shares(network(held), owner, 4)
        assert low == pytest.approx(float(power.shapley), abs=0.02)


def test_a_majority_has_all_the_power_and_passes_it_on() -> None:
    net = network({(0, 2): 51, (1, 2): 49, (2, 3): 60, (1, 3): 40})
    assert shares(net, 0, 2, 3) == [(1, 1), (1, 1)]
    assert shares(net, 1, 2, 3) == [(0, 0), (0, 0)]
    # 2 decides nothing of its own, but all power over 3 runs through it.
    assert shares(net, 2, 3) == [(1, 1)]


def test_what_nobody_declares_is_read_in_two_ways() -> None:
    # 30 % declared: a stranger with 70 % decides, or the only one who votes does.
    assert shares(network({(0, 1): 30}), 0, 1) == [(0, 1)]
    # of its own shares, a company casts no vote
    assert shares(network({(0, 1): 30, (1, 1): 60}), 0, 1) == [(1, 1)]


def test_unknown_shares_are_read_in_two_ways() -> None:
    net = network_of(3, {(0, 2): (0, WHOLE), (1, 2): (30 * 10**6, 30 * 10**6)})
    assert shares(net, 0, 2) == [(0, 1)]


def test_circles_are_settled_and_owners_above_them_decide() -> None:
    # 2 and 3 hold 40 % of each other; 0 has 60 % of 2 and so decides both, 1 has 60 % of 3.
    net = network({(0, 2): 60, (3, 2): 40, (1, 3): 60, (2, 3): 40, (3, 4): 100})
    assert shares(net, 0, 2, 3, 4) == [(1, 1), (0, 0), (0, 0)]
    assert shares(net, 1, 2, 3, 4) == [(0, 0), (1, 1), (1, 1)]
    # Three of a third each, one of whom is decided by the company itself: the other two share.
    net = network({(0, 2): 34, (1, 2): 33, (3, 2): 33, (2, 3): 100})
    ((first, _),), ((second, _),) = shares(net, 0, 2), shares(net, 1, 2)
    assert first == pytest.approx(1 / 2, abs=0.02)
    assert second == pytest.approx(1 / 2, abs=0.02)


def test_the_same_question_has_the_same_answer() -> None:
    net = network(AUTHORS)
    assert shares(net, 0, 3, 4, 5) == shares(net, 0, 3, 4, 5)
    error = power_flow(net, 0, np.array([3, 4, 5])).error
    assert error == pytest.approx((1 / 4 / SAMPLES) ** 0.5, rel=0.01)


def test_too_large_a_question_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    with pytest.raises(InputError, match="3 companies stand at and above"):
        power_flow(network(AUTHORS), 0, np.array([3, 4, 5]))
