"""How does an answer about strategic goods leave: every form, built when it is asked for?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views.output import View
from spillover.views.strategic import grid as strategic_grid
from spillover.views.strategic import plain as strategic_plain

if TYPE_CHECKING:
    from spillover.queries.strategic.answer import Strategic
    from spillover.views.page import Page


def strategic_view(answer: Strategic) -> View:
    """The three logics of some goods."""

    def page() -> Page:
        from spillover.views.strategic.page import strategic_page

        return strategic_page(answer)

    return View(
        lambda: strategic_plain.strategic(answer),
        lambda: strategic_grid.every(answer),
        page,
        sheets=lambda: strategic_grid.every(answer, None),
    )
