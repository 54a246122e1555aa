"""Which part of the graph can a shock reach, hop by hop, and what was left out of it?

A path remembers on which channel it arrived, because not every channel continues every other. The
region is therefore a graph of *places*: an entity together with the channel on which it was
reached. A hop leads from every place of its source from which its channel may go on to the one
place of its target on that channel. Starts stand on no channel and are never entered again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from spillover.graph.channels import CHANNELS
from spillover.graph.index import Index
from spillover.graph.tables import DENIES, INDIRECT
from spillover.queries.shocks.hops import Channels, Flags, Hops, Ints
from spillover.queries.shocks.joins import joined

NO_CHANNEL: Final = len(CHANNELS)
"""Code of the channel on which a start stands."""
_WIDTH: Final = NO_CHANNEL + 1
_NO_BLOCK: Final = 2**62


@dataclass(frozen=True, slots=True)
class Region:
    """The places that starts reach, and the hops between them.

    An *arc* is one hop from one place. Places stand in order of entity and channel, hops in order
    of source, target, channel and claims, arcs in order of their hops.
    """

    starts: Ints
    """Numbers of the starts; sorted."""
    backward: bool
    """True: the starts are those who are hit, and every arc runs against its hop."""
    max_hops: int | None
    """Every place is reached by a path of so many hops; longer paths run through them, too."""
    entities: Ints
    """Numbers of all entities; sorted."""
    entity: Ints
    """Entity of each place."""
    channel: Ints
    """Channel of each place (see ``CODES`` in :mod:`spillover.queries.shocks.hops`), or
    :data:`NO_CHANNEL`."""
    hops: Hops
    """Hops between these entities; none of no strength, into a start or back to its own source."""
    forward: Flags
    """Whether each hop runs from the source of its relation to the target."""
    indirect: Flags
    """Whether every claim of each hop repeats a chain of others."""
    block: Ints
    """The block of shares that all claims of each hop report together; 0 for none."""
    allows: Flags
    """By the channel of a place and that of a hop: whether the hop goes on from there."""
    tail: Ints
    """Place that each arc leaves."""
    head: Ints
    """Place that it enters."""
    hop: Ints
    """Row of its hop."""
    left_out: int
    """Entities to which hops lead from here, and which the limit left out with all behind them."""

    @property
    def truncated(self) -> bool:
        """Whether the limit left something out."""
        return self.left_out > 0

    @property
    def left(self) -> Ints:
        """The entity that each hop leaves in the direction of the arcs."""
        return self.hops.target if self.backward else self.hops.source

    @property
    def entered(self) -> Ints:
        """The entity that each hop enters in the direction of the arcs."""
        return self.hops.source if self.backward else self.hops.target


def region(  # noqa: PLR0913 - the first two are the question, the rest by keyword
    channels: Channels,
    starts: Iterable[int],
    *,
    limit: int = 10_000,
    max_hops: int | None = None,
    backward: bool = False,
    repeats: bool = True,
) -> Region:
    """The region that these starts reach, found level by level.

    Args:
        channels: the hops that a shock takes.
        starts: numbers of entities.
        limit: at most so many entities beside the starts are taken. Of the level that would
            exceed it come those of the strongest hops, and nothing is looked for behind it.
        max_hops: only places that so many hops reach; all if None.
        backward: what hits the starts, instead of whom they hit.
        repeats: follow hops, too, of which every claim repeats a chain.
    """
    search = _Search(channels, np.unique(np.fromiter(starts, np.int64)), backward=backward)
    search.repeats = repeats
    depth = 0
    while len(search.waiting) and (max_hops is None or depth < max_hops):
        search.advance(limit)
        depth += 1
    return search.region(max_hops)


class _Search:
    """The state of one search; masks have one bit for each channel."""

    def __init__(self, channels: Channels, starts: Ints, *, backward: bool) -> None:
        self.channels, self.starts, self.backward = channels, starts, backward
        self.repeats = True
        self.allows = _allows(channels.follows, backward=backward)
        self.masks = (self.allows << np.arange(NO_CHANNEL)).sum(axis=1)
        rows = channels.index.rows
        self.member = np.zeros(rows, bool)
        self.member[starts] = True
        self.outside = np.zeros(rows, bool)
        self.reached = np.zeros(rows, np.int64)
        self.expanded = np.zeros(rows, np.int64)
        """Channels of the hops that were taken already from each entity."""
        self.taken = 0
        self.parts: list[Hops] = []
        self.places = [starts * _WIDTH + NO_CHANNEL]
        self.waiting = self.places[0]

    def advance(self, limit: int) -> None:
        """Take the hops that go on from the waiting places; new places wait after that."""
        entity, channel = np.divmod(self.waiting, _WIDTH)
        rows, row = np.unique(entity, return_inverse=True)
        may = np.zeros(len(rows), np.int64)
        np.bitwise_or.at(may, row, self.masks[channel])
        fresh = may & ~self.expanded[rows]
        rows, fresh = rows[fresh > 0], fresh[fresh > 0]
        self.expanded[rows] |= fresh
        found = self.channels.toward(rows) if self.backward else self.channels.onward(rows)
        left, entered = self._ends(found)
        takes = fresh[np.searchsorted(rows, left)] >> found.channel & 1 > 0
        takes &= (found.high > 0) & (left != entered) & ~np.isin(entered, self.starts)
        if not self.repeats:
            takes &= ~_reported(self.channels.index, found)[0]
        self._admit(found, np.flatnonzero(takes), limit)
        kept = found.chosen(np.flatnonzero(takes & self.member[entered]))
        self.parts.append(kept)
        self._enter(kept)

    def _admit(self, found: Hops, rows: Ints, limit: int) -> None:
        """Make entities members, those of the strongest hops first, as far as the limit allows."""
        entered = self._ends(found)[1][rows]
        rows, entered = rows[~self.member[entered]], entered[~self.member[entered]]
        order = np.lexsort((entered, -found.low[rows], -found.high[rows]))
        entered = entered[order]
        _, first = np.unique(entered, return_index=True)
        ranked = entered[np.sort(first)]
        room = max(0, limit - self.taken)
        self.member[ranked[:room]] = True
        self.taken += len(ranked[:room])
        self.outside[ranked[room:]] = True

    def _enter(self, kept: Hops) -> None:
        """Let the places wait that these hops reach for the first time."""
        codes = np.unique(self._ends(kept)[1] * _WIDTH + kept.channel)
        entity, channel = np.divmod(codes, _WIDTH)
        new = self.reached[entity] >> channel & 1 == 0
        np.bitwise_or.at(self.reached, entity[new], 1 << channel[new])
        self.waiting = codes[new]
        self.places.append(self.waiting)

    def _ends(self, hops: Hops) -> tuple[Ints, Ints]:
        return (hops.target, hops.source) if self.backward else (hops.source, hops.target)

    def region(self, max_hops: int | None) -> Region:
        """What was found."""
        hops = _ordered(self.channels, self.parts)
        codes = np.sort(np.concatenate(self.places))
        entity, channel = np.divmod(codes, _WIDTH)
        left, entered = self._ends(hops)
        tail, hop = joined(entity, left)
        goes_on = self.allows[channel[tail], hops.channel[hop]]
        hop, tail = hop[goes_on], tail[goes_on]
        head = np.searchsorted(codes, entered[hop] * _WIDTH + hops.channel[hop])
        return Region(
            self.starts,
            self.backward,
            max_hops,
            np.flatnonzero(self.member),
            entity,
            channel,
            hops,
            _forward(self.channels, hops),
            *_reported(self.channels.index, hops),
            self.allows,
            tail,
            head,
            hop,
            int(self.outside.sum()),
        )


def _allows(follows: Flags, *, backward: bool) -> Flags:
    """Whether a hop goes on from a place: against the hops it is the earlier one of the two."""
    if not backward:
        return follows
    found: Flags = np.concatenate((follows[:NO_CHANNEL].T, np.ones((1, NO_CHANNEL), bool)))
    return found


def _forward(channels: Channels, hops: Hops) -> Flags:
    """Whether each hop is read from the source of its claims to their target."""
    found: Flags = channels.index.source[hops.claims[hops.starts[:-1]]] == hops.source
    return found


def _reported(index: Index, hops: Hops) -> tuple[Flags, Ints]:
    """Whether all claims of each hop that assert it repeat a chain, and the block they share."""
    if not len(hops):
        return np.zeros(0, bool), np.zeros(0, np.int64)
    flags, block = index.flags[hops.claims], index.block[hops.claims].astype(np.int64)
    asserts, starts = flags & DENIES == 0, hops.starts[:-1]
    indirect = np.logical_and.reduceat(~asserts | (flags & INDIRECT != 0), starts)
    least = np.minimum.reduceat(np.where(asserts, block, _NO_BLOCK), starts)
    most = np.maximum.reduceat(np.where(asserts, block, 0), starts)
    return indirect, np.where(least == most, most, 0)


def _ordered(channels: Channels, parts: list[Hops]) -> Hops:
    """All hops of several answers in one order."""
    if not parts:
        return channels.onward(np.empty(0, np.int64))
    hops = Hops.together(parts)
    first = hops.claims[hops.starts[:-1]]
    return hops.chosen(np.lexsort((first, hops.channel, hops.target, hops.source)))
