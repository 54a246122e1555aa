"""Small random graphs with every channel, and by brute force every way a shock takes in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from spillover.graph.channels import CHANNELS, FOLLOWERS
from spillover.graph.evidence import Evidence
from spillover.graph.schema import KINDS, Relation
from spillover.graph.stake import WHOLE, Stake
from spillover.queries.shocks.hops import SHOCKS
from tests.queries.worlds import seeded

FIRMS = ("T", "A", "B", "C", "D")
GOODS = ("P", "Q")
SHAPES = (
    ("OWNS", "capital", FIRMS, FIRMS),
    ("CONTROLS", "", FIRMS, FIRMS),
    ("SUPPLIES", "supply", FIRMS, FIRMS),
    ("SUPPLIES", "sales", FIRMS, FIRMS),
    ("PRODUCES", "market", FIRMS, GOODS),
    ("INPUT_TO", "supply", GOODS, GOODS),
    ("COLLABORATES", "", FIRMS, FIRMS),
)
FURTHER = (
    ("EXPORTS", "", FIRMS, FIRMS),
    ("DESIGNATES", "", ("T",), FIRMS),
    ("DIRECTS", "", FIRMS, FIRMS),
    ("FAMILY_OF", "", FIRMS, FIRMS),
    ("STATE_TIE", "", FIRMS, FIRMS),
)
EVERY = tuple(CHANNELS)


class Way(NamedTuple):
    """One hop, by the declaration of its kind."""

    source: str
    target: str
    channel: str
    low: Fraction
    high: Fraction


def network(seed: int, *, further: bool = False) -> list[Relation]:
    """One claim of each pair and kind at most, with unknown, denied and 100 % shares among them.

    Args:
        seed: the same network for the same seed.
        further: with kinds of which the channels do not go on or are followed only when named.
    """
    draw = seeded(seed)
    claims: dict[tuple[str, str, str], Relation] = {}
    for _ in range(draw.randint(1, 12)):
        kind, basis, sources, targets = draw.choice(SHAPES + FURTHER if further else SHAPES)
        source, target = draw.choice(sources), draw.choice(targets)
        low, high = sorted(draw.choices((0, 10, 30, 50, 80, 100, 100), k=2))
        stake = Stake(low * 10**6, high * 10**6) if basis and draw.random() < 0.8 else None
        evidence = Evidence(stance="denies" if draw.random() < 0.1 else "asserts")
        claim = Relation(kind, source, target, stake, basis, evidence=evidence)
        claims.setdefault((kind, source, target), claim)
        if draw.random() < 0.1 and evidence.stance == "asserts":
            claims[kind, source, target] = claim._replace(block="denied")
    return list(claims.values())


def stated(claims: list[Relation]) -> list[Relation]:
    """The claims of a network, and a denial beside those that are marked as denied."""
    denials = [c._replace(block="", evidence=Evidence(stance="denies")) for c in claims if c.block]
    return [claim._replace(block="") for claim in claims] + denials


def ways(claims: Iterable[Relation], followed: Iterable[str] = SHOCKS) -> Iterator[Way]:
    """Every way in which a shock crosses one of these claims on the channels that are followed."""
    names = set(followed)
    for claim in claims:
        for channel in KINDS[claim.kind].channels:
            ends = (claim.source, claim.target) if channel.forward else (claim.target, claim.source)
            if channel.weight is None:
                low, high = WHOLE, WHOLE
            elif claim.stake and not claim.stake.unknown and claim.basis in channel.weight:
                low, high = claim.stake
            else:
                low, high = 0, WHOLE
            if claim.evidence.stance == "asserts" and channel.name in names:
                low = 0 if claim.block else low
                yield Way(*ends, channel.name, Fraction(low, WHOLE), Fraction(high, WHOLE))


def simple_paths(
    every: list[Way], at: str, path: tuple[Way, ...] = ()
) -> Iterator[tuple[Way, ...]]:
    """All paths on from an entity that meet nobody twice and follow the rules of the channels."""
    seen = {at, *(way.source for way in path), *(way.target for way in path)}
    for way in every:
        if way.source != at or way.target in seen:
            continue
        if path and way.channel not in FOLLOWERS[path[-1].channel]:
            continue
        yield (*path, way)
        yield from simple_paths(every, way.target, (*path, way))


def walks(
    every: list[Way], starts: Iterable[str], hops: int
) -> Iterator[tuple[str, str, Fraction, Fraction]]:
    """Start, end and strength of all walks of at most so many hops; nobody is met once only."""
    ahead = {(start, start, "", Fraction(1), Fraction(1)) for start in starts}
    for _ in range(hops):
        ahead = {
            (start, way.target, way.channel, low * way.low, high * way.high)
            for start, at, channel, low, high in ahead
            for way in every
            if way.source == at and (not channel or way.channel in FOLLOWERS[channel])
        }
        yield from ((start, end, low, high) for start, end, _, low, high in ahead)
