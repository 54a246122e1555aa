"""Which rows of a portfolio are hit, directly or through whom, under which rules, how strongly?

A row is matched first (:mod:`spillover.queries.matching`). Only a certain match is an answer; an
uncertain one stays a question, and what would follow from it is said as "if it is X". A row that
matches nobody is not found in these datasets: it is not thereby clean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from spillover.graph.session import Graph
from spillover.graph.stake import format_stake
from spillover.queries.answer import Reporter, sources
from spillover.queries.conditions import Conditions
from spillover.queries.costly import MOST
from spillover.queries.rulebook import listing_rules, rule
from spillover.queries.screening.findings import Asked as Question
from spillover.queries.screening.findings import Finding, Findings, findings
from spillover.queries.screening.red_flags import hub_flags
from spillover.queries.screening.screened import (
    NOT_FOUND,
    QUESTION,
    STATUSES,
    Candidate,
    Row,
    Screened,
    Screening,
    SetAside,
)
from spillover.queries.screening.spend import at_risk, totals

if TYPE_CHECKING:
    from spillover.queries.matching import Match

__all__ = ["STATUSES", "Candidate", "Row", "Screened", "Screening", "SetAside", "screen"]

_APPLIES: Final = ("in force", "unknown")
"""States of a rule on the day in which its verdicts decide."""
_FACTS: Final = 3
"""Missing facts that are named for each undetermined verdict."""


def screen(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    rows: Sequence[Row],
    when: Conditions,
    *,
    rules: Iterable[str] = (),
    targets: Iterable[str] = (),
    portfolio: str = "",
    aside: Iterable[SetAside] = (),
    notes: Iterable[str] = (),
    candidates: int = 5,
    exposures: bool = True,
    limit: int = 50_000,
    least: Fraction = Fraction(0),
) -> Screening:
    """What is known against each row of a portfolio.

    Args:
        graph: the graph.
        rows: of the portfolio.
        when: day, age and confidence of the claims.
        rules: ids; every sanctions rule if none are named. Then the verdicts of rules that were
            not in force on the day are shown as what-if, and make no row blocked; and a rule that
            sums chains is not asked where too many hang on the listed.
        targets: ids, identifiers or names of entities that are taken as listed, too.
        portfolio: what it is called.
        aside: rows that could not be read; the answer accounts for them.
        notes: what is to be known of the file.
        candidates: most entities that are named for a row that is a question.
        exposures: whether exposure paths are searched.
        limit: most places that the search for paths enters.
        least: only paths whose greatest strength is at least this.

    Raises:
        NotFoundError, AmbiguousError: a rule or a target.
    """
    from spillover.queries.matching import Asked, match

    named = tuple(dict.fromkeys(rules))
    laws = tuple(rule(known) for known in named or listing_rules())
    idle = frozenset(law.id for law in laws if law.state(when.day) not in _APPLIES)
    numbers = np.array(graph.find(targets), np.int64)
    names = [
        Asked(row.position, row.name, row.aliases, row.countries, row.identifiers) for row in rows
    ]
    matched = match(graph, names, limit=candidates)
    reporter = Reporter(graph, when)
    question = Question(graph, when, laws, numbers, limit, least, exposures)
    if not named:
        question = replace(question, what_if=idle, most=MOST)
    entities = {found.entity for several in matched for found in several}
    found = findings(question, entities, reporter)
    screened = tuple(
        _screened(row, several, found) for row, several in zip(rows, matched, strict=True)
    )
    return Screening(
        portfolio,
        when,
        laws,
        found.starts,
        found.skipped,
        tuple(filter(None, (*(law.remark(when.day) for law in laws), *_left_out(found), *notes))),
        tuple(reporter.party(number) for number in numbers.tolist()),
        screened,
        tuple(aside),
        totals((one.status, one.row.currency, one.row.spend, _strength(one)) for one in screened),
        exposures,
        found.searched,
        sources(graph),
    )


def _left_out(found: Findings) -> list[str]:
    return [
        f"{rule_id}: not asked, as more than {MOST:,} entities hang on the listed and their"
        f" chains would take long; ask with --rule {rule_id}"
        for rule_id in found.skipped
    ]


def _strength(one: Screened) -> tuple[Fraction, Fraction] | None:
    route = one.match.finding.route if one.match else None
    return (route.strength.low, route.strength.high) if route else None


def _screened(row: Row, several: Sequence[Match], found: Findings) -> Screened:
    candidates = tuple(
        Candidate(one.score, one.certain, one.reasons, found.of[one.entity]) for one in several
    )
    match = candidates[0] if candidates and candidates[0].certain else None
    open_ones = () if match else candidates
    status = match.finding.status if match else QUESTION if open_ones else NOT_FOUND
    countries = (*row.countries, *([match.finding.entity.country] if match else []))
    flags = (*(match.finding.flags if match else ()), *hub_flags(countries))
    route = match.finding.route if match else None
    strength = (route.strength.low, route.strength.high) if route else None
    risk = at_risk(status, row.spend, strength)
    unknown = tuple(_unknown(row, match, open_ones))
    return Screened(row, status, match, open_ones, risk, flags, unknown)


def _unknown(row: Row, match: Candidate | None, candidates: Sequence[Candidate]) -> list[str]:
    """What is not known of a row, in words."""
    said = list(row.notes)
    if candidates:
        said.append(f"which of {len(candidates)} entities it is, if any")
    elif match is None:
        said.append("who it is: not found in these datasets, which does not mean that it is clean")
    else:
        said += _missing(match.finding)
    if row.spend is None and not any(note.startswith("spend ") for note in row.notes):
        said.append("the spend: none is stated")
    return said


def _missing(finding: Finding) -> list[str]:
    """The facts that would settle its undetermined verdicts; the same facts once for all rules."""
    rules: dict[str, list[str]] = {}
    for judgement in finding.judgements:
        if judgement.verdict == "undetermined" and judgement.detail and judgement.counts:
            values = judgement.detail.completions
            facts = [
                f"the share of {value.owner.name if value.owner else 'undisclosed owners'}"
                f" in {value.asset.name}"
                for value in values[:_FACTS]
            ]
            more = f" and {len(values) - _FACTS} further shares" if len(values) > _FACTS else ""
            left_open = f"what the rule leaves open (held: {_held(finding, judgement.rule)})"
            fact = ", ".join(facts) + more if facts else left_open
            rules.setdefault(fact, []).append(judgement.rule)
    return [f"{fact} ({', '.join(of)})" for fact, of in rules.items()]


def _held(finding: Finding, rule_id: str) -> str:
    shares = (j.share for j in finding.judgements if j.rule == rule_id)
    return next((format_stake(share) for share in shares if share is not None), "unknown")
