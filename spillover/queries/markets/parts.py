"""What are answers about markets made of: producers, links between products, losses, risks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from spillover.graph.stake import Stake
from spillover.queries.answer import Claim, Party
from spillover.queries.markets.concentration import Points
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market import Side


@dataclass(frozen=True, slots=True)
class Producer:
    """Somebody who makes a product, and what part of the market that is."""

    party: Party
    part: Part
    stated: bool
    """False: the producer is there, and nobody says how large its part is."""
    block: str
    """Producers of one block report one share: only the largest counts. Empty for none."""
    repeats: bool
    """Its share is another route to shares that stand beside it."""
    claims: tuple[Claim, ...]
    """Denials among them."""


class Growth(NamedTuple):
    """By what part of itself something would have to grow, at least and at most."""

    low: Fraction | None
    """None: it is nothing, and nothing cannot grow."""
    high: Fraction | None
    """None: it can be nothing."""


@dataclass(frozen=True, slots=True)
class Substitute:
    """A producer that remains, and what it would have to do to fill the gap alone."""

    producer: Producer
    growth: Growth


@dataclass(frozen=True, slots=True)
class MarketLoss:
    """What one count of a market loses."""

    product: Party
    side: Side
    reach: str
    speaks: bool
    """False: this count says nothing of those who fall; nothing was computed."""
    fallen: tuple[Producer, ...]
    """Producers that fall, or can."""
    certain: tuple[str, ...]
    """Ids of those among them that fall whatever is unknown."""
    lost: Part
    before: Points
    """Concentration before."""
    after: Points | None
    """Concentration of what remains, with the rest as the new whole; None: nothing remains for
    certain, or nothing was computed."""
    unquantified: int
    """Producers that fall, or can, of whom nobody says how large their part is."""
    remaining: int
    """Producers that remain, or can."""
    substitutes: tuple[Substitute, ...]
    """The largest of them, surest first."""
    spare: Growth
    """By what part of itself the output of all who remain would have to grow to fill the gap."""
    producers: tuple[Producer, ...]
    """Everybody whom this count names."""


@dataclass(frozen=True, slots=True)
class Link:
    """One product goes into another, or is a kind of it."""

    source: Party
    target: Party
    kind: Literal["INPUT_TO", "KIND_OF"]
    stated: bool
    """Whether a claim states the part."""
    part: Part
    """Of a kind: what it is of the wider product; of an input: what it makes up of what goes
    into the product, where that is stated."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """What part of a product is at risk, and along which products."""

    product: Party
    lost: Part | None
    """What is lost with its own producers; None: none of them falls."""
    at_risk: Part
    least: tuple[Link, ...]
    """The links that set the least risk, from a product that is lost with its own producers; none
    where its own producers set it, or nothing is at risk for certain."""
    most: tuple[Link, ...]
    """The links that set the greatest."""
    reached: bool
    """Whether an input or a kind brings risk."""


@dataclass(frozen=True, slots=True)
class Fallen:
    """A producer that falls, or can, and why."""

    party: Party
    certain: bool
    why: Literal["named", "rule", "country", "country unknown"]
    share: Stake | None
    """What those hold of it who fall, where a rule decides."""
    claims: tuple[Claim, ...]
    """The proof, where a rule decides."""


@dataclass(frozen=True, slots=True)
class Bystander:
    """The producers of one country that make a product which an input or a kind puts at risk."""

    country: str
    """Alpha-2; empty where nobody states it."""
    product: Party
    at_risk: Part
    counted: Producer | None
    """The country in the count of countries, where there is one."""
    firms: tuple[Producer, ...]
    """Its firms that remain, largest first."""
    falling: tuple[Producer, ...]
    """Its firms that fall for certain: the count of countries still has them in it."""


def claims_of(
    producers: Iterable[Producer], links: Iterable[Link], fallen: Iterable[Fallen]
) -> tuple[Claim, ...]:
    """Every claim behind them, without repeats, by its number in the graph."""
    groups = [part.claims for part in producers]
    groups += [part.claims for part in links] + [part.claims for part in fallen]
    every = {claim.relation: claim for group in groups for claim in group}
    return tuple(every[number] for number in sorted(every))
