"""How rows of a graph file become loads, entities and claims."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

from spillover.graph.evidence import Dataset, Evidence
from spillover.graph.schema import Entity, Name, Relation, is_a
from spillover.graph.stake import Stake

T = TypeVar("T")


class Load(NamedTuple):
    """One load of one dataset; it reconciles: read = loaded + merged + ignored + quarantined."""

    num: int
    dataset: Dataset
    loader: str
    started: str
    finished: str
    read: int
    loaded: int
    merged: int
    ignored: int
    quarantined: int
    entities: int
    relations: int
    removed_by: int | None


class Audit(NamedTuple):
    """Something that a load met and did not turn into the graph, or wants looked at."""

    what: str
    key: str
    count: int  # type: ignore[assignment] # the method of tuples of this name is not missed
    example: str


class Quarantined(NamedTuple):
    """A record that could not be read, and why."""

    file: str
    position: str
    reason: str
    value: str


class Hit(NamedTuple):
    """An entity found by its name."""

    num: int
    id: str
    name: str
    schema: str
    countries: tuple[str, ...]
    matched: str
    """The name that matched, as it is searched: without case and accents."""


def texts(column: str | None) -> tuple[str, ...]:
    """The texts of a column that holds a JSON list."""
    return tuple(json.loads(column)) if column else ()


def _properties(column: str | None) -> dict[str, tuple[str, ...]]:
    return {key: tuple(v) for key, v in json.loads(column).items()} if column else {}


def as_load(row: tuple[Any, ...]) -> Load:
    """A load from its columns, in the order of the table."""
    num, name, title, publisher, url, licence, commercial, date, *rest = row
    allowed = None if commercial is None else bool(commercial)
    return Load(num, Dataset(name, title, publisher, url, licence, allowed, date), *rest)


def as_entity(entity_id: str, row: Sequence[Any]) -> Entity:
    """An entity from the columns of one description and the name of its dataset."""
    schema, name, names, countries, identifiers, topics, properties, dataset = row
    return Entity(
        entity_id,
        schema,
        name,
        tuple(Name(*parts) for parts in json.loads(names)) if names else (),
        texts(countries),
        tuple((scheme, value) for scheme, value in json.loads(identifiers)) if identifiers else (),
        texts(topics),
        _properties(properties),
        (dataset,),
    )


def together(several: Sequence[Entity]) -> Entity:
    """One entity of several that identifiers join: the first stands for the others."""
    first, *others = several
    if not others:
        return first
    one = first
    for other in others:
        if other.datasets:  # a stub says nothing
            one = united(one, other) if one.datasets else other._replace(id=first.id)
    same_as = tuple(sorted(other.id for other in others))
    return one._replace(properties={**one.properties, "same_as": same_as})


def united(first: Entity, second: Entity) -> Entity:
    """Both descriptions of one entity: the first names it, everything else is united.

    Of two schemata the narrower one counts when it is a kind of the other.
    """
    names = (*first.names, *second.names)
    if second.name != first.name:
        names += (Name(second.name, role="alias"),)
    properties = dict(first.properties)
    for key, values in second.properties.items():
        properties[key] = _united(properties.get(key, ()), values)
    return first._replace(
        schema=second.schema if is_a(second.schema, first.schema) else first.schema,
        names=_united(names),
        countries=_united(first.countries, second.countries),
        identifiers=_united(first.identifiers, second.identifiers),
        topics=_united(first.topics, second.topics),
        properties=properties,
        datasets=_united(first.datasets, second.datasets),
    )


def _united(*parts: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))


def as_relation(row: tuple[Any, ...]) -> Relation:
    """A claim from the columns that ``Store.relations`` reads."""
    (_, kind, source, target, low, high, basis, start, end, observed, confidence, stance) = row[:12]
    indirect, block, text, properties, record, note, publisher, title, url, _ = row[12:]
    return Relation(
        kind,
        source,
        target,
        None if low is None else Stake(low, high),
        basis or "",
        start,
        end,
        Evidence(publisher, title, url, observed, confidence, stance, record or "", note or ""),
        bool(indirect),
        block or "",
        text or "",
        _properties(properties),
    )
