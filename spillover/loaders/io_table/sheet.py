"""How is an input-output table read from a CSV file.

Rows and columns carry labels of country and industry (``AUS_01T02``), as in OECD's ICIO and in
FIGARO; or rows carry several columns of labels, as in WIOD's release of 2016.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from spillover.graph.errors import InputError
from spillover.loaders.io_table.grid import TABLES, Grid, Row, Rows
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import CutOff, Ragged, rows
from spillover.loaders.reading.trade import finished, period

_LABELLED: Final = tuple(TABLES["labelled"])


def sheet(part: Part, encoding: str) -> Grid:
    """The table of a CSV file.

    Raises:
        InputError: it has no header.
    """
    _, header = next(rows(part, encoding), (0, []))
    header = [cell.strip() for cell in header]
    finished(part)
    if len(header) < len(_LABELLED[:2]):
        raise InputError(f"{part}: empty; expected a header of sectors")
    if set(_LABELLED) <= set(header):
        return _of_wiod(part, header, encoding)
    return _grid(part, header, encoding, 1)


def _grid(part: Part, header: list[str], encoding: str, before: int) -> Grid:
    def made(cells: list[str]) -> Row:
        label = cells[0]
        country, _, industry = label.partition("_")
        return Row(label, cells[before:], country, industry)

    return Grid(part.name, tuple(header[before:]), _reader(part, header, encoding, made))


def _of_wiod(part: Part, header: list[str], encoding: str) -> Grid:
    """A table whose rows are labelled by several columns, and whose columns as ``AUS1``."""
    at = {name: header.index(name) for name in _LABELLED}
    before = max(at.values()) + 1

    def made(cells: list[str]) -> Row:
        country, code = cells[at["Country"]], cells[at["IndustryCode"]]
        label = code if country in TABLES["below"] else f"{country}{cells[at['RNr']]}"
        return Row(label, cells[before:], country, code, cells[at["IndustryDescription"]])

    years = {
        cells[at["Year"]].strip() for _, cells in rows(part, encoding) if len(cells) == len(header)
    }
    years -= {"Year", ""}
    if len(years) > 1:
        raise InputError(
            f"{part}: rows of several years ({', '.join(sorted(years)[:5])[:200]}); cut them"
        )
    reader = _reader(part, header, encoding, made)
    return Grid(part.name, tuple(header[before:]), reader, period(*years) if years else "")


def _reader(
    part: Part, header: list[str], encoding: str, made: Callable[[list[str]], Row]
) -> Callable[[], Rows]:
    def read() -> Rows:
        table = rows(part, encoding)
        next(table)
        held = next(table, None)
        while held:
            line, cells = held
            held = next(table, None)
            if len(cells) == len(header):
                yield f"line {line}", made([cell.strip() for cell in cells])
            else:
                cut = held is None and len(cells) < len(header)
                yield f"line {line}", (CutOff if cut else Ragged)(cells, len(header))

    return read
