"""What solves v = b + M v for what is left of a core, where elimination would fill it up?

Small ones are eliminated row by row, without a subtraction. Larger ones are summed walk by walk,
b + M b + M M b + ..., each term smaller than the last. Where the terms hardly shrink, GMRES goes on
from the sum so far, and a sparse LU answers where that gets stuck: slow, and right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    Sparse = csr_array[Any, tuple[int, int]]
    Reals = npt.NDArray[np.float64]

_SMALL: Final = 600
_PRECISION: Final = 1e-12
_ACCEPTED: Final = 1e-11
_SWEEPS: Final = 1500
_GLANCE: Final = 50
_RESTARTS: Final = 6


class Dense:
    """Elimination row by row; 1 less what a row holds of itself is its loss and all its edges."""

    def __init__(self, matrix: npt.NDArray[Any], loss: Reals) -> None:
        self._edges = matrix
        self._pivot = np.empty(len(loss))
        loss = loss.copy()
        with np.errstate(divide="ignore", invalid="ignore"):
            for at in range(len(loss)):
                after = slice(at + 1, None)
                self._pivot[at] = loss[at] + matrix[at, after].sum()
                through = matrix[after, at] / self._pivot[at]
                matrix[after, after] += np.outer(through, matrix[at, after])
                loss[after] += through * loss[at]

    def solve(self, right: Reals, *, turned: bool) -> Reals:
        """The solution for right-hand sides in columns; ``turned``: of the transpose."""
        edges = self._edges.T if turned else self._edges
        value, pivot = right.copy(), self._pivot
        for at in range(len(value)):
            value[at] /= pivot[at]
            value[at + 1 :] += np.outer(edges[at + 1 :, at], value[at])
        for at in reversed(range(len(value))):
            value[at] += edges[at, at + 1 :] @ value[at + 1 :] / pivot[at]
        return value


class Series:
    """The sum over walks, and what stands in for it where it takes too long."""

    def __init__(self, matrix: Sparse) -> None:
        self._matrix = matrix
        self._factor: Any = None

    def solve(self, right: Reals, *, turned: bool) -> Reals:
        """The solution for right-hand sides in columns; ``turned``: of the transpose."""
        matrix = self._matrix.T.tocsr() if turned else self._matrix
        value, done = self._summed(matrix, right)
        if not done:
            for column in range(right.shape[1]):
                value[:, column] = self._hard(matrix, right[:, column], value[:, column])
        return value

    def _summed(self, matrix: Sparse, right: Reals) -> tuple[Reals, bool]:
        """The sum of the series, and whether it came to an end."""
        value, term = right.copy(), right
        size = np.inf
        for sweep in range(_SWEEPS):
            term = matrix @ term
            value += term
            now = float(np.abs(term).max(initial=0))
            if now <= _PRECISION * float(np.abs(value).max(initial=0)):
                return value, True
            if sweep % _GLANCE == _GLANCE - 1:
                shrunk, size = now / size, now
                if not shrunk ** (_SWEEPS / _GLANCE) < _PRECISION:
                    break
        return value, False

    def _hard(self, matrix: Sparse, right: Reals, start: Reals) -> Reals:
        from scipy.sparse import eye_array
        from scipy.sparse.linalg import gmres, splu

        system = (eye_array(len(right)) - matrix).tocsr()
        largest = float(np.abs(right).max(initial=0))
        if self._factor is None and largest:
            scale = right / largest
            found, _ = gmres(
                system, scale, start / largest, rtol=_ACCEPTED, restart=_GLANCE, maxiter=_RESTARTS
            )
            if np.abs(scale - system @ found).max() <= _ACCEPTED * max(1, np.abs(found).max()):
                return np.asarray(found * largest)
            self._factor = splu(system.tocsc())
        return np.asarray(self._factor.solve(right)) if largest else right


def remains(matrix: Sparse, loss: Reals) -> Dense | Series:
    """What solves for a matrix of this size, given what its rows lack to 1."""
    return Dense(matrix.toarray(), loss) if len(loss) <= _SMALL else Series(matrix)
