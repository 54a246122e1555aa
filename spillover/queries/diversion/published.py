"""Which published figures on routes to a target does the graph hold, to set results beside?"""

from __future__ import annotations

from typing import Final

from spillover.graph.session import Graph

FIGURE: Final = "offsetOfLostDirectExports"
"""Property of a route: the part of the lost direct exports that it made up for, with its source."""


def published(graph: Graph, target: str) -> tuple[str, ...]:
    """Figures on trade routes to a target, each with the route, the source and its date.

    Nothing is computed from them: they are told as evidence of the order of magnitude.
    """
    numbers = sorted({hit.num for hit in graph.store.search(f"trade route to {target}")})
    routes = graph.store.entities(numbers)
    return tuple(
        f"{routes[number].name}: {figure}"
        for number in numbers
        for figure in routes[number].properties.get(FIGURE, ())
    )
