"""What is each entity called in a drawing, whatever number a graph gave it?

Entities have numbers in the order in which a file met them. A drawing calls each by a digest of its
id instead: random numbers are named by it, and parts of one whole stand in its order. So the same
content gives the same draws whatever was loaded first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import TypeVar

import numpy as np

from spillover.graph.session import Graph
from spillover.queries.contagion.network import Ints, Parts
from spillover.queries.contagion.supplied import Supplied
from spillover.queries.ids import least_ids
from spillover.queries.markets.chain import Chain
from spillover.queries.markets.market import Market
from spillover.queries.markets.struck import Struck
from spillover.queries.uncertainty.owning import Stakes
from spillover.queries.uncertainty.sampled import Driver, Sampled, SampledFirms

Markets = Mapping[int, Sequence[Market]]
T = TypeVar("T")


def key(entity_id: str) -> int:
    """The digest of an id, 63 bits: as numbers in arrays have a sign."""
    digest = blake2b(entity_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


class Keys:
    """The keys of some entities of a graph.

    Args:
        graph: the graph.
        numbers: of the entities that a drawing speaks of.
        stakes: those that decide who falls; their owners and assets have keys, too.
    """

    def __init__(self, graph: Graph, numbers: Iterable[int], stakes: Stakes | None) -> None:
        held = stakes.of if stakes else {}
        owners = {stake.owner for some in held.values() for stake in some}
        self._ids = least_ids(graph, {*numbers, *held, *owners})
        self._of = {number: key(entity_id) for number, entity_id in self._ids.items()}
        self._numbers = {found: number for number, found in self._of.items()}

    # -- from numbers to keys -------------------------------------------------------------------

    def chain(self, chain: Chain) -> Chain:
        """Products and arcs by keys."""
        arcs = (
            arc._replace(source=self._of[arc.source], target=self._of[arc.target])
            for arc in chain.arcs
        )
        products = sorted(self._of[number] for number in chain.products)
        return replace(chain, products=tuple(products), arcs=tuple(sorted(arcs)))

    def markets(self, markets: Markets) -> dict[int, list[Market]]:
        """The counts of the market of each product by keys."""
        return {self._of[product]: [*map(self._market, some)] for product, some in markets.items()}

    def _market(self, market: Market) -> Market:
        shares = [share._replace(producer=self._of[share.producer]) for share in market.shares]
        shares.sort(key=lambda share: share.producer)
        return replace(market, product=self._of[market.product], shares=tuple(shares))

    def struck(self, fallen: Struck) -> Struck:
        """Who falls, of those that the drawing speaks of, by keys."""
        return replace(
            fallen,
            targets=tuple(self._of[number] for number in fallen.targets if number in self._of),
            certain=self._some(fallen.certain),
            possible=self._some(fallen.possible),
            states=self._some(fallen.states),
            unplaced=self._some(fallen.unplaced),
            foreign=self._some(fallen.foreign),
        )

    def _some(self, numbers: frozenset[int]) -> frozenset[int]:
        return frozenset(self._of[number] for number in numbers & self._of.keys())

    def stakes(self, stakes: Stakes | None) -> Stakes | None:
        """The stakes that decide who falls, by keys."""
        if stakes is None:
            return None
        found = {
            self._of[asset]: tuple(sorted(one._replace(owner=self._of[one.owner]) for one in some))
            for asset, some in stakes.of.items()
        }
        return stakes._replace(of=dict(sorted(found.items())))

    def supplied(self, net: Supplied) -> Supplied:
        """A production network whose firms and edges stand in the order of keys."""
        known = net.network
        keys = np.array([self._of[number] for number in known.firms.tolist()], np.int64)
        firms = np.argsort(keys)
        place = np.argsort(firms)
        seller, buyer = place[known.supplier], place[known.customer]
        edges = np.lexsort((seller, known.good, buyer))
        return replace(
            net,
            network=replace(
                known,
                firms=keys[firms],
                industry=known.industry[firms],
                supplier=seller[edges],
                customer=buyer[edges],
                good=known.good[edges],
                kind=known.kind[edges],
                weight=known.weight[edges],
            ),
            low=_in_order(net.low, firms, edges),
            high=_in_order(net.high, firms, edges),
            positions=tuple(net.positions[edge] for edge in edges.tolist()),
            part=(net.part[0][edges], net.part[1][edges]),
        )

    # -- and back -------------------------------------------------------------------------------

    def sampled(self, found: Sampled) -> Sampled:
        """A sample of markets by numbers, in order of ids."""
        counts = [one._replace(product=self._numbers[one.product]) for one in found.counts]
        drivers = self._back(found.drivers)
        return replace(
            found,
            products=self._back(found.products),
            counts=tuple(
                sorted(counts, key=lambda one: (self._ids[one.product], one.side, one.reach))
            ),
            makers=self._back(found.makers),
            drivers={number: tuple(map(self._driver, some)) for number, some in drivers.items()},
        )

    def sampled_firms(self, found: SampledFirms) -> SampledFirms:
        """A sample of a production network by numbers, in order of ids."""
        return replace(
            found,
            firms=self._back(found.firms),
            drivers=tuple(map(self._driver, found.drivers)),
        )

    def _back(self, found: Mapping[int, T]) -> dict[int, T]:
        numbers = {self._numbers[each]: of for each, of in found.items()}
        return dict(sorted(numbers.items(), key=lambda one: self._ids[one[0]]))

    def _driver(self, driver: Driver) -> Driver:
        item = driver.input
        subject, product = self._numbers[item.subject], self._numbers[item.product]
        return driver._replace(input=item._replace(subject=subject, product=product))


def market_keys(graph: Graph, chain: Chain, markets: Markets, stakes: Stakes | None) -> Keys:
    """The keys of products, of who makes them, and of who owns a part of those who can fall."""
    makers = {s.producer for some in markets.values() for count in some for s in count.shares}
    return Keys(graph, {*chain.products, *markets, *makers}, stakes)


def _in_order(parts: Parts, firms: Ints, edges: Ints) -> Parts:
    return Parts(parts.essential[edges], parts.linear[edges], parts.sales[edges], parts.size[firms])
