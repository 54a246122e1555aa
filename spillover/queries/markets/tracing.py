"""Along which products does a shock come that puts a product at risk?

Of all ways by which a loss is carried on, one is told for the least risk and one for the greatest:
from a product that is lost with its own producers, over the inputs and kinds that set the bound.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Literal

from spillover.queries.markets.chain import Arc, Chain
from spillover.queries.markets.lost import NOTHING, Part

End = Literal["low", "high"]


class Tracing:
    """The ways by which parts of products that are lost put others at risk.

    Args:
        chain: products with their inputs and kinds.
        own: the part of each product that is lost with its own producers.
        risk: what :func:`spillover.queries.markets.chain.carried` makes of it.
    """

    def __init__(self, chain: Chain, own: Mapping[int, Part], risk: Mapping[int, Part]) -> None:
        self._own, self._risk = own, risk
        self._into: dict[int, list[Arc]] = {product: [] for product in chain.products}
        for arc in chain.arcs:
            self._into[arc.target].append(arc)

    def reached(self, product: int) -> bool:
        """Whether something that the product is made with, or a kind of it, is at risk."""
        return any(self._risk[arc.source].high for arc in self._into[product])

    def way(self, product: int, end: End) -> tuple[Arc, ...]:
        """The arcs by which the bound of its risk comes, from the first loss to the product.

        The shortest such way. No arcs: its own producers set the bound, or nothing is at risk. Of
        kinds that together set a bound, the way is that of any one that adds to it.
        """
        before: dict[int, Arc] = {}
        waiting = deque([product])
        while waiting:
            reached = waiting.popleft()
            if getattr(self._own.get(reached, NOTHING), end) == getattr(self._risk[reached], end):
                return tuple(self._back(reached, product, before))
            for arc in self._bearing(reached, end):
                if arc.source not in before and arc.source != product:
                    before[arc.source] = arc
                    waiting.append(arc.source)
        return ()

    @staticmethod
    def _back(start: int, product: int, before: Mapping[int, Arc]) -> Iterator[Arc]:
        while start != product:
            yield before[start]
            start = before[start].target

    def _bearing(self, product: int, end: End) -> list[Arc]:
        """The inputs that set the bound; where none does, the kinds that together do."""
        arcs = [
            arc for arc in self._into[product] if getattr(arc, end) and self._bound(arc.source, end)
        ]
        inputs = [
            arc
            for arc in arcs
            if arc.kind != "KIND_OF" and self._bound(arc.source, end) == self._bound(product, end)
        ]
        kinds = [arc for arc in arcs if arc.kind == "KIND_OF"]
        return inputs or sorted(kinds, key=lambda arc: -self._bound(arc.source, end))

    def _bound(self, product: int, end: End) -> int:
        bound: int = getattr(self._risk[product], end)
        return bound
