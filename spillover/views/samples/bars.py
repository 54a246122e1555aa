"""Which picture shows a sample: bars from the 5th to the 95th percentile, a mark at the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views.amounts.figures import Bar, Bars, Span
from spillover.views.samples.grid import ranked
from spillover.views.samples.words import DRAWN, ENDS, certain, heading, likely

if TYPE_CHECKING:
    from spillover.queries.uncertainty.sampled import Sampled, Spread

_BARS: Final = 25


def bars(sampled: Sampled, most: int = _BARS) -> Bars:
    """What part of each product is likely to be at risk; the certain bounds stand beside it."""
    found = ranked(sampled)
    return Bars(
        "What part of each product is likely to be at risk",
        "%",
        tuple(bar(sampled.parties[number].name, ranges.risk) for number, ranges in found[:most]),
        top=100,
        caption=f"{heading(sampled.draws, sampled.seed)}; {DRAWN}",
        names=ENDS,
        hidden=max(len(found) - most, 0),
    )


def bar(label: str, spread: Spread) -> Bar:
    """One amount."""
    span = Span(100 * spread.p5, 100 * spread.p95, 100 * spread.p50)
    return Bar(label, span, likely(spread), note=f"certain: {certain(spread.bounds)}")
