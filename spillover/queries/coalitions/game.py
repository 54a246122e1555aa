"""Which smallest coalitions cover a chosen part of a market, and who is pivotal in that?

A coalition of countries wins when it covers the quota: for certain, when it does whatever is
unknown; possibly, when it does for one way in which the unknown can be. Shares of nobody who is
named never join.

The power of a country is its index of Shapley and Shubik, between two bounds. A country decides a
coalition for certain when the coalition covers the quota for certain with it, and for certain does
not without; it can decide one that possibly covers it with the country, and possibly not without.
Whatever the shares are, every coalition that a country decides is of the second kind, and every
one of the first kind it decides: so the index lies between the two counts. Source of the index:
Shapley and Shubik, American Political Science Review 48 (1954).
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Final, Literal, NamedTuple

import numpy as np

from spillover.queries.coalitions.count import Count
from spillover.queries.holdings import Ints
from spillover.queries.methods.voting_power import FEW, count_swings, indices

Said = Literal["yes", "perhaps", "no"]
"""Whether something holds for every, for some or for no way in which the unknown can be."""
LISTED: Final = 12
"""Smallest coalitions that are listed; the others are counted."""
_STEPS: Final = 5_000
"""Coalitions of one size that are looked at where countries are too many to look at all."""


class Smallest(NamedTuple):
    """The coalitions of the fewest countries that cover the quota."""

    size: int | None
    """Countries in each; None: not even all of them together cover it."""
    coalitions: tuple[tuple[str, ...], ...]
    """The first of them, in order."""
    number: int
    """How many there are."""
    complete: bool
    """False: the search was cut short, so that there can be more of this size."""


class Pivot(NamedTuple):
    """How much the cover of a market depends on one country."""

    land: str
    shapley: tuple[Fraction, Fraction] | None
    """Index of power, at least and at most; None where the countries are too many for it."""
    veto: Said
    """Whether nobody covers the quota without it."""


@dataclass(frozen=True, slots=True)
class Game:
    """One count of a market, and the part of it that is to be covered."""

    count: Count
    quota: int
    """In millionths of a percent; above 0."""
    players: tuple[str, ...]
    table: tuple[Ints, Ints] | None
    """Least and greatest cover of every coalition; None where the countries are too many."""

    @classmethod
    def of(cls, count: Count, quota: int) -> Game:
        """The game of a count."""
        players = count.players
        few = len(players) <= FEW
        return cls(count, quota, players, count.covers(players) if few else None)

    def covers(self, members: AbstractSet[str]) -> Said:
        """Whether these countries cover the quota."""
        part = self.count.cover(members)
        return said(certain=part.low >= self.quota, possible=part.high >= self.quota)

    def pivotal(self, members: AbstractSet[str], leaving: AbstractSet[str]) -> Said:
        """Whether members cover the quota that do not without those who leave."""
        if not any(self._any(land) for land in leaving):
            return "no"
        before, after = self.count.cover(members), self.count.cover(members - leaving)
        certain = before.low >= self.quota > after.high
        return said(certain=certain, possible=before.high >= self.quota > after.low)

    def smallest(self, *, certain: bool) -> Smallest:
        """The coalitions of the fewest countries that cover the quota, for certain or possibly."""
        if self.table is None:
            return searched(self, certain=certain)
        won = np.flatnonzero(self.table[not certain] >= self.quota)
        if not len(won):
            return Smallest(None, (), 0, complete=True)
        sizes = np.bitwise_count(won)
        least = int(sizes.min())
        found = sorted(self._members(number) for number in won[sizes == least].tolist())
        return Smallest(least, tuple(found[:LISTED]), len(found), complete=True)

    def _members(self, coalition: int) -> tuple[str, ...]:
        return tuple(land for bit, land in enumerate(self.players) if coalition >> bit & 1)

    def pivots(self) -> tuple[Pivot, ...]:
        """Every country with a part of the market, the most powerful first."""
        every = frozenset(self.players)
        possible = self.count.cover(every).high >= self.quota
        powers = self._powers()
        found = [
            Pivot(land, power, self._veto(every - {land}) if possible else "no")
            for land, power in zip(self.players, powers, strict=True)
        ]
        return tuple(sorted(found, key=_rank))

    def _veto(self, others: frozenset[str]) -> Said:
        part = self.count.cover(others)
        return said(certain=part.high < self.quota, possible=part.low < self.quota)

    def _powers(self) -> list[tuple[Fraction, Fraction]] | list[None]:
        if self.table is None:
            return [None] * len(self.players)
        low, high = (cover >= self.quota for cover in self.table)
        least, most = count_swings(low, high), count_swings(high, low)
        return [
            (indices(sure, 0).shapley, indices(can, 0).shapley if self._any(land) else Fraction(0))
            for land, sure, can in zip(self.players, least, most, strict=True)
        ]

    def _any(self, land: str) -> bool:
        """Whether the country can have any part of the market at all."""
        return any(
            share.high and self.count.places[share.producer].possible({land})
            for share in self.count.market.shares
        )


def said(*, certain: bool, possible: bool) -> Said:
    """What holds for certain, or possibly."""
    if certain:
        return "yes"
    return "perhaps" if possible else "no"


def _rank(pivot: Pivot) -> tuple[Fraction, Fraction, str]:
    low, high = pivot.shapley or (Fraction(0), Fraction(0))
    return -high, -low, pivot.land


def searched(game: Game, *, certain: bool) -> Smallest:
    """The same as :meth:`Game.smallest`, looked for size by size from the largest shares down.

    What a coalition covers is at most what its members could each cover; coalitions that cannot
    reach the quota so are left out unlooked at.
    """
    end = "low" if certain else "high"
    potential: dict[str, int] = dict.fromkeys(game.players, 0)
    unplaced = 0
    for share in game.count.market.shares:
        place = game.count.places[share.producer]
        near = place.lands if certain else place.lands | (place.around or frozenset())
        for land in near & potential.keys():
            potential[land] += getattr(share, end)
        unplaced += share.high if place.around is None and not certain else 0
    order = sorted(game.players, key=lambda land: (-potential[land], land))
    weights = [potential[land] for land in order]
    for size in range(1, len(order) + 1):
        tried = islice(_hopeful(weights, size, game.quota - unplaced), _STEPS + 1)
        found, steps = [], 0
        for places in tried:
            steps += 1
            members = frozenset(order[place] for place in places)
            if getattr(game.count.cover(members), end) >= game.quota:
                found.append(tuple(sorted(members)))
        if found or steps > _STEPS:
            complete = steps <= _STEPS
            return Smallest(size, tuple(sorted(found)[:LISTED]), len(found), complete)
    return Smallest(None, (), 0, complete=True)


def _hopeful(weights: list[int], size: int, needed: int) -> Iterator[tuple[int, ...]]:
    """Places of so many weights, which fall, that sum to what is needed."""

    def grown(taken: tuple[int, ...], start: int, missing: int) -> Iterator[tuple[int, ...]]:
        left = size - len(taken)
        if not left:
            yield taken
            return
        for place in range(start, len(weights) - left + 1):
            if sum(weights[place : place + left]) < missing:
                return
            yield from grown((*taken, place), place + 1, missing - weights[place])

    return grown((), 0, needed)
