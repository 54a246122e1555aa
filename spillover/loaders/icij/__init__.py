"""What do the nodes and relationships of ICIJ's Offshore Leaks database say.

The database gives roles and no percentages: a shareholder is an owner of an unknown share. Edges
that only guess that two nodes are the same are left out by name; nothing is ever merged on them.
Addresses are no entities here: their text goes to the nodes that are registered there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.icij.edges import edge
from spillover.loaders.icij.nodes import node
from spillover.loaders.icij.tables import (
    Memory,
    Record,
    gather_addresses,
    gather_registrations,
    kind_of,
    rows_of,
    table_of,
)
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import Ragged


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Record | Ragged]]:
    """Every node and then every edge; who is registered where is looked up first.

    Raises:
        InputError: a file is neither of nodes nor of edges.
    """
    if not parts:
        raise InputError("icij: name the files of nodes and relationships")
    tables = [table_of(part, context) for part in parts]
    memory = context.state["memory"] = Memory()
    nodes = [table for table in tables if table.table == "nodes"]
    edges = [table for table in tables if table.table == "edges"]
    for table in nodes:
        gather_addresses(table, memory, context)
    for table in edges if memory.addresses else ():
        gather_registrations(table, memory, context)
    for table in (*nodes, *edges):
        name = table.part.name
        for position, row in rows_of(table, context):
            yield name, position, row if isinstance(row, Ragged) else Record(table, row)


def transform(record: Record, context: Context) -> Iterable[Entity | Relation]:
    """The entity of a node, or the claims of an edge.

    Raises:
        InputError: no id, or a date of a claim that cannot be read.
    """
    table, row = record
    context.survey(row, table.table)
    return edge(row, context) if table.table == "edges" else node(kind_of(table, row), row, context)
