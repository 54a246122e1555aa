"""What does a server hold, who is changing it, and how is all of it taken away?"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from spillover.graph.dates import now
from spillover.graph.errors import StoreError
from spillover.graph.evidence import Dataset
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.indexes import drop
from spillover.graph.neo4j.labels import CONFLICT, ENTITY, LOAD, SAME_AS
from spillover.graph.rows import Load
from spillover.graph.schema import KINDS

FORMAT: Final = 1
"""Version of the model on the server; a graph with a higher one is refused."""
COMPLETE: Final = "complete"
PUSHING: Final = "pushing"

_BATCH: Final = 5000
_MANY: Final = 100_000
"""Entities from which on it takes longer to push into indexes than to make them anew."""
_STATE: Final = "MATCH (s:SpilloverGraph {id: 'graph'}) RETURN properties(s) AS state"
_LOADS: Final = "MATCH (l:SpilloverLoad) RETURN properties(l) AS load ORDER BY l.num"
_OPEN: Final = (
    "MERGE (s:SpilloverGraph {id: 'graph'}) SET s.state = 'pushing', s.plan = 'clear', s.done = 0,"
    " s.since = $since, s.holder = $holder, s.format = coalesce(s.format, $format)"
)
_RELATIONS: Final[tuple[LiteralString, ...]] = (
    *(
        f"MATCH ()-[r:{kind}]->() WHERE r.key IS NOT NULL"
        " WITH r LIMIT $batch DELETE r RETURN count(*) AS gone"
        for kind in KINDS
    ),
    f"MATCH ()-[r:{SAME_AS}]->() WITH r LIMIT $batch DELETE r RETURN count(*) AS gone",
)
_NODES: Final[dict[str, LiteralString]] = {
    name: f"MATCH (n:{label}) WHERE n.{own} IS NOT NULL WITH n LIMIT $batch"
    " DETACH DELETE n RETURN count(*) AS gone"
    for name, label, own in (
        ("entities", ENTITY, "num"),
        ("conflicts", CONFLICT, "identifier"),
        ("loads", LOAD, "num"),
    )
}
_CLOSED: Final = "MATCH (s:SpilloverGraph {id: 'graph'}) DETACH DELETE s"


@dataclass(frozen=True, slots=True)
class State:
    """What the one node says that stands for the whole graph."""

    format: int
    state: str
    """``complete``, or ``pushing`` while somebody changes the graph."""
    tag: str = ""
    """Another text after every push that changed something; empty before the first has ended."""
    identity: str = ""
    """Identity of the graph file that was pushed first."""
    version: int = 0
    content: str = ""
    """Digest of all datasets (:func:`spillover.graph.content.total`)."""
    entities: int = 0
    relations: int = 0
    pushed: str = ""
    """When the last push ended, in UTC."""
    holder: str = ""
    """Who is changing it: machine and process."""
    since: str = ""
    ticket: str = ""
    """Which push is under way."""
    plan: str = ""
    """What is being done, as JSON; ``clear`` while the graph is taken away."""
    done: int = 0
    """Steps of the plan that stand."""
    last_load: int = 0
    last_entity: int = 0
    last_description: int = 0
    last_claim: int = 0
    """Highest numbers that have been given out."""


@dataclass(frozen=True, slots=True)
class ServerLoad:
    """One load of the history on a server."""

    load: Load
    origin: str
    """Identity of the graph file from which it came."""
    origin_num: int
    """Its number there."""
    complete: bool
    """Whether all that it holds has arrived."""
    digest: str
    files: tuple[str, ...]
    audits: tuple[str, ...]
    set_aside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cleared:
    """How much was taken away."""

    entities: int
    relations: int
    """Claims, and statements that two entities are the same."""
    conflicts: int
    loads: int


def state(server: Server) -> State | None:
    """What the server holds; None when no graph has been pushed there.

    Raises:
        StoreError: the server cannot be asked, or its graph is of a newer version.
    """
    rows = server.rows(_STATE)
    if not rows:
        return None
    said: dict[str, Any] = rows[0]["state"]
    if said.get("format", 0) > FORMAT:
        raise StoreError(
            f"{server.address}: the graph was pushed by a newer Spillover (format"
            f" {said['format']}, this one reads {FORMAT}); upgrade Spillover"
        )
    return State(**{name: said[name] for name in State.__slots__ if said.get(name) is not None})


def loads(server: Server) -> tuple[ServerLoad, ...]:
    """Every load of the history, replaced ones included, by number."""
    return tuple(_load(row["load"]) for row in server.rows(_LOADS))


def _load(said: dict[str, Any]) -> ServerLoad:
    dataset = Dataset._make((said["dataset"], *(said.get(name) for name in Dataset._fields[1:])))
    row = (said["num"], dataset, *(said.get(name) for name in Load._fields[2:]))
    return ServerLoad(
        Load._make(row),
        said.get("origin", ""),
        said.get("origin_num", 0),
        bool(said.get("complete")),
        said.get("digest", ""),
        *(tuple(said.get(name) or ()) for name in ("files", "audits", "set_aside")),
    )


def me() -> str:
    """This process, as others are told who changes the graph."""
    return f"process {os.getpid()} on {socket.gethostname()}"


def at_work(holder: str) -> bool:
    """Whether a holder may still be changing the graph: not when it is known to have ended."""
    process, _, host = holder.removeprefix("process ").partition(" on ")
    if host != socket.gethostname() or not process.isdigit() or sys.platform == "win32":
        return True
    if int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def clear(server: Server, progress: Callable[[str], None] | None = None) -> Cleared:
    """Take the graph away: its entities, claims, loads and state, and nothing else.

    When it is interrupted the graph stays marked as being changed; a second call ends it.

    Raises:
        StoreError: the server cannot be reached.
    """
    gone = dict.fromkeys(("entities", "relations", "conflicts", "loads"), 0)
    if state(server) is None:
        return Cleared(**gone)
    server.write(_OPEN, since=now(), holder=me(), format=FORMAT)
    for name, query in (*(("relations", one) for one in _RELATIONS), *_NODES.items()):
        while count := server.write(query, batch=_BATCH)[0]["gone"]:
            gone[name] += count
            if progress:
                progress(f"{name}: {gone[name]:,} removed")
    if gone["entities"] > _MANY:
        drop(server)
    server.write(_CLOSED)
    return Cleared(**gone)
