"""Small dense networks of holdings with many chains and cycles, and what is true of them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from math import prod
from random import Random

import networkx as nx

from spillover.graph.schema import Relation
from spillover.graph.stake import WHOLE, Stake
from tests.queries.worlds import holds

Pair = tuple[str, str]
Shares = dict[Pair, tuple[int, int]]
"""Least and greatest share of each owner and asset, in millionths of a percent."""
Exact = dict[Pair, int]


def dense(draw: Random, *, exact: bool = False) -> Shares:
    """Holdings among 3 to 6 entities; the least shares of an asset leave something over.

    Coarse shares, so that sums and halves meet; one in six is a holding of nothing, at the least.
    """
    names = "ABCDEF"[: draw.randint(3, 6)]
    found: Shares = {}
    for asset in names:
        owners = draw.sample(names, draw.randint(0, len(names)))
        left = WHOLE
        for owner in owners:
            low = draw.choice((0, 1, 2, 3, 5, 6)) * WHOLE // 10
            low = min(low, left)
            left -= low
            high = low if exact else min(WHOLE, low + draw.choice((0, 0, 1, 4)) * WHOLE // 10)
            found[owner, asset] = (low, high)
    return found or {("A", "B"): (WHOLE, WHOLE)}


def claims(shares: Shares) -> list[Relation]:
    """One claim for each holding."""
    return [holds(*pair, Stake(*share)) for pair, share in shares.items()]


def completed(shares: Shares, draw: Random) -> Exact:
    """Exact shares within the intervals, of which no asset has more than the whole."""
    found = {pair: low for pair, (low, _) in shares.items()}
    for pair in draw.sample(sorted(shares), len(shares)):
        left = WHOLE - sum(share for (_, asset), share in found.items() if asset == pair[1])
        more = min(left, shares[pair][1] - found[pair])
        found[pair] += draw.choice((0, more, draw.randint(0, more)))
    return found


def capped(shares: Shares) -> Exact:
    """The greatest share of each holding beside the least shares of the asset's other owners."""
    found = {}
    for (owner, asset), (_, high) in shares.items():
        others = [low for (o, a), (low, _) in shares.items() if a == asset and o != owner]
        found[owner, asset] = min(high, WHOLE - sum(others))
    return found


def simple_paths(pairs: Iterable[Pair], source: str, target: str) -> list[tuple[Pair, ...]]:
    """All simple paths, as networkx finds them."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from((source, target))
    graph.add_edges_from(pairs)
    if source == target:
        return []
    paths = nx.all_simple_paths(graph, source, target)
    return [tuple(pairwise(path)) for path in paths]


def products(shares: Exact, source: str, target: str) -> Fraction:
    """Sum over all simple paths of the products of the shares."""
    paths = simple_paths(shares, source, target)
    return sum((product(shares, path) for path in paths), Fraction(0))


def product(shares: Exact, path: tuple[Pair, ...]) -> Fraction:
    """Product of the shares along one path."""
    return prod((Fraction(shares[pair], WHOLE) for pair in path), start=Fraction(1))


def minima(shares: Exact, source: str, target: str) -> Fraction:
    """Sum over all simple paths of the smallest share."""
    paths = simple_paths(shares, source, target)
    smallest = (min(shares[pair] for pair in path) for path in paths)
    return sum((Fraction(share, WHOLE) for share in smallest), Fraction(0))
