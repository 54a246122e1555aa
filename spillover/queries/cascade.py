"""Which entities does a cascade from one group of persons reach, for certain and possibly.

An entity that the group's persons hold far enough passes on its *whole* stake; stakes through
others count zero (OFAC, guidance of 13 August 2014 and FAQ 401; the United Kingdom's chain of
majority stakes is the same from one person). The answer is the least fixpoint, so a closed cycle
of cross-holdings never reaches itself.

Shares are intervals. *Certain* is the fixpoint on least shares: it holds for every completion of
the unknowns. *Possible* is the fixpoint on greatest shares, where those who are reached can hold
of an asset at most what its other owners do not hold at least: some completion reaches it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import BASIS_CODES, KIND_CODES
from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Flags, Holdings, Ints, largest
from spillover.queries.ledger import Ledger
from spillover.queries.rulebook import Reading

NEVER: Final = 2**40
"""A share that nobody can hold: more than any sum of claims."""

_CARRIES: Final = np.zeros(256, bool)
_CARRIES[[KIND_CODES[kind] for kind in ("OWNS", "CONTROLS", "ACTS_JOINTLY")]] = True

Inside = Callable[[npt.NDArray[Any]], Flags]
"""Which of these entities have been reached, targets included."""


@dataclass(frozen=True, slots=True)
class Test:
    """A reading of a rule as numbers; shares in millionths of a percent."""

    enough: int
    """Least share that reaches."""
    passes_on: int
    """Least share that makes an entity pass on its whole stake."""
    alone: int
    """Least share by which one owner alone is presumed to control."""
    bases: tuple[tuple[str, ...], ...]
    means: npt.NDArray[np.int64]
    """Codes of the means of control that are enough."""
    arrangements: bool
    joint_holdings: bool

    @property
    def parents(self) -> bool:
        """Whether a stated parent without a holding is an unknown share, not control."""
        return 0 not in self.means


def test_of(reading: Reading) -> Test:
    """The numbers of a reading."""
    enough = reading.threshold.least if reading.threshold else NEVER
    return Test(
        enough,
        reading.passes_on.least if reading.passes_on else enough,
        reading.alone.least if reading.alone else NEVER,
        reading.bases,
        np.array(sorted(BASIS_CODES["" if m == "stated" else m] for m in reading.control), int),
        reading.joint_arrangements,
        reading.joint_holdings,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """What each asset comes to."""

    share: Ints
    """What those who are reached hold of it together."""
    alone: Flags
    """Whether one of them holds enough alone for control to be presumed."""
    control: Flags
    """Whether one of them controls it by means that count."""

    def passes(self, enough: int) -> Flags:
        """Which are reached where so large a share is enough."""
        return (self.share >= enough) | self.alone | self.control


@dataclass(frozen=True, slots=True)
class Bound:
    """The fixpoint on one bound: the assets of those who are reached, and what they come to."""

    most: bool
    asset: Ints
    """Sorted; targets are left out."""
    share: Ints
    reached: Flags


@dataclass(frozen=True, slots=True)
class Fixpoint:
    """Both bounds for one group."""

    rounds: npt.NDArray[np.int32]
    """For each entity number the round in which it began to pass on: 1 for the group, 0 never."""
    last: int
    """Last round on least shares; in later ones greatest shares counted."""
    certain: Bound
    possible: Bound


def fixpoint(ledger: Ledger, group: Ints, test: Test) -> Fixpoint:
    """Everything that a group of targets reaches, on least and then on greatest shares."""
    # Zeros are not touched before they are written, so a small cascade costs little in a large
    # graph; the search on greatest shares goes on from that on least shares, in later rounds.
    rounds = np.zeros(ledger.index.rows, np.int32)
    rounds[group] = 1
    reached = _spread(ledger, group, rounds, test, most=False)
    certain = _bound(ledger, reached, rounds, test, most=False)
    last = int(rounds[reached].max(initial=1))
    reached = np.concatenate((reached, _spread(ledger, reached, rounds, test, most=True)))
    return Fixpoint(rounds, last, certain, _bound(ledger, reached, rounds, test, most=True))


def _spread(
    ledger: Ledger, frontier: Ints, rounds: npt.NDArray[np.int32], test: Test, *, most: bool
) -> Ints:
    """Mark everyone who passes on, round by round; who was found, in that order."""
    found = [frontier[:0] if most else frontier]
    number = int(rounds[frontier].max(initial=1))
    assets = np.arange(1, len(rounds)) if most and ledger.open_world else None
    while len(frontier):
        number += 1
        assets = owned(ledger, frontier) if assets is None else assets
        assets = assets[rounds[assets] == 0]
        judgement = judged(ledger, assets, lambda some: rounds[some] > 0, test, most=most)
        frontier = assets[judgement.passes(test.passes_on)]
        rounds[frontier] = number
        found.append(frontier)
        assets = None
    return np.concatenate(found)


def _bound(
    ledger: Ledger, reached: Ints, rounds: npt.NDArray[np.int32], test: Test, *, most: bool
) -> Bound:
    """What the fixpoint comes to for everything that somebody who was reached has a stake in."""
    everywhere = most and ledger.open_world
    assets = np.arange(1, len(rounds)) if everywhere else owned(ledger, reached)
    assets = assets[rounds[assets] != 1]
    judgement = judged(ledger, assets, lambda some: rounds[some] > 0, test, most=most)
    return Bound(
        most, assets, judgement.share, judgement.passes(test.enough) | (rounds[assets] > 0)
    )


def owned(ledger: Ledger, owners: npt.NDArray[Any]) -> Ints:
    """Assets that any of these holds, is said to control, or votes in jointly; sorted."""
    index = ledger.index
    at = index.out_of(owners)
    at = at[_CARRIES[index.kind[at]]]
    assets = np.sort(index.target(at[ledger.when.valid(index, at)]))
    return assets[np.append(True, assets[1:] != assets[:-1])] if len(assets) else assets


def below(ledger: Ledger, entities: npt.NDArray[Any]) -> Ints:
    """These and everything that hangs on them by any holding or tie of control; sorted."""
    seen = np.zeros(ledger.index.rows, bool)
    frontier = np.asarray(entities, np.int64)
    while len(frontier):
        seen[frontier] = True
        frontier = owned(ledger, frontier)
        frontier = frontier[~seen[frontier]]
    return np.flatnonzero(seen)


def judged(ledger: Ledger, assets: Ints, inside: Inside, test: Test, *, most: bool) -> Judged:
    """What each of these (sorted) assets comes to, on least shares or with ``most`` on greatest."""
    best = np.zeros(len(assets), np.int64)
    alone = np.zeros(len(assets), np.int64)
    partners = arranged(ledger, assets, inside, most=most) if test.arrangements else None
    for bases in test.bases:
        held = ledger.held(assets, bases, parents=test.parents)
        row = np.searchsorted(assets, held.asset)
        mine = inside(held.owner) & (held.owner != held.asset)
        if test.alone < NEVER:
            sole = _alone(_Counted(held, row, mine, len(assets)), ledger, most=most)
            np.maximum(alone, sole, out=alone)
        if partners is not None and len(partners):
            pair = held.asset * ledger.index.rows + held.owner
            mine |= np.isin(pair, partners) & (held.owner != held.asset)
        counted = _Counted(held, row, mine, len(assets))
        share = _most(counted, test, ledger) if most else _least(counted, test)
        np.maximum(best, share, out=best)
    control = _controlled(ledger, assets, inside, test, most=most)
    return Judged(np.minimum(best, WHOLE), alone >= test.alone, control)


class _Counted(NamedTuple):
    """Holdings of some assets, and which of them those reached have."""

    held: Holdings
    row: Ints
    """Which asset each is in."""
    mine: Flags
    size: int
    """Number of assets."""

    def total(self, which: Flags, share: Ints) -> Ints:
        """Shares of each asset added up, in integers."""
        total = np.zeros(self.size, np.int64)
        np.add.at(total, self.row[which], share[which])
        return total


def _least(counted: _Counted, test: Test) -> Ints:
    """Direct shares of those reached added up, or the largest that repeats a chain."""
    held, row, mine, _ = counted
    total = counted.total(mine & ~held.indirect & (held.joint == 0), held.low)
    if held.joint.any():
        total += _jointly(counted, test)[0]
    repeated = mine & held.indirect
    np.maximum.at(total, row[repeated], held.low[repeated])
    return total


def _most(counted: _Counted, test: Test, ledger: Ledger) -> Ints:
    """The most that those reached can hold beside what others hold at least.

    Holdings that repeat a chain are another route to the same share: within a block the largest
    counts, and blocks of different owners may be different shares.
    """
    held, _, mine, _ = counted
    plain = ~held.indirect & (held.joint == 0)
    total = counted.total(mine & plain, held.high)
    floor = counted.total(mine & plain, held.low)
    taken = counted.total(~mine & plain, held.low)
    if held.joint.any():
        least, greatest, elsewhere = _jointly(counted, test)
        total, floor, taken = total + greatest, floor + least, taken + elsewhere
    # Least shares over the whole contradict each other, and nobody knows which of them is wrong:
    # then the others' leave no limit.
    room = np.where(taken + floor > WHOLE, WHOLE, WHOLE - taken)
    total = np.maximum(room if ledger.open_world else np.minimum(total, room), floor)
    repeated = mine & held.indirect
    if repeated.any():
        repeated = largest(held, repeated, most=True)
        np.maximum(total, counted.total(repeated, held.high), out=total)
    return total


def _jointly(counted: _Counted, test: Test) -> tuple[Ints, Ints, Ints]:
    """Shares held jointly: at least and at most those of the reached, at least those of others.

    All holders of one joint holding hold the same shares. Each of them holds all of it where the
    rule says so; else it is surely held by the reached only when every holder is.
    """
    held, row, mine, size = counted
    least, most, others = (np.zeros(size, np.int64) for _ in range(3))
    for (asset, _), positions in joint_groups(held, row).items():
        ours = [position for position in positions if mine[position]]
        if not ours:
            others[asset] += held.low[positions].max()
            continue
        most[asset] += held.high[ours].max()
        if test.joint_holdings:
            least[asset] += held.low[ours].max()
        elif len(ours) == len(positions):
            least[asset] += held.low[ours].min()
    return least, most, others


def joint_groups(held: Holdings, row: Ints) -> dict[tuple[int, int], list[int]]:
    """Positions of the holders of each joint holding, by the row of the asset and its key."""
    at = np.flatnonzero((held.joint > 0) & ~held.indirect)
    groups: dict[tuple[int, int], list[int]] = {}
    columns = at.tolist(), row[at].tolist(), held.joint[at].tolist()
    for position, asset, joint in zip(*columns, strict=True):
        groups.setdefault((asset, joint), []).append(position)
    return groups


def _alone(counted: _Counted, ledger: Ledger, *, most: bool) -> Ints:
    """The largest direct share of one owner who was reached."""
    held, row, mine, size = counted
    plain = ~held.indirect & (held.joint == 0)
    counts, found, share = mine & plain, np.zeros(size, np.int64), held.low
    if most:
        floor = counted.total(plain, held.low)
        room = np.where(floor > WHOLE, WHOLE, WHOLE - floor)
        limit = np.where(floor[row] > WHOLE, WHOLE, room[row] + held.low)
        share = limit if ledger.open_world else np.minimum(held.high, limit)
        found = room if ledger.open_world else found
    np.maximum.at(found, row[counts], share[counts])
    return found


def _controlled(ledger: Ledger, assets: Ints, inside: Inside, test: Test, *, most: bool) -> Flags:
    """Which assets are controlled by somebody who was reached, by means that count."""
    if not len(test.means):
        return np.zeros(len(assets), bool)
    at, about, denied = ledger.ties("CONTROLS", assets)
    counts = np.isin(ledger.index.basis[at], test.means) & inside(ledger.index.source[at])
    counts &= ledger.index.source[at] != about
    if not most:
        counts &= ~denied
    return np.isin(assets, about[counts])


def arranged(ledger: Ledger, assets: Ints, inside: Inside, *, most: bool) -> Ints:
    """Parties to a joint arrangement with somebody reached: asset and party in one number."""
    index = ledger.index
    at, about, denied = ledger.ties("ACTS_JOINTLY", assets)
    if not most:
        at, about = at[~denied], about[~denied]
    arrangement = about * (int(index.key[at].max(initial=0)) + 1) + index.key[at]
    ours = np.isin(arrangement, arrangement[inside(index.source[at])])
    return about[ours] * index.rows + index.source[at[ours]]
