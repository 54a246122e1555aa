"""Who may write a graph file: one process at a time, and a second one is told who it is."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import sys
from pathlib import Path

from spillover.graph.dates import now
from spillover.graph.errors import StoreError
from spillover.graph.sqlite import busy


class Lease:
    """The one right to write a file, held from :meth:`take` to the end of the transaction.

    Args:
        path: the graph file; word of the holder stands beside it while it is written.
        connection: the open file.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path, self._connection = path, connection
        self._holder = Path(f"{path}.writer")

    def take(self) -> None:
        """Begin the transaction, and leave word of this process.

        Raises:
            StoreError: another process is writing the file.
        """
        execute = self._connection.execute
        execute("PRAGMA busy_timeout = 500")
        execute("PRAGMA cache_size = -65536")
        try:
            execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            if busy(error):
                raise StoreError(f"{self._path}: in use; {self._who()}") from error
            raise
        holder = {"pid": os.getpid(), "command": " ".join(sys.argv)[:200], "since": now()}
        with contextlib.suppress(OSError):
            self._holder.write_text(json.dumps(holder), encoding="utf-8")

    def keep(self) -> None:
        """Take the word back and make everything that was written stand."""
        self._release()
        self._connection.execute("COMMIT")

    def give_up(self) -> None:
        """Undo what was not committed and close the file."""
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._release()
                self._connection.execute("ROLLBACK")
        self._connection.close()

    def _release(self) -> None:
        """Take the holder file away; done only inside the transaction, while it is surely ours."""
        with contextlib.suppress(OSError):
            self._holder.unlink(missing_ok=True)

    def _who(self) -> str:
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            return (
                f"process {holder['pid']} ({holder['command']}) has been writing it since"
                f" {holder['since']}; wait for it or stop it"
            )
        except (OSError, ValueError, KeyError, TypeError):
            return "another process is writing it; wait for it or stop it"
