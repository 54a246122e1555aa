"""What does `spillover diff` say in the shell, and how does it end?"""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.loads import load
from tests.test_cli import refused, spillover

BEFORE = "US-OFAC-SDN DESIGNATES X start=2020\nX > A 60 observed=2020\nA SUPPLIES C 30 basis=supply"
AFTER = """
    US-OFAC-SDN DESIGNATES X start=2020
    US-OFAC-SDN DESIGNATES Y start=2024-01-15
    X > A 40 observed=2023
    Y > B 75
    A SUPPLIES C 30 basis=supply
"""
SCENARIOS = {
    "a.yml": "name: sells all\nchanges:\n  - divest: {owner: X, asset: A, share: all}\n",
    "b.yml": "name: keeps it\nchanges:\n  - designate: {entity: B, by: [US-OFAC-SDN]}\n",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    load(folder / "two.db", BEFORE, "list", "2023-12-31")
    load(folder / "two.db", AFTER, "list", "2024-01-31")
    load(folder / "same.db", BEFORE)
    load(folder / "same.db", BEFORE)
    return folder


def ask(home: Path, *words: str, graph: str = "two.db") -> subprocess.CompletedProcess[str]:
    rules = () if "--rule" in words else ("--rule", "us-ofac-50")
    return spillover("diff", "--graph", graph, "--as-of", "2024-06-30", *rules, *words, home=home)


@pytest.fixture(scope="module")
def answer(home: Path) -> Any:
    done = ask(home, "--format", "json")
    assert done.returncode == 10, done.stderr
    return json.loads(done.stdout)


def test_without_further_words_it_says_what_the_last_load_changed(answer: Any) -> None:
    assert answer["question"] == "diff"
    assert answer["between"] == "versions"
    assert [answer[side]["label"] for side in ("before", "after")] == ["v1", "v2"]
    assert answer["relation_counts"] == {"list": {"added": 2, "changed": 1}}
    ((change,), rest) = answer["relations"][:1], answer["relations"][1:]
    assert change["fields"][:2] == [
        {"name": "share", "before": "60 %", "after": "40 %"},
        {"name": "observed", "before": "2020", "after": "2023"},
    ]
    assert [one["change"] for one in rest] == ["added", "added"]
    (dataset,) = answer["datasets"]
    assert (dataset["before"]["date"], dataset["after"]["date"]) == ("2023-12-31", "2024-01-31")


def test_what_follows_names_its_datasets_and_claims(answer: Any) -> None:
    stood = {
        one["entity"]["id"]: (one["before"]["verdict"], one["after"]["verdict"])
        for one in answer["verdicts"]
    }
    assert stood == {
        "A": ("blocked", "not_blocked"),
        "B": ("not_blocked", "blocked"),
        "Y": ("not_blocked", "listed"),
    }
    (a,) = (one for one in answer["verdicts"] if one["entity"]["id"] == "A")
    assert a["caused_by"] == ["list"]
    assert [claim["share_text"] for claim in a["claims_gone"]] == ["60"]
    assert [claim["share_text"] for claim in a["claims_new"]] == ["40"]
    # 0.6 x 0.3 and 0.4 x 0.3
    (c,) = (one for one in answer["exposures"] if one["entity"]["id"] == "C")
    assert [c[side]["strength"]["low"] for side in ("before", "after")] == ["18", "12"]


def test_a_table_shows_all_of_it(home: Path) -> None:
    done = ask(home)
    assert done.returncode == 10
    for words in ("What changed from v1 to v2", "BLOCKED, 60 %", "share: 60 % → 40 %", "no more:"):
        assert words in done.stdout


def test_a_csv_has_one_row_for_each_change(home: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(home, "--format", "csv").stdout)))
    assert {row["Of"] for row in rows} == {
        *("dataset", "entity", "relation", "listing", "verdict", "exposure"),
    } - {"entity"}  # nobody is described
    (a,) = (row for row in rows if row["Of"] == "verdict" and row["Id"] == "A")
    assert (a["Under"], a["Before"], a["After"], a["Datasets"]) == (
        *("us-ofac-50", "BLOCKED, 60 %", "not blocked, 40 %", "list"),
    )


def test_nothing_changed_ends_with_zero(home: Path) -> None:
    done = ask(home, graph="same.db")
    assert done.returncode == 0
    assert "nothing changed" in done.stdout


def test_two_days_of_one_version(home: Path) -> None:
    done = ask(home, "--and", "2023-06-30", "--format", "json")
    found = json.loads(done.stdout)
    assert (found["between"], done.returncode) == ("days", 10)
    assert [one["change"] for one in found["listings"]] == ["removed"]


def test_two_scenarios(home: Path) -> None:
    for name, text in SCENARIOS.items():
        (home / name).write_text(text, encoding="utf-8")
    done = ask(home, "--scenario", "a.yml", "--scenario", "b.yml", "--format", "json")
    assert done.returncode == 10, done.stderr
    found = json.loads(done.stdout)
    assert [found[side]["label"] for side in ("before", "after")] == ["sells all", "keeps it"]
    stood = {one["entity"]["id"]: one["after"]["verdict"] for one in found["verdicts"]}
    assert stood["B"] == "listed"
    assert {one["dataset"] for one in found["relations"]} <= {"list", "scenario"}


def test_only_about_one_entity(home: Path) -> None:
    found = json.loads(ask(home, "--of", "B", "--format", "json").stdout)
    assert {one["entity"]["id"] for one in found["verdicts"]} == {"B"}
    assert [one["target"]["id"] for one in found["relations"]] == ["B"]


def test_a_page_is_whole(home: Path) -> None:
    done = ask(home, "--format", "html", "-o", "diff.html")
    assert done.returncode == 10
    page = (home / "diff.html").read_text(encoding="utf-8")
    assert "What changed from v1 to v2" in page
    assert "http-equiv" in page


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--from", "v7"), 3, "v7 is no version"),
        (("--from", "long ago"), 3, "cannot be read; write a day"),
        (("--from", "v1", "--and", "2020-01-01"), 3, "three questions"),
        (("--scenario", "a.yml"), 3, "give it twice"),
        (("--scenario", "no.yml", "--scenario", "no.yml"), 3, "no.yml: cannot be read"),
        (("--and", "soon"), 3, "'soon' is no date"),
        (("--rule", "none"), 4, "no rule is named"),
        (("--target", "Nobody"), 4, "no entity is named"),
        (("--of", "Nobody"), 4, "no entity is named"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    home: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    assert said in refused(ask(home, *words), code)
