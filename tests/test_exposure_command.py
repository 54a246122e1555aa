"""Does the command line hand every filter of exposure on, and refuse in one line what it cannot?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.graphs import build
from tests.test_cli import refused, spillover

GRAPH = "T > A 60\nA > B 50\nA SUPPLIES C 4 basis=supply\nT CONTROLS D"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    build(folder / "graph.db", GRAPH)
    return folder


@pytest.mark.parametrize(
    ("words", "exposed"),
    [
        ("T", ["D", "A", "B", "C"]),
        ("T --min-strength 3", ["D", "A", "B"]),  # C: 60 % of 4 % is 2.4 %
        ("T --channels ownership,Supply --top 2", ["A", "B"]),
        ("T --kinds owns --max-hops 1", ["A"]),
        ("T --to B --to C --diverse --alternatives 1", ["B", "C"]),
        ("T --country China", []),  # of nobody here the country is known
        ("B --backward", ["B", "B"]),
    ],
)
def test_filters_reach_the_question(home: Path, words: str, exposed: list[str]) -> None:
    options = ["--graph", "graph.db", "--as-of", "2024-06-30", "--format", "json"]
    done = spillover("exposure", *words.split(), *options, home=home)
    assert done.returncode == 0, done.stderr
    assert [path["entity"]["id"] for path in json.loads(done.stdout)["paths"]] == exposed


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--channels owner", "channel 'owner' is unknown; there are: designation, ownership,"),
        ("--kinds OWN", "kind of relation 'OWN' is unknown; there are: OWNS, CONTROLS,"),
        ("--country Atlantis", "country 'Atlantis' is unknown; write its ISO 3166 code"),
        ("--min-strength 5-10", "strength '5-10' is no single percentage"),
        ("--min-strength much", "'much' is no share"),
        ("--diverse", "name that one with --to"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(home: Path, words: str, said: str) -> None:
    done = spillover("exposure", "T", *words.split(), "--graph", "graph.db", home=home)
    assert said in refused(done, 3)
