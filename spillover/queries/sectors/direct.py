"""From which sectors do the targets buy directly, and to which do they sell? With the claims."""

from __future__ import annotations

from typing import Final

import numpy as np

from spillover.graph.session import Graph
from spillover.queries.answer import Reporter
from spillover.queries.conditions import Conditions
from spillover.queries.sectors.answer import Direct, Directs
from spillover.queries.sectors.printed import Flags, Ints, summed
from spillover.queries.sectors.table import Table

_TOLD: Final = 10
"""Suppliers and customers that are told."""
_CLAIMS: Final = 3
"""So many of the flows of each come with their claims, the largest."""


def directs(graph: Graph, table: Table, hit: Flags, when: Conditions) -> tuple[Directs, Directs]:
    """Suppliers and customers of the sectors that are hit, the largest flow first."""
    reporter = Reporter(graph, when)
    seller, buyer = table.flows.seller, table.flows.buyer
    return (
        _directs(
            graph, table, reporter, flows=np.flatnonzero(hit[buyer] & ~hit[seller]), other=seller
        ),
        _directs(
            graph, table, reporter, flows=np.flatnonzero(hit[seller] & ~hit[buyer]), other=buyer
        ),
    )


def _directs(
    graph: Graph, table: Table, reporter: Reporter, *, flows: Ints, other: Ints
) -> Directs:
    """The other ends of these flows.

    Args:
        graph: where claims of the same pair are looked for.
        table: the table.
        reporter: tells claims.
        flows: numbers of flows in the table.
        other: row of the other end, for every flow of the table.
    """
    value, ends = table.flows.value[flows], other[flows]
    together = summed(ends, value, table.size)
    there = np.unique(ends)
    told = there[np.lexsort((there, -together[there]))][:_TOLD]
    found = []
    for row in told.tolist():
        mine = flows[ends == row]
        largest = mine[np.argsort(-table.flows.value[mine], kind="stable")][:_CLAIMS]
        positions = _same_pairs(graph, table.flows.position[largest])
        claims = reporter.claims(positions)
        found.append(
            Direct(
                table.sectors[row],
                float(together[row]),
                tuple(claims[position] for position in positions),
            )
        )
    return Directs(tuple(found), float(value.sum()), len(there) - len(told))


def _same_pairs(graph: Graph, positions: Ints) -> list[int]:
    """These claims, each followed by all others of its pair: of other tables, or denials."""
    pair = graph.index.pair
    found: list[int] = []
    for position in positions.tolist():
        first, last = (
            np.searchsorted(pair, pair[position], "left"),
            np.searchsorted(pair, pair[position], "right"),
        )
        found += [position, *(at for at in range(int(first), int(last)) if at != position)]
    return found
