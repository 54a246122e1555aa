"""What is an exposure path, and how is one that was found told with its parties and sources?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.queries.answer import Claim, Party, Reporter
from spillover.queries.shocks.denials import denials
from spillover.queries.shocks.hops import Hop
from spillover.queries.shocks.search import Strength

if TYPE_CHECKING:
    from spillover.queries.shocks.propagation import Total


@dataclass(frozen=True, slots=True)
class Step:
    """One hop of a path, with every claim that it stands on."""

    kind: str
    channel: str
    carries: str
    """What the hop means, in words: the second party ``carries`` the first."""
    source: Party
    """The party from which the shock comes."""
    target: Party
    """The party that it reaches."""
    low: int
    high: int
    claims: tuple[Claim, ...]

    @property
    def share(self) -> Stake:
        """Its least and greatest share."""
        return Stake(self.low, self.high)

    @property
    def repeats(self) -> bool:
        """Whether it only repeats a chain: then there are entities between, not named."""
        return all(c.reported_indirect for c in self.claims if c.stance == "asserts")

    @property
    def counted(self) -> bool:
        """Whether a claim asserts it on the day."""
        return any(
            c.stance == "asserts" and c.standing in ("counted", "too old") for c in self.claims
        )

    @property
    def denied(self) -> bool:
        """Whether a source denies it."""
        return any(claim.stance == "denies" for claim in self.claims)


@dataclass(frozen=True, slots=True)
class Path:
    """One exposure path."""

    target: Party
    """Where the shock comes from."""
    entity: Party
    """Who is exposed."""
    strength: Strength
    hops: tuple[Step, ...]
    total: Total | None
    """How exposed the entity is to the target over all paths, an estimate; None where it was not
    asked for, or the target reaches more than the limit."""
    denials: tuple[Claim, ...]
    """What else is denied of a party on the path: of other kinds or other pairs."""


class Found(NamedTuple):
    """A path before it is told."""

    target: int
    entity: int
    strength: Strength
    hops: list[Hop]
    total: Total | None


def rank(path: Found) -> tuple[Fraction, Fraction, int, list[int], int]:
    """By this paths stand in order of strength, then of hops."""
    hops = path.hops
    low, high = path.strength
    return -low, -high, len(hops), [hop.target for hop in hops], path.target


def told(graph: Graph, reporter: Reporter, found: list[Found]) -> tuple[Path, ...]:
    """Paths with parties and claims, all of which are fetched at once."""
    parties = {end for path in found for hop in path.hops for end in (hop.source, hop.target)}
    denied = denials(graph.index, parties)
    fetch((path.hops for path in found), reporter)
    reporter.claims(at for positions in denied.values() for at in positions)
    return tuple(_path(reporter, path, denied) for path in found)


def _path(reporter: Reporter, path: Found, denied: dict[int, list[int]]) -> Path:
    steps = tuple(as_step(hop, reporter) for hop in path.hops)
    own = {at for hop in path.hops for at in hop.positions}
    ends = (path.hops[0].source, *(hop.target for hop in path.hops))
    beside = dict.fromkeys(at for end in ends for at in denied.get(end, ()) if at not in own)
    claims = reporter.claims(beside)
    return Path(
        reporter.party(path.target),
        reporter.party(path.entity),
        path.strength,
        steps,
        path.total,
        tuple(claims[at] for at in beside),
    )


def fetch(chains: Iterable[Iterable[Hop]], reporter: Reporter) -> None:
    """Have the reporter fetch all parties and claims of chains together, which is far quicker."""
    hops = [hop for chain in chains for hop in chain]
    reporter.parties(end for hop in hops for end in (hop.source, hop.target))
    reporter.claims(position for hop in hops for position in hop.positions)


def as_step(hop: Hop, reporter: Reporter) -> Step:
    """One hop with its parties and claims."""
    ends = reporter.parties((hop.source, hop.target))
    claims = reporter.claims(hop.positions)
    return Step(
        hop.kind,
        hop.channel,
        hop.carries,
        ends[hop.source],
        ends[hop.target],
        hop.low,
        hop.high,
        tuple(claims[position] for position in hop.positions),
    )
