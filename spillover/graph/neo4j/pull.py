"""How does what a server holds become a graph file of one's own, whole or not at all?"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from spillover.graph.content import Content, content
from spillover.graph.errors import StoreError
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.mirror import Holding, build
from spillover.graph.neo4j.reading import Reading
from spillover.graph.neo4j.standing import as_pushed, complete, unmoved
from spillover.graph.neo4j.state import State
from spillover.graph.sqlite import connect, unreadable
from spillover.graph.store import Store
from spillover.graph.tables import LAST

T = TypeVar("T")
Progress = Callable[[int], None]
_TRIES: Final = 3
"""How often reading begins anew when a push changes what is read."""
_STEP: Final = 1000
"""Records between two words of progress."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """What was pulled, from where, into which file."""

    address: str
    path: str
    tag: str
    """Of the push that the file repeats."""
    content: str
    """Digest of all that the file holds; the server's is the same."""
    datasets: tuple[str, ...]
    entities: int
    relations: int


def pull(
    where: Address,
    path: str | os.PathLike[str],
    *,
    replace: bool = False,
    progress: Progress | None = None,
) -> Pulled:
    """Write what a server holds into a graph file.

    The file is a graph of its own: what is loaded into it and pushed later stands beside what
    others push.

    Args:
        where: the server.
        path: the file; it appears whole or not at all.
        replace: take the place of a graph file that is there.
        progress: told how many entities and claims have been read.

    Raises:
        StoreError: the file is there, in use, or cannot be written; the server cannot be read, or
            does not hold what was pushed to it.
    """
    file = Path(path)
    if file.exists() or file.is_symlink():
        if not replace:
            raise StoreError(f"{file}: is there already; name a new file, or move that one away")
        _vacate(file)
    with Server(where) as server:
        found = mirror(server, file, progress=progress)
    with Store(file) as store:
        loads = store.loads
        return Pulled(
            str(where),
            str(file),
            found.tag,
            found.content,
            tuple(load.dataset.name for load in loads),
            len(store.entity_numbers()),
            sum(load.relations for load in loads),
        )


def _vacate(path: Path) -> None:
    """See that the file is a graph which nobody uses, and that no journal of it is left.

    Raises:
        StoreError: it is not.
    """
    with contextlib.closing(connect(path, writable=True)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise unreadable(path, error) from error


def mirror(
    server: Server, path: Path, *, identity: str = "", progress: Progress | None = None
) -> State:
    """Write what a server holds into a file; it is checked before it appears.

    Args:
        server: the server.
        path: the file.
        identity: that of the graph; one of its own if empty.
        progress: told how many entities and claims have been read.

    Returns:
        What the server says of the content.

    Raises:
        StoreError: see :func:`pull`.
    """
    own = {"identity": identity} if identity else {}
    for _ in range(_TRIES):
        before = complete(server)
        meta = own | {
            f"{LAST}entity": str(before.last_entity),
            f"{LAST}relation": str(before.last_claim),
        }
        try:
            with as_pushed(server):
                build(path, _holding(server, meta, progress), check=partial(_check, server, before))
        except StoreError:
            if unmoved(server, before):
                raise
        else:
            return before
    raise StoreError(
        f"{server.address}: pushes changed the graph {_TRIES} times while it was read; ask again"
        " when they are done"
    )


def _holding(server: Server, meta: Mapping[str, str], progress: Progress | None) -> Holding:
    read = Reading(server)
    told = _Counter(progress)
    return Holding(
        meta,
        read.loads(),
        told.counted(read.entities()),
        told.counted(read.claims()),
        read.same(),
        read.conflicts(),
    )


class _Counter:
    """How many records have been read."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._done = progress, 0

    def counted(self, records: Iterable[T]) -> Iterator[T]:
        """The same records."""
        for record in records:
            self._done += 1
            if self._progress and not self._done % _STEP:
                self._progress(self._done)
            yield record


def _check(server: Server, before: State, path: Path) -> None:
    """See that a file holds what was pushed, and that no push came between.

    Raises:
        StoreError: it does not, or one did.
    """
    if not unmoved(server, before):
        raise StoreError(f"{server.address}: a push changed the graph while it was read")
    with Store(path) as store:
        found = content(store)
    if found.total != before.content:
        raise StoreError(
            f"{server.address}: {_amiss(server, found)} is not what was pushed, so somebody"
            " changed it there; clear the server and push again"
        )


_DIGESTS: Final = (
    "MATCH (l:SpilloverLoad) WHERE l.removed_by IS NULL"
    " RETURN l.dataset AS name, l.digest AS digest ORDER BY name"
)


def _amiss(server: Server, found: Content) -> str:
    """What of the content differs from what the loads say of themselves."""
    own = dict(found.datasets)
    wrong = [name for name, digest in server.rows(_DIGESTS) if own.get(name, "") != digest]
    return f"dataset {', '.join(map(repr, wrong))}" if wrong else "the order of the datasets"
