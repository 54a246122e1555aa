"""What does a screening look like as plain data; field names are a promise (docs/json.md)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from spillover.graph.stake import percent_text
from spillover.views.exposures.plain import hop
from spillover.views.plain import (
    Plain,
    claim,
    conditions,
    party,
    rounded_up,
    share,
    sources,
    strength,
)
from spillover.views.verdicts.plain import rule

if TYPE_CHECKING:
    from spillover.queries.screening.findings import Finding
    from spillover.queries.screening.judgements import Judgement
    from spillover.queries.screening.red_flags import RedFlag
    from spillover.queries.screening.screen import Candidate, Screened, Screening
    from spillover.queries.screening.spend import Risk, Total
    from spillover.queries.shocks.paths import Path


def screening(answer: Screening) -> Plain:
    """Every row of a portfolio with what was found."""
    day = answer.when.day
    return {
        "question": "screen",
        "portfolio": answer.portfolio,
        **conditions(answer.when),
        "rules": [
            {
                **rule(law, law.remark(day)),
                "starts_from": answer.starts[law.id],
                "asked": law.id not in answer.skipped,
            }
            for law in answer.rules
        ],
        "targets": [party(target) for target in answer.targets],
        "remarks": list(answer.remarks),
        "read": answer.read,
        "screened": len(answer.rows),
        "counts": answer.counts,
        "totals": [_total(total) for total in answer.totals],
        "exposures": answer.exposures,
        "explored": answer.searched.explored,
        "missing_at_most": rounded_up(answer.searched.bound),
        "rows": [_row(row) for row in answer.rows],
        "set_aside": [item._asdict() for item in answer.aside],
        **sources(answer.sources),
    }


def money(value: Decimal | None) -> str | None:
    """An amount as exact decimal text without exponent."""
    return None if value is None else format(value, "f")


def _risk(value: Risk | None) -> Plain | None:
    return {"low": money(value.low), "high": money(value.high)} if value else None


def _total(total: Total) -> Plain:
    return {
        "currency": total.currency,
        "status": total.status,
        "rows": total.rows,
        "without_spend": total.unstated,
        "spend": money(total.spend),
        "at_risk": _risk(total.risk),
    }


def _row(one: Screened) -> Plain:
    row = one.row
    return {
        "position": row.position,
        "id": row.id,
        "name": row.name,
        "aliases": list(row.aliases),
        "countries": list(row.countries),
        "identifiers": [{"scheme": scheme, "value": value} for scheme, value in row.identifiers],
        "spend": money(row.spend),
        "currency": row.currency,
        "other": dict(row.other),
        "status": one.status,
        "hit": one.hit,
        "open": one.open,
        "at_risk": _risk(one.risk),
        "match": _candidate(one.match, whole=True) if one.match else None,
        "candidates": [_candidate(candidate, whole=False) for candidate in one.candidates],
        "red_flags": [_flag(flag) for flag in one.flags],
        "unknown": list(one.unknown),
    }


def _candidate(candidate: Candidate, *, whole: bool) -> Plain:
    """An entity that a row is or may be; ``whole`` with proofs and paths."""
    finding = candidate.finding
    return {
        "entity": party(finding.entity),
        "score": candidate.score,
        "reasons": list(candidate.reasons),
        "status": finding.status,
        **_finding(finding, whole=whole),
    }


def _finding(finding: Finding, *, whole: bool) -> Plain:
    return {
        "listings": [
            {
                "programme": party(listing.programme),
                "since": listing.since,
                "evidence": [claim(item) for item in listing.claims],
            }
            for listing in finding.listings
        ],
        "verdicts": [_judgement(item, whole=whole) for item in finding.judgements],
        "exposure": _route(finding.route, whole=whole) if finding.route else None,
    }


def _judgement(value: Judgement, *, whole: bool) -> Plain:
    said: Plain = {
        "rule": value.rule,
        "verdict": value.verdict,
        "share": share(value.share),
        "counts": value.counts,
    }
    detail = value.detail
    if not whole or detail is None:
        return said
    return said | {
        "ground": detail.ground,
        "flags": list(detail.flags),
        "oldest_observation": detail.oldest,
        "age_days": detail.age_days,
        "proof": [claim(item) for item in detail.proof],
        "completions": [
            {
                "owner": party(item.owner) if item.owner else None,
                "asset": party(item.asset),
                "not_blocked_if": percent_text(item.lower),
                "blocked_if": percent_text(item.upper),
            }
            for item in detail.completions
        ],
    }


def _route(route: Path, *, whole: bool) -> Plain:
    said: Plain = {"target": party(route.target), "strength": strength(route.strength)}
    if not whole:
        return said
    return said | {
        "hops": [hop(step) for step in route.hops],
        "denials": [claim(item) for item in route.denials],
    }


def _flag(flag: RedFlag) -> Plain:
    return {
        "flag": flag.kind,
        "words": flag.words,
        "url": flag.url,
        "evidence": [claim(item) for item in flag.claims],
    }
