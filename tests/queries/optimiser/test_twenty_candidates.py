"""Twenty candidates: the search against all 1,048,576 sets, worked out by arrays of bits."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt
import pytest

from spillover.queries.markets.market import Market, Share
from spillover.queries.markets.struck import Struck
from spillover.queries.optimiser.choosing import cheapest, strongest
from spillover.queries.optimiser.problem import Goal, Picked, Problem
from spillover.queries.optimiser.search import Search
from tests.queries.optimiser.puzzles import GOAL, PERCENT

COUNT = 20
PAIRS = ((0, 1, 20), (2, 3, 21), (4, 5, 22), (0, 6, 23))
"""Two candidates who together own the third."""


def _shares(seed: int) -> dict[int, dict[int, int]]:
    """Whole percents of the goal and of eight other products, at most 100 together."""
    draw = random.Random(seed)  # noqa: S311 - a test needs a seed, not secrecy
    made: dict[int, dict[int, int]] = {}
    for product in range(GOAL, GOAL + 9):
        producers = draw.sample(range(COUNT + 4), 14)
        made[product] = {producer: draw.randint(1, 7) for producer in producers}
    return made


def _problem(shares: dict[int, dict[int, int]]) -> Problem:
    def falls(picked: Picked) -> Struck:
        fallen = picked | {third for one, other, third in PAIRS if {one, other} <= picked}
        return Struck((), None, frozenset(), fallen, fallen)

    markets = {
        product: Market(
            product,
            "firm",
            "",
            tuple(
                Share(producer, percent * PERCENT, percent * PERCENT, True, 0, False, ())
                for producer, percent in sorted(made.items())
            ),
        )
        for product, made in shares.items()
    }
    others = {product: (market,) for product, market in markets.items() if product != GOAL}
    return Problem(COUNT, falls, Goal(GOAL, {GOAL: markets[GOAL]}, None, True), others=others)


Ints = npt.NDArray[np.int64]


def _worths(shares: dict[int, dict[int, int]]) -> tuple[Ints, Ints, Ints]:
    """Effect, collateral and size of every set, the bits of its number being its members."""
    sets = np.arange(1 << COUNT, dtype=np.int64)
    bits = [(sets >> n) & 1 for n in range(COUNT)]
    bits += [bits[one] & bits[other] for one, other, _ in PAIRS]
    none = np.zeros_like(sets)
    lost = {
        product: sum((percent * bits[producer] for producer, percent in made.items()), none)
        for product, made in shares.items()
    }
    collateral = sum((lost[product] for product in lost if product != GOAL), none)
    return lost[GOAL], collateral, sum(bits[:COUNT], none)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_best_of_a_million_sets(seed: int) -> None:
    shares = _shares(seed)
    effect, collateral, size = _worths(shares)
    search = Search(_problem(shares), 120)
    for need in (15, 30):
        able = effect >= need
        least = collateral[able].min()
        fewest = size[able & (collateral == least)].min()
        found = cheapest(search, need * PERCENT)
        assert found is not None
        assert found.proven
        assert search.problem.collateral(found.picked) == least * PERCENT
        assert len(found.picked) == fewest
    cap = 60
    within = collateral <= cap
    best = strongest(search, cap * PERCENT)
    assert best is not None
    assert best.proven
    assert search.problem.reached(best.picked) == effect[within].max() * PERCENT
