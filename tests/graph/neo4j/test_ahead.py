"""Do rows that are asked for ahead come in their order, once, with their errors?"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from spillover.graph.errors import StoreError
from spillover.graph.neo4j.ahead import ahead


def test_rows_keep_their_order() -> None:
    assert list(ahead(range(1000))) == list(range(1000))
    assert list(ahead([])) == []


def test_an_error_comes_in_its_place() -> None:
    def rows() -> Iterator[int]:
        yield 1
        raise StoreError("gone")

    found = ahead(rows())
    assert next(found) == 1
    with pytest.raises(StoreError, match="gone"):
        next(found)


def test_who_gives_up_leaves_no_thread_and_no_open_rows() -> None:
    """At most the rows that wait, the one that is put and the one that was taken are made."""
    made: list[int] = []
    closed = threading.Event()

    def rows() -> Iterator[int]:
        try:
            for number in range(1000):
                made.append(number)
                yield number
        finally:
            closed.set()

    before = threading.active_count()
    found = ahead(rows())
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined] # a generator, told as what it yields
    assert closed.wait(5)
    assert threading.active_count() == before
    assert len(made) <= 10
