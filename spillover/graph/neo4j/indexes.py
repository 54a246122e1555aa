"""Which constraints and indexes does a server lack?

Entities must be unique before anything is pushed. Claims are only counted on an empty server, and
proved to be unique when all are there: to keep an index of a million keys while they come takes
longer than everything else. The same holds for the indexes that serve questions alone.
"""

from __future__ import annotations

from typing import Final, LiteralString

from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.labels import statements

_THERE: Final = "SHOW INDEXES YIELD name"
_WAIT: Final = "CALL db.awaitIndexes($seconds)"
_PATIENCE: Final = 3600
_DROPPED: Final[dict[str, LiteralString]] = {
    "CONSTRAINT": "DROP CONSTRAINT {} IF EXISTS",
    "INDEX": "DROP INDEX {} IF EXISTS",
}


def constrain(server: Server, *, fresh: bool) -> None:
    """Make what must be there before anything is pushed.

    Args:
        server: the server.
        fresh: whether it holds no claims yet.

    Raises:
        StoreError: the server cannot be reached, or what it holds contradicts a constraint.
    """
    _make(server, [one for one in statements() if _first(one) or (not fresh and _key(one))])


def index(server: Server) -> None:
    """Make everything that is not there; the same errors."""
    _make(server, list(statements()))


def drop(server: Server) -> None:
    """Take away what is made when all is there."""
    for one in statements():
        if not _first(one):
            server.alone(_DROPPED["CONSTRAINT" if _key(one) else "INDEX"].format(_name(one)))


def _first(statement: LiteralString) -> bool:
    return statement.startswith("CREATE CONSTRAINT ") and not _key(statement)


def _key(statement: LiteralString) -> bool:
    """Whether it makes the keys of claims unique."""
    return " FOR ()-[" in statement


def _make(server: Server, wanted: list[LiteralString]) -> None:
    there = {row["name"] for row in server.alone(_THERE)}
    missing = [one for one in wanted if _name(one) not in there]
    for statement in missing:
        server.alone(statement)
    if missing:
        server.alone(_WAIT, seconds=_PATIENCE)


def _name(statement: LiteralString) -> LiteralString:
    return statement.partition(" IF NOT EXISTS")[0].rpartition(" ")[2]
