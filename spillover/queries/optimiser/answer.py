"""What does an answer of the optimiser say: sets of designations, their effect, who else loses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from spillover.queries.answer import Claim, Party, Sources
from spillover.queries.conditions import Conditions
from spillover.queries.markets.lost import Part
from spillover.queries.rulebook import Rule

OWNER_LEVELS: Final = 3
"""How far up owners of producers are candidates, where they are asked for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of the optimiser."""

    cut: int | None = None
    """The part of the market that is to be lost, in millionths of a percent; or else"""
    budget: int | None = None
    """the collateral that is allowed, in millionths of a percentage point."""
    sure: bool = True
    """Whether the effect has to be certain; else it has to be possible."""
    inputs: bool = False
    """Whether a loss of essential inputs counts as effect, too."""
    side: Literal["", "firm", "country"] = ""
    """The count of producers; empty: firms where there are any, else countries."""
    reach: str = ""
    """How far the market reaches; empty: the only one, or the world."""
    rule: str = "us-ofac-50"
    """The ownership rule by which others fall; empty: none does."""
    names: tuple[str, ...] = ()
    """Candidates; empty: the producers."""
    owners: bool = False
    """Whether those who own the candidates are candidates, too."""
    countries: bool = False
    """Whether whole countries are candidates, too."""
    spare: tuple[str, ...] = ()
    """Countries (alpha-2): only what their producers lose is collateral; empty: what all lose."""
    finest: bool = False
    """Whether a product is left out of the collateral of which a kind is counted."""
    top: int = 3
    """How many sets are offered."""
    points: int = 5
    """How many effects the least collateral is worked out for."""
    seconds: float = 60.0
    """When to take the best set so far."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who can be designated."""

    name: str
    party: Party | None
    """None: a country that is cut off."""
    code: str = ""
    """That country (alpha-2, upper case)."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What one product loses, on the market that loses most."""

    product: Party
    side: str
    reach: str
    part: Part


@dataclass(frozen=True, slots=True)
class Fall:
    """A producer that falls with a set, and is not named in it."""

    party: Party
    certain: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A set of designations."""

    members: tuple[Named, ...]
    effect: Part
    collateral: Part
    """Sums over products, in millionths of a percentage point; the greatest is what counts."""
    losses: tuple[Loss, ...]
    """Of every product that loses, the largest first by the middle of what is lost."""
    falls: tuple[Fall, ...]
    proven: bool
    """Whether no set is better in any respect that counts."""
    bound: int | None
    """What no better set can pass: the collateral, or with a budget the effect."""


@dataclass(frozen=True, slots=True)
class Point:
    """The least collateral of one effect."""

    need: int
    members: tuple[Named, ...]
    effect: Part
    collateral: Part
    proven: bool


@dataclass(frozen=True, slots=True)
class Optimum:
    """The answer."""

    wish: Wish
    when: Conditions
    law: Rule | None
    product: Party
    side: str
    reach: str
    candidates: tuple[Named, ...]
    counted: int
    """Products in which a loss would be collateral."""
    most: Part
    """The effect of all candidates together: no set has more."""
    choices: tuple[Choice, ...]
    """The best first; empty: the effect cannot be reached, or nothing was found in time."""
    points: tuple[Point, ...]
    late: bool
    """Whether time ran out."""
    claims: tuple[Claim, ...]
    """Every share, input and holding that the sets stand on."""
    sources: Sources
