"""How fast are choke points and cuts between two entities: ``python -m benchmarks.chokepoints``.

The pairs of :mod:`benchmarks.paths`, over holdings only, where every hop may follow every other and
choke points are plain dominators and minimum cuts.

Spillover answers from its mapped index: explores from the owner, finds the entities and holdings on
every path, four cuts, the total exposure and what the entities between carry of it, and reports
with the claims of every holding. networkx has its graph already built; it takes the subgraph
between the two, and gives the dominators of the asset, the smallest cut of nodes and of edges, and
the weakest cut of edges. Both run in processes of their own and have to give the same numbers.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.paths import ROWS, Pair, pairs
from benchmarks.register import GRAPH, columns_of, facts_of
from benchmarks.running import PYTHON, Figures, prepare, process

_REPEATS: Final = 3
_LONG_SECONDS: Final = 10.0
_ALL: Final = 10_000_000

Numbers = list[int]
"""Entities on every path, fewest entities (-1: a holding leads straight) and holdings, strength."""
Cut = Callable[[int, int], Numbers]


def spillover(folder: Path) -> Cut:
    """Spillover on the mapped index."""
    from spillover.graph.session import Graph
    from spillover.queries.chokepoints import chokepoints
    from spillover.queries.conditions import conditions

    graph, when = Graph(folder / GRAPH), conditions("2026-01-01")

    def cut(source: int, target: int) -> Numbers:
        ids = graph.store.entities([source + 1, target + 1])
        answer = chokepoints(
            graph,
            [ids[source + 1].id],
            [ids[target + 1].id],
            when,
            channels=["ownership"],
            limit=_ALL,
        )
        fewest = answer.fewest_entities
        return [
            sum(item.every for item in answer.ways[0].inner),
            len(fewest.entities) if fewest else -1,
            len(answer.fewest_links.links),
            answer.weakest_links.strength,
        ]

    return cut


def networkx(folder: Path) -> Cut:
    """Networkx on a graph in memory."""
    import networkx as nx

    source, target, _, high = columns_of(folder)
    graph: nx.DiGraph[Any] = nx.DiGraph()
    for owner, asset, share in zip(source.tolist(), target.tolist(), high.tolist(), strict=True):
        if share and owner != asset:
            known = graph.get_edge_data(owner, asset, {"capacity": 0})["capacity"]
            graph.add_edge(owner, asset, capacity=max(share, known))

    def cut(owner: int, asset: int) -> Numbers:
        between = (nx.descendants(graph, owner) & nx.ancestors(graph, asset)) | {owner, asset}
        some: nx.DiGraph[Any] = nx.DiGraph(graph.subgraph(between))
        some.remove_edges_from([*some.in_edges(owner), *some.out_edges(asset)])
        above, crossed = nx.immediate_dominators(some, owner), 0
        at = above[asset]
        while at != owner:
            at, crossed = above[at], crossed + 1
        direct = some.has_edge(owner, asset)
        nodes = -1 if direct else len(nx.minimum_node_cut(some, owner, asset))
        edges = len(nx.minimum_edge_cut(some, owner, asset))
        return [crossed, nodes, edges, int(nx.minimum_cut_value(some, owner, asset))]

    return cut


CONTESTANTS: Final[dict[str, Callable[[Path], Cut]]] = {
    "spillover": spillover,
    "networkx": networkx,
}


def measure(name: str, folder: Path, asked: list[Pair]) -> dict[str, Any]:
    """Seconds for all pairs of a row, memory, and the answers."""
    cut = CONTESTANTS[name](folder)
    cut(*asked[0])  # the first call imports what is imported where it is used
    cpu: list[float] = []
    wall: list[float] = []
    while len(cpu) < _REPEATS and sum(wall) < _LONG_SECONDS:
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        found = [cut(*pair) for pair in asked]
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"cpu": statistics.median(cpu), "wall": statistics.median(wall)}
    return {**times, "peak": peak, "answer": found}


def compare(row: str, folder: Path, timeout: float) -> None:
    """Print the lines of a row.

    Raises:
        SystemExit: a contestant failed, or found something else than Spillover.
    """
    module = [PYTHON, "-m", "benchmarks.chokepoints"]
    drawn = process([*module, "--draw", row, str(folder)], timeout).printed
    first: Figures | None = None
    for name in CONTESTANTS:
        run = process([*module, "--contestant", name, str(folder), drawn], timeout)
        if run.failed:
            if run.wall < timeout:
                sys.exit(f"benchmarks: {row}: {name} failed")
            print(f"| {row} | {name} | did not finish in {timeout:.0f} s | | | |")
            continue
        found = Figures(**json.loads(run.printed))
        first = first or found
        if found.answer != first.answer:
            sys.exit(f"benchmarks: {row}: {name} says {found.answer}, not {first.answer}")
        seconds = f"{found.cpu:.3g} s | {found.wall:.3g} s"
        print(f"| {row} | {name} | {seconds} | {found.peak:.0f} | {found.cpu / first.cpu:.3g} |")
        sys.stdout.flush()
    if first:
        print(f"\n{row}: on every path, entities, holdings, strength: {first.answer}\n")


def main() -> None:
    """Parse, prepare, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chokepoints", description=__doc__)
    parser.add_argument("--edges", type=int, default=100_000, help="size")
    parser.add_argument("--timeout", type=float, default=300, help="seconds for each process")
    parser.add_argument("--folder", type=Path, default="build/benchmarks", help="for the graphs")
    parser.add_argument("--contestant", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--draw", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.draw:
        print(json.dumps(pairs(Path(asked.draw[1]), asked.draw[0])))
        return
    if asked.contestant:
        name, where, given = asked.contestant
        print(json.dumps(measure(name, Path(where), json.loads(given))))
        return
    folder = asked.folder / str(asked.edges)
    prepare(folder, asked.edges, [], max(asked.timeout, 3600))
    about = facts_of(folder)
    print(f"{about['edges']:,} holdings, {about['nodes']:,} entities\n")
    print("| row | contestant | CPU | wall | peak MB | CPU, ratio |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for row in ROWS:
        compare(row, folder, asked.timeout)


if __name__ == "__main__":
    main()
