"""What is the strongest path to everybody whom a shock reaches from any of several entities?

Best first over places (an entity and the channel on which it was reached). Strengths are products
of exact decimals, so no rounding decides which of two paths is stronger. Since a path never grows
stronger, the first that comes to a place is the strongest one there; where the number of hops (or
the greatest strength) is bounded, a place is entered again by a weaker path that has fewer hops (a
greater strength), because it may still go on where the first may not.

What may follow a hop may follow everything that leads up to it (the table of followers is
transitive), so the strongest of all paths is one that meets nobody twice.
"""

from __future__ import annotations

import decimal
import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.queries.shocks.exact import ALL, at_least, share, times
from spillover.queries.shocks.hops import Channels, Hop
from spillover.queries.shocks.spread import START, Columns, Place, Spread, Ways

Ints = npt.NDArray[np.int64]


class Strength(NamedTuple):
    """Least and greatest product of shares along a path, exact."""

    low: Fraction
    high: Fraction


class _Label(NamedTuple):
    """A path to a place: its last hop and the path before that."""

    place: Place
    strength: decimal.Decimal
    """By which the search goes: least or greatest."""
    other: decimal.Decimal
    """The other of the two."""
    hops: int
    start: int
    before: _Label | None
    columns: Columns | None
    number: int
    """Of the last hop in these columns."""


_Entry = tuple[decimal.Decimal, decimal.Decimal, int, int, _Label, Iterator[_Label]]
"""In the queue: minus both strengths, hops and serial number of a path; the path; and the weaker
paths that part from it at its last place but one."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a search ends."""

    limit: int = 10_000
    """Most places that are entered."""
    least: Fraction = Fraction(0)
    """Paths count whose greatest strength is at least this."""
    max_hops: int | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """The strongest path to each entity that the starts reach (backward: that reaches them).

    The strongest is the one of the greatest *least* strength where that is above zero, else the
    one of the greatest strength; of those that are equal in both the one with the fewest hops.
    """

    entities: tuple[int, ...]
    """Numbers, sorted; the starts are not among them."""
    explored: int
    """How many entities were looked at, the starts among them."""
    bound: Fraction
    """No entity is missing to which a path has a greatest strength above this; 0: none is."""
    surer: Fraction
    """No path is shown in place of one whose least strength is greater, and above this."""
    backward: bool
    _labels: dict[int, tuple[_Label, bool]]

    def strength(self, entity: int) -> Strength:
        """Of the strongest path.

        Raises:
            KeyError: the entity was not reached.
        """
        label, least = self._labels[entity]
        one, other = Fraction(label.strength), Fraction(label.other)
        return Strength(one, other) if least else Strength(other, one)

    def start(self, entity: int) -> int:
        """From which of the starts its path was found."""
        return self._labels[entity][0].start

    def rank(self, entity: int) -> tuple[decimal.Decimal, decimal.Decimal, int, int, int]:
        """By this entities stand in order of strength, then of hops."""
        label, least = self._labels[entity]
        low, high = label.strength.copy_negate(), label.other.copy_negate()
        return (*((low, high) if least else (high, low)), label.hops, entity, label.start)

    def hops(self, entity: int) -> list[Hop]:
        """The path, in the direction of the shock: backward it ends at the start."""
        at: _Label | None = self._labels[entity][0]
        found = []
        while at is not None and at.columns is not None:
            found.append(at.columns.hop(at.number))
            at = at.before
        return found if self.backward else found[::-1]


def search(  # noqa: PLR0913 - the first two are the question, the rest by keyword
    channels: Channels,
    starts: npt.ArrayLike,
    *,
    limit: int = 10_000,
    least: Fraction = Fraction(0),
    max_hops: int | None = None,
    backward: bool = False,
) -> Reached:
    """The strongest path from any of the starts to each entity that they reach.

    Args:
        channels: which channels and kinds of relation are followed, and under which conditions.
        starts: numbers of entities.
        limit: at most so many places are entered, once in order of least strength and once of
            greatest.
        least: only paths whose greatest strength is at least this.
        max_hops: only paths of at most so many hops.
        backward: against the direction of the shock: who hits the starts.
    """
    numbers = sorted(set(np.asarray(starts, np.int64).tolist()))
    bounds = Bounds(limit, least, max_hops)
    return spreading(Spread(channels, backward=backward), numbers, bounds)


def spreading(spread: Spread, starts: list[int], bounds: Bounds) -> Reached:
    """As :func:`search`, on hops that several searches share."""
    spread.expect(starts)
    widest = _Search(spread, starts, bounds, least=False)
    surest = _Search(spread, starts, bounds, least=True)
    labels = {entity: (label, False) for entity, label in widest.best.items()}
    labels |= {entity: (label, True) for entity, label in surest.best.items()}
    bound = widest.cut
    if surest.cut and not bound:
        bound = surest.cut_high
    return Reached(
        tuple(sorted(labels)),
        len(labels) + len(starts),
        Fraction(bound),
        Fraction(surest.cut),
        spread.backward,
        labels,
    )


