"""What does each answer look like as plain data: the stable shape of the JSON output.

Field names are a promise; docs/json.md lists them. ``FORMAT`` grows when one changes.
"""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from spillover.graph.evidence import licence_notice
from spillover.graph.stake import Stake, percent_text

if TYPE_CHECKING:  # the queries bring NumPy along; a search in names needs none of it
    from collections.abc import Iterable

    from spillover.graph.rows import Audit, Hit, Load, Quarantined
    from spillover.graph.schema import Entity
    from spillover.graph.store import Store
    from spillover.queries.answer import Claim, Party, Sources
    from spillover.queries.conditions import Conditions
    from spillover.queries.exposure import Strength
    from spillover.queries.show import Profile
    from spillover.queries.tree import Branch, Tree

FORMAT: Final = 1
Plain = dict[str, Any]


def json_text(data: Plain) -> str:
    """The data as JSON: UTF-8 characters as they are, keys in the order given, a final newline."""
    return json.dumps({"format": FORMAT, **data}, ensure_ascii=False, indent=2) + "\n"


def share(stake: Stake | None) -> Plain | None:
    """A share in percent as exact decimal texts; null when the relation has none."""
    return None if stake is None else part(*stake)


def part(low: int, high: int) -> Plain:
    """A part of a whole, from millionths of a percent: in percent as exact decimal texts."""
    return {"low": percent_text(low), "high": percent_text(high)}


def strength(value: Strength) -> Plain:
    """A strength in percent to six decimals, rounded outward."""
    return {"low": rounded_down(value.low), "high": rounded_up(value.high)}


def rounded_up(value: Fraction) -> str:
    """A fraction in percent, to six decimals, rounded up."""
    return percent_text(-_floor(-value * 10**8))


def rounded_down(value: Fraction) -> str:
    """A fraction in percent, to six decimals, rounded down."""
    return percent_text(_floor(value * 10**8))


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator


def party(value: Party) -> Plain:
    """An entity as answers name it."""
    return {
        "id": value.id,
        "name": value.name,
        "schema": value.schema,
        "country": value.country,
        "listed": list(value.listed),
    }


def claim(value: Claim) -> Plain:
    """One sourced claim."""
    return {
        "relation": value.relation,
        "kind": value.kind,
        "source": party(value.source),
        "target": party(value.target),
        "share": share(value.stake),
        "share_text": value.stake_text,
        "basis": value.basis,
        "start": value.start,
        "end": value.end,
        "observed": value.observed,
        "age_days": value.age_days,
        "standing": value.standing,
        "confidence": value.confidence,
        "stance": value.stance,
        "reported_indirect": value.reported_indirect,
        "properties": dict(value.properties),
        "evidence": {
            "dataset": value.dataset,
            "publisher": value.publisher,
            "title": value.title,
            "url": value.url,
            "record": value.record,
            "note": value.note,
        },
    }


def conditions(when: Conditions) -> Plain:
    """Under which conditions was asked."""
    return {
        "as_of": when.as_of,
        "max_age_days": when.max_age,
        "min_confidence": when.min_confidence,
    }


def load(value: Load) -> Plain:
    """A dataset as it stands in the graph, with its reconciliation."""
    dataset = value.dataset
    return {
        "dataset": dataset.name,
        "title": dataset.title,
        "publisher": dataset.publisher,
        "url": dataset.url,
        "licence": dataset.licence,
        "commercial_use": dataset.commercial_use,
        "date": dataset.date,
        "loader": value.loader,
        "loaded_at": value.finished,
        "records": {
            "read": value.read,
            "loaded": value.loaded,
            "merged": value.merged,
            "ignored": value.ignored,
            "quarantined": value.quarantined,
        },
        "entities": value.entities,
        "relations": value.relations,
    }


def sources(value: Sources) -> Plain:
    """The datasets that an answer stands on."""
    return {
        "known_at": value.known_at,
        "licence_notice": notice(value.datasets),
        "datasets": [load(item) for item in value.datasets],
    }


def notice(loads: Iterable[Load]) -> str | None:
    """What the licences of the datasets forbid; null when nothing is known to be forbidden."""
    return licence_notice(load.dataset for load in loads) or None


def tree(answer: Tree) -> Plain:
    """Owners upward or subsidiaries downward."""
    return {
        "question": "owners" if answer.direction == "up" else "subsidiaries",
        **conditions(answer.when),
        "entity": party(answer.subject),
        "undisclosed": share(answer.undisclosed),
        "truncated": answer.truncated,
        "branches": [_branch(branch) for branch in answer.branches],
        **sources(answer.sources),
    }


def _branch(branch: Branch) -> Plain:
    return {
        "depth": branch.depth,
        "entity": party(branch.party),
        "of": party(branch.parent),
        "share": share(branch.share),
        "mark": branch.mark,
        "claims": [claim(item) for item in branch.claims],
    }


def hits(found: list[Hit], text: str) -> Plain:
    """Entities found by name."""
    return {
        "question": "search",
        "text": text,
        "results": [
            {
                "id": hit.id,
                "name": hit.name,
                "schema": hit.schema,
                "countries": list(hit.countries),
                "matched": hit.matched,
            }
            for hit in found
        ],
    }


def entity(value: Entity) -> Plain:
    """Everything that the datasets say of one entity itself."""
    return {
        "id": value.id,
        "schema": value.schema,
        "name": value.name,
        "names": [name._asdict() for name in value.names],
        "countries": list(value.countries),
        "identifiers": [{"scheme": scheme, "value": text} for scheme, text in value.identifiers],
        "topics": list(value.topics),
        "properties": {key: list(values) for key, values in value.properties.items()},
        "datasets": list(value.datasets),
    }


def profile(answer: Profile) -> Plain:
    """One entity with its claims."""
    return {
        "question": "show",
        **conditions(answer.when),
        "entity": entity(answer.entity),
        "listed": list(answer.party.listed),
        "claims": [claim(item) for item in answer.claims],
        "claims_left_out": answer.left_out,
        **sources(answer.sources),
    }


def status(store: Store, known_at: str | None) -> Plain:
    """The datasets of a graph."""
    return {
        "question": "status",
        "graph": store.name,
        "known_at": known_at,
        "licence_notice": notice(store.loads),
        "datasets": [load(item) for item in store.loads],
        "contradictions": [conflict._asdict() for conflict in store.joined.conflicts()],
    }


def aside(audits: Iterable[Audit], quarantined: Iterable[Quarantined]) -> Plain:
    """What a load noted and set aside."""
    return {
        "audit": [item._asdict() for item in audits],
        "quarantine": [item._asdict() for item in quarantined],
    }


def quarantine(
    found: Iterable[tuple[Load, tuple[Audit, ...], tuple[Quarantined, ...]]],
) -> Plain:
    """What loads noted and set aside, by dataset."""
    return {
        "question": "quarantine",
        "datasets": [
            {"dataset": load.dataset.name, **aside(audits, items)} for load, audits, items in found
        ],
    }
