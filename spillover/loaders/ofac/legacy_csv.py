"""What do the legacy CSV files say: entries, and their addresses, names and further remarks.

The files have no header; the number of columns tells which one it is. A null is ``-0-``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.ofac import legacy, remarks
from spillover.loaders.ofac.party import Party
from spillover.loaders.reading.files import Part, opened
from spillover.loaders.reading.text import CutOff, Ragged, rows

COLUMNS: Final = {
    "main": (
        *("ent_num", "name", "type", "program", "title", "call_sign", "vessel_type"),
        *("tonnage", "grt", "flag", "owner", "remarks"),
    ),
    "addresses": ("ent_num", "add_num", "address", "city", "country", "remarks"),
    "names": ("ent_num", "alt_num", "type", "name", "remarks"),
    "comments": ("ent_num", "remarks"),
}
TABLE_OF: Final = {len(columns): table for table, columns in COLUMNS.items()}
"""Which table a file is, by its number of columns."""
_NULL: Final = "-0-"
_FEATURES: Final = {
    "title": "Title",
    "call_sign": "Vessel Call Sign",
    "vessel_type": "VESSEL TYPE",
    "tonnage": "Vessel Tonnage",
    "grt": "Vessel Gross Registered Tonnage",
    "flag": "Vessel Flag",
    "owner": "Vessel Owner",
}
"""Columns of ships and persons, and the labels that they have elsewhere."""
_WHAT: Final = {
    "addresses": "address of an entry",
    "names": "alternative name of an entry",
    "comments": "further remarks of an entry",
}

Row = dict[str, str]
Read = tuple[str, str, "Record | Ragged"]


@dataclass(frozen=True, slots=True)
class Record:
    """One row, and for an entry the rows of other files that belong to it."""

    table: str
    row: Row
    source: legacy.Source
    attached: tuple[tuple[str, Row], ...] = ()
    """(table, row) of each."""
    owned: bool = True
    """Whether the entry of an attached row is there."""


def read(parts: Iterable[tuple[Part, int]], context: Context) -> Iterator[Read]:
    """Every row of the files, the entries first.

    Args:
        parts: each with its number of columns.
        context: of the load.
    """
    tables = [(part, TABLE_OF[width]) for part, width in parts]
    attached: defaultdict[tuple[bool, str], list[tuple[str, Row]]] = defaultdict(list)
    held: list[tuple[str, str, Record | Ragged]] = []
    for part, table in tables:
        if table == "main":
            continue
        source = legacy.Source(part.name, sdn="cons" not in part.stem.lower())
        for position, row in _rows(part, table, context):
            if isinstance(row, Ragged):
                held.append((part.name, position, row))
                continue
            attached[source.sdn, row["ent_num"]].append((table, row))
            held.append((part.name, position, Record(table, row, source)))
    seen = set()
    for part, table in tables:
        if table == "main":
            for item in _entries(part, attached, context):
                seen.add(_key(item[2]))
                yield item
    for name, position, record in held:
        owned = _key(record) in seen
        if isinstance(record, Record):
            record = replace(record, owned=owned)  # noqa: PLW2901 - the same row, now judged
        yield name, position, record


def _entries(
    part: Part, attached: Mapping[tuple[bool, str], list[tuple[str, Row]]], context: Context
) -> Iterator[Read]:
    source = legacy.Source(part.name, legacy.is_sdn(part))
    for position, row in _rows(part, "main", context):
        if isinstance(row, Ragged):
            yield part.name, position, row
        else:
            others = tuple(attached.get((source.sdn, row["ent_num"]), ()))
            yield part.name, position, Record("main", row, source, others)


def _key(record: Record | Ragged) -> tuple[bool, str] | None:
    """List and number of a row's entry."""
    return (record.source.sdn, record.row["ent_num"]) if isinstance(record, Record) else None


def names(part: Part, context: Context) -> Iterator[tuple[str, str]]:
    """(name, number) of every entry of a file of entries."""
    for _, row in _rows(part, "main", context):
        if not isinstance(row, Ragged):
            yield row["name"], row["ent_num"]


def _rows(part: Part, table: str, context: Context) -> Iterator[tuple[str, Row | Ragged]]:
    """(position, row by column); nulls are empty, and remarks keep the spaces at their ends."""
    columns = COLUMNS[table]
    found = rows(part, context.encoding("utf-8"), ",")
    held = next(found, None)
    while held:
        line, cells = held
        held = next(found, None)
        if isinstance(cells, Ragged):
            yield f"line {line}", cells
        elif len(cells) != len(columns):
            ragged = CutOff if held is None and len(cells) < len(columns) else Ragged
            yield f"line {line}", ragged(cells, len(columns))
        elif held is None and _is_cut(table, cells[-1]) and _ends_open(part):
            yield f"line {line}", CutOff(cells, len(columns))
        else:
            *short, last = ("" if cell.strip() == _NULL else cell for cell in cells)
            row = dict(zip(columns, (*map(str.strip, short), last), strict=True))
            yield f"line {line}", row


def _ends_open(part: Part) -> bool:
    """Whether a file ends in the middle of a line."""
    last = b""
    with opened(part) as stream:
        while chunk := stream.read(1 << 16):
            last = chunk[-1:]
    return last not in b"\r\n\x1a"


def _is_cut(table: str, cell: str) -> bool:
    """Whether the last cell of a file is a part of what OFAC writes there."""
    text = cell.strip()
    if text != _NULL and _NULL.startswith(text):
        return True
    remarked = table in ("main", "comments") and text != _NULL and len(cell) < remarks.LIMIT
    return remarked and not text.endswith(".")


def transform(record: Record, context: Context) -> Iterable[Entity | Relation]:
    """What one row says; the rows of an entry are read with it.

    Raises:
        InputError: the row belongs to no entry of the files, or cannot be read.
    """
    context.survey(record.row, record.table)
    uid = record.row["ent_num"]
    if record.table != "main":
        if not record.owned:
            raise InputError(
                f"{_WHAT[record.table]} {uid}, which is not in the files; load it with them"
            )
        if record.table == "names" and not record.row["name"]:
            raise InputError(f"an alternative name of entry {uid} that is empty")
        context.merge(_WHAT[record.table], uid)
        return ()
    return _entry(record, context)


def _entry(record: Record, context: Context) -> Iterator[Entity | Relation]:
    row = record.row
    party = Party(row["ent_num"], row["type"], context)
    party.name(row["name"])
    text = row["remarks"]
    for table, other in record.attached:
        if table == "names":
            party.name(other["name"], other["type"])
            party.note(other["remarks"].strip())
        elif table == "addresses":
            party.address([other["address"], other["city"]], other["country"])
            party.note(other["remarks"].strip())
        else:
            text += other["remarks"]
    for column, label in _FEATURES.items():
        party.feature(label, row[column])
    known = any(table == "comments" for table, _ in record.attached)
    cut = not known and len(row["remarks"]) >= remarks.LIMIT
    linked = remarks.linked_names(party, text, context, stop=not cut, cut=cut)
    tags = [tag for tag in row["program"].split("] [") if tag]
    yield from legacy.described(party, context, tags=tags, names=linked, source=record.source)


def knows(cells: list[str]) -> bool:
    """Whether a row without a header may be one of these files."""
    return len(cells) in TABLE_OF and cells[0].strip().isdigit()
