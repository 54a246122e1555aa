"""How fast is Spillover beside its peers: ``python -m benchmarks``, or ``make bench``.

Every contestant runs in a process of its own, all contestants of a row in turn, and the medians
are printed as CPU seconds, wall seconds, peak memory and ratios. A contestant that answers
otherwise than the generator expects makes the run fail.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.register import GRAPH, PEERS, facts_of

PYTHON: Final = sys.executable
SPILLOVER: Final = str(Path(PYTHON).with_name("spillover"))
_LOOKUP: Final = (
    "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT d.* FROM entity e"
    " JOIN description d ON d.entity = e.num WHERE e.id = ?', (sys.argv[2],)).fetchall())"
)

ROWS: Final = {
    "load": ("spillover", "networkx", "rustworkx"),
    "index": ("spillover", "networkx", "rustworkx"),
    "cascade one": ("spillover", "spillover, gathering", *PEERS),
    "cascade many": ("spillover", "spillover, gathering", *PEERS),
    "cascade usual": ("spillover", "spillover, gathering", *PEERS),
    "cold": ("spillover", "spillover, usual", "sqlite look-up", "unpickled networkx"),
    "import": ("spillover", "python alone"),
}
"""Contestants of each row; the others are compared with the first."""


class Run(NamedTuple):
    """One process from start to end."""

    cpu: float
    wall: float
    peak: float
    """In megabytes."""
    printed: str
    failed: bool


class Figures(NamedTuple):
    """Medians of one contestant, and its answer where it has one to compare."""

    cpu: float
    wall: float
    peak: float
    answer: Any


def process(command: Sequence[str], timeout: float) -> Run:
    """Run a command to its end, or stop it after so many seconds."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    timer = threading.Timer(timeout, child.kill)
    timer.start()
    assert child.stdout is not None
    with child.stdout as stream:
        printed = stream.read()
    _, status, used = os.wait4(child.pid, 0)
    timer.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    return Run(cpu, wall, peak, printed, child.returncode != 0)


def contestant(row: str, name: str, folder: Path, timeout: float) -> Figures | None:
    """One measurement; None when it did not finish in time.

    Raises:
        SystemExit: it failed before the time was up.
    """
    run = process(_command(row, name, folder), timeout)
    if run.failed and run.wall >= timeout:
        return None
    if run.failed:
        sys.exit(f"benchmarks: {row}: {name} failed")
    if row in ("cold", "import"):
        return Figures(run.cpu, run.wall, run.peak, None)
    return Figures(**json.loads(run.printed))


def _command(row: str, name: str, folder: Path) -> list[str]:
    graph = str(folder / GRAPH)
    if row == "import":
        return [PYTHON, "-c", "import spillover.cli" if name == "spillover" else "pass"]
    if row != "cold":
        return [PYTHON, "-m", "benchmarks.contestants", row, name, str(folder)]
    if name == "unpickled networkx":
        return [PYTHON, "-m", "benchmarks.contestants", "cold", name, str(folder)]
    seeds = facts_of(folder)["seeds"]
    seed = f"bench-{seeds['usual' if 'usual' in name else 'hub'][0]:08}"
    if name == "sqlite look-up":
        return [PYTHON, "-c", _LOOKUP, graph, seed]
    return [SPILLOVER, "blocked", seed, "--graph", graph, "--format", "json", "--limit", "5"]


def prepare(folder: Path, edges: int, rows: Sequence[str], timeout: float) -> None:
    """Fill the folder of a register with what the rows asked for start from.

    A row ``pickle`` stands for the networkx graph that the cold contestant reads.
    """
    if not (folder / "register.json").is_file():
        _must(process([PYTHON, "-m", "benchmarks.generate", str(edges), str(folder)], 3600))
    if "load" not in rows and not (folder / GRAPH).is_file():
        contestant("load", "spillover", folder, timeout)
    if "pickle" in rows and not (folder / "networkx.pickle").is_file():
        command = [PYTHON, "-m", "benchmarks.contestants", "pickle", "networkx", str(folder)]
        _must(process(command, timeout))


