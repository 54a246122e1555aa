"""What is denied of these entities, of whatever kind of relation and whenever it was said?"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from spillover.graph.index import Index
from spillover.graph.tables import DENIES


def denials(index: Index, entities: Iterable[int]) -> dict[int, list[int]]:
    """Positions of the denials by each of these entities at either of their ends.

    Args:
        index: the arrays of the graph.
        entities: numbers.

    Returns:
        By entity, in order of position; entities of which nothing is denied are left out. A denial
        counts here whether or not it counts on a day: its standing tells that.
    """
    asked = set(entities)
    numbers = np.array(sorted(asked), np.int64)
    about, _ = index.into(numbers)
    at = np.concatenate((about, index.out_of(numbers)))
    at = np.array(sorted(set(at[index.flags[at] & DENIES != 0].tolist())), np.int64)
    found: dict[int, list[int]] = {}
    ends = zip(at.tolist(), index.source[at].tolist(), index.target(at).tolist(), strict=True)
    for position, source, target in ends:
        for entity in {source, target} & asked:
            found.setdefault(entity, []).append(position)
    return found
