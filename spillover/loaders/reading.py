"""How is a file opened and cut into records, within limits, whatever is in it.

Plain and gzip files are streamed. A file that ends in the middle of a record is refused as a
whole: what is missing cannot be known.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from spillover.graph.errors import InputError

LINE_LIMIT: Final = 16 * 1024 * 1024
"""Longest line in bytes."""
CELL_LIMIT: Final = 1024 * 1024
"""Longest cell of a table in characters."""
_GZIP: Final = b"\x1f\x8b"
_BOM: Final = b"\xef\xbb\xbf"


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The file's bytes, unpacked when it is gzip.

    Raises:
        InputError: it cannot be read, or its packing is broken or cut off.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) if packed else raw as stream:
                yield stream  # type: ignore[misc] # GzipFile reads like a binary file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: broken or cut-off gzip ({error}); fetch it again") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error


def lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """(number from 1, line without its end) of every line that is not blank.

    Raises:
        InputError: a line is longer than the limit.
    """
    with opened(path) as stream:
        number = 0
        while line := stream.readline(LINE_LIMIT + 1):
            number += 1
            if len(line) > LINE_LIMIT:
                raise InputError(f"{path}: line {number} is longer than {LINE_LIMIT >> 20} MiB")
            if number == 1:
                line = line.removeprefix(_BOM)
            line = line.strip(b"\r\n\x1a ")
            if line:
                yield number, line


def rows(path: Path, encoding: str = "utf-8") -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every row of a CSV or TSV file, the header first.

    The delimiter is the tab when the header has one, else the comma. Quoting is strict: a quote
    that never closes is an error, not one endless cell.

    Raises:
        InputError: not text in that encoding, broken quoting, a cell beyond the limit.
    """
    csv.field_size_limit(CELL_LIMIT)
    with opened(path) as stream:
        text = io.TextIOWrapper(stream, encoding=_bom(encoding), newline="")
        try:
            head = text.readline(LINE_LIMIT)
            delimiter = "\t" if "\t" in head else ","
            reader = csv.reader(_chained(head, text), delimiter=delimiter, strict=True)
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield reader.line_num, cells
        except csv.Error as error:
            raise InputError(f"{path}: line {reader.line_num}: {error}; check the quotes") from error
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            raise InputError(
                f"{path}: byte 0x{byte:02x} is not {encoding}; save it as UTF-8 or name its"
                " encoding with --encoding"
            ) from error
        except LookupError as error:
            raise InputError(f"{encoding!r} is no encoding that Python knows") from error


def _bom(encoding: str) -> str:
    return "utf-8-sig" if encoding.lower().replace("-", "") == "utf8" else encoding


def _chained(head: str, rest: io.TextIOWrapper) -> Iterator[str]:
    yield head
    for line in rest:
        if "\x00" in line:
            raise csv.Error("a NUL character")
        yield line

