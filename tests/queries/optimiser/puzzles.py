"""Random problems for the optimiser, and the worth of every set of candidates by brute force."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.markets.chain import Arc, Chain, carried
from spillover.queries.markets.hit import hit, part_lost
from spillover.queries.markets.lost import Part, lost
from spillover.queries.markets.market import SIDES, Market, Share
from spillover.queries.markets.struck import Struck
from spillover.queries.optimiser.problem import Fallen, Goal, Picked, Problem, Spared

GOAL = 100
"""Number of the product that is to be cut."""
INPUT, KIND, OTHER = 101, 102, 103
PERCENT = WHOLE // 100


class Puzzle(NamedTuple):
    """A problem as plain data."""

    candidates: int
    clauses: tuple[tuple[int, Picked, bool], ...]
    """A producer falls with all of a set: for certain, or only possibly."""
    markets: dict[int, Market]
    arcs: tuple[Arc, ...] | None
    sure: bool
    spared: Spared | None
    countries: Picked
    """Candidates that are countries."""
    unplaced: frozenset[int]
    """Producers of which nobody states the country."""

    def fallen(self, picked: Picked) -> Struck:
        """Candidates and those whose clauses are met; clauses speak of candidates only."""
        possible = picked | {p for p, needed, _ in self.clauses if needed <= picked}
        certain = picked | {p for p, needed, sure in self.clauses if sure and needed <= picked}
        states = picked & self.countries
        codes = frozenset(f"c{number}" for number in states)
        unplaced = self.unplaced - possible if states else frozenset()
        return Struck((), None, codes, certain, possible, states, unplaced)

    def problem(self) -> Problem:
        """The problem as the search takes it."""
        goal = {p: m for p, m in self.markets.items() if self.arcs is not None or p == GOAL}
        chain = None
        if self.arcs is not None:
            chain = Chain((GOAL, INPUT, KIND), self.arcs, 0)
        own = {p: m for p, m in goal.items() if chain is None or p in chain.products}
        others = {p: (m,) for p, m in self.markets.items() if p != GOAL or self.spared}
        return Problem(
            self.candidates,
            self.fallen,
            Goal(GOAL, own, chain, self.sure),
            others=others,
            spared=self.spared,
        )

    def worth(self, picked: Picked) -> tuple[int, int]:
        """Effect and collateral of a set, from the definitions."""
        fallen = self.fallen(picked)
        own = {p: part_lost(m, fallen) for p, m in self.markets.items() if p != OTHER}
        if self.arcs is None:
            effect = own[GOAL]
        else:
            effect = carried(Chain((GOAL, INPUT, KIND), self.arcs, 0), own)[GOAL]
        collateral = sum(
            self.borne(m, fallen).high for p, m in self.markets.items() if p != GOAL or self.spared
        )
        return (effect.low if self.sure else effect.high), collateral

    def borne(self, market: Market, fallen: Struck) -> Part:
        """What those lose whose losses are counted."""
        if self.spared is None:
            return part_lost(market, fallen)
        certain, possible, unnamed = hit(market, fallen)
        certain &= self.spared.producers.certain
        possible &= self.spared.producers.possible
        unnamed = unnamed and bool(fallen.countries & self.spared.countries)
        return lost(market, certain, possible, unnamed=unnamed)


def subsets(count: int) -> Iterator[Picked]:
    """Every set of candidates, small ones first."""
    for size in range(count + 1):
        yield from map(frozenset, combinations(range(count), size))


@st.composite
def shares(draw: st.DrawFn, producer: int) -> Share:
    """A share of whole percents, or of single millionths; or unknown."""
    step = draw(st.sampled_from([PERCENT, PERCENT, 1]))
    ends = sorted(draw(st.lists(st.integers(0, 40 * PERCENT // step), min_size=2, max_size=2)))
    low, high = (end * step for end in ends)
    if draw(st.integers(0, 3)) == 0:
        low, high = 0, WHOLE
    block = draw(st.sampled_from([0, 0, 0, 7]))
    repeats = draw(st.integers(0, 7)) == 0
    return Share(producer, low, high, True, block, repeats, ())


@st.composite
def puzzles(draw: st.DrawFn, most: int = 7) -> Puzzle:
    """Candidates, whom they fell alone and together, four markets, and perhaps a chain."""
    count = draw(st.integers(1, most))
    producers = range(count + 3)
    clauses = draw(
        st.lists(
            st.tuples(
                st.sampled_from(producers),
                st.frozensets(st.integers(0, count - 1), min_size=1, max_size=3),
                st.booleans(),
            ),
            max_size=5,
        )
    )
    markets = {}
    for product in (GOAL, INPUT, KIND, OTHER):
        there = sorted(draw(st.sets(st.sampled_from(producers), min_size=1, max_size=6)))
        side = draw(st.sampled_from(SIDES))
        markets[product] = Market(product, side, "", tuple(draw(shares(p)) for p in there))
    arcs = None
    if draw(st.booleans()):
        part = sorted(draw(st.lists(st.integers(0, WHOLE), min_size=2, max_size=2)))
        arcs = (
            Arc(INPUT, GOAL, "INPUT_TO", draw(st.sampled_from([0, WHOLE])), WHOLE, ()),
            Arc(KIND, GOAL, "KIND_OF", part[0], part[1], ()),
            Arc(GOAL, INPUT, "INPUT_TO", WHOLE, WHOLE, ()),
        )
    spared = None
    if draw(st.integers(0, 3)) == 0:
        possible = draw(st.frozensets(st.sampled_from(producers)))
        codes = frozenset(f"c{number}" for number in draw(st.sets(st.integers(0, count))))
        spared = Spared(Fallen(frozenset(sorted(possible)[::2]), possible), codes)
    countries: Picked = frozenset()
    if draw(st.integers(0, 2)) == 0:
        countries = draw(st.frozensets(st.integers(0, count - 1)))
    unplaced = draw(st.frozensets(st.sampled_from(range(count, count + 3))))
    sure = draw(st.booleans())
    return Puzzle(count, tuple(clauses), markets, arcs, sure, spared, countries, unplaced)
