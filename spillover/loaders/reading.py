"""How is a file opened and cut into records, within limits, whatever is in it.

Plain and gzip files are streamed. A file that ends in the middle of a record is refused as a
whole: what is missing cannot be known.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast

from spillover.graph.errors import InputError

LINE_LIMIT: Final = 16 * 1024 * 1024
"""Longest line, in bytes or characters."""
CELL_LIMIT: Final = 1024 * 1024
"""Longest cell of a table in characters."""
RATIO_LIMIT: Final = 200
"""How many times its packed size a file may unpack to, past 8 MiB; texts stay below 50."""
BLANK_LIMIT: Final = 1_000_000
"""Most blank lines in a row."""
_UNPACKED_FREE: Final = 8 * 1024 * 1024
_GZIP: Final = b"\x1f\x8b"
_BOM: Final = b"\xef\xbb\xbf"
_FOREIGN: Final = {
    b"PK\x03\x04": "a ZIP archive or spreadsheet; unpack it, or save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet; save the sheet as CSV",
    b"\xfd7zXZ": "packed with xz; unpack it, or pack it with gzip",
    b"\x28\xb5\x2f\xfd": "packed with zstd; unpack it, or pack it with gzip",
    b"BZh": "packed with bzip2; unpack it, or pack it with gzip",
}


def shown(path: str | os.PathLike[str]) -> str:
    """A path as text that any file can hold, also when its bytes are no UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked when it is gzip.

    Raises:
        InputError: it cannot be read, or its packing is foreign, broken, cut off or a bomb.
    """
    try:
        with path.open("rb") as raw:
            head = raw.read(8)
            raw.seek(0)
            for magic, mend in _FOREIGN.items():
                if head.startswith(magic):
                    raise InputError(f"{path}: {mend}")
            if not head.startswith(_GZIP):
                yield raw
                return
            with gzip.GzipFile(fileobj=raw) as packed:
                yield cast("IO[bytes]", io.BufferedReader(_Unpacked(path, packed, raw)))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: broken or cut-off gzip ({error}); fetch it again") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


class _Unpacked(io.RawIOBase):
    """The content of a gzip file, refused once it grows far beyond what text packs to."""

    def __init__(self, path: Path, packed: gzip.GzipFile, raw: IO[bytes]) -> None:
        self._path, self._packed, self._raw = path, packed, raw
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what BufferedReader hands over
        data = self._packed.read1(len(buffer))
        self._size += len(data)
        if self._size > _UNPACKED_FREE + RATIO_LIMIT * self._raw.tell():
            raise InputError(
                f"{self._path}: unpacks to more than {RATIO_LIMIT} times its size, as no list does;"
                " if it is right, unpack it first"
            )
        buffer[: len(data)] = data
        return len(data)


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end) of every line that is not blank.

    Raises:
        InputError: a line is longer than the limit, or too many are blank.
    """
    with opened(path) as stream:
        number = told = 0
        while line := stream.readline(LINE_LIMIT + 1):
            number += 1
            if len(line) > LINE_LIMIT:
                raise _too_long(path, number)
            if number == 1:
                line = line.removeprefix(_BOM)
            line = line.strip(b"\r\n\x1a ")
            if line:
                yield number, line
                told = number
            elif number - told > BLANK_LIMIT:
                raise _blank(path, number)


def rows(path: Path, encoding: str = "utf-8") -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every row of a CSV or TSV file, the header first.

    The delimiter is the first of tab, comma and semicolon that the header has. Quoting is strict:
    a quote that never closes is an error, not one endless cell.

    Raises:
        InputError: not text in that encoding, broken quoting, a line or cell beyond the limit.
    """
    csv.field_size_limit(CELL_LIMIT)
    with opened(path) as stream:
        text = io.TextIOWrapper(stream, _encoding(encoding), newline="")
        line = 0
        try:
            head, rest = _head(path, text)
            delimiter = next((sign for sign in "\t,;" if sign in head), ",")
            reader = csv.reader(rest, delimiter=delimiter, strict=True)
            for cells in reader:
                line = reader.line_num
                if any(cell.strip() for cell in cells):
                    yield line, cells
        except csv.Error as error:
            raise InputError(f"{path}: after line {line}: {error}; check the quotes") from error
        except UnicodeError as error:
            raise InputError(
                f"{path}: after line {line}: {_wrong(error)} is not {encoding}; save it as UTF-8"
                " or name its encoding with --encoding"
            ) from error


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


def _head(path: Path, text: io.TextIOWrapper) -> tuple[str, Iterator[str]]:
    """The first line, and all lines with it."""
    checked = _limited(path, text)
    head = next(checked, "")
    return head, (line for part in ((head,), checked) for line in part)


def _limited(path: Path, text: io.TextIOWrapper) -> Iterator[str]:
    number = told = 0
    while line := text.readline(LINE_LIMIT + 1):
        number += 1
        if len(line) > LINE_LIMIT:
            raise _too_long(path, number)
        if "\x00" in line:
            raise csv.Error(f"a NUL character in line {number}")
        if line.strip("\x1a\r\n"):
            yield line.rstrip("\x1a")
            told = number
        elif number - told > BLANK_LIMIT:
            raise _blank(path, number)
        else:
            yield "\n"


def _too_long(path: Path, number: int) -> InputError:
    return InputError(f"{path}: line {number} is longer than {LINE_LIMIT >> 20} MiB")


def _blank(path: Path, number: int) -> InputError:
    return InputError(f"{path}: line {number} ends {BLANK_LIMIT:,} blank lines; is it text?")
