"""In which words does a screening tell what it found?"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import format_stake
from spillover.views import grid
from spillover.views.plain import rounded_up
from spillover.views.verdicts.grid import VERDICT_WORDS

if TYPE_CHECKING:
    from spillover.queries.answer import Claim
    from spillover.queries.screening.findings import Finding
    from spillover.queries.screening.judgements import Judgement
    from spillover.queries.screening.screen import Candidate, Screened, Screening
    from spillover.queries.screening.spend import Risk

STATUS_WORDS: Final = {
    "listed": "LISTED",
    "blocked": "BLOCKED",
    "undetermined": "UNDETERMINED",
    "exposed": "exposed",
    "question": "question",
    "not_found": "not found",
    "nothing_found": "nothing found",
}
"""Every status of a row as tables show it, gravest first."""


def row_name(one: Screened) -> str:
    """A row as its file calls it."""
    row = one.row
    name = row.name or next(f"{scheme} {value}".strip() for scheme, value in row.identifiers)
    return f"{name} ({row.id or row.position})"


def if_it_is(candidate: Candidate) -> str:
    """What would follow if a row were this entity."""
    finding = candidate.finding
    said = "; ".join(reasons(finding)) or "nothing found"
    return f"if it is {finding.entity.name}: {said}"


def reasons(finding: Finding) -> list[str]:
    """What was found against an entity, a line for each sort."""
    said = (
        [
            "listed: "
            + ", ".join(
                listing.programme.id + (f" since {listing.since}" if listing.since else "")
                for listing in finding.listings
            )
        ]
        if finding.listings
        else []
    )
    if not finding.listings and any(j.verdict == "listed" for j in finding.judgements):
        said.append("taken as listed")
    for counts in (True, False):
        for verdict in ("blocked", "undetermined"):
            found = [j for j in finding.judgements if j.verdict == verdict and j.counts == counts]
            if found:
                what = VERDICT_WORDS[verdict] if counts else f"what-if, {verdict}"
                said.append(f"{what} under {', '.join(j.rule for j in found)} ({_held(found)})")
    if finding.route:
        said.append(f"exposed {strength(finding)}: {route_words(finding)}")
    return said


def _held(found: list[Judgement]) -> str:
    """On which shares or other grounds verdicts stand."""
    grounds = []
    for judgement in found:
        share, detail = judgement.share, judgement.detail
        if detail and share and not share.high:
            grounds.append(f"by {detail.ground or 'the rule'}")
        elif share:
            grounds.append("share unknown" if share.unknown else f"{format_stake(share)} held")
    return ", ".join(dict.fromkeys(grounds))


def strength(finding: Finding) -> str:
    """Strength of its strongest path; empty when there is none."""
    return grid.strength_words(finding.route) if finding.route else ""


def route_words(finding: Finding) -> str:
    """Its strongest path in words; empty when there is none."""
    return grid.path_words(finding.route) if finding.route else ""


def risk_words(one: Screened) -> str:
    """Spend at risk in words."""
    if one.risk is None:
        return "unknown spend"
    return f"{between(one.risk)} {one.row.currency}".rstrip()


def between(risk: Risk) -> str:
    """An interval of money."""
    low, high = grouped(risk.low), grouped(risk.high)
    return low if low == high else f"{low}–{high}"


def grouped(value: Decimal) -> str:
    """An amount for people, with its thousands parted: 1,200,000.5."""
    text = format(value, ",f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def amount(value: Decimal | None) -> str:
    """An amount with its decimals, without exponent; empty when it is unknown."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def claims_of(one: Screened) -> list[Claim]:
    """Every claim behind what is said of a row that is matched."""
    assert one.match is not None
    finding = one.match.finding
    found = [claim for listing in finding.listings for claim in listing.claims]
    for judgement in finding.judgements:
        if judgement.detail:
            found += [*judgement.detail.proof, *judgement.detail.cautions]
    if finding.route:
        found += [claim for step in finding.route.hops for claim in step.claims]
        found += finding.route.denials
    found += [claim for flag in one.flags for claim in flag.claims]
    return list(dict.fromkeys(found))


def summary_words(answer: Screening) -> str:
    """How many rows have each status, and that they add up."""
    counts = ", ".join(
        f"{count} {STATUS_WORDS[status].lower()}" for status, count in answer.counts.items()
    )
    return (
        f"{answer.read} rows read = {len(answer.rows)} screened + {len(answer.aside)} set aside;"
        f" {counts}"
    )


def search_words(answer: Screening) -> str:
    """How far exposure paths were searched."""
    if not answer.exposures:
        return "exposure paths were not searched"
    explored, bound = answer.searched
    if not bound:
        return ""
    return (
        f"the search for paths was cut short after {explored} entities: a missing path has a"
        f" strength of at most {rounded_up(bound)} %"
    )


def rule_remarks(answer: Screening) -> list[str]:
    """What must be said first of the rules on the day."""
    return [remark for law in answer.rules if (remark := law.remark(answer.when.day))]


def title(answer: Screening) -> str:
    """What was screened, on which day, and who is taken as listed beside the lists."""
    assumed = ", ".join(target.name for target in answer.targets)
    return f"Screening of {answer.portfolio or 'the portfolio'} as of {answer.when.as_of}" + (
        f", if designated: {assumed}" if assumed else ""
    )
