"""How does a screening become rows and columns: short for the shell, whole for files?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.grid import Cell, Grid, Rows, made
from spillover.views.screening import words

if TYPE_CHECKING:
    from spillover.queries.screening.findings import Finding
    from spillover.queries.screening.screen import Candidate, Screened, Screening

_ORDER: Final = tuple(words.STATUS_WORDS)
_SHORT: Final = 30
"""Rows that the table for the shell shows."""
_CALM: Final = ("not_found", "nothing_found")


def gravest(answer: Screening) -> list[Screened]:
    """Rows in order of status, the largest spend at risk first."""
    return sorted(
        answer.rows,
        key=lambda one: (
            _ORDER.index(one.status),
            -(one.risk.high if one.risk else Decimal(0)),
        ),
    )


def grave(answer: Screening) -> list[Screened]:
    """Those that somebody must look at, gravest first: hits and open questions."""
    return [one for one in gravest(answer) if one.status not in _CALM]


def short(answer: Screening) -> tuple[Grid, ...]:
    """For the shell: the sums, the gravest rows, and the sources of these."""
    looked_at = grave(answer)
    shown = looked_at[:_SHORT]
    left = len(looked_at) - len(shown)
    notes = [
        words.summary_words(answer),
        f"{left} more of these rows are not shown; --format csv has all" if left else "",
        words.search_words(answer),
        *_words_of_file(answer),
    ]
    first = replace(
        attention(shown),
        title=words.title(answer),
        note="\n".join(filter(None, notes)),
        lead="\n".join(words.rule_remarks(answer)),
    )
    claims = [claim for one in shown if one.match for claim in words.claims_of(one)]
    said = (first, totals(answer), grid.evidence("Sources", claims))
    return tuple(item for item in said if item.rows or item is first)


def attention(shown: Iterable[Screened]) -> Grid:
    """One row for each of these, with what was found in words."""
    rows: Rows = [
        (
            words.row_name(one),
            words.STATUS_WORDS[one.status],
            _who(one),
            _why(one),
            words.risk_words(one),
            ", ".join(dict.fromkeys(flag.kind for flag in one.flags)),
        )
        for one in shown
    ]
    return made("Rows to look at", "Row|Status|Entity|Why|Spend at risk|Red flags", rows)


def unknown(shown: Iterable[Screened]) -> Grid:
    """What is not known of each of these."""
    rows: Rows = [(words.row_name(one), said) for one in shown for said in one.unknown]
    return made("What is unknown", "Row|Not known", rows)


def _words_of_file(answer: Screening) -> list[str]:
    rules = set(words.rule_remarks(answer))
    notes = [remark for remark in answer.remarks if remark not in rules]
    notes += [f"set aside, {item.position}: {item.reason}" for item in answer.aside[:_SHORT]]
    idle = [law.id for law in answer.rules if not answer.starts[law.id]]
    if idle:
        notes.append(f"nobody in this graph is listed on the day for: {', '.join(idle)}")
    return notes


def _who(one: Screened) -> str:
    if one.match:
        return f"{grid.name(one.match.finding.entity)} · {one.match.score}"
    return "\n".join(
        f"{candidate.finding.entity.name}? · {candidate.score}" for candidate in one.candidates
    )


def _why(one: Screened) -> str:
    if one.match:
        return "\n".join(words.reasons(one.match.finding)) or "-"
    return "\n".join(words.if_it_is(candidate) for candidate in one.candidates)


def totals(answer: Screening) -> Grid:
    """Spend by currency and status."""
    rows: Rows = [
        (
            total.currency or "-",
            words.STATUS_WORDS[total.status],
            str(total.rows),
            words.grouped(total.spend),
            words.between(total.risk),
            str(total.unstated),
        )
        for total in answer.totals
    ]
    return made(
        "Spend",
        "Currency|Status|Rows|Spend|At risk|Rows without spend",
        rows,
        "At risk: all of it when listed or blocked, any part when undetermined, and by the strength"
        " of the strongest path when exposed.",
    )


def rows(answer: Screening) -> Grid:
    """One row for each row of the portfolio, in its order."""
    columns = (
        "Position|Id|Name|Country|Spend|Currency|Status|Entity|Entity id|Entity country|Match score"
        "|Why matched|If it is|Listed by|Blocked under|Undetermined under|Strength|Strongest path"
        "|At risk, least|At risk, greatest|Red flags|Unknown|Sources"
    )
    return made("Rows", columns, [_row(one) for one in answer.rows])


def _row(one: Screened) -> tuple[str | Cell, ...]:
    row, match = one.row, one.match
    finding = match.finding if match else None
    said = words.claims_of(one) if match else []
    return (
        row.position,
        row.id,
        row.name or "; ".join(f"{scheme} {value}".strip() for scheme, value in row.identifiers),
        ", ".join(code.upper() for code in row.countries),
        words.amount(row.spend),
        row.currency,
        words.STATUS_WORDS[one.status],
        finding.entity.name if finding else "",
        finding.entity.id if finding else "",
        finding.entity.country.upper() if finding else "",
        str(match.score) if match else ", ".join(str(c.score) for c in one.candidates),
        "; ".join(match.reasons if match else [_asked(c) for c in one.candidates]),
        "\n".join(words.if_it_is(candidate) for candidate in one.candidates),
        "; ".join(listing.programme.id for listing in finding.listings) if finding else "",
        *(_under(finding, verdict) for verdict in ("blocked", "undetermined")),
        words.strength(finding) if finding else "",
        words.route_words(finding) if finding else "",
        words.amount(one.risk.low) if one.risk else "",
        words.amount(one.risk.high) if one.risk else "",
        "; ".join(f"{flag.kind}: {flag.words}" for flag in one.flags),
        "; ".join(one.unknown),
        "; ".join(dict.fromkeys(grid.source(claim).text for claim in said)),
    )


def _asked(candidate: Candidate) -> str:
    return f"{candidate.finding.entity.name}: {', '.join(candidate.reasons)}"


def _under(finding: Finding | None, verdict: str) -> str:
    found = finding.judgements if finding else ()
    return "; ".join(j.rule for j in found if j.verdict == verdict and j.counts)
