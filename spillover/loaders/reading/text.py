"""How is a text file cut into lines, rows and records, within limits.

A file that ends in the middle of a record is refused as a whole: what is missing cannot be known.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Final, Self

from spillover.graph.errors import InputError
from spillover.loaders.reading.files import RECORD_LIMIT, Part, opened

LINE_LIMIT: Final = RECORD_LIMIT
"""Longest line, in bytes or characters."""
CELL_LIMIT: Final = 1024 * 1024
"""Longest cell of a table in characters."""
CELLS_LIMIT: Final = 100_000
"""Most cells of a row: each takes far more memory than it has characters."""
BLANK_LIMIT: Final = 1_000_000
"""Most blank lines in a row."""
_CHUNK: Final = 1024 * 1024
_BOM: Final = b"\xef\xbb\xbf"
_END: Final = "\x1a"
_QUOTED: Final = re.compile(r'"[^"]*"')


class Ragged(list[str]):
    """The cells of a row that has more or fewer of them than its header has, its ``width``."""

    def __init__(self, cells: Iterable[str], width: int = 0) -> None:
        super().__init__(cells)
        self.width = width


class CutOff(Ragged):
    """The last row of a file that ends in the middle of it."""


Record = tuple[str, dict[str, str] | Ragged]
"""Where a row stands, and its cells by column."""


def lines(part: Part) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end) of every line that is not blank.

    Raises:
        InputError: a line is longer than the limit, or too many are blank.
    """
    with opened(part) as stream:
        number = told = 0
        while line := stream.readline(LINE_LIMIT + 1):
            number += 1
            if len(line) > LINE_LIMIT:
                raise _too_long(part, number)
            if number == 1:
                line = line.removeprefix(_BOM)
            line = line.strip(b"\r\n\x1a ")
            if line:
                yield number, line
                told = number
            elif number - told > BLANK_LIMIT:
                raise _blank(part, number)


def rows(
    part: Part, encoding: str = "utf-8", delimiter: str = ""
) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every row of a CSV or TSV file, the header first.

    The delimiter is the one given, or a tab when the header has one, or the sign of comma and
    semicolon that it has most often outside quotes. Quoting is strict: a quote that never closes
    is an error, not one endless cell. When it opens in the last line, the file is cut off, and
    that line comes as :class:`CutOff`.

    Raises:
        InputError: not text in that encoding, broken quoting, a line or cell beyond the limit.
    """
    return _rows(part, encoding, delimiter, 0)


def _rows(part: Part, encoding: str, delimiter: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    """As :func:`rows`, of a file with so many rows before its header."""
    csv.field_size_limit(CELL_LIMIT)
    with opened(part) as stream:
        checked = _Lines(part, io.TextIOWrapper(stream, _encoding(encoding), newline=""))
        line = 0
        try:
            head = list(checked.head(skip + 1))
            checked.sign = delimiter or _sign(head[-1] if head else "")
            reader = csv.reader(chain(head, checked), delimiter=checked.sign, strict=True)
            try:
                for cells in reader:
                    line = reader.line_num
                    checked.row()
                    if any(map(str.strip, cells)) and cells != [_END]:
                        yield line, cells
            except csv.Error:
                if not checked.ended or reader.line_num != line + 1:
                    raise
                yield line + 1, CutOff([checked.last])
        except csv.Error as error:
            raise InputError(f"{part}: after line {line}: {error}; check the quotes") from error
        except UnicodeError as error:
            raise InputError(
                f"{part}: after line {line}: {_wrong(error)} is not {encoding}; save it as UTF-8"
                " or name its encoding with --encoding"
            ) from error


def _sign(head: str) -> str:
    bare = _QUOTED.sub("", head)
    return "\t" if "\t" in bare else max(",;", key=bare.count)


def records(
    part: Part,
    encoding: str = "utf-8",
    *,
    columns: Sequence[str] = (),
    skip: int = 0,
    delimiter: str = "",
) -> Iterator[tuple[str, dict[str, str] | Ragged]]:
    """(position, cells by column) of every row below the header; cells are stripped.

    A row with more or fewer cells than the header comes back as :class:`Ragged`, which every load
    sets aside: nobody can know which cell is whose; the last row as :class:`CutOff`, when it has
    fewer. A column that stands twice is numbered.

    Args:
        part: the file.
        encoding: of its text.
        columns: the header of a file that has none.
        skip: rows to leave out before the header.
        delimiter: of the cells; empty to read it off the header.

    Raises:
        InputError: see :func:`rows`; or the file has no header.
    """
    table = _rows(part, encoding, delimiter, skip)
    for _ in range(skip):
        next(table, None)
    header = list(columns) or _numbered(next(table, (0, []))[1])
    if not header:
        raise InputError(f"{part}: empty; expected a header row")
    width = len(header)
    held: tuple[int, list[str]] | None = None
    while row := held or next(table, None):
        held = None
        line, cells = row
        if len(cells) == width:
            yield f"line {line}", dict(zip(header, map(str.strip, cells), strict=True))
            continue
        held = next(table, None)
        cut = held is None and len(cells) < width
        yield f"line {line}", (CutOff if cut else Ragged)(cells, width)


def ended(part: Part, found: Iterable[Record]) -> Iterator[Record]:
    """The records; a last one without its line end is cut off, as all lines of the source have one.

    Where the last cell decides, half of it must not pass for all of it.
    """
    last = b"\n"
    with opened(part) as stream:
        while chunk := stream.read(_CHUNK):
            last = chunk[-1:]
    held: Record | None = None
    for record in found:
        if held:
            yield held
        held = record
    if held and last not in {b"\n", b"\x1a"} and isinstance(held[1], dict):
        held = held[0], CutOff(held[1].values(), len(held[1]))
    if held:
        yield held


def _numbered(cells: list[str]) -> list[str]:
    times: Counter[str] = Counter()
    header = []
    for cell in map(str.strip, cells):
        times[cell] += 1
        header.append(cell if times[cell] == 1 else f"{cell}.{times[cell]}")
    return header


def _encoding(name: str) -> str:
    """Python's name of a text encoding; UTF-8 with or without its mark."""
    try:
        found = codecs.lookup(name).name
        "".encode(found)
    except (LookupError, ValueError) as error:
        raise InputError(f"{name!r} is no text encoding that Python knows") from error
    return "utf-8-sig" if found == "utf-8" else found


