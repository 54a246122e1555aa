"""Is a good strategic, by which of the three logics of Ding and Dafoe, and on what evidence?

Jeffrey Ding and Allan Dafoe, The Logic of Strategic Assets: From Oil to AI, Security Studies 30(2),
2021: assets are strategic by cumulative, infrastructure and dependency logics. Here they are asked
as barriers and scale, transfer to military use, and leverage from scarcity, each by numbers of its
own; nothing adds them up into a score.
"""

from __future__ import annotations

from collections.abc import Iterable

from spillover.graph.errors import InputError
from spillover.graph.schema import is_a
from spillover.graph.session import Graph
from spillover.queries.answer import Reporter, sources
from spillover.queries.conditions import Conditions
from spillover.queries.markets.market import markets
from spillover.queries.strategic.answer import Good, Strategic
from spillover.queries.strategic.barriers import barriers
from spillover.queries.strategic.scarcity import scarcity
from spillover.queries.strategic.transfer import transfer


def strategic(
    graph: Graph, products: Iterable[str], when: Conditions, *, producers: int = 25
) -> Strategic:
    """The three logics of some goods.

    Args:
        graph: the graph.
        products: ids, identifiers or names of products or technologies.
        when: day, age and confidence of the claims.
        producers: of each good the ties of at most so many producers are looked at.

    Raises:
        NotFoundError, AmbiguousError: a product.
        InputError: an entity that is no product.
    """
    numbers = graph.find(products)
    reporter = Reporter(graph, when)
    for party in reporter.parties(numbers).values():
        if not is_a(party.schema, "Product"):
            raise InputError(
                f"{party.name!r} is a {party.schema} and no product; name a product or technology,"
                " or ask `ties` or `exposure` about it"
            )
    counts = markets(graph, when, numbers)
    goods = [
        Good(
            reporter.party(number),
            barriers(graph, when, counts.get(number, ()), reporter),
            scarcity(graph, when, number, reporter),
            transfer(graph, when, number, counts.get(number, ()), reporter, producers),
        )
        for number in numbers
    ]
    return Strategic(when, tuple(goods), producers, sources(graph))
