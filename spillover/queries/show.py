"""What does the graph know of one entity: its descriptions and every claim about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions


@dataclass(frozen=True, slots=True)
class Profile:
    """The answer."""

    entity: Entity
    party: Party
    when: Conditions
    claims: tuple[Claim, ...]
    """Claims at either end of which it stands, by kind; those that count on the day first."""
    left_out: int
    """Claims beyond the limit."""
    sources: Sources


def show(graph: Graph, entity: str, when: Conditions, *, limit: int = 500) -> Profile:
    """Everything known of one entity.

    Raises:
        NotFoundError, AmbiguousError: the entity.
    """
    number = graph.store.find(entity)
    index, reporter = graph.index, Reporter(graph, when)
    into, _ = index.into(np.array([number]))
    positions = np.union1d(into, index.out_of(np.array([number])))
    claims = reporter.claims(positions[:limit].tolist()).values()
    return Profile(
        graph.store.entity(number),
        reporter.party(number),
        when,
        tuple(sorted(claims, key=lambda c: (c.kind, c.standing != "counted", c.relation))),
        max(0, len(positions) - limit),
        sources(graph),
    )
