"""How does one load of a dataset take the place of the last, inside one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from spillover.graph.canonical import update
from spillover.graph.errors import NotFoundError
from spillover.graph.rows import Audit


class Turnover:
    """The end of one load.

    Args:
        connection: the file, in the load's transaction.
        num: number of the load.
    """

    def __init__(self, connection: sqlite3.Connection, num: int) -> None:
        self._execute, self._many, self._num = connection.execute, connection.executemany, num
        self._connection = connection

    def standing(self, dataset: str) -> tuple[Any, ...]:
        """Name, title, publisher, address, licence, commercial use and date of a dataset.

        Raises:
            NotFoundError: the graph has no such dataset.
        """
        rows = self._execute(
            "SELECT dataset, title, publisher, url, licence, commercial_use, date FROM load"
            " WHERE dataset = ? AND removed_by IS NULL",
            (dataset,),
        ).fetchall()
        if not rows:
            known = "SELECT DISTINCT dataset FROM load WHERE removed_by IS NULL ORDER BY dataset"
            names = ", ".join(name for (name,) in self._execute(known)) or "none"
            raise NotFoundError(f"no dataset is named {dataset!r}; the graph has: {names}")
        return tuple(rows[0])

    def settle(self, dataset: str, *added: int) -> tuple[Audit, ...]:
        """Take the dataset's last load away and join anew; what the identifiers contradict."""
        self._execute(
            "UPDATE load SET removed_by = ? WHERE dataset = ? AND removed_by IS NULL",
            (self._num, dataset),
        )
        rows = self._execute("SELECT num FROM load WHERE removed_by IS NULL")
        standing = [num for (num,) in rows]
        return tuple(
            Audit("identifiers contradict", found.identifier, len(found.entities), str(found))
            for found in update(self._connection, self._num, (*standing, *added))
        )

    def searchable(self, first: int) -> None:
        """Let the names of the descriptions from this number on be found."""
        self._execute(
            "INSERT INTO name_search (rowid, folded)"
            " SELECT num, folded FROM description WHERE num >= ?",
            (first,),
        )

    def record(self, *columns: Any) -> None:
        """Enter the load itself, by its columns behind the number."""
        row = (self._num, *columns)
        self._execute(f"INSERT INTO load VALUES ({','.join('?' * len(row))})", row)  # noqa: S608 - marks only

    def remember(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Keep what belongs to the load: its files, audits, or records that were set aside."""
        if rows:
            marks = ",".join("?" * (len(rows[0]) + 1))
            self._many(f"INSERT INTO {table} VALUES ({marks})", [(self._num, *row) for row in rows])  # noqa: S608 - own table names
