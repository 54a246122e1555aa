"""What do answers about a server look like as tables?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from spillover.graph.neo4j.state import PUSHING
from spillover.views.datasets import grid as dataset_grid
from spillover.views.grid import Grid, Rows, made

if TYPE_CHECKING:
    from pathlib import Path

    from spillover.graph.neo4j.overview import Overview
    from spillover.graph.neo4j.pull import Pulled
    from spillover.graph.neo4j.push import Pushed
    from spillover.graph.neo4j.state import Cleared, State
    from spillover.graph.neo4j.verify import Counted, Verification


def pushed(done: Pushed, graph: Path) -> Grid:
    """One row for each dataset: what became of it."""
    rows: Rows = [
        (one.name, one.what, f"{one.entities:,}", f"{one.relations:,}") for one in done.datasets
    ]
    notes = ["changed" if done.changed else "nothing had to change"]
    if done.resumed:
        notes.append("an interrupted push was completed")
    return made(
        f"Pushed {graph} to {done.address}",
        "Dataset|What became of it|Entities|Relations",
        rows,
        f"{'; '.join(notes)}; tag {done.tag}",
    )


def pulled(done: Pulled) -> Grid:
    """What was written."""
    rows: Rows = [
        ("datasets", ", ".join(done.datasets)),
        ("entities", f"{done.entities:,}"),
        ("relations", f"{done.relations:,}"),
        ("tag", done.tag),
        ("content", done.content),
    ]
    return made(f"Pulled {done.address} into {done.path}", "What|Value", rows)


def verification(found: Verification) -> tuple[Grid, ...]:
    """Each dataset on both sides, and what else is amiss on the server."""
    rows: Rows = [
        (
            one.name,
            "the same" if one.equal else _side(one.file, one.server),
            f"{one.file.entities:,}",
            f"{one.file.relations:,}",
            f"{one.server.entities:,}",
            f"{one.server.relations:,}",
        )
        for one in found.datasets
    ]
    note = f"tag {found.tag}; content {found.server}"
    if found.file != found.server:
        note = f"tag {found.tag}; content {found.server} on the server, {found.file} in the file"
    datasets = made(
        f"{found.path} and {found.address} {'hold the same' if found.equal else 'DIFFER'}",
        "Dataset|Compared|Entities in the file|Relations in the file"
        "|Entities on the server|Relations on the server",
        rows,
        note,
    )
    amiss: Rows = [(finding,) for finding in found.findings]
    findings = made("Amiss on the server, whatever the file says", "What", amiss)
    return (datasets, findings) if amiss else (datasets,)


def _side(file: Counted, server: Counted) -> str:
    if not server.digest:
        return "NOT ON THE SERVER"
    return "DIFFERS" if file.digest else "NOT IN THE FILE"


def overview(found: Overview, today: dt.date) -> tuple[Grid, ...]:
    """The server's state and its datasets."""
    title = f"Graph at {found.address}"
    if found.state is None:
        note = "holds no graph; bring one with `spillover neo4j push`"
        return (made(title, "What|Value", [], note),)
    whole = made(title, "What|Value", _state(found.state))
    datasets = dataset_grid.datasets((load for load, _ in found.datasets), today)
    return (whole, datasets, _verdicts(found)) if found.verdicts else (whole, datasets)


def _verdicts(found: Overview) -> Grid:
    rows: Rows = [
        (
            one.run.rule,
            one.run.as_of,
            f"{one.run.targets:,}",
            f"{one.run.blocked:,}",
            f"{one.run.undetermined:,}",
            one.run.written,
            "yes" if one.up_to_date else "NO: the graph has changed since",
        )
        for one in found.verdicts
    ]
    columns = "Rule|As of|Targets|Blocked|Undetermined|Written|Of this graph"
    return made("Verdicts that stand on entities", columns, rows)


def _state(state: State) -> Rows:
    rows: Rows = [
        ("state", state.state),
        ("pushed", state.pushed or "never to the end"),
        ("tag", state.tag),
        ("version", f"v{state.version}"),
        ("entities", f"{state.entities:,}"),
        ("relations", f"{state.relations:,}"),
        ("content", state.content),
    ]
    if state.state == PUSHING:
        said = f"{state.holder} since {state.since}; {state.done:,} steps stand"
        rows.insert(1, ("under way", said))
    return rows


def cleared(done: Cleared, server: str) -> Grid:
    """How much was taken away."""
    rows: Rows = [
        ("entities", f"{done.entities:,}"),
        ("relations", f"{done.relations:,}"),
        ("contradictions", f"{done.conflicts:,}"),
        ("loads", f"{done.loads:,}"),
    ]
    return made(f"Cleared {server}", "What|Deleted", rows)
