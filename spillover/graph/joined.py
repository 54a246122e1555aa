"""What do identifiers join under one version of a graph file.

:mod:`spillover.graph.canonical` works it out at each load; here it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from spillover.graph.canonical import Conflict

_CHUNK: Final = 5000
_STANDS: Final = "load <= :version AND (removed_by IS NULL OR removed_by > :version)"
Rows = Callable[[str, dict[str, int]], list[tuple[Any, ...]]]


class Joined:
    """Which entity stands for which, under one version.

    Args:
        rows: runs a query on the graph file.
        version: the version.
    """

    def __init__(self, rows: Rows, version: int) -> None:
        self._rows, self._version = rows, {"version": version}
        tables = {name for (name,) in rows("SELECT name FROM sqlite_master", {})}
        self._told = "same" in tables  # files of format 1 have no such table
        self._any = self._told and bool(self._pairs("", "LIMIT 1"))

    def _pairs(self, where: str, more: str = "ORDER BY entity") -> list[tuple[int, int]]:
        sql = f"SELECT entity, canonical FROM same WHERE {where} {_STANDS} {more}"  # noqa: S608 - own words, integers
        return self._rows(sql, self._version)

    def every(self) -> list[tuple[int, int]]:
        """(entity, the one that stands for it) wherever the two differ."""
        return self._pairs("") if self._any else []

    def canonical(self, numbers: Iterable[int]) -> dict[int, int]:
        """The one that stands for each of these entities; mostly itself."""
        found = {number: number for number in numbers}
        for marks in _chunks(found) if self._any else ():
            found.update(self._pairs(f"entity IN ({marks}) AND"))
        return found

    def members(self, numbers: Iterable[int]) -> dict[int, list[int]]:
        """Each of these entities with the others for which it stands, itself first."""
        found = {number: [number] for number in numbers}
        for marks in _chunks(found) if self._any else ():
            for number, canonical in self._pairs(f"canonical IN ({marks}) AND"):
                found[canonical].append(number)
        return found

    def conflicts(self) -> list[Conflict]:
        """The identifiers that contradict each other, in order."""
        sql = (
            f"SELECT why, identifier, entities FROM conflict WHERE {_STANDS}"  # noqa: S608 - own words
            " ORDER BY identifier, why, entities"
        )
        rows = self._rows(sql, self._version) if self._told else []
        return [Conflict(why, identifier, tuple(ids.split(", "))) for why, identifier, ids in rows]


def _chunks(numbers: Iterable[int]) -> Iterator[str]:
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _CHUNK):
        yield ",".join(map(str, ordered[start : start + _CHUNK]))
