"""Where does a share of what hits an entity go on, hop by hop?

The rows of this map are *gates*: what may go on from an entity through some of its hops. A gate is
open for the places of its entity (see :mod:`spillover.queries.shocks.region`) whose channels may go
before these hops. Hops that the same channels go before share a gate.

A walk does not turn round: what came down a relation does not go back up a relation between the
same two that points the same way. An owner who is hit hits what it owns, but the equity that it
loses thereby is its own loss, told already. Such a hop back has a gate of its own, into which what
came the other way does not enter.

What repeats a chain is not added to the chain: of the hops of one block the largest counts, and
hops that only repeat chains are another way to what the others bring: the larger counts. Whether
several such hops repeat the same chain is not known; the lower bound takes the largest of them,
the upper bound their sum.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.shocks.bounds import Arcs, Reals
from spillover.queries.shocks.hops import Flags, Ints
from spillover.queries.shocks.joins import joined
from spillover.queries.shocks.region import NO_CHANNEL, Region


class _Back(NamedTuple):
    """Pairs of hops of which the second would go back the way of the first."""

    first: Ints
    second: Ints


class _Repeated(NamedTuple):
    """Groups of hops into one place that may report the same."""

    of_hop: Ints
    """Group of each hop; -1 for none."""
    place: Ints
    """Place of each group."""
    plain: Flags
    """Whether one of its hops does not only repeat a chain."""
    indirect: Flags
    """Whether one of its hops does."""


class Spreading:
    """The gates of a region, without shares."""

    def __init__(self, region: Region) -> None:
        self.region = region
        sets, of_channel = np.unique(region.allows, axis=1, return_inverse=True)
        self.places, self.entities = len(region.entity), len(region.entities)
        self.entity = np.searchsorted(region.entities, region.entity)
        place, of_set = np.nonzero(sets[region.channel])
        self.place, self.gate = place, self.entity[place] * sets.shape[1] + of_set
        left = np.searchsorted(region.entities, region.left)
        self.open = self.entities * sets.shape[1]
        """Number of gates that hops share."""
        self.shared = left * sets.shape[1] + of_channel.ravel()[region.hops.channel]
        self.enters = _enters(region)
        back = _back(region)
        self.own, number = np.unique(back.second, return_inverse=True)
        self.barred = _Back(back.first, number)
        self.leaves = self.shared.copy()
        self.leaves[self.own] = self.open + np.arange(len(self.own))
        self.repeated = _repeated(region, self.enters)
        self.start: Reals = (region.channel == NO_CHANNEL).astype(np.float64)

    @cached_property
    def behind(self) -> tuple[Ints, Ints]:
        """Every pair of a shared gate and a hop that enters it; sorted by gate."""
        order = np.argsort(self.enters, kind="stable")
        at, row = joined(self.enters[order], self.place)
        hop, gate = order[at], self.gate[row]
        by_gate = np.lexsort((hop, gate))
        return gate[by_gate], hop[by_gate]

    def with_shares(self, shares: Ints, *, upper: bool) -> Shares:
        """The map of one bound, with one share for each hop, in millionths of a percent."""
        return Shares(self, shares / WHOLE, upper=upper)


class Shares:
    """A map between gates (see :class:`spillover.queries.bounds.Map`)."""

    def __init__(self, spreading: Spreading, weight: Reals, *, upper: bool) -> None:
        self._of, self._weight, self._upper = spreading, weight, upper
        self._barred = spreading.barred
        if upper:
            # Where claims repeat each other, it is not known how much of the rest came back.
            clear = ~np.isin(spreading.enters[self._barred.first], spreading.repeated.place)
            self._barred = _Back(self._barred.first[clear], self._barred.second[clear])

    @property
    def size(self) -> int:
        """Number of gates."""
        return int(self._of.open) + len(self._of.own)

    @property
    def arcs(self) -> int:
        """Number of hops and of the places that gates are open for."""
        return len(self._weight) + len(self._of.place)

    @property
    def linear(self) -> bool:
        """Whether nothing repeats a chain."""
        return not len(self._of.repeated.place)

    def flows(self, value: Reals) -> Reals:
        """What crosses each hop."""
        found: Reals = self._weight * value[self._of.leaves]
        return found

    def arriving(self, value: Reals) -> Reals:
        """What arrives at each place."""
        return self._arrived(self.flows(value))

    def entering(self, value: Reals) -> Reals:
        """What enters each gate."""
        flows = self.flows(value)
        return self._gathered(flows, self._arrived(flows))

    def carries(self, reached: Flags) -> Flags:
        """Which gates something enters, when nothing but these and the starts have anything."""
        made = self._of
        flows: Reals = (reached[made.leaves] & (self._weight > 0)).astype(np.float64)
        made = self._of
        arrived: Reals = made.start + np.bincount(made.enters, flows, made.places)
        found: Flags = self._gathered(flows, arrived) > 0
        return found

    def _arrived(self, flows: Reals) -> Reals:
        made, groups = self._of, self._of.repeated
        if self.linear:
            found: Reals = made.start + np.bincount(made.enters, flows, made.places)
            return found
        plain = np.where(groups.of_hop < 0, flows, 0.0)
        inside = groups.of_hop >= 0
        largest = np.zeros(len(groups.place))
        np.maximum.at(largest, groups.of_hop[inside], flows[inside])
        summed = made.start + np.bincount(made.enters, plain, made.places)
        summed += np.bincount(groups.place, largest * groups.plain, made.places)
        others = np.zeros(made.places)
        (np.add if self._upper else np.maximum).at(others, groups.place, largest * groups.indirect)
        larger: Reals = np.maximum(summed, others)
        return larger

    def _gathered(self, flows: Reals, arrived: Reals) -> Reals:
        made, barred = self._of, self._barred
        entered = np.bincount(made.gate, arrived[made.place], made.open)
        came = np.bincount(barred.second, flows[barred.first], len(made.own))
        others = np.maximum(0.0, entered[made.shared[made.own]] - came)
        # What is left of a difference of equal sums is rounding, and nothing came from elsewhere.
        others[others < _ROUNDING * came] = 0
        return np.concatenate((entered, others))

    def among(self, rows: Ints) -> Arcs:
        """The weights between these gates, which are numbered anew in this order."""
        made = self._of
        place = np.full(self.size, -1)
        place[rows] = np.arange(len(rows))
        gates, hops = made.behind
        shared = np.concatenate((np.arange(made.open), made.shared[made.own]))[rows]
        at, head = joined(gates, shared)
        hop = hops[at]
        tail = place[made.leaves[hop]]
        banned = np.isin(head * len(made.leaves) + hop, self._banned(place))
        kept = (tail >= 0) & ~banned
        return Arcs(tail[kept], head[kept], self._weight[hop[kept]])

    def _banned(self, place: Ints) -> Ints:
        """Codes of the pairs of a numbered gate and a hop that would turn round in it."""
        made = self._of
        head = place[made.open + made.barred.second]
        codes: Ints = head[head >= 0] * len(made.leaves) + made.barred.first[head >= 0]
        return codes


_ROUNDING: Final = 1e-14


def _enters(region: Region) -> Ints:
    """Row of the place that each hop enters."""
    width = NO_CHANNEL + 1
    codes = region.entity * width + region.channel
    found: Ints = np.searchsorted(codes, region.entered * width + region.hops.channel)
    return found


def _repeated(region: Region, enters: Ints) -> _Repeated:
    """Hops of one block into one place are one group; a hop that repeats a chain alone is, too."""
    hops = np.flatnonzero((region.block > 0) | region.indirect)
    block = np.where(region.block[hops] > 0, region.block[hops], -1 - hops)
    keys, first, number = np.unique(
        np.stack((enters[hops], block)), axis=1, return_index=True, return_inverse=True
    )
    of_hop = np.full(len(enters), -1)
    of_hop[hops] = number.ravel()
    plain, indirect = np.zeros(len(first), bool), np.zeros(len(first), bool)
    only = region.indirect[hops]
    plain[of_hop[hops[~only]]], indirect[of_hop[hops[only]]] = True, True
    return _Repeated(of_hop, keys[0], plain, indirect)


def _back(region: Region) -> _Back:
    """Hops that would go back the way of another, over relations that point the same way."""
    hops = region.hops
    low, high = (np.searchsorted(region.entities, end) for end in (region.left, region.entered))
    code = low * len(region.entities) + high
    turned = high * len(region.entities) + low
    # A walk enters along one code and turns round along the other, over the same direction.
    keys, wanted = code * 2 + region.forward, turned * 2 + ~region.forward
    order = np.argsort(keys, kind="stable")
    at, after = joined(keys[order], wanted)
    before = order[at]
    may = region.allows[hops.channel[before], hops.channel[after]]
    return _Back(before[may], after[may])
