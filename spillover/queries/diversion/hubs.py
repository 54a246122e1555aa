"""Whose exports to a target rose when direct ones fell, and what did they buy themselves?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from spillover.queries.answer import Claim, Reporter
from spillover.queries.diversion.answer import Hub, Mirrors, Supplier
from spillover.queries.diversion.change import GoodChange, change
from spillover.queries.diversion.did import Compared, compare
from spillover.queries.diversion.flows import MEASURES, Flow, Flows, Measure
from spillover.queries.diversion.goods import Good
from spillover.queries.diversion.mirror import mirror
from spillover.queries.diversion.periods import Span, Window
from spillover.queries.diversion.ranges import Range, over, total
from spillover.queries.diversion.totals import Total, fallen, substitution, summed
from spillover.queries.diversion.unit_values import jumps

EVIDENCE: Final = 200
"""Claims that are told of each hub, and of the direct suppliers; others are counted."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What all measures of one basket share."""

    flows: Flows
    others: Flows
    """Flows of goods that are not controlled into the target."""
    goods: frozenset[Good]
    target: int
    window: Window
    measure: Measure
    unit: str
    ratio: Fraction
    reporter: Reporter
    comparable: bool
    """Whether the goods have codes, so that others can be compared with them."""
    _cache: dict[tuple[int, int], list[GoodChange]] = field(default_factory=dict, repr=False)

    def rows(self, exporter: int, importer: int) -> list[Flow]:
        """Claims about these goods between two ends."""
        found = self.flows.between.get((exporter, importer), ())
        return [row for row in found if row.good in self.goods]

    def changes(self, exporter: int, importer: int) -> list[GoodChange]:
        """The change of each good between two ends."""
        key = exporter, importer
        if key not in self._cache:
            self._cache[key] = self._changes(self.flows, self.rows(exporter, importer))
        return self._cache[key]

    def uncontrolled(self, exporter: int) -> list[GoodChange]:
        """The change of each good that is not controlled, into the target."""
        return self._changes(self.others, self.others.between.get((exporter, self.target), ()))

    def _changes(self, flows: Flows, rows: Iterable[Flow]) -> list[GoodChange]:
        by_good: dict[Good, list[Flow]] = defaultdict(list)
        for row in rows:
            by_good[row.good].append(row)
        made = (
            change(flows, by_good[good], self.window, measure=self.measure, unit=self.unit)
            for good in sorted(by_good)
        )
        return [one for one in made if one is not None]

    def claims(self, totals: Iterable[Total | None]) -> tuple[tuple[Claim, ...], int]:
        """The rows of these flows, the largest flows of each total first, and how many are more."""
        at: dict[int, None] = {}
        for found in filter(None, totals):
            ordered = sorted((*found.counted, *found.apart), key=_size)
            at.update(dict.fromkeys(p for one in ordered for p in one.positions))
        shown = list(at)[:EVIDENCE]
        claims = self.reporter.claims(shown)
        return tuple(claims[position] for position in shown), len(at) - len(shown)


def _size(one: GoodChange) -> tuple[Fraction, int, Good]:
    levels = [level for level in (one.picked.before, one.picked.after) if level]
    largest = max(level.amount.high or level.amount.low or Fraction(0) for level in levels)
    return -largest, one.exporter, one.good


def measured(
    flows: Flows, goods: Collection[Good], target: int, *, window: Window, asked: Measure | None
) -> tuple[Measure, str]:
    """In what most flows into the target can be compared: value before weight, weight before count.

    Counted are exporters and goods with a figure before and one after the day, then figures.
    """
    seen: dict[tuple[Measure, str], dict[tuple[int, Good], set[str]]] = {}
    figures: dict[tuple[Measure, str], int] = defaultdict(int)
    for row in flows.into.get(target, ()):
        side = window.side(row.days)
        if row.good not in goods or side not in {"before", "after"} or row.part:
            continue
        for measure in MEASURES if asked is None else (asked,):
            amount = row.amount(measure)
            if amount is not None:
                key = measure, amount.unit
                seen.setdefault(key, {}).setdefault((row.exporter, row.good), set()).add(side)
                figures[key] += 1
    if not seen:
        return asked or "value", ""

    def rank(key: tuple[Measure, str]) -> tuple[int, int, int, str]:
        both = sum(len(sides) > 1 for sides in seen[key].values())
        return -both, MEASURES.index(key[0]), -figures[key], key[1]

    return min(seen, key=rank)


def supplier(frame: Frame, exporter: int) -> Supplier | None:
    """One direct supplier; None where nothing comparable is known."""
    exports = summed(frame.changes(exporter, frame.target))
    return Supplier(frame.reporter.party(exporter), exports) if exports else None


def rising(exports: Total) -> bool:
    """Whether exports rose, or may have: nothing is known of before, or bounds overlap."""
    if exports.after is None or exports.after.high == 0:
        return False
    return exports.rise.high is None or exports.rise.high > 0


def falling(exports: Total) -> bool:
    """Whether exports fell for certain, by the reports that were picked."""
    return exports.complete and exports.rise.high is not None and exports.rise.high < 0


