"""What do the files of the Global LEI Index say: entities, who consolidates them, and why not.

An LEI record becomes an entity, a relationship record a claim. Why an entity reports no parent,
and which ISINs it has, stand in files of their own: they are gathered first and told with the
entity, so that the order of the files does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.gleif import addenda, entities, relationships
from spillover.loaders.gleif.forms import Raw, looked_at, records, table_of
from spillover.loaders.reading.files import Part

_ORDER = ("lei", "rr", "isin", "repex", "other")


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Raw]]:
    """Every record of every file: LEI records, relationships, then what is added to entities.

    Raises:
        InputError: a file is none of GLEIF's, cut off, or unreadable.
    """
    if not parts:
        raise InputError("gleif: name at least one file of GLEIF, or a folder of them")
    tables = {part: table_of(part, context) for part in parts}
    for part, table in tables.items():
        if table in addenda.TABLES:
            addenda.gather((raw for _, raw in records(part, context, quiet=True)), context)
    for part in sorted(parts, key=lambda part: _ORDER.index(tables[part])):
        for position, raw in records(part, context):
            yield part.name, position, raw


def transform(record: Raw, context: Context) -> Iterable[Entity | Relation]:
    """What one record says.

    Raises:
        InputError: not a record of GLEIF, or a value that cannot be read.
    """
    raw = record if record.table else looked_at(record)
    if raw.audited:
        context.survey(raw.audited, raw.audit)
    if raw.table == "lei":
        return entities.told(raw.tree, context)
    if raw.table == "rr":
        return relationships.told(raw.tree, context)
    if raw.table in addenda.TABLES:
        return addenda.told(raw, context)
    why = context.manifest.tables["otherTypes"][raw.table]
    context.ignore(f"{raw.table}: {why}", str(raw.tree))
    return ()
