"""How are the numbers of markets and chains turned into producers and links with their claims?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from spillover.graph.compiler import texts
from spillover.queries.answer import Reporter
from spillover.queries.markets.lost import Part
from spillover.queries.markets.parts import Link, Producer

if TYPE_CHECKING:
    from spillover.graph.session import Graph
    from spillover.queries.conditions import Conditions
    from spillover.queries.markets.chain import Arc
    from spillover.queries.markets.market import Market, Share


class Naming:
    """Producers and links by name, each claim fetched once.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims.
        markets: every market that will be named: their claims are fetched together.
        arcs: likewise every arc.
    """

    def __init__(
        self, graph: Graph, when: Conditions, markets: Iterable[Market], arcs: Iterable[Arc]
    ) -> None:
        self.reporter = Reporter(graph, when)
        shares = [share for market in markets for share in market.shares]
        links = list(arcs)
        self._blocks = texts(graph.store) if any(share.block for share in shares) else [""]
        self.reporter.parties(
            {share.producer for share in shares}
            | {number for arc in links for number in (arc.source, arc.target)}
        )
        positions = [share.positions for share in shares] + [arc.positions for arc in links]
        self.reporter.claims(at for group in positions for at in group)

    def block(self, share: Share) -> str:
        """What the block of this share is called; empty for none."""
        return self._blocks[share.block]

    def producer(self, share: Share) -> Producer:
        """Who has this share."""
        claims = self.reporter.claims(share.positions)
        return Producer(
            self.reporter.party(share.producer),
            Part(share.low, share.high),
            share.stated,
            self.block(share),
            share.repeats,
            tuple(claims.values()),
        )

    def producers(self, shares: Iterable[Share]) -> tuple[Producer, ...]:
        """Who has these shares, the surest and largest first; who has none stated, last."""
        return tuple(sorted(map(self.producer, shares), key=order))

    def link(self, arc: Arc) -> Link:
        """What this arc is."""
        claims = tuple(self.reporter.claims(arc.positions).values())
        return Link(
            self.reporter.party(arc.source),
            self.reporter.party(arc.target),
            "KIND_OF" if arc.kind == "KIND_OF" else "INPUT_TO",
            any(claim.stake is not None and claim.stance == "asserts" for claim in claims),
            Part(arc.low, arc.high),
            claims,
        )


def order(producer: Producer) -> tuple[bool, int, int, str]:
    """The order of producers: stated before unstated, larger before smaller, then by id."""
    return not producer.stated, -producer.part.low, -producer.part.high, producer.party.id
