"""What is a cell of a sheet, whatever kind of file the sheet is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

FORMULA: Final = "value of a formula, as stored with it"
FLOAT: Final = "shortest text of a binary number"
LOST: Final = "number of more digits than a spreadsheet keeps"

_NOTHING: Final[Mapping[int, str]] = MappingProxyType({})
COLUMNS_LIMIT: Final = 16_384
"""Most columns of a sheet; the format has no more."""


class Cells(list[str]):
    """The cells of one row."""

    numbers: frozenset[int] = frozenset()
    """Which of them are numbers to the file, so that their text is ours: with a point."""
    remarks: Mapping[int, str] = _NOTHING
    """What is to be known of some of them."""
    faults: Mapping[int, str] = _NOTHING
    """Which of them have no value, and why: an error, a formula that was never reckoned."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; what it shares with the others of its file is read once for all."""

    name: str
    hidden: bool
    rows: Callable[[], Iterator[tuple[int, Cells]]]
    """Starts to read it: (number from 1, cells) of every row that is not blank."""
