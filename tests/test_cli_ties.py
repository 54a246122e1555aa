"""What does `spillover ties` print, in every form, and how does it refuse?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import spillover

DAY = "2026-11-22"
OWN = """source,kind,target,observed,role
SASAC,STATE_TIE,Ship Group,2024,ownership
Ship Group,CONTROLS,Yard,2024,
Yard,SUPPLIES,Royal Navy,2024,
Maker of engines,SUPPLIES,Ministry of Defence,2023,
Ministry of Defence,STATE_TIE,Maker of engines,2023,golden share
Yard,COLLABORATES,Foreign Institute,2024,joint laboratory
"""
BODIES = """id,schema,name,country
SASAC,PublicBody,SASAC,cn
Royal Navy,MilitaryUnit,Royal Navy,gb
Ministry of Defence,PublicBody,Ministry of Defence,gb
Foreign Institute,University,Foreign Institute,de
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ties")
    done = spillover("load", "seed", "--graph", "facts.db", home=folder)
    assert done.returncode == 0, done.stderr
    return folder


def answer(home: Path, *words: str) -> dict[str, Any]:
    done = spillover(
        "ties", *words, "--graph", "facts.db", "--as-of", DAY, "--format", "json", home=home
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_profile_of_a_firm_as_json(home: Path) -> None:
    found = answer(home, "DJI")
    own = {(t["organ"]["name"], t["tie"]): t for t in found["ties"] if t["route"] == "own"}
    police = own["People's Armed Police", "affiliation"]
    assert police["category"] == "security-organ"
    assert police["degrees"] == ["direct"]
    assert police["lists"] == ["US-DOD-1260H"]
    assert police["claims"][0]["evidence"]["url"].startswith("https://media.defense.gov/")
    assert found["found"] is True
    assert found["counts"]["own"] == {"industry-ministry": 1, "security-organ": 1}
    assert not any("score" in key for key in found)
    named = {one["id"]: one for one in found["categories"]["categories"]}
    assert named["industry-ministry"]["law"][0]["paragraph"] == "(d)(2)(B)"
    assert named["industry-ministry"]["law"][0]["status"] == "read"


def test_the_table_says_who_denies_and_the_csv_has_one_row_for_each_tie(home: Path) -> None:
    words = ("ties", "seed:zhuzhou-rubber", "--graph", "facts.db", "--as-of", DAY)
    table = spillover(*words, home=home)
    assert "only denied" in table.stdout
    assert "China National" in table.stdout
    rows = list(csv.DictReader(io.StringIO(spillover(*words, "--format", "csv", home=home).stdout)))
    denied = [row for row in rows if row["Standing"] == "only denied"]
    assert [row["Denied by"] for row in denied] == ["China National Chemical Corporation"]
    assert [row["Who has the tie"] for row in rows[:5]] == ["itself"] * 5


def test_no_tie_found_is_said_with_the_datasets_and_is_not_no_tie(home: Path) -> None:
    words = ("--graph", "facts.db", "--as-of", DAY)
    done = spillover("ties", "seed:apple", *words, home=home)
    assert done.returncode == 0
    text = " ".join(done.stdout.split())
    assert (
        f"No tie that counts on {DAY} was found in these datasets: seed (2026-11-22)."
        " That is not to say that there is none." in text
    )


def test_the_other_way_and_knowledge(home: Path) -> None:
    found = answer(home, "--organ", "MIIT")
    assert found["counts"]["direct"] == {"industry-ministry": 9}
    assert [r["entity"]["name"] for r in found["results"] if r["hops"]] == [
        "Huawei Technologies Co., Ltd."
    ]
    found = answer(home, "--organ", "SASAC", "--country", "it", "--max-hops", "2")
    assert [r["entity"]["country"] for r in found["results"]] == ["it"] * len(found["results"])
    ways = answer(home, "--knowledge")
    assert {w["partner"]["name"] for w in ways["ways"]} == {"Anzu Robotics", "Gong Hongjia"}
    ways = answer(home, "seed:anzu", "--knowledge", "--organ", "MIIT")
    assert [step["channel"] for step in ways["ways"][0]["links"]] == ["state", "knowledge"]
    assert ways["entity"]["id"] == "seed:anzu"


@pytest.mark.parametrize(
    "words", [("DJI",), ("--organ", "SASAC"), ("--knowledge",), ("seed:apple",)]
)
def test_every_answer_is_a_page_with_limits_and_datasets(
    words: tuple[str, ...], home: Path
) -> None:
    done = spillover(
        "ties", *words, "--graph", "facts.db", "--as-of", DAY, "--format", "html", home=home
    )
    assert done.returncode == 0, done.stderr
    assert "What this does not say" in done.stdout
    assert "Built-in facts" in done.stdout


def test_own_facts_of_other_countries(home: Path) -> None:
    (home / "own.csv").write_text(OWN, encoding="utf-8")
    (home / "bodies.csv").write_text(BODIES, encoding="utf-8")
    done = spillover("load", "table", "own.csv", "bodies.csv", "--graph", "own.db", home=home)
    assert done.returncode == 0, done.stderr
    done = spillover("ties", "Maker of engines", "--graph", "own.db", "--format", "json", home=home)
    ties = {tie["tie"]: tie for tie in json.loads(done.stdout)["ties"]}
    assert {word: (tie["category"], tie["paragraphs"]) for word, tie in ties.items()} == {
        "supply": ("defence-supply", []),
        "golden share": ("special-powers", []),
    }
    assert ties["supply"]["organ"]["role"] == "armed-forces"
    done = spillover("ties", "--knowledge", "--organ", "Royal Navy", "--graph", "own.db", home=home)
    assert "Foreign Institute" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "name an entity"),
        (("DJI", "--knowledge", "--category", "fusion-zone"), 2, "--category"),
        (("no such firm at all",), 4, "no entity is named"),
        (("--organ", "no such organ at all"), 4, "no entity is named"),
        (("DJI", "--category", "x"), 4, "no category of ties is named 'x'"),
        (("DJI", "--as-of", "yesterday"), 3, "yesterday"),
    ],
)
def test_refusals_are_said_in_one_place(
    words: tuple[str, ...], code: int, said: str, home: Path
) -> None:
    done = spillover("ties", *words, "--graph", "facts.db", home=home)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
