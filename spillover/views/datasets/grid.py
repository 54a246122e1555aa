"""What do the loads of a graph look like as tables: datasets, what they noted and set aside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from spillover.graph.dates import day_range
from spillover.graph.evidence import licence_notice
from spillover.graph.rows import Audit, Load, Quarantined
from spillover.graph.store import Store
from spillover.views.grid import Cell, Grid, Rows, made

_SHOWN = 40
"""Most rows of each kind that a load shows."""
_MOST = 20
"""Most contradictions that the status shows; all of them stand in its JSON."""


def datasets(loads: Iterable[Load], today: dt.date | None = None) -> Grid:
    """The datasets that an answer stands on, and what their licences forbid.

    Their age is told when ``today`` is given; beside the time of a load stands its version.
    """
    loads = tuple(loads)
    rows: Rows = [
        (
            load.dataset.name,
            Cell(load.dataset.title, load.dataset.url),
            _as_of(load.dataset.date, today),
            f"{load.finished} (v{load.num})",
            load.dataset.licence,
            f"{load.entities:,}",
            f"{load.relations:,}",
            _sum(load),
        )
        for load in loads
    ]
    return made(
        "Datasets",
        "Dataset|Title|As of|Loaded|Licence|Entities|Relations"
        "|Read = loaded + merged + ignored + quarantined",
        rows,
        licence_notice(load.dataset for load in loads),
    )


def _as_of(date: str, today: dt.date | None) -> str:
    if not date:
        return "not stated"
    if today is None:
        return date
    days = today.toordinal() - day_range(date)[1]
    return f"{date} ({days:,} days ago)" if days > 0 else date


def _sum(load: Load) -> str:
    """The reconciliation of a load as a sum."""
    parts = (load.loaded, load.merged, load.ignored, load.quarantined)
    return f"{load.read:,} = " + " + ".join(f"{part:,}" for part in parts)


def audit(audits: tuple[Audit, ...], aside: tuple[Quarantined, ...]) -> tuple[Grid, ...]:
    """What a load ignored or wants looked at, and what it set aside; empty ones are left out.

    Of each the first few are shown; `spillover quarantine` and the JSON have all of them.
    """
    noted: Rows = [(item.what, item.key, f"{item.count:,}", item.example) for item in audits]
    quarantined: Rows = [(item.file, item.position, item.reason, item.value) for item in aside]
    grids = (
        _some("Noted", "What|Which|Count|Example", noted, _SHOWN),
        _some("Quarantined", "File|Where|Why|Value", quarantined, _SHOWN),
    )
    return tuple(grid for grid in grids if grid.rows)


def status(store: Store, today: dt.date) -> tuple[Grid, ...]:
    """The datasets of a graph, and the identifiers that contradict each other."""
    conflicts = store.joined.conflicts()
    rows: Rows = [(c.identifier, c.why, ", ".join(c.entities)) for c in conflicts[:_MOST]]
    more = len(conflicts) - len(rows)
    aside = sum(load.quarantined for load in store.loads)
    table = datasets(store.loads, today)
    said = f"{aside:,} records are set aside; see `spillover quarantine`" if aside else ""
    grids = (
        replace(table, note="; ".join(filter(None, (table.note, said)))),
        made(
            "Identifiers that contradict each other; nobody is joined by them",
            "Identifier|Why|Entities",
            rows,
            f"and {more:,} more" if more else "",
        ),
    )
    return tuple(grid for grid in grids if grid.rows) or grids[:1]


def quarantine(
    found: Iterable[tuple[Load, tuple[Audit, ...], tuple[Quarantined, ...]]], limit: int
) -> tuple[Grid, ...]:
    """What the loads set aside and noted, at most ``limit`` rows of each."""
    several = list(found)
    aside: Rows = [
        (load.dataset.name, item.file, item.position, item.reason, item.value)
        for load, _, items in several
        for item in items
    ]
    noted: Rows = [
        (load.dataset.name, item.what, item.key, f"{item.count:,}", item.example)
        for load, items, _ in several
        for item in items
    ]
    return (
        _some("Quarantined", "Dataset|File|Where|Why|Value", aside, limit),
        _some("Noted", "Dataset|What|Which|Count|Example", noted, limit),
    )


def _some(title: str, columns: str, rows: Rows, limit: int) -> Grid:
    more = len(rows) - limit
    note = "" if rows else "none"
    if more > 0:
        note = f"and {more:,} more; see `spillover quarantine --limit`, or ask for JSON"
    return made(title, columns, rows[:limit], note)
