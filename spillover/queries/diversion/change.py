"""How high was a flow before a day, how high after it, and how sure is that?

The level of a window is the mean of its periods. Only like parts of the year are compared. A
period in which the reporter reports other flows of these goods, but not this one, counts as
nothing; one in which it reports none at all is unknown, and left out. Reports of the two ends are
never mixed: one of them is picked for both windows, and the others stand beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from spillover.queries.diversion.flows import VOICES, Flow, Flows, Measure, Voice
from spillover.queries.diversion.goods import Good
from spillover.queries.diversion.periods import YEAR, Span, Window, is_month, season
from spillover.queries.diversion.ranges import Range, hull, less, over, total

MONTHS: Final = "months"
"""Months with months of the same name; a level is the sum of their means."""
_ZERO: Final = Range(Fraction(0), Fraction(0))
Points = Mapping[Span, Range]


@dataclass(frozen=True, slots=True)
class Level:
    """How high a flow was in one window."""

    amount: Range
    """Mean of its periods, in the unit of the question."""
    periods: tuple[str, ...]
    """As printed, in order."""
    silent: int
    """Periods that count as nothing because the reporter, who reports, names no such flow."""
    mixed: bool
    """One of the periods began before the day."""
    days: int
    """Days that the amount covers: a year, or the months that are compared."""


@dataclass(frozen=True, slots=True)
class Change:
    """A flow before and after, by one voice."""

    voice: Voice
    part: str
    """Part of the year that is compared: ``year``, ``months``, or for example ``01/05``."""
    before: Level | None
    """None: nothing is known of it."""
    after: Level | None

    @property
    def rise(self) -> Range:
        """After less before; unbounded below where nothing is known of before."""
        return rise(self.before, self.after)

    @property
    def ratio(self) -> Range | None:
        """After over before; None where it was nothing before, or unknown."""
        if self.before is None or self.after is None:
            return None
        return over(self.after.amount, self.before.amount)


@dataclass(frozen=True, slots=True)
class GoodChange:
    """The flow of one good between two ends."""

    exporter: int
    importer: int
    good: Good
    picked: Change
    others: tuple[Change, ...]
    """The same flow by other voices."""
    editions: tuple[str, ...]
    """Editions of the Harmonized System, where the flow was recorded under several."""
    denied: bool
    positions: tuple[int, ...]
    """Claims in either window, those of parts among them."""


def rise(before: Level | None, after: Level | None) -> Range:
    """After less before, where an unknown level is 0 or more."""
    unknown = Range(Fraction(0), None)
    return less(after.amount if after else unknown, before.amount if before else unknown)


def change(
    flows: Flows, rows: Sequence[Flow], window: Window, *, measure: Measure, unit: str
) -> GoodChange | None:
    """The change of one flow, of which these are the claims; None if none has an amount to show.

    Args:
        flows: all flows of the question, which say who reports when.
        rows: claims about one good between two ends.
        window: the day, and how far is looked.
        measure: what is compared.
        unit: the unit of what is compared; claims in others are left out.
    """
    by_voice: dict[Voice, dict[Span, Range]] = defaultdict(dict)
    inside = [row for row in rows if window.side(row.days) in {"before", "after"}]
    for row in inside:
        amount = row.amount(measure)
        if row.part or amount is None or amount.unit != unit:
            continue
        low = Fraction(0) if row.denied else amount.low
        said = Range(low, amount.high)
        points = by_voice[row.voice]
        points[row.days] = hull((points[row.days], said)) if row.days in points else said
    made = [
        _compared(voice, by_voice[voice], _reporting(flows, rows[0], voice), window)
        for voice in VOICES
        if voice in by_voice
    ]
    if not made:
        return None
    picked = next((one for one in made if one.before and one.after), made[0])
    return GoodChange(
        rows[0].exporter,
        rows[0].importer,
        rows[0].good,
        picked,
        tuple(one for one in made if one is not picked),
        _several({row.edition for row in inside} - {""}),
        any(row.denied for row in inside),
        tuple(row.position for row in inside),
    )


def _several(editions: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(editions)) if len(editions) > 1 else ()


def _reporting(flows: Flows, row: Flow, voice: Voice) -> frozenset[Span]:
    """Periods in which this voice would have named the flow, had there been one."""
    speaker = {"exporter": row.exporter, "importer": row.importer, "reconciled": 0}.get(voice)
    return frozenset() if speaker is None else flows.active.get(speaker, frozenset())


def _compared(voice: Voice, points: Points, active: Iterable[Span], window: Window) -> Change:
    sides: dict[str, dict[str, dict[Span, Range | None]]] = {"before": {}, "after": {}}
    known: dict[Span, Range | None] = {**dict.fromkeys(active), **points}
    for of in sorted(known):
        side = window.side(of)
        if side in sides:
            sides[side].setdefault(season(of), {})[of] = known[of]
    stated = {season(of) for of in points}
    levels: dict[str, Level | None] = {"before": None, "after": None}
    part = YEAR
    windows: tuple[str, ...]
    for windows in (("before", "after"), ("after",), ("before",)):
        shared = set.intersection(*(set(sides[name]) for name in windows))
        part, seasons = _part(shared, stated)
        if seasons:
            levels |= {name: _level(sides[name], seasons, window) for name in windows}
            break
    return Change(voice, part, levels["before"], levels["after"])


def _part(known: Collection[str], stated: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """The part of the year to compare, and the parts that it is made of; none if none is stated.

    Years come first, then all months, then the longest other part.
    """
    if YEAR in known and YEAR in stated:
        return YEAR, (YEAR,)
    months = tuple(sorted(filter(is_month, known)))
    if set(months) & set(stated):
        return MONTHS, months
    others = sorted((set(known) & set(stated)) - {YEAR}, key=lambda name: (-_length(name), name))
    return (others[0], (others[0],)) if others else (YEAR, ())


def _length(name: str) -> int:
    """Months that a part of the year touches."""
    first, _, last = name.partition("/")
    years, _, rest = last.partition("-") if last.startswith("+") else ("0", "", last)
    return 12 * int(years) + int((rest or first)[:2]) - int(first[:2])


def _level(
    found: Mapping[str, Mapping[Span, Range | None]], seasons: Iterable[str], window: Window
) -> Level | None:
    """The sum over parts of the year of the mean of each."""
    parts = [found[name] for name in seasons if name in found]
    if not parts:
        return None
    spans = sorted(of for part in parts for of in part)
    values = [total(value or _ZERO for value in part.values()) for part in parts]
    means = [
        Range(_shared(value.low, len(part)), _shared(value.high, len(part)))
        for value, part in zip(values, parts, strict=True)
    ]
    return Level(
        total(means),
        tuple(of.text for of in spans),
        sum(value is None for part in parts for value in part.values()),
        any(window.mixed(of) for of in spans),
        sum(max(of.days for of in part) for part in parts),
    )


def _shared(value: Fraction | None, count: int) -> Fraction | None:
    return value if count == 1 or not value else value / count
