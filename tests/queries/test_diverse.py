"""Are the k strongest simple paths those that other programs and a published example give.

A strength of 2^-cost turns sums of costs into products of shares, exactly: a cost of 3 is a share
of 12.5 %. So the shortest paths of the literature are the strongest paths here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Relation
from spillover.graph.stake import WHOLE, Stake
from spillover.queries.conditions import conditions
from spillover.queries.exposure import Exposure, exposure
from tests.graphs import opened
from tests.queries.asking import DAY

CASES: Final = Path(__file__).parents[2].parent / "shared" / "cases" / "published_cases.json"
Edge = tuple[str, str, int]
"""From, to, cost."""

# Yen's algorithm on Wikipedia: the three shortest paths from C to H cost 5, 7 and 8. Of cost 8 are
# C-D-F-H (3 + 4 + 1), C-E-F-G-H (2 + 2 + 2 + 2) and C-E-D-F-H (2 + 1 + 4 + 1).
YEN: Final[list[Edge]] = [
    ("C", "D", 3),
    ("C", "E", 2),
    ("D", "F", 4),
    ("E", "D", 1),
    ("E", "F", 2),
    ("E", "G", 3),
    ("F", "G", 2),
    ("F", "H", 1),
    ("G", "H", 2),
]


def strongest(edges: Iterable[Edge], ends: tuple[str, str], wanted: int) -> Exposure:
    """The strongest paths by ownership, with a share of 2^-cost on each edge."""
    claims = [
        Relation("OWNS", source, target, Stake(WHOLE >> cost, WHOLE >> cost), "capital")
        for source, target, cost in edges
    ]
    with opened(claims) as graph:
        return exposure(
            graph,
            [ends[0]],
            conditions(DAY),
            to=[ends[1]],
            channels=["ownership"],
            alternatives=wanted,
        )


def told(answer: Exposure) -> list[list[str]]:
    return [[p.target.id, *(step.target.id for step in p.hops)] for p in answer.paths]


def costs(answer: Exposure) -> list[int]:
    found = [path.strength.low.denominator.bit_length() - 1 for path in answer.paths]
    assert all(path.strength.low.numerator == 1 for path in answer.paths)
    return found


def test_the_published_example_of_yen() -> None:
    answer = strongest(YEN, ("C", "H"), 3)
    assert costs(answer) == [5, 7, 8]
    assert told(answer)[:2] == [["C", "E", "F", "H"], ["C", "E", "G", "H"]]
    assert told(answer)[2] == ["C", "D", "F", "H"]  # of equally strong ones that of fewest hops
    assert costs(strongest(YEN, ("C", "H"), 5)) == [5, 7, 8, 8, 8]


@pytest.mark.skipif(not CASES.exists(), reason="the survey of published cases is not here")
def test_the_survey_has_the_same_example() -> None:
    rows: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))
    (row,) = (row for row in rows if row["id"] == "yen-wiki")
    assert [tuple(edge) for edge in row["edges"]] == YEN
    assert row["expected"]["costs"] == costs(strongest(YEN, ("C", "H"), 3))


EDGES = st.dictionaries(
    st.tuples(st.sampled_from("STABCDE"), st.sampled_from("STABCDE")).filter(
        lambda e: e[0] != e[1]
    ),
    st.integers(0, 5),
    min_size=1,
    max_size=18,
)


@given(EDGES, st.integers(1, 8))
@settings(max_examples=80, deadline=None)
def test_they_are_those_of_networkx(weighted: dict[tuple[str, str], int], wanted: int) -> None:
    edges = [(*pair, cost) for pair, cost in weighted.items()]
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_weighted_edges_from(edges)
    if not {"S", "T"} <= set(graph):
        return
    answer = strongest(edges, ("S", "T"), wanted)
    if not nx.has_path(graph, "S", "T"):
        assert (answer.paths, answer.truncated) == ((), False)
        return
    paths = list(islice(nx.shortest_simple_paths(graph, "S", "T", weight="weight"), wanted + 1))
    expected = [sum(weighted[pair] for pair in pairwise(path)) for path in paths]
    assert costs(answer) == expected[:wanted]
    assert len({tuple(way) for way in told(answer)}) == len(answer.paths)
    assert answer.truncated == (len(expected) > wanted)
    if answer.truncated:
        assert answer.bound.denominator.bit_length() - 1 == expected[wanted]
