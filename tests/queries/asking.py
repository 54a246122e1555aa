"""Short ways to put the questions to a graph that stands in the test itself."""

from __future__ import annotations

from collections.abc import Iterable

from spillover.graph.schema import Entity, Relation
from spillover.queries.blocked import Verdict, blocked
from spillover.queries.conditions import conditions
from tests.graphs import opened
from tests.queries.worlds import World

DAY = "2024-06-30"
"""Day of the question where a test names none."""

Items = Iterable[Entity | Relation] | str


def ask(
    items: Items,
    *targets: str,
    as_of: str = DAY,
    of: Iterable[str] = (),
    max_age: str | None = None,
    min_confidence: str = "medium",
) -> dict[str, Verdict]:
    """The verdict on each entity, by id."""
    when = conditions(as_of, max_age, min_confidence)
    with opened(items) as graph:
        answer = blocked(graph, targets, when, of=of)
    return {result.entity.id: result for result in answer.results}


def verdicts_of(world: World) -> dict[str, str]:
    """The verdict word of every entity that is no target."""
    answer = ask(world.claims, *world.targets, of=world.others)
    return {entity: result.verdict for entity, result in answer.items()}
