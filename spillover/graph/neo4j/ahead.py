"""How does a server collect the next rows while we are still at work on the last ones?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from queue import Queue
from threading import Event, Thread
from typing import Final, TypeVar

T = TypeVar("T")
_WAITING: Final = 2
"""Rows that are ready at most; each can be a chunk of thousands."""


class _Ended(Exception):  # noqa: N818 - no error: the rows have come to their end
    """There are no more rows."""


def ahead(rows: Iterable[T]) -> Iterator[T]:
    """The same rows, asked for in a thread of their own before they are needed.

    Raises:
        Exception: whatever asking for them raises, in its place among the rows.
    """
    waiting: Queue[T | Exception] = Queue(_WAITING)
    given_up = Event()
    thread = Thread(target=_ask, args=(rows, waiting, given_up), daemon=True)
    thread.start()
    try:
        while True:
            row = waiting.get()
            if isinstance(row, _Ended):
                return
            if isinstance(row, Exception):
                raise row
            yield row
    finally:
        given_up.set()
        while thread.is_alive():
            while not waiting.empty():
                waiting.get()
            thread.join(0.05)


def _ask(rows: Iterable[T], waiting: Queue[T | Exception], given_up: Event) -> None:
    try:
        for row in rows:
            waiting.put(row)
            if given_up.is_set():
                break
    except Exception as error:  # noqa: BLE001 - it is raised where the rows are used
        waiting.put(error)
    else:
        waiting.put(_Ended())
