"""Which set of least cost meets every route, when there are too many routes to write down?

Routes are asked for as they are needed. An integer program (HiGHS) finds the set of least cost that
meets the routes known so far; routes that it misses are added, until it misses none. Then no
cheaper set can meet all routes, because none meets even those that were asked for. Of the sets of
least cost the one of the least second cost is taken, in the same way.

Costs are whole numbers. The program works with floats and a gap of zero; what it returns is
checked against the exact costs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

Route = tuple[int, ...]
Find = Callable[[tuple[int, ...]], Route | None]
"""A route that passes none of these, by what may be taken out of it; None when there is none."""
Costs = Mapping[int, tuple[int, int]]
"""First and second cost of each thing."""

_ROUNDS: Final = 200
"""Integer programs that are solved at most for one cost."""
_TRIED: Final = 10
"""So few things are tried in all combinations."""
_AT_ONCE: Final = 30
"""Routes that are added in one round at most; they have nothing in common."""


@dataclass(frozen=True, slots=True)
class Hitting:
    """A set that meets every route."""

    members: tuple[int, ...]
    """Sorted."""
    cost: tuple[int, int]
    """Sum of the first and of the second costs."""
    proven: bool
    """False: the rounds did not suffice; it meets every route, but it need not cost the least."""


class _UnmetError(Exception):
    """A route of which nothing may be taken out."""


def hitting(find: Find, costs: Costs) -> Hitting | None:
    """The set of least cost that meets every route; None when some route cannot be met.

    Args:
        find: asks for another route.
        costs: of everything that may be taken out.
    """
    known: list[Route] = []
    try:
        first = _least(find, costs, known, None)
        second = _least(find, costs, known, _sum(costs, first)[0]) if first is not None else None
    except _UnmetError:
        return None
    if first is None:
        members = _completed(find, costs)
        return Hitting(members, _sum(costs, members), proven=False)
    if second is None or _sum(costs, second) > _sum(costs, first):
        second = first
    return Hitting(second, _sum(costs, second), proven=True)


def _sum(costs: Costs, members: tuple[int, ...]) -> tuple[int, int]:
    return sum(costs[member][0] for member in members), sum(costs[m][1] for m in members)


def _least(
    find: Find, costs: Costs, known: list[Route], most: int | None
) -> tuple[int, ...] | None:
    """The set of least first cost; of least second cost, when the first may be ``most``."""
    for _ in range(_ROUNDS):
        members = _program(costs, known, most)
        missed = _missed(find, members)
        if not missed:
            return members
        known += missed
    return None


def _missed(find: Find, members: tuple[int, ...]) -> list[Route]:
    """Routes that these do not meet, with nothing in common."""
    found: list[Route] = []
    taken = members
    while len(found) < _AT_ONCE:
        route = find(taken)
        if route is None:
            break
        if not route:
            raise _UnmetError
        found.append(route)
        taken = (*taken, *route)
    return found


def _completed(find: Find, costs: Costs) -> tuple[int, ...]:
    """Some set that meets every route: of each that is missed, what costs least."""
    members: list[int] = []
    while (route := find(tuple(members))) is not None:
        members.append(min(route, key=lambda member: (costs[member], member)))
    return tuple(sorted(members))


def _program(costs: Costs, known: list[Route], most: int | None) -> tuple[int, ...]:
    """The set of least cost that meets these routes."""
    things = sorted({thing for route in known for thing in route})
    if len(things) <= _TRIED:
        return _tried(costs, [frozenset(route) for route in known], things, most)
    return _optimised(costs, known, things, most)


def _tried(
    costs: Costs, known: list[frozenset[int]], things: list[int], most: int | None
) -> tuple[int, ...]:
    """The same by trying every set: quicker than loading the solver where there are few."""
    best: tuple[tuple[int, int], tuple[int, ...]] | None = None
    for size in range(len(things) + 1):
        for members in combinations(things, size):
            first, second = _sum(costs, members)
            if most is not None and first > most:
                continue
            cost = (first, second) if most is None else (second, first)
            better = best is None or cost < best[0]
            if better and all(not route.isdisjoint(members) for route in known):
                best = cost, members
    return best[1] if best else ()


def _optimised(
    costs: Costs, known: list[Route], things: list[int], most: int | None
) -> tuple[int, ...]:
    """The same by the integer program."""
    from spillover.queries.integer_program import Program

    program = Program()
    column = {thing: program.column(whole=True) for thing in things}
    for route in known:
        program.row(dict.fromkeys((column[thing] for thing in route), 1.0), low=1)
    scale = max(1.0, max(float(max(costs[thing])) for thing in things) / 100)
    if most is not None:
        limit = {column[thing]: costs[thing][0] / scale for thing in things}
        program.row(limit, high=(most + 0.5) / scale)
    aim = 0 if most is None else 1
    found = program.solve({column[thing]: costs[thing][aim] / scale for thing in things}).values
    if found is None:  # the rounding of ``most`` left nothing: every set known so far costs more
        return ()
    return tuple(thing for thing, value in zip(things, found, strict=True) if value > 0.5)  # noqa: PLR2004 - a binary
