"""What does an answer about contagion consist of?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from spillover.queries.answer import Claim, Party, Sources
from spillover.queries.conditions import Conditions

Measure = Literal["esri", "debtrank", "impact"]
MEASURES: Final[tuple[Measure, ...]] = ("esri", "debtrank", "impact")


class Ends(NamedTuple):
    """An estimate, at least and at most; parts of a whole from 0 to 1 unless said otherwise."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which assumptions was reckoned."""

    measure: Measure
    essential: str
    """``all``, ``none``, or the name of a table: which inputs are essential."""
    replaceable: bool
    """Whether others of its industry stand in for a supplier."""
    complete: bool
    """Whether the amounts that claims print are taken as all the trade of these firms."""
    tolerance: float
    """Rounds ended when no loss changed by more."""
    buffer: float
    """Part of its purchases or sales that a firm can lose (impact)."""
    rule: str
    """Ownership rule by which others close with the targets; empty: none does."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the network."""

    firms: int
    links: int
    inputs: int
    """Links that state which part of the customer's purchases they are."""
    sales: int
    """Links that state which part of the supplier's sales they are."""
    amounts: int
    """Links of which a claim prints an amount."""
    sized: bool
    """Whether it is known how much each firm sells; else every firm counts alike."""


@dataclass(frozen=True, slots=True)
class Through:
    """One link by which a firm loses."""

    side: Literal["input", "sales", "holding"]
    other: Party
    """From whom the loss comes."""
    good: str
    """What is supplied; empty where nobody says it."""
    part: Ends
    """The part of purchases or sales that the link is, or the share that is held."""
    loss: Ends
    """What it adds to the loss."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Loser:
    """What one firm loses."""

    firm: Party
    of: Party | None
    """With whom, where each target is reckoned for itself; None: with all of them."""
    inputs: Ends
    """Part of its output that it loses for want of inputs; 0 for holders."""
    sales: Ends
    """Part of its output that it loses for want of customers; 0 for holders."""
    loss: Ends
    """The larger of both; of holders what they lose as a part of the target's equity."""
    through: tuple[Through, ...]
    """The links that add most to its greatest loss."""
    links: int
    """Of so many that add to it."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """What is lost with one firm."""

    firm: Party
    index: Ends
    """Part of all output that is lost with it; of equity what others lose as multiples of its
    own."""
    own: float
    """What of this is its own output; 0 for equity."""
    customers: int
    """Of equity: what it holds."""
    suppliers: int
    """Of equity: its holders."""
    unstated: int
    """Links of it of which neither part is stated; of equity its holders without a stated share."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The impact measures of one firm under two readings: certain links only, and all possible."""

    firm: Party
    reach: tuple[int, int]
    """Firms that it can bring down directly."""
    susceptibility: tuple[float, float]
    start: tuple[float, float]
    intermediate: tuple[float, float]

    @property
    def diffusion(self) -> tuple[float, float]:
        """Start and intermediate together."""
        first, second = (s + i for s, i in zip(self.start, self.intermediate, strict=True))
        return first, second


@dataclass(frozen=True, slots=True)
class Systemic:
    """The answer."""

    when: Conditions
    terms: Terms
    targets: tuple[Party, ...]
    with_them: tuple[Party, ...]
    """Who closes with them for certain by the rule."""
    perhaps: tuple[Party, ...]
    """Who possibly does."""
    outside: tuple[Party, ...]
    """Targets of which the network knows no link."""
    remark: str
    """What must be said of the rule on the day."""
    known: Known
    index: Ends | None
    """Part of all output that is lost with the targets; None where none are named, or no link of
    any of them is known."""
    losers: tuple[Loser, ...]
    """Who loses, the surest and largest loss first; without the targets."""
    ranking: tuple[Ranked, ...]
    """Every firm closed alone, the surest and largest first; none where targets are named."""
    spread: tuple[Spread, ...]
    fluidity: tuple[float, float]
    """Average susceptibility under the two readings."""
    hidden: int
    """Rows that are not shown."""
    settled: bool
    """False: the rounds ran out; the numbers are those of the last round."""
    sources: Sources

    @property
    def claims(self) -> list[Claim]:
        """Every claim of a link that is named."""
        links = [link for loser in self.losers for link in loser.through]
        return list(dict.fromkeys(claim for link in links for claim in link.claims))
