"""How does an answer about a coalition leave: every form, built when it is asked for?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.coalitions import grid as coalition_grid
from spillover.views.coalitions import plain as coalition_plain
from spillover.views.coalitions import regimes as coalition_regimes
from spillover.views.output import View

if TYPE_CHECKING:
    from spillover.queries.coalitions.coalition_answer import Coalition
    from spillover.queries.coalitions.regimes import Regimes
    from spillover.views.grid import Grid
    from spillover.views.page import Page


def coalition_view(answer: Coalition) -> View:
    """What a coalition covers."""

    def grids() -> tuple[Grid, ...]:
        return coalition_grid.grids(answer, coalition_grid.SHOWN)

    def page() -> Page:
        from spillover.views.coalitions.page import coalition_page

        return coalition_page(answer)

    return View(
        lambda: coalition_plain.coalition(answer),
        grids,
        page,
        csv=lambda: coalition_grid.covers(answer),
        sheets=lambda: coalition_grid.grids(answer, None),
    )


def regimes_view(answer: Regimes, *, members: bool) -> View:
    """Regimes, and on demand each membership with its source."""

    def every() -> tuple[Grid, ...]:
        return coalition_regimes.regimes(answer), coalition_regimes.members(answer)

    def page() -> Page:
        from spillover.views.coalitions.page import regimes_page

        return regimes_page(answer)

    return View(
        lambda: coalition_plain.regimes(answer),
        lambda: every() if members else every()[:1],
        page,
        sheets=every,
    )
