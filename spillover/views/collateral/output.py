"""How do collateral losses leave: every form, built when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views.collateral import grid as collateral_grid
from spillover.views.collateral import plain as collateral_plain
from spillover.views.grid import Grid
from spillover.views.markets.words import evidence
from spillover.views.output import View

if TYPE_CHECKING:
    from spillover.queries.markets.collateral_answer import Collateral
    from spillover.views.page import Page

_CLAIMS: Final = 40
"""Claims in a terminal."""


def collateral_view(answer: Collateral, top: int | None = None) -> View:
    """Collateral losses; tables show ``top`` rows, the JSON, the CSV and the workbook all."""

    def grids(most: int | None = top, claims: int | None = _CLAIMS) -> tuple[Grid, ...]:
        return (
            collateral_grid.risks(answer, most),
            collateral_grid.losses(answer, most),
            collateral_grid.downstream(answer, most),
            *_sampled(answer, most),
            collateral_grid.fallen(answer, most),
            collateral_grid.assumed_grid(answer.assumptions),
            evidence("Sources", answer.first_claims, claims),
        )

    def page() -> Page:
        from spillover.views.collateral.page import collateral_page

        return collateral_page(answer)

    return View(
        lambda: collateral_plain.collateral(answer),
        grids,
        page,
        lambda: collateral_grid.risks_csv(answer),
        lambda: grids(None, None),
    )


def _sampled(answer: Collateral, top: int | None) -> tuple[Grid, ...]:
    """What a sample says, where one was drawn."""
    if answer.sampled is None:
        return ()
    from spillover.views.samples.grid import grids

    return grids(answer.sampled, top)
