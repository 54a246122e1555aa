"""How fast is the way to a Neo4j server and back: ``python -m benchmarks neo4j``.

The graph of :mod:`benchmarks.generate` goes to a real server of Neo4j Community on this machine and
comes back. Every contestant runs in a process of its own; what the server needs for it is measured
beside it. Each way of filling starts from an empty server.

* ``fill``: ``push`` as the command does it; ``export`` and ``neo4j-admin`` with the server's start
  and its indexes; and the plain script: ``UNWIND`` in batches of 10,000, a handful of properties;
* ``read``: ends and shares of all holdings, row by row or in chunks that the server collects, with
  the driver in Python alone and with its accelerator;
* ``pull``: everything as a graph file whose content is checked, then its index;
* ``cascade one``, ``cascade many``: the 50 % cascade on the compiled index, in both bounds, beside
  a fixpoint in Cypher in least shares: one query a round, plain, and with an index on the round.

All have to find the same holdings, and block the same entities as the generator.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from benchmarks.neo4j_contestants import SEEDS, connected, holdings
from benchmarks.register import columns_of, facts_of
from benchmarks.running import PYTHON, prepare, process
from scripts.neo4j_server import Server

ROWS: Final = ("fill", "read", "pull", "cascade one", "cascade many")
_CONTESTANT: Final = (PYTHON, "-m", "benchmarks.neo4j_contestants")
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Figures(NamedTuple):
    """What one contestant needed."""

    wall: float
    cpu: float
    peak: float
    """In megabytes."""
    server_cpu: float
    server_peak: float
    answer: Any


# -- the server -----------------------------------------------------------------------------


class Measured:
    """A server of its own, from an empty home; what it needs is read from the system."""

    def __init__(self, home: Path, heap: int) -> None:
        shutil.rmtree(home, ignore_errors=True)
        self.server = Server(home, heap=heap)
        self._pid = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()

    def start(self) -> Self:
        """Start it."""
        self.server.start()
        wanted = f"--home-dir={self.server.home}".encode()
        self._pid = next(
            int(entry.name)
            for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and wanted in _command_line(entry)
        )
        return self

    def contestant(self, name: str, folder: Path, timeout: float) -> Figures:
        """Run one contestant beside the server.

        Raises:
            SystemExit: it failed, or took longer than ``timeout`` seconds.
        """
        os.environ.update(self.server.environment)
        (Path("/proc") / str(self._pid) / "clear_refs").write_text("5", encoding="ascii")
        before = self.cpu()
        run = process([*_CONTESTANT, name, str(folder)], timeout)
        if run.failed:
            sys.exit(f"benchmarks: {name} failed, or took more than {timeout:.0f} s")
        answer = json.loads(run.printed)
        used = self.cpu() - before
        wall, cpu = run.wall, run.cpu
        if "seconds" in answer:  # each of many repeats
            wall, cpu = answer.pop("seconds"), answer.pop("cpu")
            used /= answer.pop("repeats")
        return Figures(wall, cpu, run.peak, used, self.peak(), answer)

    def cpu(self) -> float:
        """CPU seconds since it started."""
        text = (Path("/proc") / str(self._pid) / "stat").read_text(encoding="ascii")
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def peak(self) -> float:
        """Highest memory in megabytes, since it started or a contestant began."""
        text = (Path("/proc") / str(self._pid) / "status").read_text(encoding="ascii")
        (line,) = (line for line in text.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024


def _command_line(entry: Path) -> bytes:
    try:
        return (entry / "cmdline").read_bytes()
    except OSError:  # it has just ended
        return b""


# -- the rows -------------------------------------------------------------------------------


def fill(folder: Path, heap: int, timeout: float) -> dict[str, Figures]:
    """Ways to fill an empty server, other than a push."""
    found: dict[str, Figures] = {}
    shutil.rmtree(folder / "bulk", ignore_errors=True)
    run = process([*_CONTESTANT, "export", str(folder)], timeout)
    if run.failed:
        sys.exit("benchmarks: export failed")
    answer = json.loads(run.printed)
    found["export"] = Figures(run.wall, run.cpu, run.peak, 0, 0, answer)
    with Measured(folder / "bulk-home", heap) as bulk:
        found["neo4j-admin import"] = _import(bulk, folder / "bulk", answer)
        found["start and indexes"] = _started(bulk, answer)
    with Measured(folder / "plain-home", heap).start() as plain:
        found["UNWIND, plain script"] = plain.contestant("plain", folder, timeout)
    return found


def _import(measured: Measured, folder: Path, answer: Any) -> Figures:
    """Run the command that stands in the folder, without the shell around it."""
    from spillover.graph.neo4j.bulk import COMMAND

    text = (folder / COMMAND).read_text(encoding="utf-8")
    words = shlex.split(text.partition("\nexec ")[2].replace("\\\n", " "))
    options = [word for word in words if word.startswith("--")]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    here = Path.cwd()
    os.chdir(folder)
    try:
        done = measured.server.admin("database", "import", "full", "neo4j", *options)
    finally:
        os.chdir(here)
    wall = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"benchmarks: the import failed\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    (said,) = (line for line in done.stdout.splitlines() if line.startswith("Peak memory usage"))
    return Figures(wall, 0, 0, used, _megabytes(said.split()[-1]), answer)


def _megabytes(text: str) -> float:
    """What the import says of its memory, 517.6MiB for example."""
    units = {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}
    return float(text[:-3]) * units[text[-3:]]


def _started(measured: Measured, answer: Any) -> Figures:
    """Start the server that was filled, and make its constraints and indexes."""
    from spillover.graph.neo4j.labels import statements

    begun = time.perf_counter()
    measured.start()
    os.environ.update(measured.server.environment)
    with connected() as server:
        for statement in statements():
            server.alone(statement)
        server.alone("CALL db.awaitIndexes(3600)")
    return Figures(time.perf_counter() - begun, 0, 0, measured.cpu(), measured.peak(), answer)


def others(
    rows: Sequence[str], measured: Measured, folder: Path, timeout: float
) -> Iterator[tuple[str, dict[str, Figures]]]:
    """The other rows, on the server to which the graph was pushed."""
    names = {
        "read": ("read chunks", "read chunks, Python", "read plain", "read plain, Python"),
        "pull": ("pull", "index"),
        **{
            row: tuple(f"{row}: {way}" for way in ("spillover", "plain", "indexed"))
            for row in SEEDS
        },
    }
    if any(row in SEEDS for row in rows) and "pull" not in rows:
        measured.contestant("pull", folder, timeout)
    for row in rows:
        if row == "read":  # once without counting: the first to read pays for cold caches
            measured.contestant("read chunks", folder, timeout)
        if row in names:
            yield row, {name: measured.contestant(name, folder, timeout) for name in names[row]}


def check(row: str, found: dict[str, Figures], folder: Path) -> None:
    """Whether all contestants of a row have the answer of the generator.

    Raises:
        SystemExit: one has another.
    """
    about = facts_of(folder)
    right: dict[str, Any] = {"edges": about["edges"]}
    if row in SEEDS:
        seeds = SEEDS[row]
        right = {"blocked": about["blocked"][seeds], "digest": about["digest"][seeds]}
    if row == "read":
        source, target, low, high = (column.astype("int64") for column in columns_of(folder))
        right = holdings(source + 1, target + 1, low, high)
    for name, figures in found.items():
        if figures.answer != right:
            sys.exit(f"benchmarks: {name} says {figures.answer}, not {right}")


def show(row: str, found: dict[str, Figures]) -> None:
    """Print the lines of a row; ratios are wall seconds over those of the first."""
    first = next(iter(found.values()))
    for name, one in found.items():
        seconds = " | ".join(f"{value:.3g}" for value in (one.wall, one.cpu, one.server_cpu))
        print(
            f"| {row} | {name.removeprefix(f'{row}: ')} | {seconds} | {one.peak:.0f} |"
            f" {one.server_peak:.0f} | {one.wall / first.wall:.3g} |"
        )
    sys.stdout.flush()


def main(words: Sequence[str] | None = None) -> None:
    """Parse, fill, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks neo4j", description=__doc__)
    parser.add_argument("--edges", type=int, default=1_000_000, help="size of the graph")
    parser.add_argument("--only", choices=ROWS, nargs="+", default=list(ROWS), help="rows")
    parser.add_argument("--heap", type=int, default=1024, help="of the server, in MB")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds for each process")
    parser.add_argument("--folder", type=Path, default="build/benchmarks", help="for the graph")
    asked = parser.parse_args(words)
    folder = (asked.folder / str(asked.edges)).absolute()
    prepare(folder, asked.edges, [], asked.timeout)
    about = facts_of(folder)
    print(f"\n{about['edges']:,} holdings, {about['nodes']:,} entities\n")
    print(
        "| row | contestant | wall s | CPU s | server CPU s | peak MB | server MB | wall, ratio |"
    )
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with Measured(folder / "home", asked.heap).start() as measured:
        pushed = {"push": measured.contestant("push", folder, asked.timeout)}
        if "fill" in asked.only:
            pushed |= fill(folder, asked.heap, asked.timeout)
            show("fill", pushed)
        check("fill", pushed, folder)
        for row, found in others(asked.only, measured, folder, asked.timeout):
            check(row, found, folder)
            show(row, found)


if __name__ == "__main__":
    main()
