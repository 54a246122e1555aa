"""Which entities are one by everything that a server holds, and which identifiers contradict?"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, Final

from spillover.graph.canonical import Conflict, resolve
from spillover.graph.identifiers import SAME_AS, normal
from spillover.graph.neo4j import encoding
from spillover.graph.neo4j.connection import Server
from spillover.graph.store import Store

Found = tuple[list[tuple[int, int]], list[tuple[str, str, str]]]
"""Numbers of an entity and of the one that stands for it; identifier, reason and ids."""

_TABLES: Final = (
    "CREATE TABLE entity (num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE)",
    "CREATE TABLE description (load INTEGER, entity INTEGER, schema TEXT, countries TEXT)",
    "CREATE INDEX description_entity ON description (entity)",
    "CREATE TABLE identifier (value TEXT, scheme TEXT, entity INTEGER, load INTEGER)",
    "CREATE INDEX identifier_value ON identifier (value)",
    "CREATE INDEX identifier_entity ON identifier (entity)",
)
"""What :func:`spillover.graph.canonical.resolve` reads of a graph file."""
_SAID: Final = (
    " RETURN n.num AS num, n.id AS id, [key IN keys(n) WHERE key STARTS WITH 'said_'"
    " | [toString(n['load_' + substring(key, 5)])] + n[key]] AS said"
)
_IDENTIFIED: Final = f"MATCH (n:Entity) WHERE n.identifiers IS NOT NULL{_SAID}"
_NAMED: Final = (
    "UNWIND $ids AS id MATCH (n:Entity {id: id})"
    f" WHERE n.identifiers IS NULL AND n.datasets IS NOT NULL{_SAID}"
)
_CHUNK: Final = 5000


def in_file(store: Store, standing: Iterable[int]) -> Found:
    """The same by these loads of a graph file."""
    numbers = set(standing)
    if numbers == {load.num for load in store.loads}:
        return store.joined.every(), _rows(store.joined.conflicts())
    same, conflicts = resolve(store.connection, numbers)
    return sorted(same.items()), _rows(conflicts)


def on_server(server: Server, standing: Iterable[int]) -> Found:
    """The same by these loads of a server on which files of several origins meet.

    Raises:
        StoreError: the server cannot be reached.
    """
    connection = sqlite3.connect("")  # a file of its own where it grows, gone when it is closed
    try:
        for statement in _TABLES:
            connection.execute(statement)
        for row in server.stream(_IDENTIFIED):
            _enter(connection, row["num"], row["id"], row["said"])
        sql = (
            "SELECT DISTINCT value FROM identifier WHERE scheme = ?"
            " AND value NOT IN (SELECT id FROM entity) ORDER BY value"
        )
        missing = [value for (value,) in connection.execute(sql, (SAME_AS,))]
        for start in range(0, len(missing), _CHUNK):
            for row in server.rows(_NAMED, ids=missing[start : start + _CHUNK]):
                _enter(connection, row["num"], row["id"], row["said"])
        same, conflicts = resolve(connection, standing)
    finally:
        connection.close()
    return sorted(same.items()), _rows(conflicts)


def _enter(connection: sqlite3.Connection, num: int, entity_id: str, said: Any) -> None:
    connection.execute("INSERT INTO entity VALUES (?, ?)", (num, entity_id))
    for load, description in _told(said):
        _, schema, _, _, _, countries, identifiers, *_ = description
        row = (load, num, schema, countries)
        connection.execute("INSERT INTO description VALUES (?, ?, ?, ?)", row)
        pairs = json.loads(identifiers) if identifiers else []
        connection.executemany(
            "INSERT INTO identifier VALUES (?, ?, ?, ?)",
            [(normal(scheme, value), scheme, num, load) for scheme, value in pairs],
        )


def _told(said: list[list[str]]) -> Iterator[tuple[int, encoding.Description]]:
    for load, *texts in said:
        for text in texts:
            yield int(load), encoding.description(text)


def _rows(conflicts: Iterable[Conflict]) -> list[tuple[str, str, str]]:
    return [(one.identifier, one.why, ", ".join(one.entities)) for one in conflicts]
