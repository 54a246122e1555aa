"""What do `spillover market` and `spillover collateral` print, and how do they refuse?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import refused, spillover

ASKED = ("--graph", "facts.db", "--as-of", "2022-10-05")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("markets")
    done = spillover("load", "seed", "--graph", "facts.db", home=folder)
    assert done.returncode == 0, done.stderr
    return folder


def answer(home: Path, *words: str) -> dict[str, Any]:
    done = spillover(*words, *ASKED, "--format", "json", home=home)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_opening_example(home: Path) -> None:
    found = answer(home, "collateral", "ChemChina")
    assert {risk["product"]["name"]: risk["at_risk"] for risk in found["at_risk"]} == {
        "pesticides, world": {"low": "24.6", "high": "26"},
        "commercial seeds, world": {"low": "8", "high": "8"},
        "weather-station balloons, China": {"low": "0", "high": "80"},
    }
    assert found["rule"]["id"] == "us-ofac-50"
    records = {claim["evidence"]["record"] for claim in found["claims"]}
    assert {"F106", "F107"} <= records


def test_without_a_rule_nobody_falls_with_the_target(home: Path) -> None:
    """Only the claim of ChemChina itself counts: 24 to 26 % of pesticides."""
    found = answer(home, "collateral", "ChemChina", "--rule", "none")
    (risk,) = found["at_risk"]
    assert risk["at_risk"] == {"low": "24", "high": "26"}
    assert found["rule"] is None


def test_a_country_is_cut_off(home: Path) -> None:
    found = answer(home, "collateral", "--country", "China")
    assert found["countries"] == ["cn"]
    assert "pesticides, world" in [risk["product"]["name"] for risk in found["at_risk"]]


def test_a_sample_is_repeatable(home: Path) -> None:
    one, other = (
        answer(home, "collateral", "ChemChina", "--draws", "100", "--seed", "5") for _ in range(2)
    )
    assert one["sampled"]["seed"] == 5
    assert one["sampled"] == other["sampled"]


def test_a_market_and_what_it_loses(home: Path) -> None:
    words = ("market", "pesticides, world", "--without", "Syngenta AG", "--side", "firm")
    found = answer(home, *words, "--rule", "none")
    (product,) = found["products"]
    (count,) = product["markets"]
    assert count["reach"] == "world"
    assert count["loss"]["lost"] == {"low": "20", "high": "20"}
    blocks = [producer["entity"]["name"] for producer in count["producers"] if producer["block"]]
    assert len(blocks) == 3


@pytest.mark.parametrize("question", [["collateral", "ChemChina"], ["market", "pesticides, world"]])
@pytest.mark.parametrize("form", ["table", "csv", "html"])
def test_every_form_is_written(home: Path, question: list[str], form: str) -> None:
    done = spillover(*question, *ASKED, "--format", form, home=home)
    assert done.returncode == 0, done.stderr
    assert "pesticides, world" in done.stdout
    if form == "csv":
        assert "Product" in next(csv.DictReader(io.StringIO(done.stdout)))


def test_a_workbook_is_written(home: Path) -> None:
    words = ("collateral", "ChemChina", *ASKED, "--format", "xlsx", "-o", "c.xlsx")
    assert spillover(*words, home=home).returncode == 0
    assert (home / "c.xlsx").read_bytes()[:2] == b"PK"


def test_the_leaders_of_all_products(home: Path) -> None:
    found = answer(home, "market", "--leaders")
    assert found["question"] == "leaders"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["collateral"], 3, "name a target, or a country with --country"),
        (["collateral", "Nobody at all"], 4, "Nobody at all"),
        (["collateral", "ChemChina", "--rule", "my-rule"], 4, "no rule is named 'my-rule'"),
        (["collateral", "--country", "Atlantis"], 3, "country 'Atlantis' is unknown"),
        (["collateral", "ChemChina", "--draws", "7"], 3, "draws"),
        (["collateral", "ChemChina", "--draws", "100", "--priors", "no.yml"], 3, "no.yml"),
        (["market"], 3, "no product is named"),
        (["market", "ChemChina"], 3, "is no product but a Company"),
        (["market", "pesticides, world", "--leaders", "--side", "firm"], 3, "leave out"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    home: Path, words: list[str], code: int, said: str
) -> None:
    assert said in refused(spillover(*words, *ASKED, home=home), code)
