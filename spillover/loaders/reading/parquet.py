"""How are the columns of a Parquet file read as texts, without a digit more or less.

pyarrow is imported here only; a program that reads no Parquet does without it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.loaders.reading.cells import COLUMNS_LIMIT, FLOAT, Cells, Sheet
from spillover.loaders.reading.files import RATIO_LIMIT, Part
from spillover.loaders.reading.text import CELL_LIMIT
from spillover.loaders.reading.values import plain

_UNPACKED_FREE: Final = 8 * 1024 * 1024
_GROUP_LIMIT: Final = 256 * 1024 * 1024
"""Most bytes of one group of rows, which is held in memory."""
_BATCH: Final = 1000


def sheets(part: Part) -> Iterator[Sheet]:
    """The one table of a Parquet file; reading its rows raises what is wrong with it."""
    yield Sheet("table", hidden=False, rows=partial(_rows, part))


def _rows(part: Part) -> Iterator[tuple[int, Cells]]:
    """The column names as the first row, then every row that is not blank.

    Raises:
        InputError: pyarrow is not installed, or the file is broken, cut off, a bomb, or holds
            columns that are no texts, numbers or dates.
    """
    try:
        from pyarrow import lib
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise InputError(
            f"{part}: to read Parquet, install the extra that has it: spillover[parquet]"
        ) from error
    try:
        with part.path.open("rb") as stream, ParquetFile(stream) as file:
            _check(part, file)
            yield from _of(part, file)
    except (lib.ArrowException, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise InputError(f"{part}: broken or cut-off Parquet ({reason}); fetch it again") from error


def _check(part: Part, file: Any) -> None:
    groups = [file.metadata.row_group(at).total_byte_size for at in range(file.num_row_groups)]
    if sum(groups) > _UNPACKED_FREE + RATIO_LIMIT * part.path.stat().st_size:
        raise InputError(f"{part}: unpacks to more than {RATIO_LIMIT} times its size; refused")
    if max(groups, default=0) > _GROUP_LIMIT:
        limit = _GROUP_LIMIT >> 20
        raise InputError(f"{part}: a group of rows of more than {limit} MiB; write smaller groups")
    if len(file.schema_arrow.names) > COLUMNS_LIMIT:
        raise InputError(f"{part}: more than {COLUMNS_LIMIT:,} columns")


def _of(part: Part, file: Any) -> Iterator[tuple[int, Cells]]:
    number = 1
    yield number, Cells(file.schema_arrow.names)
    for batch in file.iter_batches(batch_size=_BATCH):
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            number += 1
            cells = _cells(values, f"{part}: row {number}")
            if any(cells):
                yield number, cells


def _cells(values: tuple[Any, ...], where: str) -> Cells:
    cells = Cells()
    numbers, remarks = set(), {}
    for at, value in enumerate(values):
        text = _text(value, where)
        if len(text) > CELL_LIMIT:
            raise InputError(f"{where}: a cell is longer than {CELL_LIMIT:,} characters")
        cells.append(text)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) and text:
            numbers.add(at)
            if isinstance(value, float):
                remarks[at] = FLOAT
    cells.numbers, cells.remarks = frozenset(numbers), remarks
    return cells


def _text(value: Any, where: str) -> str:
    """A value as text; a missing one, and a float that is no number, are empty."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is what is not itself
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, float):
        return plain(Decimal(repr(value))) if abs(value) != float("inf") else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    kind = type(value).__name__
    raise InputError(f"{where}: a {kind} is no text, number or date; write such columns as text")
