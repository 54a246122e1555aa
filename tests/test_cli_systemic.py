"""Does `spillover systemic` give every form, say what it assumed, and refuse in one line?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from spillover.graph.schema import Entity
from tests.graphs import build, relations
from tests.test_cli import refused, spillover

GRAPH = """
Zhuzhou SUPPLIES Met 75 basis=supply product=balloons publisher=Paper url=https://example.org/1
Zhuzhou SUPPLIES Met 100 basis=sales product=balloons publisher=Paper
Rubber SUPPLIES Zhuzhou product=rubber
State > Zhuzhou 60
"""
HOSTILE = Entity("Met", "Company", "=Met <script>alert(1)</script>")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    build(folder / "graph.db", [*relations(GRAPH), HOSTILE])
    (folder / "needs.csv").write_text("good,industry,class\nballoons,*,linear\n", "utf-8")
    return folder


def asked(home: Path, words: str, form: str = "json") -> str:
    options = ["--graph", "graph.db", "--as-of", "2024-06-30", "--format", form]
    done = spillover("systemic", *words.split(), *options, home=home)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_targets_give_losers_with_their_evidence(home: Path) -> None:
    answer = json.loads(asked(home, "Zhuzhou --irreplaceable"))
    assert answer["question"] == "systemic"
    met, rubber = answer["losers"]
    assert (met["loss"], rubber["loss"]) == (
        {"low": "75", "high": "75"},
        {"low": "0", "high": "100"},
    )
    link = met["through"][0]
    assert (link["side"], link["other"]["id"], link["good"]) == ("input", "Zhuzhou", "balloons")
    assert {claim["evidence"]["publisher"] for claim in link["evidence"]} == {"Paper"}
    assert answer["assumed"]["replaceable"] is False
    assert answer["known"] == {
        "firms": 3,
        "links": 2,
        "inputs_stated": 1,
        "sales_stated": 1,
        "amounts_printed": 0,
        "sizes": False,
    }


@pytest.mark.parametrize(
    ("words", "firms"),
    [
        ("", ["Met", "Zhuzhou", "Rubber"]),
        ("--irreplaceable --top 1", ["Met"]),
        ("--essential none", ["Met", "Zhuzhou", "Rubber"]),
        ("--essential needs.csv --irreplaceable", ["Met", "Zhuzhou", "Rubber"]),
        ("--measure debtrank", ["Zhuzhou"]),
    ],
)
def test_without_targets_every_firm_is_ranked(home: Path, words: str, firms: list[str]) -> None:
    answer = json.loads(asked(home, words))
    assert [row["entity"]["id"] for row in answer["ranking"]] == firms


def test_other_measures(home: Path) -> None:
    answer = json.loads(asked(home, "Zhuzhou --measure debtrank"))
    (state,) = answer["losers"]
    assert (state["entity"]["id"], state["of"]["id"]) == ("State", "Zhuzhou")
    assert state["loss"] == {"low": "60", "high": "60"}
    answer = json.loads(asked(home, "--measure impact --buffer 50"))
    assert {row["entity"]["id"]: row["brings_down"] for row in answer["impact"]} == {
        "Met": {"certain": 1, "possible": 1},
        "Rubber": {"certain": 0, "possible": 1},
        "Zhuzhou": {"certain": 1, "possible": 2},
    }


@pytest.mark.parametrize("words", ["Zhuzhou", "", "Zhuzhou --measure debtrank", "--measure impact"])
def test_every_form_is_there_and_no_name_is_taken_for_code(home: Path, words: str) -> None:
    table, page = asked(home, words, "table"), asked(home, words, "html")
    rows = list(csv.reader(io.StringIO(asked(home, words, "csv"))))
    assert len(rows) >= 2
    assert all(not cell.startswith("=") for row in rows for cell in row)
    assert "<script>alert" not in page
    assert "<svg" in page
    if "debtrank" in words:
        assert "nobody states equities" in table
    else:
        assert "every input is taken as essential" in " ".join(table.split())


def test_assumptions_stand_beside_the_numbers(home: Path) -> None:
    said = " ".join(asked(home, "Zhuzhou", "table").split())
    assert "≈ 33.33–91.67 % of the output of 3 firms is lost" in said
    assert "1 state their part of the purchases, 1 of the sales" in said
    assert "how far others stand in for a supplier is not known" in said
    assert "nobody states what each firm sells in all: every firm counts alike" in said


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("--measure gdp", 3, "measure 'gdp' is unknown; there are: esri, debtrank, impact"),
        ("--essential missing.csv", 3, "missing.csv: cannot be read"),
        ("--complete", 3, "leave --complete out"),
        ("--tolerance 5", 3, "tolerance 5 is not between 0 and 1"),
        ("Nobody", 4, "Nobody"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    home: Path, words: str, code: int, said: str
) -> None:
    done = spillover("systemic", *words.split(), "--graph", "graph.db", home=home)
    assert said in refused(done, code)


def test_the_edge_list_of_the_documentation(home: Path) -> None:
    """docs/systemic.md: Press lacks 80 % of its steel, Cars as much of its doors."""
    (home / "network.csv").write_text(
        "supplier,customer,product,share,share_of\nMill,Press,steel,80,supply\n"
        "Mill,Press,steel,40,sales\nPress,Cars,doors,100,supply\n",
        encoding="utf-8",
    )
    assert spillover("load", "table", "network.csv", "--graph", "own.db", home=home).returncode == 0
    words = ("systemic", "Mill", "--irreplaceable", "--graph", "own.db", "--format", "json")
    answer = json.loads(spillover(*words, home=home).stdout)
    lost = {one["entity"]["name"]: one["loss"] for one in answer["losers"]}
    assert lost == {name: {"low": "80", "high": "80"} for name in ("Press", "Cars")}


def test_a_network_with_amounts_comes_from_two_tables(home: Path) -> None:
    """docs/systemic.md: of 200 sold, the 80 of Mill and 80 of the 100 of Press are lost."""
    (home / "firms.csv").write_text(
        "id,name,schema,industry\nown:mill,Mill,Company,steel\nown:foundry,Foundry,Company,steel\n"
        "own:press,Press,Company,doors\nown:cars,Cars,Company,cars\n"
    )
    (home / "amounts.csv").write_text(
        "supplier,customer,product,value\n"
        "Mill,Press,steel,80\nFoundry,Press,steel,20\nPress,Cars,doors,100\n"
    )
    words = ("load", "table", "firms.csv", "amounts.csv", "--graph", "amounts.db")
    assert spillover(*words, home=home).returncode == 0
    words = ("systemic", "Mill", "--complete", "--irreplaceable", "--graph", "amounts.db")
    answer = json.loads(spillover(*words, "--format", "json", home=home).stdout)
    assert answer["index"] == {"low": "80", "high": "80"}  # 160 of 200
