"""How does an answer about diversion leave: every form, built when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.diversion import grid as diversion_grid
from spillover.views.diversion import plain as diversion_plain
from spillover.views.output import View

if TYPE_CHECKING:
    from spillover.queries.diversion.answer import Diversion
    from spillover.views.page import Page


def diversion_view(answer: Diversion) -> View:
    """Hubs with every measure."""

    def page() -> Page:
        from spillover.views.diversion.page import diversion_page

        return diversion_page(answer)

    return View(
        lambda: diversion_plain.diversion(answer),
        lambda: diversion_grid.tables(answer),
        page,
        csv=lambda: diversion_grid.everything(answer),
    )
