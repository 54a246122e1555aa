"""What do answers about rules look like as plain data; field names are a promise (docs/json.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.graph.stake import percent_text
from spillover.views.plain import Plain, claim, conditions, party, share, sources

if TYPE_CHECKING:
    from spillover.queries.blocked import Blocked, Verdict
    from spillover.queries.compare import Comparison
    from spillover.queries.gaps import Gap, Gaps
    from spillover.queries.rulebook import Rule
    from spillover.queries.why import Why


def rule(value: Rule, remark: str = "") -> Plain:
    """A rule as answers name it."""
    threshold = value.reading.threshold
    return {
        "id": value.id,
        "title": value.title,
        "threshold": threshold.share if threshold else None,
        "operator": threshold.operator if threshold else None,
        "effect": value.effect,
        "status": value.status,
        "verified_on": value.verified_on.isoformat(),
        "sources": [source.url for source in value.sources],
        "remark": remark,
    }


def blocked(answer: Blocked) -> Plain:
    """Who is blocked."""
    return {
        "question": "blocked",
        "rule": rule(_on_the_day(answer.rule, answer), answer.remark),
        **conditions(answer.when),
        "open_world": answer.open_world,
        "targets": [party(target) for target in answer.targets],
        "counts": answer.counts,
        "results": [_verdict(result, answer) for result in answer.results],
        **sources(answer.sources),
    }


def _on_the_day(law: Rule, answer: Blocked) -> Rule:
    """The rule with the threshold that it had on the day."""
    return law.model_copy(update={"reading": law.settled(answer.when.day)})


def _verdict(result: Verdict, answer: Blocked) -> Plain:
    return {
        "entity": party(result.entity),
        "verdict": result.verdict,
        "ground": result.ground,
        "share": share(result.share),
        "undisclosed": share(result.undisclosed),
        "rule": answer.rule.id,
        "as_of": answer.when.as_of,
        "oldest_observation": result.oldest,
        "age_days": result.age_days,
        "flags": list(result.flags),
        "proof": [claim(item) for item in result.proof],
        "completions": [
            {
                "owner": party(value.owner) if value.owner else None,
                "asset": party(value.asset),
                "not_blocked_if": percent_text(value.lower),
                "blocked_if": percent_text(value.upper),
            }
            for value in result.completions
        ],
        "cautions": [claim(item) for item in result.cautions],
    }


def why(answer: Why) -> Plain:
    """Why an entity stands as it does."""
    return {
        **blocked(answer.answer),
        "question": "why",
        "steps": [
            {"about": party(step.about), "relations": [item.relation for item in step.claims]}
            for step in answer.steps
        ],
    }


def gaps(answer: Gaps) -> Plain:
    """What to find out first."""
    return {
        "question": "gaps",
        "rule": rule(answer.rule, answer.remark),
        **conditions(answer.when),
        "targets": [party(target) for target in answer.targets],
        "undetermined": [party(entity) for entity in answer.undetermined],
        "unsettled": [party(entity) for entity in answer.unsettled],
        "gaps": [_gap(gap) for gap in answer.gaps],
        "facts": answer.facts,
        "untried": answer.untried,
        "untried_pairs": answer.untried_pairs,
        **sources(answer.sources),
    }


def _gap(gap: Gap) -> Plain:
    return {
        "facts": [
            {
                "owner": party(fact.owner),
                "asset": party(fact.asset),
                "share": share(fact.share),
                "claims": [claim(item) for item in fact.claims],
            }
            for fact in gap.facts
        ],
        "settles": [party(entity) for entity in gap.settles],
        "always": [party(entity) for entity in gap.always],
        "may_settle": [party(entity) for entity in gap.may_settle],
    }


def comparison(answer: Comparison) -> Plain:
    """Every sanctions rule about the same entities."""
    return {
        "question": "blocked",
        "rules": [rule(law, law.remark(answer.when.day)) for law in answer.rules],
        **conditions(answer.when),
        "open_world": answer.open_world,
        "targets": [party(target) for target in answer.targets],
        "counts": answer.counts,
        "results": [
            {
                "entity": party(row.entity),
                "rules": {
                    cell.rule: {
                        "verdict": cell.verdict,
                        "share": share(cell.share),
                        "unsettled": cell.unsettled,
                        "differs_by": list(cell.reasons),
                    }
                    for cell in row.cells
                },
            }
            for row in answer.rows
        ],
        **sources(answer.sources),
    }


def rule_in_full(law: Rule) -> Plain:
    """Everything that the data of a rule says."""
    return law.model_dump(mode="json")
