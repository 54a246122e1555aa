"""How is a graph file opened, made and checked.

Every failure of SQLite becomes a :class:`StoreError` that names the file.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from pathlib import Path

from spillover.graph.errors import StoreError
from spillover.graph.tables import APPLICATION_ID, DDL, FORMAT, JOINED


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open a graph file; with ``writable`` it is made, without tables, when it is not there.

    Raises:
        StoreError: missing, not a graph, damaged, not writable, or of a newer version.
    """
    if not writable and not path.exists():
        raise StoreError(f"{path}: no graph there; build one with `spillover load LOADER FILE`")
    with contextlib.ExitStack() as undo:
        try:
            connection = sqlite3.connect(
                _uri(path, writable=writable), uri=True, isolation_level=None
            )
            undo.callback(connection.close)
            connection.execute("PRAGMA foreign_keys = ON")
            if not _made(connection, path) and not writable:
                raise StoreError(f"{path}: no load into it has ever finished; load again")
            if writable:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            raise unreadable(path, error) from error
        undo.pop_all()
    return connection


def _uri(path: Path, *, writable: bool) -> str:
    base = path.absolute().as_uri()
    if writable:
        return base
    # A WAL file needs a writable folder even to be read; without leftovers it is safe as immutable.
    untouchable = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    return base + ("?mode=ro&immutable=1" if untouchable else "?mode=ro")


def _made(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether the file has the tables of a graph; False when it is still empty.

    Raises:
        StoreError: it is another program's, or of a newer version.
    """
    ((version,),) = connection.execute("PRAGMA user_version")
    ((application,),) = connection.execute("PRAGMA application_id")
    ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
    if not tables and not application and not version:
        return False
    if application != APPLICATION_ID:
        raise StoreError(f"{path}: an SQLite file, but not a Spillover graph; name another file")
    if version > FORMAT:
        raise StoreError(
            f"{path}: written by a newer Spillover (format {version}, this one reads {FORMAT});"
            " upgrade Spillover or load into a new file"
        )
    return True


def make_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables where there are none, inside the transaction that is open.

    A first load that fails therefore leaves a file without tables, which nobody takes for a graph.
    """
    made = _made(connection, path)
    ((version,),) = connection.execute("PRAGMA user_version")
    if not made:
        _execute(connection, DDL)
        connection.execute("INSERT INTO meta VALUES ('identity', ?)", (uuid.uuid4().hex,))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    if version < FORMAT:
        _execute(connection, JOINED)
        connection.execute(f"PRAGMA user_version = {FORMAT}")


def _execute(connection: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";\n"):
        connection.execute(statement)


def busy(error: sqlite3.Error) -> bool:
    """Whether another process stands in the way."""
    return _code(error) == sqlite3.SQLITE_BUSY


def unreadable(path: Path, error: sqlite3.Error) -> StoreError:
    """What SQLite says, as an error that names the file and, where it is known, the mend."""
    with contextlib.suppress(OSError):
        if path.is_dir():
            return StoreError(f"{path}: a folder, not a graph file; name a file")
    if busy(error):
        return StoreError(f"{path}: in use by another process; wait for it or stop it")
    if _code(error) == sqlite3.SQLITE_FULL:
        return StoreError(f"{path}: the disk is full; nothing was changed; make room, load again")
    return StoreError(f"{path}: cannot be read or written as a graph ({error})")


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # without SQLite's extension
