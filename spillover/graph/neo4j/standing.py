"""Does a server hold a graph that can be read, and can it be read now?"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from spillover.graph.errors import StoreError
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.state import COMPLETE, State, state


def ready(server: Server) -> State:
    """What a server says of the graph that it holds; a push of it may be under way.

    Raises:
        StoreError: it holds none, or one that a newer version keeps.
    """
    found = state(server)
    if found is None:
        raise StoreError(
            f"{server.address}: no Spillover graph there; bring one with `spillover neo4j push`, or"
            " name another server or database"
        )
    return found


def complete(server: Server) -> State:
    """The same when no push is under way.

    Raises:
        StoreError: as :func:`ready`, and while a push is under way.
    """
    found = ready(server)
    if found.state != COMPLETE:
        raise under_way(server.address, found)
    return found


def under_way(where: Address, found: State) -> StoreError:
    """The error that there is nothing to read until a push is done."""
    return StoreError(
        f"{pushing(where, found)}; wait until that is done, or run it again if it was broken off"
    )


def pushing(where: Address, found: State) -> str:
    """Who is pushing, since when."""
    return f"{where}: {found.holder or 'somebody'} has been changing the graph since {found.since}"


def unmoved(server: Server, before: State) -> bool:
    """Whether no push has begun or ended since."""
    now = state(server)
    return now is not None and (now.tag, now.state) == (before.tag, before.state)


@contextmanager
def as_pushed(server: Server) -> Iterator[None]:
    """While what a push wrote is read: what cannot have been written by one is said in one line.

    Raises:
        StoreError: somebody has put other values in the place of what was pushed.
    """
    try:
        yield
    except (TypeError, ValueError, LookupError, struct.error) as error:
        raise StoreError(
            f"{server.address}: holds what no push writes ({str(error)[:100]}), so somebody changed"
            " it there; clear the server and push again"
        ) from error
