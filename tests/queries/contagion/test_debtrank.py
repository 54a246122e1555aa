"""Does the linear DebtRank give published equities, and what a plain loop gives?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.queries.contagion.debtrank import debtrank

CYCLE = ([0, 1, 2], [1, 2, 0], [0.5, 0.5, 0.5])
"""A lends to B, B to C, C to A: 0.5 each."""


def test_the_cycle_of_the_neva_package() -> None:
    """C loses 0.5: c = 1/2 + a/2, b = c/2, a = b/2, so c = 4/7; neva prints the equities below."""
    found = debtrank(CYCLE, [1, 1, 1], [0, 0, 0.5])
    assert found.left == pytest.approx([6 / 7, 5 / 7, 3 / 7], abs=1e-11)
    assert found.settled
    published = [0.857421875, 0.71435546875, 0.4287109375]  # stopped at a change of 1e-3
    assert found.left == pytest.approx(published, abs=1e-3)
    assert [f"{equity:.3f}" for equity in found.left] == ["0.857", "0.714", "0.429"]


def test_nobody_loses_more_with_a_firm_than_its_exposure() -> None:
    """B loses 3 of its equity of 2: A, who is owed 0.4, loses 0.4 and not 0.6."""
    found = debtrank(([0], [1], [0.4]), [1, 2], [0, 3])
    assert found.left.tolist() == [0.6, -1]


def test_another_route_to_the_same_share_is_not_added() -> None:
    """C holds 50 of B, B 80 of A; C is also said to hold 60 of A: 60, not 40 + 60."""
    chain = ([1, 2], [0, 1], [0.8, 0.5])
    found = debtrank(chain, [1, 1, 1], [1, 0, 0], repeats=([2], [0], [0.6]))
    assert found.left == pytest.approx([0, 0.2, 0.4])
    less = debtrank(chain, [1, 1, 1], [1, 0, 0], repeats=([2], [0], [0.3]))
    assert less.left == pytest.approx([0, 0.2, 0.6])


def test_a_tiny_shock_grows_to_the_end_where_every_round_makes_it_larger() -> None:
    """B owes A 0.5, A owes B 0.5 and itself 0.5, of equities 1 and 0.5: each round gains."""
    edges = [0, 1, 1], [1, 0, 1], [0.5, 0.5, 0.5]
    found = debtrank(edges, [1, 0.5], [0, 1e-12])
    assert found.settled
    assert found.left == pytest.approx([0.5, -0.25])  # B has nothing left: 0.5 - 0.5 - 0.25


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.floats(0, 0.5), min_size=16, max_size=16),
    st.lists(st.floats(0.5, 3), min_size=4, max_size=4),
    st.lists(st.floats(0, 3), min_size=8, max_size=8),
)
def test_several_shocks_at_once_are_each_alone_and_a_fixpoint(
    amounts: list[float], equity: list[float], lost: list[float]
) -> None:
    held = np.array(amounts).reshape(4, 4)
    holder, asset = np.nonzero(held)
    edges = holder, asset, held[holder, asset]
    before, shocks = np.array(equity), np.array(lost).reshape(4, 2)
    both = debtrank(edges, before, shocks, rounds=2000)
    for column in range(2):
        alone = debtrank(edges, before, shocks[:, column], rounds=2000)
        assert both.left[:, column] == pytest.approx(alone.left, abs=1e-9)
        gone = 1 - np.maximum(alone.left, 0) / before  # the formula, dense
        again = before - shocks[:, column] - held @ gone
        if alone.settled:
            assert alone.left == pytest.approx(again, abs=1e-9)
        assert (alone.left <= before - shocks[:, column] + 1e-12).all()


@pytest.mark.parametrize(
    ("edges", "equity", "said"),
    [
        (([0], [1], [0.5]), [1.0, 0.0], "equity must be above 0"),
        (([0], [1], [-0.5]), [1.0, 1.0], "an exposure is negative"),
    ],
)
def test_what_cannot_be_reckoned_is_refused(
    edges: tuple[list[int], list[int], list[float]], equity: list[float], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        debtrank(edges, equity, [0.0, 0.0])
