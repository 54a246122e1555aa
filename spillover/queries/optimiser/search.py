"""Which set of candidates is best? The solver proposes, exact evaluation decides.

The program is solved; the set that it proposes is worked out exactly; where the program was too
hopeful, rows are added that say why, and it is solved again (a logic-based Benders decomposition,
Hooker and Ottosson 2003). A set is *proven* best when the solver's bound leaves no better one.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from spillover.queries.integer_program import Row
from spillover.queries.optimiser import cuts
from spillover.queries.optimiser.model import Model
from spillover.queries.optimiser.problem import Picked, Problem

if TYPE_CHECKING:
    from spillover.queries.integer_program import Values

Aim = Literal["collateral", "effect", "number"]
"""What is made small, or (the effect) large."""
_CLOSE: Final = 1e-3
"""Of a unit of the program: what the solver's arithmetic leaves open."""
_ROUNDED: Final = 1e-2
"""The same where the program rounds, and its numbers are no whole ones."""
_ROUNDS: Final = 50
"""Sets that a rounded program proposes after the best, before what is left counts as equal."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a set has to keep to."""

    need: int | None = None
    """The least effect, in millionths of a percent."""
    cap: int | None = None
    """The greatest collateral, in millionths of a percent."""
    apart: tuple[Picked, ...] = ()
    """Sets none of which may be among its members as a whole."""


@dataclass(frozen=True, slots=True)
class Best:
    """A set and what is known of better ones."""

    picked: Picked
    value: int
    """What was made small or large: millionths of a percent, or the number of members."""
    bound: int | None
    """No set is better than this; None: nothing is known."""

    @property
    def proven(self) -> bool:
        """Whether no set is better."""
        return self.bound == self.value


class Search:
    """Searches on one problem; what one of them learns, the next ones know.

    Args:
        problem: candidates, goal and markets.
        seconds: after so long, the best set so far is taken; none of its bounds is wrong for it.
    """

    def __init__(self, problem: Problem, seconds: float) -> None:
        self.problem, self.model = problem, Model(problem)
        self.late = False
        """Whether time ran out: then a search that found nothing proves nothing."""
        self._deadline = time.monotonic() + seconds

    def best(self, aim: Aim, limits: Limits) -> Best | None:
        """The best set within limits; None: there is none, or none was found in time."""
        rows = self._limits(limits)
        found: tuple[int, Picked] | None = None
        rounds = 0
        while True:
            left = self._deadline - time.monotonic()
            if left <= 0:
                self.late = True
                return self._result(aim, found, None)
            solved = self.model.program.solve(self._cost(aim), rows, left)
            if not solved.feasible:
                return self._result(aim, found, found[0] if found else None)
            bound = self._bound(aim, solved.bound)
            rounds += 1
            if found is not None and self._near(aim, found[0], bound, rounds):
                return self._result(aim, found, found[0])
            if solved.values is None:
                self.late = True
                return self._result(aim, found, bound)
            picked = frozenset(pick for pick in self.model.picks if solved.values[pick] > 1 / 2)
            if self._keeps(picked, limits):
                offered = (self._value(aim, picked), picked)
                if found is None or offered[0] < found[0]:
                    found, rounds = offered, 0
                if self._near(aim, found[0], bound, rounds):
                    return self._result(aim, found, found[0])
            rows += self._learn(picked, solved.values, limits)

    def _learn(self, picked: Picked, values: Values, limits: Limits) -> list[Row]:
        """Keep what is true of every question; give back what is true of this one."""
        model = self.model
        rows = cuts.falling(model, picked, values)
        rows += cuts.dearer(model, picked, values) + cuts.weaker(model, picked, values)
        model.program.rows += rows
        if limits.need is not None and self.problem.reached(picked) < limits.need:
            return [cuts.short(model, picked, limits.need)]
        if limits.cap is not None and self.problem.collateral(picked) > limits.cap:
            return [cuts.too_dear(model, picked, limits.cap)]
        return [] if rows else [cuts.other_than(picked, self.problem.all)]

    def _limits(self, limits: Limits) -> list[Row]:
        """The limits as rows, loosened by what the solver's arithmetic leaves open."""
        model = self.model
        close = _CLOSE if model.exact else _ROUNDED
        rows = [cuts.without_all(picked) for picked in limits.apart]
        if limits.need is not None:
            rows.append(Row(((model.effect, 1.0),), low=limits.need / model.unit - close))
        if limits.cap is not None:
            terms = tuple((column, 1.0) for column in model.losses.values())
            rows.append(Row(terms, high=limits.cap / model.unit + close))
        return [row for row in rows if row.terms]

    def _keeps(self, picked: Picked, limits: Limits) -> bool:
        """Whether a set keeps to the limits, exactly."""
        problem = self.problem
        return (
            (limits.need is None or problem.reached(picked) >= limits.need)
            and (limits.cap is None or problem.collateral(picked) <= limits.cap)
            and not any(apart <= picked for apart in limits.apart)
        )

    # -- what is made small -------------------------------------------------------------------

    def _cost(self, aim: Aim) -> dict[int, float]:
        if aim == "effect":
            return {self.model.effect: -1.0}
        if aim == "number":  # of equal numbers the earlier candidates: together less than a half
            count = self.problem.candidates
            return {pick: 1 + pick / (count * count) for pick in self.model.picks}
        return dict.fromkeys(self.model.losses.values(), 1.0)

    def _value(self, aim: Aim, picked: Picked) -> int:
        """What a set costs: an effect counts as less than nothing."""
        if aim == "effect":
            return -self.problem.reached(picked)
        return len(picked) if aim == "number" else self.problem.collateral(picked)

    def _bound(self, aim: Aim, bound: float) -> int | None:
        """The solver's bound as a whole number that no set is below."""
        if not math.isfinite(bound):
            return None
        if aim == "number":
            return math.ceil(bound - 1 / 2 - _CLOSE)
        if self.model.exact:
            return math.ceil(bound - _CLOSE) * self.model.unit
        return math.ceil(bound * self.model.unit - 1 / 2)

    def _near(self, aim: Aim, value: int, bound: int | None, rounds: int) -> bool:
        """Whether no set is better, or none by as much as a unit of a rounded program.

        A rounded program cannot tell sets apart that differ by less. They are worked out one by
        one, but not without end.
        """
        if bound is None:
            return False
        slack = 0 if aim == "number" or self.model.exact or rounds < _ROUNDS else self.model.unit
        return bound + slack >= value

    def _result(self, aim: Aim, found: tuple[int, Picked] | None, bound: int | None) -> Best | None:
        if found is None:
            return None
        value, picked = found
        sign = -1 if aim == "effect" else 1
        return Best(picked, sign * value, None if bound is None else sign * bound)
