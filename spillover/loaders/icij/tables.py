"""Which rows of which file are nodes and which are edges, and what must be known of all of them.

The database has been published in four forms since 2016; the names of their columns are data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.folding import fold
from spillover.loaders.context import Context
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import Ragged, records, rows

Row = dict[str, str]

TABLES: Final = manifest("icij").tables
TYPES: Final[dict[str, str]] = TABLES["types"]


class Table(NamedTuple):
    """One file: what its rows are, and its columns by our names."""

    part: Part
    table: str
    columns: tuple[str, ...]
    kind: str
    """Of all its nodes; empty when each row says it."""


class Record(NamedTuple):
    """A row and the file that it is from; it shows as the row alone."""

    table: Table
    row: Row

    def __repr__(self) -> str:
        return repr(self.row)


class Memory:
    """What a row must know of rows in other files."""

    def __init__(self) -> None:
        self.addresses: dict[str, str] = {}
        """Text of each address node."""
        self.registered: dict[str, list[str]] = {}
        """The address nodes of a node."""
        self.used: set[str] = set()
        """Addresses that some node has."""
        self.placed: set[str] = set()
        """Nodes that were described with their address."""
        self.current: dict[str, set[str]] = {}
        """Until which year a leak is current, as its nodes say."""
        self.meanings: dict[tuple[str, str], tuple[str, ...]] = {}
        """What an edge of this kind and link says."""
        self.evidence: dict[tuple[str, str], Evidence] = {}
        """Of a leak with its words on how current it is."""


def table_of(part: Part, context: Context) -> Table:
    """What a file holds, by its header.

    Raises:
        InputError: neither nodes nor edges.
    """
    _, cells = next(rows(part, context.encoding()), (0, []))
    header = [re.sub(r"^[nr]\.", "", cell.strip()) for cell in cells]
    edges, nodes = (_named(header, TABLES[table]) for table in ("edges", "nodes"))
    if {"start", "type", "end"} <= set(edges):
        return Table(part, "edges", edges, "")
    if "node_id" in nodes and ("name" in nodes or "address" in nodes):
        return Table(part, "nodes", nodes, _kind(part, nodes))
    shown = ", ".join(map(repr, header))[:200]
    raise InputError(f"{part}: columns {shown} are neither ICIJ's nodes nor its relationships")


def _named(header: list[str], aliases: dict[str, list[str]]) -> tuple[str, ...]:
    """Our name of each column; where two are one, the first that is listed is it."""
    ours = {
        next((alias for alias in known if alias in header), ""): name
        for name, known in aliases.items()
    }
    ours.pop("", None)
    found: list[str] = []
    for cell in header:
        name = ours.pop(cell, cell)
        found.append(name if name not in found else f"{name}.{found.count(name) + 1}")
    return tuple(found)


def _kind(part: Part, columns: tuple[str, ...]) -> str:
    if "kind" in columns:
        return ""
    name = part.name.rpartition("/")[2].lower()
    said = [kind for word, kind in TABLES["files"].items() if word in name]
    shown = [kind for column, kind in TABLES["columns"].items() if column in columns]
    return str((*said, *shown, "officer")[0])


def kind_of(table: Table, row: Row) -> str:
    """Which kind of node a row is."""
    return table.kind or re.sub(r"[^a-z]", "", row["kind"].lower())


def rows_of(table: Table, context: Context) -> Iterator[tuple[str, Row | Ragged]]:
    """The rows of a file by our columns."""
    return records(table.part, context.encoding(), columns=table.columns, skip=1)


def gather_addresses(table: Table, memory: Memory, context: Context) -> None:
    """Remember the text of every address node of a file."""
    if table.kind in {"", "address"}:
        for _, row in rows_of(table, context):
            if not isinstance(row, Ragged) and kind_of(table, row) == "address":
                memory.addresses[row["node_id"]] = row.get("address") or row.get("name", "")


def gather_registrations(table: Table, memory: Memory, context: Context) -> None:
    """Remember who is registered where; over the bare cells, as there are millions of them."""
    start, kind, end = (table.columns.index(name) for name in ("start", "type", "end"))
    kinds: dict[str, bool] = {}
    for _, cells in rows(table.part, context.encoding()):
        if len(cells) != len(table.columns):
            continue
        said = cells[kind]
        if said not in kinds:
            kinds[said] = TYPES.get(folded(said)) == "address"
        if kinds[said] and (address := cells[end].strip()) in memory.addresses:
            memory.registered.setdefault(cells[start].strip(), []).append(address)
            memory.used.add(address)


def folded(text: str) -> str:
    """The kind of an edge or the text of a link as the tables write it."""
    return fold(text.replace("_", " "))
