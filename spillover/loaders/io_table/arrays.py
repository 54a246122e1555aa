"""How is an input-output table read from the arrays of an NPZ file.

``Z`` holds the flows between sectors, ``F`` the final demand, ``x`` the output and perhaps ``v``
the value added; ``countries`` and ``industries`` name the sectors, industry by industry within a
country. Arrays are read row by row, or whole where they are stored by columns; one of Python
objects is refused, as reading it would run code.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

from spillover.graph.errors import InputError
from spillover.loaders.context import Context
from spillover.loaders.io_table.grid import TABLES, Grid, Row, Rows
from spillover.loaders.reading.files import Part, opened
from spillover.loaders.reading.trade import period

_MEMBER: Final = ".npy"
_SECTORS: Final = 20_000
"""Most rows or columns of an array; the largest published tables have some 15,000."""
_WHOLE: Final = 256 * 1024 * 1024
"""Most bytes that are held at once: of a row, or of an array that is stored by columns."""
_MAGIC: Final = b"\x93NUMPY"
_FIRST: Final = b"\x01\x00"
"""Version of the format whose heads state their length in two bytes; later ones, in four."""
_LONGEST: Final = 10_000
_SHOWN: Final = 40
_HEAD: Final = re.compile(
    rb"\{'descr': ('[ -&(-~]*'|\[[ -~]*\]), 'fortran_order': (True|False),"
    rb" 'shape': \(((?:\d{1,9}, ?)*(?:\d{1,9})?)\),? ?\}\s*"
).fullmatch
_KIND: Final = re.compile(r"'[<>=|]?[iufU]\d{1,9}'", re.ASCII).fullmatch


@dataclass(frozen=True)
class _Array:
    """One array whose head has been read."""

    part: Part
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    by_columns: bool
    stream: IO[bytes]

    def rows(self) -> Iterator[list[str]]:
        """Its rows as texts; of a single dimension, one row of all."""
        *_, count, width = 1, 1, *self.shape
        if self.by_columns:
            whole = self._read(count * width).reshape(width, count)
            for number in range(count):
                yield _printed(whole[:, number])
            return
        for _ in range(count):
            yield _printed(self._read(width))

    def _read(self, count: int) -> npt.NDArray[Any]:
        size = count * self.dtype.itemsize
        data = self.stream.read(size)
        if len(data) < size:
            raise InputError(f"{self.part}: cut off; fetch it again")
        return np.frombuffer(data, self.dtype)


def _printed(values: npt.NDArray[Any]) -> list[str]:
    """Numbers as the shortest texts that mean them; one without a fraction as its digits."""
    if values.dtype.kind != "f":
        return [str(value) for value in values.tolist()]
    return [str(int(value)) if value.is_integer() else str(value) for value in values.tolist()]


def arrays(parts: Iterable[Part], context: Context) -> Grid:
    """The table of the members of one NPZ file.

    Raises:
        InputError: an array is missing, of Python objects, too large, or of the wrong shape.
    """
    found: dict[str, Part] = {}
    for part in parts:
        what = TABLES["arrays"].get(part.member.removesuffix(_MEMBER))
        if what:
            found[what] = part
        else:
            context.note("unknown field", f"arrays: {part.member}", str(part))
    archive = next(iter(found.values()), None)
    for what in ("flows", "countries", "industries"):
        if what not in found:
            names = " or ".join(key for key, value in TABLES["arrays"].items() if value == what)
            raise InputError(f"{archive and archive.path}: no array {names} of {what}")
    assert archive is not None
    return _grid(archive.path.name, found)


def _grid(name: str, found: dict[str, Part]) -> Grid:
    countries, industries = _texts(found["countries"]), _texts(found["industries"])
    sectors = [(country, industry) for country in countries for industry in industries]
    width = _width(found["flows"], len(sectors), len(sectors))
    demand = _width(found["demand"], len(sectors), None) if "demand" in found else 0
    labels = [f"{country}_{industry}" for country, industry in sectors]
    columns = labels + _demand(countries, demand) + (["OUT"] if "output" in found else [])
    output = _texts(found["output"]) if "output" in found else []
    if output and len(output) != width:
        raise InputError(f"{found['output']}: {len(output)} outputs of {width} sectors")
    added = _texts(found["value_added"]) if "value_added" in found else []
    if added and len(added) != width:
        raise InputError(f"{found['value_added']}: value added of {len(added)} of {width} sectors")

    def rows() -> Rows:
        with _array(found["flows"]) as flows:
            if "demand" not in found:
                yield from _rows(flows.rows(), ([] for _ in sectors))
                return
            with _array(found["demand"]) as wanted:
                yield from _rows(flows.rows(), wanted.rows())

    def _rows(flows: Iterator[list[str]], wanted: Iterable[list[str]]) -> Rows:
        for number, (flow, final) in enumerate(zip(flows, wanted, strict=True)):
            cells = [*flow, *final, *output[number : number + 1]]
            yield f"row {number + 1}", Row(labels[number], cells, *sectors[number])
        if added:
            yield "value added", Row("VA", [*added, *[""] * (len(columns) - len(added))])

    year = period("".join(_texts(found["year"])[:1])) if "year" in found else ""
    return Grid(name, tuple(columns), rows, year)


def _demand(countries: list[str], width: int) -> list[str]:
    """Labels of final demand: by country where the columns divide among the countries."""
    each, rest = divmod(width, len(countries))
    if rest:
        return [f"all_final demand {number + 1}" for number in range(width)]
    return [f"{country}_final demand {n + 1}" for country in countries for n in range(each)]


def _width(part: Part, rows: int, columns: int | None) -> int:
    with _array(part) as array:
        shape = array.shape
    fits = len(shape) == len(("rows", "columns")) and shape[0] == rows
    if not fits or columns not in {None, shape[-1]}:
        raise InputError(
            f"{part}: shape {shape}; expected {rows} rows, one for each industry of each country"
        )
    return shape[1]


def _texts(part: Part) -> list[str]:
    with _array(part) as array:
        return [text for row in array.rows() for text in row]


@contextmanager
def _array(part: Part) -> Iterator[_Array]:
    """An array behind its head, within limits; its head is matched, not evaluated."""
    with opened(part) as stream:
        kind, by_columns, shape = _head(part, stream)
        try:
            dtype = np.dtype(kind.strip("'"))
        except (TypeError, ValueError) as error:
            raise InputError(
                f"{part}: no kind of array {kind[:_SHOWN]!r}; save it again"
            ) from error
        if len(shape) > len(("rows", "columns")) or any(not 0 < n <= _SECTORS for n in shape):
            raise InputError(f"{part}: shape {shape}; expected up to {_SECTORS:,} rows and columns")
        held = math.prod(shape if by_columns else shape[-1:]) * dtype.itemsize
        if not 0 < held <= _WHOLE:
            raise InputError(
                f"{part}: {held:,} bytes at once, more than {_WHOLE:,} or none; save it by rows,"
                " with numpy.ascontiguousarray"
            )
        yield _Array(part, shape, dtype, by_columns, stream)


def _head(part: Part, stream: IO[bytes]) -> tuple[str, bool, tuple[int, ...]]:
    """Kind of the values, whether they are stored by columns, and shape."""
    magic = stream.read(len(_MAGIC) + 2)
    size = int.from_bytes(stream.read(2 if magic[-2:] == _FIRST else 4), "little")
    head = stream.read(min(size, _LONGEST))
    match = _HEAD(head) if magic.startswith(_MAGIC) and len(head) == size else None
    if match is None:
        raise InputError(f"{part}: no NumPy array of numbers or texts, or cut off; save it again")
    kind, order, shape = (text.decode("ascii") for text in match.groups())
    if not _KIND(kind):
        raise InputError(
            f"{part}: an array of {kind[:_SHOWN]!r}; only numbers and texts are read, as others run"
            " code"
        )
    return kind, order == "True", tuple(map(int, re.findall(r"\d+", shape)))
