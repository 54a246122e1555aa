"""What does a difference look like as plain data; field names are a promise (docs/json.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spillover.graph.stake import Stake
from spillover.views.plain import (
    Plain,
    claim,
    conditions,
    load,
    notice,
    party,
    rounded_up,
    share,
    strength,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spillover.queries.changes.change import (
        Causes,
        Changes,
        Exposed,
        ExposureChange,
        Listed,
        ListingChange,
        Stood,
        VerdictChange,
    )
    from spillover.queries.changes.diff import Diff, Side
    from spillover.queries.changes.differences import (
        DatasetChange,
        End,
        EntityChange,
        Field,
        JoinChange,
        RelationChange,
        Stated,
    )
    from spillover.queries.changes.versions import Contents


def diff(answer: Diff) -> Plain:
    """What changed between two versions, days or scenarios."""
    return {
        "question": "diff",
        "between": answer.between,
        "before": _side(answer.before),
        "after": _side(answer.after),
        "rules": [rule.id for rule in answer.rules],
        "targets": [party(target) for target in answer.targets],
        "of": [party(entity) for entity in answer.of],
        "nothing_changed": answer.none,
        **contents(answer.contents),
        **changes(answer.changes),
        "known_at": answer.after.sources.known_at,
        "licence_notice": notice(answer.after.sources.datasets),
    }


def _side(side: Side) -> Plain:
    return {
        "label": side.label,
        "version": side.version,
        "known_at": side.sources.known_at,
        **conditions(side.when),
    }


def contents(value: Contents) -> Plain:
    """What datasets say otherwise."""
    return {
        "datasets": [_dataset(item) for item in value.datasets],
        "entity_counts": _by_dataset(value.entity_counts),
        "entities": [_entity(item) for item in value.entities],
        "relation_counts": _by_dataset(value.relation_counts),
        "relations": [_relation(item) for item in value.relations],
        "join_count": value.join_count,
        "joins": [_join(item) for item in value.joins],
    }


def changes(value: Changes) -> Plain:
    """What follows: listings, verdicts, exposures."""
    return {
        "remarks": list(value.remarks),
        "listing_counts": dict(value.listing_counts),
        "listings": [_listing(item) for item in value.listings],
        "verdict_counts": [
            {"rule": rule, "before": before, "after": after, "count": count}
            for (rule, before, after), count in value.verdict_counts.items()
        ],
        "verdicts": [_verdict(item) for item in value.verdicts],
        "exposure_counts": dict(value.exposure_counts),
        "exposures": [_exposure(item) for item in value.exposures],
        "exposures_not_compared": value.not_compared,
        "missing_at_most": rounded_up(value.bound),
    }


def _by_dataset(counts: Mapping[tuple[str, str], int]) -> Plain:
    found: dict[str, Any] = {}
    for (dataset, what), count in counts.items():
        found.setdefault(dataset, {})[what] = count
    return found


def _dataset(value: DatasetChange) -> Plain:
    return {
        "dataset": value.name,
        "change": value.what,
        "before": load(value.before) if value.before else None,
        "after": load(value.after) if value.after else None,
    }


def _end(value: End | None) -> Plain | None:
    return value._asdict() if value else None


def _fields(values: Iterable[Field]) -> list[Plain]:
    return [value._asdict() for value in values]


def _entity(value: EntityChange) -> Plain:
    return {
        "change": value.what,
        "dataset": value.dataset,
        "entity": _end(value.entity),
        "fields": _fields(value.fields),
    }


def _relation(value: RelationChange) -> Plain:
    return {
        "change": value.what,
        "dataset": value.dataset,
        "kind": value.kind,
        "source": _end(value.source),
        "target": _end(value.target),
        "before": _stated(value.before),
        "after": _stated(value.after),
        "fields": _fields(value.fields),
    }


def _stated(value: Stated | None) -> Plain | None:
    if value is None:
        return None
    return {name: getattr(value, name) for name in value.__slots__}


def _join(value: JoinChange) -> Plain:
    return {
        "entity": _end(value.entity),
        "before": _end(value.before),
        "after": _end(value.after),
    }


def _listing(value: ListingChange) -> Plain:
    return {
        "change": value.what,
        "entity": party(value.entity),
        "programme": party(value.programme),
        "before": _listed(value.before),
        "after": _listed(value.after),
        **causes(value.causes),
    }


def _listed(values: Iterable[Listed]) -> list[Plain]:
    return [value._asdict() for value in values]


def _verdict(value: VerdictChange) -> Plain:
    return {
        "change": value.what,
        "rule": value.rule,
        "entity": party(value.entity),
        "before": _stood(value.before),
        "after": _stood(value.after),
        **causes(value.causes),
    }


def _stood(value: Stood) -> Plain:
    return {
        "verdict": value.word,
        "share": share(Stake(*value.share)),
        "unsettled": value.unsettled,
    }


def _exposure(value: ExposureChange) -> Plain:
    return {
        "change": value.what,
        "entity": party(value.entity),
        "before": _exposed(value.before),
        "after": _exposed(value.after),
        **causes(value.causes),
    }


def _exposed(value: Exposed | None) -> Plain | None:
    if value is None:
        return None
    return {
        "start": party(value.start),
        "strength": strength(value.strength),
        "hops": [
            {
                "channel": channel,
                "target": party(target),
                "evidence": [claim(item) for item in claims],
            }
            for channel, target, claims in value.hops
        ],
    }


def causes(value: Causes) -> Plain:
    """The claims behind a change."""
    return {
        "caused_by": list(value.datasets),
        "claims_gone": [claim(item) for item in value.gone],
        "claims_new": [claim(item) for item in value.new],
    }
