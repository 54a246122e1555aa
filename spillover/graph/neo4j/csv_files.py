"""How do rows become CSV files that ``neo4j-admin database import`` reads back unchanged?

Every group of rows has a file with a header of typed columns, and one with the rows. A text is
always quoted, so that an empty one differs from one that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

_BUFFER: Final = 1 << 20
_LINE_END: Final = re.compile("[\n\r]")


class Column(NamedTuple):
    """One column of a group."""

    name: str
    type: str = "string"
    """A type of the import, ``string[]`` or ``long`` for example; empty for labels and ends."""

    def __str__(self) -> str:
        """The column as the header writes it."""
        return f"{self.name}:{self.type}" if self.type else self.name


class Group:
    """The files of one group, as a context manager.

    Args:
        folder: where they are written.
        name: start of their names.
        columns: of every row.
        delimiter: a character that parts the texts of a list and that none of them holds.
    """

    def __init__(
        self, folder: Path, name: str, columns: Sequence[Column], *, delimiter: str
    ) -> None:
        self.header, self.file = f"{name}-header.csv", f"{name}.csv"
        self.lines = False
        """Whether a text holds the end of a line."""
        self.longest = 0
        """Characters of the longest row."""
        self._columns, self._delimiter = [column.name for column in columns], delimiter
        self._known = set(self._columns)
        header = ",".join(_quoted(str(column)) for column in columns)
        (folder / self.header).write_text(header + "\n", encoding="utf-8", newline="\n")
        self._stream = (folder / self.file).open("w", _BUFFER, encoding="utf-8", newline="\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def add(self, values: dict[str, Any]) -> None:
        """Add a row; what it does not say is not there."""
        assert values.keys() <= self._known, "a property would be lost"
        found, delimiter = map(values.get, self._columns), self._delimiter
        row = ",".join(["" if value is None else _cell(value, delimiter) for value in found])
        self.longest = max(self.longest, len(row))
        self.lines = self.lines or bool(_LINE_END.search(row))
        self._stream.write(row + "\n")


def _cell(value: Any, delimiter: str) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return _quoted(delimiter.join(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
