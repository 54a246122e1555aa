"""Who makes a product, and what part of its market? Shares as claims state them.

Firms and countries are two counts of one market and are never added up: each is a *side*. A claim
says its side itself, or its producer does: a country, else a firm. Where claims say how far a
market reaches (the world, one country), each reach is a market of its own. A producer whose share
nobody states is there all the same, with 0 to 100 %.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from spillover.graph.schema import Relation
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.graph.tables import INDIRECT, UNSTATED
from spillover.queries.conditions import Conditions
from spillover.queries.shocks.hops import Channels, Hops

Side = Literal["firm", "country"]
SIDES: Final[tuple[Side, Side]] = ("firm", "country")


class Share(NamedTuple):
    """The part of a market that one producer has."""

    producer: int
    low: int
    """In millionths of a percent."""
    high: int
    stated: bool
    """False: the producer is there, and no claim that counts says how large its share is."""
    block: int
    """Shares of one block (not 0) are one share that several report: only the largest counts."""
    repeats: bool
    """Every claim of it repeats others: it is another route to shares that stand beside it."""
    positions: tuple[int, ...]
    """Its claims in the index, denials among them."""


@dataclass(frozen=True, slots=True)
class Market:
    """One count of the producers of one product."""

    product: int
    side: Side
    reach: str
    """How far it reaches, as claims print it; empty where none says so."""
    shares: tuple[Share, ...]
    """In order of the producers' numbers."""

    def blocks(self) -> list[list[Share]]:
        """Shares that are one share, together; those that only repeat others are left out."""
        found: dict[tuple[int, int], list[Share]] = defaultdict(list)
        for share in self.shares:
            if share.block:
                found[share.block, 0].append(share)
            elif not share.repeats:
                found[0, share.producer].append(share)
        return list(found.values())


def markets(graph: Graph, when: Conditions, products: Iterable[int]) -> dict[int, list[Market]]:
    """The markets of each of these products, firms first; no entry where nobody makes it.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        products: numbers of entities.
    """
    channels = Channels(graph.index, when, ("product",), ("PRODUCES",))
    hops = channels.toward(np.unique(np.fromiter(products, np.int64)))
    numbers = graph.index.relation[hops.claims].tolist()
    relations = {n: relation for n, (relation, _) in graph.store.relations(set(numbers)).items()}
    sides = _sides(graph, hops)
    found: dict[tuple[int, Side, str], list[Share]] = defaultdict(list)
    for row, (producer, product) in enumerate(
        zip(hops.source.tolist(), hops.target.tolist(), strict=True)
    ):
        claims = hops.claims[hops.starts[row] : hops.starts[row + 1]]
        scope = _scope(relations, graph.index.relation[claims].tolist())
        said = next((side for side in SIDES if side == scope), None)
        reach = "" if said else scope
        found[product, said or sides[producer], reach].append(_share(graph, when, hops, row))
    made: dict[int, list[Market]] = defaultdict(list)
    for (product, side, reach), shares in sorted(
        found.items(), key=lambda item: (item[0][0], SIDES.index(item[0][1]), item[0][2])
    ):
        made[product].append(Market(product, side, reach, tuple(shares)))
    return dict(made)


def _sides(graph: Graph, hops: Hops) -> dict[int, Side]:
    """The side of each producer, where its claims do not say it."""
    entities = graph.store.entities(set(hops.source.tolist()))
    return {n: "country" if e.schema == "Country" else "firm" for n, e in entities.items()}


def _scope(relations: Mapping[int, Relation], numbers: Iterable[int]) -> str:
    """What the claims of one share say of its scope; they agree, for it tells shares apart."""
    said = (relations[number].properties.get("scope", ()) for number in numbers)
    return next((texts[0] for texts in said if texts), "")


def _share(graph: Graph, when: Conditions, hops: Hops, row: int) -> Share:
    index = graph.index
    at = hops.claims[hops.starts[row] : hops.starts[row + 1]]
    unstated = (index.flags[at] & UNSTATED != 0) | when.stale(index, at)
    repeats = index.flags[at] & INDIRECT != 0
    return Share(
        int(hops.source[row]),
        int(hops.low[row]),
        min(int(hops.high[row]), WHOLE),
        not unstated.all(),
        int(index.block[at].max()),
        bool(repeats.all()),
        tuple(at.tolist()),
    )
