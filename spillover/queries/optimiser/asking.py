"""Which market is asked about, who is a candidate, whose losses count? From graph to problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.conditions import Conditions
from spillover.queries.markets.chain import Chain, downstream, upstream
from spillover.queries.markets.market import SIDES, Market, Side, markets
from spillover.queries.optimiser import candidates as who
from spillover.queries.optimiser.answer import OWNER_LEVELS, Wish
from spillover.queries.optimiser.candidates import Candidate, Felling
from spillover.queries.optimiser.problem import Goal, Problem

_WORLD = "world"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that is ready to be searched."""

    market: Market
    """The market of the product."""
    felling: Felling
    problem: Problem


def asked(graph: Graph, product: str, when: Conditions, wish: Wish) -> Asked:
    """The problem behind a question.

    Raises:
        NotFoundError, AmbiguousError: the product or a candidate.
        InputError: a wish that cannot be read, a product without such a market, or no candidate.
    """
    _check(wish)
    (number,) = graph.find([product])
    market = _market(graph, when, number, wish)
    chain = upstream(graph, when, [number]) if wish.inputs else None
    own = {number: market}
    if chain is not None:
        own |= _of_chain(markets(graph, when, chain.products), chain, market)
    found = _candidates(graph, when, own.values(), side=market.side, wish=wish)
    if not found:
        raise InputError(
            f"{product}: no candidate makes it; name candidates, or ask for owners or countries"
        )
    felling = Felling(graph, when, found, wish.rule)
    everything = felling(frozenset(range(len(found))))
    everybody = everything.possible | everything.unplaced
    others = _others(graph, when, everybody, market.side)
    if not wish.spare:
        kinds = _kinds(graph, when, number)
        others = {product: there for product, there in others.items() if product not in kinds}
    if wish.finest:
        others = _finest(graph, when, others)
    spared = who.of_countries(graph, everybody, wish.spare) if wish.spare else None
    problem = Problem(
        len(found),
        felling,
        Goal(number, own, chain, wish.sure),
        others=others,
        spared=spared,
        joint=felling.joint,
    )
    return Asked(market, felling, problem)


def _check(wish: Wish) -> None:
    if (wish.cut is None) == (wish.budget is None):
        raise InputError("ask for an effect (--cut) or for the effect of a budget (--budget)")
    if wish.cut is not None and not 0 < wish.cut <= WHOLE:
        raise InputError("a cut is more than 0 % and at most 100 %; correct --cut")
    if wish.budget is not None and wish.budget < 0:
        raise InputError("a budget is 0 points or more; correct --budget")
    for code in wish.spare:
        if len(code) != 2 or not code.isascii() or not code.isalpha():  # noqa: PLR2004 - alpha-2
            raise InputError(f"{code!r} is no country; write two letters, for example NL")


def _market(graph: Graph, when: Conditions, product: int, wish: Wish) -> Market:
    """The market that is meant."""
    name = graph.store.entities([product])[product].name
    there = markets(graph, when, [product]).get(product, [])
    sides = [side for side in SIDES if any(market.side == side for market in there)]
    side = wish.side or next(iter(sides), "")
    of_side = [market for market in there if market.side == side]
    if not of_side:
        raise InputError(
            f"{name}: no claim says which {_words(side)} make it; "
            + (f"ask for --side {sides[0]}" if sides else "name a product with producers")
        )
    reaches = [market.reach for market in of_side]
    meant = wish.reach or (_WORLD if _WORLD in reaches else reaches[0])
    if meant not in reaches or (not wish.reach and len(reaches) > 1 and meant != _WORLD):
        raise InputError(f"{name}: its markets are {', '.join(map(repr, reaches))}; name a --reach")
    return next(market for market in of_side if market.reach == meant)


def _words(side: str) -> str:
    return "countries" if side == "country" else "firms"


def _of_chain(
    made: Mapping[int, Sequence[Market]], chain: Chain, goal: Market
) -> dict[int, Market]:
    """A market for each product of the chain: of the goal's reach and side, else what is there."""
    found = {}
    for product in chain.products:
        there = made.get(product, ())
        ranked = sorted(
            there, key=lambda m: (m.side != goal.side, m.reach != goal.reach, m.reach != _WORLD)
        )
        if ranked:
            found[product] = ranked[0]
    found[goal.product] = goal
    return found


def _candidates(
    graph: Graph, when: Conditions, own: Iterable[Market], *, side: Side, wish: Wish
) -> list[Candidate]:
    """Those who are named, or those who make the products; then owners and countries."""
    there = list(own)
    found = who.named(graph, wish.names) if wish.names else who.makers(graph, there)
    if wish.owners:
        firms = [item.entity for item in found if item.entity >= 0]
        found += who.owners(graph, when, firms, OWNER_LEVELS)
    if wish.countries or (not wish.names and side == "country"):
        found += who.countries(graph, there)
    return list(dict.fromkeys(found))


def _others(
    graph: Graph, when: Conditions, falling: Iterable[int], side: Side
) -> dict[int, tuple[Market, ...]]:
    """Every product that somebody who can fall makes, on one count: the asked one where it is."""
    index = graph.index
    at = index.out_of(np.array(sorted(falling), np.int64))
    at = at[index.kind[at] == KIND_CODES["PRODUCES"]]
    at = at[when.valid(index, at)]
    made = markets(graph, when, np.unique(index.target(at)).tolist())
    found = {}
    for product, there in made.items():
        same = tuple(market for market in there if market.side == side)
        found[product] = same or tuple(there)
    return found


def _kinds(graph: Graph, when: Conditions, product: int) -> set[int]:
    """The product, its kinds, and theirs: who cuts the one is to cut the others."""
    arcs = [arc for arc in upstream(graph, when, [product]).arcs if arc.kind == "KIND_OF"]
    found, new = {product}, {product}
    while new:
        new = {arc.source for arc in arcs if arc.target in new} - found
        found |= new
    return found


def _finest(
    graph: Graph, when: Conditions, others: dict[int, tuple[Market, ...]]
) -> dict[int, tuple[Market, ...]]:
    """Products without those of which a kind is counted, over any number of levels."""
    arcs = [arc for arc in downstream(graph, when, others).arcs if arc.kind == "KIND_OF"]
    wider: set[int] = set()
    new = set(others)
    while new:
        new = {arc.target for arc in arcs if arc.source in new} - wider
        wider |= new
    return {product: there for product, there in others.items() if product not in wider}
