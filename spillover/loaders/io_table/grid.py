"""What does a table of either form look like once it is read: labels, and rows of printed numbers.

Numbers stay the texts that the table prints. An array's integer is its digits; an array's float is
the shortest text that means the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.text import Ragged

TABLES: Final = manifest("io_table").tables
_NUMBER: Final = re.compile(r"-?\d{1,24}(?:\.\d{1,32})?(?:[eE][+-]?\d{1,2})?", re.ASCII).fullmatch
_SHOWN: Final = 40
_ZERO: Final = Decimal(0)
_NOTHING: Final = frozenset({"", "0"})


class Row(NamedTuple):
    """One printed row."""

    label: str
    cells: list[str]
    country: str = ""
    industry: str = ""
    words: str = ""
    """What the industry is, where the table prints it."""

    def __repr__(self) -> str:
        return f"{self.label}: {', '.join(self.cells[:8])}"


Rows = Iterator[tuple[str, Row | Ragged]]


@dataclass(frozen=True)
class Grid:
    """One table, read from its start as often as needed."""

    name: str
    """For records and messages."""
    columns: tuple[str, ...]
    """Labels of the figures in a row."""
    rows: Callable[[], Rows]
    year: str = ""


@dataclass
class Frame:
    """What must be known of the whole table before its rows can be told."""

    grid: Grid
    sectors: dict[str, int] = field(default_factory=dict)
    """Sector: its column."""
    demand: dict[str, int] = field(default_factory=dict)
    """Final demand: its column."""
    total: int | None = None
    """Column of output."""
    output: dict[str, str] = field(default_factory=dict)
    """By sector, as printed; else the sum of its row."""
    inputs: dict[str, str] = field(default_factory=dict)
    """What all sectors sell to a sector."""
    below: dict[str, list[str]] = field(default_factory=dict)
    """Rows of value added and of other inputs, by label."""


def number(text: str, where: str) -> Decimal:
    """The number that a cell prints, exactly; a blank cell is 0.

    Raises:
        InputError: it is none.
    """
    if text in _NOTHING:
        return _ZERO
    if not _NUMBER(text):
        raise InputError(f"{where}: {text[:_SHOWN]!r} is no number; write it with a decimal point")
    return Decimal(text)


def is_below(label: str) -> str:
    """Which kind of row stands below the sectors under this label; empty when none is known."""
    if label in TABLES["output"]:
        return "output"
    if label in TABLES["sums"]:
        return "sums"
    for kind in ("value_added", "other_inputs"):
        if any(re.fullmatch(pattern, label) for pattern in TABLES[kind]):
            return kind
    return ""
