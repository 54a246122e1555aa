"""What does each contestant do about the 50 % cascade, on a graph already built or mapped.

Spillover works out all that a verdict rests on: who is reached for certain and who possibly, in
which round, and what those reached hold of all that they touch, at least and at most; with dates,
confidence, denials and repeated chains seen to. Peers add up least shares, once for each holding
of an owner who is blocked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.register import (
    GRAPH,
    MAJORITY,
    Answer,
    Contestant,
    Work,
    answer_of,
    columns_of,
    facts_of,
    networkx_graph,
    rustworkx_graph,
)

if TYPE_CHECKING:
    import networkx as nx

QUESTIONS = {"cascade one": "hub", "cascade many": "many", "cascade usual": "usual"}
"""Which seeds each row asks about."""


def contestant(row: str, name: str) -> Contestant:
    """The contestant of a row."""
    asked: Callable[[Path, list[int]], Work] = {
        "spillover": spillover,
        "spillover, gathering": gathering,
        "networkx": networkx,
        "rustworkx": rustworkx,
        "igraph": igraph,
        "duckdb": duckdb,
    }[name]
    return lambda folder: asked(folder, facts_of(folder)["seeds"][QUESTIONS[row]])


def spillover(folder: Path, seeds: list[int]) -> Work:
    """Both bounds under ``us-ofac-50`` on the mapped index."""
    from spillover.queries.cascade import fixpoint

    return _under_the_rule(folder, seeds, fixpoint)


def gathering(folder: Path, seeds: list[int]) -> Work:
    """The same by the way that serves every reading: from all claims about what is owned."""
    from spillover.queries.cascade import gathered

    return _under_the_rule(folder, seeds, gathered)


def _under_the_rule(folder: Path, seeds: list[int], way: Callable[..., Any]) -> Work:
    import numpy as np

    from spillover.graph.session import Graph
    from spillover.queries.conditions import conditions
    from spillover.queries.judging import test_of
    from spillover.queries.ledger import Ledger
    from spillover.queries.rulebook import rule

    graph, when = Graph(folder / GRAPH), conditions("2026-01-01")
    assert graph.index.claims
    test = test_of(rule("us-ofac-50").settled(when.day))
    targets = np.array(seeds) + 1  # the store numbers entities from 1, in order of the file

    def work() -> Answer:
        certain = way(Ledger(graph, when), targets, test).certain
        return answer_of(np.append(targets, certain.asset[certain.reached]) - 1)

    return work


def worklist(seeds: list[int], holdings: Callable[[int], Iterable[tuple[Any, Any]]]) -> Answer:
    """Each newly blocked owner adds its least shares once; what reaches half joins the list."""
    import numpy as np

    blocked = set(seeds)
    waiting = list(seeds)
    held: dict[int, int] = {}
    while waiting:
        for asset, low in holdings(waiting.pop()):
            total = held[asset] = held.get(asset, 0) + low
            if total >= MAJORITY and asset not in blocked:
                blocked.add(asset)
                waiting.append(asset)
    return answer_of(np.fromiter(blocked, np.int64))


def rustworkx(folder: Path, seeds: list[int]) -> Work:
    """The worklist over ``out_edges``."""
    graph = rustworkx_graph(facts_of(folder)["nodes"], columns_of(folder))

    def holdings(owner: int) -> Iterable[tuple[int, int]]:
        return ((asset, stake[0]) for _, asset, stake in graph.out_edges(owner))

    return lambda: worklist(seeds, holdings)


def networkx_work(graph: nx.MultiDiGraph[int], seeds: list[int]) -> Work:
    """The worklist over the rows of a graph."""
    # The rows themselves: a third of the time of graph.out_edges(owner, data="low").
    rows: dict[int, Any] = dict(graph.adjacency())

    def holdings(owner: int) -> Iterable[tuple[int, int]]:
        return ((asset, e["low"]) for asset, edges in rows[owner].items() for e in edges.values())

    return lambda: worklist(seeds, holdings)


def networkx(folder: Path, seeds: list[int]) -> Work:
    """The worklist over a graph from the arrays."""
    return networkx_work(networkx_graph(facts_of(folder)["nodes"], columns_of(folder)), seeds)


def igraph(folder: Path, seeds: list[int]) -> Work:
    """The worklist over ``incident``, with the ends and shares of edges in plain lists."""
    import numpy as np
    from igraph import Graph

    source, target, low, _ = columns_of(folder)
    graph = Graph(facts_of(folder)["nodes"], np.column_stack((source, target)), directed=True)
    ends, shares = target.tolist(), low.tolist()

    def holdings(owner: int) -> Iterable[tuple[int, int]]:
        return ((ends[edge], shares[edge]) for edge in graph.incident(owner))

    return lambda: worklist(seeds, holdings)


def duckdb(folder: Path, seeds: list[int]) -> Work:
    """A fixpoint in SQL over a table of holdings: in each round who is newly held by half."""
    import duckdb as duck
    import numpy as np

    source, target, low, _ = columns_of(folder)
    seed = np.array(seeds, np.int32)
    base = duck.connect()
    base.execute("SET threads = 2")
    base.register("holdings", {"source": source, "target": target, "low": low})
    base.execute("CREATE TABLE holding AS SELECT * FROM holdings")
    base.register("seeds", {"num": seed})

    def work() -> Answer:
        base.execute("CREATE OR REPLACE TEMP TABLE blocked AS SELECT num FROM seeds")
        while True:
            ((added,),) = base.execute(
                "INSERT INTO blocked SELECT target FROM holding JOIN blocked ON source = num"
                " WHERE target NOT IN (SELECT num FROM blocked) GROUP BY target"
                " HAVING sum(low) >= ?",
                [MAJORITY],
            ).fetchall()
            if not added:
                break
        return answer_of(base.execute("SELECT num FROM blocked").fetchnumpy()["num"])

    return work
