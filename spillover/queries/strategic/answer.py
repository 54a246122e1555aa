"""What does an answer about strategic goods consist of? Three logics, and no score of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spillover.queries.answer import Claim, Party, Sources
from spillover.queries.conditions import Conditions
from spillover.queries.markets.concentration import Points
from spillover.queries.markets.leaders import Holder
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market import Side
from spillover.queries.markets.parts import Growth
from spillover.queries.shocks.paths import Step
from spillover.queries.ties.organs import Organ
from spillover.queries.ties.profile import Reached
from spillover.queries.ties.tie import DISPUTED


@dataclass(frozen=True, slots=True)
class Naming:
    """Whom one publisher names at several dates, and who is new among them."""

    publisher: str
    dates: tuple[str, ...]
    """Of its observations; two at least."""
    new: tuple[tuple[Party, str], ...]
    """Producers whom its first observation does not name, with the date at which it first does."""
    gone: tuple[Party, ...]
    """Producers whom its last observation does not name any more."""


@dataclass(frozen=True, slots=True)
class Structure:
    """How one market is made up."""

    side: Side
    reach: str
    hhi: Points
    """Index of Herfindahl and Hirschman, 0 to 10,000 points; for every way in which the unknown
    can turn out."""
    producers: int
    """Shares told apart; several that report one share count once."""
    quantified: int
    """How many of them are stated."""
    first: Part
    """The largest share of anybody named, in millionths of a percent."""
    three: Part
    """The three largest together."""
    unquantified: Part
    holders: tuple[Holder, ...]
    """Largest first."""
    observations: tuple[str, ...]
    """Dates for which sources speak; an empty one is undated."""
    naming: tuple[Naming, ...]
    """Empty where no publisher speaks of several dates: entry is then unknown."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Land:
    """What part of a market one jurisdiction has."""

    code: str
    """Alpha-2 code of the country; empty for a region that a source counts as one."""
    name: str
    part: Part
    outside: int
    """Producers who are named and certainly not of it."""


@dataclass(frozen=True, slots=True)
class Held:
    """How the shares of one market lie in jurisdictions."""

    side: Side
    """Of firms the jurisdiction is that of their country."""
    reach: str
    lands: tuple[Land, ...]
    """By least share, then by greatest."""
    largest: Part
    """The largest share of one jurisdiction, whichever it is."""
    growth: Growth | None
    """Of the rest of the market, to stand in for the first of ``lands``; None where it is unknown
    whether that one has any share."""


@dataclass(frozen=True, slots=True)
class Other:
    """Another kind of the same wider product."""

    product: Party
    wider: Party
    held: Held | None
    """Where its market lies, by the count that says most; None where nobody is said to make it."""


@dataclass(frozen=True, slots=True)
class Chained:
    """The goods on one side of a product in the chain of what is made with what."""

    direct: tuple[Party, ...]
    """Next to it: one cannot be made without the other."""
    essential: tuple[Party, ...]
    """Over such steps alone, the direct ones among them."""
    partly: tuple[Party, ...]
    """Reached only over a kind of a wider product, or where a source denies the step."""
    ends: tuple[Party, ...]
    """Of all these, those at which the chain ends."""
    quantities: int
    """Inputs that state a quantity, as input-output tables do: they are not followed."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Narrow:
    """An input of which much lies in one jurisdiction."""

    product: Party
    essential: bool
    held: Held


@dataclass(frozen=True, slots=True)
class Scarcity:
    """What leverage the scarcity of a good gives."""

    held: tuple[Held, ...]
    others: tuple[Other, ...]
    """Other kinds of the wider products; nobody says here whether they can stand in."""
    downstream: Chained
    upstream: Chained
    narrow: tuple[Narrow, ...]
    """Its inputs, those first of which most lies certainly in one jurisdiction."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """What a regime says of a product, or of a wider product or kind of it."""

    regime: Party
    product: Party
    place: str
    """``itself``, ``wider`` or ``kind``."""
    standing: str
    """``counted``, ``stated and denied``, ``only denied``, or why it does not count on the day."""
    since: str | None
    said: tuple[tuple[str, str], ...]
    """What else the claims say: tier, against whom."""
    claims: tuple[Claim, ...]

    @property
    def counted(self) -> bool:
        """Whether it is stated on the day, denied or not."""
        return self.standing in ("counted", DISPUTED)


@dataclass(frozen=True, slots=True)
class Above:
    """An owner or stated controller of a producer whom a programme lists."""

    party: Party
    chain: tuple[Step, ...]
    """The steps to it, from the producer on."""
    listings: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Tied:
    """A producer and its ties to armed forces, security organs and the defence industry."""

    party: Party
    ties: tuple[Reached, ...]
    """Of the producer, its owners, subsidiaries and partners; denied ones among them."""
    listings: tuple[Claim, ...]
    """Claims that a programme lists it."""
    above: tuple[Above, ...]
    """Owners and stated controllers whom a programme lists on the day, the nearest first."""

    @property
    def counted(self) -> bool:
        """Whether a tie is stated on the day."""
        return any(reached.counted for reached in self.ties)

    @property
    def claims(self) -> list[Claim]:
        """Every claim that is shown of it."""
        found = [claim for reached in self.ties for claim in reached.tie.every]
        found += [c for reached in self.ties for step in reached.chain for c in step.claims]
        found += [c for one in self.above for step in one.chain for c in step.claims]
        return [*found, *self.listings, *(c for one in self.above for c in one.listings)]


@dataclass(frozen=True, slots=True)
class Transfer:
    """What is known of its transfer to military use."""

    covers: tuple[Cover, ...]
    codes: tuple[tuple[str, Party], ...]
    """Customs codes (HS) of it, of wider products and of kinds."""
    tied: tuple[Tied, ...]
    """Producers with a tie, a denial of one, or a listing of themselves or of who is above."""
    customers: tuple[tuple[Party, Organ], ...]
    """Producers who supply armed forces, with whom they supply."""
    looked: int
    """Producers whose ties were looked at."""
    firms: int
    """Producers that are firms."""
    truncated: bool
    """Among owners or subsidiaries of one of them the search was cut short."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Good:
    """One good by the three logics."""

    product: Party
    barriers: tuple[Structure, ...]
    scarcity: Scarcity
    transfer: Transfer

    @property
    def claims(self) -> list[Claim]:
        """Every claim that it stands on, logic after logic, without repeats."""
        logics: Iterable[Iterable[Claim]] = (
            *(structure.claims for structure in self.barriers),
            self.scarcity.claims,
            self.transfer.claims,
        )
        return list(dict.fromkeys(claim for claims in logics for claim in claims))


@dataclass(frozen=True, slots=True)
class Strategic:
    """The answer."""

    when: Conditions
    goods: tuple[Good, ...]
    """In the order in which they were asked for."""
    producers: int
    """Of how many producers of each good the ties are looked at, at most."""
    sources: Sources

    @property
    def claims(self) -> list[Claim]:
        """Every claim that the answer stands on, without repeats."""
        return list(dict.fromkeys(claim for good in self.goods for claim in good.claims))
