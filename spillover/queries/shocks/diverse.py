"""Which are the strongest paths from one entity to another, and which of them really differ?

Simple paths (nobody is met twice) in order of greatest strength, then of hops. The search is led
by what a path can still reach: a search backward from the end says how strong the rest of a path
is at most, so that only partial paths are followed that can still come among the strongest.

Of *diverse* paths, one counts only if it is no variant of a stronger one. Its **inner relations**
are the pairs of neighbours on it, but for the first and the last pair where there are more than
two: every path leaves the one entity and comes to the other somewhere. Two paths are **variants**
of each other if all inner relations of one of them lie on the other.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import Final, NamedTuple

from spillover.graph.stake import WHOLE
from spillover.queries.shocks.exact import at_least, share, times
from spillover.queries.shocks.hops import Hop
from spillover.queries.shocks.search import Bounds, Strength, greatest
from spillover.queries.shocks.spread import START, Columns, Place, Spread

_ONE: Final = Decimal(1)
_NONE: Final = Decimal(0)


class Strongest(NamedTuple):
    """The strongest paths from one entity to another."""

    paths: list[list[Hop]]
    explored: int
    """Partial paths that were looked at."""
    bound: Fraction
    """No path is missing whose greatest strength is above this; 0: none is missing."""


class _Partial(NamedTuple):
    """A path while it is searched: its last hop and the path before that."""

    place: Place
    high: Decimal
    hops: int
    before: _Partial | None
    columns: Columns | None
    number: int

    def met(self) -> set[int]:
        """Everybody on it."""
        found, at = {self.place[0]}, self.before
        while at is not None:
            found.add(at.place[0])
            at = at.before
        return found

    def told(self) -> list[Hop]:
        """Its hops, from the first to the last."""
        found, at = [], self
        while at.before is not None and at.columns is not None:
            found.append(at.columns.hop(at.number))
            at = at.before
        return found[::-1]


def paths_between(
    spreads: tuple[Spread, Spread],
    ends: tuple[int, int],
    bounds: Bounds,
    *,
    wanted: int,
    diverse: bool = False,
) -> Strongest:
    """The strongest simple paths from one entity to another.

    Args:
        spreads: the hops onward, and those backward.
        ends: numbers of the two entities.
        bounds: of each path; at most ``limit`` partial paths are looked at.
        wanted: at most so many paths.
        diverse: without the variants of stronger ones.
    """
    search = _Search(spreads, ends, bounds)
    paths: list[list[Hop]] = []
    for path in search.run():
        hops = path.told()
        if diverse and any(variants(hops, other) for other in paths):
            continue
        if len(paths) == wanted:
            return Strongest(paths, search.explored, Fraction(path.high))
        paths.append(hops)
    return Strongest(paths, search.explored, Fraction(search.cut))


def strength(hops: list[Hop]) -> Strength:
    """The product of the shares of the hops."""
    low = prod((Fraction(hop.low, WHOLE) for hop in hops), start=Fraction(1))
    return Strength(low, prod((Fraction(hop.high, WHOLE) for hop in hops), start=Fraction(1)))


def variants(one: list[Hop], other: list[Hop]) -> bool:
    """Whether all inner relations of one of two paths lie on the other."""
    first, second = _pairs(one), _pairs(other)
    return set(_inner(first)) <= set(second) or set(_inner(second)) <= set(first)


def _pairs(hops: list[Hop]) -> list[tuple[int, int]]:
    return list(pairwise([hops[0].source, *(hop.target for hop in hops)]))


def _inner(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return pairs[1:-1] or pairs


class _Search:
    """The search from one entity to another."""

    def __init__(
        self, spreads: tuple[Spread, Spread], ends: tuple[int, int], bounds: Bounds
    ) -> None:
        self._spread, backward = spreads
        self._start, self._end = ends
        self._bounds = bounds
        self._after, self._elsewhere = greatest(backward, self._end, bounds)
        self._rest: dict[Place, Decimal] = {}
        self.explored = 0
        self.cut = _NONE
        """What the strongest path can have that was left when the search stopped at its limit."""

    def run(self) -> Iterator[_Partial]:
        """The paths in order of greatest strength, then of hops."""
        if self._start == self._end:
            return
        start = _Partial((self._start, START), _ONE, 0, None, None, 0)
        queue = [(_ONE.copy_negate(), 0, 0, start)]
        serial = 1
        while queue:
            best, _, _, path = heapq.heappop(queue)
            if path.place[0] == self._end:
                yield path
                continue
            if self.explored == self._bounds.limit:
                self.cut = best.copy_negate()
                return
            self.explored += 1
            for longer, most in self._longer(path):
                heapq.heappush(queue, (most.copy_negate(), longer.hops, serial, longer))
                serial += 1

    def _longer(self, path: _Partial) -> Iterator[tuple[_Partial, Decimal]]:
        """The paths by one hop longer that may come to the end, and how strong they are there."""
        hops, met, floor = path.hops + 1, path.met(), self._bounds.least
        most = self._bounds.max_hops
        if most is not None and hops > most:
            return
        ways = self._spread.ways(path.place, (path.high, path.high), least=False)
        if ways is None:
            return
        columns, begin, end = ways
        for number in range(begin, end):
            place = columns.ends[number], columns.channels[number]
            if place[0] in met or (hops == most and place[0] != self._end):
                continue
            rest = self._left(place)
            if not rest:
                continue
            high = times(path.high, share(columns.highs[number]))
            at_end = times(high, rest)
            if not floor or at_least(at_end, floor):
                yield _Partial(place, high, hops, path, columns, number), at_end

    def _left(self, place: Place) -> Decimal:
        """How strong the rest of a path from a place can be at most."""
        if place[0] == self._end:
            return _ONE
        found = self._rest.get(place)
        if found is None:
            known = (self._after.get((place[0], c)) for c in self._spread.follows[place[1]])
            found = max((rest or self._elsewhere for rest in known), default=_NONE)
            self._rest[place] = found
        return found
