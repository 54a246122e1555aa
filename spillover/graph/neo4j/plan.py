"""What does one push do, and which numbers does it give?

As long as all loads on a server are those of one file, everything keeps the numbers of that file.
Once files of other origins have pushed theirs, what is new gets numbers above the highest that the
server has given out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from spillover.graph import content
from spillover.graph.dates import now
from spillover.graph.neo4j.state import PUSHING, ServerLoad, State
from spillover.graph.rows import Load
from spillover.graph.store import Store

PUSHED: Final = "pushed"
UNCHANGED: Final = "unchanged"
REMOVED: Final = "removed"
LEFT: Final = "left alone"


class Piece(NamedTuple):
    """A load whose content has to go to the server."""

    dataset: str
    load: int
    """Its number in the file."""
    number: int
    """Its number on the server."""
    description: int
    """To be added to the numbers of its descriptions."""
    claim: int
    """To be added to the numbers of its claims."""


class Plan(msgspec.Struct, frozen=True):
    """What one push does; kept on the server until it is done, so that it can be resumed."""

    identity: str
    version: int
    """Of the file."""
    only: tuple[str, ...]
    """The datasets that were asked for; empty for all."""
    own: bool
    """Whether the server has the numbers of the file."""
    pieces: tuple[Piece, ...]
    told: tuple[tuple[int, int], ...]
    """Numbers in the file and on the server of loads that the server has not met."""
    results: tuple[tuple[str, str], ...]
    """Name of each dataset, and what becomes of it."""
    fresh: bool
    """Whether the server held nothing before."""
    broken: bool
    """Whether a push that had another plan was broken off before."""
    last_load: int
    last_entity: int
    last_description: int
    last_claim: int

    def text(self) -> str:
        """The plan as the server keeps it."""
        return msgspec.json.encode(self).decode()


class Change(NamedTuple):
    """A load whose node is made, or gets other properties."""

    num: int
    values: dict[str, Any]


def read(text: str) -> Plan | None:
    """A plan as the server keeps it; None when it is none of this version."""
    try:
        return msgspec.json.decode(text, type=Plan)
    except msgspec.MsgspecError:
        return None


class Numbering:
    """Makes plans, once it is known what becomes of each dataset.

    Args:
        store: the file, newest version.
        state: what the server says of itself.
        loads: the history on the server.
        digest: gives the digest of a load of the file.
    """

    def __init__(
        self,
        store: Store,
        state: State,
        loads: tuple[ServerLoad, ...],
        digest: Callable[[int], str],
    ) -> None:
        self._store, self._state, self._server, self._digest = store, state, loads, digest
        self._identity = identity(store)
        self._history = {load.num: load for load in store.history()}
        self._file = {load.dataset.name: load for load in store.loads}
        self._standing = {
            one.load.dataset.name: one for one in loads if one.load.removed_by is None
        }

    def same(self, only: tuple[str, ...], results: Mapping[str, str]) -> tuple[Plan, list[Change]]:
        """A plan by which the server has the numbers of the file."""
        wanted = {name for name, what in results.items() if what != LEFT}
        there = {one.load.num: one.load for one in self._server}
        changes, told = [], []
        for num, load in self._history.items():
            if only and load.dataset.name not in wanted:
                continue
            if num not in there or self._state.state == PUSHING:  # it may lack its lists
                told.append((num, num))
            if num not in there:
                changes.append(Change(num, self._values(load, num)))
            elif there[num].removed_by != load.removed_by:
                changes.append(_replaced(num, load.removed_by))
        again = {self._file[name].num for name in self._pushed(results)} & there.keys()
        changes += [Change(num, {"complete": False}) for num in sorted(again)]
        pieces = [
            Piece(name, self._file[name].num, self._file[name].num, 0, 0)
            for name in self._pushed(results)
        ]
        return self._plan(only, pieces, told, results, own=True), changes

    def fresh(self, only: tuple[str, ...], results: Mapping[str, str]) -> tuple[Plan, list[Change]]:
        """A plan by which what is new gets numbers that nothing on the server has."""
        state = self._state
        load, description, claim = state.last_load, state.last_description, state.last_claim
        changes, told, pieces = [], [], []
        for name in self._pushed(results):
            mine, there = self._file[name], self._standing.get(name)
            load += 1
            first, last = content.span(self._store, "description", mine.num)
            started, ended = content.span(self._store, "relation", mine.num)
            pieces.append(Piece(name, mine.num, load, description + 1 - first, claim + 1 - started))
            description += last + 1 - first
            claim += ended + 1 - started
            told.append((mine.num, load))
            changes.append(Change(load, self._values(mine, mine.num)))
            if there:
                changes.append(_replaced(there.load.num, load))
        for name, what in sorted(results.items()):
            if what == REMOVED:
                load += 1
                changes += self._taken(self._standing[name], load)
        plan = self._plan(only, pieces, told, results, own=False)
        highest = {"last_load": load, "last_description": description, "last_claim": claim}
        return msgspec.structs.replace(plan, **highest), changes

    def _pushed(self, results: Mapping[str, str]) -> list[str]:
        """Names of datasets to push, in the order in which they first came."""
        return [
            name for name in content.came(self._history.values()) if results.get(name) == PUSHED
        ]

    def _taken(self, there: ServerLoad, num: int) -> list[Change]:
        """A load without content that takes a dataset away."""
        load = there.load._replace(loader="unload", started=now(), finished=now())
        values = self._values(load, 0) | dict.fromkeys(Load._fields[5:12], 0)
        values |= {"removed_by": num, "complete": True}
        return [Change(num, values), _replaced(there.load.num, num)]

    def _values(self, load: Load, origin_num: int) -> dict[str, Any]:
        """Properties of the node of a load, but for its number and what stands in long lists."""
        standing = origin_num > 0 and load.removed_by is None
        return {
            **row(load),
            "origin": self._identity,
            "origin_num": origin_num,
            "complete": not standing,
            "digest": self._digest(load.num) if standing else None,
        }

    def _plan(
        self,
        only: tuple[str, ...],
        pieces: list[Piece],
        told: list[tuple[int, int]],
        results: Mapping[str, str],
        *,
        own: bool,
    ) -> Plan:
        state, highest = self._state, (0, 0, 0, 0)
        if own:
            highest = (
                max(self._history, default=0),
                self._store.entity_count(),
                self._count("description"),
                self._store.relation_count(),
            )
        given = (state.last_load, state.last_entity, state.last_description, state.last_claim)
        return Plan(
            self._identity,
            self._store.version,
            only,
            own,
            tuple(pieces),
            tuple(told),
            tuple(sorted(results.items())),
            not self._server,
            state.state == PUSHING,
            *map(max, given, highest),
        )

    def _count(self, table: str) -> int:
        ((count,),) = self._store.rows(f"SELECT coalesce(max(num), 0) FROM {table}")  # noqa: S608 - own table names
        return int(count)


def identity(store: Store) -> str:
    """What tells a graph file apart from all others; copies of it have the same."""
    ((text,),) = store.rows("SELECT value FROM meta WHERE key = 'identity'")
    return str(text)


def row(load: Load) -> dict[str, Any]:
    """The columns of a load as properties, without its number."""
    name, *about = load.dataset
    values = {"dataset": name} | dict(zip(load.dataset._fields[1:], about, strict=True))
    return values | dict(zip(Load._fields[2:], load[2:], strict=True))


def texts(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """Rows as the texts that a node keeps of them."""
    return [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in rows]


def _replaced(num: int, by: int | None) -> Change:
    """A load that stands no more; nothing of it is left to be compared."""
    return Change(num, {"removed_by": by, "digest": None, "complete": True})
