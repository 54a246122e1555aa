"""Which production network do the claims of supply of a graph make, and how sure are its parts?

Every SUPPLIES hop that counts on the day is an edge. A share of basis ``supply`` is the part of
what the customer buys of the product that the claim names (of all that it buys, if it names none);
one of basis ``sales`` the part of all that the supplier sells. What is not stated is anything from
0 to what the stated shares of the others leave. Firms and products outside the graph exist: shares
that stay below the whole are not blown up to it.

The industry of a firm is its property ``industry`` or ``sector``, else the one product that it
supplies, else an industry of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.conditions import Conditions
from spillover.queries.contagion.classes import Classes
from spillover.queries.contagion.network import (
    ESSENTIAL,
    LINEAR,
    Flags,
    Floats,
    Ints,
    Network,
    Parts,
    group_of,
    network,
    parts,
)
from spillover.queries.shocks.hops import Channels, Hops

OWN: Final = "industry of "
"""What the name of an industry begins with that one firm alone is."""
_AMOUNT: Final = re.compile(
    r"(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)(?: ?(?P<unit>[A-Z]{3}))?(?: ?(?P<scale>k|m|bn))?",
    re.ASCII,
)
_SCALES: Final = {"k": 1e3, "m": 1e6, "bn": 1e9, "": 1.0, None: 1.0}


@dataclass(frozen=True, slots=True)
class Supplied:
    """A production network with the bounds of its parts."""

    network: Network
    """With the printed amounts as weights where all trade is taken to be known, else zeros."""
    low: Parts
    high: Parts
    goods: tuple[str, ...]
    """Name of each good and industry."""
    positions: tuple[tuple[int, ...], ...]
    """Claims of each edge in the index, denials among them."""
    part: tuple[Flags, Flags]
    """Of each edge: whether its part of the purchases is stated, and its part of the sales."""
    amounts: int
    """Edges of which a claim prints an amount."""
    sized: bool
    """Whether the amounts say how much each firm sells."""


class _Edge(NamedTuple):
    """One supply, as the claims have it."""

    supplier: int
    customer: int
    product: str
    supply: tuple[int, int]
    sales: tuple[int, int]
    amount: tuple[float, str] | None
    positions: tuple[int, ...]


def supplied(
    graph: Graph, when: Conditions, classes: Classes, *, complete: bool = False
) -> Supplied:
    """The production network of a graph.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        classes: which inputs are essential to whom.
        complete: whether the amounts that claims print are all the trade of these firms.

    Raises:
        InputError: all trade is to be known, and an edge has no amount, or another currency.
    """
    found = _edges(graph, when)
    firms = np.array(
        sorted({n for edge in found for n in (edge.supplier, edge.customer)}), np.int64
    )
    entities = graph.store.entities(firms.tolist())
    industries = _industries(entities, found)
    made = [edge.product or industries[edge.supplier] for edge in found]
    goods = tuple(sorted({*industries.values(), *made}))
    number = {name: place for place, name in enumerate(goods)}
    ends = (
        np.searchsorted(firms, np.array([edge.supplier for edge in found], np.int64)),
        np.searchsorted(firms, np.array([edge.customer for edge in found], np.int64)),
        np.array([number[name] for name in made], np.int64),
    )
    order = np.lexsort((ends[0], ends[2], ends[1])).tolist()
    edges = [found[place] for place in order]
    weight = _weights(edges) if complete else np.zeros(len(edges))
    seller, buyer, good = (end[order] for end in ends)
    industry = [number[industries[firm]] for firm in firms.tolist()]
    needs = [
        classes.of(goods[what], goods[industry[firm]])
        for what, firm in zip(good.tolist(), buyer.tolist(), strict=True)
    ]
    net = network((seller, buyer, weight), industry, firms=firms, good=good, kind=needs)
    low, high = (parts(net),) * 2 if complete else _bounds(net, edges)
    stated = (
        np.array([edge.supply != (0, WHOLE) for edge in edges], bool) | complete,
        np.array([edge.sales != (0, WHOLE) for edge in edges], bool) | complete,
    )
    told = sum(edge.amount is not None for edge in edges)
    where = tuple(edge.positions for edge in edges)
    return Supplied(net, low, high, goods, where, stated, told, sized=complete)


def _edges(graph: Graph, when: Conditions) -> list[_Edge]:
    index = graph.index
    suppliers = np.unique(index.source[index.kind == KIND_CODES["SUPPLIES"]])
    onward = Channels(index, when, ("supply",), ("SUPPLIES",)).onward(suppliers)
    back = Channels(index, when, ("demand",), ("SUPPLIES",)).toward(suppliers)
    relations = graph.store.relations(index.relation[onward.claims].tolist())
    said = [relations[number][0] for number in index.relation[onward.claims].tolist()]
    sales = {key: _share(back, row) for row, key in enumerate(_keys(back))}
    return [
        _Edge(
            int(onward.source[row]),
            int(onward.target[row]),
            next((r.properties["product"][0] for r in some if r.properties.get("product")), ""),
            _share(onward, row),
            sales[key],
            _amount(some),
            key,
        )
        for row, key in enumerate(_keys(onward))
        for some in [said[onward.starts[row] : onward.starts[row + 1]]]
    ]


def _keys(hops: Hops) -> list[tuple[int, ...]]:
    """The claims of each hop: the same of both directions."""
    claims, starts = hops.claims.tolist(), hops.starts.tolist()
    return [tuple(claims[a:b]) for a, b in pairwise(starts)]


def _share(hops: Hops, row: int) -> tuple[int, int]:
    return int(hops.low[row]), min(int(hops.high[row]), WHOLE)


def _amount(claims: Sequence[Relation]) -> tuple[float, str] | None:
    """The amount that claims print, the last one first, and its currency."""
    for claim in reversed(claims):
        for text in claim.properties.get("value", ()):
            match = _AMOUNT.fullmatch(text.strip())
            if match and claim.evidence.stance == "asserts":
                number = float(match["number"].replace(",", ""))
                return number * _SCALES[match["scale"]], match["unit"] or ""
    return None


def _industries(entities: dict[int, Entity], edges: Sequence[_Edge]) -> dict[int, str]:
    products: dict[int, set[str]] = {}
    for edge in edges:
        products.setdefault(edge.supplier, set()).add(edge.product)
    names = Counter(entity.name for entity in entities.values())
    found: dict[int, str] = {}
    for number, entity in entities.items():
        stated = entity.properties.get("industry") or entity.properties.get("sector")
        made = products.get(number, set())
        only = next(iter(made)) if len(made) == 1 else ""
        own = entity.name if names[entity.name] == 1 else f"{entity.name} ({entity.id})"
        found[number] = stated[0] if stated else only or f"{OWN}{own}"
    return found


def _weights(edges: Sequence[_Edge]) -> Floats:
    units = {edge.amount[1] for edge in edges if edge.amount}
    told = [edge.amount[0] for edge in edges if edge.amount]
    if len(told) < len(edges) or len(units) > 1:
        raise InputError(
            f"{len(told)} of {len(edges)} supplies print an amount, in {len(units)} currencies:"
            " that is not all trade in one currency; leave --complete out"
        )
    return np.array(told, np.float64)


def _bounds(net: Network, edges: Sequence[_Edge]) -> tuple[Parts, Parts]:
    """Least and greatest parts, from shares."""
    shape = (len(edges), 2)
    supply, sales = (
        np.array([getattr(edge, basis) for edge in edges], np.float64).reshape(shape) / WHOLE
        for basis in ("supply", "sales")
    )
    named = np.array([bool(edge.product) for edge in edges], bool)
    of_good = np.column_stack((supply[:, 0], np.where(named, supply[:, 1], supply[:, 1] > 0)))
    of_all = np.column_stack((np.where(named, 0.0, supply[:, 0]), supply[:, 1]))
    essential = _left(of_good, group_of(net))
    linear = _left(of_all, net.customer)
    sold = _left(sales, net.supplier)
    size = np.ones(len(net))
    needs = [net.kind == kind for kind in (ESSENTIAL, LINEAR)]
    low, high = (
        Parts(
            np.where(needs[0], essential[:, end], 0.0),
            np.where(needs[1], linear[:, end], 0.0),
            sold[:, end],
            size,
        )
        for end in (0, 1)
    )
    return low, high


def _left(share: Floats, whole: Ints) -> Floats:
    """Shares, no greater than what the least shares of the others of one whole leave."""
    least = np.bincount(whole, share[:, 0]) if len(whole) else np.zeros(0)
    room = np.maximum(1.0 - (least[whole] - share[:, 0]), share[:, 0])
    return np.column_stack((share[:, 0], np.minimum(share[:, 1], room)))
