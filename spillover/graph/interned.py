"""Which texts does a graph file keep once, and what are their numbers?

A claim names its source and the texts that tell it apart by number.
"""

from __future__ import annotations

import sqlite3

from spillover.graph.batches import Batches


class Interned:
    """The terms and sources of one graph file.

    Args:
        connection: the file, inside a transaction.
        batches: through which new terms get into it.
    """

    def __init__(self, connection: sqlite3.Connection, batches: Batches) -> None:
        self._execute, self._add = connection.execute, batches.add
        self._terms: dict[str, int] = dict(self._execute("SELECT text, num FROM term"))
        self._sources: dict[tuple[str, str, str], int] = {}

    def term(self, text: str) -> int:
        """Number of a text that tells claims apart; 0 when it is empty."""
        if not text:
            return 0
        number = self._terms.get(text)
        if number is None:
            number = self._terms[text] = len(self._terms) + 1
            self._add("term", (number, text))
        return number

    def source(self, publisher: str, title: str, url: str) -> int:
        """Number of a source."""
        key = (publisher, title, url)
        number = self._sources.get(key)
        if number is None:
            self._execute(
                "INSERT OR IGNORE INTO source (publisher, title, url) VALUES (?, ?, ?)", key
            )
            ((number,),) = self._execute(
                "SELECT num FROM source WHERE publisher = ? AND title = ? AND url = ?", key
            )
            self._sources[key] = number
        return int(number)
