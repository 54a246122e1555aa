"""How fast are all chains of holdings between two entities: ``python -m benchmarks.paths``.

Two rows of five pairs each, chains of up to six hops on the graph of :mod:`benchmarks.generate`:

* ``usual``: companies drawn at random, each with an owner found by five random steps upward;
* ``hubs``: the owners with the most holdings, each with one of the companies with the most owners.

Spillover answers from its mapped index, with the positions of all claims of every hop and with
dates, confidence and denials seen to. Peers enumerate bare nodes on a graph already built, from
the owner downward, or ("upward") from the asset along reversed holdings. Every contestant runs in
a process of its own and has to find the same chains.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.register import (
    ENOUGH_SECONDS,
    GRAPH,
    LEAST_REPEATS,
    columns_of,
    facts_of,
    networkx_graph,
    rustworkx_graph,
)
from benchmarks.running import PYTHON, Figures, prepare, process

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

HOPS: Final = 6
PAIRS: Final = 5
STEPS: Final = 5
ROWS: Final = ("usual", "hubs")
_LONG_SECONDS: Final = 2.0

Pair = tuple[int, int]
Found = list[list[int]]
Search = Callable[[int, int], Found]
"""Chains between two nodes of the generator, as nodes."""


def pairs(folder: Path, row: str) -> list[Pair]:
    """Owner and asset of each pair, the same for the same register."""
    import numpy as np

    source, target, *_ = columns_of(folder)
    nodes = facts_of(folder)["nodes"]
    holdings, owners = (np.bincount(ends, minlength=nodes) for ends in (source, target))
    if row == "hubs":
        ranked = (np.argsort(-counts, kind="stable")[:PAIRS] for counts in (holdings, owners))
        return list(zip(*(found.tolist() for found in ranked), strict=True))
    rng = np.random.default_rng(PAIRS)
    order = np.argsort(target, kind="stable")
    above = np.split(source[order], np.cumsum(owners)[:-1])
    found: list[Pair] = []
    while len(found) < PAIRS:
        asset = int(rng.integers(nodes))
        owner = _climbed(asset, above, rng)
        if owner not in (None, asset):
            found.append((int(owner or 0), asset))
    return found


def _climbed(
    asset: int, above: list[npt.NDArray[np.int32]], rng: np.random.Generator
) -> int | None:
    at = asset
    for _ in range(STEPS):
        if not len(above[at]):
            return None
        at = int(rng.choice(above[at]))
    return at


def spillover(folder: Path) -> Search:
    """Chains with the positions of the claims of every hop, on the mapped index."""
    from spillover.graph.session import Graph
    from spillover.queries.conditions import conditions
    from spillover.queries.methods.path_search import Limits
    from spillover.queries.methods.paths import chains

    index = Graph(folder / GRAPH).index
    when, limits = conditions("2026-01-01"), Limits(HOPS, 1_000_000)

    def search(owner: int, asset: int) -> Found:
        # The store numbers entities from 1, in order of the file.
        found = chains(index, (owner + 1, asset + 1), when, limits=limits).chains
        assert all(link.claims for chain in found for link in chain)
        return [[owner, *(link.asset - 1 for link in chain)] for chain in found]

    return search


def igraph(folder: Path, *, upward: bool) -> Search:
    """``get_all_simple_paths``, whose ``maxlen`` older versions call ``cutoff``."""
    import numpy as np
    from igraph import Graph

    source, target, *_ = columns_of(folder)
    made = Graph(facts_of(folder)["nodes"], np.column_stack((source, target)), directed=True)

    def search(owner: int, asset: int) -> Found:
        if upward:
            found = made.get_all_simple_paths(asset, to=owner, maxlen=HOPS, mode="in")
            return [chain[::-1] for chain in found]
        return list(made.get_all_simple_paths(owner, to=asset, maxlen=HOPS, mode="out"))

    return search


def rustworkx(folder: Path, *, upward: bool) -> Search:
    """``all_simple_paths``, which counts nodes and not hops."""
    from rustworkx import all_simple_paths

    made = rustworkx_graph(facts_of(folder)["nodes"], columns_of(folder))
    if upward:
        made.reverse()

    def search(owner: int, asset: int) -> Found:
        if upward:
            found = all_simple_paths(made, asset, owner, cutoff=HOPS + 1)
            return [list(chain)[::-1] for chain in found]
        return [list(chain) for chain in all_simple_paths(made, owner, asset, cutoff=HOPS + 1)]

    return search


def networkx(folder: Path, *, upward: bool) -> Search:
    """``all_simple_paths``."""
    import networkx as nx

    made: Any = networkx_graph(facts_of(folder)["nodes"], columns_of(folder))
    if upward:
        made = made.reverse(copy=False)

    def search(owner: int, asset: int) -> Found:
        if upward:
            return [chain[::-1] for chain in nx.all_simple_paths(made, asset, owner, cutoff=HOPS)]
        return list(nx.all_simple_paths(made, owner, asset, cutoff=HOPS))

    return search


CONTESTANTS: Final[dict[str, Callable[[Path], Search]]] = {
    "spillover": spillover,
    "igraph": lambda folder: igraph(folder, upward=False),
    "igraph, upward": lambda folder: igraph(folder, upward=True),
    "rustworkx": lambda folder: rustworkx(folder, upward=False),
    "rustworkx, upward": lambda folder: rustworkx(folder, upward=True),
    "networkx": lambda folder: networkx(folder, upward=False),
    "networkx, upward": lambda folder: networkx(folder, upward=True),
}


def measure(name: str, folder: Path, asked: list[Pair]) -> dict[str, Any]:
    """Seconds for all pairs of a row (medians where they are short), memory, and the answer."""
    search = CONTESTANTS[name](folder)
    cpu: list[float] = []
    wall: list[float] = []
    search(*asked[0])  # the first call imports what is imported where it is used
    while len(cpu) < LEAST_REPEATS or sum(wall) < ENOUGH_SECONDS:
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        found = [search(*pair) for pair in asked]
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
        if wall[0] > _LONG_SECONDS:
            break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"cpu": statistics.median(cpu), "wall": statistics.median(wall)}
    answer = {"chains": [len(several) for several in found], "digest": digest(found)}
    return {**times, "peak": peak, "answer": answer}


def digest(found: Iterable[Found]) -> str:
    """Fingerprint of the chains of all pairs, whatever their order."""
    ordered = [sorted(several) for several in found]
    return hashlib.sha256(json.dumps(ordered).encode("ascii")).hexdigest()[:16]


def compare(row: str, folder: Path, timeout: float) -> dict[str, Figures | None]:
    """Figures of every contestant; None for one that did not finish.

    Raises:
        SystemExit: a contestant failed, or found other chains than Spillover.
    """
    figures: dict[str, Figures | None] = {}
    # In a process of its own: a child's highest memory starts at what its parent has.
    drawn = process([PYTHON, "-m", "benchmarks.paths", "--draw", row, str(folder)], timeout)
    for name in CONTESTANTS:
        command = [
            PYTHON,
            "-m",
            "benchmarks.paths",
            "--contestant",
            name,
            str(folder),
            drawn.printed,
        ]
        run = process(command, timeout)
        if run.failed and run.wall < timeout:
            sys.exit(f"benchmarks: {row}: {name} failed")
        figures[name] = None if run.failed else Figures(**json.loads(run.printed))
        first, found = figures["spillover"], figures[name]
        if first and found and found.answer != first.answer:
            sys.exit(f"benchmarks: {row}: {name} says {found.answer}, not {first.answer}")
    return figures


def main() -> None:
    """Parse, prepare, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paths", description=__doc__)
    parser.add_argument("--edges", type=int, nargs="+", default=[100_000], help="sizes")
    parser.add_argument("--timeout", type=float, default=300, help="seconds for each process")
    parser.add_argument("--folder", type=Path, default="build/benchmarks", help="for the graphs")
    parser.add_argument("--contestant", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--draw", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.draw:
        row, where = asked.draw
        spillover(Path(where))  # compiles the index, where another version left one
        print(json.dumps(pairs(Path(where), row)))
        return
    if asked.contestant:
        name, where, given = asked.contestant
        print(json.dumps(measure(name, Path(where), json.loads(given))))
        return
    for edges in asked.edges:
        folder = asked.folder / str(edges)
        loaded = (folder / GRAPH).is_file()
        prepare(folder, edges, ["load"] if loaded else [], max(asked.timeout, 3600))
        about = facts_of(folder)
        print(f"\n{about['edges']:,} holdings, {about['nodes']:,} entities, up to {HOPS} hops")
        for row in ROWS:
            figures = compare(row, folder, asked.timeout)
            first = figures["spillover"]
            print(f"\nchains of the five pairs: {first.answer['chains'] if first else 'unknown'}\n")
            print("| row | contestant | CPU | wall | peak MB | CPU, ratio | memory, ratio |")
            print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
            _shown(row, figures, asked.timeout)


def _shown(row: str, figures: dict[str, Figures | None], timeout: float) -> None:
    """Lines of the usual table: ratios are a peer's figure over Spillover's."""
    first = figures["spillover"]
    for name, found in figures.items():
        if found is None:
            print(f"| {row} | {name} | did not finish in {timeout:.0f} s | | | | |")
            continue
        ratios = " | |"
        if first and name != "spillover":
            ratios = f" {found.cpu / first.cpu:.3g} | {found.peak / first.peak:.2g} |"
        seconds = f"{found.cpu * 1000:.3g} ms | {found.wall * 1000:.3g} ms"
        print(f"| {row} | {name} | {seconds} | {found.peak:.0f} |{ratios}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
