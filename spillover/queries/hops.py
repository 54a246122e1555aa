"""Where can a shock go next from one entity: its relations, read through the declared channels."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import BASES
from spillover.graph.index import Index
from spillover.graph.schema import FOLLOWERS, KINDS, Channel
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES, INDIRECT, UNSTATED
from spillover.queries.conditions import Conditions

_NAMES: Final = tuple(KINDS)
_FORWARD: Final[tuple[tuple[Channel, ...], ...]] = tuple(
    tuple(channel for channel in kind.channels if channel.forward) for kind in KINDS.values()
)
_BACKWARD: Final[tuple[tuple[Channel, ...], ...]] = tuple(
    tuple(channel for channel in kind.channels if not channel.forward) for kind in KINDS.values()
)


class Hop(NamedTuple):
    """One way on: all claims of one pair and thing, on one channel."""

    source: int
    target: int
    kind: str
    channel: str
    carries: str
    low: int
    high: int
    positions: tuple[int, ...]


class Hops:
    """The ways on from each entity, worked out once."""

    def __init__(self, index: Index, when: Conditions) -> None:
        self._index = index
        self._when = when
        self._known: dict[int, tuple[Hop, ...]] = {}

    def of(self, entity: int, channel: str) -> list[Hop]:
        """Hops from an entity that was reached on this channel (empty for a target)."""
        if entity not in self._known:
            out = self._hops(entity, self._index.out_of(np.array([entity])), _FORWARD)
            into, _ = self._index.into(np.array([entity]))
            self._known[entity] = (*out, *self._hops(entity, into, _BACKWARD))
        hops = self._known[entity]
        return [hop for hop in hops if not channel or hop.channel in FOLLOWERS[channel]]

    def _hops(
        self, entity: int, at: npt.NDArray[Any], channels: tuple[tuple[Channel, ...], ...]
    ) -> list[Hop]:
        index = self._index
        carried = np.array([bool(found) for found in channels])
        at = at[carried[index.kind[at]]]
        at = at[self._when.valid(index, at)]
        forward = channels is _FORWARD
        others = index.target(at) if forward else index.source[at]
        groups: dict[tuple[int, int, int, int], list[int]] = {}
        for position, other in zip(at.tolist(), others.tolist(), strict=True):
            pair, key = int(index.pair[position]), int(index.key[position])
            thing = (other, int(index.kind[position]), pair, key)
            groups.setdefault(thing, []).append(position)
        return [
            hop
            for (other, kind, _, _), positions in groups.items()
            for channel in channels[kind]
            if (hop := self._hop((entity, other), _NAMES[kind], channel, positions)) is not None
        ]

    def _hop(
        self, ends: tuple[int, int], kind: str, channel: Channel, positions: list[int]
    ) -> Hop | None:
        """The hop of one pair on one channel: the hull of the shares that state its weight."""
        index = self._index
        denied = any(index.flags[p] & DENIES for p in positions)
        asserted = [p for p in positions if not index.flags[p] & DENIES]
        if not asserted:
            return None
        low, high = self._share(channel, asserted)
        return Hop(
            *ends, kind, channel.name, channel.carries, 0 if denied else low, high, tuple(positions)
        )

    def _share(self, channel: Channel, positions: list[int]) -> tuple[int, int]:
        if channel.weight is None:
            return WHOLE, WHOLE
        index = self._index
        at = np.array(positions)
        right = np.isin(index.basis[at], [BASES.index(basis) for basis in channel.weight])
        stated = right & (index.flags[at] & UNSTATED == 0) & ~self._when.stale(index, at)
        at = at[stated]
        if not len(at):
            return 0, WHOLE
        # A claim that repeats a chain is another route to the same share: the larger one counts.
        routes = [at[index.flags[at] & INDIRECT == flag] for flag in (0, INDIRECT)]
        lows = [int(index.low[route].min()) for route in routes if len(route)]
        highs = [int(index.high[route].max()) for route in routes if len(route)]
        return max(lows), max(highs)
