"""Whom does the risk of products reach, and which unknowns can reach a product?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from spillover.queries.markets.chain import Arc, Chain, carried
from spillover.queries.markets.lost import NOTHING, Part
from spillover.queries.markets.market import Market
from spillover.queries.uncertainty.carrying import Risks
from spillover.queries.uncertainty.drawing import Reals
from spillover.queries.uncertainty.sampled import STAKES, Driver, Input, Spread
from spillover.queries.uncertainty.summing import Ranked, spread

Makes = Mapping[int, Sequence[int]]
"""By producer: the products that it makes, in order."""


def made_by(markets: Mapping[int, Sequence[Market]]) -> Makes:
    """What each producer makes, whatever its share."""
    makes: dict[int, set[int]] = {}
    for product, counts in markets.items():
        for number in {share.producer for market in counts for share in market.shares}:
            makes.setdefault(number, set()).add(product)
    return {number: sorted(makes[number]) for number in sorted(makes)}


def at_stake(
    chain: Chain, makes: Makes, risks: Risks, bounds: Mapping[int, Part]
) -> Iterator[tuple[int, Spread]]:
    """Of each producer the largest part at risk, through inputs and kinds, of what it makes."""
    certain = arriving(chain, bounds)
    for number, made in makes.items():
        products = [product for product in made if certain.get(product, NOTHING).high]
        if products:
            drawn = np.max([risks.through[product] for product in products], axis=0)
            low, high = (max(certain[product][end] for product in products) for end in (0, 1))
            yield number, spread(drawn, Part(low, high))


def arriving(chain: Chain, bounds: Mapping[int, Part]) -> dict[int, Part]:
    """The certain bounds of what arrives at products through their own inputs and kinds."""
    into: dict[int, list[Arc]] = {}
    for arc in chain.arcs:
        if arc.source != arc.target:
            into.setdefault(arc.target, []).append(arc)
    found: dict[int, Part] = {}
    for product, arcs in sorted(into.items()):
        near = {arc.source: bounds[arc.source] for arc in arcs}
        found[product] = carried(Chain((*sorted(near), product), tuple(arcs), 0), near)[product]
    return found


def driven(
    chain: Chain, makes: Makes, inputs: Sequence[tuple[Input, Reals]], risks: Risks
) -> Iterator[tuple[int, tuple[Driver, ...]]]:
    """For each product the unknowns that go with its risk, of those that can reach it."""
    ranked = Ranked(inputs)
    owned = {item.product for item, _ in inputs if item.what in STAKES}
    theirs = {product for number in owned for product in makes.get(number, ())}
    places = [_places(item, makes, theirs) for item, _ in inputs]
    for product, above in _above(chain).items():
        among = [at for at, place in enumerate(places) if place & above]
        found = ranked.drivers(risks.whole[product], among)
        if found:
            yield product, found


def _places(item: Input, makes: Makes, theirs: set[int]) -> set[int]:
    """The products at which an unknown acts; a stake at those of all who hang on stakes."""
    if item.what in STAKES:
        return theirs
    return {*makes.get(item.subject, ())} if item.what == "falls" else {item.product}


def _above(chain: Chain) -> dict[int, set[int]]:
    """For each product itself and all that it is made with, at any distance."""
    sources: dict[int, set[int]] = {product: set() for product in chain.products}
    for arc in chain.arcs:
        sources[arc.target].add(arc.source)
    found: dict[int, set[int]] = {}
    for product in chain.products:
        known = new = {product}
        while new:
            new = {source for each in new for source in sources[each]} - known
            known = known | new
        found[product] = known
    return found
