"""How do answers about markets leave: every form, built when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views.grid import Grid
from spillover.views.markets import grid as market_grid
from spillover.views.markets import plain as market_plain
from spillover.views.markets.words import evidence
from spillover.views.output import View

if TYPE_CHECKING:
    from spillover.queries.markets.market_answer import MarketAnswer
    from spillover.views.page import Page

_CLAIMS: Final = 40
"""Claims in a terminal."""


def market_view(answer: MarketAnswer) -> View:
    """Markets, and what they lose."""

    def grids(claims: int | None = _CLAIMS) -> tuple[Grid, ...]:
        return (
            *market_grid.losses(answer),
            *market_grid.markets(answer),
            evidence("Sources", answer.claims, claims),
        )

    def page() -> Page:
        from spillover.views.markets.page import market_page

        return market_page(answer)

    return View(
        lambda: market_plain.market(answer),
        grids,
        page,
        lambda: market_grid.csv(answer),
        lambda: grids(None),
    )
