"""Input-output measures done plainly: dense matrices, every case solved anew. And tables to try.

Nothing here is shared with the package but the types that carry a table in and an answer out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from spillover.graph.evidence import Dataset
from spillover.graph.rows import Load
from spillover.loaders.context import Options
from spillover.loaders.run import run
from spillover.queries.sectors.printed import Sector
from spillover.queries.sectors.table import Flows, Signals, Table

Reals = npt.NDArray[np.float64]

LOAD = Load(1, Dataset("io", "A table"), "io_table", "", "", 0, 0, 0, 0, 0, 0, 0, None)


def sectors(countries: Sequence[str], industries: Sequence[str]) -> tuple[Sector, ...]:
    """Sectors of every country, industry by industry."""
    names = [(country, industry) for country in countries for industry in industries]
    return tuple(
        Sector(number, f"io_table:{c}_{i}", f"{i}, {c}", c, c, i)
        for number, (c, i) in enumerate(names, 1)
    )


def table(z: Any, x: Any, *, cells: Any = None, of: tuple[Sector, ...] | None = None) -> Table:
    """A table from its flows and outputs; final demand is what is left, or these columns."""
    flow, output = np.array(z, np.float64), np.array(x, np.float64)
    size = len(output)
    seller, buyer = (ends.astype(np.int64) for ends in np.nonzero(flow))
    busy = output[buyer] > 0
    seller, buyer = seller[busy], buyer[busy]
    left = output - np.bincount(seller, flow[seller, buyer], size)
    wanted = left[:, None] if cells is None else np.array(cells, np.float64)
    row, column = (ends.astype(np.int64) for ends in np.nonzero(wanted))
    demand = wanted.sum(axis=1)
    bought = np.bincount(buyer, flow[seller, buyer], size)
    signals = Signals((), 0, (), (), 0, 0.0, True, left - demand, None, size, 0.0)
    return Table(
        LOAD,
        "2011",
        of or sectors(["A"], [f"i{n}" for n in range(size)]),
        output,
        demand,
        (row, column, wanted[row, column]),
        np.where(output > 0, output - bought, 0.0),
        Flows(seller, buyer, flow[seller, buyer], np.arange(len(seller))),
        signals,
    )


def coefficients(z: Any, x: Any) -> Reals:
    """A: every column of flows by its output; no column where the output is 0."""
    flow, output = np.array(z, np.float64), np.array(x, np.float64)
    return np.divide(flow, output, out=np.zeros_like(flow), where=output > 0)


def leontief(z: Any, x: Any, lost: Any) -> Reals:
    """Output before less output after final demand falls by so much, both by inv(I - A) f."""
    a = coefficients(z, x)
    final = np.array(x) - a @ np.array(x)
    inverse = np.linalg.inv(np.eye(len(a)) - a)
    return np.asarray(inverse @ final - inverse @ (final - np.array(lost)))


def ghosh(z: Any, x: Any, lost: Any) -> Reals:
    """Output before less output after value added falls by so much, both by v' inv(I - B)."""
    output = np.array(x, np.float64)
    a = coefficients(z, x)
    b = np.divide(a * output, output[:, None], out=np.zeros_like(a), where=output[:, None] > 0)
    added = output - (a * output).sum(axis=0)
    inverse = np.linalg.inv(np.eye(len(b)) - b)
    return np.asarray(added @ inverse - (added - np.array(lost)) @ inverse)


def without(z: Any, x: Any, rows: Iterable[int]) -> Reals:
    """Loss when rows, columns and final demand of some sectors are struck out of the table."""
    a, output = coefficients(z, x), np.array(x, np.float64)
    final = output - a @ output
    rest = np.setdiff1d(np.arange(len(a)), list(rows))
    after = np.zeros(len(a))
    inner = np.eye(len(rest)) - a[np.ix_(rest, rest)]
    after[rest] = np.linalg.inv(inner) @ final[rest]
    return np.asarray(output - after)


def smaller(z: Any, x: Any, rows: Iterable[int], part: float) -> Reals:
    """Loss when some sectors sell so much less of everything, to sectors and finally."""
    a, output = coefficients(z, x), np.array(x, np.float64)
    kept = np.ones(len(a))
    kept[list(rows)] = 1 - part
    final = output - a @ output
    return np.asarray(output - np.linalg.inv(np.eye(len(a)) - kept[:, None] * a) @ (kept * final))


def replaced(found: Table, rows: Iterable[int], part: float) -> Reals:
    """The same loss where the other sellers of the industry fill in, cell by cell."""
    size, hit = found.size, set(rows)
    flow = np.zeros((size, size))
    flow[found.flows.seller, found.flows.buyer] = found.flows.value
    final = np.zeros((size, int(found.cells[1].max(initial=0)) + 1))
    final[found.cells[0], found.cells[1]] = found.cells[2]
    for matrix in (flow, final):
        for column in range(matrix.shape[1]):
            before = matrix[:, column].copy()
            for seller in hit:
                missing = part * before[seller]
                matrix[seller, column] -= missing
                peers = [
                    row
                    for row in range(size)
                    if row not in hit
                    and found.sectors[row].industry == found.sectors[seller].industry
                ]
                whole = before[peers].sum()
                for row in peers if whole > 0 else ():
                    matrix[row, column] += missing * before[row] / whole
    a = coefficients(flow, found.output)
    after = np.linalg.inv(np.eye(size) - a) @ final.sum(axis=1)
    return np.asarray(found.output - after)


@st.composite
def tables(draw: st.DrawFn, *, most: int = 7, idle: bool = True) -> tuple[Any, Any]:
    """Flows and outputs of a table in which every busy sector adds value; some sectors are idle."""
    size = draw(st.integers(1, most))
    cells = st.sampled_from([0, 0, 0, 1, 2, 5, 9])
    z = np.array(draw(st.lists(cells, min_size=size * size, max_size=size * size)), np.float64)
    z = z.reshape(size, size)
    x = np.maximum(z.sum(axis=0), z.sum(axis=1))
    x += np.array(draw(st.lists(st.integers(1, 9), min_size=size, max_size=size)))
    if idle and size > 1 and draw(st.booleans()):
        z[0], z[:, 0], x[0] = 0, 0, 0
    return z, x


def some(size: int) -> st.SearchStrategy[list[int]]:
    """Some of the sectors, at least one."""
    rows = st.lists(st.integers(0, size - 1), min_size=1, max_size=size, unique=True)
    return rows.map(sorted)


def loaded(folder: Path, *, name: str = "", date: str = "2011", **arrays: Any) -> Path:
    """A graph with a table of these arrays: Z, and perhaps F, x, v, countries, industries."""
    size = len(arrays["Z"])
    arrays = {
        "countries": ["AUS", "TWN"][: 1 + (size % 2 == 0)],
        "industries": [f"c{n}" for n in range(1, 1 + size // (1 + (size % 2 == 0)))],
    } | arrays
    file = folder / f"{name or 'table'}.npz"
    packed: dict[str, Any] = {key: np.array(value) for key, value in arrays.items()}
    np.savez_compressed(file, **packed)
    graph = folder / "graph.db"
    run(graph, "io_table", [file], options=Options(name=name or None, date=date))
    return graph
