"""What leverage does scarcity give: where is a good made, what else is there, and who needs it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.answer import Party, Reporter
from spillover.queries.conditions import Conditions
from spillover.queries.markets.chain import Arc, Chain, downstream, upstream
from spillover.queries.markets.market import Market, markets
from spillover.queries.strategic.answer import Chained, Held, Narrow, Other, Scarcity
from spillover.queries.strategic.lands import Makers, held, makers, narrowest


class _Shares(NamedTuple):
    """Who makes which of the goods."""

    counts: Mapping[int, Sequence[Market]]
    makers: Makers

    def narrowest(self, product: int) -> Held | None:
        """Where most of a good lies, by the count that says most."""
        return narrowest(self.counts.get(product, ()), self.makers)

    def positions(self, product: int) -> list[int]:
        """The claims of its shares."""
        found = self.counts.get(product, ())
        return [p for market in found for share in market.shares for p in share.positions]


def scarcity(graph: Graph, when: Conditions, product: int, reporter: Reporter) -> Scarcity:
    """The leverage from the scarcity of one good.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        product: number of the entity.
        reporter: names entities and claims.
    """
    below, above = downstream(graph, when, [product]), upstream(graph, when, [product])
    wider = [arc for arc in below.arcs if arc.kind == "KIND_OF" and arc.source == product]
    siblings = _siblings(graph, when, [arc.target for arc in wider])
    siblings = [arc for arc in siblings if arc.source != product]
    near = {product, *above.products, *(arc.source for arc in siblings)}
    counts = markets(graph, when, near)
    shares = _Shares(counts, makers(graph, (market for of in counts.values() for market in of)))
    reporter.parties({*near, *below.products, *(arc.target for arc in wider)})
    inputs = _narrow(product, above, shares, reporter)
    others = [
        Other(reporter.party(arc.source), reporter.party(arc.target), shares.narrowest(arc.source))
        for arc in siblings
    ]
    arcs = [*wider, *siblings, *below.arcs, *above.arcs]
    shown = [product, *(one.product.num for one in inputs), *(arc.source for arc in siblings)]
    at = [p for number in dict.fromkeys(shown) for p in shares.positions(number)]
    at += _positions(arcs)
    claims = reporter.claims(at)
    return Scarcity(
        tuple(held(market, shares.makers) for market in counts.get(product, ())),
        tuple(sorted(others, key=lambda one: (one.wider.name, one.product.name, one.product.id))),
        _chained(product, below, reporter, forward=True),
        _chained(product, above, reporter, forward=False),
        inputs,
        tuple(claims[position] for position in dict.fromkeys(at)),
    )


def _siblings(graph: Graph, when: Conditions, wider: list[int]) -> list[Arc]:
    """Every kind of these wider products."""
    return [
        arc
        for arc in upstream(graph, when, wider).arcs
        if arc.kind == "KIND_OF" and arc.target in wider
    ]


def _chained(product: int, chain: Chain, reporter: Reporter, *, forward: bool) -> Chained:
    """The goods that follow a product, or that come before it."""
    steps: dict[int, set[int]] = {}
    strict: dict[int, set[int]] = {}
    for arc in chain.arcs:
        start, end = (arc.source, arc.target) if forward else (arc.target, arc.source)
        steps.setdefault(start, set()).add(end)
        if arc.kind == "INPUT_TO" and arc.low == WHOLE:
            strict.setdefault(start, set()).add(end)
    essential = _reached(product, strict)
    every = set(chain.products) - {product}
    return Chained(
        _named(strict.get(product, set()) - {product}, reporter),
        _named(essential, reporter),
        _named(every - essential, reporter),
        _named((number for number in every if not steps.get(number)), reporter),
        chain.quantities,
        tuple(reporter.claims(_positions(chain.arcs)).values()),
    )


def _reached(start: int, steps: Mapping[int, set[int]]) -> set[int]:
    seen, waiting = {start}, [start]
    while waiting:
        new = steps.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen - {start}


def _named(numbers: Iterable[int], reporter: Reporter) -> tuple[Party, ...]:
    parties = reporter.parties(numbers).values()
    return tuple(sorted(parties, key=lambda party: (party.name, party.id)))


def _narrow(product: int, chain: Chain, shares: _Shares, reporter: Reporter) -> tuple[Narrow, ...]:
    """The inputs of which somebody is said to make a stated part."""
    strict = {arc.source for arc in chain.arcs if arc.kind == "INPUT_TO" and arc.low == WHOLE}
    found = [
        Narrow(reporter.party(number), number in strict, most)
        for number in chain.products
        if number != product and (most := shares.narrowest(number)) is not None
    ]
    sure = [one for one in found if one.held.largest.low]
    return tuple(sorted(sure, key=_by_part))


def _by_part(one: Narrow) -> tuple[int, int, str, str]:
    largest: Held = one.held
    return -largest.largest.low, -largest.largest.high, one.product.name, one.product.id


def _positions(arcs: Iterable[Arc]) -> list[int]:
    return sorted({position for arc in arcs for position in arc.positions})
