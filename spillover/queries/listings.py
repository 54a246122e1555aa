"""Whom do programmes list on the day, and from whom does a rule therefore start."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.tables import DENIES
from spillover.queries.conditions import Conditions
from spillover.queries.rulebook import Rule

Ints = npt.NDArray[np.int64]


def known(graph: Graph, programmes: Iterable[str]) -> Ints:
    """Numbers of those of these programmes that the graph knows; sorted."""
    numbers = (graph.store.number(programme) for programme in programmes)
    return np.array(sorted(number for number in numbers if number is not None), np.int64)


def listed(graph: Graph, when: Conditions, programmes: Iterable[str]) -> Ints:
    """Numbers of the entities that any of these programmes lists on the day; sorted.

    A programme that the graph does not know lists nobody.
    """
    index = graph.index
    at = index.out_of(known(graph, programmes))
    at = at[index.kind[at] == KIND_CODES["DESIGNATES"]]
    at = at[(index.flags[at] & DENIES == 0) & when.valid(index, at)]
    found: Ints = np.unique(index.target(at))
    return found


def starting(graph: Graph, when: Conditions, law: Rule, targets: Iterable[int] = ()) -> Ints:
    """From whom a rule starts on the day: whom its programmes list, and further targets; sorted.

    Args:
        graph: the graph.
        when: day and confidence of the listings.
        law: the rule; one that starts from anybody starts from the targets alone.
        targets: numbers of entities to take as listed, too.
    """
    further = np.fromiter(targets, np.int64)
    found: Ints = np.union1d(listed(graph, when, law.programmes), further)
    return found
