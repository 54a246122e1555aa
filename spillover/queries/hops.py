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
        others = index.target(at) if channels is _FORWARD else index.source[at]
        columns = (index.low, index.high, index.basis, index.flags)
        rows = map(
            _Said,
            at.tolist(),
            *(column[at].tolist() for column in columns),
            self._when.stale(index, at).tolist(),
        )
        groups: dict[tuple[int, int, int], list[_Said]] = {}
        things = zip(others.tolist(), index.kind[at].tolist(), index.key[at].tolist(), strict=True)
        for thing, said in zip(things, rows, strict=True):
            groups.setdefault(thing, []).append(said)
        return [
            hop
            for (other, kind, _), claims in groups.items()
            for channel in channels[kind]
            if (hop := _hop((entity, other), _NAMES[kind], channel, claims)) is not None
        ]


class _Said(NamedTuple):
    """What one claim says of the strength of a hop."""

    position: int
    low: int
    high: int
    basis: int
    flags: int
    stale: bool


def _hop(ends: tuple[int, int], kind: str, channel: Channel, claims: list[_Said]) -> Hop | None:
    """The hop of one pair on one channel: the hull of the shares that state its weight."""
    asserted = [said for said in claims if not said.flags & DENIES]
    if not asserted:
        return None
    low, high = _share(channel, asserted)
    if len(asserted) < len(claims):
        low = 0
    positions = tuple(said.position for said in claims)
    return Hop(*ends, kind, channel.name, channel.carries, low, high, positions)


def _share(channel: Channel, claims: list[_Said]) -> tuple[int, int]:
    fresh = [said for said in claims if not said.stale]
    if channel.weight is None:
        return (WHOLE if fresh else 0), WHOLE
    bases = [BASES.index(basis) for basis in channel.weight]
    stated = [said for said in fresh if said.basis in bases and not said.flags & UNSTATED]
    if not stated:
        return 0, WHOLE
    # A claim that repeats a chain is another route to the same share: the larger one counts.
    both = ([said for said in stated if said.flags & INDIRECT == flag] for flag in (0, INDIRECT))
    routes = [route for route in both if route]
    low = max(min(said.low for said in route) for route in routes)
    high = max(max(said.high for said in route) for route in routes)
    return low, high
