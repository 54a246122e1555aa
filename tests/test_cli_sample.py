"""Does `--draws` give every form, the same for the same seed, and refuse in one line?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from spillover.graph.schema import Entity
from tests.graphs import build, relations
from tests.test_cli import refused, spillover

GRAPH = """
Mill SUPPLIES Press 40-80 basis=supply product=steel publisher=Paper
Press SUPPLIES Cars basis=supply product=doors
Mill PRODUCES steel 40-80 basis=market publisher=Paper
Other PRODUCES steel
steel INPUT_TO doors
"""
HOSTILE = Entity("Press", "Company", "=Press <script>alert(1)</script>")
QUESTIONS = ("systemic Mill --irreplaceable", "collateral Mill --rule none")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    build(folder / "graph.db", [*relations(GRAPH), HOSTILE])
    (folder / "even.yml").write_text("unevenness:\n  low: 2\n  high: 2\n  why: So we think.\n")
    (folder / "odd.yml").write_text("unevenness:\n  low: 0\n  high: 2\n")
    return folder


def asked(home: Path, words: str, form: str = "json") -> str:
    options = ["--graph", "graph.db", "--as-of", "2024-06-30", "--format", form]
    done = spillover(*words.split(), *options, home=home)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_seed_gives_the_same_bytes(home: Path, question: str) -> None:
    first = asked(home, f"{question} --draws 200 --seed 3")
    assert asked(home, f"{question} --draws 200 --seed 3") == first
    assert asked(home, f"{question} --draws 200 --seed 4") != first
    assert json.loads(first)["sampled"]["seed"] == 3
    assert json.loads(asked(home, question))["sampled"] is None


def test_firms_stand_between_the_certain_bounds(home: Path) -> None:
    sampled = json.loads(asked(home, "systemic Mill --irreplaceable --draws 1000"))["sampled"]
    (press,) = [item["lost"] for item in sampled["firms"] if item["firm"]["id"] == "Press"]
    assert [float(press[key]) for key in ("p5", "p50", "p95")] == pytest.approx([42, 60, 78], abs=2)
    assert float(press["low"]) == pytest.approx(40, abs=1e-5)
    assert float(press["high"]) == pytest.approx(80, abs=1e-5)
    names = [item["name"] for item in sampled["assumptions"]]
    assert names == ["unevenness", "unnamed_partners"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_table_and_page_print_what_was_assumed(home: Path, question: str) -> None:
    words = f"{question} --draws 200 --priors even.yml"
    for form in ("table", "html"):
        said = asked(home, words, form)
        assert "What the sample assumes" in said
        assert "200 draws, seed 1" in said
        assert "So we think." in said
        assert "<script>alert" not in said or form == "table"


def test_a_name_cannot_become_a_formula(home: Path) -> None:
    lines = asked(home, "systemic Mill --draws 200", "csv").splitlines()
    assert not any(line.startswith("=") for line in lines)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("systemic Mill --draws 5", "draws 5 cannot be taken"),
        ("systemic --draws 200", "name who closes"),
        ("systemic Mill --measure impact --draws 200", "--draws samples esri"),
        ("systemic Mill --draws 200 --priors odd.yml", "unevenness.low"),
        ("systemic Mill --draws 200 --priors none.yml", "cannot be read"),
    ],
)
def test_what_cannot_be_sampled_is_refused_in_one_line(home: Path, words: str, said: str) -> None:
    done = spillover(*words.split(), "--graph", "graph.db", home=home)
    assert said in refused(done, 3)
