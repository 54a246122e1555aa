"""What part of a market lies in one jurisdiction, at least and at most, and who could stand in?

Where a market counts countries, each is a jurisdiction. Where it counts firms, a firm is of the
country of its seat: one with several countries can be of each, one without any can be of every one,
and so can those whom nobody names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.described import countries
from spillover.queries.markets.leading import Rival, rivals
from spillover.queries.markets.losing import growth_of_rest
from spillover.queries.markets.lost import Part, lost
from spillover.queries.markets.market import Market
from spillover.queries.strategic.answer import Held, Land


class Makers(NamedTuple):
    """Producers, and how the graph calls their countries."""

    entities: Mapping[int, Entity]
    names: Mapping[str, str]
    """By alpha-2 code; no entry where the graph has no such country."""


def makers(graph: Graph, found: Iterable[Market]) -> Makers:
    """The producers of these markets."""
    numbers = {share.producer for market in found for share in market.shares}
    return Makers(
        graph.store.entities(numbers),
        {code: country.name for country in countries(graph).values() for code in country.countries},
    )


def held(market: Market, known: Makers) -> Held:
    """How one market lies in jurisdictions.

    Args:
        market: the market.
        known: its producers.
    """
    found = _counted(market, known) if market.side == "country" else _seated(market, known)
    lands = tuple(sorted(found, key=lambda land: (-land.part.low, -land.part.high, land.name)))
    lows = max((land.part.low for land in lands), default=0)
    largest = Part(lows, max((land.part.high for land in lands), default=WHOLE))
    grown = growth_of_rest(lands[0].part) if lands and lows else None
    return Held(market.side, market.reach, lands, largest, grown)


def narrowest(counts: Sequence[Market], known: Makers) -> Held | None:
    """Of several counts of one market the one by which most lies certainly in one jurisdiction."""
    found = [held(market, known) for market in counts]
    return min(found, key=lambda one: (-one.largest.low, one.largest.high), default=None)


def _counted(market: Market, known: Makers) -> list[Land]:
    """Every country or region that a source counts."""
    ranked = rivals(market)
    return [_land(rival, known, len(ranked) - 1) for rival in ranked]


def _land(rival: Rival, known: Makers, outside: int) -> Land:
    entity = known.entities[rival.shares[0].producer]
    code = entity.countries[0] if entity.schema == "Country" and entity.countries else ""
    return Land(code, entity.name, Part(rival.low, rival.high), outside)


def _seated(market: Market, known: Makers) -> list[Land]:
    """The countries of the firms."""
    of = known.entities
    seats = {share.producer: frozenset(of[share.producer].countries) for share in market.shares}
    codes = sorted({code for land in seats.values() for code in land})
    made = []
    for code in codes:
        wholly = {n for n, land in seats.items() if land == {code}}
        partly = {n for n, land in seats.items() if code in land or not land}
        part = lost(market, wholly, partly, unnamed=True)
        made.append(
            Land(code, known.names.get(code, code.upper()), part, len(seats.keys() - partly))
        )
    return made
