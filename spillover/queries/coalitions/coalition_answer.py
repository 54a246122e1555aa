"""What is the answer about a coalition made of?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from spillover.queries.answer import Claim, Party, Sources
from spillover.queries.coalitions.denial import Role
from spillover.queries.coalitions.game import Pivot, Said, Smallest
from spillover.queries.coalitions.regimes import Regime
from spillover.queries.conditions import Conditions
from spillover.queries.markets.lost import Part


class Land(NamedTuple):
    """A country, or a region that a source counts as one."""

    code: str
    """ISO 3166 alpha-2, lower case; of a region its id."""
    name: str
    """As the graph names it, else the code in capitals."""


class Piece(NamedTuple):
    """What one country has of a market."""

    land: Land
    part: Part
    """In millionths of a percent."""
    stated: bool
    """False: it has a producer, and no claim that counts says how large any share of it is."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What the coalition has of one product of the chain."""

    product: Party
    role: Role
    side: str
    """Which count of the market is taken: ``country``, or ``firm`` by headquarters."""
    reach: str
    """How far that market reaches, as claims print it."""
    others: int
    """Further counts of the market, which are not taken."""
    stated: Part
    """What named producers have by the shares that are stated."""
    covered: Part
    """What the coalition has of the product itself."""
    denied: Part
    """The same with what the product is made with; whatever has no known makers can be covered
    wholly."""
    covers: Said
    """Whether what it has of the product itself reaches the quota."""
    pieces: tuple[Piece, ...]
    """Every country with a part of it, the largest first."""
    unplaced: tuple[Party, ...]
    """Producers whose country is not known."""
    target: Part | None
    """What the country that is denied has of it; None when none is named."""
    certain: Smallest
    """The smallest coalitions that cover the quota for certain."""
    possible: Smallest
    pivots: tuple[Pivot, ...]
    """Every country with a part of it, the most powerful first."""
    pivotal: tuple[tuple[Land, Said], ...]
    """Members whose leaving drops the cover below the quota; those of whom it is certain first."""
    regimes: tuple[Claim, ...]
    """Claims that a regime or list covers the product."""
    claims: tuple[Claim, ...]
    """Claims of the shares that are counted, denials among them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One product before and after somebody leaves."""

    product: Party
    before: Part
    after: Part
    drops: Said
    """Whether the cover falls below the quota."""


@dataclass(frozen=True, slots=True)
class Defection:
    """What it costs when members leave."""

    leaving: tuple[Land, ...]
    denied: Part
    """How far the product is denied after it."""
    known: Part
    """The same as far as makers are known."""
    changes: tuple[Change, ...]
    """Products of which the coalition then has less, the largest fall first."""


@dataclass(frozen=True, slots=True)
class Way:
    """A smallest coalition that covers the quota of something without which there is no product."""

    members: tuple[Land, ...]
    products: tuple[Party, ...]
    """What it covers, of the product itself and its essential inputs."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A firm of a member that makes a product of the chain."""

    firm: Party
    land: Land
    product: Party
    share: Part
    stated: bool
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Sale:
    """What part of its sales a firm of a member makes to the country that is denied."""

    firm: Party
    land: Land
    share: Part
    stated: bool
    makes: tuple[Party, ...]
    """Products of the chain that it is known to make."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Coalition:
    """The answer."""

    when: Conditions
    product: Party
    members: tuple[Land, ...]
    regimes: tuple[Regime, ...]
    """Regimes of which the members on the day are members of the coalition."""
    contested: tuple[Land, ...]
    """Members of whose membership a source denies; they are counted as members."""
    target: Land | None
    """The country to be denied."""
    quota: int
    """The part to be covered, in millionths of a percent."""
    covers: tuple[Cover, ...]
    """The product first, then essential inputs, then the others."""
    denied: Part
    """How far the product is denied with all that it is made with; what has no known makers can be
    covered wholly."""
    known: Part
    """The same without products of which nobody says who makes them."""
    least: tuple[Party, ...]
    """From the product to that whose own cover sets the least."""
    most: tuple[Party, ...]
    """The same for the greatest, as far as makers are known."""
    ways: tuple[Way, ...]
    """The smallest coalitions for anything essential."""
    ways_left_out: int
    leaving: Defection | None
    """What it costs when those leave who were named."""
    defections: tuple[Defection, ...]
    """What it costs when one member leaves, the dearest first; only where something changes."""
    bearers: tuple[Bearer, ...]
    sales: tuple[Sale, ...]
    unmade: tuple[Party, ...]
    """Products of the chain of which nobody says who makes them: their own cover is not known."""
    quantities: int
    """Inputs that state a quantity instead of being essential: they are not followed."""
    sources: Sources

    @property
    def asked(self) -> Cover | None:
        """The cover of the product itself; None where nobody says who makes it."""
        return next((cover for cover in self.covers if cover.role == "asked"), None)
