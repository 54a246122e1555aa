"""Does the same graph give the same bytes, whatever the order of Python's sets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spillover.graph.session import Graph
from spillover.loaders.run import run
from spillover.views.export import export

TABLE = """owner,asset,stake,observed
seed:chemchina,Firm A,50,2018
seed:sinochem-holdings,Firm A,20-30,2019
Firm A,Firm B,50,2018
Firm B,Firm A,20,2018
Firm B,seed:adama,5,2020
Firm A,Firm C,,2020
"""

QUESTIONS = """
import sys
from spillover.graph.session import Graph
from spillover.queries.attribution import attribution
from spillover.queries.blocked import blocked
from spillover.queries.compare import compare
from spillover.queries.conditions import conditions
from spillover.queries.exposure import exposure
from spillover.queries.gaps import gaps
from spillover.queries.show import show
from spillover.queries.tree import owners, subsidiaries
from spillover.queries.why import why
from spillover.views import plain
from spillover.views.exposures import plain as exposure_plain
from spillover.views.shares import plain as share_plain
from spillover.views.verdicts import plain as verdict_plain
when, unsure = conditions("2022-10-05"), conditions("2022-10-05", "1y", "low")
targets = ["seed:chemchina", "seed:sinochem-holdings"]
with Graph(sys.argv[1]) as graph:
    answers = [
        verdict_plain.blocked(blocked(graph, targets, when)),
        verdict_plain.blocked(blocked(graph, targets, unsure, limit=3)),
        verdict_plain.why(why(graph, "seed:adama", targets, when, rule_id="uk-ofsi")),
        verdict_plain.gaps(gaps(graph, targets, when)),
        verdict_plain.comparison(compare(graph, targets, when)),
        share_plain.attribution(attribution(graph, targets[0], when, method="power-index")),
        exposure_plain.exposure(exposure(graph, targets, when)),
        exposure_plain.exposure(exposure(graph, targets, when, to="seed:adama", alternatives=5)),
        plain.tree(owners(graph, "seed:adama", when)),
        plain.tree(subsidiaries(graph, "seed:chemchina", when)),
        plain.profile(show(graph, "seed:chemchina", when)),
    ]
sys.stdout.buffer.write("".join(map(plain.json_text, answers)).encode())
"""


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tables") / "stakes.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def loaded(path: Path, table: Path) -> Path:
    run(path, "seed", [])
    run(path, "table", [table])
    return path


def start(code: str, seed: int, *arguments: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        stdout=subprocess.PIPE,
    )


def outputs(running: list[subprocess.Popen[bytes]]) -> set[bytes]:
    found = {process.communicate(timeout=120)[0] for process in running}
    assert all(process.returncode == 0 for process in running)
    return found


def test_answers_are_the_same_bytes_under_twenty_hash_seeds(tmp_path: Path, table: Path) -> None:
    path = loaded(tmp_path / "graph.db", table)
    with Graph(path) as graph:
        assert graph.index.claims  # compiled once, before the processes read it
    found: set[bytes] = set()
    for first in range(0, 20, 2):
        found |= outputs([start(QUESTIONS, seed, path) for seed in (first, first + 1)])
    (answer,) = found
    assert answer.count(b'"question"') == 11


def untimed(path: Path) -> list[str]:
    """Everything in the graph but the line of the datasets, which says when they were loaded."""
    with Graph(path) as graph:
        return "".join(export(graph, "json")).splitlines()[1:]


def test_loads_are_the_same_under_two_hash_seeds(tmp_path: Path, table: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from spillover.loaders.run import run;"
        "run(sys.argv[1], 'seed', []); run(sys.argv[1], 'table', [Path(sys.argv[2])])"
    )
    paths = [tmp_path / "one.db", tmp_path / "two.db"]
    outputs([start(code, seed, path, table) for seed, path in enumerate(paths, 1)])
    first, second = map(untimed, paths)
    assert first == second
    assert len(first) > 400
