"""Which designations cut a market with the least collateral, or cut it most within a budget?

Effect: the part of the product's market that its falling producers have, at least (or, where asked,
at most). Collateral: over all products that somebody who falls makes, but for the product and its
kinds, the sum of the greatest parts that are lost, in percentage points. Both are exact; the search
is described in :mod:`spillover.queries.optimiser.search`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Reporter, sources
from spillover.queries.case import NOT_BLOCKED, Case
from spillover.queries.conditions import Conditions
from spillover.queries.ledger import Ledger
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market import Market
from spillover.queries.optimiser.answer import Choice, Fall, Loss, Named, Optimum, Point, Wish
from spillover.queries.optimiser.asking import Asked, asked
from spillover.queries.optimiser.candidates import Candidate
from spillover.queries.optimiser.choosing import Chosen, alternatives, frontier
from spillover.queries.optimiser.problem import Picked
from spillover.queries.optimiser.search import Search
from spillover.queries.rulebook import rule as rule_of


def optimise(graph: Graph, product: str, when: Conditions, wish: Wish) -> Optimum:
    """The designations that reach an effect on a product with the least collateral.

    Args:
        graph: the graph.
        product: id, identifier or name.
        when: day, age and confidence of the claims.
        wish: the effect or the budget, the candidates, and what counts.

    Raises:
        NotFoundError, AmbiguousError: the product, the rule or a candidate.
        InputError: a wish that cannot be read, a product without such a market, or no candidate.
    """
    law = rule_of(wish.rule) if wish.rule else None
    question = asked(graph, product, when, wish)
    problem = question.problem
    most = problem.effect(problem.all)
    able = most.low if wish.sure else most.high
    search = Search(problem, wish.seconds)
    chosen: list[Chosen] = []
    if wish.cut is None or able >= wish.cut:
        found = alternatives(search, need=wish.cut, cap=wish.budget, count=wish.top)
        chosen = list(found)
    points = _frontier(search, able, wish.points)
    writer = _Writer(graph, when, question)
    return Optimum(
        wish,
        when,
        law,
        writer.reporter.party(question.market.product),
        question.market.side,
        question.market.reach,
        writer.named(range(problem.candidates)),
        len(problem.others),
        most,
        tuple(map(writer.choice, chosen)),
        tuple(writer.point(need, item) for need, item in points),
        search.late,
        writer.claims([item.picked for item in chosen], wish),
        sources(graph),
    )


def _frontier(search: Search, able: int, count: int) -> list[tuple[int, Chosen]]:
    """The least collateral at even steps up to the greatest effect.

    A set is left out where another reaches more and costs no more.
    """
    needs = sorted({able * step // count for step in range(1, count + 1)} - {0})
    found: list[tuple[int, Chosen]] = []
    least: int | None = None
    for need, chosen in reversed(list(frontier(search, needs))):
        cost = search.problem.collateral(chosen.picked)
        if least is None or cost < least:
            found.append((need, chosen))
            least = cost
    return found[::-1]


class _Writer:
    """Turns sets of candidates into parts of an answer."""

    def __init__(self, graph: Graph, when: Conditions, question: Asked) -> None:
        self.graph, self.when, self.question = graph, when, question
        self.reporter = Reporter(graph, when)

    def named(self, picked: Iterable[int]) -> tuple[Named, ...]:
        """Candidates by name."""
        found = [self._name(self.question.felling.candidates[number]) for number in picked]
        return tuple(sorted(found, key=lambda item: (item.name, item.code)))

    def _name(self, candidate: Candidate) -> Named:
        if candidate.code:
            code = candidate.code.upper()
            return Named(f"all of {code}", None, code)
        party = self.reporter.party(candidate.entity)
        return Named(party.name, party)

    def choice(self, chosen: Chosen) -> Choice:
        """A set with its effect, its losses and who falls with it."""
        problem, picked = self.question.problem, chosen.picked
        losses = self._losses(picked)
        return Choice(
            self.named(picked),
            problem.effect(picked),
            _sum(losses),
            losses,
            self._falls(picked),
            chosen.proven,
            chosen.bound,
        )

    def point(self, need: int, chosen: Chosen) -> Point:
        """A set as a point of the frontier."""
        effect = self.question.problem.effect(chosen.picked)
        losses = self._losses(chosen.picked)
        return Point(need, self.named(chosen.picked), effect, _sum(losses), chosen.proven)

    def _losses(self, picked: Picked) -> tuple[Loss, ...]:
        """What each product loses, where it can lose anything."""
        problem = self.question.problem
        found = [
            Loss(self.reporter.party(product), market.side, market.reach, part)
            for product in problem.others
            for part, market in (problem.loss(product, picked),)
            if part.high
        ]
        return tuple(sorted(found, key=lambda i: (-sum(i.part), -i.part.low, i.product.name)))

    def _falls(self, picked: Picked) -> tuple[Fall, ...]:
        """Producers of any counted market who fall and are not named."""
        fallen = self.question.problem.fallen(picked)
        mine = {self.question.felling.candidates[n].entity for n in picked} | fallen.states
        there = {share.producer for market in self._markets() for share in market.shares}
        numbers = ((fallen.possible | fallen.unplaced) & there) - mine
        parties = self.reporter.parties(numbers)
        found = [Fall(party, number in fallen.certain) for number, party in parties.items()]
        return tuple(sorted(found, key=lambda f: (not f.certain, f.party.name, f.party.id)))

    def _markets(self) -> list[Market]:
        """Every market of the problem."""
        problem = self.question.problem
        return [
            *problem.goal.own.values(),
            *(m for group in problem.others.values() for m in group),
        ]

    # -- evidence -----------------------------------------------------------------------------

    def claims(self, sets: Iterable[Picked], wish: Wish) -> tuple[Claim, ...]:
        """Shares of all who fall and of the whole asked market, inputs, and holdings."""
        positions = {at for share in self.question.market.shares for at in share.positions}
        chain = self.question.problem.goal.chain
        positions |= {at for arc in (chain.arcs if chain else ()) for at in arc.positions}
        for picked in sets:
            fallen = self.question.problem.fallen(picked).possible
            positions |= {
                at
                for market in self._markets()
                for share in market.shares
                if share.producer in fallen
                for at in share.positions
            }
            positions |= self._holdings(picked, wish)
        claims = self.reporter.claims(positions)
        return tuple(claims[position] for position in sorted(claims))

    def _holdings(self, picked: Picked, wish: Wish) -> set[int]:
        """Claims by which the rule lets others fall with the entities of a set."""
        chosen = [self.question.felling.candidates[n].entity for n in picked]
        listed = np.array(sorted(n for n in chosen if n >= 0), np.int64)
        if not wish.rule or not len(listed) or not self.question.felling.joint:
            return set()
        case = Case(Ledger(self.graph, self.when), listed, rule_of(wish.rule))
        stands = [s for s in case.stands(case.possible) if s.verdict != NOT_BLOCKED]
        return {at for proof in case.proofs(stands).values() for at in proof.claims}


def _sum(losses: Iterable[Loss]) -> Part:
    """Losses added up."""
    parts = [loss.part for loss in losses]
    return Part(sum(part.low for part in parts), sum(part.high for part in parts))