def _wrong(error: UnicodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte 0x{error.object[error.start]:02x}"
    return "its start"


class _Lines:
    """The lines of a text within limits; a 0x1A at its end is left out."""

    def __init__(self, part: Part, text: io.TextIOWrapper) -> None:
        self._part, self._text = part, text
        self._number = self._told = self._length = self._cells = 0
        self._next: str | None = None
        self.sign = ","
        self.last = ""
        """The line that was read last."""
        self.ended = False

    def __iter__(self) -> Self:
        return self

    def _read(self) -> str:
        line = self._next
        self._next = None
        return self._text.readline(LINE_LIMIT + 1) if line is None else line

    def __next__(self) -> str:
        line = self._read()
        bare = line.rstrip("\r\n")
        if bare.endswith(_END):
            self._next = self._read()
            if not self._next:
                line = bare = bare.rstrip(_END)
        if not line:
            self.ended = True
            raise StopIteration
        self._number += 1
        self._length += len(line)
        if self._length > LINE_LIMIT:
            raise _too_long(self._part, self._number)
        if self._length > CELLS_LIMIT:
            self._cells += line.count(self.sign)
            if self._cells > CELLS_LIMIT:
                raise csv.Error(f"a row of more than {CELLS_LIMIT:,} cells")
        if "\x00" in line:
            raise csv.Error(f"a NUL character in line {self._number}")
        self.last = line
        if bare:
            self._told = self._number
        elif self._number - self._told > BLANK_LIMIT:
            raise _blank(self._part, self._number)
        return line

    def head(self, count: int) -> Iterator[str]:
        """The lines up to the one that is the last of so many that are not blank."""
        for line in self:
            yield line
            count -= bool(line.strip())
            if not count:
                return

    def row(self) -> None:
        """A row has ended: the next one may be as long again."""
        self._length = self._cells = 0


def _too_long(part: Part, number: int) -> InputError:
    return InputError(f"{part}: line {number} is longer than {LINE_LIMIT >> 20} MiB")


def _blank(part: Part, number: int) -> InputError:
    return InputError(f"{part}: line {number} ends {BLANK_LIMIT:,} blank lines; is it text?")
