"""Which entities does some dataset of this version describe in a certain way?"""

from __future__ import annotations

from collections.abc import Sequence

from spillover.graph.schema import Entity
from spillover.graph.session import Graph


def described(graph: Graph, tests: Sequence[str], values: Sequence[str]) -> list[int]:
    """Numbers of the entities of which a description passes one of some tests; sorted.

    Where identifiers join several, the number is that of the one which stands for them.

    Args:
        graph: the graph.
        tests: conditions on a row of ``description`` in SQL, each with a mark for its value.
        values: the value of each.
    """
    loads = ",".join(str(load.num) for load in graph.store.loads) or "0"
    rows = graph.store.rows(
        f"SELECT DISTINCT entity FROM description WHERE load IN ({loads})"  # noqa: S608 - integers and marks
        f" AND ({' OR '.join(tests)})",
        values,
    )
    return sorted(set(graph.store.joined.canonical(number for (number,) in rows).values()))


def countries(graph: Graph) -> dict[int, Entity]:
    """The entities that some dataset calls a country, in order of their numbers."""
    found = described(graph, ["schema = ?"], ["Country"])
    return dict(sorted(graph.store.entities(found).items()))
