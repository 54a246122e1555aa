"""How is a problem put to the solver? As a program that never asks for too much.

The program is a *relaxation*: it lets producers fall whom the exact evaluation does not, and spares
some that fall through joint ownership, until cuts teach it otherwise (:mod:`.cuts`). So its optimum
bounds the true one, whatever it leaves out.

Columns: a whole number for each candidate; from 0 to 1 for each producer that falls for the cost,
and for each that falls for the effect; what each product loses; the effect. Amounts are counted in
the largest unit of which all shares are multiples, so that they are small whole numbers. Where
that would be finer than a thousandth of a percent ("more than 50 %" is), shares are rounded to that
so that the program still asks for too little.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

from spillover.graph.stake import WHOLE
from spillover.queries.integer_program import Program
from spillover.queries.markets.hit import hit
from spillover.queries.markets.lost import lost
from spillover.queries.markets.market import Market, Share
from spillover.queries.optimiser.problem import Problem

FINEST: Final = 1000
"""The finest unit of a program, in millionths of a percent: its numbers stay below 100,000."""


class Model:
    """A problem as a program."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.program = problem, Program()
        common = _common(problem)
        self.unit = max(common, FINEST)
        """Millionths of a percent in the unit of the program."""
        self.exact = self.unit == common and problem.goal.chain is None
        """Whether every amount is a multiple of the unit."""
        self.whole = WHOLE // self.unit
        self.picks = [self.program.column(whole=True) for _ in range(problem.candidates)]
        self.aimed = self._aimed()
        """The column of each producer that falls for the effect."""
        bearing = problem.bearing(problem.all) & _producers(problem.others.values())
        self.borne = {producer: self.program.column() for producer in sorted(bearing)}
        """The column of each producer that falls for the cost."""
        for pick in self.picks:
            for producer in sorted(problem.bearing(frozenset({pick})) & bearing):
                self.program.row({self.borne[producer]: 1, pick: -1}, low=0)
        self.losses = {product: self._loss(markets) for product, markets in problem.others.items()}
        """The column of what each product loses."""
        self.effect = self._effect()

    def _down(self, units: int) -> float:
        """An amount in the unit of the program, rounded down."""
        return float(units // self.unit)

    def _up(self, units: int) -> float:
        """An amount in the unit of the program, rounded up."""
        return float(-(-units // self.unit))

    # -- who falls ----------------------------------------------------------------------------

    def _aimed(self) -> dict[int, int]:
        """Columns of those who can fall for the effect: none falls with no candidate."""
        problem, found = self.problem, {}
        for producer in sorted(problem.aimed(problem.all)):
            found[producer] = self.program.column()
            enough = [pick for pick in self.picks if self.falls(producer, [pick])]
            rest = [pick for pick in self.picks if pick not in enough]
            singly = not problem.joint or not self.falls(producer, rest)
            able = enough if singly else self.picks
            self.program.row({found[producer]: 1, **dict.fromkeys(able, -1.0)}, high=0)
        return found

    def falls(self, producer: int, picked: Iterable[int]) -> bool:
        """Does a producer fall for the effect with these candidates."""
        return producer in self.problem.aimed(frozenset(picked))

    # -- what it costs ------------------------------------------------------------------------

    def _loss(self, markets: Sequence[Market]) -> int:
        """A column that is at least what the producers' greatest shares make of each market."""
        loss = self.program.column(self.whole)
        for market in markets:
            self._market_loss(loss, market)
        return loss

    def _market_loss(self, loss: int, market: Market) -> None:
        """At least the smaller of X, the sum of those hit, and Y, what those not hit leave over.

        A whole number chooses between the two; ``over`` is the most that X can be above Y, and
        ``under`` the most that it can be below. Where a candidate hits producers that the market
        does not name, Y it is.
        """
        hits: dict[int, float] = {}
        kept: dict[int, float] = {}
        free, left = WHOLE, float(self.whole)
        over = under = 0
        for block in market.blocks():
            least = max(share.low for share in block)
            free, left = free - least, left - self._up(least)
            inside = [share for share in block if share.producer in self.borne]
            if not inside:
                continue
            over += max(0, max(share.high for share in inside) - least)
            under += max(0, least - min(share.high for share in inside))
            column, factor = self._block_hit(inside)
            hits[column] = hits.get(column, 0.0) - factor
            if least:
                fallen = self._any_of(inside)
                kept[fallen] = kept.get(fallen, 0.0) - self._down(least)
        repeats = [share for share in _again(market) if share.producer in self.borne]
        again = {self.borne[share.producer]: -self._down(share.high) for share in repeats}
        over = max(over, sum(share.high for share in repeats)) - free
        under += max(free, 0)
        choice = self.program.column(whole=True) if over > 0 else None
        for terms in (hits, again):
            bridge = {} if choice is None else {choice: self._up(over)}
            if terms:
                self.program.row({loss: 1, **bridge, **terms}, low=0)
        unnamed = [pick for pick in self.picks if self._hits_unnamed(market, pick)]
        for column in (*unnamed, *(() if choice is None else (choice,))):
            rest = {loss: 1, column: -self._up(under), **kept}
            self.program.row(rest, low=left - self._up(under))
        if choice is not None or unnamed:
            self._single(loss, market)

    def _hits_unnamed(self, market: Market, pick: int) -> bool:
        """Whether a candidate can hit producers that a market does not name."""
        fallen, spared = self.problem.fallen(frozenset({pick})), self.problem.spared
        counted = spared is None or bool(fallen.countries & spared.countries)
        return counted and hit(market, fallen).unnamed

    def _single(self, loss: int, market: Market) -> None:
        """At least what is lost with each producer, or candidate, alone: implied, and a help."""
        for share in market.shares:
            if share.producer in self.borne:
                alone = lost(market, (), (share.producer,)).high
                taken = {self.borne[share.producer]: -self._down(alone)}
                self.program.row({loss: 1, **taken}, low=0)
        for pick in self.picks:
            alone = self.problem.borne(market, frozenset({pick})).high
            if alone:
                self.program.row({loss: 1, pick: -self._down(alone)}, low=0)

    def _block_hit(self, inside: Sequence[Share]) -> tuple[int, float]:
        """A column and its factor: together the largest greatest share of those who are hit."""
        if len(inside) == 1:
            return self.borne[inside[0].producer], self._down(inside[0].high)
        column = self.program.column(self.whole)
        for share in inside:
            taken = {self.borne[share.producer]: -self._down(share.high)}
            self.program.row({column: 1, **taken}, low=0)
        return column, 1.0

    def _any_of(self, inside: Sequence[Share]) -> int:
        """A column that is 1 where any of these producers falls for the cost."""
        if len(inside) == 1:
            return self.borne[inside[0].producer]
        column = self.program.column()
        for share in inside:
            self.program.row({column: 1, self.borne[share.producer]: -1}, low=0)
        return column

    # -- what it achieves ---------------------------------------------------------------------

    def _effect(self) -> int:
        """A column that is at most the effect."""
        goal = self.problem.goal
        own = {product: self._own(market) for product, market in goal.own.items()}
        if goal.chain is None:
            return own[goal.product] if goal.product in own else self.program.column(0.0)
        risk = {product: self.program.column(self.whole) for product in goal.chain.products}
        for product in goal.chain.products:
            ways = [own[product]] if product in own else []
            kinds: dict[int, float] = {}
            for arc in goal.chain.arcs:
                if arc.target != product:
                    continue
                if arc.kind == "KIND_OF":
                    part = (arc.low if goal.sure else arc.high) / WHOLE
                    kinds[risk[arc.source]] = kinds.get(risk[arc.source], 0.0) + part
                elif arc.low or not goal.sure:
                    ways.append(risk[arc.source])
            if kinds:
                ways.append(self._sum(kinds))
            self._largest(risk[product], ways)
        return risk[goal.product]

    def _sum(self, parts: dict[int, float]) -> int:
        """A column that is at most this sum, and the millionth that the exact one rounds up."""
        column = self.program.column(self.whole)
        minus = {part: -factor for part, factor in parts.items()}
        self.program.row({column: 1, **minus}, high=1 / self.unit)
        return column

    def _largest(self, column: int, ways: Sequence[int]) -> None:
        """Let a column be at most the largest of others, of which one is chosen."""
        if len(ways) == 1:
            self.program.row({column: 1, ways[0]: -1}, high=0)
            return
        choices = [self.program.column(whole=True) for _ in ways]
        self.program.row({column: 1, **dict.fromkeys(choices, -float(self.whole))}, high=0)
        if choices:
            self.program.row(dict.fromkeys(choices, 1.0), high=1)
        for way, choice in zip(ways, choices, strict=True):
            self.program.row({column: 1, way: -1, choice: float(self.whole)}, high=self.whole)

    def _own(self, market: Market) -> int:
        """A column that is at most what is lost with a market's own producers.

        Either the blocks count or the shares that repeat others: with certainty the largest of
        these, possibly their sum.
        """
        sure = self.problem.goal.sure
        taken: dict[int, float] = {}
        again = self.program.column()
        for block in market.blocks():
            self._taken(block, taken, {again: 1.0}, 1)
        repeats = [[share] for share in _again(market)]
        for some in [[share for (share,) in repeats]] if sure else repeats:
            self._taken(some, taken, {again: -1.0}, 0)
        if not sure and hit(market, self.problem.fallen(self.problem.all)).unnamed:
            others = self.program.column()
            able = [
                n for n in self.picks if hit(market, self.problem.fallen(frozenset({n}))).unnamed
            ]
            self.program.row({others: 1, **dict.fromkeys(able, -1.0)}, high=0)
            taken[others] = float(self.whole)
        effect = self.program.column(self.whole)
        minus = {column: -value for column, value in taken.items()}
        self.program.row({effect: 1, **minus}, high=0)
        if not sure:
            self._left_over(effect, market)
        return effect

    def _taken(
        self, some: Sequence[Share], taken: dict[int, float], switch: dict[int, float], most: int
    ) -> None:
        """Columns of shares of which one is taken, as far as the switch is for them."""
        group = []
        for share in some:
            if share.producer in self.aimed:
                column = self.program.column()
                self.program.row({column: 1, self.aimed[share.producer]: -1}, high=0)
                taken[column] = self._up(share.low if self.problem.goal.sure else share.high)
                group.append(column)
        if group:
            self.program.row({**dict.fromkeys(group, 1.0), **switch}, high=most)

    def _left_over(self, effect: int, market: Market) -> None:
        """Let the effect be at most what those who are not hit leave over.

        Where stated shares sum over the whole, the exact bound is another: then nothing is asked.
        """
        least = [max(share.low for share in block) for block in market.blocks()]
        if sum(least) > WHOLE:
            return
        fallen: dict[int, float] = {}
        for block, low in zip(market.blocks(), least, strict=True):
            inside = [self.aimed[s.producer] for s in block if s.producer in self.aimed]
            if not inside or not low:
                continue
            column = self.program.column()
            self.program.row({column: 1, **dict.fromkeys(inside, -1.0)}, high=0)
            fallen[column] = -self._up(low)
        self.program.row({effect: 1, **fallen}, high=self.whole - sum(map(self._down, least)))


def _producers(groups: Iterable[Iterable[Market]]) -> set[int]:
    """Everybody who makes something in these markets."""
    return {share.producer for markets in groups for market in markets for share in market.shares}


def _again(market: Market) -> list[Share]:
    """Shares that only repeat others which stand beside them."""
    return [share for share in market.shares if share.repeats and not share.block]


def _common(problem: Problem) -> int:
    """The largest unit of which every share is a multiple, in millionths of a percent."""
    markets = [*problem.goal.own.values(), *(m for group in problem.others.values() for m in group)]
    ends = [end for market in markets for share in market.shares for end in (share.low, share.high)]
    return math.gcd(WHOLE, *ends)
