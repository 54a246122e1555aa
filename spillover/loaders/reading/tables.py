"""Which tables do a user's files hold, and what are their rows by our columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.loaders.reading.cells import Cells, Sheet
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.mapping import ColumnMap, column
from spillover.loaders.reading.sheets import Record, is_sheets, record, sheets
from spillover.loaders.reading.text import CutOff, Ragged, rows

_OWN: Final = ColumnMap(shape="")
"""What holds for a table of which no mapping file speaks."""
_SHOWN: Final = 200
"""Most characters of a header in a message."""
Note = Callable[[str, str, str], None]


class Row(Record):
    """One row, by our columns."""

    shape: str
    """Which table it is of."""
    place: str
    """Where it stands, as evidence names it."""
    said: ColumnMap
    """What the mapping file says of its table."""


class Table(NamedTuple):
    """One table among the inputs: a text file, or a sheet of another."""

    part: Part
    sheet: Sheet | None
    """None for a text file."""
    shape: str
    columns: list[str]
    """Our column for each of the file's; empty for one that is left out."""
    said: ColumnMap


class _NoTableError(InputError):
    """A header that makes no known table."""


@dataclass(frozen=True, slots=True)
class Tables:
    """How the tables of one load are found and read.

    Args:
        shapes: by table, the columns that it must and may have.
        said: the mapping file, if there is one.
        encoding: of text files.
        note: told of sheets that are left out.
    """

    shapes: Mapping[str, Mapping[str, list[str]]]
    said: ColumnMap | None
    encoding: str
    note: Note

    def tables(self, part: Part) -> Iterator[Table]:
        """The tables that a file holds; sheets that are none are left out when others are.

        Raises:
            InputError: it holds none; the known columns are listed.
        """
        if is_sheets(part):
            yield from self._of_sheets(part)
            return
        for _, cells in self._text(part):
            yield self._table(part, None, cells)
            return
        raise InputError(f"{part}: empty; expected a header row")

    def _of_sheets(self, part: Part) -> Iterator[Table]:
        reasons: list[str] = []
        found = False
        for sheet in sheets(part):
            table, reason = None, self._left_out(sheet.name, hidden=sheet.hidden)
            first = None if reason else next(sheet.rows(), None)
            if first:
                reason = next((f"{fault} in its header" for fault in first[1].faults.values()), "")
            if first and not reason:
                try:
                    table = self._table(part, sheet, first[1])
                except _NoTableError as error:
                    reason = str(error)
            if table:
                found = True
                yield table
            else:
                reasons.append(reason or f"{part}: sheet {sheet.name!r} is empty")
                self.note("sheet left out", f"{part.name}: {sheet.name}", reasons[-1])
        if not found:
            raise InputError(reasons[0] if reasons else f"{part}: no sheet in it")

    def _left_out(self, name: str, *, hidden: bool) -> str:
        """Why a sheet is left out whatever is in it; empty when it is not."""
        if self.said and self.said.sheet not in {"", name}:
            return f"the mapping names sheet {self.said.sheet!r}"
        return f"sheet {name!r} is hidden; unhide it to load it" if hidden else ""

    def rows(self, table: Table) -> Iterator[tuple[str, Row | Ragged]]:
        """(position, row) of every row of a table below its header."""
        where, unit = table.part.name, "line"
        lines: Iterator[tuple[int, Cells]] = self._text(table.part)
        if table.sheet is not None:
            where, unit = f"{where}:{table.sheet.name}", f"sheet {table.sheet.name!r} row"
            lines = table.sheet.rows()
        next(lines)
        for number, cells in lines:
            row = _row(table, cells)
            if isinstance(row, Row):
                row.place = f"{where}:{number}"
            yield f"{unit} {number}", row

    def _text(self, part: Part) -> Iterator[tuple[int, Cells]]:
        delimiter = self.said.delimiter if self.said else ""
        for line, cells in rows(part, self.encoding, delimiter):
            if isinstance(cells, CutOff):
                raise InputError(
                    f"{part}: line {line}, the last, is cut off or has a quote that never closes;"
                    " check the quotes"
                )
            yield line, Cells(cells)

    def _table(self, part: Part, sheet: Sheet | None, cells: Cells) -> Table:
        """Which table a header makes.

        Raises:
            InputError: a column is unknown, missing or there twice.
        """
        header = [column(cell) for cell in cells]
        while sheet and header and not header[-1]:
            header.pop()
        where = f"{part}: " + (f"sheet {sheet.name!r}: " if sheet else "")
        said = self.said if self.said and self.said.ours.keys() <= set(header) else _OWN
        names = [said.ours.get(name, name) for name in header]
        shape = said.shape or self._shape(where, names)
        must, may = self.shapes[shape]["must"], self.shapes[shape]["may"]
        ignored = [
            theirs not in said.ours and said.ignores(theirs, known=ours in (*must, *may))
            for ours, theirs in zip(names, header, strict=True)
        ]
        unknown = [
            name
            for name, left in zip(names, ignored, strict=True)
            if not left and name not in (*must, *may)
        ]
        columns = ["" if left else name for name, left in zip(names, ignored, strict=True)]
        given = [*filter(None, columns), *said.constants]
        twice = sorted({name for name in given if given.count(name) > 1})
        missing = [name for name in must if name not in given]
        if unknown or twice or missing:
            what = _wrong(unknown, twice, missing)
            known = ", ".join((*must, *may))
            raise InputError(f"{where}{what} in a table of {shape}; known: {known}")
        for theirs, left in zip(header, ignored, strict=True):
            if left:
                self.note("column left out by the mapping", theirs, where)
        return Table(part, sheet, shape, columns, said)

    def _shape(self, where: str, header: list[str]) -> str:
        for shape, columns in self.shapes.items():
            if set(columns["must"]) <= set(header):
                return shape
        shapes = "; ".join(f"{name}: {', '.join(c['must'])}" for name, c in self.shapes.items())
        mapped = self.said.columns.values() if self.said else ()
        lacking = [repr(theirs) for theirs in mapped if column(theirs) not in header]
        also = f", and have no {', '.join(lacking)} of the mapping" if lacking else ""
        named = ", ".join(header)[:_SHOWN]
        raise _NoTableError(f"{where}columns {named} make no known table{also}. Tables: {shapes}")


def _wrong(unknown: list[str], twice: list[str], missing: list[str]) -> str:
    if unknown:
        return f"unknown column {', '.join(map(repr, unknown))[:_SHOWN]}"
    if twice:
        return f"{str(twice)[:_SHOWN]} twice"
    return f"no column {', '.join(map(repr, missing))}"


def _row(table: Table, cells: Cells) -> Row | Ragged:
    """The cells of a row by our columns, with the constants of the mapping."""
    own = {at: name for at, name in enumerate(table.columns) if name}
    found = record([own.get(at, f"-{at}") for at in range(len(table.columns))], cells)
    if isinstance(found, Ragged):
        return found
    row = Row({name: found[name] for name in own.values()}, **table.said.constants)
    row.numbers, row.fault = found.numbers, found.fault
    row.remarks = {name: remark for name, remark in found.remarks.items() if name in row}
    row.shape, row.said = table.shape, table.said
    return row
