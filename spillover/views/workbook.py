"""How does an answer become a workbook: one sheet for each of its tables, texts and nothing else?

Every cell is written as text, so that no name can become a formula, a link or a date; a spreadsheet
that lets a user edit a cell still takes it for text. What is longer than the format allows is cut,
and the sheet says so. A file appears whole or not at all.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.views.text import ELLIPSIS, clean, csv_cell

if TYPE_CHECKING:
    from spillover.views.grid import Cell, Grid

CELL_LIMIT: Final = 32_767
"""Most characters of a cell that the format allows, counted in halves of UTF-16."""
ROWS_LIMIT: Final = 1_048_576
"""Most rows of a sheet."""
_NAME_LIMIT: Final = 31
_NOT_IN_NAMES: Final = re.compile(r"[\[\]:*?/\\]")
_RESERVED: Final = "history"
_LAST_SINGLE: Final = 0xFFFF
"""Last character that takes one half of UTF-16: a name is counted in these."""
_NOTES_ROOM: Final = 5
_WIDEST: Final = 60
_MEASURED: Final = 200
"""Rows that are looked at for the width of columns."""
_NO_TIME: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class _Styles(NamedTuple):
    """How cells look."""

    head: Any
    text: Any
    quoted: Any
    """Of a text that a spreadsheet would take for a formula if somebody edited it."""
    note: Any


def write_workbook(grids: Sequence[Grid], output: Path) -> None:
    """Write tables as the sheets of a workbook (XLSX).

    Raises:
        InputError: the file cannot be written.
    """
    import xlsxwriter

    scratch = output.with_name(f".{output.name}.writing")
    try:
        with TemporaryDirectory() as rows:
            _write(grids, xlsxwriter.Workbook(str(scratch), {**_OPTIONS, "tmpdir": rows}))
        scratch.replace(output)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{output}: cannot be written ({reason}); name another file with -o"
        ) from error
    finally:
        scratch.unlink(missing_ok=True)


def _write(grids: Sequence[Grid], book: Any) -> None:
    # A workbook without a time in it has the same bytes for the same answer.
    book.set_properties({"created": _NO_TIME, "title": _fitting(clean(grids[0].title))[0][:255]})
    styles = _Styles(
        book.add_format({"bold": True, "bottom": 1}),
        book.add_format({"text_wrap": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
        book.add_format({"italic": True}),
    )
    try:
        for name, grid in zip(sheet_names(grid.title for grid in grids), grids, strict=True):
            _sheet(book.add_worksheet(name), grid, styles)
        book.close()
    except BaseException:
        for sheet in book.worksheets():  # what it has open goes with the folder of its rows
            sheet.row_data_fh.close()
        raise


def _sheet(sheet: Any, grid: Grid, styles: _Styles) -> None:
    """A header, a row for each row of the table, and below them what is to be said of it."""
    for column, (title, width) in enumerate(zip(grid.columns, _widths(grid), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, _fitting(clean(title))[0], styles.head)
    sheet.freeze_panes(1, 0)
    notes = [
        clean(line) for part in (grid.title, grid.lead, grid.note) for line in part.split("\n")
    ]
    notes = [line for line in notes if line]
    room = ROWS_LIMIT - len(notes) - _NOTES_ROOM
    cut = False
    number = 0
    for number, row in enumerate(islice(grid.rows, room), 1):
        for column, cell in enumerate(row):
            if not cell.text:
                continue
            text, whole = _fitting(_text(cell))
            cut |= not whole
            style = styles.text if csv_cell(text) == text else styles.quoted
            sheet.write_string(number, column, text, style)
    if len(grid.rows) > room:
        left = len(grid.rows) - room
        notes.append(f"{left:,} further rows do not fit into a sheet; use CSV or JSON for all")
    if cut:
        notes.append(f"texts of more than {CELL_LIMIT:,} characters are cut; JSON has all of them")
    for line, text in enumerate(notes, number + 2):
        sheet.write_string(line, 0, _fitting(text)[0], styles.note)


def _text(cell: Cell) -> str:
    """A cell with its lines, and with the address of its source behind it."""
    if "\n" not in cell.text and not cell.url:
        return clean(cell.text)
    lines = "\n".join(clean(line) for line in cell.text.split("\n"))
    return f"{lines} <{clean(cell.url)}>" if cell.url else lines


def _fitting(text: str) -> tuple[str, bool]:
    """The text as far as a cell holds it, and whether that is all."""
    if len(text) <= CELL_LIMIT // 2 or _halves(text) <= CELL_LIMIT:
        return text, True
    kept = text.encode("utf-16-le", "replace")[: 2 * (CELL_LIMIT - 1)]
    return kept.decode("utf-16-le", "ignore") + ELLIPSIS, False


def _halves(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _widths(grid: Grid) -> list[int]:
    """Widths of the columns in characters, from the first rows."""
    widths = [len(title) for title in grid.columns]
    for row in islice(grid.rows, _MEASURED):
        for column, cell in enumerate(row):
            longest = max(map(len, cell.text.split("\n")))
            widths[column] = max(widths[column], longest)
    return [min(width + 2, _WIDEST) for width in widths]


def sheet_names(titles: Iterable[str]) -> list[str]:
    """A name for each sheet that every spreadsheet takes: short, unique, without signs."""
    used: set[str] = set()
    found = []
    for number, title in enumerate(titles, 1):
        plain = _NOT_IN_NAMES.sub(" ", clean(title)).strip("' ")
        plain = "".join(char for char in plain if ord(char) <= _LAST_SINGLE)
        base = name = " ".join(plain[:_NAME_LIMIT].split()).strip("' ") or f"Sheet {number}"
        while name.casefold() in used or name.casefold() == _RESERVED:
            tail = f" {number}"
            name = base[: _NAME_LIMIT - len(tail)].rstrip() + tail
            number += 1  # noqa: PLW2901 - the next number that is free
        used.add(name.casefold())
        found.append(name)
    return found
