"""What do the built-in, cited facts say (see RUNBOOK.md beside this file).

Four tables kept by hand: sources, entities, attributes of one entity, and relations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.stake import parse_stake
from spillover.loaders.context import Context
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import rows

Row = dict[str, str]
_ROLES = ("alias", "previous", "weak")


class Fact(NamedTuple):
    """One row of a table, with the rows of other tables that it refers to."""

    table: str
    row: Row
    source: Row
    attributes: tuple[tuple[Row, Row], ...] = ()
    """For an entity: its attributes, each with its source."""


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Fact]]:  # noqa: ARG001 - the contract of all sources
    """Every entity and every relation, in the order of the tables."""
    if parts:
        raise InputError("seed: the built-in facts take no file; load your own with `table`")
    with as_file(files(__package__)) as folder:
        sources = {row["source"]: row for _, row in _table(folder / "sources.csv")}
        attributes = defaultdict(list)
        for _, row in _table(folder / "attributes.csv"):
            attributes[row["entity"]].append((row, sources[row["evidence"]]))
        for line, row in _table(folder / "entities.csv"):
            fact = Fact("entities", row, {}, tuple(attributes.pop(row["id"], ())))
            yield "entities.csv", f"line {line}", fact
        if attributes:
            raise InputError(f"attributes.csv: no entity has the id {min(attributes)!r}")
        for line, row in _table(folder / "relations.csv"):
            fact = Fact("relations", row, sources[row["evidence"]])
            yield "relations.csv", f"line {line}", fact


def _table(path: Path) -> Iterator[tuple[int, Row]]:
    records = rows(Part(path))
    header = next(records)[1]
    for line, cells in records:
        yield line, dict(zip(header, cells, strict=True))


def transform(record: Fact, context: Context) -> Iterable[Entity | Relation]:
    """The entity or the claim of one row."""
    if record.table == "entities":
        return (_entity(record),)
    return (_relation(record, context),)


def _entity(fact: Fact) -> Entity:
    row = fact.row
    properties: dict[str, tuple[str, ...]] = {"note": (row["note"],)} if row["note"] else {}
    for attribute, source in fact.attributes:
        name = attribute["property"]
        properties[name] = (*properties.get(name, ()), _attribute(attribute, source))
    return Entity(
        row["id"],
        row["schema"],
        row["name"],
        tuple(_name(text) for text in _several(row["names"], "|")),
        tuple(_several(row["country"], ";")),
        tuple(_pair(text) for text in _several(row["identifiers"], ";")),
        tuple(_several(row["topics"], ";")),
        properties,
    )


def _attribute(row: Row, source: Row) -> str:
    value = " ".join(part for part in (row["value"], row["unit"]) if part)
    said = ", ".join(part for part in (row["observed"], source["publisher"]) if part)
    return f"{value} ({said}; {source['url']})" + (f" - {row['note']}" if row["note"] else "")


def _relation(fact: Fact, context: Context) -> Relation:
    row, source = fact.row, fact.source
    stake = parse_stake(row["share"]) if row["share"] else None
    return Relation(
        row["kind"],
        row["source"],
        row["target"],
        stake,
        row["basis"],
        row["start"] or None,
        row["end"] or None,
        context.evidence(
            row["facts"],
            publisher=source["publisher"],
            title=source["title"],
            url=source["url"],
            confidence=row["confidence"],
            stance=row["stance"],
            note=row["note"],
        )._replace(observed=row["observed"] or None),
        reported_indirect=row["indirect"] == "yes",
        block=row["block"],
        stake_text=row["share"],
        properties={
            key: (value,) for key, value in (_pair(t) for t in _several(row["properties"], ";"))
        },
    )


def _name(text: str) -> Name:
    prefix, _, name = text.partition(":")
    return Name(name, role=prefix) if prefix in _ROLES else Name(name, lang=prefix)


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("=")
    return key.strip(), value.strip()


def _several(cell: str, separator: str) -> list[str]:
    return [text.strip() for text in cell.split(separator) if text.strip()]
