"""What does every question take as its first argument when the graph is on a server?

The kernels run on a graph file that repeats what the server held after the last push. It is made
when the first question needs it and kept until the next push, so that an answer is the same to
the byte as from the file that was pushed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from spillover.graph.errors import StoreError
from spillover.graph.neo4j import cache
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.pull import mirror
from spillover.graph.neo4j.standing import pushing, ready, under_way
from spillover.graph.neo4j.state import COMPLETE
from spillover.graph.versions import GraphAt

_TRIES: Final = 2
"""A file that is there can be removed by another process before it is opened, after a push."""


class ServerGraph(GraphAt):
    """What a server holds, as a graph that answers questions.

    Args:
        where: the server.
        said: a day (ISO date, also partial), ``v`` and a number, or empty for the newest version.
        progress: told when the index has to be compiled first.
        reading: told how many records have been read, when they have to be.
        remark: told in a sentence what is to be known of the answer.

    Raises:
        StoreError: nobody answers there, the server holds no graph that can be read, or somebody
            is pushing one and there was none before.
        InputError: an earlier version than the newest is asked for.
    """

    def __init__(
        self,
        where: Address,
        said: str = "",
        progress: Callable[[str], None] | None = None,
        *,
        reading: Callable[[int], None] | None = None,
        remark: Callable[[str], None] | None = None,
    ) -> None:
        for left in reversed(range(_TRIES)):
            path = _file(where, reading, remark)
            try:
                super().__init__(path, said, progress, name=str(where))
            except StoreError:
                if path.exists() or not left:
                    raise
            else:
                break


def _file(
    where: Address, reading: Callable[[int], None] | None, remark: Callable[[str], None] | None
) -> Path:
    """The file that repeats what the server holds; made when it is not there."""
    with Server(where) as server:
        found = ready(server)
        path = cache.kept(where, found.tag)
        if found.state != COMPLETE:
            if path is None:
                raise under_way(where, found)
            if remark:
                remark(f"{pushing(where, found)}; this answers from what stood before")
        if path is None:
            path = cache.place(where, found.tag)
            mirror(server, path, identity=found.identity, progress=reading)
            cache.tidy(where, found.tag)
        return path
