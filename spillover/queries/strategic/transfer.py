"""What is known of the way of a good to military use: control lists, ties of producers, customers?

What no dataset here says is unknown, and never zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Party, Reporter
from spillover.queries.conditions import Conditions
from spillover.queries.markets.chain import Arc, downstream, upstream
from spillover.queries.markets.leading import rivals
from spillover.queries.markets.market import Market
from spillover.queries.strategic.answer import Cover, Transfer
from spillover.queries.strategic.producers import Looking
from spillover.queries.ties.tie import DENIED, DISPUTED

CUSTOMER: Final = "defence-supply"
ITSELF, WIDER, KIND = "itself", "wider", "kind"
_PLACES: Final = (ITSELF, WIDER, KIND)


def transfer(  # noqa: PLR0913, PLR0917 - the graph and its day, the good and its markets, how far to look
    graph: Graph,
    when: Conditions,
    product: int,
    found: Sequence[Market],
    reporter: Reporter,
    most: int,
) -> Transfer:
    """What is known of the transfer of one good to military use.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        product: number of the entity.
        found: every count of its producers.
        reporter: names entities and claims.
        most: at most so many producers are looked at, the largest first.
    """
    places = _places(graph, when, product)
    covers = _covers(graph, places, reporter)
    entities = graph.store.entities(places)
    firms = _firms(found)
    looking = Looking(graph, when, reporter)
    looked = [looking.at(number) for number in firms[:most]]
    tied = [one for one, _ in looked if one.ties or one.listings or one.above]
    customers = {
        (one.party, reached.tie.organ)
        for one in tied
        for reached in one.ties
        if reached.counted and reached.hops == 0 and reached.tie.category.id == CUSTOMER
    }
    return Transfer(
        covers,
        _codes(entities, reporter),
        tuple(tied),
        tuple(sorted(customers, key=lambda pair: (pair[0].id, pair[1].party.id))),
        len(looked),
        len(firms),
        any(truncated for _, truncated in looked),
        tuple(
            dict.fromkeys(
                [
                    *(claim for cover in covers for claim in cover.claims),
                    *(claim for one in tied for claim in one.claims),
                ]
            )
        ),
    )


def _places(graph: Graph, when: Conditions, product: int) -> dict[int, str]:
    """The product, the wider products of which it is a kind, and its own kinds."""
    wider = _along(downstream(graph, when, [product]).arcs, product, forward=True)
    kinds = _along(upstream(graph, when, [product]).arcs, product, forward=False)
    return dict.fromkeys(kinds, KIND) | dict.fromkeys(wider, WIDER) | {product: ITSELF}


def _along(arcs: Iterable[Arc], start: int, *, forward: bool) -> set[int]:
    """What is reached over kinds alone."""
    steps: dict[int, set[int]] = defaultdict(set)
    for arc in arcs:
        if arc.kind == "KIND_OF":
            ends = (arc.source, arc.target) if forward else (arc.target, arc.source)
            steps[ends[0]].add(ends[1])
    seen, waiting = {start}, [start]
    while waiting:
        new = steps[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen - {start}


def _covers(graph: Graph, places: dict[int, str], reporter: Reporter) -> tuple[Cover, ...]:
    """The regimes that cover one of these products, on the day or on another."""
    at, _ = graph.index.into(np.array(sorted(places), np.int64))
    at = at[graph.index.kind[at] == KIND_CODES["COVERS"]]
    groups: dict[tuple[int, int], list[Claim]] = defaultdict(list)
    claims = reporter.claims(at.tolist())
    for position in sorted(claims):
        claim = claims[position]
        groups[claim.source.num, claim.target.num].append(claim)
    made = [_cover(group, places[product]) for (_, product), group in groups.items()]
    return tuple(sorted(made, key=_rank))


def _rank(cover: Cover) -> tuple[int, bool, str, str]:
    place = _PLACES.index(cover.place)
    return place, not cover.counted, cover.regime.id, cover.product.id


def _cover(group: list[Claim], place: str) -> Cover:
    """What all claims of one regime and product say together."""
    asserting = [claim for claim in group if claim.stance != "denies"]
    denied = any(c.standing == "counted" for c in group if c.stance == "denies")
    standings = [claim.standing for claim in asserting]
    counted = "counted" in standings
    first = standings[0] if standings else DENIED
    return Cover(
        group[0].source,
        group[0].target,
        place,
        (DISPUTED if denied else "counted") if counted else first,
        min((claim.start for claim in asserting if claim.start), default=None),
        tuple(sorted({pair for claim in asserting for pair in claim.properties})),
        tuple(group),
    )


def _codes(entities: dict[int, Entity], reporter: Reporter) -> tuple[tuple[str, Party], ...]:
    """Customs codes among the identifiers of these products."""
    found = [
        (value, number)
        for number, entity in entities.items()
        for scheme, value in entity.identifiers
        if scheme == "hs"
    ]
    return tuple((code, reporter.party(number)) for code, number in sorted(found))


def _firms(found: Sequence[Market]) -> list[int]:
    """The producers that are firms, the largest shares first."""
    ordered = [
        share.producer
        for market in found
        if market.side == "firm"
        for rival in rivals(market)
        for share in rival.shares
    ]
    ordered += [s.producer for market in found if market.side == "firm" for s in market.shares]
    return list(dict.fromkeys(ordered))
