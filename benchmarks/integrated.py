"""How fast is integrated ownership, to nine digits: ``python -m benchmarks.integrated``.

W (I - W)^-1 on least shares of the graph of :mod:`benchmarks.generate`: for one owner, the one
with the most holdings, and for owners drawn at random. All contestants start from the same arrays,
turned outside the clock into what each works on, and solve to a residual of 1e-9. It is measured
again, in the largest element and relative to the largest value, and printed beside the time;
a contestant that ends above it, or elsewhere than the others, is marked.

Peers solve for the whole matrix: ``bicgstab`` and ``gmres`` of scipy, and the Katz centrality of
networkx and rustworkx, which with the shares as weights and alpha 1 is the same system. igraph has
no centrality with weights of this kind. Where there are many owners, peers answer for twenty of
them and their time is scaled. Every contestant runs in a process of its own.
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
from typing import TYPE_CHECKING, Any, Final

from benchmarks.generate import WHOLE
from benchmarks.register import columns_of, facts_of
from benchmarks.running import PYTHON, process

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Reals = npt.NDArray[np.float64]

TOLERANCE: Final = 1e-9
SAMPLE: Final = 20
_REPEATS: Final = 5
_LONG_SECONDS: Final = 2.0

Answers = list[tuple[int, "Reals"]]
"""An owner and the value of every node: what it holds, and 1 more at itself."""
Work = Callable[["Ints"], Answers]


def owners(folder: Path, number: int) -> Ints:
    """The owner with the most holdings, or so many owners drawn at random."""
    import numpy as np

    source, *_ = columns_of(folder)
    holdings = np.bincount(source)
    if number == 1:
        return np.array([holdings.argmax()])
    rng = np.random.default_rng(number)
    return np.sort(rng.choice(np.flatnonzero(holdings), number, replace=False))


def spillover(folder: Path) -> Work:
    """The cone of the owners, its cores eliminated, several owners at once."""
    import numpy as np
    import scipy.sparse.csgraph
    import scipy.sparse.linalg  # noqa: F401 - imported outside the clock

    from spillover.queries.methods.integrated import integrated_each
    from spillover.queries.methods.solving import system

    source, target, low, _ = (array.astype(np.int64) for array in columns_of(folder))
    order = np.lexsort((source, target))
    made = system(facts_of(folder)["nodes"], (source[order], target[order]), low[order])

    def work(asked: Ints) -> Answers:
        found: Answers = []
        for some, solution in integrated_each(made, asked):
            value = np.zeros(made.size)
            value[solution.row] = solution.value[:, -1]
            value[some[-1]] += 1
            found.append((int(some[-1]), value))
        return found

    return work


def krylov(folder: Path, method: str) -> Work:
    """One owner after the other on the whole matrix."""
    import numpy as np
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import bicgstab, gmres

    matrix = _matrix(folder)
    system = (eye_array(matrix.shape[0], format="csr") - matrix).tocsr()
    solver = bicgstab if method == "bicgstab" else gmres

    def one(owner: int) -> Reals:
        right = np.zeros(system.shape[0])
        right[owner] = 1
        return np.asarray(solver(system, right, rtol=TOLERANCE, atol=0)[0])

    def work(asked: Ints) -> Answers:
        return [(owner, one(owner)) for owner in asked.tolist()]

    return work


def katz(folder: Path, library: str) -> Work:
    """Katz centrality with a start of 1 at the owner: v = b + W' v, round after round."""
    import networkx as nx
    import numpy as np
    import rustworkx as rx

    source, target, low, _ = (array.tolist() for array in columns_of(folder))
    edges = [(s, t, u / WHOLE) for s, t, u in zip(source, target, low, strict=True) if u]
    nodes, matrix = facts_of(folder)["nodes"], _matrix(folder)
    graph: Any
    if library == "networkx":
        graph = nx.DiGraph()
        graph.add_nodes_from(range(nodes))
        graph.add_weighted_edges_from(edges)
    else:
        graph = rx.PyDiGraph()
        graph.add_nodes_from(range(nodes))
        graph.add_edges_from(edges)

    def one(owner: int) -> Reals:
        start = dict.fromkeys(range(nodes), 0.0) | {owner: 1.0}
        tolerance = TOLERANCE / nodes  # both stop at the mean change, times this, of all nodes
        if library == "networkx":
            found = nx.katz_centrality(
                graph, 1.0, start, 10_000, tolerance, normalized=False, weight="weight"
            )
        else:
            found = rx.katz_centrality(
                graph, 1.0, start, weight_fn=float, max_iter=10_000, tol=tolerance
            )
        value = np.array([found[row] for row in range(nodes)])
        # rustworkx makes the length of the answer 1.
        return np.asarray(value / (value[owner] - (matrix[[owner]] @ value)[0]))

    def work(asked: Ints) -> Answers:
        return [(owner, one(owner)) for owner in asked.tolist()]

    return work


