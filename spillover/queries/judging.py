"""What does each asset come to, for those who have been reached, under one reading of a rule.

Shares are intervals in millionths of a percent. On least shares those reached hold what they hold
in every completion of the unknowns; on greatest shares at most what the others do not hold at
least.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import BASIS_CODES
from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Flags, Holdings, Ints, largest
from spillover.queries.ledger import Ledger
from spillover.queries.rulebook import Reading

NEVER: Final = 2**40
"""A share that nobody can hold: more than any sum of claims."""

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
class Rounds:
    """In which round entities began to pass on: 1 for the group, 0 for those who never did."""

    entity: Ints
    """Sorted; the first is 0, which is nobody."""
    number: Ints
    """The round of each."""

    @classmethod
    def of(cls, entity: Ints, number: npt.NDArray[Any]) -> Rounds:
        """The rounds of entities in any order, each once."""
        order = np.argsort(entity)
        return cls(np.append(0, entity[order]), np.append(0, number[order]))

    def __getitem__(self, entities: npt.ArrayLike) -> Ints:
        """The rounds of these entities, in the same shape."""
        row = np.minimum(np.searchsorted(self.entity, entities), len(self.entity) - 1)
        rounds: Ints = np.where(self.entity[row] == entities, self.number[row], 0)
        return rounds


@dataclass(frozen=True, slots=True)
class Fixpoint:
    """Both bounds for one group."""

    rounds: Rounds
    last: int
    """Last round on least shares; in later ones greatest shares counted."""
    certain: Bound
    possible: Bound


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
    total = counted.total(mine & held.plain, held.low)
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
    plain = held.plain
    total = counted.total(mine & plain, held.high)
    floor = counted.total(mine & plain, held.low)
    taken = counted.total(~mine & plain, held.low)
    declared = taken + floor
    if held.joint.any():
        least, greatest, elsewhere = _jointly(counted, test)
        declared += _joint_floor(counted)
        total, floor, taken = total + greatest, floor + least, taken + elsewhere
    # Least shares over the whole contradict each other, and nobody knows which of them is wrong:
    # then the others' leave no limit.
    room = np.where(declared > WHOLE, WHOLE, WHOLE - taken)
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
    for (asset, _), positions in held.joint_groups(row).items():
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


def _joint_floor(counted: _Counted) -> Ints:
    """What all joint holdings of each asset come to at least, each counted once."""
    total = np.zeros(counted.size, np.int64)
    for (asset, _), positions in counted.held.joint_groups(counted.row).items():
        total[asset] += counted.held.low[positions].max()
    return total


def _alone(counted: _Counted, ledger: Ledger, *, most: bool) -> Ints:
    """The largest direct share of one owner who was reached."""
    held, row, mine, size = counted
    plain = held.plain
    (at,) = (mine & plain).nonzero()
    # An owner may hold shares alone and, in another claim, shares of which nobody else is named.
    pair = row[at] * ledger.index.rows + held.owner[at]
    _, first, one = np.unique(pair, return_index=True, return_inverse=True)
    row, found = row[at[first]], np.zeros(size, np.int64)
    share = np.zeros(len(first), np.int64)
    np.add.at(share, one, held.low[at])
    if most:
        floor = counted.total(plain, held.low)
        if held.joint.any():
            floor += _joint_floor(counted)
        room = np.where(floor > WHOLE, WHOLE, WHOLE - floor)
        limit = np.where(floor[row] > WHOLE, WHOLE, room[row] + share)
        high = np.zeros(len(first), np.int64)
        np.add.at(high, one, held.high[at])
        share = limit if ledger.open_world else np.minimum(high, limit)
        found = room if ledger.open_world else found
    np.maximum.at(found, row, share)
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
