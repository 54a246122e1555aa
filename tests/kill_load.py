"""Does a graph survive kill -9 in the middle of a load.

Run by hand: ``python tests/kill_load.py --times 100``. Each time a process loads a generated file
of 24,000 records into a copy of a small graph and is killed at a random moment. Then the copy must
be whole, say exactly what it said before or exactly what a finished load says, answer a search,
compile its index, and take the next load.
"""

import argparse
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.store import Store
from spillover.loaders.run import run
from tests.graph.small import content

RECORDS: Final = 24_000
COMMIT_LINE: Final = 1 + RECORDS // 2000 + 1
"""Number of the line that a load prints before COMMIT."""
COMMITTING: Final = 0.5
"""Share of the kills that aim at COMMIT."""
CHILD: Final = """
import sys
from pathlib import Path
from spillover.graph.writer import Writer
from spillover.loaders.run import run
release = Writer._release
def committing(self):
    release(self)
    print("commit", flush=True)
Writer._release = committing
print("start", flush=True)
run(sys.argv[1], "ftm", [Path(sys.argv[2])], progress=lambda _: print("load", flush=True))
print("done", flush=True)
"""

Said = tuple[list[str], list[Entity], list[tuple[Relation, str]]]


def generate(path: Path) -> None:
    """Half firms, half holdings between them."""
    with path.open("w", encoding="utf-8") as file:
        for n in range(RECORDS // 2):
            firm = {"id": f"f{n}", "schema": "Company", "properties": {"name": [f"Firm {n} 公司"]}}
            ends = {"owner": [f"f{n}"], "asset": [f"f{n * 7 % 12_000}"], "percentage": ["51"]}
            stake = {"id": f"o{n}", "schema": "Ownership", "properties": ends}
            file.write(json.dumps(firm) + "\n" + json.dumps(stake) + "\n")


def said(path: Path) -> Said:
    """What the graph says, without the times of its loads."""
    loads, entities, relations, _ = content(path)
    return [load.dataset.name for load in loads], entities, relations


def start(graph: Path, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(graph), str(file)]
    root = Path(__file__).parents[1]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)


def kill(graph: Path, file: Path, chance: random.Random) -> str:
    """Start a load, kill it at a random moment, and say what it was doing.

    Half of the kills wait for a random line of what it prints (its start, then one for each 2,000
    records), half for the last line before COMMIT; then all wait a little longer.
    """
    process = start(graph, file)
    assert process.stdout is not None
    committing = chance.random() < COMMITTING
    awaited = COMMIT_LINE if committing else chance.randrange(COMMIT_LINE)
    printed = [process.stdout.readline() for _ in range(awaited)]
    time.sleep(chance.uniform(0, 0.025 if committing else 0.3))
    process.send_signal(signal.SIGKILL)
    printed += process.communicate()[0].splitlines()
    return printed[-1].strip() if printed else "nothing"


def check(graph: Path, before: Said, after: Said, small: Path) -> str:
    """What the graph holds now: ``before`` or ``after``; anything else is an error."""
    found = said(graph)
    assert found in (before, after), "neither the old version nor the new one"
    connection = sqlite3.connect(graph)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    with Graph(graph) as opened:
        assert opened.find(["ChemChina"]) == [opened.store.find("seed:chemchina")]
        assert bool(opened.store.search("Firm 11999 公")) == (found == after)
        assert opened.index.claims == len(found[2])
    run(graph, "ftm", [small])
    with Store(graph) as store:
        assert [load.loaded for load in store.loads if load.dataset.name == "ftm"] == [1]
    return "before" if found == before else "after"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - a moment, no secret
    outcomes: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, big, small = folder / "first.db", folder / "big.jsonl", folder / "small.jsonl"
        run(first, "seed", ())
        generate(big)
        small.write_text('{"id": "x", "schema": "Company", "properties": {"name": ["X"]}}\n')
        whole = Path(shutil.copy(first, folder / "whole.db"))
        assert start(whole, big).wait() == 0, "the load that is not killed must succeed"
        before, after = said(first), said(whole)
        for number in range(options.times):
            graph = Path(shutil.copy(first, folder / f"{number}.db"))
            doing = kill(graph, big, chance)
            outcomes[doing, check(graph, before, after, small)] += 1
            for path in folder.glob(f"{number}.db*"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    lines = [f"{options.times} kills, no graph damaged"]
    for (doing, held), count in sorted(outcomes.items()):
        lines.append(f"{count:4} killed after it said {doing!r}: the graph is as {held} the load")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
