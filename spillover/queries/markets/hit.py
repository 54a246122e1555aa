"""Which producers of one market are hit by what falls, and what part of it is lost with them?

A country that is cut off takes more with it than the producers that are known to be of it. A
producer whose country nobody states can be of it, and so can those whom the market does not name.
Where the market counts countries, and the one that is cut off is among them, neither can: its own
count is all of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from spillover.queries.markets.lost import Part, lost
from spillover.queries.markets.market import Market
from spillover.queries.markets.struck import Struck


class Hit(NamedTuple):
    """Who is hit in one market."""

    certain: frozenset[int]
    possible: frozenset[int]
    """Those of ``certain`` among them."""
    unnamed: bool
    """Whether producers that the market does not name can be hit."""


def hit(market: Market, fallen: Struck) -> Hit:
    """Who of this market's producers is hit for certain, and who possibly."""
    makers = frozenset(share.producer for share in market.shares)
    unclear = bool(fallen.countries)
    if market.side == "country":
        unclear = unclear and len(fallen.states & makers) < len(fallen.countries)
    possible = fallen.possible | (fallen.unplaced if unclear else frozenset())
    return Hit(makers & fallen.certain, makers & possible, unclear)


def part_lost(market: Market, fallen: Struck) -> Part:
    """The part of the market that is lost with those who fall."""
    certain, possible, unnamed = hit(market, fallen)
    return lost(market, certain, possible, unnamed=unnamed)


def speaking(markets: Sequence[Market], fallen: Struck) -> list[Market]:
    """The counts of one product's market that say what is lost with those who fall.

    Each names somebody who falls, or can. Counts of firms always do. A count of countries says
    nothing of a firm that falls, unless the country of the firm is cut off as well.

    Args:
        markets: all counts of one product's market.
        fallen: who falls.
    """
    firms = {s.producer for market in markets if market.side == "firm" for s in market.shares}
    blind = not fallen.countries or bool(fallen.foreign & firms)
    return [
        market
        for market in markets
        if hit(market, fallen).possible and not (blind and market.side == "country")
    ]


def own_losses(markets: Mapping[int, Sequence[Market]], fallen: Struck) -> dict[int, Part]:
    """The part of each product that is lost with its own producers; no entry where none falls.

    Where several counts of one market say it, the hull of what they say: whichever is right, the
    loss lies in it.
    """
    found: dict[int, Part] = {}
    for product, counts in markets.items():
        parts = [part_lost(market, fallen) for market in speaking(counts, fallen)]
        if parts:
            lows, highs = zip(*parts, strict=True)
            found[product] = Part(min(lows), max(highs))
    return found
