"""What are the ids of entities, also of those that a scenario adds?"""

from __future__ import annotations

import json
from collections.abc import Iterable

from spillover.graph.session import Graph


def ids(graph: Graph, numbers: Iterable[int]) -> dict[int, str]:
    """The id of each of these entities: its own, whoever stands for it."""
    wanted = sorted({int(number) for number in numbers})
    sql = "SELECT num, id FROM entity WHERE num IN (SELECT value FROM json_each(?))"
    found = dict(graph.store.rows(sql, (json.dumps(wanted),)))
    # What a scenario adds to the graph stands in no file.
    missing = [number for number in wanted if number not in found]
    added = graph.store.entities(missing) if missing else {}
    return found | {number: entity.id for number, entity in added.items()}


def least_ids(graph: Graph, numbers: Iterable[int]) -> dict[int, str]:
    """The first id of each of these entities and of all whom identifiers join with it.

    Which of them stands for the others goes by the order of loads; this id does not.
    """
    groups = graph.store.joined.members({int(number) for number in numbers})
    found = ids(graph, (member for group in groups.values() for member in group))
    return {number: min(found[member] for member in group) for number, group in groups.items()}