def ranked(exports: Mapping[int, Total], ids: Mapping[int, str]) -> list[int]:
    """Exporters in order of the rise: those of which both windows are known come first."""

    def rank(number: int) -> tuple[bool, Fraction, Fraction, str]:
        found = exports[number]
        low = found.rise.low if found.rise.low is not None else Fraction(0)
        high = (found.after or Range(None, None)).high or Fraction(0)
        return not found.complete, -low, -high, ids[number]

    return sorted(exports, key=rank)


def hub(frame: Frame, exporter: int, direct: Total | None, sources: Sequence[int]) -> Hub:
    """Every measure of one hub.

    Args:
        frame: the basket and its window.
        exporter: the hub.
        direct: what the direct suppliers send to the target.
        sources: the direct suppliers.
    """
    exports = summed(frame.changes(exporter, frame.target))
    if exports is None:
        raise ValueError("a hub has exports")
    bought = [one for source in sources for one in frame.changes(source, exporter)]
    imports = summed(bought)
    nothing = imports is None and bool(sources) and _silent(frame, exporter, sources)
    out = frame.rows(exporter, frame.target)
    inward = [row for source in sources for row in frame.rows(source, exporter)]
    prices, thin = jumps(out, frame.window, frame.unit) if frame.measure == "value" else ((), 0)
    claims, hidden = frame.claims((exports, imports))
    return Hub(
        frame.reporter.party(exporter),
        exports,
        substitution(exports, direct) if direct else None,
        imports,
        nothing,
        Range(Fraction(0), Fraction(0)) if nothing else _fed(exports, bought),
        _mirrors(frame, inward),
        _mirrors(frame, out),
        versus(frame, [exporter]),
        tuple(jump for jump in prices if jump.jumped),
        thin,
        _reexported(frame, out),
        claims,
        hidden,
    )


def together(exports: Iterable[Total], direct: Total | None) -> Range | None:
    """Rise through all these hubs over the fall of direct exports."""
    changes = [one for found in exports if found.complete for one in found.counted]
    every = summed(changes)
    return substitution(every, direct) if every and direct else None


def versus(frame: Frame, exporters: Iterable[int]) -> Compared | None:
    """Controlled goods against others, on the way from these exporters to the target."""
    if not frame.comparable or frame.measure != "value":
        return None
    mine: list[GoodChange] = []
    others: list[GoodChange] = []
    for exporter in exporters:
        mine += frame.changes(exporter, frame.target)
        others += frame.uncontrolled(exporter)
    return compare(mine, others)


def _mirrors(frame: Frame, rows: Sequence[Flow]) -> Mirrors:
    if frame.measure == "quantity":
        return Mirrors(None, None)
    ratio = frame.ratio if frame.measure == "value" else Fraction(1)
    before, after = (
        mirror(frame.flows, rows, frame.window, side, ratio=ratio, unit=frame.unit)
        for side in ("before", "after")
    )
    return Mirrors(before, after)


def _fed(exports: Total, bought: Sequence[GoodChange]) -> Range | None:
    """What risen imports can have fed of risen exports, good by good, over the rise of exports.

    A rise of imports of one good feeds no exports of another. Both are rates for a year.
    """
    if not bought or not exports.complete or exports.rise.low is None or exports.rise.low <= 0:
        return None
    parts: list[Range] = []
    for one in exports.counted:
        mine = summed([change for change in bought if change.good == one.good])
        if mine is None:
            continue
        if not mine.complete:
            return None
        parts.append(_least(exports.yearly(one.picked.rise), mine.yearly(mine.rise)))
    part = over(total(parts), exports.yearly(exports.rise))
    if part is None:
        return None
    low, high = (None if end is None else min(end, Fraction(1)) for end in part)
    return Range(low, high)


def _least(first: Range, second: Range) -> Range:
    """The lesser of two amounts, where a fall counts as nothing."""
    zero = Fraction(0)
    lows = [end if end is not None else zero for end in (first.low, second.low)]
    highs = [end for end in (first.high, second.high) if end is not None]
    return Range(max(min(lows), zero), max(min(highs), zero) if highs else None)


def _silent(frame: Frame, exporter: int, sources: Sequence[int]) -> bool:
    """Whether the hub, or a direct supplier, reports in both windows."""
    for end in (exporter, *sources, 0):
        sides = {frame.window.side(days) for days in frame.flows.active.get(end, ())}
        if sides >= {"before", "after"}:
            return True
    return False


def _reexported(frame: Frame, rows: Iterable[Flow]) -> Range | None:
    """What the hub reports as re-exports after the day, per year of its reports."""
    found: dict[tuple[Good, Span], Range] = {}
    for row in rows:
        amount = row.amount(frame.measure)
        told = row.part == "re-export" and frame.window.side(row.days) == "after"
        if told and amount is not None and amount.unit == frame.unit:
            found[row.good, row.days] = Range(amount.low, amount.high)
    return total(found.values()) if found else None


def fall_of(direct: Total | None) -> Range | None:
    """By how much direct exports fell; None where none are known."""
    return fallen(direct) if direct else None
