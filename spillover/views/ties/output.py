"""How do answers about ties leave: every form of each, built when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.grid import Grid
from spillover.views.output import View
from spillover.views.ties import grid as ties_grid
from spillover.views.ties import plain as ties_plain
from spillover.views.ties import ways_grid

if TYPE_CHECKING:
    from spillover.queries.ties.by_organ import OrganTies
    from spillover.queries.ties.knowledge import Knowledge
    from spillover.queries.ties.profile import Ties
    from spillover.views.page import Page


def profile_view(answer: Ties) -> View:
    """The ties of one entity."""

    def grids() -> tuple[Grid, ...]:
        return ties_grid.profile(answer), *ties_grid.details(answer)

    def page() -> Page:
        from spillover.views.ties.page import profile_page

        return profile_page(answer)

    return View(lambda: ties_plain.profile(answer), grids, page)


def organ_view(answer: OrganTies) -> View:
    """Who is tied to organs."""

    def grids() -> tuple[Grid, ...]:
        return ties_grid.organ_ties(answer), *ties_grid.organ_details(answer)

    def page() -> Page:
        from spillover.views.ties.page import organ_page

        return organ_page(answer)

    return View(lambda: ties_plain.organ_ties(answer), grids, page)


def knowledge_view(answer: Knowledge) -> View:
    """Who leads to organs."""

    def grids() -> tuple[Grid, ...]:
        return ways_grid.knowledge(answer), *ways_grid.details(answer)

    def page() -> Page:
        from spillover.views.ties.page import knowledge_page

        return knowledge_page(answer)

    return View(lambda: ties_plain.knowledge(answer), grids, page)
