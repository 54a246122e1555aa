"""Who stands above or below an entity, over how many steps of ownership and stated control?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from spillover.graph.tables import INDIRECT
from spillover.queries.shocks.hops import Channels, Hop, Hops

Ints = npt.NDArray[np.int64]

HELD = ("ownership", "control")
"""Channels that make a chain of owners."""


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk reached: each entity over the fewest steps, the largest share first.

    A step that only repeats a chain counts as two.
    """

    entities: tuple[int, ...]
    """In order of steps, then of number; those from which it started are not among them."""
    last: dict[int, Hop]
    """The step by which each was reached, from owner to asset."""
    steps: dict[int, int]
    down: bool
    truncated: bool
    """The walk stopped at its limit: others can be missing."""

    def chain(self, entity: int) -> list[Hop]:
        """The steps from the one from which the walk started; empty for itself."""
        found: list[Hop] = []
        while entity in self.last:
            found.append(self.last[entity])
            entity = found[-1].source if self.down else found[-1].target
        return found[::-1]

    def start(self, entity: int) -> int:
        """From whom it was reached."""
        chain = self.chain(entity)
        if not chain:
            return entity
        return chain[0].source if self.down else chain[0].target


def walk(  # noqa: PLR0913 - the first two are the question, the rest by keyword
    channels: Channels,
    starts: Iterable[int],
    *,
    down: bool,
    limit: int,
    max_hops: int,
    closed: Callable[[list[int]], set[int]] = lambda _: set(),
) -> Walk:
    """Walk along chains of owners, by levels; a step that repeats a chain takes two.

    Args:
        channels: those of :data:`HELD`, on a graph under conditions.
        starts: numbers of entities.
        down: from owner to asset; else from asset to owner.
        limit: at most so many entities are reached.
        max_hops: at most so many levels.
        closed: of the entities reached, those from which the walk does not go on.
    """
    seen = set(starts)
    frontier = sorted(seen)
    last: dict[int, Hop] = {}
    steps: dict[int, int] = {}
    postponed: dict[int, Hop] = {}
    for _ in range(max_hops):
        hops = channels.onward(frontier) if down else channels.toward(frontier)
        direct, repeating = _first(channels, hops, seen, down=down)
        # A claim that repeats a chain stands for two steps at least: a chain of two comes first.
        reached = {n: hop for n, hop in postponed.items() if n not in seen} | direct
        postponed = repeating
        for number in sorted(reached):
            if len(last) == limit:
                return Walk(tuple(last), last, steps, down, truncated=True)
            hop = reached[number]
            last[number] = hop
            steps[number] = steps.get(hop.source if down else hop.target, 0) + 1
        seen |= reached.keys()
        frontier = sorted(reached.keys() - closed(list(reached)))
        if not frontier and not postponed:
            break
    return Walk(tuple(last), last, steps, down, truncated=False)


def _first(
    channels: Channels, hops: Hops, seen: set[int], *, down: bool
) -> tuple[dict[int, Hop], dict[int, Hop]]:
    """New entities with the hop of the largest share: direct, and repeating a chain."""
    new, old = (hops.target, hops.source) if down else (hops.source, hops.target)
    index = channels.index
    first = hops.claims[hops.starts[:-1]] if len(hops) else np.empty(0, np.int64)
    repeats = index.flags[first] & INDIRECT != 0
    order = np.lexsort((hops.channel, old, -hops.high, -hops.low, new))
    found: tuple[dict[int, Hop], dict[int, Hop]] = ({}, {})
    for row in order.tolist():
        number, way = int(new[row]), found[int(repeats[row])]
        if number not in seen and number not in way:
            way[number] = hops.hop(row)
    return found
