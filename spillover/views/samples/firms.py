"""How does a sample of a firm cascade become tables, plain data and a picture?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views import grid, plain
from spillover.views.amounts.figures import Bars
from spillover.views.grid import Grid, Rows
from spillover.views.plain import Plain
from spillover.views.samples.bars import bar
from spillover.views.samples.grid import assumed, driver_row
from spillover.views.samples.plain import driver, head, spread
from spillover.views.samples.words import DRAWN, ENDS, MEANING, certain, heading, likely

if TYPE_CHECKING:  # a page brings its drawings along; a table needs none of them
    from spillover.queries.uncertainty.sampled import SampledFirms, Spread
    from spillover.views.page import Section

_BARS: Final = 25
_ALL: Final = "all output of the network"


def grids(sampled: SampledFirms, top: int | None = None) -> tuple[Grid, ...]:
    """All that a sample of a firm cascade says; of each table ``top`` rows."""
    return firms(sampled, top), drivers(sampled), assumed(sampled.used)


def _ranked(sampled: SampledFirms) -> list[tuple[int, Spread]]:
    """The firms that can lose anything, the largest median first."""
    return sorted(
        sampled.firms.items(),
        key=lambda one: (-one[1].p50, -one[1].p95, sampled.parties[one[0]].id),
    )


def firms(sampled: SampledFirms, top: int | None = None) -> Grid:
    """All output, and one row for each firm that can lose anything."""
    found = _ranked(sampled)
    rows: Rows = [(_ALL, likely(sampled.index), certain(sampled.index.bounds))]
    rows += [
        (grid.name(sampled.parties[number]), likely(item), certain(item.bounds))
        for number, item in found[:top]
    ]
    hidden = len(found) + 1 - len(rows)
    notes = [
        MEANING,
        "" if sampled.settled else "the rounds of the cascade ran out in some draws",
        f"{hidden:,} more are in the JSON" if hidden else "",
    ]
    return grid.made(
        f"What is likely to be lost within the certain bounds"
        f" ({heading(sampled.draws, sampled.seed)})",
        "Output|Lost, likely|Lost, certain",
        rows,
        "; ".join(filter(None, notes)),
    )


def drivers(sampled: SampledFirms) -> Grid:
    """The unknowns that go with the loss of all output."""
    rows: Rows = [driver_row(sampled, item) for item in sampled.drivers]
    return grid.made(
        "Which unknowns drive the spread",
        "Unknown|Rank correlation|Claims",
        rows,
        f"of {sampled.inputs:,} unknowns that were drawn; +1: the larger, the more is lost",
    )


def plain_data(sampled: SampledFirms) -> Plain:
    """Percentiles, bounds, drivers and assumptions."""
    return {
        **head(sampled),
        "index": spread(sampled.index),
        "drivers": [driver(sampled, item) for item in sampled.drivers],
        "firms": [
            {"firm": plain.party(sampled.parties[number]), "lost": spread(item)}
            for number, item in sampled.firms.items()
        ],
    }


def section(sampled: SampledFirms, top: int) -> Section:
    """The part of a page about the sample."""
    from spillover.views.method import table
    from spillover.views.page import Section

    tables = tuple(table(item) for item in grids(sampled, top))
    return Section("What is likely", tables=tables, figures=(bars(sampled),))


def bars(sampled: SampledFirms, most: int = _BARS) -> Bars:
    """What part of its output each firm is likely to lose."""
    found = _ranked(sampled)
    rows = [bar(sampled.parties[number].name, item) for number, item in found[:most]]
    return Bars(
        "What part of its output each firm is likely to lose",
        "%",
        (bar(_ALL, sampled.index), *rows),
        top=100,
        caption=f"{heading(sampled.draws, sampled.seed)}; {DRAWN}",
        names=ENDS,
        hidden=max(len(found) - most, 0),
    )
