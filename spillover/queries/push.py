"""How does a cascade run where most claims are plain: owners who are reached hand down shares.

Adding up *into* every touched asset looks at all claims about it in every round. Here an owner
who is reached adds its shares to its assets once, from records that stand together in the index
(``records_of``). That is right for plain claims, which say all there is of a share (see
``spillover.graph.compiler``). An asset that somebody reached touches by any other claim is a knot,
and is judged from all claims about it, as everywhere else.

On greatest shares those reached can hold at most what other owners do not hold at least. An asset
whose shares are exact needs no look at the others; of the rest, the least shares of all owners are
added up once, and what the reached have of them is known.

The answer is that of :func:`spillover.queries.cascade.gathered`, round by round. Readings that
look at one owner alone, at joint arrangements or at several groups of bases, shares that are
assumed, undisclosed owners, and claims of another confidence than medium take that way instead.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from spillover.graph.arrays import FIELDS
from spillover.graph.claims import BASIS_CODES, KIND_CODES
from spillover.graph.evidence import CONFIDENCES
from spillover.graph.index import Index
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES, UNSTATED
from spillover.queries.holdings import CONTROLS, OWNS, Flags, Ints
from spillover.queries.judging import NEVER, Bound, Fixpoint, Rounds, Test, judged
from spillover.queries.ledger import Ledger

Records = npt.NDArray[np.int32]
_Int = TypeVar("_Int", np.int32, np.int64)

_TARGET, _LOW, _HIGH, _FIRST, _UNTIL, _OBSERVED, _CODE = (
    FIELDS.index(name) for name in ("target", "low", "high", "first", "until", "observed", "code")
)
_MEDIUM: Final = CONFIDENCES.index("medium")
_PASSED_OVER, _COUNTED, _UNKNOWN, _TOUCHING, _KNOTTY = range(5)
"""What a claim that counts on the day does to an asset."""
_ROOM: Final = 1024


def can_push(ledger: Ledger, test: Test) -> bool:
    """Whether this module answers; else the other way is taken."""
    return (
        len(test.bases) == 1
        and test.alone >= NEVER
        and not test.arrangements
        and not ledger.assumed
        and not ledger.open_world
        and ledger.when.level == _MEDIUM
    )


@lru_cache(maxsize=16)
def _doings(bases: tuple[str, ...], means: tuple[int, ...]) -> npt.NDArray[np.uint8]:
    """What claims of each code do, where medium confidence is enough."""
    doing = np.zeros((2, 16, 4, 16, 32), np.uint8)  # plain, flags, confidence, basis, kind
    sure, flags = doing[:, :, _MEDIUM:], np.arange(16)
    sure[..., KIND_CODES["ACTS_JOINTLY"]] = _TOUCHING
    sure[..., CONTROLS] = _TOUCHING
    sure[..., OWNS] = _UNKNOWN
    for name in bases:
        sure[..., BASIS_CODES[name], OWNS][:, flags & UNSTATED == 0] = _COUNTED
    if 0 not in means:  # then a stated parent without a holding is an unknown share
        sure[..., 0, CONTROLS][:, flags & DENIES == 0] = _UNKNOWN
    several = sure[0]
    several[(several == _COUNTED) | (several == _UNKNOWN)] = _KNOTTY
    for number in means:
        sure[..., number, CONTROLS] = _KNOTTY
    return doing.reshape(-1)


def pushed(ledger: Ledger, group: Ints, test: Test) -> Fixpoint:
    """Everything that a group of targets reaches, on least and then on greatest shares."""
    push = Push(ledger, group, test)
    push.spread(group, most=False)
    last, certain = push.number, push.bound(most=False)
    everything = np.arange(push.targets, push.touched.count)
    push.spread(push.reached(everything, most=True), most=True)
    possible, rounds = push.bound(most=True), push.touched.rounds()
    push.touched.give_back()
    return Fixpoint(rounds, last, certain, possible)


class Touched:
    """What is known of the targets and of what they touch: a slot for each, from 1 up.

    ``number`` has the slot of each entity, 0 for none. It alone is as long as the graph; cascades
    lend it each other, so that each costs what it touches.
    """

    def __init__(self, index: Index) -> None:
        self._spare = index.spare
        try:
            self.number = self._spare.pop()
        except IndexError:
            self.number = np.zeros(index.rows, np.int32)
        self.count = 1
        self.entity = np.zeros(_ROOM, np.int64)
        self.low = np.zeros(_ROOM, np.int64)
        self.high = np.zeros(_ROOM, np.int64)
        self.declared = np.zeros(_ROOM, np.int64)
        """One more than what all owners hold at least; 0 where it was not asked yet."""
        self.round = np.zeros(_ROOM, np.int64)
        """The round in which it began to pass on; 0 for those who did not."""
        self.needed = np.zeros(_ROOM, np.int64)
        """The share that makes it pass on; ``NEVER`` once it does, and for knots."""
        self.knotty = np.zeros(_ROOM, bool)

    def add(self, fresh: npt.NDArray[Any], needed: int) -> None:
        """Give slots to entities that have none."""
        new = slice(self.count, self.count + len(fresh))
        self._grow(new.stop)
        self.number[fresh] = np.arange(new.start, new.stop)
        self.entity[new] = fresh
        self.needed[new] = needed
        self.count = new.stop

    def _grow(self, size: int) -> None:
        if size <= len(self.low):
            return
        more = max(size, 2 * len(self.low)) - len(self.low)
        for name in ("entity", "low", "high", "declared", "round", "needed", "knotty"):
            column = getattr(self, name)
            setattr(self, name, np.concatenate((column, np.zeros(more, column.dtype))))

    def rounds(self) -> Rounds:
        """The rounds of everybody who was reached."""
        (slots,) = self.round.nonzero()
        return Rounds.of(self.entity[slots], self.round[slots])

    def give_back(self) -> None:
        """Leave the slots to the next cascade, empty."""
        self.number[self.entity[1 : self.count]] = 0
        self._spare.append(self.number)


class Push:
    """One cascade while it runs."""

    def __init__(self, ledger: Ledger, group: Ints, test: Test) -> None:
        self.ledger, self.test = ledger, test
        self.doings = _doings(test.bases[0], tuple(test.means.tolist()))
        self.number = 1
        """The last round in which somebody was reached."""
        self.touched = Touched(ledger.index)
        self.touched.add(distinct(group), NEVER)
        self.targets = self.touched.count
        """Slots from here on are no targets."""
        self.touched.round[1 : self.targets] = 1
        self.knots = False

    # -- handing down ---------------------------------------------------------------------------

    def spread(self, frontier: Ints, *, most: bool) -> None:
        """Round by round: who is reached hands down, and reaches others."""
        while len(frontier):
            frontier = self.reached(self._handed_down(frontier), most=most)

    def _handed_down(self, owners: Ints) -> Ints:
        """Add what these owners hold to their assets; the slots of those, with repeats."""
        touched = self.touched
        _, records, doing = self._counting(self.ledger.index.records_of(owners))
        target = records[:, _TARGET]
        fresh = target[touched.number.take(target) == 0]
        if len(fresh):
            touched.add(distinct(fresh), self.test.passes_on)
        slots: Ints = touched.number.take(target).astype(np.int64)
        low, high = records[:, _LOW].astype(np.int64), records[:, _HIGH].astype(np.int64)
        if doing.max(initial=0) > _COUNTED:
            low[doing > _COUNTED] = 0
            high[doing > _UNKNOWN] = 0
            high[doing == _UNKNOWN] = WHOLE
            self._tie(slots[doing == _KNOTTY])
        np.add.at(touched.low, slots, low)
        np.add.at(touched.high, slots, high)
        return slots

    def _counting(self, records: Records) -> tuple[Ints, Records, npt.NDArray[np.uint8]]:
        """Which of these records count on the day, they themselves, and what each of them does."""
        when = self.ledger.when
        doing = self.doings.take(records[:, _CODE])
        counts = doing != _PASSED_OVER
        counts &= records[:, _FIRST] <= when.day
        counts &= records[:, _UNTIL] >= when.day
        (at,) = counts.nonzero()
        records, doing = records.take(at, axis=0), doing.take(at)
        if when.max_age is not None:
            old = records[:, _OBSERVED] < when.day - when.max_age
            doing[old & (doing == _COUNTED)] = _UNKNOWN
        return at, records, doing

    def _tie(self, slots: Ints) -> None:
        """Take these assets for knots."""
        if len(slots):
            self.knots = True
            self.touched.knotty[slots] = True
            self.touched.needed[slots] = NEVER

    # -- reaching -------------------------------------------------------------------------------

    def reached(self, slots: Ints, *, most: bool) -> Ints:
        """Who of these begins to pass on in the next round."""
        touched = self.touched
        share = touched.high if most else touched.low
        passing = slots[share.take(slots) >= touched.needed.take(slots)]
        if len(passing):
            passing = distinct(passing)
            if most:
                enough = self._greatest(passing) >= self.test.passes_on
                passing = passing[enough & ~touched.knotty.take(passing)]
        if self.knots:
            passing = np.append(passing, self._untied(slots, most=most))
        if len(passing):
            self.number += 1
            touched.round[passing] = self.number
            touched.needed[passing] = NEVER
        return touched.entity.take(passing)

    def _untied(self, slots: Ints, *, most: bool) -> Ints:
        """The knots among these that begin to pass on."""
        touched = self.touched
        knots = distinct(touched.entity[slots[touched.knotty[slots] & (touched.round[slots] == 0)]])
        judgement = judged(self.ledger, knots, self._inside, self.test, most=most)
        passing: Ints = touched.number[knots[judgement.passes(self.test.passes_on)]]
        return passing

    def _inside(self, some: npt.NDArray[Any]) -> Flags:
        inside: Flags = self.touched.round[self.touched.number[some]] > 0
        return inside

    def _greatest(self, slots: Ints) -> Ints:
        """The most that those reached can hold of these assets beside the others."""
        touched = self.touched
        low, share = touched.low.take(slots), touched.high.take(slots)
        (vague,) = (share > low).nonzero()
        at, floor = slots.take(vague), low.take(vague)
        self._declare(at[touched.declared.take(at) == 0])
        declared = touched.declared.take(at) - 1
        # As where all claims are looked at: least shares over the whole leave no limit.
        room = np.where(declared > WHOLE, WHOLE, WHOLE - declared + floor)
        share[vague] = np.maximum(np.minimum(share[vague], room), floor)
        return share

    def _declare(self, slots: Ints) -> None:
        """Add up what all owners of these assets hold at least; knots come to light."""
        if not len(slots):
            return
        records, counts = self.ledger.index.records_about(self.touched.entity[slots])
        at, records, doing = self._counting(records)
        row = np.arange(len(slots)).repeat(counts)[at]
        low = records[:, _LOW].astype(np.int64)
        low[doing != _COUNTED] = 0
        total = np.ones(len(slots), np.int64)
        np.add.at(total, row, low)
        self.touched.declared[slots] = total
        self._tie(slots[row[doing == _KNOTTY]])

    # -- what it comes to -----------------------------------------------------------------------

    def bound(self, *, most: bool) -> Bound:
        """What the fixpoint comes to for everything that was touched."""
        touched = self.touched
        entity = touched.entity[self.targets : touched.count]
        # Sorted as one number: several times as fast as ``argsort``.
        stamped = (entity << 32) + np.arange(self.targets, touched.count)
        stamped.sort()
        slots, assets = stamped & 0xFFFFFFFF, stamped >> 32
        share = self._greatest(slots) if most else touched.low.take(slots)
        reached = (share >= self.test.enough) | (touched.round.take(slots) > 0)
        if self.knots:
            knotty = touched.knotty[slots]
            knots = assets[knotty]
            judgement = judged(self.ledger, knots, self._inside, self.test, most=most)
            share[knotty] = judgement.share
            reached[knotty] = judgement.passes(self.test.enough) | self._inside(knots)
        return Bound(most, assets, np.minimum(share, WHOLE), reached)


def distinct(numbers: npt.NDArray[_Int]) -> npt.NDArray[_Int]:
    """These numbers in order, each once; several times as fast as ``np.unique``."""
    ordered = np.sort(numbers)
    new = np.empty(len(ordered), bool)
    new[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]
