"""What does a server hold around a few entities, asked there without reading all of the graph?

A part is a small graph file of its own: it holds the entities that were asked for, every claim at
them, whoever stands at the other ends, and what designates these. It has the numbers of the server
and every load, so that whatever is asked of the part gets the answer that the whole graph gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from spillover.graph.errors import SpilloverError
from spillover.graph.neo4j import cache
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.fetching import Fetching
from spillover.graph.neo4j.mirror import Holding, build
from spillover.graph.neo4j.session import ServerGraph
from spillover.graph.neo4j.standing import ready
from spillover.graph.neo4j.state import COMPLETE, state
from spillover.graph.session import Graph
from spillover.graph.store import Store

if TYPE_CHECKING:
    from spillover.graph.index import Index

Fetch = Callable[[Server], Holding | None]
Whole = Callable[[Address], Graph]

_TRIES: Final = 3
"""How often fetching begins anew when a push changes what is fetched."""
_LOOKED_AT: Final = 1000
"""Entities of like names at which :meth:`Store.find` looks."""


class Part(Graph):
    """A part of what a server holds; closing it removes its file.

    Args:
        where: the server.
        holding: what it holds.
    """

    def __init__(self, where: Address, holding: Holding) -> None:
        self._folder = TemporaryDirectory(prefix="spillover-")
        self.known_at, self._progress = None, None
        try:
            path = Path(self._folder.name) / "part.db"
            build(path, holding)
            self.store = Store(path, name=str(where))
        except BaseException:
            self._folder.cleanup()
            raise

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._folder.cleanup()

    @cached_property
    def index(self) -> Index:
        """The arrays of the part; they stay in memory."""
        from spillover.graph.index import Index, compile_arrays

        return Index(compile_arrays(self.store))


def neighbourhood(
    where: Address, names: Iterable[str], hops: int = 1, *, whole: Whole = ServerGraph
) -> Graph:
    """The entities that these ids, identifiers or names mean, and all claims within so many hops.

    What is asked of them has the same answer as from the whole graph. Where that is kept already,
    where there are too many claims, or while a push is under way, it is the whole graph.

    Args:
        where: the server.
        names: ids, identifiers or names.
        hops: 1 for the claims at the entities themselves.
        whole: opens the whole graph.

    Raises:
        NotFoundError, AmbiguousError: see :meth:`Store.find`.
        StoreError: the server cannot be asked, or holds no graph.
    """

    def fetch(server: Server) -> Holding | None:
        near = Fetching(server)
        found = near.around({n for name in names for n in _named(where, server, name)}, hops)
        return near.holding() if found else None

    return _fetched(where, fetch, whole)


def alike(where: Address, text: str, limit: int, *, whole: Whole = ServerGraph) -> Graph:
    """The entities that a search for a text finds first, at least ``limit`` if there are so many.

    Args:
        where: the server.
        text: a part of a name.
        limit: how many will be asked for.
        whole: opens the whole graph.

    Raises:
        StoreError: the server cannot be asked, or holds no graph.
    """

    def fetch(server: Server) -> Holding | None:
        found = Fetching(server)
        if _is_unicode(text):
            found.alike(text, limit)
        return found.holding()

    return _fetched(where, fetch, whole)


def _fetched(where: Address, fetch: Fetch, whole: Whole) -> Graph:
    """What is fetched, all of it from between the same two pushes."""
    for _ in range(_TRIES):
        with Server(where) as server:
            before = ready(server)
            if before.state != COMPLETE or cache.kept(where, before.tag):
                break
            try:
                holding = fetch(server)
            except SpilloverError:
                if state(server) == before:
                    raise
                continue
            if holding is None:
                break
            if state(server) == before:
                return Part(where, holding)
    return whole(where)


def _named(where: Address, server: Server, text: str) -> set[int]:
    """Numbers of the entity that a text means, and of those that are one with it."""
    found = Fetching(server)
    if _is_unicode(text):
        exact = found.of_id(text)
        if exact:
            return exact
        found.identified(text)
        found.alike(text, _LOOKED_AT)
    with Part(where, found.holding()) as candidates:
        return {candidates.store.find(text)}


def _is_unicode(text: str) -> bool:
    """Whether a server can be asked for a text; a file says what is wrong with it if not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
