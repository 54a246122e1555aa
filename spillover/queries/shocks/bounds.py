"""Between which values lies the least solution of x = min(most, b + W x)?

No weight of W is negative, so two sequences enclose the solution. From below: x starts at zero,
and every step is a lower bound, because it is what comes together along all walks of so many
steps. From above: x starts at the cap wherever anything can arrive, and every step is an upper
bound.

Both meet. The map f is monotone and concave, and something arrives in every row that is not zero
for ever, so there it has one fixed point only. (Let u be the least, v the greatest, and t the
largest number with u >= t v. If t < 1, then u = f(..f(u)) >= t f(..f(v)) + (1 - t) f(..f(0)) > t v
in every row, so that t was not the largest.) Where cycles return almost all of what they get, both
sequences are slow; the rows that are still apart are then solved by Howard's policy iteration,
from above: each row is at its cap or linear, and is let go when it falls below the cap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from spillover.queries.shocks.hops import Flags, Ints

Reals = npt.NDArray[np.float64]

TOLERANCE: Final = 1e-9
"""Bounds nearer to each other than this are taken as met."""
_SETTLED: Final = 1e-13
"""What changes by less in one step changes no more."""
_STEPS: Final = 200
"""Steps before what is still apart is solved."""
_WORK: Final = 6_000_000
"""Arcs that are passed at most, each as often as it is, where too much is apart to be solved."""
_LONGEST: Final = 2_000
"""Steps at most."""
_SOLVED: Final = 2_000
"""Rows that are solved together at most."""
_POLICIES: Final = 100
"""Rounds of policy iteration; a few are the rule."""


class Map(Protocol):
    """Rows, and what enters them from each other."""

    @property
    def size(self) -> int:
        """Number of rows."""

    @property
    def arcs(self) -> int:
        """Number of weights."""

    @property
    def linear(self) -> bool:
        """Whether :meth:`entering` is b + W x; else it only never falls when x rises."""

    def entering(self, value: Reals) -> Reals:
        """The right-hand side b + W x."""

    def carries(self, reached: Flags) -> Flags:
        """Into which rows anything comes when nothing but these rows and b have anything."""

    def among(self, rows: Ints) -> Arcs:
        """The weights between these rows, which are numbered anew in this order."""


class Arcs(NamedTuple):
    """Weights from tails to heads."""

    tail: Ints
    head: Ints
    weight: Reals


@dataclass(frozen=True, slots=True)
class System:
    """A map that is given by its arcs."""

    right: Reals
    """b; not negative."""
    tail: Ints
    head: Ints
    weight: Reals
    """Not negative."""

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.right)

    @property
    def arcs(self) -> int:
        """Number of weights."""
        return len(self.tail)

    @property
    def linear(self) -> bool:
        """It is."""
        return True

    def entering(self, value: Reals) -> Reals:
        """The right-hand side b + W x."""
        found: Reals = self.right + np.bincount(
            self.head, self.weight * value[self.tail], self.size
        )
        return found

    def carries(self, reached: Flags) -> Flags:
        """Into which rows anything comes when nothing but these rows and b have anything."""
        found: Flags = self.right > 0
        found[self.head[reached[self.tail] & (self.weight > 0)]] = True
        return found

    def among(self, rows: Ints) -> Arcs:
        """The weights between these rows, which are numbered anew in this order."""
        place = np.full(self.size, -1)
        place[rows] = np.arange(len(rows))
        tail, head = place[self.tail], place[self.head]
        inside = (tail >= 0) & (head >= 0)
        return Arcs(tail[inside], head[inside], self.weight[inside])


class Enclosure(NamedTuple):
    """A lower and an upper bound of the solution in each row."""

    low: Reals
    high: Reals


def walks(made: Map, steps: int, most: float = 1.0) -> Reals:
    """What comes together in each row along walks of at most so many steps, capped on the way."""
    value = np.minimum(most, made.entering(np.zeros(made.size)))
    for _ in range(steps):
        following = np.maximum(value, np.minimum(most, made.entering(value)))
        settled = np.allclose(following, value, rtol=0, atol=_SETTLED)
        value = following
        if settled:
            break
    return value


def enclosed(made: Map, most: float = 1.0) -> Enclosure:
    """Bounds of the least solution of x = min(most, b + W x).

    Where no row is at the cap, that is the solution of the linear system x = b + W x. Of a map
    that is not linear the bounds are those of its steps alone, and need not meet.
    """
    bounds = np.zeros(made.size), np.where(_reached(made), most, 0.0)
    steps, long = 0, min(_LONGEST, _WORK // (made.arcs + 1))
    while True:
        low, high = (np.minimum(most, made.entering(value)) for value in bounds)
        low, high = np.maximum(low, bounds[0]), np.minimum(high, bounds[1])
        bounds = low, high
        steps, apart = steps + 1, np.flatnonzero(high - low > TOLERANCE)
        solvable = made.linear and len(apart) <= _SOLVED
        if not len(apart) or (steps >= long and not solvable):
            return Enclosure(low, high)
        if steps >= min(_STEPS, long) and solvable:
            return Enclosure(*(_solved(made, value, apart, most) for value in bounds))


def _reached(made: Map) -> Flags:
    """The rows into which anything ever comes."""
    reached = np.zeros(made.size, bool)
    while True:
        following = reached | made.carries(reached)
        if np.array_equal(following, reached):
            return reached
        reached = following


def _solved(made: Map, value: Reals, apart: Ints, most: float) -> Reals:
    """One of the bounds with the rows that are still apart solved together.

    What enters these from the other rows is taken at this bound, so that it stays one.
    """
    outer = value.copy()
    outer[apart] = 0
    inner = System(made.entering(outer)[apart], *made.among(apart))
    found = _by_policies(inner, most)
    if found is None:
        return value
    outer[apart] = found
    return outer


def _by_policies(system: System, most: float) -> Reals | None:
    """The greatest fixed point: rows at their cap are let go as long as some fall below it."""
    from scipy.sparse import csc_array, eye_array
    from scipy.sparse.linalg import splu

    value = np.full(system.size, float(most))
    matrix = csc_array((system.weight, (system.head, system.tail)), (system.size, system.size))
    linear = np.zeros(system.size, bool)
    for _ in range(_POLICIES):
        below = system.entering(value) < most
        if not (below & ~linear).any():
            return value
        linear |= below
        rows = np.flatnonzero(linear)
        given = system.right + matrix @ np.where(linear, 0.0, most)
        inner = csc_array(eye_array(len(rows)) - matrix[rows][:, rows])
        value[rows] = splu(inner).solve(given[rows])
    return None
