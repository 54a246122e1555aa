"""What are answers made of: entities, claims with their evidence, shares, datasets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.dates import first_day
from spillover.graph.index import Index
from spillover.graph.rows import Load
from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.graph.tables import DENIES
from spillover.queries.conditions import Conditions


@dataclass(frozen=True, slots=True)
class Party:
    """An entity as answers name it."""

    num: int
    id: str
    name: str
    schema: str
    country: str
    listed: tuple[str, ...] = ()
    """Programmes that designate it on the day."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One sourced statement of a relation, and how it stands on the day of the question."""

    relation: int
    kind: str
    source: Party
    target: Party
    stake: Stake | None
    stake_text: str
    basis: str
    start: str | None
    end: str | None
    observed: str | None
    age_days: int | None
    """Days from the observation (else the start) to the day of the question; negative when it was
    made later, None when it is undated."""
    standing: str
    """``counted``, ``not yet``, ``ended``, ``superseded``, ``less sure``, ``too old``."""
    confidence: str
    stance: str
    reported_indirect: bool
    dataset: str
    publisher: str
    title: str
    url: str
    record: str
    note: str
    properties: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """The datasets that an answer stands on."""

    datasets: tuple[Load, ...]
    known_at: str | None


def sources(graph: Graph) -> Sources:
    """The datasets of this version of the graph."""
    return Sources(graph.store.loads, graph.known_at)


class Reporter:
    """Turns numbers of the index into parties and claims, many at a time, each fetched once."""

    def __init__(self, graph: Graph, when: Conditions) -> None:
        self._graph = graph
        self._when = when
        self._parties: dict[int, Party] = {}
        self._claims: dict[int, Claim] = {}

    def parties(self, numbers: Iterable[int]) -> dict[int, Party]:
        """Parties by entity number."""
        wanted = {int(number) for number in numbers}
        missing = {number for number in wanted if number not in self._parties}
        if missing:
            listed = self._listed(missing)
            for number, entity in self._graph.store.entities(missing).items():
                self._parties[number] = _party(number, entity, listed.get(number, ()))
        return {number: self._parties[number] for number in wanted}

    def party(self, number: int) -> Party:
        """The party of one entity number."""
        return self.parties([number])[int(number)]

    def _listed(self, numbers: set[int]) -> dict[int, tuple[str, ...]]:
        index = self._graph.index
        at, entity = index.into(np.array(sorted(numbers)))
        listing = (index.kind[at] == KIND_CODES["DESIGNATES"]) & (index.flags[at] & DENIES == 0)
        listing &= self._when.valid(index, at)
        at, entity = at[listing], entity[listing]
        if not len(at):
            return {}
        programmes = self._graph.store.entities(index.source[at])
        found: dict[int, set[str]] = {}
        for number, programme in zip(entity.tolist(), index.source[at].tolist(), strict=True):
            found.setdefault(number, set()).add(programmes[programme].id)
        return {number: tuple(sorted(ids)) for number, ids in found.items()}

    def claims(self, positions: Iterable[int]) -> dict[int, Claim]:
        """Claims by their position in the index."""
        index = self._graph.index
        wanted = {int(position) for position in positions}
        missing = sorted(position for position in wanted if position not in self._claims)
        if missing:
            numbers = {position: int(index.relation[position]) for position in missing}
            relations = self._graph.store.relations(numbers.values())
            targets = index.target(np.array(missing)).tolist()
            ends = {p: (int(index.source[p]), t) for p, t in zip(missing, targets, strict=True)}
            parties = self.parties(number for pair in ends.values() for number in pair)
            for position in missing:
                relation, dataset = relations[numbers[position]]
                source, target = (parties[number] for number in ends[position])
                standing = _standing(index, position, self._when)
                self._claims[position] = _claim(
                    numbers[position],
                    relation,
                    dataset=dataset,
                    ends=(source, target),
                    standing=standing,
                    day=self._when.day,
                )
        return {position: self._claims[position] for position in wanted}


def _party(number: int, entity: Entity, listed: tuple[str, ...]) -> Party:
    country = entity.countries[0] if entity.countries else ""
    return Party(number, entity.id, entity.name, entity.schema, country, listed)


def _standing(index: Index, position: int, when: Conditions) -> str:
    """How one claim stands on the day of the question."""
    if index.confidence[position] < when.level:
        return "less sure"
    if index.first[position] > when.day:
        return "not yet"
    if index.last[position] < when.day:
        return "ended"
    if index.until[when.level][position] < when.day:
        return "superseded"
    if when.max_age is not None and index.observed[position] < when.day - when.max_age:
        return "too old"
    return "counted"


def _claim(  # noqa: PLR0913 - one row of each of the tables that a claim is made of
    number: int,
    relation: Relation,
    *,
    dataset: str,
    ends: tuple[Party, Party],
    standing: str,
    day: int,
) -> Claim:
    evidence = relation.evidence
    seen = first_day(evidence.observed or relation.start)
    properties: list[tuple[str, Any]] = sorted(relation.properties.items())
    return Claim(
        number,
        relation.kind,
        *ends,
        relation.stake,
        relation.stake_text,
        relation.basis,
        relation.start,
        relation.end,
        evidence.observed,
        day - seen if seen else None,
        standing,
        evidence.confidence,
        evidence.stance,
        relation.reported_indirect,
        dataset,
        evidence.publisher,
        evidence.title,
        evidence.url,
        evidence.record,
        evidence.note,
        tuple((key, "; ".join(values)) for key, values in properties),
    )


def oldest(claims: Iterable[Claim]) -> tuple[str | None, int | None, bool]:
    """Date and age of the oldest observation among claims, and whether any is undated."""
    dated = [claim for claim in claims if claim.age_days is not None]
    undated = any(claim.age_days is None for claim in claims)
    if not dated:
        return None, None, undated
    first = max(dated, key=lambda claim: (claim.age_days or 0, -claim.relation))
    return first.observed or first.start, first.age_days, undated
