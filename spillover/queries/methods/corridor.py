"""Which holdings can lie on a chain from an owner to an asset within so many hops?

The search grows downward from the owner and upward from the asset, always on the side whose next
level has fewer claims, until both sides together have taken as many steps as there are hops: each
holding of a chain is then among the first steps down or among the last steps up. What does not fit
between the two is dropped, so that the cost grows with what is touched and not with the graph.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from spillover.graph.index import Index
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES, INDIRECT
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import BASES, OWNS, Flags, Holdings, Ints, holdings
from spillover.queries.methods.network import Direction, Network

_FAR: Final = 2**31
"""More hops than any chain has."""

Ends = tuple[int, int | None]
"""Entity numbers of the owner and of the asset; None for every asset that it reaches."""


class Growth:
    """Holdings around one entity, downward or upward, level after level."""

    def __init__(self, index: Index, start: int, when: Conditions, direction: Direction) -> None:
        self._index, self._when, self._up = index, when, direction == "up"
        self._start = start
        self.frontier: Ints = np.array([start])
        """Entities that the last level reached first."""
        self.seen: Flags = np.zeros(index.rows, bool)
        self.seen[start] = True
        self.cost = self._ahead()
        """Number of claims that the next level has to look at."""
        self._pairs: list[Ints] = [np.empty((2, 0), np.int64)]

    @property
    def pairs(self) -> Ints:
        """Owners and assets of all holdings found so far, in two rows."""
        return np.concatenate(self._pairs, axis=1)

    def grow(self, hops: int, *, most: float = math.inf) -> bool:
        """Add so many levels; False when there are more claims to look at than ``most``."""
        looked = 0
        for _ in range(hops):
            looked += self.cost
            if looked > most:
                return False
            self.step()
        return True

    def network(self, bases: tuple[str, ...] = BASES) -> Network:
        """The holdings found so far, but those that lead back to the start."""
        pairs = self.pairs
        pairs = pairs[:, pairs[0 if self._up else 1] != self._start]
        return _held(self._index, pairs, self._when, bases=bases, named=(self._start,))

    def _ahead(self) -> int:
        starts = self._index.into_start if self._up else self._index.out_start
        return int((starts[self.frontier + 1] - starts[self.frontier]).sum())

    def step(self) -> None:
        """Add one level."""
        index = self._index
        at = index.into(self.frontier)[0] if self._up else index.out_of(self.frontier)
        holds = (index.kind[at] == OWNS) & (index.flags[at] & (DENIES | INDIRECT) == 0)
        at = at[holds & self._when.valid(index, at)]
        pair = np.array([index.source[at], index.target(at)], np.int64)
        self._pairs.append(pair)
        reached = pair[0 if self._up else 1]
        reached = reached[~self.seen[reached]]
        self.frontier = np.unique(reached) if len(reached) > 1 else reached
        self.seen[self.frontier] = True
        self.cost = self._ahead()


def corridor(
    index: Index,
    ends: Ends,
    when: Conditions,
    *,
    hops: int,
    bases: tuple[str, ...] = BASES,
) -> Network:
    """Holdings on some walk of up to so many hops between the ends that passes neither on its way.

    A holding counts at most for what the asset's other owners leave. Holdings in itself, those of
    nothing, and those that repeat a chain are left out. Both ends are rows of the network.
    """
    source, target = ends
    if target is None:
        below = Growth(index, source, when, "down")
        below.grow(hops)
        return below.network(bases)
    pairs = _between(index, (source, target), when, hops)
    # A chain begins once and ends once: nothing leads back to its owner or on from its asset.
    pairs = pairs[:, (pairs[1] != source) & (pairs[0] != target)]
    entity, local = np.unique(np.append(pairs, (source, target)), return_inverse=True)
    owner, asset = local[:-2].reshape(2, -1)
    down = distances(int(local[-2]), (owner, asset), len(entity))
    up = distances(int(local[-1]), (asset, owner), len(entity))
    fits = down[owner] + 1 + up[asset] <= hops
    return _held(index, pairs[:, fits], when, bases=bases, named=(source, target))


def _between(index: Index, ends: tuple[int, int], when: Conditions, hops: int) -> Ints:
    source, target = ends
    below, above = Growth(index, source, when, "down"), Growth(index, target, when, "up")
    below.seen[target] = above.seen[source] = True
    for _ in range(hops):
        smaller = below if below.cost <= above.cost else above
        if not smaller.cost:
            break
        smaller.step()
    return np.concatenate((below.pairs, above.pairs), axis=1)


def _held(
    index: Index,
    pairs: Ints,
    when: Conditions,
    *,
    bases: tuple[str, ...],
    named: tuple[int, ...],
) -> Network:
    """The network of these pairs of owners and assets, and of the named entities."""
    pairs = pairs[:, pairs[0] != pairs[1]]
    assets = np.unique(pairs[1])
    held = holdings(index, assets, when, bases)
    high = np.minimum(held.high, room(held, assets))
    inside = ~held.indirect & (high > 0)
    inside &= np.isin(held.owner * index.rows + held.asset, pairs[0] * index.rows + pairs[1])
    owner, asset = held.owner[inside], held.asset[inside]
    entity = np.unique(np.concatenate((owner, asset, np.array(named))))
    order = np.lexsort((owner, asset))
    return Network(
        entity,
        np.searchsorted(entity, owner[order]),
        np.searchsorted(entity, asset[order]),
        held.low[inside][order],
        high[inside][order],
        held.binding[inside][order],
    )


def room(held: Holdings, assets: Ints) -> Ints:
    """What the other direct owners of its asset leave for each holding, at the most.

    The holdings are those of these assets, which are sorted.

    Least shares over the whole contradict each other, and nobody knows which of them is wrong:
    then they leave no limit.
    """
    low = np.where(held.indirect, 0, held.low)
    number = np.searchsorted(assets, held.asset)
    total = np.zeros(len(assets), np.int64)
    np.add.at(total, number, low)
    return np.where(total[number] > WHOLE, WHOLE, WHOLE - total[number] + low)


def distances(start: int, ends: tuple[Ints, Ints], size: int) -> Ints:
    """Fewest steps from one row to each of so many rows along these (from, to)."""
    tail, head = ends
    found = np.full(size, _FAR, np.int64)
    found[start] = 0
    for step in range(1, size):
        reached = head[found[tail] == step - 1]
        reached = reached[found[reached] == _FAR]
        if not len(reached):
            break
        found[reached] = step
    return found


def walk_sums(net: Network, start: int, weight: npt.NDArray[Any], *, hops: int) -> list[Any]:
    """For each number of hops from 0 the sum, over all walks from a row, of products of weights.

    Walks may pass an entity several times, so there are at least as many of them as there are
    chains. Weights of type ``object`` (whole numbers of Python) give exact sums of any size.
    """
    sums = [np.zeros(net.size, weight.dtype)]
    sums[0][start] = 1
    for _ in range(hops):
        used = np.flatnonzero(sums[-1][net.owner] != 0)
        following = np.zeros(net.size, weight.dtype)
        np.add.at(following, net.asset[used], sums[-1][net.owner[used]] * weight[used])
        sums.append(following)
    return sums
