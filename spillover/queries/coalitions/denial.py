"""How far does a coalition deny a product, and through which of the things it is made with?

What the coalition covers of a product and of its inputs is taken as lost. A product that cannot be
made without an input is denied at least as far as that input; kinds of a product deny it within
their part of it (see :func:`spillover.queries.markets.chain.carried`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from spillover.graph.stake import WHOLE
from spillover.queries.markets.chain import Arc, Chain
from spillover.queries.markets.lost import NOTHING, Part

Role = Literal["asked", "essential", "possible"]
ROLES: Final[tuple[Role, Role, Role]] = ("asked", "essential", "possible")
"""The product that is asked about; what it cannot be made without; what may be part of it: a kind
of something, what goes into a kind, or an input that a source denies."""


class Denial(NamedTuple):
    """How far one product is denied, and the products through which."""

    part: Part
    least: tuple[int, ...]
    """Products from the one asked to that whose own cover sets the least; itself first."""
    most: tuple[int, ...]


def roles(chain: Chain, product: int) -> dict[int, Role]:
    """What each product of a chain is to one of them."""
    found: dict[int, Role] = dict.fromkeys(chain.products, "possible")
    needs: dict[int, list[int]] = {}
    for arc in chain.arcs:
        if arc.kind == "INPUT_TO" and arc.low:
            needs.setdefault(arc.target, []).append(arc.source)
    waiting = [product]
    while waiting:
        for source in needs.get(waiting.pop(), ()):
            if found[source] == "possible" and source != product:
                found[source] = "essential"
                waiting.append(source)
    found[product] = "asked"
    return found


def denial(chain: Chain, own: Mapping[int, Part], risk: Mapping[int, Part], product: int) -> Denial:
    """How far a product is denied, and through which products.

    Args:
        chain: products with their inputs and kinds.
        own: what is covered of each product itself.
        risk: the same with what it is made with (``carried``).
        product: the one asked about.
    """
    into: dict[int, list[Arc]] = {}
    for arc in chain.arcs:
        into.setdefault(arc.target, []).append(arc)
    low = {number: part.low for number, part in risk.items()}
    high = {number: part.high for number, part in risk.items()}
    least = {number: own.get(number, NOTHING).low for number in chain.products}
    most = {number: own.get(number, NOTHING).high for number in chain.products}
    sure = {target: [arc for arc in arcs if arc.low] for target, arcs in into.items()}
    return Denial(risk[product], _way(product, sure, least, low), _way(product, into, most, high))


def _way(
    product: int,
    into: Mapping[int, list[Arc]],
    own: Mapping[int, int],
    risk: Mapping[int, int],
) -> tuple[int, ...]:
    """From a product to the one whose own cover sets its risk; a kind stands for all kinds."""
    way = [product]
    while own[way[-1]] < risk[way[-1]]:
        here = way[-1]
        arcs = [arc for arc in into.get(here, ()) if arc.source not in way]
        if not arcs:
            break
        inputs = [arc for arc in arcs if arc.kind == "INPUT_TO" and risk[arc.source] == risk[here]]
        way.append(max(inputs or arcs, key=lambda arc: (_passed(arc, risk), -arc.source)).source)
    return tuple(way)


def _passed(arc: Arc, risk: Mapping[int, int]) -> int:
    return risk[arc.source] * (arc.high if arc.kind == "KIND_OF" else WHOLE)
