"""What may become of one asset: every completion of what is claimed about it; for the oracle.

Only corners are tried: a sum of shares is greatest where each share stands at one of its ends or
takes what the others leave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple

from spillover.graph.stake import WHOLE
from spillover.queries.rulebook import Reading
from tests.queries.stated import Asset, Shares, Some

MANY = 12
"""Corners of one asset of which all are tried."""
NEVER = 10**12


class Decision(NamedTuple):
    """What becomes of an asset when certain actors are blocked."""

    passes_on: bool
    reached: bool


class Enough(NamedTuple):
    """How many units are enough."""

    reached: int
    passes_on: int
    alone: int

    @classmethod
    def of(cls, reading: Reading) -> Enough:
        least = [
            threshold.least if threshold else NEVER
            for threshold in (reading.threshold, reading.passes_on, reading.alone)
        ]
        return cls(least[0], least[1] if reading.passes_on else least[0], least[2])


Table = tuple[Decision, ...]
"""The decision for each set of actors, in the order of :func:`subsets`."""


class Completed(NamedTuple):
    """One completion of one asset."""

    values: tuple[tuple[int, ...], ...]
    """Shares held, for each group of bases."""
    repeated: tuple[tuple[int, ...], ...]
    apart: bool
    """Whether repeated holdings of different blocks are different shares."""
    any_holder: bool
    """Whether shares held jointly with others count as those of one of the holders."""
    disputed: bool
    """Whether ties that are both claimed and denied are there."""


def subsets(actors: Some) -> list[Some]:
    """Every set of these actors."""
    ordered = sorted(actors)
    return [frozenset(s) for n in range(len(ordered) + 1) for s in combinations(ordered, n)]


def tables(asset: Asset, reading: Reading) -> Iterator[Table]:
    """What each completion of an asset comes to."""
    blocked = subsets(asset.actors)
    enough = Enough.of(reading)
    for completed in _completions(asset, reading):
        yield tuple(_decision(asset, enough, completed, some) for some in blocked)


def _completions(asset: Asset, reading: Reading) -> Iterator[Completed]:
    values = product(*map(_telling, asset.held))
    repeated = product(*(product(*({r.low, r.high} for r in group)) for group in asset.repeated))
    either = (False, True)
    several = any(len(shares.holders) > 1 for group in asset.held for shares in group)
    doubtful = any(len(set(both)) > 1 for both in (asset.controllers, *asset.arrangements))
    choices = product(
        values,
        repeated,
        either if any(asset.repeated) else (False,),
        (True,) if reading.joint_holdings else either if several else (False,),
        either if doubtful else (False,),
    )
    return (Completed(*chosen) for chosen in choices)


def _telling(held: Sequence[Shares]) -> Collection[tuple[int, ...]]:
    """The corners; of very many those with the least shares, and those that none is above."""
    found = corners(held)
    if len(found) <= MANY:
        return found
    return [tuple(shares.low for shares in held), *greatest(found)]


def corners(held: Sequence[Shares]) -> set[tuple[int, ...]]:
    """Each share at one of its ends, or at what the others leave of the whole."""
    found = set()
    contradictory = sum(shares.low for shares in held) > WHOLE
    limit = len(held) * WHOLE if contradictory else WHOLE
    for values in product(*({shares.low, shares.high} for shares in held)):
        if sum(values) <= limit:
            found.add(values)
        for n, (_, low, high) in enumerate(held):
            left = limit - sum(values) + values[n]
            if low <= left <= high:
                found.add((*values[:n], left, *values[n + 1 :]))
    return found


def extreme(found: set[Table]) -> set[Table]:
    """The tables than which none reaches less, or none more: the others decide nothing."""

    def over(one: Table, other: Table) -> bool:
        return all(
            a >= b for x, y in zip(one, other, strict=True) for a, b in zip(x, y, strict=True)
        )

    least = {t for t in found if not any(u != t and over(t, u) for u in found)}
    return least | {t for t in found if not any(u != t and over(u, t) for u in found)}


def _decision(asset: Asset, enough: Enough, completed: Completed, blocked: Some) -> Decision:
    """Whether this completion of an asset makes it pass on, and reached."""
    controllers = asset.controllers[completed.disputed]
    parties = [both[completed.disputed] for both in asset.arrangements]
    with_them = blocked.union(*(some for some in parties if some & blocked)) - {asset.name}
    share = 0
    for held, values in zip(asset.held, completed.values, strict=True):
        counted = (
            value
            for (holders, _, _), value in zip(held, values, strict=True)
            if holders <= with_them or (completed.any_holder and holders & with_them)
        )
        share = max(share, sum(counted))
    if any(asset.repeated):
        share = max(share, _repeated(asset, completed, with_them))
    decisive = share >= enough.reached
    presumed = not controllers.isdisjoint(blocked)
    if enough.alone < NEVER:
        presumed = presumed or _alone(asset, completed, blocked) >= enough.alone
    return Decision(presumed or share >= enough.passes_on, presumed or decisive)


def _alone(asset: Asset, completed: Completed, blocked: Some) -> int:
    """The most that one blocked owner holds alone; undisclosed shares may be the same one's."""
    most = 0
    for held, values in zip(asset.held, completed.values, strict=True):
        of: Counter[Some] = Counter()
        for (holders, _, _), value in zip(held, values, strict=True):
            if len(holders) <= 1 and holders <= blocked:
                of[holders] += value
        undisclosed = of.pop(frozenset(), 0)
        most = max(most, undisclosed + max(of.values(), default=0))
    return most


def _repeated(asset: Asset, completed: Completed, blocked: Some) -> int:
    """The most that blocked owners hold by chains that are repeated, in one group of bases."""
    most = 0
    for repeats, values in zip(asset.repeated, completed.repeated, strict=True):
        largest: dict[str, int] = {}
        for repeat, value in zip(repeats, values, strict=True):
            if repeat.owner in blocked:
                largest[repeat.block] = max(value, largest.get(repeat.block, 0))
        amounts = largest.values()
        most = max(most, sum(amounts) if completed.apart else max(amounts, default=0))
    return most


def greatest(values: set[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Those to which no other is equal or above everywhere."""
    return [
        one
        for one in values
        if not any(two != one and all(map(int.__ge__, two, one)) for two in values)
    ]
