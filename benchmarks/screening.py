"""How fast is a portfolio screened: ``python -m benchmarks.screening``.

Rows are drawn from the names of the graph of :mod:`benchmarks.generate`; one in ten is altered, so
that no exact name finds it. The five owners with the most holdings are taken as listed.

Every figure is that of a whole process. ``spillover`` is the command as a user gives it, under
us-ofac-50 and then under all sanctions rules: it matches approximately, proves verdicts with their
claims, searches exposure paths, raises red flags and adds up the spend. Peers do what their public
interface offers for the question: read the names into a dictionary of exact names, build the graph
from its arrays, run the cascade of least shares, mark descendants, write a CSV. All have to find
the same rows listed or blocked.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sqlite3
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from benchmarks.register import GRAPH, MAJORITY, columns_of, facts_of, networkx_graph
from benchmarks.running import PYTHON, SPILLOVER, Run, prepare, process

TARGETS: Final = 5
_SHARE_ALTERED: Final = 10
_ALTERED: Final = "a"
"""Ends the references of altered rows, of which peers know nothing."""
_DAY: Final = "2026-01-01"
CONTESTANTS: Final = ("spillover", "spillover, all rules", "igraph", "networkx")


def targets(folder: Path) -> list[int]:
    """The nodes with the most holdings."""
    import numpy as np

    source, *_ = columns_of(folder)
    counts = np.bincount(source, minlength=facts_of(folder)["nodes"])
    return [int(node) for node in np.argsort(-counts, kind="stable")[:TARGETS]]


def draw(folder: Path, rows: int) -> Path:
    """Write a portfolio of so many rows, the same for the same graph."""
    import random

    drawn = random.Random(rows)
    numbers = sorted(
        drawn.sample(range(facts_of(folder)["nodes"]), min(rows, facts_of(folder)["nodes"]))
    )
    path = folder / f"portfolio-{rows}.csv"
    with sqlite3.connect(folder / GRAPH) as base, path.open("w", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "name", "country", "spend", "currency"])
        for node in numbers:
            ((name, countries),) = base.execute(
                "SELECT name, countries FROM description WHERE entity = ?", (node + 1,)
            ).fetchall()
            reference = str(node)
            if drawn.randrange(_SHARE_ALTERED) == 0:
                name = _altered(name, drawn.randrange(len(name)))
                reference += _ALTERED
            country = (countries or "").strip('[]"')[:2]
            writer.writerow([reference, name, country, drawn.randrange(1_000_000), "EUR"])
    return path


def _altered(name: str, at: int) -> str:
    """The name with one letter doubled."""
    return name[:at] + name[at] + name[at:]


def peer(name: str, folder: Path, portfolio: Path, output: Path) -> None:
    """What a peer does in a process of its own."""
    with sqlite3.connect(folder / GRAPH) as base:
        known = dict(base.execute("SELECT name, entity - 1 FROM description"))
    holdings, descendants = _PEERS[name](folder)
    seeds = targets(folder)
    blocked = _cascade(seeds, holdings)
    below = {node for seed in seeds for node in descendants(seed)}
    with portfolio.open(encoding="utf-8") as stream, output.open("w", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "status", "below"])
        for row in csv.DictReader(stream):
            node = known.get(row["name"])
            status = "not found" if node is None else "BLOCKED" if node in blocked else ""
            writer.writerow([row["id"], status, node in below])


Holdings = Callable[[int], Iterable[tuple[int, int]]]
Descendants = Callable[[int], Iterable[int]]


def _cascade(seeds: list[int], holdings: Holdings) -> set[int]:
    """Whoever is blocked adds its least shares once; what reaches half joins the list."""
    blocked, waiting = set(seeds), list(seeds)
    held: dict[int, int] = {}
    while waiting:
        for asset, low in holdings(waiting.pop()):
            held[asset] = held.get(asset, 0) + low
            if held[asset] >= MAJORITY and asset not in blocked:
                blocked.add(asset)
                waiting.append(asset)
    return blocked


def _igraph(folder: Path) -> tuple[Holdings, Descendants]:
    import numpy as np
    from igraph import Graph

    source, target, low, _ = columns_of(folder)
    graph = Graph(facts_of(folder)["nodes"], np.column_stack((source, target)), directed=True)
    ends, shares = target.tolist(), low.tolist()

    def holdings(owner: int) -> Iterable[tuple[int, int]]:
        return ((ends[edge], shares[edge]) for edge in graph.incident(owner))

    return holdings, lambda seed: graph.subcomponent(seed, mode="out")


def _of_networkx(folder: Path) -> tuple[Holdings, Descendants]:
    import networkx as nx

    graph: Any = networkx_graph(facts_of(folder)["nodes"], columns_of(folder))
    rows: dict[int, Any] = dict(graph.adjacency())

    def holdings(owner: int) -> Iterable[tuple[int, int]]:
        return ((asset, e["low"]) for asset, edges in rows[owner].items() for e in edges.values())

    return holdings, lambda seed: nx.descendants(graph, seed)


_PEERS: Final = {"igraph": _igraph, "networkx": _of_networkx}


def command(name: str, folder: Path, portfolio: Path, output: Path) -> list[str]:
    """The process of a contestant."""
    if name in _PEERS:
        words = ("--peer", name, str(folder), str(portfolio), str(output))
        return [PYTHON, "-m", "benchmarks.screening", *words]
    given = ("--graph", str(folder / GRAPH), "--as-of", _DAY, "--format", "csv", "-o", str(output))
    listed = [w for node in targets(folder) for w in ("--target", f"bench-{node:08}")]
    rules = [] if name == "spillover, all rules" else ["--rule", "us-ofac-50"]
    return [SPILLOVER, "screen", str(portfolio), *given, *listed, *rules]


def hits(output: Path) -> tuple[int, str]:
    """How many unaltered rows are listed or blocked, and a fingerprint of them."""
    found = []
    with output.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            reference = row.get("id") or row["Id"]
            if "id" in row:
                hit = row["status"] == "BLOCKED"
            else:
                under = row["Blocked under"].split("; ")
                hit = "us-ofac-50" in under or row["Status"] == "LISTED"
            if hit and not reference.endswith(_ALTERED):
                found.append(int(reference))
    digest = hashlib.sha256(repr(sorted(found)).encode("ascii")).hexdigest()[:16]
    return len(found), digest


def main() -> None:
    """Parse, prepare, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screening", description=__doc__)
    parser.add_argument("--edges", type=int, default=1_000_000, help="size of the graph")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000], help="of the portfolio")
    parser.add_argument("--timeout", type=float, default=900, help="seconds for each process")
    parser.add_argument("--folder", type=Path, default="build/benchmarks", help="for the graph")
    parser.add_argument("--only", nargs="+", default=CONTESTANTS, help="contestants")
    parser.add_argument("--peer", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peer:
        name, *places = asked.peer
        peer(name, *map(Path, places))
        return
    folder = asked.folder / str(asked.edges)
    prepare(folder, asked.edges, [], 3600)
    for rows in asked.rows:
        portfolio = draw(folder, rows)
        about = facts_of(folder)
        print(f"\n{rows:,} rows on {about['edges']:,} holdings of {about['nodes']:,} entities\n")
        print("| contestant | CPU s | wall s | peak MB | CPU, ratio | memory, ratio | hits |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        first: tuple[Run, tuple[int, str]] | None = None
        for name in asked.only:
            output = folder / f"screened-{rows}.csv"
            output.unlink(missing_ok=True)
            run = process(command(name, folder, portfolio, output), asked.timeout)
            if not output.is_file():
                sys.exit(f"benchmarks: {name} failed")
            found = hits(output)
            first = first or (run, found)
            if found != first[1]:
                sys.exit(f"benchmarks: {name} finds {found}, not {first[1]}")
            figures = f"{run.cpu:.1f} | {run.wall:.1f} | {run.peak:.0f}"
            ratios = f"{run.cpu / first[0].cpu:.2f} | {run.peak / first[0].peak:.2f}"
            print(f"| {name} | {figures} | {ratios} | {found[0]} |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