def _must(run: Run) -> None:
    if run.failed:
        sys.exit("benchmarks: the preparation failed")


def compare(
    row: str, names: Sequence[str], folder: Path, asked: argparse.Namespace
) -> dict[str, Figures | None]:
    """Medians of these contestants of a row; all take their turn in each run.

    Raises:
        SystemExit: a contestant failed, or found another answer than the generator did.
    """
    right = expected(row, facts_of(folder))
    found: dict[str, list[Figures]] = {name: [] for name in names}
    late: set[str] = set()
    for _ in range(asked.runs):
        for name in names:
            figures = None if name in late else contestant(row, name, folder, asked.timeout)
            if figures is None:
                late.add(name)
            else:
                found[name].append(figures)
                if figures.answer != right:
                    sys.exit(f"benchmarks: {row}: {name} says {figures.answer}, not {right}")
    return {name: None if name in late else _medians(found[name]) for name in found}


def expected(row: str, about: dict[str, Any]) -> dict[str, Any] | None:
    """What the generator knows about the answer of a row."""
    if row in ("cold", "import"):
        return None
    if row == "load":
        return {"nodes": about["nodes"], "edges": about["edges"]}
    if row == "index":
        return {"edges": about["edges"]}
    question = {"cascade one": "hub", "cascade many": "many", "cascade usual": "usual"}[row]
    return {"blocked": about["blocked"][question], "digest": about["digest"][question]}


def _medians(several: list[Figures]) -> Figures:
    cpu, wall, peak = (statistics.median(column) for column in list(zip(*several, strict=True))[:3])
    return Figures(cpu, wall, peak, several[0].answer)


def show(row: str, medians: dict[str, Figures | None], timeout: float) -> None:
    """Print the lines of one row; ratios are a peer's figure over Spillover's."""
    first = medians[ROWS[row][0]]
    for name, figures in medians.items():
        start = f"| {row} | {name} |"
        if figures is None:
            print(f"{start} did not finish in {timeout:.0f} s | | | | |")
            continue
        ratios = " | |"
        if first and name != ROWS[row][0]:
            ratios = f" {_ratio(figures.cpu / first.cpu)} | {_ratio(figures.peak / first.peak)} |"
        cells = f"{_seconds(figures.cpu)} | {_seconds(figures.wall)} | {figures.peak:.0f}"
        print(f"{start} {cells} |{ratios}")
    sys.stdout.flush()


def _ratio(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 1 else f"{value:.2f}"


def _seconds(value: float) -> str:
    return f"{value * 1000:.3g} ms" if value < 0.1 else f"{value:.3g} s"


def main() -> None:
    """Parse, prepare, compare, print; ``neo4j`` as the first word asks for those of the server."""
    if sys.argv[1:2] == ["neo4j"]:
        from benchmarks import neo4j

        neo4j.main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--edges", type=int, nargs="+", default=[100_000], help="sizes")
    parser.add_argument("--only", choices=ROWS, nargs="+", default=list(ROWS), help="rows")
    parser.add_argument("--without", nargs="+", default=[], help="contestants to leave out")
    parser.add_argument("--runs", type=int, default=3, help="processes for each contestant")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for each process")
    parser.add_argument("--folder", type=Path, default="build/benchmarks", help="for the graphs")
    asked = parser.parse_args()
    for edges in asked.edges:
        folder = asked.folder / str(edges)
        pickled = "cold" in asked.only and "unpickled networkx" not in asked.without
        prepare(folder, edges, [*asked.only, *["pickle"] * pickled], asked.timeout)
        about = facts_of(folder)
        print(
            f"\n{about['edges']:,} holdings, {about['nodes']:,} entities, largest strongly"
            f" connected part {about['core'] / about['nodes']:.1%} of them; blocked:"
            f" {about['blocked']['hub']:,} from one seed, {about['blocked']['many']:,} from 5,000\n"
        )
        print("| row | contestant | CPU | wall | peak MB | CPU, ratio | memory, ratio |")
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        for row in asked.only:
            names = [name for name in ROWS[row] if name not in asked.without]
            show(row, compare(row, names, folder, asked), asked.timeout)


if __name__ == "__main__":
    main()