def _matrix(folder: Path) -> Any:
    """W transposed."""
    import numpy as np
    from scipy.sparse import csr_array

    source, target, low, _ = columns_of(folder)
    nodes, kept = facts_of(folder)["nodes"], low > 0
    ends = target[kept].astype(np.int64), source[kept].astype(np.int64)
    return csr_array((low[kept] / WHOLE, ends), (nodes, nodes))


def _residual(matrix: Any, owner: int, value: Reals) -> float:
    left = matrix @ value - value
    left[owner] += 1
    return float(abs(left).max() / abs(value).max())


CONTESTANTS: Final[dict[str, Callable[[Path], Work]]] = {
    "spillover": spillover,
    "scipy bicgstab": lambda folder: krylov(folder, "bicgstab"),
    "scipy gmres": lambda folder: krylov(folder, "gmres"),
    "rustworkx katz": lambda folder: katz(folder, "rustworkx"),
    "networkx katz": lambda folder: katz(folder, "networkx"),
}


def measure(name: str, folder: Path, number: int) -> dict[str, Any]:
    """CPU and wall seconds (medians where they are short), memory, residual, and the sums."""
    asked = owners(folder, number)
    scale = 1.0
    if name != "spillover" and number > SAMPLE:
        asked, scale = asked[:: number // SAMPLE][:SAMPLE], number / SAMPLE
    work = CONTESTANTS[name](folder)
    cpu: list[float] = []
    wall: list[float] = []
    while len(cpu) < _REPEATS and sum(wall) < _LONG_SECONDS:
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        answers = work(asked)
        cpu.append(time.process_time() - cpu_start)
        wall.append(time.perf_counter() - wall_start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    matrix = _matrix(folder)
    return {
        "cpu": statistics.median(cpu) * scale,
        "wall": statistics.median(wall) * scale,
        "peak": peak,
        "residual": max(_residual(matrix, *answer) for answer in answers),
        "scaled": scale > 1,
        "first": float(answers[0][1].sum()) if number == 1 else 0.0,
    }


def main() -> None:
    """Parse, prepare, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.integrated", description=__doc__)
    parser.add_argument("--edges", type=int, nargs="+", default=[100_000], help="sizes")
    parser.add_argument("--owners", type=int, nargs="+", default=[1, 1000], help="how many")
    parser.add_argument("--only", choices=CONTESTANTS, nargs="+", default=list(CONTESTANTS))
    parser.add_argument("--timeout", type=float, default=300, help="seconds for each process")
    parser.add_argument("--folder", type=Path, default="build/benchmarks", help="for the graphs")
    parser.add_argument("--contestant", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.contestant:
        name, where, number = asked.contestant
        print(json.dumps(measure(name, Path(where), int(number))))
        return
    for edges in asked.edges:
        folder = asked.folder / str(edges)
        if not (folder / "register.json").is_file():
            process([PYTHON, "-m", "benchmarks.generate", str(edges), str(folder)], 3600)
        about = facts_of(folder)
        print(f"\n{about['edges']:,} holdings, {about['nodes']:,} entities\n")
        print("| owners | contestant | CPU | wall | peak MB | residual | CPU, ratio |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        for number in asked.owners:
            _row(folder, number, asked.only, asked.timeout)


def _row(folder: Path, number: int, names: list[str], timeout: float) -> None:
    """Lines of one number of owners: ratios are a peer's CPU seconds over Spillover's."""
    first: dict[str, Any] = {}
    for name in names:
        command = [PYTHON, "-m", "benchmarks.integrated", "--contestant", name, str(folder)]
        run = process([*command, str(number)], timeout)
        if run.failed and run.wall < timeout:
            print(f"| {number:,} | {name} | failed | | | | |")
            continue
        if run.failed:
            print(f"| {number:,} | {name} | did not finish in {timeout:.0f} s | | | | |")
            continue
        found = json.loads(run.printed)
        first = first or found
        ratio = f"{found['cpu'] / first['cpu']:.3g}" if found is not first else ""
        missed = found["residual"] > TOLERANCE
        if abs(found["first"] - first["first"]) > 1e-6 * abs(first["first"]):
            missed = True
        marks = (", scaled" if found["scaled"] else "") + (", missed" if missed else "")
        print(
            f"| {number:,} | {name}{marks} | {found['cpu']:.3g} s | {found['wall']:.3g} s |"
            f" {found['peak']:.0f} | {found['residual']:.1e} | {ratio} |"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
