"""How does a difference leave: every form of it, built when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views.changes import flat as diff_flat
from spillover.views.changes import grid as diff_grid
from spillover.views.changes import plain as diff_plain
from spillover.views.grid import Grid, evidence
from spillover.views.method import CLAIMS, LIMITS, PATHS, VERDICTS, datasets, table
from spillover.views.output import View
from spillover.views.page import Page, Section, Tone

if TYPE_CHECKING:
    from spillover.queries.answer import Claim
    from spillover.queries.changes.change import Changes
    from spillover.queries.changes.diff import Diff

METHOD: Final = (
    """Datasets are compared by what their rows say, entities by their ids. A relation is changed
    when the same dataset says something else of the same kind, ends, basis and record. What is said
    again in other words, or with another page as its source, is restated: it is counted and not
    shown.""",
    """Every change of a listing, a verdict or an exposure comes with the claims that count on one
    side and not on the other: those that are enough for the verdict, or that make the path, and the
    listings from which they start.""",
)
_BADGES: Final[dict[int, tuple[str, Tone]]] = {
    0: ("NOTHING CHANGED", "good"),
    10: ("CHANGED", "bad"),
    11: ("QUESTIONS ONLY", "warn"),
}


def diff_view(answer: Diff) -> View:
    """What changed between two versions, days or scenarios."""
    return View(
        lambda: diff_plain.diff(answer),
        lambda: diff_grid.diff(answer),
        lambda: _page(answer),
        csv=lambda: diff_flat.flat(answer),
    )


def claims_of(found: Changes) -> list[Claim]:
    """Every claim that brought a change, each once."""
    causes = (
        change.causes
        for table in (found.listings, found.verdicts, found.exposures)
        for change in table
    )
    return list(dict.fromkeys(claim for one in causes for claim in (*one.gone, *one.new)))


def _page(answer: Diff) -> Page:
    summary, *others = diff_grid.diff(answer)
    badge, tone = _BADGES[answer.exit_code]
    grids: list[Grid] = [*others, evidence("Claims behind the changes", claims_of(answer.changes))]
    sides = (answer.before, answer.after)
    return Page(
        title=diff_grid.title(answer),
        headline=diff_grid.title(answer),
        verdict=badge,
        tone=tone,
        facts=(
            ("Before", answer.before.label),
            ("After", answer.after.label),
            ("As of", " and ".join(dict.fromkeys(side.when.as_of for side in sides))),
            ("Rules", ", ".join(rule.id for rule in answer.rules)),
        ),
        sections=(
            Section("Summary", tuple(answer.changes.remarks), (table(summary),)),
            *(Section(item.title, tables=(table(item),)) for item in grids if item.rows),
        ),
        datasets=datasets(answer.after.sources),
        method=(*METHOD, *VERDICTS, *PATHS, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.after.when.as_of}",
        data=diff_plain.diff(answer),
    )
