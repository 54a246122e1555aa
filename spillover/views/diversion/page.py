"""What stands on the page about diversion: hubs, pictures, measures, rows, method and limits?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.views.diversion import grid as diversion_grid
from spillover.views.diversion import plain as diversion_plain
from spillover.views.diversion.figures import figures, headline
from spillover.views.method import LIMITS, datasets, table
from spillover.views.page import Page, Section

if TYPE_CHECKING:
    from spillover.queries.diversion.answer import Diversion

METHOD: Final = (
    """Levels are means of the periods before and after the day; only like parts of the year are
    compared. An exporter's report is taken where it covers both windows, else a reconciled figure,
    else the importer's report, else what another source prints. Reports of two ends are never added
    up and never averaged; a range shows how far they differ.""",
    """A period in which a reporter names other flows of these goods, but not this one, counts as
    nothing. One in which it reports nothing is unknown and left out.""",
    """Substitution is the rise of a hub's exports to the target over the fall of direct exports.
    It is no proof: a hub may sell goods of its own. What its imports from the direct suppliers rose
    by, over the rise of its exports, bounds what can have passed through.""",
    """The mirror gap is the logarithm of reported exports less that of reported imports, freight
    and insurance taken out by a ratio that is an assumption. What never arrived is the sum of
    exports above imports, good by good and period by period.""",
    """Controlled against other goods: the mean change of the logarithm of controlled goods less
    that of goods that no list in the graph covers. Unit values are compared with their own history
    by median and median absolute deviation. Both are estimates.""",
)
BEWARE: Final = (
    """A customs code holds goods that are controlled and goods that are not; editions of the codes
    differ. Values are in prices of their day: a rise in value can be a rise in price.""",
    """Goods that cross a country in transit stand in neither of its reports, and firms behind flows
    are not known here. A large number is a reason to look, not a finding about anybody.""",
)


def diversion_page(answer: Diversion) -> Page:
    """The report on diversion."""
    found, *rest = diversion_grid.tables(answer)
    said = headline(answer)
    return Page(
        title=found.title,
        headline=_sentence(said).rstrip("."),
        facts=(
            ("Target", answer.target.name),
            ("Since", answer.since),
            ("As of", answer.when.as_of),
            ("Import over export value", f"{float(answer.ratio):g} (assumed)"),
        ),
        sections=(
            Section("In short", tuple(map(_sentence, diversion_grid.summary(answer)))),
            *(Section(basket.name, figures=figures(answer, basket)) for basket in answer.baskets),
            Section("Hubs", tables=(table(replace(found, note="")),)),
            *(Section(one.title, tables=(table(one),)) for one in rest),
        ),
        datasets=datasets(answer.sources),
        method=METHOD,
        limits=(*BEWARE, *LIMITS),
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=diversion_plain.diversion(answer),
    )


def _sentence(text: str) -> str:
    """A text with a capital letter and a full stop."""
    return f"{text[0].upper()}{text[1:].rstrip('.')}."
