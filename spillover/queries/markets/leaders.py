"""Who leads which product or technology, by country and by firm, and how sure is that?

Every market is asked twice: all claims together, and the claims of each source and date alone.
What a publisher counts without naming the technologies is a bare claim: it stands beside the
counts of this graph and is never mixed with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.schema import is_a
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions
from spillover.queries.markets.bare import Bare, bare
from spillover.queries.markets.leading import Lead, Rival, Standing, standing
from spillover.queries.markets.lost import Part, stated
from spillover.queries.markets.market import Market, Share, Side, markets


@dataclass(frozen=True, slots=True)
class Holder:
    """A producer with its share, or several that report one share."""

    parties: tuple[Party, ...]
    """The one that counts first."""
    low: int
    """In millionths of a percent."""
    high: int
    stated: bool


@dataclass(frozen=True, slots=True)
class Count:
    """Who leads one market by some of its claims."""

    dataset: str
    """Empty where the claims of all sources are taken together."""
    publisher: str
    observed: str
    """The day or year for which the source speaks; empty if undated, or of all dates together."""
    lead: Lead
    """See :class:`spillover.queries.markets.leading.Standing`."""
    leaders: tuple[Holder, ...]
    """The one that leads; of a contested lead all who can be first."""
    second: Holder | None
    """The next who is named, where one leads."""
    margin: Part | None
    """By how much the leader is ahead, in millionths of a percent: see
    :class:`spillover.queries.markets.leading.Standing`."""
    named: int
    """How many shares are told apart."""
    unnamed: Part
    """What is left to producers whom nobody names."""
    unquantified: Part
    """What no stated share covers: those not named, and those named without a share."""


@dataclass(frozen=True, slots=True)
class Led:
    """Who leads one market."""

    product: Party
    side: Side
    reach: str
    holders: tuple[Holder, ...]
    """Every share, largest first."""
    together: Count
    counts: tuple[Count, ...]
    """By each source and date alone, oldest first."""
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many markets one producer leads."""

    party: Party
    certain: int
    """Ahead of everybody, named or not."""
    named: int
    """Ahead of everybody who is named."""
    contested: int
    """Markets in which it can be first and so can others."""


@dataclass(frozen=True, slots=True)
class Leaders:
    """The answer."""

    when: Conditions
    asked: tuple[Party, ...]
    """The products that were named; empty for all."""
    led: tuple[Led, ...]
    """Technologies before other products, then by name; firms before countries."""
    tallies: dict[Side, tuple[Tally, ...]]
    """By side, who leads most first."""
    totals: dict[Side, dict[Lead, int]]
    """By side, how many markets have such a lead."""
    technologies: int
    """How many of the products are technologies."""
    bare: tuple[Bare, ...]
    """By country and date."""
    without: tuple[Party, ...]
    """Products that were named and that nobody is said to make."""
    sources: Sources

    @property
    def claims(self) -> list[Claim]:
        """Every claim that the answer stands on, without repeats."""
        return list(dict.fromkeys(claim for item in self.led for claim in item.claims))


def leaders(graph: Graph, when: Conditions, products: Iterable[str] = ()) -> Leaders:
    """Who leads which product or technology.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        products: ids, identifiers or names; none for everything that somebody makes.

    Raises:
        NotFoundError, AmbiguousError: a product.
    """
    asked = graph.find(products)
    made = markets(graph, when, asked or _made(graph))
    reporter = Reporter(graph, when)
    reporter.parties({*asked, *made})
    found = [market for of in made.values() for market in of]
    at = [p for market in found for share in market.shares for p in share.positions]
    claims = reporter.claims(at)
    led = [_led(market, claims, reporter) for market in found]
    led.sort(key=_rank)
    sides: tuple[Side, Side] = ("firm", "country")
    kinds = {item.product.num for item in led if is_a(item.product.schema, "Technology")}
    return Leaders(
        when,
        tuple(reporter.party(number) for number in asked),
        tuple(led),
        {side: _tallies(item for item in led if item.side == side) for side in sides},
        {side: _totals(item for item in led if item.side == side) for side in sides},
        len(kinds),
        bare(graph, reporter, _by_publisher(led)) if not asked else (),
        tuple(reporter.party(number) for number in asked if number not in made),
        sources(graph),
    )


def _made(graph: Graph) -> list[int]:
    """Every product of which a claim names a producer."""
    index = graph.index
    at = np.flatnonzero(index.kind[:] == KIND_CODES["PRODUCES"])
    found: list[int] = np.unique(index.target(at)).tolist()
    return found


