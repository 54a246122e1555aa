"""How does an answer of the optimiser leave: every form, built when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views.grid import Grid
from spillover.views.markets.words import evidence
from spillover.views.optimised import grid as optimise_grid
from spillover.views.optimised import plain as optimise_plain
from spillover.views.output import View

if TYPE_CHECKING:
    from spillover.queries.optimiser.answer import Optimum
    from spillover.views.page import Page

LOSSES: Final = 12
CLAIMS: Final = 20
"""Rows of these tables in a terminal: losses of each set, and claims. A workbook has all."""


def optimise_view(answer: Optimum) -> View:
    """Sets of designations."""

    def grids() -> tuple[Grid, ...]:
        return _grids(answer, LOSSES, CLAIMS)

    def sheets() -> tuple[Grid, ...]:
        return _grids(answer, None, None)

    def page() -> Page:
        from spillover.views.optimised.page import optimise_page

        return optimise_page(answer)

    return View(lambda: optimise_plain.optimum(answer), grids, page, sheets=sheets)


def _grids(answer: Optimum, losses: int | None, claims: int | None) -> tuple[Grid, ...]:
    """The tables; of the longest at most so many rows."""
    return (
        optimise_grid.sets(answer),
        optimise_grid.losses(answer, losses),
        optimise_grid.frontier(answer),
        optimise_grid.supposed(answer),
        evidence("Sources of the shares, inputs and holdings", answer.claims, claims),
    )
