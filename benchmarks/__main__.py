"""How fast is Spillover beside its peers: ``python -m benchmarks``, or ``make bench``.

Every contestant runs in a process of its own, all contestants of a row in turn, and the medians
are printed as CPU seconds, wall seconds, peak memory and ratios. A contestant that answers
otherwise than the generator expects makes the run fail.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.register import PEERS, facts_of
from benchmarks.running import Figures, contestant, prepare

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
