"""What is (I - A)^-1 b, and b' (I - A)^-1, for the input coefficients A of a table?

Up to some thousand sectors the inverse is made once, dense: national and world tables are full
enough for that. Larger or emptier tables are never inverted. There the sum of all rounds is taken,
b + A b + A A b + ..., which is what the inverse means: the first purchases, the purchases of those
who were bought from, and so on, until a round is too small to matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from spillover.graph.errors import InputError
from spillover.queries.sectors.printed import Ints, Reals, summed

if TYPE_CHECKING:
    from scipy.sparse import csr_array

DENSE: Final = 4_000
"""Most sectors whose inverse is made."""
_SMALL: Final = 500
"""So few sectors are always inverted."""
_FULL: Final = 0.02
"""Larger tables are inverted when at least this part of A is not 0."""
_ROUNDS: Final = 20_000
_ENOUGH: Final = 1e-14
"""A round is too small to matter when it is below this part of the sum."""
_DIVERGED: Final = 1e12


class System(Protocol):
    """The inverse of I - A, applied. Right-hand sides are vectors of n, or n rows by k columns."""

    words: str
    """How it is solved, for people."""

    def solve(self, right: Reals) -> Reals:
        """L b: the output that final demand b calls for, upstream."""
        ...

    def solve_back(self, right: Reals) -> Reals:
        """L' b: sums over the output that one unit of each sector's final demand calls for."""
        ...

    def columns(self, rows: Ints) -> Reals:
        """L[:, rows]."""
        ...

    def lines(self, rows: Ints) -> Reals:
        """L[rows, :], transposed: a column for each row asked for."""
        ...


def system(
    size: int, ends: tuple[Ints, Ints], values: Reals, *, dense: bool | None = None
) -> System:
    """The system of these coefficients.

    Args:
        size: n, the number of sectors.
        ends: sellers and buyers, one element for each coefficient.
        values: the coefficients.
        dense: whether to make the inverse; None: where it pays.

    Raises:
        InputError: I - A has no inverse, as some group of sectors uses all that it makes.
    """
    if dense is None:
        full = len(values) >= _FULL * size * size
        dense = size <= _SMALL or (size <= DENSE and full)
    return Inverse(size, ends, values) if dense else Rounds(size, ends, values)


def solved(
    size: int, ends: tuple[Ints, Ints], values: Reals, *, right: Reals, dense: bool
) -> Reals:
    """L b for one b, where no more is wanted of these coefficients.

    Raises:
        InputError: as :func:`system`.
    """
    if not dense:
        return Rounds(size, ends, values).solve(right)
    try:
        return np.asarray(np.linalg.solve(_less(size, ends, values), right), np.float64)
    except np.linalg.LinAlgError as error:
        raise _no_inverse() from error


def _less(size: int, ends: tuple[Ints, Ints], values: Reals) -> Reals:
    """I - A as a matrix."""
    flat = -summed(ends[0] * size + ends[1], values, size * size)
    flat[:: size + 1] += 1
    return flat.reshape(size, size)


class Inverse:
    """L, made once."""

    words = "dense inverse"

    def __init__(self, size: int, ends: tuple[Ints, Ints], values: Reals) -> None:
        try:
            self._inverse = np.asarray(np.linalg.inv(_less(size, ends, values)), np.float64)
        except np.linalg.LinAlgError as error:
            raise _no_inverse() from error

    def solve(self, right: Reals) -> Reals:
        """See :class:`System`."""
        return np.asarray(self._inverse @ right)

    def solve_back(self, right: Reals) -> Reals:
        """See :class:`System`."""
        return np.asarray(self._inverse.T @ right)

    def columns(self, rows: Ints) -> Reals:
        """See :class:`System`."""
        return self._inverse[:, rows]

    def lines(self, rows: Ints) -> Reals:
        """See :class:`System`."""
        return self._inverse[rows].T


class Rounds:
    """L, never made: sums of rounds over a sparse matrix."""

    words = "sum of rounds over a sparse matrix"

    def __init__(self, size: int, ends: tuple[Ints, Ints], values: Reals) -> None:
        from scipy.sparse import csr_array

        self._size = size
        self._matrix: csr_array = csr_array((values, ends), (size, size))
        self._back: csr_array = csr_array(self._matrix.T)

    def solve(self, right: Reals) -> Reals:
        """See :class:`System`."""
        return self._sum(self._matrix, right)

    def solve_back(self, right: Reals) -> Reals:
        """See :class:`System`."""
        return self._sum(self._back, right)

    def columns(self, rows: Ints) -> Reals:
        """See :class:`System`."""
        return self.solve(self._units(rows))

    def lines(self, rows: Ints) -> Reals:
        """See :class:`System`."""
        return self.solve_back(self._units(rows))

    def _units(self, rows: Ints) -> Reals:
        units = np.zeros((self._size, len(rows)))
        units[rows, np.arange(len(rows))] = 1
        return units

    @staticmethod
    def _sum(matrix: csr_array, right: Reals) -> Reals:
        total = np.array(right, np.float64)
        term = total
        first = float(np.abs(total).max(initial=0.0))
        for _ in range(_ROUNDS):
            term = np.asarray(matrix @ term)
            total += term
            size = float(np.abs(term).max(initial=0.0))
            if size <= _ENOUGH * float(np.abs(total).max(initial=0.0)):
                return total
            if size > _DIVERGED * first:
                break
        raise _no_inverse()


def _no_inverse() -> InputError:
    return InputError(
        "the table cannot be solved: some sectors together buy all that they make, or more;"
        " look for inputs above output with `spillover quarantine`"
    )
