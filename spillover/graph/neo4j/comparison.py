"""What has to change on a server so that it holds what a graph file holds?

A dataset whose load is there already is left alone, and so are the datasets of others. An earlier
load does not silently take the place of a later one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from spillover.graph import content
from spillover.graph.errors import LoadRefusedError, NotFoundError
from spillover.graph.neo4j.plan import (
    LEFT,
    PUSHED,
    REMOVED,
    UNCHANGED,
    Change,
    Numbering,
    Plan,
    identity,
    texts,
)
from spillover.graph.neo4j.state import PUSHING, ServerLoad, State
from spillover.graph.rows import Load
from spillover.graph.store import Store


class Comparison:
    """A file beside a server.

    Args:
        store: the file, newest version.
        state: what the server says of itself; None when it holds nothing.
        loads: the history on the server.
    """

    def __init__(self, store: Store, state: State | None, loads: Iterable[ServerLoad]) -> None:
        self._store, self._state = store, state or State(1, "")
        self._server = tuple(loads)
        self._identity = identity(store)
        self._history = {load.num: load for load in store.history()}
        self._file = {load.dataset.name: load for load in store.loads}
        self._standing = {
            one.load.dataset.name: one for one in self._server if one.load.removed_by is None
        }
        self._digest = cache(lambda number: content.digest(store, number))

    def plan(
        self, datasets: Iterable[str] = (), *, replace: bool = False
    ) -> tuple[Plan, list[Change]] | None:
        """What has to be done, and the loads of which the server must know; None when nothing.

        Args:
            datasets: names of those to push; all when empty.
            replace: also put an earlier load in the place of a later one.

        Raises:
            NotFoundError: the file has no such dataset.
            LoadRefusedError: the server has a later load than the file, and not ``replace``.
        """
        only = tuple(sorted(set(datasets)))
        self._known(only)
        strange = [
            one for one in self._server if one.origin == self._identity and not self._met(one)
        ]
        if not replace:
            self._refuse(strange, only)
        own = all(
            one.origin == self._identity and one.load.num == one.origin_num and self._met(one)
            for one in self._server
        ) and self._state.identity in {"", self._identity}
        results = dict(self._results(only, own=own))
        numbering = Numbering(self._store, self._state, self._server, self._digest)
        plan, changes = (numbering.same if own else numbering.fresh)(only, results)
        if not changes and not plan.pieces and self._state.state != PUSHING:
            return None
        return plan, changes

    def unchanged(self, datasets: Iterable[str] = ()) -> tuple[tuple[str, str], ...]:
        """What becomes of each dataset when there is nothing to do."""
        return tuple(sorted(self._results(tuple(datasets), own=False)))

    def _known(self, only: tuple[str, ...]) -> None:
        there = {name for name, one in self._standing.items() if one.origin == self._identity}
        for name in only:
            if name not in self._file and name not in there:
                names = ", ".join(sorted(self._file)) or "none"
                raise NotFoundError(
                    f"no dataset is named {name!r}; {self._store.path} has: {names}"
                )

    def _met(self, one: ServerLoad) -> bool:
        """Whether a load that came from this file is still in its history."""
        mine = self._history.get(one.origin_num)
        if not one.origin_num:  # taken away by a push, not by a load
            return True
        if mine is None or mine[1:-1] != one.load[1:-1]:
            return False
        files = content.told(self._store, mine.num)[1]
        if files:
            return texts(files) == list(one.files) or not one.complete
        return not one.digest or one.digest == self._digest(mine.num)

    def _refuse(self, strange: list[ServerLoad], only: tuple[str, ...]) -> None:
        """Refuse to put something earlier in the place of something later.

        Raises:
            LoadRefusedError: the server has a later load than the file.
        """
        later = [one for one in strange if one.load.removed_by is None]
        for name, one in sorted(self._standing.items()):
            mine = self._file.get(name)
            if one.origin == self._identity or mine is None or one.load.finished <= mine.finished:
                continue
            if not one.complete or one.digest != self._digest(mine.num):
                later.append(one)
        for one in later:
            name = one.load.dataset.name
            if not only or name in only:
                raise LoadRefusedError(
                    f"dataset {name!r} was loaded on {one.load.finished} on the server, which"
                    f" {self._store.path} does not know; pull the server's graph, or replace it"
                    " with --replace"
                )

    def _results(self, only: tuple[str, ...], *, own: bool) -> Iterable[tuple[str, str]]:
        for name, mine in self._file.items():
            there = self._standing.get(name)
            if only and name not in only:
                if there:
                    yield name, LEFT if there.complete else PUSHED
            elif there and there.complete and self._same(there, mine, own=own):
                yield name, UNCHANGED
            else:
                yield name, PUSHED
        for name, there in self._standing.items():
            if name not in self._file:
                gone = there.origin == self._identity and (not only or name in only)
                yield name, REMOVED if gone or not there.complete else LEFT

    def _same(self, there: ServerLoad, mine: Load, *, own: bool) -> bool:
        if there.origin == self._identity and there.origin_num == mine.num and self._met(there):
            return True
        return not own and there.digest == self._digest(mine.num)
