"""Over which places and relations do routes lead from targets to subjects?

The nodes are the places of a region (:mod:`spillover.queries.shocks.region`) from which a subject
can be reached. Where paths may have only so many hops, a node is a place together with the number
of hops before it, so that every route through the nodes is short enough. Many nodes are one entity,
and many arcs are one relation: all claims of one pair and kind, in both directions and for all
products. Removing an entity or a relation removes all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from spillover.graph.index import Index
from spillover.queries.shocks.hops import Flags, Ints
from spillover.queries.shocks.region import NO_CHANNEL, Region

_FAR = 10**9


@dataclass(frozen=True)
class Routes:
    """Nodes and arcs on routes from starts to subjects; arcs in order of their tails."""

    entity: Ints
    """Entity of each node."""
    starts: Flags
    """Which nodes are starts."""
    ends: Flags
    """Which nodes are subjects."""
    tail: Ints
    head: Ints
    hop: Ints
    """Row of each arc's hop in the region."""
    relation: Ints
    """The relation of each arc, by the number that the index gives its claims (``pair``)."""

    @cached_property
    def _out(self) -> Ints:
        return np.searchsorted(self.tail, np.arange(len(self.entity) + 1))

    def route(self, entities: Ints | None = None, relations: Ints | None = None) -> Ints | None:
        """The arcs of a route of the fewest hops; None when there is none.

        Args:
            entities: it passes none of these.
            relations: it crosses none of these.
        """
        open_node = np.ones(len(self.entity), bool)
        if entities is not None:
            open_node = ~np.isin(self.entity, entities)
        open_arc = open_node[self.tail] & open_node[self.head]
        if relations is not None:
            open_arc &= ~np.isin(self.relation, relations)
        came = np.full(len(self.entity), -1)
        seen = self.starts.copy()
        frontier = np.flatnonzero(seen)
        while len(frontier):
            arcs = _ranges(self._out, frontier)
            arcs = arcs[open_arc[arcs]]
            arcs = arcs[~seen[self.head[arcs]]]
            frontier, first = np.unique(self.head[arcs], return_index=True)
            came[frontier], seen[frontier] = arcs[first], True
            arrived = frontier[self.ends[frontier]]
            if len(arrived):
                return self._back(came, int(arrived[0]))
        return None

    def _back(self, came: Ints, node: int) -> Ints:
        found = []
        while came[node] >= 0:
            found.append(int(came[node]))
            node = int(self.tail[came[node]])
        return np.array(found[::-1], np.int64)

    def lengths(self) -> Ints:
        """Hops of the shortest route over each arc."""
        size = len(self.entity)
        since = _distance(size, self.tail, self.head, self.starts)
        to = _distance(size, self.head, self.tail, self.ends)
        found: Ints = since[self.tail] + 1 + to[self.head]
        return found

    def passed(self, arcs: Ints) -> Ints:
        """The entities between the ends of a route, in its order."""
        found: Ints = self.entity[self.head[arcs[:-1]]]
        return found


def routes(index: Index, region: Region, subjects: Ints) -> Routes:
    """The routes from the starts of a region to any of these entities."""
    ends = np.isin(region.entity, subjects) & (region.channel != NO_CHANNEL)
    starts = region.channel == NO_CHANNEL
    # A route ends where it first meets a subject.
    arcs = np.flatnonzero(~ends[region.tail])
    tail, head = region.tail[arcs], region.head[arcs]
    since = _distance(len(ends), tail, head, starts)
    to = _distance(len(ends), head, tail, ends)
    most = region.max_hops
    if most is None or most >= len(ends):
        taken, width = np.flatnonzero((since[tail] < _FAR) & (to[head] < _FAR)), 1
        tail, head = tail[taken], head[taken]
    else:
        width = most + 1
        taken, depth = _layers(since[tail], to[head], most)
        tail, head = tail[taken] * width + depth, head[taken] * width + depth + 1
    nodes, order = np.unique(np.concatenate((tail, head))), np.lexsort((head, tail))
    tail, head = np.searchsorted(nodes, tail[order]), np.searchsorted(nodes, head[order])
    place, hop = nodes // width, region.hop[arcs[taken[order]]]
    pair = index.pair[region.hops.claims[region.hops.starts[:-1]]].astype(np.int64)
    return Routes(region.entity[place], starts[place], ends[place], tail, head, hop, pair[hop])


def _layers(since: Ints, to: Ints, most: int) -> tuple[Ints, Ints]:
    """Every arc for each number of hops after which it may be taken: its row, and the number.

    Args:
        since: fewest hops before each arc.
        to: fewest hops after it.
        most: hops of a path at most.
    """
    rows = [np.flatnonzero((since <= depth) & (to < most - depth)) for depth in range(most)]
    depths = [np.full(len(some), depth) for depth, some in enumerate(rows)]
    none = np.empty(0, np.int64)
    return np.concatenate([none, *rows]), np.concatenate([none, *depths])


def _distance(size: int, tail: Ints, head: Ints, sources: Flags) -> Ints:
    """Fewest arcs from any source to each node."""
    found = np.where(sources, 0, _FAR)
    reached, steps = sources, 0
    while True:
        steps += 1
        following = np.zeros(size, bool)
        following[head[reached[tail]]] = True
        reached = following & (found == _FAR)
        if not reached.any():
            return found
        found[reached] = steps


def _ranges(starts: Ints, rows: Ints) -> Ints:
    first = starts[rows]
    counts = starts[rows + 1] - first
    found: Ints = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    return found


def narrowed(region: Region, subjects: Ints) -> Region:
    """The part of a region from which any of these entities can be reached.

    Their total exposure is the same in it: every place before a hop that is kept is kept.
    """
    ends = np.isin(region.entity, subjects)
    near = _distance(len(ends), region.head, region.tail, ends) < _FAR
    near |= region.channel == NO_CHANNEL
    arcs = np.flatnonzero(near[region.tail] & near[region.head])
    hops, hop = np.unique(region.hop[arcs], return_inverse=True)
    nodes = np.flatnonzero(near)
    tail, head = (np.searchsorted(nodes, end[arcs]) for end in (region.tail, region.head))
    return Region(
        region.starts,
        region.backward,
        region.max_hops,
        np.unique(region.entity[nodes]),
        region.entity[nodes],
        region.channel[nodes],
        region.hops.chosen(hops),
        region.forward[hops],
        region.indirect[hops],
        region.block[hops],
        region.allows,
        tail,
        head,
        hop,
        region.left_out,
    )
