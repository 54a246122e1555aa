"""How do answers about sectors leave: every form, built when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.grid import Grid
from spillover.views.output import View
from spillover.views.sectors import csv as sectors_csv
from spillover.views.sectors import grid as sectors_grid
from spillover.views.sectors import plain as sectors_plain

if TYPE_CHECKING:
    from spillover.queries.sectors.answer import SectorLosses, SectorRanks
    from spillover.views.page import Page


def losses_view(answer: SectorLosses, *, by_country: bool = False) -> View:
    """Who loses with the targets; the CSV is by sector, or by country."""

    def grids() -> tuple[Grid, ...]:
        first, second = sectors_grid.sectors(answer), sectors_grid.countries(answer)
        return (
            *((second, first) if by_country else (first, second)),
            sectors_grid.directs(answer),
            sectors_grid.sources(answer),
            sectors_grid.basis(answer.basis),
        )

    def page() -> Page:
        from spillover.views.sectors.page import losses_page

        return losses_page(answer)

    def csv() -> Grid:
        return (sectors_csv.countries if by_country else sectors_csv.sectors)(answer)

    return View(lambda: sectors_plain.losses(answer), grids, page, csv)


def ranks_view(answer: SectorRanks) -> View:
    """What each costs alone."""

    def grids() -> tuple[Grid, ...]:
        among = (sectors_grid.matrix(answer),) if answer.matrix else ()
        return (sectors_grid.ranks(answer), *among, sectors_grid.basis(answer.basis))

    def page() -> Page:
        from spillover.views.sectors.page import ranks_page

        return ranks_page(answer)

    return View(lambda: sectors_plain.ranks(answer), grids, page, lambda: sectors_csv.ranks(answer))
