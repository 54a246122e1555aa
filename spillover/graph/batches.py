"""How do rows get into the tables of a graph file many at a time."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

BATCH: Final = 20_000
"""Rows of a table that are kept back at most."""


class Batches:
    """Rows on their way into the tables, in the order in which they were added."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _INSERTS}

    def add(self, table: str, row: tuple[Any, ...]) -> None:
        """Add a row to a table."""
        rows = self._rows[table]
        rows.append(row)
        if len(rows) >= BATCH:
            self._flush(table)

    def flush(self) -> None:
        """Write all rows that were kept back."""
        for table in _INSERTS:
            self._flush(table)

    def _flush(self, table: str) -> None:
        self._connection.executemany(_INSERTS[table], self._rows[table])
        self._rows[table].clear()


def _insert(table: str, columns: str) -> str:
    """How a row gets into a table; ``-`` is a column that is NULL for an empty text.

    Python looks for an adapter of each None that it hands to SQLite, which takes longer than all
    the rest of the column.
    """
    marks = ",".join("?" if column == "?" else "nullif(?, '')" for column in columns)
    return f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - own table names


_INSERTS: Final = {
    "entity": _insert("entity", "??"),
    "description": _insert("description", "??????-----"),
    "identifier": _insert("identifier", "????"),
    "relation": _insert("relation", "?????-------???-?---"),
    "term": _insert("term", "??"),
    "segment": "INSERT INTO segment (load, first_relation, count, packed) VALUES (?, ?, ?, ?)",
}
