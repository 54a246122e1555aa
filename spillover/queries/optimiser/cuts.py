"""What does the solver not know yet? Rows that exact evaluation adds, valid by monotony alone.

Who falls with a set of candidates falls with every larger set, and who stands stands in every
smaller one. So a set that makes a producer fall is made smaller until every member is needed, and a
set with which one stands is made larger until it would fall: such rows cut off as much as they can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from spillover.queries.integer_program import Row
from spillover.queries.optimiser.model import Model
from spillover.queries.optimiser.problem import Picked

if TYPE_CHECKING:
    from spillover.queries.integer_program import Values

_HALF = 0.5
"""Amounts are whole numbers of the program's unit: what is closer is the same."""


def smallest(picked: Picked, holds: Callable[[Picked], bool]) -> Picked:
    """A part of a set for which something still holds, and without any member no longer."""
    kept = picked
    for member in sorted(picked):
        if holds(kept - {member}):
            kept -= {member}
    return kept


def largest(picked: Picked, everybody: Picked, holds: Callable[[Picked], bool]) -> Picked:
    """A larger set for which something still holds, and with any other member no longer."""
    waiting = [sorted(everybody - picked)]
    while waiting:
        more = waiting.pop()
        if more and holds(picked | frozenset(more)):
            picked |= frozenset(more)
        elif len(more) > 1:
            half = len(more) // 2
            waiting += [more[half:], more[:half]]
    return picked


def falling(model: Model, picked: Picked, values: Values) -> list[Row]:
    """Rows for producers that the program lets stand or fall against what is exact."""
    problem = model.problem
    rows = []
    exact = problem.bearing(picked)
    for producer, column in model.borne.items():
        if producer in exact and values[column] < _HALF:
            rows.append(_falls_with(model, column, picked, producer))
    for producer, column in model.aimed.items():
        if values[column] > _HALF and not model.falls(producer, picked):
            rows.append(_stands_without(model, column, picked, producer))
    return rows


def _falls_with(model: Model, column: int, picked: Picked, producer: int) -> Row:
    """A producer falls for the cost with all of a smallest set."""
    needed = smallest(picked, lambda part: producer in model.problem.bearing(part))
    terms = {column: 1.0, **dict.fromkeys(needed, -1.0)}
    return Row(tuple(terms.items()), low=1 - len(needed))


def _stands_without(model: Model, column: int, picked: Picked, producer: int) -> Row:
    """A producer falls for the effect only with a candidate outside of a largest set."""
    everybody = model.problem.all
    without = largest(picked, everybody, lambda part: not model.falls(producer, part))
    terms = {column: 1.0, **dict.fromkeys(sorted(everybody - without), -1.0)}
    return Row(tuple(terms.items()), high=0)


def dearer(model: Model, picked: Picked, values: Values) -> list[Row]:
    """Rows for products of which more is lost than the program says."""
    problem = model.problem
    rows = []
    for product, column in model.losses.items():
        exact = problem.loss(product, picked)[0].high
        if exact / model.unit <= values[column] + _HALF:
            continue
        needed = smallest(picked, lambda part: problem.loss(product, part)[0].high >= exact)  # noqa: B023 - used at once
        amount = exact / model.unit
        terms = {column: 1.0, **dict.fromkeys(needed, -amount)}
        rows.append(Row(tuple(terms.items()), low=amount * (1 - len(needed))))
    return rows


def weaker(model: Model, picked: Picked, values: Values) -> list[Row]:
    """A row for an effect that is smaller than the program says."""
    problem = model.problem
    reached = problem.reached(picked)
    if values[model.effect] <= reached / model.unit + _HALF:
        return []
    within = largest(picked, problem.all, lambda part: problem.reached(part) <= reached)
    more = (problem.reached(problem.all) - reached) / model.unit
    terms = {model.effect: 1.0, **dict.fromkeys(sorted(problem.all - within), -more)}
    return [Row(tuple(terms.items()), high=reached / model.unit)]


def short(model: Model, picked: Picked, need: int) -> Row:
    """Whoever is to reach this effect needs a candidate outside of a largest set that does not."""
    problem = model.problem
    within = largest(picked, problem.all, lambda part: problem.reached(part) < need)
    return Row(tuple((pick, 1.0) for pick in sorted(problem.all - within)), low=1)


def too_dear(model: Model, picked: Picked, cap: int) -> Row:
    """Whoever is to stay below this cost leaves out one of a smallest set that does not."""
    needed = smallest(picked, lambda part: model.problem.collateral(part) > cap)
    return without_all(needed)


def without_all(picked: Iterable[int]) -> Row:
    """Leave out at least one of these."""
    members = sorted(picked)
    return Row(tuple((pick, 1.0) for pick in members), high=len(members) - 1)


def other_than(picked: Picked, everybody: Picked) -> Row:
    """Differ from this set, whose worth is known."""
    terms = [(pick, -1.0 if pick in picked else 1.0) for pick in sorted(everybody)]
    return Row(tuple(terms), low=1 - len(picked))
