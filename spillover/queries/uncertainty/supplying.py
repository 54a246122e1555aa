"""What part of whose purchases and sales are supplies of which the parts are not known?

The parts of one whole (what a customer buys of one good, or of all; what a supplier sells) are
drawn together, like the shares of a market: what is stated within its interval, the others out of
what this leaves, with a part for partners whom nobody names.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, Literal, NamedTuple

import numpy as np

from spillover.queries.contagion.network import ESSENTIAL, LINEAR, Floats, Ints, Parts, group_of
from spillover.queries.contagion.supplied import Supplied
from spillover.queries.uncertainty.drawing import Die, Pieces, Reals, whole
from spillover.queries.uncertainty.priors import Priors
from spillover.queries.uncertainty.sampled import Input, What

_WORDS: Final[dict[str, tuple[What, What]]] = {
    "purchase": ("purchase", "unstated purchase"),
    "sale": ("sale", "unstated sale"),
}


class Drawn(NamedTuple):
    """The parts of a network in every draw."""

    parts: Parts
    """Shape [edges, draws]."""
    inputs: list[tuple[Input, Reals]]


class Wholes(NamedTuple):
    """Parts of wholes of one sort, with their bounds."""

    name: Literal["essential", "linear", "sales"]
    edges: Ints
    """Positions of the edges that are such parts."""
    of: Ints
    """Of every edge the whole of which it is a part."""


def drawn_parts(net: Supplied, die: Die, priors: Priors, *, replaced: bool) -> Drawn:
    """Draw all parts of a network.

    Args:
        net: the network, with the bounds of its parts.
        die: how many draws, and their seed.
        priors: what is assumed.
        replaced: whether others make up for a part of what a firm fails to supply, to a degree
            that is drawn. It lowers the parts of inputs.
    """
    kind, every = net.network.kind, np.arange(len(net.network.supplier))
    found = {}
    inputs: list[tuple[Input, Reals]] = []
    for wholes in (
        Wholes("essential", every[kind == ESSENTIAL], group_of(net.network)),
        Wholes("linear", every[kind == LINEAR], net.network.customer),
        Wholes("sales", every, net.network.supplier),
    ):
        found[wholes.name], some = _drawn(net, wholes, die, priors)
        inputs += some
    if replaced:
        kept, some = _kept(net, die, priors)
        inputs += some
        found["essential"] *= kept
        found["linear"] *= kept
    size = np.repeat(net.low.size[:, None], die.draws, axis=1)
    return Drawn(Parts(found["essential"], found["linear"], found["sales"], size), inputs)


def _drawn(
    net: Supplied, wholes: Wholes, die: Die, priors: Priors
) -> tuple[Reals, list[tuple[Input, Reals]]]:
    """Draw the parts of all wholes of one sort."""
    side = "sale" if wholes.name == "sales" else "purchase"
    low: Floats = getattr(net.low, wholes.name)
    high: Floats = getattr(net.high, wholes.name)
    stated = net.part[side == "sale"]
    drawn = np.repeat(low[:, None], die.draws, axis=1)
    inputs: list[tuple[Input, Reals]] = []
    order = wholes.edges[np.argsort(wholes.of[wholes.edges], kind="stable")]
    begins = np.flatnonzero(np.diff(wholes.of[order], prepend=-1))
    for begin, end in pairwise([*begins.tolist(), len(order)]):
        edges = order[begin:end]
        about = (wholes.name, *_ends(net, int(edges[0])), net.goods[net.network.good[edges[0]]])
        others = die.uniform(priors.unnamed_partners, "unnamed", *about)
        pieces = Pieces(low[edges], high[edges], ~stated[edges])
        found, _ = whole(die.stream(*about), pieces, priors.unevenness, others)
        drawn[edges] = np.minimum(found, high[edges][:, None])
        for edge, part in zip(edges.tolist(), drawn[edges], strict=True):
            what = _WORDS[side][not stated[edge]]
            inputs.append((Input(what, *_ends(net, edge), "", net.positions[edge]), part))
    return drawn, inputs


def _ends(net: Supplied, edge: int) -> tuple[int, int]:
    """Numbers of the supplier and the customer of an edge."""
    firms, network = net.network.firms, net.network
    return int(firms[network.supplier[edge]]), int(firms[network.customer[edge]])


def _kept(net: Supplied, die: Die, priors: Priors) -> tuple[Reals, list[tuple[Input, Reals]]]:
    """What part of the supply of each edge nobody of the supplier's industry makes up for."""
    industry = net.network.industry
    kept = np.empty((int(industry.max(initial=-1)) + 1, die.draws))
    inputs: list[tuple[Input, Reals]] = []
    for number in np.unique(industry).tolist():
        name = net.goods[number]
        replaced = die.uniform(priors.replacement, "replacement", name)
        kept[number] = 1 - replaced
        first = int(net.network.firms[industry == number].min())
        inputs.append((Input("replacement", first, first, name, ()), replaced))
    return kept[industry[net.network.supplier]], inputs
