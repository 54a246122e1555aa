"""What does a sample say: percentiles within certain bounds, and the unknowns that drive them.

Parts are fractions of a whole, 0 to 1; they are estimates. Bounds are exact, in millionths of a
percent. A percentile is no probability of an event in the world: it says where the draws lie that
the assumptions allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from spillover.queries.markets.lost import Part
from spillover.queries.uncertainty.priors import Prior, Priors

if TYPE_CHECKING:
    from spillover.queries.answer import Claim, Party, Reporter
    from spillover.queries.markets.market import Side

What = Literal[
    "share",
    "unstated share",
    "repeat",
    "unnamed",
    "count",
    "falls",
    "part",
    "unstated part",
    "substitution",
    "denied",
    "purchase",
    "unstated purchase",
    "sale",
    "unstated sale",
    "replacement",
    "stake",
    "unstated stake",
]

STAKES: Final[tuple[What, What]] = ("stake", "unstated stake")
"""Unknowns that are shares of owners."""


class Spread(NamedTuple):
    """Where the draws of one amount lie."""

    p5: float
    """One draw in twenty lies below; a part of the whole, 0 to 1."""
    p50: float
    p95: float
    bounds: Part
    """The certain bounds, whatever is assumed."""

    @property
    def varies(self) -> bool:
        """Whether the sample leaves anything open."""
        return self.p5 < self.p95


class Ranges(NamedTuple):
    """One product: the part that is lost with its producers, and the part that is at risk."""

    lost: Spread
    risk: Spread


class Count(NamedTuple):
    """One count of one market, and the part that is lost in it."""

    product: int
    side: Side
    reach: str
    lost: Spread


class Input(NamedTuple):
    """One unknown that was drawn."""

    what: What
    """``share`` of a producer, in the interval that is stated, or ``unstated share``; ``repeat``: a
    share that repeats others; ``unnamed``: how much of the unnamed producers falls; ``count``:
    which count of the market is right; ``falls``: whether one falls that can; ``part`` or
    ``unstated part`` of a kind in the wider product; ``substitution`` among the kinds of a product;
    ``denied``: whether a denied input is essential; ``purchase`` and ``sale``: the part that a
    supplier is of a customer's purchases, and the customer of the supplier's sales, and the same
    ``unstated``; ``replacement`` within an industry; ``stake`` or ``unstated stake`` of an owner in
    an entity that can fall."""
    subject: int
    """The producer, kind, input, product or supplier; of an industry its first firm."""
    product: int
    """The product whose market, kinds or inputs it is about, or the customer; of ``falls`` and
    ``replacement`` the subject again."""
    where: str
    """The count of the market, for example ``firm``, or the industry; else empty."""
    positions: tuple[int, ...]
    """The claims about it, as positions in the index; none where nobody says anything."""


class Driver(NamedTuple):
    """An unknown, and how it goes with an amount."""

    input: Input
    rank: float
    """Spearman's rank correlation with the amount over all draws, -1 to 1."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A sample of markets and of what they carry."""

    draws: int
    seed: int
    priors: Priors
    used: tuple[tuple[str, Prior], ...]
    """The assumptions that this sample stands on, by name."""
    products: Mapping[int, Ranges]
    """By product: all products of the chain, in order."""
    counts: tuple[Count, ...]
    """Every count of every market that says something of those who fall."""
    makers: Mapping[int, Spread]
    """By producer that is not sure to fall: the largest part at risk, through inputs and kinds,
    among the products that it makes. Only who can be hit."""
    drivers: Mapping[int, tuple[Driver, ...]]
    """By product: what goes with the part at risk, the strongest first."""
    inputs: int
    """How many unknowns were drawn."""
    settled: bool = True
    """False: a circle of products was still rising when it was left; its amounts are too low."""
    parties: Mapping[int, Party] = field(default_factory=dict)
    claims: Mapping[int, Claim] = field(default_factory=dict)

    def told(self, reporter: Reporter) -> Sampled:
        """The same with the names and the claims of all that it speaks of."""
        drivers = [driver.input for found in self.drivers.values() for driver in found]
        numbers = {*self.products, *self.makers, *(count.product for count in self.counts)}
        numbers.update(number for item in drivers for number in (item.subject, item.product))
        claims = reporter.claims({position for item in drivers for position in item.positions})
        return replace(
            self,
            parties=reporter.parties(numbers),
            claims=claims,
            drivers={number: _cited(found, claims) for number, found in self.drivers.items()},
        )


@dataclass(frozen=True, slots=True)
class SampledFirms:
    """A sample of a production network when some of its firms close."""

    draws: int
    seed: int
    priors: Priors
    used: tuple[tuple[str, Prior], ...]
    index: Spread
    """The part of all output that is lost."""
    firms: Mapping[int, Spread]
    """By firm that is not sure to close, and can lose anything: the part of its output."""
    drivers: tuple[Driver, ...]
    """What goes with the index, the strongest first."""
    inputs: int
    """How many unknowns were drawn."""
    settled: bool
    """False: the rounds of the cascade ran out in some draw."""
    parties: Mapping[int, Party] = field(default_factory=dict)
    claims: Mapping[int, Claim] = field(default_factory=dict)

    def told(self, reporter: Reporter) -> SampledFirms:
        """The same with the names and the claims of all that it speaks of."""
        items = [driver.input for driver in self.drivers]
        numbers = {*self.firms, *(n for item in items for n in (item.subject, item.product))}
        claims = reporter.claims({position for item in items for position in item.positions})
        return replace(
            self,
            parties=reporter.parties(numbers),
            claims=claims,
            drivers=_cited(self.drivers, claims),
        )


def _cited(drivers: Iterable[Driver], claims: Mapping[int, Claim]) -> tuple[Driver, ...]:
    """The drivers, the claims of each in the order of what they say, not of their numbers."""

    def said(position: int) -> tuple[str, ...]:
        claim = claims[position]
        ends = (claim.source.id, claim.target.id, claim.kind)
        day = claim.observed or claim.start or ""
        about = (claim.dataset, day, claim.publisher, claim.title, claim.record, claim.stake_text)
        return (*ends, *about, claim.stance, claim.note)

    return tuple(
        driver._replace(
            input=driver.input._replace(positions=tuple(sorted(driver.input.positions, key=said)))
        )
        for driver in drivers
    )
