"""Did a kilogram of a good suddenly cost much more or less than it used to on the same way?

A jump of the unit value (value over weight) can mean another good under the same code, a false
declaration, or a premium for the risk. It is measured against the way's own history by the
median and the median absolute deviation, which one odd year does not move.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from spillover.queries.diversion.flows import Flow, Voice
from spillover.queries.diversion.goods import Good
from spillover.queries.diversion.periods import Span, Window, season

LEAST: Final = 4
"""Periods of history without which nothing is said."""
BOUND: Final = 3.5
"""Robust z from which a value is called a jump (Iglewicz and Hoaglin 1993)."""
_NORMAL: Final = 1.4826
"""Standard deviations of a normal distribution in one median absolute deviation."""
FLOOR: Final = 0.05
"""Least spread of the logarithm: a way of which the price never moved does not make every rise of
some percent a jump."""


@dataclass(frozen=True, slots=True)
class Jump:
    """The unit value of one good on one way in one period, against its own history."""

    exporter: int
    importer: int
    good: Good
    voice: Voice
    period: str
    unit_value: float
    """Per kilogram."""
    usual: float
    """Median of the history."""
    z: float
    history: int
    """Periods of the history."""
    positions: tuple[int, ...]

    @property
    def jumped(self) -> bool:
        """Whether it is beyond the bound."""
        return abs(self.z) >= BOUND


def robust_z(value: float, history: Sequence[float]) -> float:
    """How many robust deviations a value's logarithm lies from the median of others'.

    Raises:
        ValueError: a value is not positive, or there is no history.
    """
    if not history:
        raise ValueError("no history to compare with")
    logs = [math.log(past) for past in history]
    middle = median(logs)
    spread = _NORMAL * median(abs(past - middle) for past in logs)
    return (math.log(value) - middle) / max(spread, FLOOR)


def jumps(rows: Iterable[Flow], window: Window, unit: str) -> tuple[tuple[Jump, ...], int]:
    """Unit values after the day against every period before it, and ways with too short a history.

    Args:
        rows: claims about flows; those without a weight or a value say nothing here.
        window: the day, and how far is looked after it; all history before it counts.
        unit: the currency.

    Returns:
        the largest deviation of each way and good, jump or not, largest first, and how many have
        values, but fewer than :data:`LEAST` periods before.
    """
    ways: dict[tuple[int, int, Good, Voice, str], dict[Span, tuple[float, int]]] = {}
    for row in rows:
        price = _price(row, unit)
        if price is not None:
            way = (row.exporter, row.importer, row.good, row.voice, season(row.days))
            ways.setdefault(way, {}).setdefault(row.days, (price, row.position))
    found: list[Jump] = []
    thin = 0
    for (exporter, importer, good, voice, _), points in sorted(ways.items()):
        history = {span: point for span, point in points.items() if span.last < window.since}
        later = [span for span in sorted(points) if window.side(span) == "after"]
        if not later:
            continue
        if len(history) < LEAST:
            thin += 1
            continue
        past = [price for price, _ in history.values()]
        scores = {span: robust_z(points[span][0], past) for span in later}
        worst = max(later, key=lambda span: abs(scores[span]))
        used = (points[worst][1], *(position for _, position in history.values()))
        found.append(
            Jump(
                *(exporter, importer, good, voice, worst.text, points[worst][0]),
                *(median(past), scores[worst], len(past), tuple(sorted(used))),
            )
        )
    found.sort(key=lambda jump: -abs(jump.z))
    return tuple(found), thin


def _price(row: Flow, unit: str) -> float | None:
    """Value over weight; None where one of them is missing, nothing, or no single number."""
    value, weight, _ = row.amounts
    if row.part or row.denied or value is None or weight is None:
        return None
    if value.unit != unit or weight.unit != "kg" or value.low != value.high:
        return None
    if weight.low != weight.high or not value.low or not weight.low:
        return None
    return float(value.low / weight.low)
