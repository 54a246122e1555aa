"""What would it cost bystanders if these targets fell: which markets lose what, what is at risk?

Two words, two things. *Lost* is the part of a market that its own producers had who fall. *At
risk* is the part of a product that cannot be made any longer, or can perhaps not, because of that
and of what its inputs and kinds lose. Both are certain bounds, exact to the unit, under the
assumptions that the answer prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.queries.answer import sources
from spillover.queries.conditions import Conditions
from spillover.queries.markets.assumptions import assumptions
from spillover.queries.markets.bystanders import bystanders
from spillover.queries.markets.chain import Arc, Chain, carried, downstream
from spillover.queries.markets.collateral_answer import Collateral
from spillover.queries.markets.falling import Falling
from spillover.queries.markets.hit import hit, own_losses, speaking
from spillover.queries.markets.losing import market_loss
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market import Market, markets
from spillover.queries.markets.naming import Naming
from spillover.queries.markets.parts import Bystander, Link, MarketLoss, Risk
from spillover.queries.markets.struck import Struck, struck
from spillover.queries.markets.tracing import Tracing
from spillover.queries.shocks.hops import Channels

if TYPE_CHECKING:
    from spillover.queries.uncertainty.priors import Priors
    from spillover.queries.uncertainty.sampled import Sampled


def collateral(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    targets: Iterable[str],
    when: Conditions,
    *,
    rule: str = "us-ofac-50",
    countries: Iterable[str] = (),
    draws: int = 0,
    seed: int = 1,
    priors: Priors | None = None,
) -> Collateral:
    """What markets lose with these targets and countries, and what that puts at risk.

    Args:
        graph: the graph.
        targets: ids, identifiers or names; a country is one that is cut off.
        when: day, age and confidence of the claims.
        rule: the ownership rule by which others fall with the targets; empty: none does.
        countries: countries that are cut off (alpha-2).
        draws: how often the unknowns are drawn, 100 to 20,000; 0: certain bounds alone.
        seed: of the drawing; the same seed draws the same numbers.
        priors: what the drawing assumes; None: what comes with Spillover.

    Raises:
        NotFoundError, AmbiguousError: a target, or the rule.
        InputError: neither a target nor a country; too few or too many draws.
    """
    named, codes = list(targets), list(countries)
    if not named and not codes:
        raise InputError("nobody falls; name a target, or a country with --country")
    fallen = struck(graph, when, named, rule=rule, countries=codes)
    chain = downstream(graph, when, made_by(graph, when, fallen.possible | fallen.unplaced))
    found = markets(graph, when, chain.products)
    own = own_losses(found, fallen)
    answering = _Answering(graph, when, fallen, chain=chain, found=found, own=own)
    return answering.answer(answering.sampled(draws, seed, priors) if draws else None)


def made_by(graph: Graph, when: Conditions, producers: Iterable[int]) -> list[int]:
    """Numbers of the products that these make, sorted."""
    makers = np.array(sorted(producers), np.int64)
    hops = Channels(graph.index, when, ("product",), ("PRODUCES",)).onward(makers)
    return sorted(set(hops.target.tolist()))


class _Answering:
    """The numbers are known; here they get names."""

    def __init__(  # noqa: PLR0913 - what was computed, by keyword
        self,
        graph: Graph,
        when: Conditions,
        fallen: Struck,
        *,
        chain: Chain,
        found: Mapping[int, Sequence[Market]],
        own: Mapping[int, Part],
    ) -> None:
        self._graph, self._when, self._fallen = graph, when, fallen
        self._chain, self._found, self._own = chain, found, own
        self._risk = carried(chain, dict(own))
        self._at_risk = [product for product in chain.products if self._risk[product].high]
        self._tracing = Tracing(chain, own, self._risk)
        counts = [market for product in chain.products for market in found.get(product, ())]
        self._naming = Naming(graph, when, counts, chain.arcs)
        self._links: dict[Arc, Link] = {}

    def answer(self, sampled: Sampled | None) -> Collateral:
        """The answer by name."""
        fallen, reporter = self._fallen, self._naming.reporter
        losses = self._losses()
        hits = [
            hit(market, fallen)
            for product in self._own
            for market in speaking(self._found[product], fallen)
        ]
        return Collateral(
            self._when,
            tuple(reporter.party(number) for number in fallen.targets),
            fallen.applied,
            fallen.remark(self._when.day),
            tuple(sorted(fallen.countries)),
            Falling(self._graph, self._when, fallen).reasons(
                {number for one in hits for number in one.possible}, reporter
            ),
            losses,
            self._risks(),
            self._bystanders(),
            tuple(self._link(arc) for arc in self._chain.arcs if self._risk[arc.source].high),
            assumptions(fallen, self._chain.quantities, unnamed=any(one.unnamed for one in hits)),
            sampled,
            sources(self._graph),
        )

    def _losses(self) -> tuple[MarketLoss, ...]:
        found = []
        for product in self._own:
            speaks = speaking(self._found[product], self._fallen)
            found += [
                market_loss(self._naming, market, self._fallen, speaks=market in speaks)
                for market in self._found[product]
                if market in speaks or market.side == "country"
            ]
        return tuple(
            sorted(
                found,
                key=lambda loss: (
                    not loss.speaks,
                    -loss.lost.low,
                    -loss.lost.high,
                    loss.product.id,
                    loss.side != "firm",
                    loss.reach,
                ),
            )
        )

    def _risks(self) -> tuple[Risk, ...]:
        risks = [
            Risk(
                self._naming.reporter.party(product),
                self._own.get(product),
                self._risk[product],
                tuple(map(self._link, self._tracing.way(product, "low"))),
                tuple(map(self._link, self._tracing.way(product, "high"))),
                self._tracing.reached(product),
            )
            for product in self._at_risk
        ]
        return tuple(
            sorted(
                risks,
                key=lambda risk: (
                    -risk.at_risk.low,
                    -risk.at_risk.high,
                    len(risk.least),
                    len(risk.most),
                    risk.product.id,
                ),
            )
        )

    def _bystanders(self) -> tuple[Bystander, ...]:
        reached = {p: self._risk[p] for p in self._at_risk if self._tracing.reached(p)}
        return bystanders(self._naming, reached, self._found, self._fallen.certain)

    def sampled(self, draws: int, seed: int, priors: Priors | None) -> Sampled:
        """What is likely within the bounds."""
        from spillover.queries.uncertainty.keys import market_keys
        from spillover.queries.uncertainty.owning import stakes
        from spillover.queries.uncertainty.sampling import sample_markets

        owned = stakes(self._graph, self._when, self._fallen)
        keys = market_keys(self._graph, self._chain, self._found, owned)
        drawn = sample_markets(
            keys.chain(self._chain),
            keys.markets(self._found),
            keys.struck(self._fallen),
            draws=draws,
            seed=seed,
            priors=priors,
            stakes=keys.stakes(owned),
        )
        return keys.sampled(drawn).told(self._naming.reporter)

    def _link(self, arc: Arc) -> Link:
        if arc not in self._links:
            self._links[arc] = self._naming.link(arc)
        return self._links[arc]
