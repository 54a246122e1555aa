"""What do draws say: percentiles, and which unknown goes with which amount?

Spearman's rank correlation is Pearson's of the ranks, where equals share their mean rank. It sees
every monotone connection, and every amount here is monotone in its unknowns, or nearly: a larger
share of one is a smaller share of the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Final

import numpy as np

from spillover.queries.markets.lost import Part
from spillover.queries.uncertainty.drawing import Reals
from spillover.queries.uncertainty.sampled import Driver, Input, Spread

DRIVERS: Final = 5
"""Most drivers that are told of one amount."""
_STILL: Final = 1e-12
"""What varies by no more than this does not vary."""


def spread(drawn: Reals, bounds: Part) -> Spread:
    """The 5th, 50th and 95th percentile of draws, between neighbours in a straight line."""
    p5, p50, p95 = np.quantile(drawn, (0.05, 0.5, 0.95)).tolist()
    return Spread(p5, p50, p95, bounds)


def varies(drawn: Reals) -> bool:
    """Whether draws differ."""
    return bool(np.ptp(drawn) > _STILL)


def varying(inputs: Iterable[tuple[Input, Reals]]) -> list[tuple[Input, Reals]]:
    """The unknowns whose draws differ."""
    return [(item, drawn) for item, drawn in inputs if varies(drawn)]


def noise(draws: int) -> float:
    """Rank correlations below this come about by chance, if many are looked at: 4 / sqrt(n - 1).

    Without any connection the correlation of ranks has the standard deviation 1 / sqrt(n - 1).
    """
    return 4 / sqrt(draws - 1)


def ranks(drawn: Reals) -> Reals:
    """Ranks about their mean, scaled to length 1; equals share their mean rank."""
    _, place, counts = np.unique(drawn, return_inverse=True, return_counts=True)
    mean = np.cumsum(counts) - (counts - 1) / 2
    centred = mean[place] - (len(drawn) + 1) / 2
    result: Reals = centred / np.linalg.norm(centred)
    return result


class Ranked:
    """The ranks of all unknowns of a sample, worked out once each."""

    def __init__(self, inputs: Sequence[tuple[Input, Reals]]) -> None:
        self._inputs = inputs
        self._ranks: dict[int, Reals] = {}

    def _rank(self, at: int) -> Reals:
        if at not in self._ranks:
            self._ranks[at] = ranks(self._inputs[at][1])
        return self._ranks[at]

    def drivers(self, amount: Reals, among: Sequence[int]) -> tuple[Driver, ...]:
        """The unknowns that go with an amount, the strongest first; none without a spread.

        Args:
            amount: its draws.
            among: which of the unknowns can reach it.
        """
        p5, p95 = np.quantile(amount, (0.05, 0.95))
        if not among or p95 - p5 <= _STILL:
            return ()
        together = np.stack([self._rank(at) for at in among]) @ ranks(amount)
        found = [
            Driver(self._inputs[at][0], rank)
            for at, rank in zip(among, together.tolist(), strict=True)
            if abs(rank) >= noise(len(amount))
        ]
        return tuple(sorted(found, key=lambda one: (-abs(one.rank), one.input))[:DRIVERS])
