"""How does a contestant run, in a process of its own, and what must be there before?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.register import GRAPH, facts_of

PYTHON: Final = sys.executable
SPILLOVER: Final = str(Path(PYTHON).with_name("spillover"))
_LOOKUP: Final = (
    "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT d.* FROM entity e"
    " JOIN description d ON d.entity = e.num WHERE e.id = ?', (sys.argv[2],)).fetchall())"
)


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
