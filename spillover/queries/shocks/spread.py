"""Which hops lead on from a place, the strongest first, worked out for many places at once.

A *place* is an entity and the channel on which a path came there, because the channel decides
which may continue. Places from which the same channels go on share their hops.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.channels import CHANNELS
from spillover.graph.stake import WHOLE
from spillover.queries.shocks.hops import CODES, Channels, Hop, Hops

START: Final = len(CHANNELS)
"""Code of the channel of a place where a path begins."""
AT_ONCE: Final = 512
"""So many entities are read at once: a call costs hardly more for all of them than for one."""
_NOTED: Final = 20_000
"""Of the hops that were read together so many far ends at most are noted."""
_NAMES: Final = tuple(CHANNELS)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Place = tuple[int, int]
"""An entity and the code of the channel on which it was reached."""


class Columns(NamedTuple):
    """Hops that were read together, those of each entity in the order in which a search takes them.

    Of equally strong ones the order is that of their claims.
    """

    ends: list[int]
    """The entity to which each leads."""
    channels: list[int]
    """Codes."""
    lows: list[int]
    """In millionths of a percent."""
    highs: list[int]
    rows: list[int]
    hops: Hops
    """Where these rows stand."""

    def hop(self, number: int) -> Hop:
        """One of them in full."""
        return self.hops.hop(self.rows[number])


Ways = tuple[Columns, int, int]
"""The hops from one place: columns, the first of them there, and the first after them."""


class Waiting(NamedTuple):
    """Entities whose hops may have to be read, and about how strongly they were reached."""

    entity: Ints
    low: Floats
    high: Floats

    def part(self, rows: Ints | Flags) -> Waiting:
        """Some of them."""
        return Waiting(self.entity[rows], self.low[rows], self.high[rows])

    def strongest(self, count: int, *, least: bool) -> tuple[Waiting, Waiting]:
        """So many of the strongest, and the others."""
        if len(self.entity) <= count:
            return self, _NOBODY
        order = np.argpartition(-(self.low if least else self.high), count)
        return self.part(order[:count]), self.part(order[count:])


_NOBODY: Final = Waiting(np.empty(0, np.int64), np.empty(0), np.empty(0))


def _joined(parts: list[Waiting]) -> Waiting:
    return Waiting(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


class Spread:
    """The hops along which searches spread, each read once.

    Along with the hops of one place those of others are read for which a search will probably ask
    soon: the best of the entities at the far ends of what was read before, by rounded strengths.
    That decides how early hops are read, and nothing else.

    Args:
        channels: channels, kinds of relation and conditions of the question.
        backward: against the direction of the shock, to whatever hits an entity.
        at_once: of how many entities the hops are read at once.
    """

    def __init__(
        self, channels: Channels, *, backward: bool = False, at_once: int = AT_ONCE
    ) -> None:
        follows = channels.follows[:START].T if backward else channels.follows[:START]
        followed = set(channels.names)
        onward = [{_NAMES[code] for code in np.flatnonzero(row)} & followed for row in follows]
        self._onward = [tuple(sorted(names)) for names in (*onward, followed)]
        self.follows = [[CODES[name] for name in names] for names in self._onward]
        """By the code of a channel: those that may go on after it, of all that are followed."""
        self._channels, self.backward, self._at_once = channels, backward, at_once
        self._readers: dict[tuple[str, ...], _Reader] = {}
        self._of = [self._reader(names) for names in self._onward]

    def ways(self, place: Place, strengths: tuple[Decimal, Decimal], *, least: bool) -> Ways | None:
        """The hops from a place; None where no channel goes on.

        Args:
            place: an entity, and the channel on which it was reached.
            strengths: with which it was reached: the one by which the search goes, and the other.
            least: in order of least strength, those left out that have none; else of greatest.
        """
        entity, channel = place
        reader = self._of[channel]
        if reader is None:
            return None
        block = reader.known.get(entity)
        if block is None:
            block = self._read(reader, entity, strengths, least=least)
        return block.ways(entity, least=least)

    def expect(self, starts: Iterable[int]) -> None:
        """Say from where a search will start."""
        reader, entities = self._of[START], np.array(list(starts), np.int64)
        if reader is not None:
            reader.expect(Waiting(entities, *np.ones((2, len(entities)))))

    def _reader(self, names: tuple[str, ...]) -> _Reader | None:
        if names and names not in self._readers:
            known = self._channels
            chosen = Channels(known.index, known.when, names, known.kinds)
            self._readers[names] = _Reader(chosen, backward=self.backward)
        return self._readers.get(names)

    def _read(
        self, reader: _Reader, entity: int, strengths: tuple[Decimal, Decimal], *, least: bool
    ) -> _Block:
        low, high = map(float, strengths if least else strengths[::-1])
        needed = Waiting(np.array([entity]), np.array([low]), np.array([high]))
        # The further a search has come, the more it will ask for: fewer and larger readings.
        count = max(self._at_once, len(reader.known) // 32) - 1
        asked = _joined([needed, reader.soonest(count, least=least)])
        block = reader.read(asked.entity)
        beyond = block.beyond(asked)
        for onward in self._readers.values():
            leads = [code for code in range(START) if self._of[code] is onward]
            onward.expect(beyond.part(np.isin(block.hops.channel, leads)))
        return block


class _Block:
    """Hops that were read together."""

    def __init__(self, hops: Hops, near: Ints, far: Ints) -> None:
        self.hops, self.near, self.far = hops, near, far
        self._ordered: dict[bool, tuple[Columns, dict[int, tuple[int, int]]]] = {}

    def ways(self, entity: int, *, least: bool) -> Ways:
        """The hops of one of the entities that were read."""
        found = self._ordered.get(least)
        if found is None:
            found = self._ordered[least] = self._in_order(least=least)
        columns, parts = found
        return (columns, *parts.get(entity, (0, 0)))

    def beyond(self, asked: Waiting) -> Waiting:
        """The far end of each hop, and about how strongly it is reached."""
        order = np.argsort(asked.entity)
        row = order[np.searchsorted(asked.entity, self.near, sorter=order)]
        low, high = asked.low[row] * self.hops.low / WHOLE, asked.high[row] * self.hops.high / WHOLE
        return Waiting(self.far, low, high)

    def _in_order(self, *, least: bool) -> tuple[Columns, dict[int, tuple[int, int]]]:
        hops, near = self.hops, self.near
        first, second = (hops.low, hops.high) if least else (hops.high, hops.low)
        order = np.lexsort((-second, -first, near))
        order = order[((first > 0) & (near != self.far))[order]]
        ends, channels, lows, highs = (
            column[order].tolist() for column in (self.far, hops.channel, hops.low, hops.high)
        )
        entities, begin = np.unique(near[order], return_index=True)
        parts = zip(begin.tolist(), [*begin[1:].tolist(), len(order)], strict=False)
        return (
            Columns(ends, channels, lows, highs, order.tolist(), hops),
            dict(zip(entities.tolist(), parts, strict=True)),
        )


class _Reader:
    """The hops on some channels, each read once."""

    def __init__(self, channels: Channels, *, backward: bool) -> None:
        self._channels, self._backward = channels, backward
        self.known: dict[int, _Block] = {}
        """By entity: the hops that were read with its own."""
        self._unread = np.ones(channels.index.rows, bool)
        self._waiting: list[Waiting] = []

    def read(self, entities: Ints) -> _Block:
        """Read the hops of these entities."""
        numbers = np.array(sorted(set(entities.tolist())), np.int64)
        if self._backward:
            hops = self._channels.toward(numbers)
            block = _Block(hops, hops.target, hops.source)
        else:
            hops = self._channels.onward(numbers)
            block = _Block(hops, hops.source, hops.target)
        self.known |= dict.fromkeys(numbers.tolist(), block)
        self._unread[numbers] = False
        return block

    def expect(self, entities: Waiting) -> None:
        """Note entities about whose hops it may be asked; of very many the strongest."""
        unread = entities.part(self._unread[entities.entity])
        if len(unread.entity):
            self._waiting.append(unread.strongest(_NOTED, least=False)[0])

    def soonest(self, count: int, *, least: bool) -> Waiting:
        """The strongest of those that were noted and not yet read; they are noted no more."""
        waiting = _joined([_NOBODY, *self._waiting])
        chosen, left = waiting.part(self._unread[waiting.entity]).strongest(count, least=least)
        self._waiting = [left]
        return chosen
