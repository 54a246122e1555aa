"""What does the answer of a scenario look like as plain data; docs/json.md lists the names."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from spillover.views.scenarios.words import transition
from spillover.views.verdicts.plain import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spillover.queries.changes.change import (
        Causes,
        Exposed,
        ExposureChange,
        ListingChange,
        Stood,
        VerdictChange,
    )
    from spillover.queries.scenarios.made import Made
    from spillover.queries.scenarios.scenario import Compared, Outcome
    from spillover.queries.shocks.search import Strength


def outcome(answer: Outcome) -> Plain:
    """What a scenario changes."""
    return {
        "question": "scenario run",
        **conditions(answer.when),
        "rules": [rule(law, law.remark(answer.when.day)) for law in answer.rules],
        **_side(answer),
        **sources(answer.sources),
    }


def _side(answer: Outcome) -> Plain:
    changes = answer.changes
    return {
        "name": answer.name,
        "targets": [party(target) for target in answer.targets],
        "supposed": [_made(one) for one in answer.made],
        "claims_made": [claim(one) for one in answer.supposed],
        "claims_ended": [claim(one) for one in answer.ended],
        "remarks": list(changes.remarks),
        "counts": {
            "verdicts": _counts(changes.verdict_counts),
            "listings": dict(changes.listing_counts),
            "exposures": dict(changes.exposure_counts),
        },
        "verdicts": [_verdict(one) for one in changes.verdicts],
        "listings": [_listing(one) for one in changes.listings],
        "exposures": [_exposure(one) for one in changes.exposures],
        "exposures_not_compared": changes.not_compared,
        "missing_at_most": rounded_up(changes.bound),
    }


def _made(change: Made) -> Plain:
    return {
        "scenario": change.scenario,
        "change": change.number,
        "kind": change.verb,
        "day": change.day,
        "words": change.words,
        "notes": list(change.notes),
    }


def _counts(counts: Mapping[tuple[str, str, str], int]) -> list[Plain]:
    return [
        {"rule": rule, "before": before, "after": after, "entities": number}
        for (rule, before, after), number in counts.items()
    ]


def _stood(value: Stood) -> Plain:
    return {"verdict": value.word, "share": share(value.share), "unsettled": value.unsettled}


def _causes(value: Causes) -> Plain:
    return {
        "without": [claim(one) for one in value.gone],
        "with": [claim(one) for one in value.new],
    }


def _verdict(change: VerdictChange) -> Plain:
    return {
        "entity": party(change.entity),
        "rule": change.rule,
        "change": transition(change),
        "before": _stood(change.before),
        "after": _stood(change.after),
        **_causes(change.causes),
    }


def _listing(change: ListingChange) -> Plain:
    return {
        "entity": party(change.entity),
        "programme": party(change.programme),
        "change": change.what,
        "before": [one._asdict() for one in change.before],
        "after": [one._asdict() for one in change.after],
        **_causes(change.causes),
    }


def _exposure(change: ExposureChange) -> Plain:
    return {
        "entity": party(change.entity),
        "change": change.what,
        "before": _exposed(change.before),
        "after": _exposed(change.after),
        **_causes(change.causes),
    }


def _exposed(value: Exposed | None) -> Plain | None:
    if value is None:
        return None
    return {
        "from": party(value.start),
        "strength": strength(value.strength),
        "hops": [
            {"channel": channel, "target": party(target)} for channel, target, _ in value.hops
        ],
    }


def compared(answer: Compared) -> Plain:
    """Two scenarios side by side."""
    first, second = answer.first, answer.second
    return {
        "question": "scenario compare",
        **conditions(first.when),
        "rules": [rule(law, law.remark(first.when.day)) for law in first.rules],
        "verdicts": [
            {
                "entity": party(row.entity),
                "rule": row.rule,
                "base": _stood(row.base),
                "a": _stood(row.first),
                "b": _stood(row.second),
                "differ": row.differs,
            }
            for row in answer.verdicts
        ],
        "exposures": [
            {
                "entity": party(row.entity),
                "base": _strength(row.base),
                "a": _strength(row.first),
                "b": _strength(row.second),
                "differ": row.differs,
            }
            for row in answer.exposures
        ],
        "a": _side(first),
        "b": _side(second),
        **sources(first.sources),
    }


def _strength(value: Strength | None) -> Plain | None:
    return None if value is None else strength(value)
