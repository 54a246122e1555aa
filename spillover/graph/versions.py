"""Which version of a graph file is meant, by the day on which it stood or by its number?

Every load and every unloading makes a version, numbered like the load. ``v12`` is what stood after
the twelfth; a day is what stood at its end.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Final

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError
from spillover.graph.session import Graph
from spillover.graph.store import Store

_NUMBER: Final = re.compile(r"v(\d{1,9})", re.ASCII)


class StoreAt(Store):
    """One version of a graph file, by its number.

    Args:
        path: the graph file.
        number: of the version; 0 is the empty graph before the first load.
        name: what the graph is called; its path if unset.

    Raises:
        InputError: there is no such version.
        StoreError: as :class:`Store`.
    """

    def __init__(self, path: str | os.PathLike[str], number: int, *, name: str = "") -> None:
        self._wanted = number
        super().__init__(path, name=name)

    def _version(self, last: str) -> int:
        newest = super()._version(last)
        if self._wanted > newest:
            raise InputError(
                f"v{self._wanted} is no version of {self.name}; the newest is v{newest}"
            )
        self._reaches(self._wanted, last)
        return self._wanted


class GraphAt(Graph):
    """A graph as it stood on a past day, or at a version.

    Args:
        path: the graph file.
        said: a day (ISO date, also partial), ``v`` and a number, or empty for the newest version.
        progress: told when the index has to be compiled first.
        name: what the graph is called; its path if unset.

    Raises:
        InputError: ``said`` names no version.
        StoreError: no such file, or it cannot be read.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        said: str,
        progress: Callable[[str], None] | None = None,
        *,
        name: str = "",
    ) -> None:
        number = _NUMBER.fullmatch(said.strip())
        self.known_at: str | None = None
        if number:
            self.store: Store = StoreAt(path, int(number[1]), name=name)
        else:
            self.known_at = _day(said) if said else None
            self.store = Store(path, self.known_at, name=name)
        self._progress = progress


def _day(said: str) -> str:
    try:
        day_range(said)
    except DateError:
        raise InputError(
            f"version {said[:40]!r} cannot be read; write a day (2026-01-31) or a number (v12)"
        ) from None
    return said
