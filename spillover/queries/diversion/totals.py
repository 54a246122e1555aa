"""What do the flows of several goods and ends come to together, before and after?

Only flows that are known in both windows and for the same part of the year are added up, where
there are any; the others stand apart, and are counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from spillover.queries.diversion.change import Change, GoodChange, Level, rise
from spillover.queries.diversion.periods import YEAR
from spillover.queries.diversion.ranges import Range, hull, less, over, total

_YEAR_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Total:
    """Flows together, in the unit of the question."""

    part: str
    """Part of the year that is compared."""
    days: int
    """Days that the amounts cover."""
    before: Range | None
    """None: nothing is known of it."""
    after: Range | None
    rise: Range
    """After less before, by the reports that were picked."""
    widest: Range
    """The same by whichever reports give least and most."""
    counted: tuple[GoodChange, ...]
    apart: tuple[GoodChange, ...]
    """Known in one window only, or for another part of the year: not in the sums."""

    @property
    def ratio(self) -> Range | None:
        """After over before; None where it was nothing before, or unknown."""
        if self.before is None or self.after is None:
            return None
        return over(self.after, self.before)

    @property
    def complete(self) -> bool:
        """Whether both windows are known."""
        return self.before is not None and self.after is not None

    @property
    def fewest(self) -> int:
        """The least number of periods that a level before the day stands on."""
        befores = [one.picked.before for one in self.counted]
        return min((len(level.periods) for level in befores if level), default=0)

    @property
    def mixed(self) -> bool:
        """Whether a period after the day began before it."""
        return any(level.mixed for one in self.counted for level in _levels(one.picked))

    @property
    def silent(self) -> int:
        """Periods that count as nothing because the reporter names no such flow."""
        return sum(level.silent for one in self.counted for level in _levels(one.picked))

    def yearly(self, amount: Range) -> Range:
        """An amount of this part of the year as a rate for a whole year of 365 days."""
        if self.part == YEAR:
            return amount
        scale = Fraction(_YEAR_DAYS, self.days)
        low, high = (None if end is None else end * scale for end in amount)
        return Range(low, high)


def summed(changes: Sequence[GoodChange]) -> Total | None:
    """All of these together; None without any."""
    if not changes:
        return None
    whole = [one for one in changes if one.picked.before and one.picked.after]
    usable = whole or list(changes)
    counts = Counter(one.picked.part for one in usable)
    part = min(counts, key=lambda name: (-counts[name], name != YEAR, name))
    counted = tuple(one for one in usable if one.picked.part == part)
    before, after = (
        _together([_level(one.picked, side) for one in counted]) for side in ("before", "after")
    )
    kept = {id(one) for one in counted}
    return Total(
        part,
        max(level.days for one in counted for level in _levels(one.picked)),
        before,
        after,
        total(one.picked.rise for one in counted),
        total(_widest(one) for one in counted),
        counted,
        tuple(one for one in changes if id(one) not in kept),
    )


def substitution(hub: Total, direct: Total) -> Range | None:
    """Rise through a hub over the fall of direct exports; None if nothing can be said.

    Where the parts of the year differ, both are taken as rates for a year.
    """
    fall = fallen(direct)
    if hub.part == direct.part and hub.days == direct.days:
        return over(hub.rise, fall)
    return over(hub.yearly(hub.rise), direct.yearly(fall))


def fallen(direct: Total) -> Range:
    """By how much direct exports fell; negative where they rose."""
    low, high = less(Range(Fraction(0), Fraction(0)), direct.rise)
    return Range(low, high)


def _levels(change: Change) -> list[Level]:
    return [level for level in (change.before, change.after) if level]


def _level(change: Change, side: str) -> Level | None:
    return change.before if side == "before" else change.after


def _together(levels: Sequence[Level | None]) -> Range | None:
    """The sum; None when one of them is unknown."""
    known = [level.amount for level in levels if level]
    return total(known) if len(known) == len(levels) else None


def _widest(one: GoodChange) -> Range:
    """The rise by every voice that knows both windows."""
    voices = [one.picked, *(other for other in one.others if other.before and other.after)]
    return hull(rise(voice.before, voice.after) for voice in voices)
