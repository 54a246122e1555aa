"""Which firms of the members make what is denied, and how much do they sell to the target?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.answer import Party, Reporter
from spillover.queries.coalitions.coalition_answer import Bearer, Land, Sale
from spillover.queries.conditions import Conditions
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market import Market, Share
from spillover.queries.shocks.hops import Channels, Hop


def bearers(
    graph: Graph,
    found: Mapping[int, Sequence[Market]],
    lands: Mapping[str, Land],
    reporter: Reporter,
) -> tuple[Bearer, ...]:
    """Firms of these countries with a share of any of these markets, product after product.

    Args:
        graph: the graph.
        found: the markets of each product, in the order in which they are answered.
        lands: the members, by code.
        reporter: who names parties and claims.
    """
    made = [
        (product, share)
        for product, markets in found.items()
        for market in markets
        if market.side == "firm"
        for share in market.shares
    ]
    entities = graph.store.entities({share.producer for _, share in made})
    parties = reporter.parties({*found, *(share.producer for _, share in made)})
    claims = reporter.claims(position for _, share in made for position in share.positions)
    order = {product: number for number, product in enumerate(found)}
    rows: list[tuple[tuple[int, int, int, str], Bearer]] = []
    for product, share in made:
        land = _member(entities[share.producer].countries, lands)
        if land is not None:
            firm = parties[share.producer]
            said = tuple(claims[position] for position in share.positions)
            item = Bearer(firm, land, parties[product], _part(share), share.stated, said)
            rows.append(((order[product], -share.low, -share.high, firm.id), item))
    rows.sort(key=lambda row: row[0])
    return tuple(item for _, item in rows)


def _part(share: Share) -> Part:
    return Part(share.low, share.high)


def _member(countries: Iterable[str], lands: Mapping[str, Land]) -> Land | None:
    """The first of the countries that is a member."""
    return next((lands[code] for code in countries if code in lands), None)


def sales(
    graph: Graph,
    when: Conditions,
    target: str,
    *,
    made: Iterable[Bearer],
    lands: Mapping[str, Land],
) -> tuple[Sale, ...]:
    """What firms of the members sell to a country, those first that make what is denied.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        target: code of the country.
        made: the members' firms, with what they make.
        lands: the members, by code.
    """
    hops = _hops(graph, when, target)
    makes: dict[int, dict[str, Party]] = {}
    for bearer in made:
        makes.setdefault(bearer.firm.num, {})[bearer.product.id] = bearer.product
    entities = graph.store.entities({hop.target for hop in hops})
    reporter = Reporter(graph, when)
    claims = reporter.claims(position for hop in hops for position in hop.positions)
    found: list[Sale] = []
    for hop in hops:
        land = _member(entities[hop.target].countries, lands)
        if land is None or entities[hop.target].schema == "Country":
            continue
        products = tuple(makes.get(hop.target, {}).values())
        said = tuple(claims[position] for position in hop.positions)
        stated = (hop.low, hop.high) != (0, WHOLE)
        firm = reporter.party(hop.target)
        found.append(Sale(firm, land, Part(hop.low, hop.high), stated, products, said))
    found.sort(key=lambda s: (not s.makes, not s.stated, -s.share.low, -s.share.high, s.firm.id))
    return tuple(found)


def _hops(graph: Graph, when: Conditions, target: str) -> list[Hop]:
    """Who sells to the country, and what part of its sales that is."""
    customers = country_numbers(graph, {target}, "SUPPLIES")
    channels = Channels(graph.index, when, ("demand",), ("SUPPLIES",))
    hops = channels.onward(np.array(sorted(customers), np.int64))
    return [hops.hop(row) for row in range(len(hops))]


def country_numbers(graph: Graph, codes: AbstractSet[str], kind: str) -> set[int]:
    """Countries of these codes to which a relation of this kind leads."""
    index = graph.index
    at = np.flatnonzero(index.kind == KIND_CODES[kind])
    entities = graph.store.entities(np.unique(index.target(at)).tolist())
    return {
        number
        for number, entity in entities.items()
        if entity.schema == "Country" and codes & {*entity.countries}
    }
