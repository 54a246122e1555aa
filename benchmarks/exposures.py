"""How fast are the strongest exposure paths from one target: ``python -m benchmarks.exposures``.

Two rows of five targets each on the graph of :mod:`benchmarks.generate`, from owners down to
whatever they hold: ``usual`` owners drawn at random, and the ``hubs`` with the most holdings.

Spillover answers from its mapped index, by least and by greatest strength, in exact products and
with the claims of every hop at hand, and stops after 10,000 places, as the command does. Peers run
one Dijkstra over sums of minus logarithms of the least share, on a graph already built, through all
that is reached, and give lengths only. Every contestant runs in a process of its own; the 5,000
strongest have to be as strong for all.

The ``cold`` rows are whole processes: the command ``spillover exposure`` as a user gives it, with
its JSON, and peers that build their graph from the arrays before they ask.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.register import (
    ENOUGH_SECONDS,
    GRAPH,
    LEAST_REPEATS,
    columns_of,
    facts_of,
)
from benchmarks.running import PYTHON, SPILLOVER, Figures, prepare, process

TARGETS: Final = 5
ROWS: Final = ("usual", "hubs")
_WHOLE: Final = 100_000_000
_LONG_SECONDS: Final = 2.0
_COMPARED: Final = 5_000

Found = dict[int, float]
"""Least strength with which each node is reached, where it is above zero."""
Search = Callable[[int], Found]


def targets(folder: Path, row: str) -> list[int]:
    """Nodes to start from, the same for the same register."""
    import numpy as np

    source, _, low, _ = columns_of(folder)
    holdings = np.bincount(source[low > 0], minlength=facts_of(folder)["nodes"])
    if row == "hubs":
        hubs: list[int] = np.argsort(-holdings, kind="stable")[:TARGETS].tolist()
        return hubs
    drawn = np.random.default_rng(TARGETS).choice(np.flatnonzero(holdings), TARGETS, replace=False)
    return [int(node) for node in drawn]


def spillover(folder: Path) -> Search:
    """The strongest path to each entity on the mapped index, with the claims of its hops."""
    from spillover.graph.session import Graph
    from spillover.queries.conditions import conditions
    from spillover.queries.shocks.hops import Channels
    from spillover.queries.shocks.search import search as ask

    index = Graph(folder / GRAPH).index
    when = conditions("2026-01-01")

    def search(target: int) -> Found:
        # The store numbers entities from 1, in order of the file.
        reached = ask(Channels(index, when, ["ownership"]), [target + 1])
        assert all(reached.hops(entity)[-1].positions for entity in reached.entities[:1])
        strengths = {e - 1: float(reached.strength(e).low) for e in reached.entities}
        return {node: strength for node, strength in strengths.items() if strength}

    return search


def _weighted(folder: Path) -> tuple[int, list[tuple[int, int]], list[float]]:
    """Nodes, edges of a least share above zero, and minus the logarithms of these shares.

    The sign is taken off by ``abs``, because rustworkx refuses the -0.0 of a whole share.
    """
    import numpy as np

    source, target, low, _ = columns_of(folder)
    keep = low > 0
    edges = list(zip(source[keep].tolist(), target[keep].tolist(), strict=True))
    return facts_of(folder)["nodes"], edges, np.abs(np.log(low[keep] / _WHOLE)).tolist()


def igraph(folder: Path) -> Search:
    """``distances`` to all nodes."""
    from igraph import Graph

    nodes, edges, weights = _weighted(folder)
    made = Graph(nodes, edges, directed=True)

    def search(target: int) -> Found:
        (lengths,) = made.distances(target, weights=weights, algorithm="dijkstra")
        reached = enumerate(lengths)
        return {n: math.exp(-x) for n, x in reached if x < math.inf and n != target}

    return search


def rustworkx(folder: Path) -> Search:
    """``dijkstra_shortest_path_lengths``."""
    import rustworkx as rx

    nodes, edges, weights = _weighted(folder)
    made: Any = rx.PyDiGraph(node_count_hint=nodes, edge_count_hint=len(edges))
    made.add_nodes_from(range(nodes))
    made.add_edges_from([(*edge, weight) for edge, weight in zip(edges, weights, strict=True)])

    def search(target: int) -> Found:
        lengths = rx.dijkstra_shortest_path_lengths(made, target, float)
        return {node: math.exp(-length) for node, length in lengths.items() if node != target}

    return search


def networkx(folder: Path) -> Search:
    """``single_source_dijkstra_path_length``."""
    import networkx as nx

    nodes, edges, weights = _weighted(folder)
    made: Any = nx.DiGraph()
    made.add_nodes_from(range(nodes))
    made.add_weighted_edges_from((*edge, w) for edge, w in zip(edges, weights, strict=True))

    def search(target: int) -> Found:
        lengths = nx.single_source_dijkstra_path_length(made, target)
        return {node: math.exp(-length) for node, length in lengths.items() if node != target}

    return search


CONTESTANTS: Final[dict[str, Callable[[Path], Search]]] = {
    "spillover": spillover,
    "igraph": igraph,
    "rustworkx": rustworkx,
    "networkx": networkx,
}


def measure(name: str, folder: Path, asked: list[int]) -> dict[str, Any]:
    """Seconds for all targets of a row (medians where they are short), memory, and the answer."""
    search = CONTESTANTS[name](folder)
    search(asked[0])  # the first call imports what is imported where it is used
    cpu: list[float] = []
    wall: list[float] = []
    while len(cpu) < LEAST_REPEATS or sum(wall) < ENOUGH_SECONDS:
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        found = [search(target) for target in asked]
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
        if wall[0] > _LONG_SECONDS:
            break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"cpu": statistics.median(cpu), "wall": statistics.median(wall)}
    return {**times, "peak": peak, "answer": [summary(each) for each in found]}


def summary(found: Found) -> list[float]:
    """How many of the strongest are compared, and their strengths added up, to six decimals."""
    strongest = sorted(found.values(), reverse=True)[:_COMPARED]
    return [len(strongest), round(math.fsum(strongest), 6)]


def compare(row: str, folder: Path, timeout: float) -> dict[str, Figures | None]:
    """Figures of every contestant; None for one that did not finish.

    Raises:
        SystemExit: a contestant failed, or found something else than Spillover.
    """
    figures: dict[str, Figures | None] = {}
    # In a process of its own: a child's highest memory starts at what its parent has.
    drawn = process([PYTHON, "-m", "benchmarks.exposures", "--draw", row, str(folder)], timeout)
    for name in CONTESTANTS:
        command = [PYTHON, "-m", "benchmarks.exposures", "--contestant", name, str(folder)]
        run = process([*command, drawn.printed], timeout)
        if run.failed and run.wall < timeout:
            sys.exit(f"benchmarks: {row}: {name} failed")
        figures[name] = None if run.failed else Figures(**json.loads(run.printed))
        first, found = figures["spillover"], figures[name]
        if first and found and found.answer != first.answer:
            sys.exit(f"benchmarks: {row}: {name} says {found.answer}, not {first.answer}")
    return figures


def cold(row: str, folder: Path, timeout: float) -> dict[str, Figures | None]:
    """Figures of whole processes that answer for the first target of a row."""
    drawn = process([PYTHON, "-m", "benchmarks.exposures", "--draw", row, str(folder)], timeout)
    target = json.loads(drawn.printed)[0]
    asked = f"bench-{target:08} --as-of 2026-01-01 --format json --graph {folder / GRAPH}".split()
    commands = {"spillover exposure": [SPILLOVER, "exposure", *asked]}
    for name in ("igraph", "rustworkx", "networkx"):
        command = [PYTHON, "-m", "benchmarks.exposures", "--cold", name, str(folder), str(target)]
        commands[f"{name}, from arrays"] = command
    figures: dict[str, Figures | None] = {}
    for name, command in commands.items():
        runs = [process(command, timeout) for _ in range(LEAST_REPEATS)]
        cpu, wall, peak = (
            statistics.median(getattr(run, field) for run in runs)
            for field in ("cpu", "wall", "peak")
        )
        failed = any(run.failed for run in runs)
        figures[name] = None if failed else Figures(cpu, wall, peak, None)
    return figures


def main() -> None:
    """Parse, prepare, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exposures", description=__doc__)
    parser.add_argument("--edges", type=int, nargs="+", default=[100_000], help="sizes")
    parser.add_argument("--timeout", type=float, default=300, help="seconds for each process")
    parser.add_argument("--folder", type=Path, default="build/benchmarks", help="for the graphs")
    parser.add_argument("--contestant", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--cold", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--draw", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.draw:
        print(json.dumps(targets(Path(asked.draw[1]), asked.draw[0])))
        return
    if asked.cold:
        name, where, target = asked.cold
        print(summary(CONTESTANTS[name](Path(where))(int(target))))
        return
    if asked.contestant:
        name, where, given = asked.contestant
        print(json.dumps(measure(name, Path(where), json.loads(given))))
        return
    for edges in asked.edges:
        folder = asked.folder / str(edges)
        loaded = (folder / GRAPH).is_file()
        prepare(folder, edges, ["load"] if loaded else [], max(asked.timeout, 3600))
        spillover(folder)(0)  # compiles the index, where another version left one
        _report(folder, asked.timeout)


def _report(folder: Path, timeout: float) -> None:
    about = facts_of(folder)
    print(f"\n{about['edges']:,} holdings, {about['nodes']:,} entities")
    print("\n| row | contestant | CPU | wall | peak MB | CPU, ratio | memory, ratio |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    reached = {}
    for row in ROWS:
        figures = compare(row, folder, timeout)
        _shown(row, figures, timeout)
        first = figures["spillover"]
        reached[row] = [int(count) for count, _ in first.answer] if first else "unknown"
        _shown(f"{row}, cold", cold(row, folder, timeout), timeout)
    print(f"\nentities compared: {reached}")


def _shown(row: str, figures: dict[str, Figures | None], timeout: float) -> None:
    """Lines of the usual table: ratios are a peer's figure over Spillover's."""
    first = next(iter(figures.values()))
    for name, found in figures.items():
        if found is None:
            print(f"| {row} | {name} | did not finish in {timeout:.0f} s | | | | |")
            continue
        ratios = " | |"
        if first and found is not first:
            ratios = f" {found.cpu / first.cpu:.3g} | {found.peak / first.peak:.2g} |"
        seconds = f"{found.cpu * 1000:.3g} ms | {found.wall * 1000:.3g} ms"
        print(f"| {row} | {name} | {seconds} | {found.peak:.0f} |{ratios}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
