"""Which further tables has a screening, for its workbook and its page?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from spillover.graph.stake import format_stake
from spillover.views import grid
from spillover.views.datasets.grid import datasets
from spillover.views.grid import Cell, Grid, Rows, made
from spillover.views.screening import grid as screen_grid
from spillover.views.screening import words as screen_words
from spillover.views.screening.words import STATUS_WORDS, row_name
from spillover.views.verdicts.grid import VERDICT_WORDS

if TYPE_CHECKING:
    from spillover.queries.screening.screen import Screened, Screening


def sheets(answer: Screening) -> tuple[Grid, ...]:
    """Every table of the workbook."""
    matched = [one for one in answer.rows if one.match]
    claims = dict.fromkeys(c for one in matched for c in screen_words.claims_of(one))
    return (
        summary(answer),
        screen_grid.totals(answer),
        screen_grid.rows(answer),
        listings(matched),
        verdicts(matched),
        paths(matched),
        red_flags(answer.rows),
        grid.evidence("Sources", claims, whole=True),
        datasets(answer.sources.datasets),
        set_aside(answer),
    )


def summary(answer: Screening) -> Grid:
    """What was asked, and how many rows have each status."""
    from spillover.queries.screening.screen import STATUSES

    rows: Rows = [
        ("Portfolio", answer.portfolio),
        ("As of", answer.when.as_of),
        ("Known at", answer.sources.known_at or "the newest loads"),
        ("Least confidence", answer.when.min_confidence),
        ("Taken as listed", ", ".join(grid.name(target) for target in answer.targets) or "-"),
        *((f"Rule {law.id}", _starts(answer, law.id)) for law in answer.rules),
        ("Rows read", str(answer.read)),
        ("Rows screened", str(len(answer.rows))),
        ("Rows set aside", str(len(answer.aside))),
        *(
            (f"Rows {STATUS_WORDS[status]}", f"{count}: {STATUSES[status]}")
            for status, count in answer.counts.items()
        ),
        ("Exposure paths", screen_words.search_words(answer) or "all were searched"),
        *(("Remark", remark) for remark in answer.remarks),
    ]
    return made("Summary", "What|Value", rows)


def _starts(answer: Screening, rule: str) -> str:
    count = answer.starts[rule]
    return f"starts from {count} entities" if count else "nobody in this graph is listed for it"


def listings(matched: Iterable[Screened]) -> Grid:
    """One row for each listing of a matched entity."""
    rows: Rows = [
        (
            row_name(one),
            one.match.finding.entity.name,
            listing.programme.id,
            listing.programme.name,
            listing.since or "not stated",
            Cell("; ".join(dict.fromkeys(c.publisher or c.dataset for c in listing.claims))),
            "; ".join(dict.fromkeys(c.dataset for c in listing.claims)),
        )
        for one in matched
        if one.match
        for listing in one.match.finding.listings
    ]
    return made("Listings", "Row|Entity|Programme|Name|Since|Source|Dataset", rows)


def verdicts(matched: Iterable[Screened]) -> Grid:
    """One row for each verdict that is not plainly negative."""
    rows: Rows = [
        (
            row_name(one),
            one.match.finding.entity.name,
            judgement.rule,
            (STATUS_WORDS | VERDICT_WORDS)[judgement.verdict],
            "yes" if judgement.counts else "no: not in force on the day",
            format_stake(judgement.share) if judgement.share else "-",
            "\n".join(map(grid.hop_words, judgement.detail.proof)) if judgement.detail else "-",
            ", ".join(judgement.detail.flags) if judgement.detail else "",
        )
        for one in matched
        if one.match
        for judgement in one.match.finding.judgements
    ]
    columns = "Row|Entity|Rule|Verdict|Counts|Held by listed persons|Through|Flags"
    note = "Under a rule that is not named nobody listed holds anything of the entity."
    return made("Verdicts", columns, rows, note if rows else "")


def paths(matched: Iterable[Screened]) -> Grid:
    """The strongest path to each matched entity."""
    rows: Rows = [
        (
            row_name(one),
            one.match.finding.entity.name,
            one.match.finding.route.target.name,
            screen_words.strength(one.match.finding),
            screen_words.route_words(one.match.finding),
            "; ".join(
                dict.fromkeys(
                    grid.source(claim).text
                    for step in one.match.finding.route.hops
                    for claim in step.claims
                )
            ),
        )
        for one in matched
        if one.match and one.match.finding.route
    ]
    return made("Paths", "Row|Entity|From|Strength|Path|Sources", rows)


def red_flags(screened: Iterable[Screened]) -> Grid:
    """One row for each red flag."""
    rows: Rows = [
        (
            row_name(one),
            flag.kind,
            Cell(flag.words, flag.url),
            "; ".join(dict.fromkeys(grid.source(claim).text for claim in flag.claims)),
        )
        for one in screened
        for flag in one.flags
    ]
    return made("Red flags", "Row|Flag|What|Sources", rows)


def set_aside(answer: Screening) -> Grid:
    """One row for each row that was not screened."""
    rows: Rows = [(item.position, item.reason, item.value) for item in answer.aside]
    return made("Set aside", "Position|Reason|Value", rows)