def greatest(
    spread: Spread, start: int, bounds: Bounds
) -> tuple[dict[Place, decimal.Decimal], decimal.Decimal]:
    """The greatest strength of a path from a start to each place.

    Returns:
        The strength by place, and what a path to any other place can have at most.
    """
    spread.expect([start])
    widest = _Search(spread, [start], replace(bounds, max_hops=None), least=False)
    return widest.entered, widest.cut


class _Search:
    """One search, by least strength or by greatest; it runs when it is made.

    Of the hops that leave a place only the strongest that is left stands in the queue, so that a
    hub costs no more than the hops that are taken from it.
    """

    def __init__(self, spread: Spread, starts: list[int], bounds: Bounds, *, least: bool) -> None:
        self._spread, self._starts, self._bounds, self._least = spread, set(starts), bounds, least
        self._several = bounds.max_hops is not None or (least and bounds.least > 0)
        self._queue: list[_Entry] = []
        self.entered: dict[Place, decimal.Decimal] = {}
        """With which strength a path first came to each place."""
        self._before: dict[Place, list[tuple[decimal.Decimal, int]]] = {}
        self.best: dict[int, _Label] = {}
        """The strongest path to each entity."""
        self.cut = self.cut_high = decimal.Decimal(0)
        """The strength of the strongest path that was left when the search stopped at its limit,
        and the greatest strength that any of those left can have."""
        for serial, start in enumerate(starts):
            label = _Label((start, START), ALL, ALL, 0, start, None, None, 0)
            self._queue.append((*_key(label), serial, label, iter(())))
        self._run(len(starts), bounds.limit + len(starts))

    def _run(self, serial: int, left: int) -> None:
        queue, entered = self._queue, self.entered
        while queue:
            label, beside = queue[0][4:]
            new = label.place not in entered or (self._several and not self._dominated(label))
            if new and not left:
                self._stopped()
                return
            onward = self._enter(label) if new else None
            left -= new
            sibling = next(beside, None)
            if sibling is None:
                heapq.heappop(queue)
            else:
                heapq.heapreplace(queue, (*_key(sibling), serial, sibling, beside))
            child = next(onward, None) if onward else None
            if child is not None and onward is not None:
                heapq.heappush(queue, (*_key(child), serial + 1, child, onward))
            serial += 2

    def _stopped(self) -> None:
        self.cut = self.cut_high = self._queue[0][4].strength
        if self._least:
            # A weaker path that parts from one in the queue can be wider than that one.
            self.cut_high = max((entry[4].before or entry[4]).other for entry in self._queue)

    def _dominated(self, label: _Label) -> bool:
        """Whether a path came to the place before that can be continued at least as far."""
        before = self._before[label.place]
        return any(other >= label.other and hops <= label.hops for other, hops in before)

    def _enter(self, label: _Label) -> Iterator[_Label] | None:
        """The paths on from a place, the strongest first; None where there are none."""
        place, hops = label.place, label.hops
        self.entered.setdefault(place, label.strength)
        if self._several:
            other = label.other if self._least else ALL
            self._before.setdefault(place, []).append((other, hops))
        if hops:
            self.best.setdefault(place[0], label)
        if hops == self._bounds.max_hops:
            return None
        strengths = label.strength, label.other
        ways = self._spread.ways(place, strengths, least=self._least)
        return None if ways is None else self._onward(label, ways)

    def _onward(self, before: _Label, ways: Ways) -> Iterator[_Label]:
        """The paths that a path leads on to by one more hop, but for those that lead nowhere."""
        starts, least, floor = self._starts, self._least, self._bounds.least
        entered = {} if self._several else self.entered
        columns, begin, end = ways
        ends, channels, lows, highs = columns[:4]
        one, other = (lows, highs) if least else (highs, lows)
        _, strength, beside, hops, start, _, _, _ = before
        for number in range(begin, end):
            place = ends[number], channels[number]
            if place in entered or place[0] in starts:
                continue
            label = _Label(
                place,
                times(strength, share(one[number])),
                times(beside, share(other[number])),
                hops + 1,
                start,
                before,
                columns,
                number,
            )
            if not floor or at_least(label.other if least else label.strength, floor):
                yield label
            elif not least:
                return


def _key(label: _Label) -> tuple[decimal.Decimal, decimal.Decimal, int]:
    """The order in which paths are taken."""
    return label.strength.copy_negate(), label.other.copy_negate(), label.hops
