"""Where can a shock go next: relations read through the declared channels, many entities at once.

All claims of one pair, kind and thing that count on the day make one *hop* on each channel. Its
strength is the hull of the shares that state the channel's weight; a denial lowers it to zero, and
where no share is stated it is 0 to 100 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.channels import CHANNELS, FOLLOWERS, TIES, Channel
from spillover.graph.claims import BASES, KIND_CODES
from spillover.graph.errors import InputError
from spillover.graph.index import Index
from spillover.graph.schema import KINDS
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES, INDIRECT, UNSTATED
from spillover.queries.conditions import Conditions

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CODES: Final = {name: code for code, name in enumerate(CHANNELS)}
"""Number of each channel in the columns of :class:`Hops`."""
SHOCKS: Final = tuple(name for name in CHANNELS if name not in TIES)
"""Channels that a question follows unless it says otherwise."""
_NAMES: Final = tuple(CHANNELS)
_KINDS: Final = tuple(KINDS)
_COLUMNS: Final = ("source", "target", "kind", "channel", "low", "high")
_NONE: Final = len(CHANNELS)
"""Code where a kind has no channel in a direction."""


class Hop(NamedTuple):
    """One way on: all claims of one pair and thing, on one channel."""

    source: int
    """Entity from which the shock comes."""
    target: int
    """Entity that it reaches."""
    kind: str
    channel: str
    carries: str
    """What the hop means: the target ``carries`` the source."""
    low: int
    high: int
    positions: tuple[int, ...]
    """Its claims in the index, denials among them."""


@dataclass(frozen=True, slots=True)
class Hops:
    """Hops as columns, one element for each."""

    source: Ints
    target: Ints
    kind: Ints
    """Code of the kind of relation."""
    channel: Ints
    """Code of the channel (:data:`CODES`)."""
    low: Ints
    """In millionths of a percent."""
    high: Ints
    starts: Ints
    """Where the claims of each begin in ``claims``; one more element than hops."""
    claims: Ints
    """Positions in the index."""

    def __len__(self) -> int:
        return len(self.source)

    @classmethod
    def together(cls, parts: Sequence[Hops]) -> Hops:
        """The hops of all parts, one after another; there is at least one part."""
        ends = np.cumsum([0, *(len(part.claims) for part in parts)])
        begins = [part.starts[:-1] + end for part, end in zip(parts, ends, strict=False)]
        source, target, kind, channel, low, high = (
            np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS
        )
        claims = np.concatenate([part.claims for part in parts])
        starts = np.concatenate([*begins, ends[-1:]])
        return cls(source, target, kind, channel, low, high, starts, claims)

    def chosen(self, rows: Ints) -> Hops:
        """These rows, in this order, with their claims."""
        counts = self.starts[rows + 1] - self.starts[rows]
        starts = np.append(0, np.cumsum(counts))
        at = np.repeat(self.starts[rows] - starts[:-1], counts) + np.arange(starts[-1])
        source, target, kind, channel, low, high = (getattr(self, name)[rows] for name in _COLUMNS)
        return Hops(source, target, kind, channel, low, high, starts, self.claims[at])

    def hop(self, row: int) -> Hop:
        """One of them."""
        kind, channel = _KINDS[self.kind[row]], _NAMES[self.channel[row]]
        claims = self.claims[self.starts[row] : self.starts[row + 1]]
        ends = int(self.source[row]), int(self.target[row])
        share = int(self.low[row]), int(self.high[row])
        return Hop(*ends, kind, channel, _CARRIES[kind, channel], *share, tuple(claims.tolist()))


class _Way(NamedTuple):
    """The channels of one direction along relations, by the code of the kind."""

    forward: bool
    channel: Ints
    """Code of the channel, ``_NONE`` where the kind has none."""
    whole: Flags
    """Whether the whole entity is hit."""
    weighs: Flags
    """By kind and basis: whether a share of that basis is the strength."""


def _way(*, forward: bool) -> _Way:
    channel = np.full(len(KINDS), _NONE)
    whole, weighs = np.zeros(len(KINDS), bool), np.zeros((len(KINDS), len(BASES)), bool)
    for number, kind in enumerate(KINDS.values()):
        declared: list[Channel] = [c for c in kind.channels if c.forward == forward]
        for said in declared:
            channel[number] = CODES[said.name]
            whole[number] = said.weight is None
            weighs[number, [BASES.index(basis) for basis in said.weight or ()]] = True
    return _Way(forward, channel, whole, weighs)


_WAYS: Final = (_way(forward=True), _way(forward=False))
_CARRIES: Final = {
    (kind.name, channel.name): channel.carries
    for kind in KINDS.values()
    for channel in kind.channels
}


class Channels:
    """The channels that a question follows.

    Args:
        index: the arrays of the graph.
        when: day, age and confidence of the claims.
        names: channels to follow; those that carry a shock if none are named.
        kinds: kinds of relation to follow; all if none are named.

    Raises:
        InputError: a channel or a kind that there is not.
    """

    def __init__(
        self, index: Index, when: Conditions, names: Iterable[str] = (), kinds: Iterable[str] = ()
    ) -> None:
        self.index, self.when = index, when
        self.names = _known("channel", names, CHANNELS) or SHOCKS
        self.kinds = _known("kind of relation", kinds, KINDS) or _KINDS
        self._followed = np.isin(np.arange(_NONE + 1), [CODES[name] for name in self.names])
        self._used = np.isin(np.arange(len(KINDS)), [KIND_CODES[name] for name in self.kinds])

    @cached_property
    def follows(self) -> Flags:
        """By the codes of two channels: whether the second may continue a path after the first.

        The row after the last is that of the beginning of a path, which any may continue.
        """
        found = np.zeros((_NONE + 1, _NONE), bool)
        for name, followers in FOLLOWERS.items():
            found[CODES[name], [CODES[follower] for follower in followers]] = True
        found[_NONE] = True
        return found

    def onward(self, entities: npt.ArrayLike) -> Hops:
        """Hops by which a shock leaves these entities, in order of their claims."""
        numbers = np.asarray(entities, np.int64)
        forward, backward = _WAYS
        into, _ = self.index.into(numbers)
        parts = self._hops(forward, self.index.out_of(numbers)), self._hops(backward, into)
        return Hops.together(parts)

    def toward(self, entities: npt.ArrayLike) -> Hops:
        """Hops by which a shock reaches these entities, in order of their claims."""
        numbers = np.asarray(entities, np.int64)
        forward, backward = _WAYS
        into, _ = self.index.into(numbers)
        parts = self._hops(forward, into), self._hops(backward, self.index.out_of(numbers))
        return Hops.together(parts)

    def _hops(self, way: _Way, at: Ints) -> Hops:
        """The hops of claims, read in one direction."""
        index = self.index
        kind = index.kind[at]
        keep = self._followed[way.channel[kind]] & self._used[kind]
        at = at[keep]
        at = at[self.when.valid(index, at)]
        at = at[np.lexsort((at, index.key[at], index.pair[at]))]
        pair, key = index.pair[at], index.key[at]
        new = np.append(True, (pair[1:] != pair[:-1]) | (key[1:] != key[:-1]))[: len(at)]
        group = np.flatnonzero(new)
        if not len(group):
            none = np.empty(0, np.int64)
            return Hops(none, none, none, none, none, none, np.zeros(1, np.int64), none)
        low, high, asserted = self._shares(way, at, group)
        first = at[group]
        ends = index.source[first].astype(np.int64), index.target(first)
        source, target = ends if way.forward else ends[::-1]
        kinds = index.kind[first].astype(np.int64)
        starts = np.append(group, len(at))
        found = Hops(source, target, kinds, way.channel[kinds], low, high, starts, at)
        return found.chosen(np.flatnonzero(asserted))

    def _shares(self, way: _Way, at: Ints, group: Ints) -> tuple[Ints, Ints, Flags]:
        """Least and greatest share of each group of claims, and whether one of them asserts it."""
        index = self.index
        kind, flags = index.kind[at], index.flags[at]
        denial = flags & DENIES != 0
        fresh = ~denial & ~self.when.stale(index, at)
        stated = fresh & (flags & UNSTATED == 0) & way.weighs[kind, index.basis[at]]
        repeats = flags & INDIRECT != 0
        low, high = np.full(len(group), -1), np.full(len(group), -1)
        # A claim that repeats a chain is another route to the same share: the larger one counts.
        for route in (stated & ~repeats, stated & repeats):
            least = np.minimum.reduceat(np.where(route, index.low[at], WHOLE + 1), group)
            most = np.maximum.reduceat(np.where(route, index.high[at], -1), group)
            low = np.maximum(low, np.where(most < 0, -1, least))
            high = np.maximum(high, most)
        unknown, whole = high < 0, way.whole[kind[group]]
        reached = np.logical_or.reduceat(fresh, group)
        low = np.where(unknown, np.where(whole & reached, WHOLE, 0), low)
        high = np.where(unknown, WHOLE, high)
        low[np.logical_or.reduceat(denial, group)] = 0
        return low, high, np.logical_or.reduceat(~denial, group)


def _known(what: str, names: Iterable[str], declared: Iterable[str]) -> tuple[str, ...]:
    known = tuple(declared)
    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        if name not in known:
            raise InputError(f"{what} {name!r} is unknown; there are: {', '.join(known)}")
    return wanted
