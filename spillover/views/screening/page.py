"""What stands on the page of a screening: the sums, the gravest rows, why, and on whose word?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views.drawing import strip
from spillover.views.grid import Grid
from spillover.views.method import CLAIMS, LIMITS, PATHS, VERDICTS, datasets, evidence, table
from spillover.views.page import Page, Section
from spillover.views.screening import grid as screen_grid
from spillover.views.screening import plain as screen_plain
from spillover.views.screening import sheets as screen_sheets
from spillover.views.screening import words as screen_words

if TYPE_CHECKING:
    from spillover.queries.screening.screen import Screened, Screening

_SHOWN: Final = 200
"""Rows of each table."""
_DRAWN: Final = 6
"""Paths that are drawn."""
_EMBEDDED: Final = 2000
"""Rows of a portfolio whose whole JSON the page carries."""
MATCHING: Final = (
    """A row is matched by identifier before name. Only a certain match is an answer. An uncertain
    one stays a question: what would follow from it is shown, and is never counted as a hit.""",
    """Spend at risk is all of a row's spend when it is listed or blocked, any part of it when that
    is undetermined, and the strength of its strongest path when it is exposed. It is rounded
    outward.""",
)
_ABSENT: Final = """A row that is not found in these datasets is not thereby clean."""


def screening_page(answer: Screening) -> Page:
    """The report on a portfolio."""
    hits = sum(one.hit for one in answer.rows)
    questions = sum(one.open for one in answer.rows)
    words = {10: "HIT", 11: "QUESTIONS OPEN", 0: "NOTHING HIT"}
    tones = {10: "bad", 11: "warn", 0: "good"}
    looked_at = screen_grid.grave(answer)
    shown = looked_at[:_SHOWN]
    whole = len(answer.rows) <= _EMBEDDED
    return Page(
        title=screen_words.title(answer),
        headline=f"{hits} of {len(answer.rows)} rows are hit; {questions} are open questions",
        verdict=words[answer.exit_code],
        tone=tones[answer.exit_code],  # type: ignore[arg-type] # a dict of literals is one of str
        facts=(
            ("As of", answer.when.as_of),
            ("Rows", f"{answer.read} read, {len(answer.aside)} set aside"),
            *(
                (screen_words.STATUS_WORDS[s].capitalize(), str(n))
                for s, n in answer.counts.items()
            ),
        ),
        sections=tuple(_sections(answer, looked_at, shown)),
        datasets=datasets(answer.sources),
        method=(*MATCHING, *VERDICTS, *PATHS, *CLAIMS),
        limits=(_ABSENT, *LIMITS),
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=screen_plain.screening(answer) if whole else "",
    )


def _sections(answer: Screening, looked_at: list[Screened], shown: list[Screened]) -> list[Section]:
    """Only those that have anything to show."""
    left = len(looked_at) - len(shown)
    notes = [*answer.remarks, screen_words.search_words(answer)]
    if left:
        notes.append(f"{left} more of these rows stand in the CSV, the workbook and the JSON only.")
    matched = [one for one in shown if one.match]
    drawn = [one for one in matched if one.match and one.match.finding.route][:_DRAWN]
    strips = [
        strip(
            one.match.finding.route,
            f"{screen_words.row_name(one)}: strength {screen_words.strength(one.match.finding)}",
        )
        for one in drawn
        if one.match and one.match.finding.route
    ]
    claims = dict.fromkeys(claim for one in matched for claim in screen_words.claims_of(one))
    tables: list[tuple[str, tuple[str, ...], Grid]] = [
        ("Spend at risk", (), screen_grid.totals(answer)),
        ("Rows to look at", tuple(filter(None, notes)), screen_grid.attention(shown)),
        ("Listings", (), screen_sheets.listings(matched)),
        ("Verdicts", (), screen_sheets.verdicts(matched)),
        ("Red flags", (), screen_sheets.red_flags(shown)),
        ("What is unknown", (), screen_grid.unknown(shown)),
        ("Set aside", (), screen_sheets.set_aside(answer)),
    ]
    sections = [
        Section(title, said, (table(found),)) for title, said, found in tables if found.rows or said
    ]
    if strips:
        sections.insert(-1, Section("Strongest exposure paths", strips=tuple(strips)))
    if claims:
        sections.append(Section("Sources", tables=(evidence("Every claim", list(claims)),)))
    return sections
