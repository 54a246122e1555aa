"""How does an answer about leaders leave: every form, built when it is asked for?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.grid import Grid
from spillover.views.leaders import grid as leaders_grid
from spillover.views.leaders import plain as leaders_plain
from spillover.views.output import View

if TYPE_CHECKING:
    from spillover.queries.markets.leaders import Leaders
    from spillover.views.page import Page


def leaders_view(answer: Leaders) -> View:
    """Who leads which product or technology."""

    def grids(most: int | None = leaders_grid.SHOWN_CLAIMS) -> tuple[Grid, ...]:
        tables = (
            leaders_grid.leaders(answer),
            leaders_grid.tallies(answer),
            leaders_grid.apart(answer),
            leaders_grid.bare(answer),
        )
        filled = tuple(table for table in tables[1:] if table.rows)
        return (tables[0], *filled, leaders_grid.evidence(answer, most))

    def page() -> Page:
        from spillover.views.leaders.page import leaders_page

        return leaders_page(answer)

    return View(lambda: leaders_plain.leaders(answer), grids, page, sheets=lambda: grids(most=None))
