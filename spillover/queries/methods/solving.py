"""Which values satisfy v = b + M v on a graph with cycles, at the cost of what b reaches.

M has one entry for each edge: a share of the value at its tail enters the value at its head. The
rows that b reaches are peeled from both ends: a row that waits for nothing is computed at once, a
row on which nothing waits is computed last. Both take one pass. What is left between, the cores
and what connects them, is solved together (see :mod:`spillover.queries.methods.cores`).

Shares are whole units and not negative, so the sum over all walks either exists and is the
solution, or is infinite. It is infinite from a closed cycle on: a core whose members hold all of
each other. Such a core is found by exact sums, named, and never solved.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Flags, Ints

if TYPE_CHECKING:
    from spillover.queries.methods.cores import Cores

Reals = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class System:
    """The edges of M, by head and by tail."""

    size: int
    into: Ints
    """Where the edges into each row start, and after the last row their number."""
    tail: Ints
    """Tail of each edge, in order of head."""
    units: Ints
    """Share of each edge in millionths of a percent, in order of head."""
    out: Ints
    """Where the edges out of each row start."""
    head: Ints
    """Head of each edge, in order of tail."""


class Solution(NamedTuple):
    """The values of the rows that the right-hand sides reach; all other values are zero."""

    row: Ints
    value: Reals
    """One line for each row, one column for each right-hand side; infinite where unbounded."""
    closed: tuple[Ints, ...]
    """The rows of each closed cycle that some right-hand side reaches."""
    residual: float
    """Largest element of b + M v - v where v is finite, relative to the largest of v.

    It is measured in the cores. Elsewhere values are computed straight from those before them.
    """


def system(size: int, ends: tuple[Ints, Ints], units: Ints) -> System:
    """The system of these edges; ``ends`` are their tails and heads. Empty shares are left out."""
    kept = units > 0
    tail, head, units = ends[0][kept], ends[1][kept], units[kept]
    if (head[1:] < head[:-1]).any():
        order = np.argsort(head, kind="stable")
        tail, head, units = tail[order], head[order], units[order]
    into, out = _starts(head, size), _starts(tail, size)
    return System(size, into, tail, units, out, head[np.argsort(tail, kind="stable")])


def solve(made: System, rows: Ints, right: Reals) -> Solution:
    """The solution for b with these values at these rows, and zero elsewhere.

    Args:
        made: the edges.
        rows: distinct rows.
        right: a line for each of the rows, a column for each right-hand side; not negative.
    """
    return Plan(made, rows).solve(rows, right)


class _Group(NamedTuple):
    """Rows that wait for earlier groups only, with the edges along which they were found."""

    rows: Ints
    edges: Ints
    counts: Ints


class Plan:
    """In which order values are computed from some rows on: made once, used for many b.

    Args:
        made: the edges.
        rows: every b of this plan is zero at rows that these do not reach.
    """

    def __init__(self, made: System, rows: Ints) -> None:
        self._made = made
        self._place = np.empty(made.size, np.int64)
        waits, self.reached = self._reach(rows)
        self._first, left = self._peel(waits, self.reached, made.out, made.head)
        self._last: list[_Group] = []
        self._middle = self.reached[:0]
        self._inner: tuple[tuple[Ints, Ints], Ints]
        if left:
            self._plan_middle(waits)

    def _reach(self, rows: Ints) -> tuple[Ints, Ints]:
        """How many edges each row waits for, and the rows reached."""
        made, seen = self._made, np.zeros(self._made.size, bool)
        waits = np.zeros(made.size, np.int64)
        frontier = self._distinct(rows)
        parts = [frontier]
        seen[frontier] = True
        while len(frontier):
            heads = made.head[ranges(made.out, frontier)[0]]
            np.add.at(waits, heads, 1)
            frontier = self._distinct(heads[~seen[heads]])
            seen[frontier] = True
            parts.append(frontier)
        return waits, np.sort(np.concatenate(parts))

    def _peel(self, waits: Ints, rows: Ints, starts: Ints, ends: Ints) -> tuple[list[_Group], int]:
        """Rows in groups that wait only for earlier groups, and how many rows are left over."""
        groups: list[_Group] = []
        frontier, left = rows[waits[rows] == 0], len(rows)
        while len(frontier):
            edges, counts = ranges(starts, frontier)
            groups.append(_Group(frontier, edges, counts))
            left -= len(frontier)
            waits[frontier] = -1
            following = ends[edges]
            following = following[waits[following] > 0]
            np.subtract.at(waits, following, 1)
            frontier = self._distinct(following[waits[following] == 0])
        return groups, left

    def _plan_middle(self, waits: Ints) -> None:
        made = self._made
        rest = self.reached[waits[self.reached] > 0]
        below = np.zeros(made.size, np.int64)
        below[rest] = made.out[rest + 1] - made.out[rest]
        self._last, _ = self._peel(below, rest, made.into, made.tail)
        self._middle = rest[below[rest] > 0]
        edges, counts = ranges(made.into, self._middle)
        self._place[self._middle] = np.arange(len(self._middle))
        inside = below[made.tail[edges]] > 0
        head = np.repeat(np.arange(len(self._middle)), counts)[inside]
        tail = self._place[made.tail[edges[inside]]]
        self._inner = (tail, head), made.units[edges[inside]]

    @cached_property
    def _cores(self) -> Cores:
        from spillover.queries.methods.cores import Cores

        return Cores(len(self._middle), *self._inner)

    def solve(self, rows: Ints, right: Reals) -> Solution:
        """The solution for b with these values at these rows, which the plan must reach."""
        value = np.zeros((self._made.size, right.shape[1]))
        value[rows] = right
        for group in self._first:
            self._pull(value, group.rows, *ranges(self._made.into, group.rows))
        closed: tuple[Ints, ...] = ()
        residual = 0.0
        if len(self._middle):
            own = value[self._middle]
            value[self._middle] = 0
            self._pull(value, self._middle, *ranges(self._made.into, self._middle))
            found = self._cores.solve(value[self._middle] + own)
            value[self._middle] = found.value
            closed = tuple(self._middle[members] for members in found.closed)
            residual = found.residual
        for group in reversed(self._last):
            self._pull(value, *group)
        return Solution(self.reached, value[self.reached], closed, residual)

    def above_cores(self) -> Flags:
        """For each row whether what enters it reaches a core, or a row between two cores."""
        made = self._made
        above = np.zeros(made.size, bool)
        inside = np.zeros(made.size, bool)
        inside[self.reached] = True
        frontier = self._middle
        while len(frontier):
            above[frontier] = True
            tails = made.tail[ranges(made.into, frontier)[0]]
            frontier = self._distinct(tails[inside[tails] & ~above[tails]])
        return above

    def cycles(self) -> tuple[Ints, ...]:
        """The rows of each core, closed or not: of what goes in, a part comes round again."""
        found = self._cores.cycles() if len(self._middle) else ()
        return tuple(self._middle[members] for members in found)

    def _pull(self, value: Reals, rows: Ints, edges: Ints, counts: Ints) -> None:
        """Add to the value of each row what enters it along these edges, row after row."""
        entered, rows = counts[counts > 0], rows[counts > 0]
        if not len(rows):
            return
        starts = np.concatenate(([0], np.cumsum(entered)))
        share, tail = self._made.units[edges] / WHOLE, self._made.tail[edges]
        if value.shape[1] > 1:
            from scipy.sparse import csr_array

            value[rows] += csr_array((share, tail, starts), (len(rows), len(value))) @ value
        else:
            value[rows, 0] += np.add.reduceat(value[tail, 0] * share, starts[:-1])

    def _distinct(self, rows: Ints) -> Ints:
        """These rows without repeats."""
        number = np.arange(len(rows))
        self._place[rows] = number
        first: Ints = rows[self._place[rows] == number]
        return first


def ranges(starts: Ints, rows: npt.NDArray[Any]) -> tuple[Ints, Ints]:
    """The edges of several rows, row after row, and how many each row has."""
    first = starts[rows]
    counts = starts[rows + 1] - first
    edges = np.repeat(first - np.cumsum(counts) + counts, counts)
    edges += np.arange(len(edges))
    return edges, counts


def _starts(column: Ints, size: int) -> Ints:
    return np.concatenate(([0], np.cumsum(np.bincount(column, minlength=size)))).astype(np.int64)
