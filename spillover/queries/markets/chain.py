"""What is made of what: the products that others need, and the kinds that they come in.

``INPUT_TO`` without a share says that the one product cannot be made without the other: the input
is *essential*. With a share it says what part of the buyer's output the input makes up, as
input-output tables do; such quantities are no part of a chain, and are counted. ``KIND_OF`` says
that the one product is a part of the market of the other, of a size that is seldom stated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES, UNSTATED
from spillover.queries.conditions import Conditions
from spillover.queries.markets.lost import NOTHING, Part
from spillover.queries.shocks.hops import Channels, Flags, Hops

_TURNS: Final = 1000
"""Steps at one product, where others settle in a few."""


class Arc(NamedTuple):
    """One product goes into another, or is a kind of it."""

    source: int
    target: int
    kind: str
    """``INPUT_TO`` or ``KIND_OF``."""
    low: int
    """Of a kind: its part of the wider product, in millionths of a percent; of an input the
    whole, less where a source denies it."""
    high: int
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Products, and how they hang together."""

    products: tuple[int, ...]
    """Numbers; sorted."""
    arcs: tuple[Arc, ...]
    quantities: int
    """Inputs that state a quantity instead: they are not followed."""


def downstream(graph: Graph, when: Conditions, products: Iterable[int]) -> Chain:
    """Everything that is made with these products, or of which they are kinds, and so on."""
    return _grown(graph, when, products, backward=False)


def upstream(graph: Graph, when: Conditions, products: Iterable[int]) -> Chain:
    """Everything that these products are made with, or that comes in as a kind of it, and so on."""
    return _grown(graph, when, products, backward=True)


def _grown(graph: Graph, when: Conditions, products: Iterable[int], *, backward: bool) -> Chain:
    channels = Channels(graph.index, when, ("product",), ("INPUT_TO", "KIND_OF"))
    follow = channels.toward if backward else channels.onward
    new = known = np.unique(np.fromiter(products, np.int64))
    arcs: list[Arc] = []
    quantities = 0
    while len(new):
        hops = follow(new)
        states = _states_quantity(graph, hops)
        quantities += int(states.sum())
        rows = np.flatnonzero(~states)
        arcs += [_arc(graph, hops, row) for row in rows.tolist()]
        reached = (hops.source if backward else hops.target)[rows]
        new = np.setdiff1d(reached, known)
        known = np.union1d(known, new)
    return Chain(tuple(known.tolist()), tuple(sorted(arcs)), quantities)


def _states_quantity(graph: Graph, hops: Hops) -> Flags:
    """Which of the hops are inputs of which a claim states the share."""
    flags = graph.index.flags[hops.claims]
    states = (flags & UNSTATED == 0) & (flags & DENIES == 0)
    starts = hops.starts[:-1]
    inputs = np.array([hops.hop(row).kind == "INPUT_TO" for row in range(len(hops))], bool)
    found: Flags = np.logical_or.reduceat(states, starts) if len(hops) else np.zeros(0, bool)
    return inputs & found


def _arc(graph: Graph, hops: Hops, row: int) -> Arc:
    hop = hops.hop(row)
    low, high = hop.low, hop.high
    if hop.kind == "INPUT_TO":
        denied = (graph.index.flags[list(hop.positions)] & DENIES != 0).any()
        low, high = (0 if denied else WHOLE), WHOLE
    return Arc(hop.source, hop.target, hop.kind, low, high, hop.positions)


def carried(chain: Chain, own: dict[int, Part]) -> dict[int, Part]:
    """What part of each product is at risk when these parts of some of them are lost.

    A product is at risk by what is lost of itself, and by the largest risk among its essential
    inputs. A kind hits the wider product within its part of it: at least by the part that is
    stated, at most as if kinds could not stand in for each other. Parts of several kinds are
    disjoint, so that they add up to at most the whole. The least solution, which also holds where
    products are inputs of each other. Where products are kinds of each other it can be approached
    in millions of steps: after a thousand at one product, its risk is the whole at most, and what
    was reached at least.

    Args:
        chain: products with their inputs and kinds.
        own: the part of each product that is lost with its own producers.
    """
    risk = {product: own.get(product, NOTHING) for product in chain.products}
    into: dict[int, list[Arc]] = {product: [] for product in chain.products}
    outof: dict[int, set[int]] = {product: set() for product in chain.products}
    for arc in chain.arcs:
        into[arc.target].append(arc)
        outof[arc.source].add(arc.target)
    waiting = dict.fromkeys(chain.products)
    turns = dict.fromkeys(chain.products, 0)
    while waiting:
        product = next(iter(waiting))
        del waiting[product]
        found = _risk(own.get(product, NOTHING), into[product], risk)
        turns[product] += 1
        if turns[product] > _TURNS:
            found = Part(risk[product].low, WHOLE)
        if found != risk[product]:
            risk[product] = found
            waiting.update(dict.fromkeys(outof[product]))
    return risk


def _risk(own: Part, arcs: Iterable[Arc], risk: dict[int, Part]) -> Part:
    low, high = own
    kinds: list[Arc] = []
    for arc in arcs:
        if arc.kind == "KIND_OF":
            kinds.append(arc)
        else:
            low = max(low, risk[arc.source].low if arc.low else 0)
            high = max(high, risk[arc.source].high)
    return Part(
        max(low, sum(arc.low * risk[arc.source].low for arc in kinds) // WHOLE),
        max(high, _most_of_kinds([(arc.low, arc.high, risk[arc.source].high) for arc in kinds])),
    )


def _most_of_kinds(kinds: list[tuple[int, int, int]]) -> int:
    """The most that kinds can be of the wider product, each weighted by its risk; rounded up.

    Args:
        kinds: least part, greatest part and risk of each.
    """
    room = WHOLE - min(sum(low for low, _, _ in kinds), WHOLE)
    total = 0
    for low, high, risk in sorted(kinds, key=lambda kind: -kind[2]):
        more = min(high - low, room)
        room -= more
        total += (low + more) * risk
    return min(-(-total // WHOLE), WHOLE)
