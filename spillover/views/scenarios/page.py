"""What stands on the page of a scenario: what is supposed, what it changes, on which claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from spillover.views.grid import Grid
from spillover.views.method import CLAIMS, LIMITS, PATHS, VERDICTS, datasets, table
from spillover.views.page import Page, Section
from spillover.views.scenarios import grid as scenario_grid
from spillover.views.scenarios import plain as scenario_plain
from spillover.views.scenarios import words as scenario_words

if TYPE_CHECKING:
    from spillover.queries.scenarios.scenario import Compared, Outcome

_SUPPOSED: Final = """A scenario changes nothing that is stored. What it supposes stands in the
dataset "scenario": such claims are assumptions, not findings."""
_SHARES: Final = """Of a holding between a least and a greatest share, what is left after a sale is
the least less the most that is sold, and the greatest less the least that is sold, and never below
zero. A missing share is 0 to 100 %."""

_REACHED: Final = ("listed", "target", "blocked")


def outcome_page(answer: Outcome) -> Page:
    """The report on what a scenario changes."""
    grids = scenario_grid.outcome(answer)
    counts = list(scenario_words.counts(answer.changes.verdict_counts))
    return Page(
        title=scenario_words.title(answer),
        headline=scenario_words.title(answer),
        verdict=_verdict(answer),
        facts=(
            ("As of", answer.when.as_of),
            ("Rules", ", ".join(law.id for law in answer.rules)),
            ("Changes supposed", str(len(answer.made))),
            ("Verdicts that change", "; ".join(counts) or "none"),
            ("Least confidence", answer.when.min_confidence),
        ),
        sections=_sections(grids, answer.changes.remarks),
        datasets=datasets(answer.sources),
        method=(_SUPPOSED, _SHARES, *VERDICTS, *CLAIMS, *PATHS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=scenario_plain.outcome(answer),
    )


def _verdict(answer: Outcome) -> str:
    """How many entities any rule newly reaches, or reaches no longer."""
    newly: set[str] = set()
    freed: set[str] = set()
    for change in answer.changes.verdicts:
        before, after = (stood.word in _REACHED for stood in (change.before, change.after))
        if before != after:
            (newly if after else freed).add(change.entity.id)
    if not newly and not freed:
        return "NOBODY NEWLY LISTED OR BLOCKED, NOBODY FREED"
    return f"{len(newly)} NEWLY LISTED OR BLOCKED \N{MIDDLE DOT} {len(freed)} NO LONGER"


def compared_page(answer: Compared, grids: Sequence[Grid]) -> Page:
    """The report on two scenarios side by side."""
    return Page(
        title=grids[0].title,
        headline=grids[0].title,
        facts=(
            ("As of", answer.first.when.as_of),
            ("Rules", ", ".join(law.id for law in answer.first.rules)),
        ),
        sections=_sections(grids, answer.first.changes.remarks),
        datasets=datasets(answer.first.sources),
        method=(_SUPPOSED, _SHARES, *VERDICTS, *CLAIMS, *PATHS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.first.when.as_of}",
        data=scenario_plain.compared(answer),
    )


def _sections(grids: Sequence[Grid], remarks: Sequence[str]) -> tuple[Section, ...]:
    """A section for each table; what must be said of the rules stands in the first."""
    first, *others = grids
    return (
        Section("What is supposed", (_SUPPOSED, *remarks), (table(first),)),
        *(Section(grid.title, tables=(table(grid),)) for grid in others),
    )
