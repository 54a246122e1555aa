"""Which entities does an ownership cascade reach, for certain and possibly.

An entity whose blocked owners together reach the threshold is blocked and passes on its whole
stake; stakes through owners that are not blocked count zero (OFAC, guidance of 13 August 2014 and
FAQ 401). The answer is the least fixpoint, so a closed cycle of cross-holdings never blocks itself.

Shares are intervals. *Certain* is the fixpoint on least shares: it holds for every completion of
the unknowns. *Possible* is the fixpoint on greatest shares, where the blocked owners of an asset
can hold at most what its other owners do not hold at least: some completion reaches it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spillover.graph.index import Index
from spillover.graph.stake import WHOLE
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import CONTROLS, OWNS, Flags, Holdings, Ints, largest, with_control


@dataclass(frozen=True, slots=True)
class Test:
    """When do blocked owners block an asset: their sum against a threshold."""

    threshold: int
    """In millionths of a percent."""
    strict: bool
    """True: more than the threshold; False: the threshold or more."""
    bases: tuple[tuple[str, ...], ...]
    """Groups of bases, each summed apart; one group that passes is enough."""

    def passes(self, share: Ints) -> Flags:
        """Which shares pass."""
        return share > self.threshold if self.strict else share >= self.threshold

    def enough(self, share: int) -> bool:
        """Whether one share passes."""
        return share > self.threshold if self.strict else share >= self.threshold


@dataclass(frozen=True, slots=True)
class Reach:
    """The fixpoint of one bound."""

    most: bool
    """True: on greatest shares; False: on least shares."""
    rounds: npt.NDArray[np.int32]
    """For each entity number the round in which it was reached: 0 for targets, -1 for never."""
    blocked: Flags
    """For each entity number whether it is blocked, targets included."""


def reach(
    index: Index, targets: Ints, when: Conditions, test: Test, *, since: Reach | None = None
) -> Reach:
    """Least fixpoint from these targets on least shares; with ``since`` on greatest shares.

    ``since`` is the fixpoint on least shares: whoever is blocked for certain is possibly blocked,
    so the wider search goes on from there, in later rounds.
    """
    most = since is not None
    if since is None:
        rounds = np.full(index.rows, -1, np.int32)
        rounds[targets] = 0
    else:
        rounds = since.rounds.copy()
    blocked = rounds >= 0
    frontier = np.flatnonzero(blocked) if most else targets
    number = int(rounds.max(initial=0))
    while len(frontier):
        number += 1
        assets = owned(index, frontier, when)
        assets = assets[~blocked[assets]]
        share = shares(index, assets, blocked, when, test=test, most=most)
        frontier = assets[test.passes(share)]
        blocked[frontier], rounds[frontier] = True, number
    return Reach(most, rounds, blocked)


def owned(index: Index, owners: npt.NDArray[Any], when: Conditions) -> Ints:
    """Assets that any of these owners holds, or is said to control, on the day; sorted."""
    at = index.out_of(owners)
    at = at[(index.kind[at] == OWNS) | (index.kind[at] == CONTROLS)]
    assets = np.sort(index.target(at[when.valid(index, at)]))
    return assets[np.append(True, assets[1:] != assets[:-1])] if len(assets) else assets


def shares(  # noqa: PLR0913 - the question (index, assets), the state, the conditions, the bound
    index: Index, assets: Ints, blocked: Flags, when: Conditions, *, test: Test, most: bool
) -> Ints:
    """Share of each asset that blocked owners hold at least (or with ``most`` at most)."""
    best = np.zeros(len(assets), np.int64)
    for bases in test.bases:
        held = with_control(index, assets, when, bases)
        summed = _most(held, assets, blocked) if most else _least(held, assets, blocked)
        np.maximum(best, summed, out=best)
    return best


def _least(held: Holdings, assets: Ints, blocked: Flags) -> Ints:
    """Direct shares of blocked owners added up, or the largest that repeats a chain."""
    row = np.searchsorted(assets, held.asset)
    counts = blocked[held.owner] & (held.owner != held.asset)
    direct = counts & ~held.indirect
    total = _total(row[direct], held.low[direct], len(assets))
    repeated = counts & held.indirect
    np.maximum.at(total, row[repeated], held.low[repeated])
    return total


def _most(held: Holdings, assets: Ints, blocked: Flags) -> Ints:
    """The most that blocked owners can hold beside what others hold at least.

    Holdings that repeat a chain are another route to the same share: within a block the largest
    counts, and blocks of different owners may be different shares.
    """
    row = np.searchsorted(assets, held.asset)
    counts = blocked[held.owner] & (held.owner != held.asset)
    direct = counts & ~held.indirect
    total = _total(row[direct], held.high[direct], len(assets))
    others = ~counts & ~held.indirect
    taken = _total(row[others], held.low[others], len(assets))
    floor = _total(row[direct], held.low[direct], len(assets))
    # Least shares over the whole contradict each other, and nobody knows which of them is wrong:
    # then the others' leave no limit.
    room = np.where(taken + floor > WHOLE, WHOLE, WHOLE - taken)
    total = np.maximum(np.minimum(total, room), floor)
    repeated = counts & held.indirect
    if repeated.any():
        repeated = largest(held, repeated, most=True)
        np.maximum(total, _total(row[repeated], held.high[repeated], len(assets)), out=total)
    return np.minimum(total, np.maximum(WHOLE, floor))


def _total(row: Ints, share: Ints, size: int) -> Ints:
    """Shares of each asset added up, in integers."""
    total = np.zeros(size, np.int64)
    np.add.at(total, row, share)
    return total
