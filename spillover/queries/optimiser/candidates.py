"""Who can be designated: those who make a product, those who own them, and whole countries?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.tables import DENIES
from spillover.queries.conditions import Conditions
from spillover.queries.markets.market import Market
from spillover.queries.markets.struck import Struck, struck
from spillover.queries.optimiser.problem import Fallen, Picked, Spared


class Candidate(NamedTuple):
    """An entity that can be designated, or a country that can be cut off."""

    entity: int
    """Its number; -1 for a country."""
    code: str = ""
    """The country (alpha-2, lower case)."""


def makers(graph: Graph, markets: Iterable[Market]) -> list[Candidate]:
    """The firms in these markets."""
    numbers = {share.producer for market in markets for share in market.shares}
    entities = graph.store.entities(numbers)
    return [Candidate(n) for n in sorted(numbers) if entities[n].schema != "Country"]


def owners(graph: Graph, when: Conditions, firms: Iterable[int], levels: int) -> list[Candidate]:
    """Those who hold a share in these firms on the day, up to so many levels above them."""
    index = graph.index
    known = new = np.unique(np.fromiter(firms, np.int64))
    for _ in range(levels):
        at, _about = index.into(new)
        keep = (index.kind[at] == KIND_CODES["OWNS"]) & (index.flags[at] & DENIES == 0)
        at = at[keep]
        new = np.setdiff1d(index.source[at[when.valid(index, at)]], known)
        known = np.union1d(known, new)
    entities = graph.store.entities(known.tolist())
    return [Candidate(n) for n in known.tolist() if entities[n].schema != "Country"]


def countries(graph: Graph, markets: Iterable[Market]) -> list[Candidate]:
    """The countries of those in these markets."""
    numbers = {share.producer for market in markets for share in market.shares}
    entities = graph.store.entities(numbers)
    codes = {code for number in numbers for code in entities[number].countries}
    return [Candidate(-1, code) for code in sorted(codes)]


def named(graph: Graph, names: Iterable[str]) -> list[Candidate]:
    """Those whom somebody names; a country stands for all that is of it.

    Raises:
        NotFoundError, AmbiguousError: a name.
    """
    numbers = graph.find(names)
    entities = graph.store.entities(numbers)
    return [
        Candidate(-1, entities[number].countries[0])
        if entities[number].schema == "Country" and entities[number].countries
        else Candidate(number)
        for number in numbers
    ]


class Felling:
    """Who falls with a set of candidates."""

    def __init__(
        self, graph: Graph, when: Conditions, candidates: Iterable[Candidate], rule: str
    ) -> None:
        self.candidates = tuple(candidates)
        self._graph, self._when, self._rule = graph, when, rule
        numbers = [item.entity for item in self.candidates if item.entity >= 0]
        self._ids = {n: entity.id for n, entity in graph.store.entities(numbers).items()}
        self.joint = any(item.code for item in self.candidates) or (
            bool(rule) and self._holding(numbers)
        )
        """Whether somebody can fall with several whom none of them fells alone."""

    def _holding(self, numbers: list[int]) -> bool:
        """Whether any of these has a relation other than what it makes."""
        index = self._graph.index
        at = index.out_of(np.array(sorted(numbers), np.int64))
        return bool((index.kind[at] != KIND_CODES["PRODUCES"]).any())

    def __call__(self, picked: Picked) -> Struck:
        """Those who fall."""
        ids, codes = self.split(picked)
        if not self.joint:
            numbers = frozenset(self.candidates[n].entity for n in picked)
            return Struck(tuple(sorted(numbers)), None, frozenset(), numbers, numbers)
        return struck(self._graph, self._when, ids, rule=self._rule, countries=codes)

    def split(self, picked: Picked) -> tuple[list[str], list[str]]:
        """Ids of the entities, and codes of the countries, among these candidates."""
        chosen = [self.candidates[n] for n in sorted(picked)]
        ids = [self._ids[item.entity] for item in chosen if item.entity >= 0]
        return ids, [item.code for item in chosen if item.code]


def of_countries(graph: Graph, producers: Iterable[int], codes: Iterable[str]) -> Spared:
    """Producers that are of these countries alone, and those that are or can be of one of them.

    Of whom nobody says the country, can be of any.
    """
    wanted = frozenset(code.lower() for code in codes)
    lands = {n: {*entity.countries} for n, entity in graph.store.entities(set(producers)).items()}
    certain = {number for number, land in lands.items() if land and land <= wanted}
    possible = {number for number, land in lands.items() if not land or land & wanted}
    return Spared(Fallen(frozenset(certain), frozenset(possible)), wanted)
