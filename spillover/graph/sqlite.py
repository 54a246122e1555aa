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
from spillover.graph.tables import APPLICATION_ID, DDL, FORMAT


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """Open a graph file; with ``writable`` it is made when it is not there.

    Raises:
        StoreError: missing, not a graph, damaged, not writable, or of a newer version.
    """
    if not writable and not path.is_file():
        raise StoreError(f"{path}: no graph there; build one with `spillover load LOADER FILE`")
    try:
        connection = sqlite3.connect(_uri(path, writable), uri=True, isolation_level=None)
        connection.execute("PRAGMA foreign_keys = ON")
        _check(connection, path, writable)
    except sqlite3.Error as error:
        raise unreadable(path, error) from error
    return connection


def _uri(path: Path, writable: bool) -> str:
    base = path.absolute().as_uri()
    if writable:
        return base
    # A WAL file needs a writable folder even to be read; without leftovers it is safe as immutable.
    untouchable = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    return base + ("?mode=ro&immutable=1" if untouchable else "?mode=ro")


def _check(connection: sqlite3.Connection, path: Path, writable: bool) -> None:
    ((version,),) = connection.execute("PRAGMA user_version")
    ((application,),) = connection.execute("PRAGMA application_id")
    ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
    if not tables:
        if not writable:
            raise StoreError(f"{path}: empty file, not a graph; remove it and load again")
        _create(connection)
    elif application != APPLICATION_ID:
        raise StoreError(f"{path}: an SQLite file, but not a Spillover graph; name another file")
    elif version > FORMAT:
        raise StoreError(
            f"{path}: written by a newer Spillover (format {version}, this one reads {FORMAT});"
            " upgrade Spillover or load into a new file"
        )
    if writable:
        connection.execute("PRAGMA synchronous = FULL")


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
    if not tables:  # another process may have made them while this one waited
        for statement in DDL.split(";\n"):
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('identity', ?)", (uuid.uuid4().hex,))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")


def unreadable(path: Path, error: sqlite3.Error) -> StoreError:
    with contextlib.suppress(OSError):
        if path.is_dir():
            return StoreError(f"{path}: a folder, not a graph file; name a file")
    return StoreError(f"{path}: cannot be read or written as a graph ({error})")
