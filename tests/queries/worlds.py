"""Small random ownership graphs: cycles, self-loops, parallel claims, sums at the threshold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import NamedTuple

from spillover.graph.evidence import Evidence
from spillover.graph.schema import MEANS, Relation
from spillover.graph.stake import UNITS_PER_PERCENT, WHOLE, Stake

HALF = WHOLE // 2
NAMES = ("X", "Y", "A", "B", "C", "D")
GRID = (0, 5, 10, 20, 25, 30, 40, 49, 50, 51, 60, 75, 100)
PROGRAMMES = ("US-SSI-D1", "US-SSI-D2", "US-OFAC-SDN")
DENIED = Evidence(stance="denies")
LESS_SURE = Evidence(confidence="low")


class World(NamedTuple):
    """Claims, and who is designated."""

    claims: tuple[Relation, ...]
    targets: tuple[str, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """Every entity that is no target, and no programme."""
        related = [claim for claim in self.claims if claim.kind != "DESIGNATES"]
        ends = {end for claim in related for end in (claim.source, claim.target)}
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


def broad(
    seed: int | str,
    marks: Sequence[int] = (HALF,),
    *,
    plain: bool = False,
    loose: bool = True,
    joint: float = 0.15,
) -> World:
    """A graph of 2 to 6 entities with whatever a rule may look at.

    Args:
        seed: the same world for the same seed.
        marks: shares that decide, in units; sums stand at one of them, or one unit beside it.
        plain: only capital held directly and alone, by claims that assert it and count.
        loose: one world in twenty may have an asset whose least shares sum over the whole.
        joint: how often shares of an asset are held by several jointly.
    """
    draw = seeded(seed)
    names = NAMES[: draw.choice((2, 3, 3, 4, 4, 5, 5, 6))]
    sure = draw.choice((0.4, 0.7, 0.85, 1.0))
    bound = not loose or draw.random() < 0.95
    claims: list[Relation] = []
    for asset in names:
        held = _held(draw, names, asset, marks, sure)
        if not plain:
            held = [other for claim in held for other in _odd(draw, claim)]
            if held and draw.random() < joint:
                held += _jointly(draw, asset, names)
        while bound and sum(least(held).values()) > WHOLE:
            held.pop()
        claims += held
    if not plain:
        claims += _ties(draw, names, claims)
    known = [name for name in names if any(name in claim[1:3] for claim in claims)]
    if not known:
        return World((holds("X", "A", Stake(marks[0], marks[0])),), ("X",))
    count = draw.choice((1, 1, 1, 2, 2, 3))
    targets = tuple(draw.sample(known, max(1, min(len(known) - 1, count))))
    if not plain and draw.random() < 0.5:
        claims += [_listing(draw, target) for target in targets for _ in range(draw.randint(0, 2))]
    return World(tuple(claims), targets)


def least(claims: list[Relation]) -> dict[tuple[str, ...], int]:
    """Least share of each pair by its direct claims that state one; of joint holders together."""
    pairs: dict[tuple[str, ...], int] = {}
    for claim in claims:
        if claim.stake and not claim.stake.unknown and not claim.reported_indirect:
            pair = claim.properties.get("joint") or claim[1:3]
            pairs[pair] = min(claim.stake.low, pairs.get(pair, WHOLE))
    return pairs


def _stake(draw: Random, exact: float = 0.6) -> Stake:
    """An exact share, an interval or nothing known, on a coarse grid give or take one unit."""
    if draw.random() < (1 - exact) / 4:
        return Stake(0, WHOLE)
    low, high = sorted((_units(draw), _units(draw)))
    return Stake(low, high) if draw.random() >= exact else Stake(low, low)


def _units(draw: Random) -> int:
    units = draw.choice(GRID) * UNITS_PER_PERCENT + draw.choice((0, 0, 0, -1, 1))
    return min(WHOLE, max(0, units))


def _at_threshold(draw: Random, count: int) -> list[Stake]:
    """One time in three: exact shares that sum to half the whole, or one unit less."""
    if not count or draw.random() > 0.35:
        return []
    return _parts(draw, count, HALF - draw.choice((0, 0, 1)))


def _parts(draw: Random, count: int, total: int) -> list[Stake]:
    """So many exact shares with this sum."""
    cuts = sorted(draw.choice(GRID) * total // 100 for _ in range(count - 1))
    return [Stake(b - a, b - a) for a, b in pairwise((0, *cuts, total))]


def _held(
    draw: Random, names: Sequence[str], asset: str, marks: Sequence[int], sure: float
) -> list[Relation]:
    """Claims of who holds shares of one asset."""
    owners = draw.sample(names, min(len(names), draw.choice((0, 1, 1, 2, 2, 3, 4))))
    stakes = [_stake(draw, sure) for _ in owners]
    if owners and draw.random() < 0.4:
        some = draw.randint(1, len(owners))
        total = min(WHOLE, max(0, draw.choice(marks) + draw.choice((0, 0, -1, 1))))
        stakes[:some] = _parts(draw, some, total)
    elif owners and draw.random() < 0.4:
        most = draw.choice((50, 51, 60, 75, 90, 100)) * UNITS_PER_PERCENT
        stakes[0] = Stake(most, most)
    basis = draw.choice(("capital",) * 5 + ("votes", "interest"))
    claims = [
        Relation("OWNS", owner, asset, stake, basis)
        for owner, stake in zip(owners, stakes, strict=True)
    ]
    if claims and draw.random() < 0.2:
        claims.append(draw.choice(claims)._replace(stake=_stake(draw)))
    return claims


def _odd(draw: Random, claim: Relation) -> list[Relation]:
    """The claim, sometimes of another sort, or with another one beside it."""
    kind = draw.random()
    if kind < 0.05:
        return [claim._replace(stake=None, basis="")]
    if kind < 0.09:
        return [claim, claim._replace(evidence=DENIED, stake=draw.choice((None, claim.stake)))]
    if kind < 0.11:
        return [claim._replace(evidence=DENIED)]
    if kind < 0.15:
        return [claim._replace(basis=draw.choice(("capital", "votes", "interest")))]
    if kind < 0.19:
        return [claim, claim._replace(basis=draw.choice(("votes", "interest")), stake=_stake(draw))]
    if kind < 0.27:
        return [claim._replace(reported_indirect=True, block=draw.choice(("", "one", "two")))]
    if kind < 0.30:
        return [draw.choice((claim._replace(end="2019"), claim._replace(evidence=LESS_SURE)))]
    return [claim]


def _jointly(draw: Random, asset: str, names: Sequence[str]) -> list[Relation]:
    """The same shares, held by several (or by one, where the others are not named)."""
    stake = _stake(draw, 0.8)
    joint = {"joint": (draw.choice(("first", "second")),)}
    holders = draw.sample(names, min(len(names), draw.choice((1, 2, 2, 2, 3))))
    return [
        Relation("OWNS", holder, asset, stake, "capital", properties=joint)
        for holder in holders
        if holder != asset
    ]


def _ties(draw: Random, names: Sequence[str], held: list[Relation]) -> list[Relation]:
    """Control, joint arrangements and representation."""
    claims = []
    for _ in range(draw.choice((0, 0, 0, 1, 1, 2))):
        means = draw.choice(("", "", "", *MEANS))
        controls = Relation("CONTROLS", *_two(draw, names), basis=means)
        claims.append(controls._replace(reported_indirect=draw.random() < 0.1))
    if held and draw.random() < 0.25:
        asset = draw.choice(held).target
        for name in draw.choice((("p",), ("p", "q"))):
            arrangement = {"arrangement": (name,)}
            claims += [
                Relation("ACTS_JOINTLY", party, asset, properties=arrangement)
                for party in draw.sample(names, min(len(names), draw.randint(2, 3)))
            ]
    for _ in range(draw.choice((0, 0, 1, 1, 2))):
        claims.append(Relation("REPRESENTS", *_two(draw, names)))
    denials = [claim._replace(evidence=DENIED) for claim in claims if draw.random() < 0.12]
    return claims + denials


def _two(draw: Random, names: Sequence[str]) -> tuple[str, str]:
    first, second = draw.sample(names, 2)
    return first, second


def _listing(draw: Random, target: str) -> Relation:
    """One programme designates it, or did, or is said not to."""
    claim = Relation("DESIGNATES", draw.choice(PROGRAMMES), target)
    kind = draw.random()
    if kind < 0.1:
        return claim._replace(end="2019")
    return claim._replace(evidence=DENIED) if kind < 0.2 else claim


def _varied(draw: Random, claim: Relation) -> Relation:
    kind = draw.random()
    if kind < 0.1:
        return claim._replace(stake=None, basis="")
    if kind < 0.2:
        return claim._replace(evidence=Evidence(stance="denies"))
    if kind < 0.45:
        return claim._replace(reported_indirect=True, block=draw.choice(("", "one", "two")))
    return claim
