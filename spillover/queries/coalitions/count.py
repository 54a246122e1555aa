"""What part of a market has a coalition of countries, at least and at most?

A market is counted by country or by firm; one of the counts is taken, and the answer says which.
Firms count for the countries that they are of, by their headquarters. A producer whose country is
not known can be of any member: its share counts at most, and not at least. A region that a source
counts as one can join as one; any member that lies in it can have a part of its share. What the
named producers do not have belongs to nobody who could join.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
import yaml

from spillover.graph.folding import fold
from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Flags, Ints
from spillover.queries.markets.lost import Part, lost
from spillover.queries.markets.market import SIDES, Market, Share

_WIDE: Final = frozenset({"", "world"})
"""Reaches of a market that leave nobody out."""


class Place(NamedTuple):
    """Where a producer is."""

    lands: frozenset[str]
    """Its countries (alpha-2); of a region its own id; none where nobody knows."""
    around: frozenset[str] | None = frozenset()
    """Further countries that can have a part of what it has; None: any."""

    def certain(self, members: AbstractSet[str]) -> bool:
        """Whether it is of these members, and of nobody else."""
        return bool(self.lands) and self.lands <= members

    def possible(self, members: AbstractSet[str]) -> bool:
        """Whether any part of it can be of any of these members."""
        if not members or self.around is None:
            return bool(members)
        return bool((self.lands | self.around) & members)


@dataclass(frozen=True, slots=True)
class Count:
    """One count of a market, with the places of its producers."""

    market: Market
    places: Mapping[int, Place]

    @property
    def players(self) -> tuple[str, ...]:
        """Countries and regions that have a part of it, in order."""
        return tuple(sorted({land for place in self.places.values() for land in place.lands}))

    def touches(self, lands: AbstractSet[str]) -> bool:
        """Whether any producer is of one of these countries, or can be in part."""
        return any(lands & (p.lands | (p.around or frozenset())) for p in self.places.values())

    def cover(self, members: AbstractSet[str]) -> Part:
        """The part that these countries have together."""
        certain = {n for n, place in self.places.items() if place.certain(members)}
        possible = {n for n, place in self.places.items() if place.possible(members)}
        return lost(self.market, certain, possible)

    def covers(self, players: Sequence[str]) -> tuple[Ints, Ints]:
        """The least and the greatest part of every coalition of these countries.

        Bit ``i`` of a coalition's number says whether player ``i`` is in it; the two arrays hold
        2 ** players parts each, the same as :meth:`cover` gives one by one.
        """
        coalition = np.arange(1 << len(players))
        whose = [self._held(share, players, coalition) for share in self.market.shares]
        held = dict(zip(self.market.shares, whose, strict=True))
        low, high, others = (np.zeros(len(coalition), np.int64) for _ in range(3))
        for block in self.market.blocks():
            low += _most([np.where(held[s][0], s.low, 0) for s in block])
            high += _most([np.where(held[s][1], s.high, 0) for s in block])
            hit = np.logical_or.reduce([held[s][1] for s in block])
            others += np.where(hit, 0, max(s.low for s in block))
        again = [share for share in self.market.shares if share.repeats and not share.block]
        if again:
            low = np.maximum(low, _most([np.where(held[s][0], s.low, 0) for s in again]))
            high = np.maximum(high, sum(np.where(held[s][1], s.high, 0) for s in again))
        low = np.minimum(low, WHOLE)
        most = np.minimum(high, WHOLE - np.minimum(others, WHOLE))
        return low, np.maximum(low, most)

    def _held(self, share: Share, players: Sequence[str], coalition: Ints) -> tuple[Flags, Flags]:
        """For each coalition: whether it has the producer for certain, and whether possibly."""
        place = self.places[share.producer]
        bit = {land: 1 << number for number, land in enumerate(players)}
        own = sum(bit.get(land, 0) for land in place.lands)
        known = bool(place.lands) and place.lands <= bit.keys()
        certain = (coalition & own == own) & known
        if place.around is None:
            return certain, coalition > 0
        near = sum(bit.get(land, 0) for land in place.lands | place.around)
        return certain, coalition & near > 0


def _most(columns: Sequence[Ints]) -> Ints:
    found: Ints = np.maximum.reduce(columns)
    return found


def counts(graph: Graph, found: Mapping[int, Sequence[Market]]) -> dict[int, Count]:
    """The count of each product that is taken, with the places of its producers."""
    taken = {product: chosen(markets) for product, markets in found.items()}
    producers = {share.producer for market in taken.values() for share in market.shares}
    entities = graph.store.entities(producers)
    return {
        product: Count(
            market, {s.producer: place(market, entities[s.producer]) for s in market.shares}
        )
        for product, market in taken.items()
    }


def chosen(markets: Iterable[Market]) -> Market:
    """The count that is taken: of the widest reach, with stated shares, by country if there is one.

    Args:
        markets: all counts of one product; there is one at least.
    """
    return min(
        markets,
        key=lambda market: (
            market.reach not in _WIDE,
            not any(share.stated for share in market.shares),
            -SIDES.index(market.side),
            market.reach,
        ),
    )


def place(market: Market, producer: Entity) -> Place:
    """Where a producer of a market is."""
    if producer.countries:
        return Place(frozenset(producer.countries))
    if market.side == "country":
        return Place(frozenset({producer.id}), _regions().get(fold(producer.name)))
    return Place(frozenset(), None)


@cache
def _regions() -> Mapping[str, frozenset[str]]:
    text = files(__package__).joinpath("regions.yml").read_text(encoding="utf-8")
    found: dict[str, list[str]] = yaml.safe_load(text)
    return {name: frozenset(codes) for name, codes in found.items()}
