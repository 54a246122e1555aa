"""How are the chains of a network enumerated: all of them, or the strongest in order?

Both go only where the rest of the hops still leads to the target, all of them depth first, the
strongest best first by the greatest strength that any rest can have. Chains are lists of numbers
of holdings; a chain passes no row twice.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.methods.corridor import distances
from spillover.queries.methods.network import Network

Measure = Literal["product", "minimum"]
Rows = tuple[int, int | None]
"""Rows of the owner and the asset; None for every asset that it reaches."""

_LOOKED: Final = 10_000
"""So many beginnings of chains are always looked at, however few chains are asked for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a search for chains goes."""

    hops: int = 6
    """Most holdings on a chain."""
    chains: int = 100_000
    """Most chains in the answer."""
    strongest: Measure = "product"
    """Which chains stay when there are more: by product, or by smallest share, at the most."""

    @property
    def looked(self) -> int:
        """How many beginnings of chains are looked at, at the most."""
        return max(_LOOKED, self.chains * self.hops)


class _Outward(NamedTuple):
    """Holdings of a network by owner."""

    start: list[int]
    holding: list[int]
    asset: list[int]
    """By number of the holding."""


def _outward(net: Network) -> _Outward:
    holding = np.argsort(net.owner, kind="stable")
    start = np.searchsorted(net.owner[holding], np.arange(net.size + 1))
    return _Outward(start.tolist(), holding.tolist(), net.asset.tolist())


def every(net: Network, rows: Rows, hops: int, *, most: int) -> list[list[int]] | None:
    """Every chain, those of fewest hops first; None when there are too many.

    Args:
        net: the holdings.
        rows: the ends.
        hops: most holdings on a chain.
        most: how many beginnings of chains may be looked at.
    """
    source, target = rows
    start, holding, asset = _outward(net)
    left = [0] * net.size
    if target is not None:
        left = distances(target, (net.asset, net.owner), net.size).tolist()
    found: list[list[int]] = []
    taken: list[int] = []
    passed = [source]
    waiting = [iter(holding[start[source] : start[source + 1]])]
    looked = 0
    while waiting:
        for edge in waiting[-1]:
            reached = asset[edge]
            if len(taken) + left[reached] >= hops or reached in passed:
                continue
            looked += 1
            if target is None or reached == target:
                found.append([*taken, edge])
            if reached != target and len(taken) + 1 < hops:
                taken.append(edge)
                passed.append(reached)
                waiting.append(iter(holding[start[reached] : start[reached + 1]]))
                break
        else:
            waiting.pop()
            passed.pop()
            del taken[-1:]
        if looked > most:
            return None
    found.sort(key=len)
    return found


def strongest(net: Network, rows: Rows, limits: Limits) -> tuple[list[list[int]], int]:
    """The strongest chains in order, and what the next one can have at most (0: there is none).

    A chain of ``n`` hops has the strength ``WHOLE ** n`` times its product; with the best rest it
    is one of whole numbers on the scale of all hops.
    """
    source, target = rows
    start, holding, asset = _outward(net)
    ahead = _ahead(net, target, limits)
    by_product = limits.strongest == "product"
    high = net.high.tolist()
    whole = 1 if by_product else WHOLE
    queue: list[tuple[int, int, int, tuple[int, ...], tuple[int, ...]]] = []
    heapq.heappush(queue, (-ahead[limits.hops][source], 0, whole, (source,), ()))
    found: list[list[int]] = []
    looked = 0
    while queue:
        priority, _, strength, passed, taken = heapq.heappop(queue)
        at = passed[-1]
        if taken and target in (None, at):
            if len(found) == limits.chains:
                return found, -priority
            found.append(list(taken))
        if at == target or len(taken) == limits.hops:
            continue
        looked += 1
        if looked > limits.looked:
            return found, -priority
        rest = ahead[limits.hops - len(taken) - 1]
        for edge in holding[start[at] : start[at + 1]]:
            reached = asset[edge]
            if reached in passed or not rest[reached]:
                continue
            share = high[edge]
            grown = strength * share if by_product else min(strength, share)
            best = grown * rest[reached] if by_product else min(grown, rest[reached])
            entry = (-best, len(taken) + 1, grown, (*passed, reached), (*taken, edge))
            heapq.heappush(queue, entry)
    return found, 0


def _ahead(net: Network, target: int | None, limits: Limits) -> list[list[int]]:
    """For each number of remaining hops and each row the greatest strength to the target."""
    by_product = limits.strongest == "product"
    scale = WHOLE if by_product else 1
    if target is None:
        full = [scale**hops if by_product else WHOLE for hops in range(limits.hops + 1)]
        return [[best] * net.size for best in full]
    best = np.zeros(net.size, object)
    best[target] = 1 if by_product else WHOLE
    high = net.high.astype(object)
    found = [best]
    for _ in range(limits.hops):
        onward = found[-1][net.asset]
        longer = found[-1] * scale
        np.maximum.at(longer, net.owner, high * onward if by_product else np.minimum(high, onward))
        found.append(longer)
    return [level.tolist() for level in found]
