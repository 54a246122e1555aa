"""Small random graphs on all channels, and their hops read straight from the declarations.

Each pair and kind has one claim at most, so that every claim is a hop on each of its channels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from spillover.graph.channels import FOLLOWERS, TIES
from spillover.graph.schema import KINDS, Relation
from spillover.graph.stake import UNITS_PER_PERCENT, WHOLE, Stake
from tests.queries.worlds import seeded

FIRMS = ("S", "T", "A", "B", "C", "D", "E")
GOODS = ("P", "Q")
_SHAPES = (
    ("OWNS", "capital", FIRMS, FIRMS),
    ("OWNS", "capital", FIRMS, FIRMS),
    ("CONTROLS", "", FIRMS, FIRMS),
    ("SUPPLIES", "supply", FIRMS, FIRMS),
    ("SUPPLIES", "sales", FIRMS, FIRMS),
    ("PRODUCES", "market", FIRMS, GOODS),
    ("INPUT_TO", "supply", GOODS, GOODS),
    ("COLLABORATES", "", FIRMS, FIRMS),
)
_MIXED = (0, 10, 30, 50, 80, 100, 100)


class Way(NamedTuple):
    """One hop as a test sees it."""

    source: str
    target: str
    kind: str
    channel: str
    low: Fraction
    high: Fraction
    claim: Relation


def web(
    seed: int | str, *, most: int = 14, percents: Sequence[int] = _MIXED, kinds: Sequence[str] = ()
) -> list[Relation]:
    """Claims between seven firms and two goods; ``kinds`` narrows them down."""
    draw = seeded(seed)
    shapes = [shape for shape in _SHAPES if not kinds or shape[0] in kinds]
    claims: dict[tuple[str, str, str], Relation] = {}
    for _ in range(draw.randint(1, most)):
        kind, basis, sources, targets = draw.choice(shapes)
        source, target = draw.choice(sources), draw.choice(targets)
        low, high = sorted(draw.choices(percents, k=2))
        known = basis and draw.random() < 0.85
        stake = Stake(low * UNITS_PER_PERCENT, high * UNITS_PER_PERCENT) if known else None
        claims.setdefault((kind, source, target), Relation(kind, source, target, stake, basis))
    return list(claims.values())


def ways(claims: Sequence[Relation]) -> list[Way]:
    """Every hop of some strength, ties left out."""
    found = []
    for claim in claims:
        for channel in KINDS[claim.kind].channels:
            ends = (claim.source, claim.target) if channel.forward else (claim.target, claim.source)
            low, high = (WHOLE, WHOLE) if channel.weight is None else (0, WHOLE)
            if channel.weight and claim.stake and claim.basis in channel.weight:
                low, high = claim.stake
            if high and ends[0] != ends[1] and channel.name not in TIES:
                shares = Fraction(low, WHOLE), Fraction(high, WHOLE)
                found.append(Way(*ends, claim.kind, channel.name, *shares, claim))
    return found


def may_follow(before: Way | None, way: Way) -> bool:
    """Whether a path may go on by this hop."""
    return before is None or way.channel in FOLLOWERS[before.channel]


def paths(
    every: Sequence[Way], start: str, end: str | None = None, starts: Sequence[str] = ()
) -> Iterator[tuple[Way, ...]]:
    """All paths that pass no place twice and enter no start, to one end or to all."""
    barred = {start, *starts}

    def on(path: tuple[Way, ...], at: str) -> Iterator[tuple[Way, ...]]:
        places = {(way.target, way.channel) for way in path}
        for way in every:
            fresh = way.target not in barred and (way.target, way.channel) not in places
            if way.source == at and fresh and may_follow(path[-1] if path else None, way):
                if end in (None, way.target):
                    yield (*path, way)
                yield from on((*path, way), way.target)

    yield from on((), start)


def hangs_together(path: Sequence[Way]) -> bool:
    """Whether each hop goes on from the one before, and may."""
    return all(
        left.target == right.source and may_follow(left, right) for left, right in pairwise(path)
    )


def named(claims: Sequence[Relation], *names: str) -> bool:
    """Whether the claims name all of these entities."""
    return all(any(name in claim[1:3] for claim in claims) for name in names)
