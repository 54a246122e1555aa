"""Which claims stand around these entities: the part of the graph that a picture shows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Reporter
from spillover.queries.conditions import Conditions


def claims_about(
    graph: Graph, entity: int, when: Conditions, *, kinds: tuple[str, ...] = ("OWNS", "CONTROLS")
) -> tuple[Claim, ...]:
    """Every claim of these kinds about one entity, also those that do not count on the day.

    Those that count come first, then the latest observed.
    """
    index = graph.index
    at, _ = index.into(np.array([entity]))
    at = at[np.isin(index.kind[at], [KIND_CODES[kind] for kind in kinds])]
    found = Reporter(graph, when).claims(at.tolist()).values()
    return tuple(
        sorted(
            found,
            key=lambda c: (c.standing != "counted", c.age_days is None, c.age_days, c.relation),
        )
    )


def around(
    graph: Graph,
    entities: Iterable[int],
    when: Conditions,
    *,
    kinds: tuple[str, ...] = (),
    limit: int = 400,
) -> tuple[tuple[Claim, ...], int]:
    """Claims that count on the day and touch these entities; and how many are left out.

    Claims between two of the entities come first. Without ``kinds``, of every kind.
    """
    index = graph.index
    numbers = np.unique(np.fromiter(entities, np.int64))
    into, _ = index.into(numbers)
    at = np.union1d(into, index.out_of(numbers))
    if kinds:
        at = at[np.isin(index.kind[at], [KIND_CODES[kind] for kind in kinds])]
    at = at[when.valid(index, at)]
    inside = np.isin(index.source[at], numbers) & np.isin(index.target(at), numbers)
    at = at[np.argsort(~inside, kind="stable")]
    claims = Reporter(graph, when).claims(at[:limit].tolist())
    return tuple(claims[position] for position in at[:limit].tolist()), max(0, len(at) - limit)
