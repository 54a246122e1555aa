"""Whom does a user's list of suppliers or holdings name, and for how much money.

A portfolio is a CSV or TSV file, a workbook (XLSX), a Parquet file, or JSON: lines or an array. Its
columns are known by many names (``portfolio.yml``); those that nobody knows stay beside the row. A
row is never dropped in silence: it is read, or set aside with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.loaders.reading.amounts import DecimalSign
from spillover.loaders.reading.files import Part, opened, parts, shown
from spillover.loaders.reading.json import documents
from spillover.loaders.reading.portfolio_rows import Columns, Line, columns_of, line
from spillover.loaders.reading.sheets import Record, is_sheets, sheets
from spillover.loaders.reading.sheets import records as sheet_records
from spillover.loaders.reading.text import CutOff, Ragged, records

ROWS_LIMIT: Final = 1_000_000
"""Most rows of a portfolio."""
_HEADERS: Final = 1000
"""Most different sets of keys that the rows of a JSON file may have."""
_SHOWN: Final = 200
_UNDER: Final = ("rows", "portfolio", "suppliers", "holdings", "data", "results")
"""Keys of a JSON object under which its rows may stand."""


class Aside(NamedTuple):
    """A row that names nobody, or cannot be read."""

    position: str
    reason: str
    value: str


@dataclass(slots=True)
class Portfolio:
    """What a file says. Rows read are those kept and those set aside."""

    file: str
    lines: list[Line] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is to be known of the file as a whole: columns that were left out, hidden sheets."""

    @property
    def read(self) -> int:
        """Rows of the file."""
        return len(self.lines) + len(self.aside)


def read_portfolio(path: Path, *, encoding: str = "utf-8", decimal: DecimalSign = "") -> Portfolio:
    """The rows of a portfolio, in the order of the file.

    Args:
        path: a file, or an archive or folder of files of one kind.
        encoding: of text files; JSON is UTF-8.
        decimal: the decimal sign of amounts that are written as text.

    Raises:
        InputError: it cannot be read, is cut off, has no column that names anybody, or more rows
            than the limit.
    """
    found = parts([path])
    portfolio = Portfolio(shown(path.name))
    known: dict[tuple[str, ...], Columns] = {}
    for part in found:
        where = f"{part.name}: " if len(found) > 1 else ""
        for position, record in _records(part, encoding, portfolio):
            row = _row(part, position, record)
            if portfolio.read >= ROWS_LIMIT:
                raise InputError(f"{part}: more than {ROWS_LIMIT:,} rows; split the portfolio")
            place = where + position
            if isinstance(row, str):
                portfolio.aside.append(Aside(place, row, _value(record)))
                continue
            header = tuple(row)
            if header not in known:
                if len(known) >= _HEADERS:
                    raise InputError(
                        f"{part}: rows of more than {_HEADERS} shapes; is it a portfolio?"
                    )
                known[header] = columns_of(header)
                _tell(portfolio, known[header])
            made = line(place, row, known[header], decimal)
            if made is None:
                reason = "no name and no identifier; give one of them"
                portfolio.aside.append(Aside(place, reason, _value(record)))
            else:
                portfolio.lines.append(made)
    _check(portfolio, found, known)
    return portfolio


def _check(portfolio: Portfolio, found: tuple[Part, ...], known: Iterable[tuple[str, ...]]) -> None:
    """Refuse a file in which nobody can be named."""
    if portfolio.lines:
        return
    if not portfolio.read:
        raise InputError(f"{found[0]}: no rows; expected a header and one row for each supplier")
    headers = tuple(known)
    if headers and not any(_names_somebody(columns_of(header)) for header in headers):
        named = ", ".join(dict.fromkeys(name for header in headers for name in header))[:_SHOWN]
        raise InputError(
            f"{found[0]}: no column names anybody (columns: {named}); call one of them"
            " name, supplier, company, lei or identifier"
        )
    first = portfolio.aside[0]
    raise InputError(f"{found[0]}: no row can be screened; {first.position}: {first.reason}")


def _names_somebody(columns: Columns) -> bool:
    return bool(columns.of.keys() & {"name", "aliases", "identifier"} or columns.schemes)


def _records(part: Part, encoding: str, portfolio: Portfolio) -> Iterator[tuple[str, Any]]:
    if is_sheets(part):
        yield from _of_sheets(part, portfolio)
    elif _is_json(part):
        yield from documents(part, _UNDER)
    else:
        yield from records(part, encoding)


def _of_sheets(part: Part, portfolio: Portfolio) -> Iterator[tuple[str, Any]]:
    """Rows of every sheet that is shown and has any."""
    shown_sheets = []
    for sheet in sheets(part):
        if sheet.hidden:
            portfolio.notes.append(f"sheet {sheet.name!r} is hidden and was left out; unhide it")
        elif next(sheet.rows(), None) is not None:
            shown_sheets.append(sheet)
    for sheet in shown_sheets:
        for position, record in sheet_records(part, sheet):
            place = position if len(shown_sheets) > 1 else position.rpartition("' ")[2]
            yield place, record


def _is_json(part: Part) -> bool:
    with opened(part) as stream:
        head = stream.peek(64).removeprefix(b"\xef\xbb\xbf").lstrip()  # type: ignore[attr-defined] # opened() buffers
    return bool(head[:1] in (b"{", b"["))


def _row(part: Part, position: str, record: Any) -> Mapping[str, Any] | str:
    """The cells of a row by column, or why it cannot be read.

    Raises:
        InputError: the file is cut off.
    """
    if isinstance(record, CutOff):
        raise InputError(
            f"{part}: {position}, the last, is cut off or has a quote that never closes; check it"
        )
    if isinstance(record, Ragged):
        return f"{len(record)} cells where the header has {record.width}; check the quotes"
    if isinstance(record, Record) and record.fault:
        return f"{record.fault}; type its value"
    if not isinstance(record, dict):
        return "no JSON object; write one for each row"
    return record


def _value(record: Any) -> str:
    cells = record.values() if isinstance(record, dict) else record
    if isinstance(cells, str) or not isinstance(cells, Iterable):
        return str(cells)[:_SHOWN]
    return ", ".join(str(cell) for cell in cells if cell not in ("", None))[:_SHOWN]


def _tell(portfolio: Portfolio, columns: Columns) -> None:
    """Say once which columns mean nothing to the screening."""
    for name in columns.other:
        note = f"column {name[:80]!r} is not used; it stays beside its rows"
        if note not in portfolio.notes:
            portfolio.notes.append(note)
