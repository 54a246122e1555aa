"""What do claims state about one asset, as one reading of a rule sees it; for the oracle."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from spillover.graph.schema import Relation
from spillover.graph.stake import WHOLE
from spillover.queries.rulebook import Reading

Some = frozenset[str]


class Shares(NamedTuple):
    """Shares of one asset that one holds, or several the same ones; nobody: undisclosed owners."""

    holders: Some
    low: int
    high: int


class Repeat(NamedTuple):
    """A holding that repeats a chain of others."""

    owner: str
    block: str
    low: int
    high: int


@dataclass(frozen=True)
class Asset:
    """What is claimed about one asset."""

    name: str
    held: tuple[tuple[Shares, ...], ...]
    """For each group of bases."""
    repeated: tuple[tuple[Repeat, ...], ...]
    controllers: tuple[Some, Some]
    """Who controls it for certain, and who may."""
    arrangements: tuple[tuple[Some, Some], ...]
    """Of each joint arrangement over it, who is party to it, and who may be."""

    @cached_property
    def actors(self) -> Some:
        """On whom it may depend."""
        held = [shares.holders for group in self.held for shares in group]
        repeated = [frozenset([repeat.owner]) for group in self.repeated for repeat in group]
        parties = [possible for _, possible in self.arrangements]
        return frozenset().union(*held, *repeated, *parties, self.controllers[1]) - {self.name}


class DoubtfulError(Exception):
    """What the claims state has no one sense that completions could be made of."""


def counting(claims: Iterable[Relation]) -> list[Relation]:
    """The claims that count: the others of these worlds are not sure, or ended in 2019."""
    return [c for c in claims if c.evidence.confidence != "low" and c.end is None]


def asset(
    name: str, claims: Sequence[Relation], reading: Reading, *, open_world: bool = False
) -> Asset:
    """What the claims that count state about an asset.

    Raises:
        DoubtfulError: the holders of the same shares are said to hold different ones.
    """
    about = [claim for claim in claims if claim.target == name]
    owns = [claim for claim in about if claim.kind == "OWNS"]
    controls = [claim for claim in about if claim.kind == "CONTROLS"]
    held = []
    for bases in reading.bases:
        shares = _direct(owns, bases)
        if "stated" not in reading.control:
            owners = sources(owns)
            stated = {c.source for c in controls if not c.basis and c.evidence.stance == "asserts"}
            shares += [Shares(frozenset([who]), 0, WHOLE) for who in sorted(stated - owners)]
        if open_world:
            shares.append(Shares(frozenset(), 0, WHOLE))
        held.append(tuple(shares))
    deciding = [c for c in controls if (c.basis or "stated") in reading.control]
    return Asset(
        name,
        tuple(held),
        tuple(tuple(_repeated(owns, bases)) for bases in reading.bases),
        (sources(deciding, controls), sources(deciding)),
        tuple(_arrangements(about)) if reading.joint_arrangements else (),
    )


def named(claims: Iterable[Relation]) -> set[str]:
    """Everybody whom claims name, but programmes."""
    return {
        name
        for claim in claims
        for name in (claim.source, claim.target)
        if claim.kind != "DESIGNATES" or name == claim.target
    }


def sources(claims: Iterable[Relation], denials: Iterable[Relation] = ()) -> Some:
    """Who is the source of a claim, and of no denial."""
    said = {claim.source for claim in claims if claim.evidence.stance == "asserts"}
    return frozenset(said - {c.source for c in denials if c.evidence.stance == "denies"})


def hulls(claims: Iterable[Relation]) -> dict[tuple[str, str], tuple[int, int]]:
    """The smallest interval that holds every stated share of a pair; the whole if there is none."""
    stated: dict[tuple[str, str], set[int]] = {}
    for claim in claims:
        ends = claim.stake if claim.stake != (0, WHOLE) else None
        stated.setdefault((claim.source, claim.target), set()).update(ends or ())
    return {pair: (min(e, default=0), max(e, default=WHOLE)) for pair, e in stated.items()}


def _hull(
    owner: str, claims: Iterable[Relation], owns: Iterable[Relation], bases: Collection[str]
) -> tuple[int, int]:
    """Least and greatest share that these claims of an owner state on the bases."""
    stating = [c for c in claims if c.basis in bases and c.stake and not c.stake.unknown]
    votes = [c for c in stating if c.basis == "votes"]  # they follow the shares unless stated
    stated = [c.stake for c in votes or stating if c.stake]
    denied = any(c.source == owner and c.evidence.stance == "denies" for c in owns)
    low = min((stake.low for stake in stated), default=0)
    return 0 if denied else low, max((stake.high for stake in stated), default=WHOLE)


def _direct(owns: Sequence[Relation], bases: Collection[str]) -> list[Shares]:
    """Each holding, and each one of several jointly once."""
    found: dict[tuple[str, str], list[Relation]] = defaultdict(list)
    for claim in owns:
        if claim.evidence.stance == "asserts" and not claim.reported_indirect:
            (joint,) = claim.properties.get("joint", ("",))
            found[claim.source, joint].append(claim)
    shares: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for (owner, joint), claims in found.items():
        shares[joint or f"of {owner} alone"][owner] = _hull(owner, claims, owns, bases)
    for joint, hulls_of in shares.items():
        if len(set(hulls_of.values())) > 1:
            raise DoubtfulError(f"{joint}: {hulls_of}")
    return [Shares(frozenset(of), *next(iter(of.values()))) for of in shares.values()]


def _repeated(owns: Sequence[Relation], bases: Collection[str]) -> list[Repeat]:
    found: dict[str, list[Relation]] = defaultdict(list)
    for claim in owns:
        if claim.evidence.stance == "asserts" and claim.reported_indirect:
            found[claim.source].append(claim)
    return [
        Repeat(owner, _block(owner, claims), *_hull(owner, claims, owns, bases))
        for owner, claims in found.items()
    ]


def _block(owner: str, claims: Iterable[Relation]) -> str:
    """The block of a holding; one that stands in two is a block of its own."""
    blocks = {claim.block for claim in claims if claim.block}
    return blocks.pop() if len(blocks) == 1 else f"of {owner} alone"


def _arrangements(about: Iterable[Relation]) -> list[tuple[Some, Some]]:
    found: dict[tuple[str, ...], list[Relation]] = defaultdict(list)
    for claim in about:
        if claim.kind == "ACTS_JOINTLY":
            found[claim.properties.get("arrangement", ())].append(claim)
    return [(sources(claims, claims), sources(claims)) for claims in found.values()]


def groups(
    claims: Sequence[Relation],
    targets: Iterable[str],
    aggregation: str,
    programmes: Collection[str] = (),
) -> list[Some]:
    """Whose shares are added up; by programme those whom the same one of these designates."""
    targets = frozenset(targets)
    if aggregation == "together":
        return [targets]
    listed: dict[str, set[str]] = defaultdict(set)
    if aggregation == "programme":
        for claim in claims:
            if claim.source in programmes and claim.evidence.stance == "asserts":
                listed[claim.source].add(claim.target)
    together = [frozenset(names & targets) for names in listed.values() if names & targets]
    alone = targets.difference(*together)
    return together + [frozenset([name]) for name in sorted(alone)]