def _rank(item: Led) -> tuple[bool, str, str, str, str]:
    technology = is_a(item.product.schema, "Technology")
    place = "01"[item.side == "country"]
    return not technology, item.product.name, item.product.id, place, item.reach


def _led(market: Market, claims: dict[int, Claim], reporter: Reporter) -> Led:
    own = sorted({p for share in market.shares for p in share.positions})
    who = standing(market)
    return Led(
        reporter.party(market.product),
        market.side,
        market.reach,
        tuple(holder(rival, reporter) for rival in who.rivals),
        _count(market, who, ("", "", ""), reporter),
        tuple(_apart(market, claims, reporter)),
        tuple(claims[position] for position in own),
    )


def _apart(market: Market, claims: dict[int, Claim], reporter: Reporter) -> Iterable[Count]:
    """The same market by the claims of each source and date."""
    groups: dict[tuple[str, str, str], dict[int, list[int]]] = {}
    for place, share in enumerate(market.shares):
        for position in share.positions:
            claim = claims[position]
            source = claim.observed or "", claim.publisher, claim.dataset
            groups.setdefault(source, defaultdict(list))[place].append(position)
    for (observed, publisher, dataset), places in sorted(groups.items()):
        shares = [
            part
            for place, at in sorted(places.items())
            if (part := _part(market.shares[place], at, claims)) is not None
        ]
        if shares:
            alone = Market(market.product, market.side, market.reach, tuple(shares))
            yield _count(alone, standing(alone), (dataset, publisher, observed), reporter)


def _part(share: Share, at: list[int], claims: dict[int, Claim]) -> Share | None:
    """What some of the claims of one share say; None where they only deny it."""
    said = [claims[position] for position in at]
    asserting = [claim for claim in said if claim.stance != "denies"]
    if not asserting:
        return None
    # What is too old is no stated share, as in the market itself.
    known = [c for c in asserting if c.stake is not None and c.standing == "counted"]
    stakes = [claim.stake for claim in known if claim.stake is not None]
    low = min((stake.low for stake in stakes), default=0)
    high = max((stake.high for stake in stakes), default=WHOLE)
    denied = len(asserting) < len(said)
    return share._replace(
        low=0 if denied else low, high=high, stated=bool(stakes), positions=tuple(at)
    )


def _count(
    market: Market, who: Standing, source: tuple[str, str, str], reporter: Reporter
) -> Count:
    covered = stated(market)
    leads = who.possible
    second = who.rivals[1:2] if who.lead in ("certain", "named") else ()
    return Count(
        *source,
        who.lead,
        tuple(holder(rival, reporter) for rival in leads),
        holder(second[0], reporter) if second else None,
        who.margin,
        len(who.rivals),
        who.unnamed,
        Part(WHOLE - covered.high, WHOLE - covered.low),
    )


def holder(rival: Rival, reporter: Reporter) -> Holder:
    """A share with the parties that have it, or report it."""
    parties = tuple(reporter.party(share.producer) for share in rival.shares)
    return Holder(parties, rival.low, rival.high, rival.stated)


def _tallies(led: Iterable[Led]) -> tuple[Tally, ...]:
    """How many of these markets each producer leads, or can lead."""
    counts: dict[int, dict[Lead, int]] = {}
    parties: dict[int, Party] = {}
    for item in led:
        for holder in item.together.leaders:
            party = holder.parties[0]
            parties[party.num] = party
            of = counts.setdefault(party.num, dict.fromkeys(("certain", "named", "contested"), 0))
            of[item.together.lead] += 1
    made = [Tally(parties[n], c["certain"], c["named"], c["contested"]) for n, c in counts.items()]
    made.sort(key=lambda t: (-t.certain - t.named, -t.certain, -t.contested, t.party.id))
    return tuple(made)


def _totals(led: Iterable[Led]) -> dict[Lead, int]:
    found: dict[Lead, int] = {"certain": 0, "named": 0, "contested": 0, "unknown": 0}
    for item in led:
        found[item.together.lead] += 1
    return found


def _by_publisher(led: Iterable[Led]) -> dict[tuple[str, str], list[int | None]]:
    """By publisher and date: of each technology with a count by country, who certainly leads it."""
    found: dict[tuple[str, str], list[int | None]] = {}
    for item in led:
        if item.side == "country" and is_a(item.product.schema, "Technology"):
            for count in item.counts:
                sure = count.lead in ("certain", "named")
                leader = count.leaders[0].parties[0].num if sure else None
                found.setdefault((count.publisher, count.observed), []).append(leader)
    return found
