"""How does a scenario's answer leave, in every form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.grid import Grid
from spillover.views.output import View
from spillover.views.scenarios import grid as scenario_grid
from spillover.views.scenarios import plain as scenario_plain

if TYPE_CHECKING:
    from spillover.queries.scenarios.scenario import Compared, Outcome
    from spillover.views.page import Page


def outcome_view(answer: Outcome) -> View:
    """What a scenario changes."""

    def page() -> Page:
        from spillover.views.scenarios.page import outcome_page

        return outcome_page(answer)

    return View(
        lambda: scenario_plain.outcome(answer),
        lambda: scenario_grid.outcome(answer),
        page,
        csv=lambda: scenario_grid.verdict_rows(answer),
    )


def compared_view(answer: Compared, limit: int) -> View:
    """Two scenarios side by side."""

    def grids() -> tuple[Grid, ...]:
        return scenario_grid.compared(answer, limit)

    def page() -> Page:
        from spillover.views.scenarios.page import compared_page

        return compared_page(answer, grids())

    return View(
        lambda: scenario_plain.compared(answer),
        grids,
        page,
        csv=lambda: scenario_grid.compared(answer, len(answer.verdicts))[1],
    )
