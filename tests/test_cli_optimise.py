"""What does `spillover optimise` print, in every form, and how does it refuse?"""

from __future__ import annotations

import csv
import io
import json
from itertools import combinations
from pathlib import Path

import pytest

from spillover import Graph, conditions
from spillover.queries.optimiser.answer import Wish
from spillover.queries.optimiser.asking import asked as asking
from tests.test_cli import spillover

DAY = "2026-11-22"
PERCENT = 1_000_000
PRODUCT = "pesticides, world"
ETO = Path(__file__).parents[1].parent / "shared" / "data" / "eto"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("optimise")
    done = spillover("load", "seed", "--graph", "facts.db", home=folder)
    assert done.returncode == 0, done.stderr
    return folder


def asked(home: Path, *words: str, form: str = "table") -> str:
    done = spillover(
        "optimise", *words, "--graph", "facts.db", "--as-of", DAY, "--format", form, home=home
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_worlds_pesticides_as_json(home: Path) -> None:
    """Syngenta Group (24.6 %), BASF (11.3), UPL (7.9) and FMC (7.4) make no seeds: 51.2 % for
    nothing. Bayer and Corteva would cost 23 and 17 points of the world's seeds."""
    found = json.loads(asked(home, PRODUCT, "--cut", "50", form="json"))
    best = found["sets"][0]
    assert [item["name"] for item in best["designate"]] == ["BASF", "FMC", "Syngenta Group", "UPL"]
    assert best["cut"] == {"low": "51.2", "high": "51.2"}
    assert best["collateral"] == {"low": "0", "high": "0"}
    assert best["proven"] is True
    assert found["frontier"][-1]["collateral"] == {"low": "40", "high": "40"}
    assert (found["side"], found["reach"], found["time_ran_out"]) == ("firm", "world", False)
    assert all(claim["evidence"]["url"] for claim in found["claims"])


def test_csv_has_a_row_for_each_set(home: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(asked(home, PRODUCT, "--cut", "50", form="csv"))))
    assert [row["Set"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["Designate"] == "BASF (DE); FMC (US); Syngenta Group (CN); UPL (IN)"


def test_the_table_says_what_is_supposed(home: Path) -> None:
    shown = asked(home, PRODUCT, "--budget", "20", "--top", "1", "--points", "0")
    assert "cut most of pesticides, world with at most 20 points" in shown.replace("\n", " ")
    assert "counts as much as one of any other" in " ".join(shown.split())
    assert "More claims" not in shown


def test_page_and_workbook_are_written(home: Path) -> None:
    for name, start in (("page.html", b"<!doctype html>"), ("book.xlsx", b"PK")):
        form = name.split(".")[1]
        asked(home, PRODUCT, "--cut", "60", "-o", name, form=form)
        assert (home / name).read_bytes().startswith(start)


def test_an_effect_that_cannot_be_reached_is_an_answer(home: Path) -> None:
    shown = " ".join(asked(home, PRODUCT, "--cut", "99").split())
    assert "No designation of these candidates certainly cuts 99 %" in shown
    found = json.loads(asked(home, PRODUCT, "--cut", "99", form="json"))
    assert (found["sets"], found["all_together"]["low"]) == ([], "93.6")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--cut"),
        (("--cut", "half"), "'half' is no number of percent"),
        (("--cut", "1e2"), "'1e2' is no number of percent"),
        (("--cut", "120"), "at most 100 %"),
        (("--cut", "50", "--budget", "9"), "--budget"),
        (("--cut", "50", "--spare", "Atlantis"), "country 'Atlantis' is unknown"),
        (("--cut", "50", "--side", "country"), "--side firm"),
        (("--cut", "50", "--reach", "Mars"), "name a --reach"),
    ],
)
def test_a_refusal_is_one_line(home: Path, words: tuple[str, ...], said: str) -> None:
    done = spillover("optimise", PRODUCT, *words, "--graph", "facts.db", home=home)
    assert (done.returncode, done.stdout) == (3, "")
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("spillover: ")
    assert said in last


def test_names_that_are_not_there(home: Path) -> None:
    for words in (("no such product", "--cut", "5"), (PRODUCT, "--cut", "5", "--rule", "no-rule"),
                  (PRODUCT, "--cut", "5", "--candidate", "Nobody at all")):  # fmt: skip
        assert spillover("optimise", *words, "--graph", "facts.db", home=home).returncode == 4


@pytest.mark.skipif(not ETO.exists(), reason="the shared tables of chips are not here")
def test_real_deposition_tools(home: Path) -> None:
    """As cheap as the cheapest of all sets of the ten firms.

    Nothing but the answer stands on the standard output, though the solver writes there.
    """
    load = spillover("load", "eto", str(ETO), "--graph", "eto.db", home=home)
    assert load.returncode == 0, load.stderr
    done = spillover(
        *("optimise", "Deposition tools", "--cut", "50", "--graph", "eto.db"),
        *("--as-of", DAY, "--format", "json"),
        home=home,
    )
    found = json.loads(done.stdout)
    best = found["sets"][0]
    assert [one["name"] for one in best["designate"]] == ["ASM International", "Applied Materials"]
    assert (best["cut"]["low"], best["collateral"]["high"]) == ("52.1", "788.8")
    with Graph(home / "eto.db") as graph:
        question = asking(graph, "Deposition tools", conditions(DAY), Wish(cut=50 * PERCENT))
    problem = question.problem
    costs = [
        problem.collateral(frozenset(chosen))
        for size in range(problem.candidates + 1)
        for chosen in combinations(range(problem.candidates), size)
        if problem.reached(frozenset(chosen)) >= 50 * PERCENT
    ]
    assert min(costs) == 7888 * PERCENT // 10
