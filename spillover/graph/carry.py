"""How does a delta keep what it does not speak of: the rest of a dataset's last load is carried on.

A delta says anew what some records say, or that they are gone. Its load holds the new records and
a copy of all others, so that it replaces the dataset as any load does.
"""

from __future__ import annotations

from collections.abc import Iterator

from spillover.graph.tables import PACKED
from spillover.graph.writer import Writer


def held(writer: Writer, dataset: str) -> frozenset[str]:
    """The records of the last load of a dataset: ids of its entities, records of its claims."""
    load = _last(writer, dataset)
    rows = writer.connection.execute(
        "SELECT e.id FROM description d JOIN entity e ON e.num = d.entity WHERE d.load = ?1"
        " UNION SELECT record FROM relation WHERE load = ?1 AND record IS NOT NULL",
        (load,),
    )
    return frozenset(text for (text,) in rows)


def carry(writer: Writer, dataset: str, without: frozenset[str]) -> None:
    """Copy the last load of a dataset into this one, but for these records.

    Args:
        writer: of the load; everything that the delta says is written.
        dataset: its key.
        without: ids of entities and records of claims of which the delta speaks.
    """
    load = _last(writer, dataset)
    execute = writer.connection.execute
    for entity_id, *row in execute(
        "SELECT e.id, d.schema, d.name, d.folded, d.names, d.countries, d.identifiers,"
        " d.topics, d.properties FROM description d JOIN entity e ON e.num = d.entity"
        " WHERE d.load = ? ORDER BY d.num",
        (load,),
    ).fetchall():
        if entity_id not in without:
            writer.describe(entity_id, tuple(row))
    packed = _packed(writer, load)
    rows = execute(
        "SELECT kind, source, target, low, high, stake_text, basis, start, end, observed,"
        " confidence, stance, reported_indirect, block, evidence, record, note, properties"
        " FROM relation WHERE load = ? ORDER BY num",
        (load,),
    ).fetchall()
    for row, claim in zip(rows, packed, strict=True):
        if row[-3] not in without:
            writer.claim(row, claim)


def _last(writer: Writer, dataset: str) -> int:
    rows = writer.connection.execute(
        "SELECT num FROM load WHERE dataset = ? AND removed_by IS NULL", (dataset,)
    ).fetchall()
    return int(rows[0][0]) if rows else 0


def _packed(writer: Writer, load: int) -> Iterator[bytes]:
    """The packed records of a load, in the order of its claims."""
    segments = writer.connection.execute(
        "SELECT packed FROM segment WHERE load = ? ORDER BY first_relation", (load,)
    ).fetchall()
    for (blob,) in segments:
        for at in range(0, len(blob), PACKED.size):
            yield blob[at : at + PACKED.size]
