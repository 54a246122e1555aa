"""How do the rules differ about the same entities, and what makes the difference.

Every rule is compared with the first. A difference is explained by experiment: parts of the first
rule are replaced by those of the other, one at a time and then two at a time, until the verdict
becomes the other's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.queries.answer import Party, Reporter, Sources, sources
from spillover.queries.case import VERDICTS, Case, Stand
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import Ints
from spillover.queries.ledger import Ledger
from spillover.queries.rulebook import Reading, Rule, listing_rules, rule

FIRST: Final = "us-ofac-50"
"""The rule with which the others are compared."""

PARTS: Final = {
    "method": ("passes_on",),
    "threshold": ("threshold", "alone"),
    "basis": ("bases",),
    "aggregation": ("aggregation", "joint_arrangements", "joint_holdings"),
    "control": ("control", "acting_for"),
    "unsettled law": (),
}
"""What rules differ in, and the fields of a reading that say it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One entity under one rule."""

    rule: str
    verdict: str
    share: Stake
    unsettled: bool
    reasons: tuple[str, ...]
    """What makes the verdict differ from that under the first rule; empty where it does not."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entity under all rules."""

    entity: Party
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answer."""

    rules: tuple[Rule, ...]
    """The one that the others are compared with is the first."""
    when: Conditions
    open_world: bool
    remarks: tuple[str, ...]
    """What must be said first about rules on that day."""
    targets: tuple[Party, ...]
    rows: tuple[Row, ...]
    counts: dict[str, dict[str, int]]
    """Entities by rule and verdict, shown or not."""
    sources: Sources


def compare(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    targets: Iterable[str],
    when: Conditions,
    *,
    of: Iterable[str] = (),
    limit: int | None = None,
    open_world: bool = False,
) -> Comparison:
    """Who is reached under each sanctions rule when these targets are designated.

    Args:
        graph: the graph.
        targets: ids, identifiers or names.
        when: day, age and confidence of the claims.
        of: only these entities; without them, everyone whom the targets reach under some rule.
        limit: at most so many rows (the counts are of all).
        open_world: the share that no declared owner holds can be anybody's, not nobody's.

    Raises:
        NotFoundError, AmbiguousError: a target or an entity.
    """
    laws = sorted(map(rule, listing_rules()), key=lambda law: (law.id != FIRST, law.id))
    numbers = np.array(graph.find(targets), np.int64)
    asked = np.unique(np.array(graph.find(of), np.int64))
    ledger = Ledger(graph, when, open_world=open_world)
    cases = [Case(ledger, numbers, law, asked) for law in laws]
    entities = asked if len(asked) else np.unique(np.concatenate([c.touched() for c in cases]))
    stands = [_by_entity(case, entities) for case in cases]
    order = sorted(stands[0], key=lambda entity: _rank(entity, stands))
    shown = np.array(order[:limit], np.int64)
    explained = [
        {}
        if law is laws[0]
        else _reasons(_Pair(ledger, numbers, laws[0], law, stands[0], own), shown.tolist())
        for law, own in zip(laws, stands, strict=True)
    ]
    reporter = Reporter(graph, when)
    parties = reporter.parties({*numbers.tolist(), *shown.tolist()})
    rows = [
        Row(
            parties[entity],
            tuple(
                Cell(
                    law.id,
                    own[entity].verdict,
                    own[entity].share,
                    own[entity].unsettled,
                    why.get(entity, ()),
                )
                for law, own, why in zip(laws, stands, explained, strict=True)
            ),
        )
        for entity in shown.tolist()
    ]
    return Comparison(
        tuple(laws),
        when,
        open_world,
        tuple(filter(None, (law.remark(when.day) for law in laws))),
        tuple(parties[number] for number in numbers.tolist()),
        tuple(rows),
        {law.id: _counts(own.values()) for law, own in zip(laws, stands, strict=True)},
        sources(graph),
    )


def _by_entity(case: Case, entities: Ints) -> dict[int, Stand]:
    return {stand.entity: stand for stand in case.stands(entities)}


def _rank(entity: int, stands: Sequence[dict[int, Stand]]) -> tuple[list[int], int, int]:
    """Reached under most rules first, then undetermined under most, then by share."""
    said = Counter(of_rule[entity].verdict for of_rule in stands)
    return [-said[verdict] for verdict in VERDICTS[:2]], -stands[0][entity].share.high, entity


def _counts(stands: Iterable[Stand]) -> dict[str, int]:
    counts = Counter(stand.verdict for stand in stands)
    return {verdict: counts[verdict] for verdict in VERDICTS}


class _Pair(NamedTuple):
    """Two rules about the same targets."""

    ledger: Ledger
    targets: Ints
    first: Rule
    other: Rule
    by_first: dict[int, Stand]
    by_other: dict[int, Stand]


def _reasons(pair: _Pair, entities: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """For each entity on which two rules differ, the fewest parts that make the difference."""
    day = pair.ledger.when.day
    left = {e for e in entities if pair.by_first[e].verdict != pair.by_other[e].verdict}
    differing = [part for part in PARTS if _differs(pair.first, pair.other, part, day)]
    found: dict[int, tuple[str, ...]] = {}
    for size in range(1, len(differing) + 1):
        for parts in combinations(differing, size):
            if not left:
                return found
            law, asked = _mixed(pair.first, pair.other, parts, day), np.array(sorted(left))
            for stand in Case(pair.ledger, pair.targets, law, asked).stands(asked):
                if stand.verdict == pair.by_other[stand.entity].verdict:
                    found[stand.entity] = parts
                    left.discard(stand.entity)
    return found


def _differs(first: Rule, other: Rule, part: str, day: int) -> bool:
    if part == "unsettled law":
        return first.unsettled != other.unsettled
    if part == "method" and first.method != other.method:
        return True
    ours, theirs = first.settled(day), other.settled(day)
    return any(getattr(ours, field) != getattr(theirs, field) for field in PARTS[part])


def _mixed(first: Rule, other: Rule, parts: tuple[str, ...], day: int) -> Rule:
    """The first rule with these parts of the other."""
    theirs = other.settled(day)
    taken = {field: getattr(theirs, field) for part in parts for field in PARTS[part]}
    if "method" in parts and other.method == "listed":
        taken["threshold"] = None
    reading: Reading = first.settled(day).model_copy(update=taken)
    return first.model_copy(
        update={
            "reading": reading,
            "programmes": other.programmes,
            "in_force": tuple(p.model_copy(update={"threshold": None}) for p in first.in_force),
            "method": other.method if "method" in parts else first.method,
            "unsettled": other.unsettled if "unsettled law" in parts else first.unsettled,
        }
    )
