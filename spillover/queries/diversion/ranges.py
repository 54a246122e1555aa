"""What follows for sums, differences and ratios, when amounts are known between bounds only?

A bound that is None is not there: nothing is known to limit the amount on that side.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Final, NamedTuple

_ZERO: Final = Fraction(0)


class Range(NamedTuple):
    """An amount between a least and a greatest; None where it has no bound."""

    low: Fraction | None
    high: Fraction | None

    @property
    def known(self) -> bool:
        """Whether both bounds are there."""
        return self.low is not None and self.high is not None


def total(parts: Iterable[Range]) -> Range:
    """The sum of all parts; without parts it is 0."""
    listed = list(parts)
    return Range(_sum(part.low for part in listed), _sum(part.high for part in listed))


def less(first: Range, second: Range) -> Range:
    """The first less the second."""
    return Range(_minus(first.low, second.high), _minus(first.high, second.low))


def over(first: Range, second: Range) -> Range | None:
    """The first over the second, of which neither is negative; None if nothing can be said.

    Where the second can be 0 the ratio has no upper bound.
    """
    if second.high is not None and second.high <= 0:
        return None
    low = _positive(first.low)
    high = None
    if first.high is not None and second.low is not None and second.low > 0:
        high = _positive(first.high) / second.low
    least = low / second.high if second.high is not None else Fraction(0)
    return None if least == 0 and high is None else Range(least, high)


def hull(parts: Iterable[Range]) -> Range:
    """The narrowest range that holds all parts; there is at least one."""
    listed = list(parts)
    lows, highs = [part.low for part in listed], [part.high for part in listed]
    return Range(
        None if None in lows else min(low for low in lows if low is not None),
        None if None in highs else max(high for high in highs if high is not None),
    )


def _positive(value: Fraction | None) -> Fraction:
    return max(value, Fraction(0)) if value is not None else Fraction(0)


def _sum(parts: Iterable[Fraction | None]) -> Fraction | None:
    found = _ZERO
    for part in parts:
        if part is None:
            return None
        if part:  # most flows of most periods are nothing, and adding fractions takes its time
            found = found + part if found else part
    return found


def _minus(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    return None if first is None or second is None else first - second
