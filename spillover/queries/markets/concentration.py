"""How concentrated is a market, at least and at most: the index of Herfindahl and Hirschman.

The sum of the squares of all shares in percent: 10,000 for one producer alone, near 0 for very
many small ones. Where shares are ranges, or do not add up to the whole, the index is a range, too:
exact fractions that hold for every way in which the unknown can turn out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from typing import Final, NamedTuple

from spillover.graph.stake import WHOLE
from spillover.queries.markets.lost import Part

MOST: Final = 10_000
"""Points of a market with one producer."""
_ALL: Final = Part(WHOLE, WHOLE)
_ROUNDS: Final = 40
"""Splits of ranges in search of the greatest value."""

_Range = tuple[int, int]


class Points(NamedTuple):
    """The index, at least and at most: 0 to 10,000 points."""

    low: Fraction
    high: Fraction


def hhi(parts: Sequence[Part], of: Part = _ALL) -> Points:
    """The index of Herfindahl and Hirschman of a market with these shares.

    What the shares leave of the market belongs to others: to infinitely many small ones at least,
    to one at most. The least value is exact: every share at its least, the remainder in crumbs.
    The greatest is exact where few shares are ranges; elsewhere it is certainly not too small.
    Shares whose least values add up to more than the whole (print rounding) count as printed at
    most, and scaled to the whole at least.

    Args:
        parts: disjoint shares, in millionths of a percent.
        of: what they are shares of, likewise; less than the market where a part of it is lost.

    Raises:
        ValueError: they are shares of nothing.
    """
    if of.high <= 0:
        raise ValueError("a market of which nothing remains has no concentration")
    # Whole numbers of a common measure, so that no share between its ends needs a fraction.
    least_of = max(of.low, 1)
    whole = of.high * least_of
    ranges = [(part.low * least_of, min(part.high * of.high, whole)) for part in parts]
    points = Fraction(MOST, whole * whole)
    least, room = sum(low * low for low, _ in ranges), whole - sum(low for low, _ in ranges)
    if room < 0:
        scaled = Fraction(MOST * least, (whole - room) ** 2)
        return Points(scaled, min(least * points, Fraction(MOST)))
    tight = [(low, min(high, low + room)) for low, high in ranges]
    return Points(least * points, _greatest([*tight, (0, room)], whole) * points)


def _greatest(ranges: list[_Range], whole: int) -> int:
    """The greatest sum of squares of shares in these ranges that add up to the whole.

    A square never lies above the straight line between the squares of the ends of its range. With
    lines for squares, the room that the least shares leave goes where the lines rise most, which
    bounds the sum from above and leaves at most one share between its ends. Its range is split
    there, and both halves are bounded anew, the more promising first, until a bound is reached.
    """
    waiting = [(-_filled(ranges, whole)[0], 0, ranges)]
    for number in range(_ROUNDS):
        bound, _, held = heappop(waiting)
        shares = _filled(held, whole)[1]
        if sum(share * share for share in shares) == -bound:
            return -bound
        for side, half in enumerate(_halves(held, shares)):
            heappush(waiting, (-_filled(half, whole)[0], 2 * number + side + 1, half))
    return -waiting[0][0]


def _filled(ranges: list[_Range], whole: int) -> tuple[int, list[int]]:
    """The greatest sum of the lines, and the shares that reach it."""
    shares = [low for low, _ in ranges]
    total, room = sum(low * low for low in shares), whole - sum(shares)
    for at in sorted(range(len(ranges)), key=lambda at: -sum(ranges[at])):
        low, high = ranges[at]
        taken = min(high - low, room)
        shares[at] += taken
        total += (low + high) * taken
        room -= taken
    return total, shares


def _halves(ranges: list[_Range], shares: list[int]) -> Iterator[list[_Range]]:
    """The ranges with the one split whose share lies between its ends."""
    gaps = [
        (share - low) * (high - share) for (low, high), share in zip(ranges, shares, strict=True)
    ]
    at = gaps.index(max(gaps))
    low, high = ranges[at]
    yield [*ranges[:at], (low, shares[at]), *ranges[at + 1 :]]
    yield [*ranges[:at], (shares[at], high), *ranges[at + 1 :]]
