"""How does an answer about contagion leave: every form, built when it is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.grid import Grid
from spillover.views.output import View
from spillover.views.samples import firms as sample_firms
from spillover.views.systemic import grid as systemic_grid
from spillover.views.systemic import plain as systemic_plain

if TYPE_CHECKING:
    from spillover.queries.contagion.answer import Systemic
    from spillover.queries.uncertainty.sampled import SampledFirms
    from spillover.views.page import Page
    from spillover.views.plain import Plain

SHOWN: Final = 50
"""Sampled firms that tables show; the JSON has all."""


def systemic_view(answer: Systemic, sampled: SampledFirms | None = None) -> View:
    """Who loses, or who is systemic; and what is likely, where a sample was drawn."""

    def plain() -> Plain:
        drawn = sample_firms.plain_data(sampled) if sampled else None
        return {**systemic_plain.systemic(answer), "sampled": drawn}

    def grids() -> tuple[Grid, ...]:
        table = systemic_grid.systemic(answer)
        claims = answer.claims
        drawn = sample_firms.grids(sampled, SHOWN) if sampled else ()
        told = (grid.evidence("Sources of the links", claims),) if claims else ()
        return (table, *drawn, *told)

    def page() -> Page:
        from spillover.views.systemic.page import systemic_page

        made = systemic_page(answer)
        if sampled is None:
            return made
        drawn = sample_firms.section(sampled, SHOWN)
        titles = [section.title for section in made.sections]
        place = titles.index("Sources") if "Sources" in titles else len(titles)
        sections = (*made.sections[:place], drawn, *made.sections[place:])
        return replace(made, sections=sections, data=plain())

    return View(plain, grids, page)
