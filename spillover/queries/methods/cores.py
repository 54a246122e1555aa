"""Which values satisfy v = b + M v where everything waits for everything else.

Rows of which no two share an edge are eliminated together, those first that make few new edges:
v = b + M v for the others then holds with the walks through the eliminated rows added to M. Each
round is two sparse products, and rounds go on while M does not fill up. What is left is small and
solved densely, or summed walk by walk (the sum converges, and faster than that of the whole), or,
where walks hardly lose anything, handed to GMRES and at last to a sparse LU.

Nothing is ever subtracted. What a row passes on to nobody, its loss, is known exactly from whole
units and goes through the elimination as a column of its own; 1 - d, for a row that holds a part d
of itself, is then the sum of its loss and of what it passes on (Grassmann, Taksar, Heyman,
Operations Research 33, 1985; Alfa, Xue, Ye, Mathematics of Computation 71, 2002). So a cycle of
99.999999 % comes out as precisely as one of 10 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Flags, Ints
from spillover.queries.methods.remains import remains

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    Sparse = csr_array[Any, tuple[int, int]]
    Reals = npt.NDArray[np.float64]

TOLERANCE: Final = 1e-9
"""Greatest residual of an answer, relative to its largest value."""
ENDLESS: Final = 1e8
"""A core that makes more of a unit than this, with sums over 100 %, is taken for unbounded."""

_REFINED: Final = 1e-11
_SMALL: Final = 200
_NEW_EDGES: Final = 10
_FEWEST: Final = 0.05
_FILLED: Final = 1.1


class Solved(NamedTuple):
    """Values of a middle, the members of the closed cycles that b reaches, and the residual."""

    value: Reals
    closed: tuple[Ints, ...]
    residual: float


class Cores:
    """A matrix M on which b can be solved for, several at once.

    Args:
        size: number of rows.
        ends: tail and head of each edge.
        units: its share, above zero.
    """

    def __init__(self, size: int, ends: tuple[Ints, Ints], units: Ints) -> None:
        from scipy.sparse import csr_array

        tail, head = ends
        self._matrix: Sparse = csr_array((units / WHOLE, (head, tail)), (size, size))
        self._closed = self._unbounded(ends, units)
        alive = np.ones(size, bool)
        for members in self._closed:
            alive[members] = False
        self._alive = np.flatnonzero(alive)
        inner = np.where(alive[tail] & alive[head], units, 0)
        into, out = (np.bincount(end, inner, size)[self._alive] for end in (head, tail))
        # Where rows take more than the whole but pass on no more, the transpose is eliminated.
        self._turned = bool((into > WHOLE).any() and (out <= WHOLE).all())
        matrix = _within(self._matrix, self._alive)
        loss = (WHOLE - (out if self._turned else into)) / WHOLE
        self._factor = Factor(matrix.T.tocsr() if self._turned else matrix, loss)

    def _unbounded(self, ends: tuple[Ints, Ints], units: Ints) -> list[Ints]:
        """Members of each closed cycle: cores of which all that goes in comes round again."""
        from scipy.sparse.csgraph import connected_components

        tail, head = ends
        size = self._matrix.shape[0]
        count, self._part = connected_components(self._matrix, connection="strong")
        part = self._part
        share = np.where(part[tail] == part[head], units, 0)
        into, out = (np.bincount(end, share, size) for end in (head, tail))
        least = [_extreme(np.minimum, sums, part, count) for sums in (into, out)]
        most = [_extreme(np.maximum, sums, part, count) for sums in (into, out)]
        # Where no row passes on more than all of it and one passes less, something is lost.
        full = ((least[0] == WHOLE) & (most[0] == WHOLE)) | (
            (least[1] == WHOLE) & (most[1] == WHOLE)
        )
        over = (most[0] > WHOLE) & (most[1] > WHOLE)
        suspects = np.flatnonzero(full | over)
        members = [np.flatnonzero(part == number) for number in suspects]
        return [m for m, n in zip(members, suspects, strict=True) if full[n] or self._endless(m)]

    def _endless(self, members: Ints) -> bool:
        """Whether walks inside a core add up to no finite number: no positive v has v = 1 + M v."""
        matrix = _within(self._matrix, members)
        with np.errstate(all="ignore"):
            value = Factor(matrix, 1 - matrix.sum(axis=1)).solve(np.ones((len(members), 1)))
            rest = np.abs(1 + matrix @ value - value).max(initial=0)
        usual = np.isfinite(value).all() and value.min() >= 1 and value.max() <= ENDLESS
        return not (usual and rest <= TOLERANCE * value.max())

    def cycles(self) -> tuple[Ints, ...]:
        """The members of each core: several rows, or one with a share of itself."""
        several = np.bincount(self._part)[self._part] > 1
        rows = np.flatnonzero(several | (self._matrix.diagonal() > 0))
        rows = rows[np.argsort(self._part[rows], kind="stable")]
        cuts = np.flatnonzero(np.diff(self._part[rows])) + 1
        return tuple(np.split(rows, cuts)) if len(rows) else ()

    def solve(self, right: Reals) -> Solved:
        """Values for right-hand sides in columns; infinite from the closed cycles on."""
        alive = self._alive
        value = np.zeros_like(right)
        value[alive] = self._factor.solve(right[alive], turned=self._turned)
        left = (right + self._matrix @ value - value)[alive]
        largest = max(float(value.max(initial=0)), float(right.max(initial=0)))
        if np.abs(left).max(initial=0) > _REFINED * largest:
            value[alive] += self._factor.solve(left, turned=self._turned)
            left = (right + self._matrix @ value - value)[alive]
        residual = float(np.abs(left).max(initial=0)) / largest if largest else 0.0
        closed: tuple[Ints, ...] = ()
        if self._closed:
            reached = self._spread(right > 0)
            closed = tuple(m for m in self._closed if reached[m].any())
            begun = np.zeros_like(reached)
            for members in closed:
                begun[members] = reached[members]
            value[self._spread(begun)] = np.inf
        return Solved(value, closed, residual)

    def _spread(self, begun: Flags) -> Flags:
        """Everything that these rows reach, column by column."""
        reached = begun
        while True:
            wider = reached | (self._matrix @ reached.astype(np.float64) > 0)
            if (wider == reached).all():
                return reached
            reached = wider


class _Round(NamedTuple):
    """One round of elimination: who went, who stayed, and the edges between them."""

    gone: Ints
    kept: Ints
    scale: Reals
    """What a walk that comes straight back to its row multiplies: 1 / (1 - d)."""
    from_kept: Sparse
    to_kept: Sparse


class Factor:
    """Elimination of a matrix as far as it stays sparse.

    Args:
        matrix: M, not negative.
        loss: what each row of it lacks to 1.
    """

    def __init__(self, matrix: Sparse, loss: npt.NDArray[Any]) -> None:
        self._rounds: list[_Round] = []
        limit, filled = _NEW_EDGES, _FILLED * matrix.nnz
        matrix, loss, scale = _unlooped(matrix, loss)
        while matrix.shape[0] > _SMALL and matrix.nnz <= filled:
            chosen = _independent(matrix, limit)
            if chosen.sum() < _FEWEST * len(chosen):
                limit *= 2
                if limit > len(chosen):
                    break
                continue
            gone, kept = np.flatnonzero(chosen), np.flatnonzero(~chosen)
            out_of, into = matrix[gone][:, kept], matrix[kept][:, gone]
            self._rounds.append(_Round(gone, kept, scale, out_of, into))
            matrix = (matrix[kept][:, kept] + into @ out_of).tocsr()
            matrix, loss, scale = _unlooped(matrix, loss[kept] + into @ loss[gone])
        self._last, self._scale = remains(matrix, loss), scale

    def solve(self, right: Reals, *, turned: bool = False) -> Reals:
        """The solution for right-hand sides in columns; ``turned``: of the transpose."""
        sides: list[Reals] = []
        for gone, kept, scale, out_of, into in self._rounds:
            right = right if turned else right * scale[:, None]
            sides.append(right[gone])
            right = right[kept] + (out_of.T if turned else into) @ right[gone]
        value = self._last.solve(right if turned else right * self._scale[:, None], turned=turned)
        value = value * self._scale[:, None] if turned else value
        for (gone, kept, scale, out_of, into), side in zip(
            reversed(self._rounds), reversed(sides), strict=True
        ):
            whole = np.empty((len(gone) + len(kept), value.shape[1]))
            whole[kept] = value
            whole[gone] = side + (into.T if turned else out_of) @ value
            value = whole * scale[:, None] if turned else whole
        return value


def _independent(matrix: Sparse, limit: int) -> Flags:
    """Rows without an edge between them whose elimination makes at most so many new edges."""
    size = matrix.shape[0]
    coming = np.diff(matrix.indptr).astype(np.int64)
    head, tail = np.repeat(np.arange(size), coming), matrix.indices
    going = np.bincount(tail, minlength=size)
    new = coming * going - coming - going
    cheap = new <= limit
    last = np.iinfo(np.int64).max
    order = np.random.default_rng(size).permutation(size)
    rank = np.where(cheap, (new - new.min(initial=0)) * size + order, last)
    both = cheap[head] & cheap[tail]
    head, tail = head[both], tail[both]
    first = np.full(size, last)
    np.minimum.at(first, head, rank[tail])
    np.minimum.at(first, tail, rank[head])
    return rank < first


def _unlooped(matrix: Sparse, loss: Reals) -> tuple[Sparse, Reals, Reals]:
    """Matrix and loss with the walks that come straight back summed up, and their factor."""
    from scipy.sparse import diags_array

    own = matrix.diagonal()
    if not own.any():
        return matrix, loss, np.ones(len(own))
    matrix = matrix.copy()
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    scale = np.ones(len(own))
    with np.errstate(divide="ignore"):
        np.divide(1, loss + matrix.sum(axis=1), out=scale, where=own > 0)
    return (diags_array(scale) @ matrix).tocsr(), loss * scale, scale


def _within(matrix: Sparse, rows: Ints) -> Sparse:
    return matrix if len(rows) == matrix.shape[0] else matrix[rows][:, rows]


def _extreme(which: np.ufunc, sums: npt.NDArray[Any], part: npt.NDArray[Any], count: int) -> Reals:
    found = np.full(count, np.inf if which is np.minimum else -np.inf)
    which.at(found, part, sums)
    return found
