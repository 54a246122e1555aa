"""How does an answer about choke points leave: every form, built when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views import grid
from spillover.views.chokepoints import grid as choke_grid
from spillover.views.chokepoints import plain as choke_plain
from spillover.views.grid import Grid
from spillover.views.output import View

if TYPE_CHECKING:
    from spillover.queries.shocks.choke_answer import Chokepoints
    from spillover.views.page import Page


def choke_view(answer: Chokepoints) -> View:
    """Choke points and cuts."""

    def grids() -> tuple[Grid, ...]:
        sources = grid.evidence("Sources of the relations", answer.claims)
        return choke_grid.chokepoints(answer), choke_grid.cuts(answer), sources

    def page() -> Page:
        from spillover.views.chokepoints.page import choke_page

        return choke_page(answer)

    return View(lambda: choke_plain.chokepoints(answer), grids, page)
