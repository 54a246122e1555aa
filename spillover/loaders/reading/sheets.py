"""Which rows do the sheets of a spreadsheet or a Parquet file hold, as text.

A number comes out as the shortest text of what is stored, a cell formatted as percent with its
sign (``62.6%``, not 0.626), a date in ISO form, a formula as the value that was stored with it.
What a reader should know of a cell beside its text stands with its row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from spillover.graph.errors import InputError
from spillover.loaders.reading.cells import Cells, Sheet
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import Ragged

_MAGIC: Final = 4
_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"


class Record(dict[str, str]):
    """The cells of one row by column."""

    numbers: frozenset[str] = frozenset()
    """Columns whose text is that of a number, with a point."""
    remarks: Mapping[str, str] = MappingProxyType({})
    """What is to be known of some cells."""
    fault: str = ""
    """Why the row cannot be read."""


def is_sheets(part: Part) -> bool:
    """Whether a part holds sheets: a spreadsheet or a Parquet file, known by its first bytes."""
    if part.member:
        return False
    try:
        with part.path.open("rb") as stream:
            head = stream.read(_MAGIC)
    except OSError as error:
        raise InputError(f"{part}: cannot be read ({error.strerror or error})") from error
    return head in {_ZIP, _PARQUET}


def sheets(part: Part) -> Iterator[Sheet]:
    """The sheets of a spreadsheet (XLSX), or the one table of a Parquet file.

    Raises:
        InputError: broken, cut off, hostile, of another kind, or a cell that cannot be.
    """
    from spillover.loaders.reading import parquet, xlsx

    with part.path.open("rb") as stream:
        packed = stream.read(_MAGIC) == _PARQUET
    yield from parquet.sheets(part) if packed else xlsx.sheets(part)


def records(part: Part, sheet: Sheet) -> Iterator[tuple[str, Record | Ragged]]:
    """(position, cells by column) of every row below the header of a sheet.

    Cells are stripped, and missing ones at the end of a row are empty. A row with a cell beyond
    the header comes back as :class:`~spillover.loaders.reading.text.Ragged`.

    Raises:
        InputError: the sheet is empty, or a cell of its header has no value.
    """
    rows = sheet.rows()
    number, first = next(rows, (0, Cells()))
    if not number:
        raise InputError(f"{part}: sheet {sheet.name!r} is empty; expected a header row")
    for fault in first.faults.values():
        raise InputError(f"{part}: sheet {sheet.name!r} row {number}: {fault} in the header")
    header = _header(first)
    for number, cells in rows:
        yield f"sheet {sheet.name!r} row {number}", record(header, cells)


def _header(cells: Cells) -> list[str]:
    """Names of columns; one that stands twice is numbered, as in text files."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    times = [names[: at + 1].count(name) for at, name in enumerate(names)]
    return [f"{name}.{n}" if n > 1 else name for name, n in zip(names, times, strict=True)]


def record(header: list[str], cells: Cells) -> Record | Ragged:
    """One row by column."""
    width = len(header)
    if any(cell.strip() for cell in cells[width:]):
        return Ragged(cells, width)
    texts = [cell.strip() for cell in cells[:width]]
    made = Record(zip(header, texts + [""] * (width - len(texts)), strict=True))
    if cells.numbers:
        made.numbers = frozenset(header[at] for at in cells.numbers if at < width)
    if cells.remarks:
        made.remarks = {header[at]: said for at, said in cells.remarks.items() if at < width}
    if cells.faults:
        made.fault = "; ".join(
            f"column {header[at]!r}: {fault}" for at, fault in cells.faults.items() if at < width
        )
    return made
