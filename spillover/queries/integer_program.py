"""How is a mixed integer program written down and handed to the solver (HiGHS, by SciPy)?"""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from spillover.graph.errors import SpilloverError

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy.sparse import csr_array

    Values = npt.NDArray[np.float64]


_FAILED: Final = 4
"""What ``scipy.optimize.milp`` calls every other end."""


class Row(NamedTuple):
    """A sum of columns with its bounds."""

    terms: tuple[tuple[int, float], ...]
    low: float = -math.inf
    high: float = math.inf


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver found."""

    values: Values | None
    """One for each column; None: no solution was found in time."""
    bound: float
    """No solution costs less; minus infinity where nothing is known."""
    feasible: bool
    """False: proven that there is no solution."""


class Program:
    """Columns between bounds and rows, to be minimised under a cost given later."""

    def __init__(self) -> None:
        self._tops: list[float] = []
        self._whole: list[bool] = []
        self.rows: list[Row] = []

    def column(self, top: float = 1.0, *, whole: bool = False) -> int:
        """A new column from 0 to ``top``; ``whole``: only whole numbers."""
        self._tops.append(top)
        self._whole.append(whole)
        return len(self._tops) - 1

    def row(
        self, terms: Mapping[int, float], low: float = -math.inf, high: float = math.inf
    ) -> None:
        """Ask that a sum of columns lies between bounds."""
        self.rows.append(Row(tuple(terms.items()), low, high))

    def solve(
        self, cost: Mapping[int, float], more: Iterable[Row] = (), seconds: float = math.inf
    ) -> Solved:
        """A solution of the least cost.

        Args:
            cost: what one of a column costs; 0 for the others.
            more: rows for this time only.
            seconds: when to give up.

        Raises:
            SpilloverError: the solver failed.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp

        rows = [*self.rows, *more]
        costs = np.zeros(len(self._tops))
        costs[list(cost)] = list(cost.values())
        ends = [row.low for row in rows], [row.high for row in rows]
        for presolve in (True, False):  # rarely the solver fails on what it has made simpler
            with _silent():
                found = milp(
                    costs,
                    integrality=np.array(self._whole, np.int64),
                    bounds=Bounds(0, np.array(self._tops)),
                    constraints=LinearConstraint(_matrix(rows, len(costs)), *ends) if rows else (),
                    options={
                        "time_limit": max(seconds, 0.01),
                        "mip_rel_gap": 0.0,
                        "presolve": presolve,
                    },
                )
            if found.status != _FAILED:
                break
        if found.status == 2:  # noqa: PLR2004 - documented by scipy.optimize.milp: infeasible
            return Solved(None, math.inf, feasible=False)
        if found.status not in {0, 1}:
            raise SpilloverError(f"the solver gave up: {found.message}; ask for less at a time")
        bound = found.get("mip_dual_bound")
        if found.status == 0 and bound is None:
            bound = found.fun
        return Solved(found.x, -math.inf if bound is None else float(bound), feasible=True)


def _matrix(rows: list[Row], columns: int) -> csr_array:
    """The rows as a sparse matrix."""
    from scipy.sparse import csr_array

    counts = [len(row.terms) for row in rows]
    starts = np.concatenate([[0], np.cumsum(counts)])
    terms = [term for row in rows for term in row.terms]
    at = np.array([column for column, _ in terms], np.int64)
    values = np.array([value for _, value in terms], np.float64)
    return csr_array((values, at, starts), shape=(len(rows), columns))


@contextmanager
def _silent() -> Iterator[None]:
    """Keep what the solver writes by itself out of the answer.

    HiGHS prints a line to the standard output of the process when it repairs a solution, whatever
    its options say; C buffers it, so that it would appear after everything else.
    """
    flush = ctypes.CDLL(None).fflush if os.name == "posix" else ctypes.cdll.msvcrt.fflush
    flush(None)
    kept = os.dup(1)
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device, not a path
            os.dup2(nowhere.fileno(), 1)
            try:
                yield
            finally:
                flush(None)
                os.dup2(kept, 1)
    finally:
        os.close(kept)
