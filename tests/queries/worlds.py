"""Small random ownership graphs: cycles, self-loops, parallel claims, sums at the threshold."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import NamedTuple

from spillover.graph.evidence import Evidence
from spillover.graph.schema import Relation
from spillover.graph.stake import UNITS_PER_PERCENT, WHOLE, Stake

HALF = WHOLE // 2
NAMES = ("X", "Y", "A", "B", "C", "D")
GRID = (0, 5, 10, 20, 25, 30, 40, 49, 50, 51, 60, 75, 100)


class World(NamedTuple):
    """Claims of capital held, and who is designated."""

    claims: tuple[Relation, ...]
    targets: tuple[str, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """Every entity that is no target."""
        ends = {end for claim in self.claims for end in (claim.source, claim.target)}
        return tuple(sorted(ends - set(self.targets)))


def holds(owner: str, asset: str, stake: Stake) -> Relation:
    """A claim of capital held."""
    return Relation("OWNS", owner, asset, stake, "capital")


def seeded(seed: int | str) -> Random:
    """The same draws for the same seed."""
    return Random(seed)  # noqa: S311 - a test needs a seed, not secrecy


def world(seed: int | str, *, consistent: bool = True, rich: bool = False) -> World:
    """A graph of 2 to 6 entities; ``rich`` adds denials, repeated chains and missing shares.

    In a ``consistent`` one the least shares of no asset sum over the whole.
    """
    draw = seeded(seed)
    names = NAMES[: draw.randint(2, 6)]
    claims: list[Relation] = []
    for asset in names:
        owners = draw.sample(names, draw.randint(0, min(4, len(names))))
        stakes = _at_threshold(draw, len(owners)) or [_stake(draw) for _ in owners]
        held = [holds(*pair) for pair in zip(owners, [asset] * len(owners), stakes, strict=True)]
        if held and draw.random() < 0.25:
            held.append(draw.choice(held)._replace(stake=_stake(draw)))
        if rich:
            held = [_varied(draw, claim) for claim in held]
        while consistent and sum(least(held).values()) > WHOLE:
            held.pop()
        claims += held
    known = [name for name in names if any(name in claim[1:3] for claim in claims)]
    if not known:
        return World((holds("X", "A", Stake(HALF, HALF)),), ("X",))
    return World(tuple(claims), tuple(draw.sample(known, min(len(known), draw.randint(1, 2)))))


def least(claims: list[Relation]) -> dict[tuple[str, str], int]:
    """Least share of each pair by its direct claims that state one."""
    pairs: dict[tuple[str, str], int] = {}
    for claim in claims:
        if claim.stake and not claim.stake.unknown and not claim.reported_indirect:
            pairs[claim[1:3]] = min(claim.stake.low, pairs.get(claim[1:3], WHOLE))
    return pairs


def _stake(draw: Random) -> Stake:
    """An exact share, an interval or nothing known, on a coarse grid give or take one unit."""
    if draw.random() < 0.1:
        return Stake(0, WHOLE)
    low, high = sorted((_units(draw), _units(draw)))
    return Stake(low, high) if draw.random() < 0.4 else Stake(low, low)


def _units(draw: Random) -> int:
    units = draw.choice(GRID) * UNITS_PER_PERCENT + draw.choice((0, 0, 0, -1, 1))
    return min(WHOLE, max(0, units))


def _at_threshold(draw: Random, count: int) -> list[Stake]:
    """One time in three: exact shares that sum to half the whole, or one unit less."""
    if not count or draw.random() > 0.35:
        return []
    total = HALF - draw.choice((0, 0, 1))
    cuts = sorted(draw.choice(GRID) * HALF // 100 for _ in range(count - 1))
    return [Stake(b - a, b - a) for a, b in pairwise((0, *(min(c, total) for c in cuts), total))]


def _varied(draw: Random, claim: Relation) -> Relation:
    kind = draw.random()
    if kind < 0.1:
        return claim._replace(stake=None, basis="")
    if kind < 0.2:
        return claim._replace(evidence=Evidence(stance="denies"))
    if kind < 0.45:
        return claim._replace(reported_indirect=True, block=draw.choice(("", "one", "two")))
    return claim
