"""What is the market of a product, what is it made with, and what is left without somebody?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, is_a
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.answer import sources
from spillover.queries.conditions import Conditions
from spillover.queries.markets.assumptions import of_markets
from spillover.queries.markets.chain import downstream, upstream
from spillover.queries.markets.falling import Falling
from spillover.queries.markets.hit import hit, speaking
from spillover.queries.markets.losing import concentration, market_loss
from spillover.queries.markets.lost import Part, printed, stated
from spillover.queries.markets.market import Market, Side, markets
from spillover.queries.markets.market_answer import MarketAnswer, MarketReport, ProductReport
from spillover.queries.markets.naming import Naming
from spillover.queries.markets.parts import Producer
from spillover.queries.markets.struck import NOBODY, Struck, struck

_NOT_NAMED: Final = "providers that are not named"
"""Property of a product: what its source gives to producers without naming them."""


def market(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    products: Iterable[str],
    when: Conditions,
    *,
    without: Iterable[str] = (),
    countries: Iterable[str] = (),
    rule: str = "us-ofac-50",
    side: Side | None = None,
) -> MarketAnswer:
    """Who makes these products, how concentrated that is, and what is lost without somebody.

    Args:
        graph: the graph.
        products: ids or names.
        when: day, age and confidence of the claims.
        without: targets that fall: ids, identifiers or names.
        countries: countries that are cut off (alpha-2).
        rule: the ownership rule by which others fall with the targets; empty: none does.
        side: only counts of firms, or of countries.

    Raises:
        NotFoundError, AmbiguousError: a product, a target, or the rule.
        InputError: something named is no product.
    """
    asked = _products(graph, products)
    targets, codes = list(without), list(countries)
    fallen = NOBODY
    if targets or codes:
        fallen = struck(graph, when, targets, rule=rule, countries=codes)
    found = markets(graph, when, asked)
    into = [arc for arc in upstream(graph, when, asked).arcs if arc.target in asked]
    onward = [arc for arc in downstream(graph, when, asked).arcs if arc.source in asked]
    counts = [count for each in found.values() for count in each]
    naming = Naming(graph, when, counts, (*into, *onward))
    hits = [hit(count, fallen) for each in found.values() for count in speaking(each, fallen)]
    return MarketAnswer(
        when,
        tuple(naming.reporter.party(number) for number in fallen.targets),
        fallen.applied,
        fallen.remark(when.day),
        tuple(sorted(fallen.countries)),
        Falling(graph, when, fallen).reasons(
            {number for one in hits for number in one.possible}, naming.reporter
        ),
        of_markets(fallen, unnamed=any(one.unnamed for one in hits)) if fallen != NOBODY else (),
        tuple(
            ProductReport(
                naming.reporter.party(number),
                tuple(entity.properties.get(_NOT_NAMED, ())),
                _reports(naming, found.get(number, ()), fallen, side),
                tuple(naming.link(arc) for arc in into if arc.target == number),
                tuple(naming.link(arc) for arc in onward if arc.source == number),
            )
            for number, entity in asked.items()
        ),
        sources(graph),
    )


def _products(graph: Graph, names: Iterable[str]) -> dict[int, Entity]:
    """The products of these names, in their order; what nobody describes can be one."""
    numbers = graph.find(names)
    entities = graph.store.entities(numbers)
    for entity in entities.values():
        if entity.schema != "Thing" and not is_a(entity.schema, "Product"):
            raise InputError(
                f"{entity.name!r} ({entity.id}) is no product but a {entity.schema};"
                " `spillover search` finds products"
            )
    return {number: entities[number] for number in numbers}


def _reports(
    naming: Naming, counts: Iterable[Market], fallen: Struck, side: Side | None
) -> tuple[MarketReport, ...]:
    every = list(counts)
    speak = speaking(every, fallen)
    return tuple(
        _report(naming, count, fallen, speaks=count in speak)
        for count in every
        if side is None or count.side == side
    )


def _report(naming: Naming, count: Market, fallen: Struck, *, speaks: bool) -> MarketReport:
    producers = naming.producers(count.shares)
    sure = stated(count)
    known = [producer for producer in producers if producer.stated and not producer.repeats]
    silent = bool(fallen.countries or fallen.targets) and count.side == "country"
    return MarketReport(
        count.side,
        count.reach,
        producers,
        printed(count),
        Part(WHOLE - sure.high, WHOLE - sure.low),
        sum(not producer.stated for producer in producers),
        concentration(count),
        known[0] if known else None,
        bool(known) and _surely(count, naming, known[0]),
        market_loss(naming, count, fallen, speaks=speaks) if speaks or silent else None,
    )


def _surely(count: Market, naming: Naming, largest: Producer) -> bool:
    """Whether nobody else, named or not, can have more of the market than this one has."""
    room = WHOLE - min(sum(max(share.low for share in block) for block in count.blocks()), WHOLE)
    others = [
        min(share.high, share.low + room)
        for share in count.shares
        if naming.reporter.party(share.producer) != largest.party
        and not (share.block and naming.block(share) == largest.block)
    ]
    return largest.part.low >= max((room, *others))
