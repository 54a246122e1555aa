"""How far do the two ends' reports of a flow differ, and what was sent but never arrived?

An importer's figure counts freight and insurance (CIF), an exporter's does not (FOB): the import
is divided by a ratio first. The ratio is an assumption, and part of the answer.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from spillover.queries.diversion.flows import Flow, Flows
from spillover.queries.diversion.goods import Good
from spillover.queries.diversion.periods import Span, Window
from spillover.queries.diversion.ranges import Range, hull, total

CIF_FOB: Final = Fraction(106, 100)
"""Import over export value. The IMF used this factor in its Direction of Trade Statistics
(Yearbook 2017) to make one report of the other."""


@dataclass(frozen=True, slots=True)
class Mirror:
    """Reports of both ends, over every good and period of one window in which they meet."""

    exported: Range
    """Sum of what exporters report where importers report the same flow, or report others of
    that period but not this one."""
    imported: Range
    """Sum of what importers report, freight and insurance taken out."""
    gap: tuple[float, float] | None
    """The first's logarithm less the second's; None where one of them is 0. An estimate."""
    ghost: Range
    """Sum over goods and periods of max(0, exported less imported)."""
    met: int
    """Goods and periods with both reports."""
    unanswered: int
    """Goods and periods that the importer's report leaves out; they count as nothing there."""
    unknown: int
    """Goods and periods of which the exporter reports, and the importer reports nothing at all:
    not counted."""


def mirror_gap(exported: float, imported: float, ratio: float = 1.0) -> float:
    """Gap ln X - ln(M / ratio): above 0 more was sent than arrived.

    Source: R. Fisman, S.-J. Wei, Tax Rates and Tax Evasion, Journal of Political Economy 112
    (2004), whose gap is the log of reported exports less the log of reported imports.

    Raises:
        ValueError: an amount is not positive.
    """
    return math.log(exported) - math.log(imported / ratio)


def ghost(exported: Range, imported: Range, ratio: Fraction) -> Range:
    """max(0, X - M / ratio): what was declared as sent and not as arrived."""
    low = high = None
    if exported.low is not None:
        gone = None if imported.high is None else exported.low - imported.high / ratio
        low = max(Fraction(0), gone) if gone is not None else Fraction(0)
    if exported.high is not None:
        high = max(Fraction(0), exported.high - (imported.low or Fraction(0)) / ratio)
    return Range(low, high)


def mirror(  # noqa: PLR0913 - the flows, where they lie, and in what they are compared
    flows: Flows, rows: Iterable[Flow], window: Window, side: str, *, ratio: Fraction, unit: str
) -> Mirror | None:
    """The reports of both ends in one window; None where no exporter reports anything.

    Args:
        flows: all flows of the question, which say who reports when.
        rows: claims about the flows to compare.
        window: the day, and how far is looked.
        side: ``before`` or ``after``.
        ratio: import over export value, see :data:`CIF_FOB`; 1 for weights.
        unit: a currency, or ``kg``.
    """
    cells: dict[tuple[int, int, Good, Span], dict[str, Range]] = defaultdict(dict)
    for row in rows:
        amount = row.amount("weight" if unit == "kg" else "value")
        if row.part or amount is None or amount.unit != unit or window.side(row.days) != side:
            continue
        said = Range(Fraction(0) if row.denied else amount.low, amount.high)
        cell = cells[row.exporter, row.importer, row.good, row.days]
        cell[row.voice] = hull((cell[row.voice], said)) if row.voice in cell else said
    sent = [(key, cell) for key, cell in sorted(cells.items()) if "exporter" in cell]
    if not sent:
        return None
    pairs: list[tuple[Range, Range]] = []
    met = unanswered = unknown = 0
    for (_, importer, _, days), cell in sent:
        if "importer" in cell:
            met += 1
            pairs.append((cell["exporter"], cell["importer"]))
        elif days in flows.active.get(importer, frozenset()):
            unanswered += 1
            pairs.append((cell["exporter"], Range(Fraction(0), Fraction(0))))
        else:
            unknown += 1
    exported, arrived = (total(pair[end] for pair in pairs) for end in (0, 1))
    imported = Range(*(None if end is None else end / ratio for end in arrived))
    return Mirror(
        exported,
        imported,
        _gap(exported, imported),
        total(ghost(sent, came, ratio) for sent, came in pairs),
        met,
        unanswered,
        unknown,
    )


def _gap(exported: Range, imported: Range) -> tuple[float, float] | None:
    ends = (exported.low, imported.high, exported.high, imported.low)
    first, second, third, fourth = (float(end) if end else 0.0 for end in ends)
    if min(first, second, third, fourth) <= 0:
        return None
    return mirror_gap(first, second), mirror_gap(third, fourth)
