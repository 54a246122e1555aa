"""What part of each product is at risk, draw by draw, when parts of some of them are lost?

The same rule as in :func:`spillover.queries.markets.chain.carried`, on all draws at once: a product
is at risk by what is lost of itself, by the largest risk among its essential inputs, and by its
kinds, each within its part of it. The part that is stated counts wholly; of what is drawn beyond
it, the other kinds make up for a part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.markets.chain import Arc, Chain
from spillover.queries.uncertainty.drawing import Die, Pieces, Reals, whole
from spillover.queries.uncertainty.priors import Priors
from spillover.queries.uncertainty.sampled import Input, What
from spillover.queries.uncertainty.summing import varying

_VISITS: Final = 1_000
"""A product that still rises after so many rounds is left."""
_SETTLED: Final = 1e-10
"""What rises by less has settled."""


class Weights(NamedTuple):
    """How much of a source's risk each arc passes on."""

    arcs: dict[Arc, Reals]
    """Shape [draws] each."""
    inputs: list[tuple[Input, Reals]]


class Risks(NamedTuple):
    """What is at risk."""

    whole: dict[int, Reals]
    """By product; shape [draws]."""
    through: dict[int, Reals]
    """By product: through its inputs and kinds, without what is lost of itself."""
    settled: bool


def weights(chain: Chain, die: Die, priors: Priors) -> Weights:
    """Draw the parts of kinds, how far kinds stand in for each other, and what is essential."""
    found = Weights({}, [])
    kinds: dict[int, list[Arc]] = {}
    for arc in sorted(chain.arcs):
        if arc.kind == "KIND_OF":
            kinds.setdefault(arc.target, []).append(arc)
        elif arc.low:
            found.arcs[arc] = np.ones(die.draws)
        else:
            about = ("denied", arc.source, arc.target)
            chance = die.uniform(priors.denied_input, "chance", *about)
            essential = (die.stream(*about).random(die.draws) < chance).astype(float)
            found.arcs[arc] = essential
            item = Input("denied", arc.source, arc.target, "", arc.positions)
            found.inputs.extend(varying([(item, essential)]))
    for product, arcs in sorted(kinds.items()):
        _kinds(found, product, arcs, die=die, priors=priors)
    return found


def _kinds(found: Weights, product: int, arcs: list[Arc], *, die: Die, priors: Priors) -> None:
    """Draw the parts of the kinds of one product."""
    low = np.array([arc.low for arc in arcs]) / WHOLE
    high = np.array([arc.high for arc in arcs]) / WHOLE
    pieces = Pieces(low, high, (low == 0) & (high == 1))
    others = die.uniform(priors.unnamed_kinds, "unnamed kinds", product)
    parts, _ = whole(die.stream("kinds", product), pieces, priors.unevenness, others)
    replaced = die.uniform(priors.substitution, "substitution", product)
    drawn: list[tuple[Input, Reals]] = []
    for arc, least, is_open, part in zip(arcs, low.tolist(), pieces.open, parts, strict=True):
        found.arcs[arc] = least + (part - least) * (1 - replaced)
        what: What = "unstated part" if is_open else "part"
        drawn.append((Input(what, arc.source, product, "", arc.positions), part))
    if (parts > low[:, None]).any():
        drawn.append((Input("substitution", product, product, "", ()), replaced))
    found.inputs.extend(varying(drawn))


def at_risk(chain: Chain, own: Mapping[int, Reals], passed: Mapping[Arc, Reals]) -> Risks:
    """The least solution in every draw, from below.

    Args:
        chain: products with their inputs and kinds.
        own: what is lost of products themselves; shape [draws] each.
        passed: how much of its source's risk each arc passes on.
    """
    draws = next(iter([*own.values(), *passed.values()]), np.zeros(1)).shape
    none = np.zeros(draws)
    risk = {product: own.get(product, none) for product in chain.products}
    into: dict[int, list[Arc]] = {product: [] for product in chain.products}
    outof: dict[int, set[int]] = {product: set() for product in chain.products}
    for arc in sorted(chain.arcs):
        into[arc.target].append(arc)
        outof[arc.source].add(arc.target)
    visits = dict.fromkeys(chain.products, 0)
    waiting = dict.fromkeys(chain.products)
    settled = True
    while waiting:
        product = next(iter(waiting))
        del waiting[product]
        visits[product] += 1
        if visits[product] > _VISITS:
            settled = False
            continue
        new = _risk(own.get(product, none), into[product], risk, passed)
        if (new - risk[product] > _SETTLED).any():
            waiting.update(dict.fromkeys(sorted(outof[product])))
        risk[product] = np.maximum(new, risk[product])
    through = {
        product: _risk(none, [arc for arc in arcs if arc.source != product], risk, passed)
        for product, arcs in into.items()
    }
    return Risks(risk, through, settled)


def _risk(
    own: Reals, arcs: list[Arc], risk: Mapping[int, Reals], passed: Mapping[Arc, Reals]
) -> Reals:
    found = own
    kinds = np.zeros_like(own)
    for arc in arcs:
        if arc.kind == "KIND_OF":
            kinds = kinds + passed[arc] * risk[arc.source]
        else:
            found = np.maximum(found, passed[arc] * risk[arc.source])
    return np.maximum(found, np.minimum(kinds, 1.0))
