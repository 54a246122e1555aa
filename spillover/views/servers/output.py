"""How does what is done with a graph on a server leave as an answer?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from spillover.views.output import View, listing
from spillover.views.servers import grid, plain

if TYPE_CHECKING:
    from pathlib import Path

    from spillover.graph.neo4j.overview import Counted, Overview
    from spillover.graph.neo4j.pull import Pulled
    from spillover.graph.neo4j.push import Pushed
    from spillover.graph.neo4j.state import Cleared
    from spillover.graph.neo4j.verify import Verification


def pushed_view(done: Pushed, graph: Path) -> View:
    """What a push did."""
    table = grid.pushed(done, graph)
    return listing(table.title, plain.pushed(done, graph), (table,))


def pulled_view(done: Pulled) -> View:
    """What a pull did."""
    table = grid.pulled(done)
    return listing(table.title, plain.pulled(done), (table,))


def overview_view(found: Overview) -> View:
    """What a server holds."""
    grids = grid.overview(found, dt.datetime.now(dt.UTC).date())
    return listing(grids[0].title, plain.overview(found), grids)


def verification_view(found: Verification) -> View:
    """Whether file and server hold the same."""
    grids = grid.verification(found)
    return listing(grids[0].title, plain.verification(found), grids)


def cleared_view(done: Cleared, server: str) -> View:
    """What was taken away."""
    table = grid.cleared(done, server)
    return listing(table.title, plain.cleared(done, server), (table,))


def to_delete(found: Counted, server: str) -> str:
    """What would be taken away, in words."""
    return (
        f"{server} holds what Spillover brought there: {found.entities:,} entities,"
        f" {found.relations:,} relations (loads: {found.loads:,})"
    )
