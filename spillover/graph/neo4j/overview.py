"""What does a server hold as a whole: its state, its datasets, and verdicts that stand there?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.state import State, loads, state
from spillover.graph.neo4j.verdicts import Stored, stored
from spillover.graph.rows import Load

_COUNTED: Final = (
    "RETURN COUNT { MATCH (n:Entity) WHERE n.num IS NOT NULL } AS entities,"
    " COUNT { MATCH (:Entity)-[r]->(:Entity) WHERE r.key IS NOT NULL } AS relations,"
    " COUNT { MATCH (:SpilloverLoad) } AS loads"
)


@dataclass(frozen=True, slots=True)
class Overview:
    """What a server holds."""

    address: str
    state: State | None
    """None where no graph has been pushed."""
    datasets: tuple[tuple[Load, str], ...]
    """Loads that stand there, by number, each with the identity of the file it came from."""
    verdicts: tuple[Stored, ...]
    """Verdicts that stand on entities, by rule."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of Spillover's stands on a server, counted there; also after a broken push."""

    entities: int
    relations: int
    loads: int


def counted(server: Server) -> Counted:
    """How much there is to take away.

    Raises:
        StoreError: the server cannot be asked.
    """
    (row,) = server.rows(_COUNTED)
    return Counted(row["entities"], row["relations"], row["loads"])


def overview(where: Address) -> Overview:
    """What a server holds, in a few small queries.

    Raises:
        StoreError: the server cannot be asked, or its graph is of a newer version.
    """
    with Server(where) as server:
        found = state(server)
        standing = () if found is None else loads(server)
        verdicts = () if found is None else stored(server)
    datasets = tuple((one.load, one.origin) for one in standing if one.load.removed_by is None)
    return Overview(str(where), found, datasets, verdicts)
