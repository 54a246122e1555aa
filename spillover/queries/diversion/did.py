"""Did controlled goods fall or rise more than goods that are not controlled, on the same way?

The logarithm of each good's level before is taken from that after, and the mean over goods that
are not controlled from the mean over those that are. Whatever moves both alike (exchange rates, a
recession, a new railway) drops out. Levels are means over the whole window, one number before and
one after for each good, so that periods that resemble each other do not feign certainty.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean, variance
from typing import Final

from spillover.queries.diversion.change import GoodChange
from spillover.queries.diversion.ranges import Range

LEAST: Final = 2
"""Goods of each kind without which there is no standard error, and no answer."""
THIN: Final = 10
"""Goods of each kind below which the answer calls itself thin."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A difference in differences. An estimate, in floats."""

    effect: float | None
    """Mean log change of controlled goods less that of the others; None: too few goods."""
    error: float | None
    """Its standard error."""
    controlled: int
    """Controlled goods with flows in both windows."""
    others: int
    """Goods that are not controlled, with flows in both windows."""
    begun: int
    """Controlled goods that flow only after the day; a logarithm of nothing does not exist."""
    ended: int
    """Controlled goods that flow only before it."""

    @property
    def percent(self) -> float | None:
        """The effect as a change in percent: controlled goods against the others."""
        return None if self.effect is None else 100 * math.expm1(self.effect)

    @property
    def thin(self) -> bool:
        """Whether few goods carry it."""
        return min(self.controlled, self.others) < THIN


def compare(controlled: Iterable[GoodChange], others: Iterable[GoodChange]) -> Compared:
    """The difference in differences of two kinds of goods on one way.

    The standard error is that of two means with unequal variances: sqrt(s1² / n1 + s2² / n2),
    which is the HC2 error of the regression of the log change on a dummy for controlled goods.
    """
    treated, begun, ended = _changes(controlled)
    control, _, _ = _changes(others)
    effect = error = None
    if min(len(treated), len(control)) >= LEAST:
        effect = fmean(treated) - fmean(control)
        error = math.sqrt(sum(variance(part) / len(part) for part in (treated, control)))
    return Compared(effect, error, len(treated), len(control), begun, ended)


def _changes(flows: Iterable[GoodChange]) -> tuple[Sequence[float], int, int]:
    """Log changes, and how many goods flow only after, or only before."""
    found: list[float] = []
    begun = ended = 0
    for flow in flows:
        if flow.picked.before is None or flow.picked.after is None:
            continue
        before, after = (_middle(level.amount) for level in (flow.picked.before, flow.picked.after))
        if before and after:
            found.append(math.log(after / before))
        begun += bool(after and not before)
        ended += bool(before and not after)
    return found, begun, ended


def _middle(amount: Range) -> Fraction:
    """The middle of an amount; its least where there is no greatest."""
    low = amount.low or Fraction(0)
    return low if amount.high is None else (low + amount.high) / 2
