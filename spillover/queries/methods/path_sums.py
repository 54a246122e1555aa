"""What do the chains from one owner to each asset add up to, and what can be missing?

Two sums over the same chains: of the products of their shares, and of their smallest shares. Where
the limits cut the search, the missing part is bounded:

* chains within the hops: there are no more of them than walks, and the products of all walks have
  a sum that is exact (walks pass entities more than once, so it is never too small);
* longer chains: each begins with a chain of exactly so many hops that goes on, and all
  chains from its end to the asset carry at most the whole. The same holds upward from the asset.

Both hold for every completion of the unknown shares in which no asset has more than the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import prod
from typing import Any, Final

import numpy as np

from spillover.graph.index import Index
from spillover.graph.stake import WHOLE
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import BASES
from spillover.queries.methods.corridor import Ends, Growth, walk_sums
from spillover.queries.methods.network import Direction, Network
from spillover.queries.methods.path_search import Limits, every
from spillover.queries.methods.paths import LIMITS, Chains, chains, product

_MOST_CLAIMS: Final = 100_000
"""A side on which more claims would have to be looked at bounds nothing."""
_MOST_LOOKED: Final = 100_000
"""Where more chains would have to be looked at, walks are counted in their place."""


@dataclass(frozen=True, slots=True)
class PathSum:
    """Sums over the chains to one asset, as parts of the whole."""

    asset: int
    """Entity number."""
    chains: int
    """Number of chains in the sums."""
    product: tuple[Fraction, Fraction]
    """Sum of the products: of least and of greatest shares."""
    minimum: tuple[Fraction, Fraction]
    """Sum of the smallest shares: of least and of greatest shares."""
    cut: int
    """At most so many chains within the hops are left out."""
    product_cut: Fraction
    """What those can add to the sum of products, at the most."""
    minimum_cut: Fraction
    """What those can add to the sum of smallest shares, at the most."""


@dataclass(frozen=True, slots=True)
class PathSums:
    """Sums for every asset that a chain reaches, by entity number."""

    sums: tuple[PathSum, ...]
    beyond: Fraction
    """Longer chains can add so much to the sum of products of one asset, at the most; 0 when there
    is no longer chain."""


def path_sums(
    index: Index,
    ends: Ends,
    when: Conditions,
    *,
    limits: Limits = LIMITS,
    bases: tuple[str, ...] = BASES,
) -> PathSums:
    """Sums over all chains from an owner to one asset, or to each."""
    found = chains(index, ends, when, limits=limits, bases=bases)
    added: dict[int, list[Any]] = {}
    for chain in found.chains:
        known = added.setdefault(chain[-1].asset, [0, 0, 0, 0, 0])
        low, high = product(chain)
        least = min(link.low for link in chain), min(link.high for link in chain)
        for number, value in enumerate((1, low, high, *least)):
            known[number] += value
    left = _left_out(found, ends, added, limits) if found.cut else {}
    # A chain with a small product can have a large smallest share: only its own measure bounds it.
    smallest = found.strength_cut if limits.strongest == "minimum" else Fraction(1)
    none = [0, Fraction(0), Fraction(0), 0, 0]
    sums = tuple(
        _sum(asset, added.get(asset, none), *left.get(asset, (0, Fraction(0))), smallest=smallest)
        for asset in sorted(added.keys() | left.keys())
    )
    return PathSums(sums, beyond(index, ends, when, limits=limits, bases=bases))


def _sum(
    asset: int, sums: list[Any], cut: int, product_cut: Fraction, *, smallest: Fraction
) -> PathSum:
    number, low, high, *minima = sums
    least, most = (Fraction(value, WHOLE) for value in minima)
    return PathSum(asset, number, (low, high), (least, most), cut, product_cut, smallest * cut)


def _left_out(
    found: Chains, ends: Ends, added: dict[int, list[Any]], limits: Limits
) -> dict[int, tuple[int, Fraction]]:
    """For each asset how many chains are left out and what they add up to, at the most."""
    net = found.network
    start = int(net.rows(np.array([ends[0]]))[0])
    ones = np.ones(len(net.owner), object)
    number = sum(walk_sums(net, start, ones, hops=limits.hops)[1:])
    levels = walk_sums(net, start, net.high.astype(object), hops=limits.hops)
    left = {}
    for row in np.flatnonzero(number).tolist():
        asset = int(net.entity[row])
        if ends[1] not in (None, asset):
            continue
        known, _, high, *_ = added.get(asset, [0, 0, 0, 0, 0])
        total = sum(Fraction(level[row], WHOLE**hop) for hop, level in enumerate(levels) if hop)
        if number[row] > known:
            left[asset] = (int(number[row]) - known, Fraction(total - high))
    return left


def beyond(
    index: Index, ends: Ends, when: Conditions, *, limits: Limits, bases: tuple[str, ...]
) -> Fraction:
    """What chains of more hops can add to the sum of products of one asset, at the most."""
    source, target = ends
    sides: list[tuple[int, int | None, Direction]] = [(source, target, "down")]
    if target is not None:
        sides.append((target, source, "up"))
    bound = Fraction(1)
    for start, stop, direction in sides:
        growth = Growth(index, start, when, direction)
        if bound and growth.grow(limits.hops + 1, most=_MOST_CLAIMS):
            net = growth.network(bases)
            if direction == "up":
                net = replace(net, owner=net.asset, asset=net.owner)
            bound = min(bound, _onward(net, (start, stop), limits.hops))
    return bound


def _onward(net: Network, ends: Ends, hops: int) -> Fraction:
    """Sum of the products of all chains of exactly so many hops that go on; at most 1."""
    net = _before(net, ends[1])
    row = int(net.rows(np.array([ends[0]]))[0])
    found = every(net, (row, None), hops + 1, most=_MOST_LOOKED)
    if found is None:
        total = sum(walk_sums(net, row, net.high.astype(object), hops=hops)[-1].tolist())
    else:
        going = {tuple(taken[:-1]) for taken in found if len(taken) > hops}
        high = net.high.tolist()
        total = sum(prod(high[holding] for holding in taken) for taken in going)
    return min(Fraction(1), Fraction(total, WHOLE**hops))


def _before(net: Network, stop: int | None) -> Network:
    """The network without the holdings that lead on from this entity."""
    keep = net.entity[net.owner] != (-1 if stop is None else stop)
    columns = (net.owner, net.asset, net.low, net.high, net.claim)
    return Network(net.entity, *(column[keep] for column in columns))
