"""How does a screening leave: short in the shell, whole in files?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.grid import Grid
from spillover.views.output import View
from spillover.views.screening import grid as screen_grid
from spillover.views.screening import plain as screen_plain

if TYPE_CHECKING:
    from spillover.queries.screening.screen import Screening
    from spillover.views.page import Page


def screening_view(answer: Screening) -> View:
    """Every row of a portfolio with what was found."""

    def page() -> Page:
        from spillover.views.screening.page import screening_page

        return screening_page(answer)

    def sheets() -> tuple[Grid, ...]:
        from spillover.views.screening.sheets import sheets as found

        return found(answer)

    return View(
        lambda: screen_plain.screening(answer),
        lambda: screen_grid.short(answer),
        page,
        csv=lambda: screen_grid.rows(answer),
        sheets=sheets,
    )
