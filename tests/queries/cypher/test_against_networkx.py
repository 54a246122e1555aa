"""Do questions that walk the graph answer as networkx does, joined entities being one?"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, Final

import networkx as nx
import pytest

from scripts.neo4j_server import Server as Home
from spillover.graph.neo4j.connection import Server
from spillover.graph.schema import Relation
from spillover.queries.cypher.library import question
from spillover.queries.cypher.values import given
from tests.graphs import build, relation
from tests.queries.cypher.team import DAY, company, pushed

HOPS: Final = 4
SIZE: Final = 24
JOINED: Final = 8
"""So many of the last are each stated to be the same as one of the first, two of them as one."""

World = tuple[Server, "nx.DiGraph[int]"]


def one(entity: int) -> int:
    """The entity that stands for this one."""
    return (entity - SIZE + JOINED) // 2 if entity >= SIZE - JOINED else entity


def claims(seed: int) -> list[tuple[int, int, str]]:
    """Owner, asset and further words of claims; a third of them do not count on the day."""
    source = random.Random(seed)  # noqa: S311 - a graph needs a seed, not secrecy
    words = ("", "", "start=2024-06", "end=2024-06", "end=2024-05", "start=2024-07-01", "denies")
    found: list[tuple[int, int, str]] = []
    while len(found) < 2 * SIZE:
        owner, asset = source.sample(range(SIZE), 2)
        if one(owner) != one(asset):
            found.append((owner, asset, source.choice(words)))
    return found


def counting(claim: tuple[int, int, str]) -> bool:
    return claim[2] in ("", "start=2024-06", "end=2024-06")


@pytest.fixture(scope="module", params=[1, 2])
def world(
    request: pytest.FixtureRequest, neo4j_home: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    told = claims(request.param)
    entities = [
        company(f"n{n:02}", identifiers=(("same_as", f"n{one(n):02}"),) if n != one(n) else ())
        for n in range(SIZE)
    ]
    lines: list[Relation] = [relation(f"n{a:02} > n{b:02} 10 {words}") for a, b, words in told]
    path = build(tmp_path_factory.mktemp("walk") / "g.db", [*entities, *lines])
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(n for n in range(SIZE) if n == one(n))
    graph.add_edges_from((one(a), one(b)) for a, b, words in told if counting((a, b, words)))
    with Server(pushed(neo4j_home, path)) as server:
        yield server, graph


def rows(server: Server, known: str, columns: str, **values: int) -> list[tuple[Any, ...]]:
    """Some columns of an answer; ids as numbers."""
    asked = question(known)
    ends = [f"{name}=n{value:02}" for name, value in values.items()]
    said = given(asked, [*ends, f"hops={HOPS}", f"as_of={DAY}", "limit=10000"])
    found = server.within(30, asked.rows, said)
    return [tuple(_number(row[column]) for column in columns.split()) for row in found]


def _number(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_number, value))
    return int(value[1:]) if isinstance(value, str) else value


def test_chains_and_their_tops(world: World) -> None:
    server, graph = world
    for entity in range(SIZE):
        above = nx.single_source_shortest_path_length(graph.reverse(), one(entity), cutoff=HOPS)
        chain = {
            (depth + 1, owner, owned)
            for owned, depth in above.items()
            if depth < HOPS
            for owner in graph.predecessors(owned)
        }
        found = rows(server, "ownership-chain", "level owner_id owned_id", entity=entity)
        assert set(found) == chain
        tops = [(n, depth) for n, depth in above.items() if depth and not graph.in_degree(n)]
        found = rows(server, "ultimate-owners", "owner_id holdings_between", entity=entity)
        assert sorted(found) == sorted(tops)


def test_paths_and_who_stands_on_all_of_them(world: World) -> None:
    server, graph = world
    seen = 0
    for target, entity in [(a, b) for a in range(0, SIZE, 3) for b in range(1, SIZE, 4)]:
        source, goal = one(target), one(entity)
        if source == goal:
            continue
        paths = [tuple(p) for p in nx.all_simple_paths(graph, source, goal, cutoff=HOPS)]
        found = rows(server, "exposure-paths", "ids", target=target, entity=entity)
        assert sorted(ids for (ids,) in found) == sorted(paths)
        everywhere = set(paths[0]).intersection(*paths) - {source, goal} if paths else set()
        found = rows(server, "choke-points", "entity_id", target=target, entity=entity)
        assert {n for (n,) in found} == everywhere
        seen += len(everywhere)
    assert seen  # some pair has one


def test_circles(world: World) -> None:
    server, graph = world
    for entity in range(SIZE):
        start = one(entity)
        below = nx.single_source_shortest_path_length(graph, start, cutoff=HOPS)
        circles = {
            (depth + 1, n) for n, depth in below.items() if depth and graph.has_edge(n, start)
        }
        found = rows(server, "cross-holdings", "holdings_in_circle owner_id", entity=entity)
        assert set(found) == circles
