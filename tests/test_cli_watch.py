"""What does `spillover watch` tell on a second look, and what does it leave alone?"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from spillover.graph.schema import Entity
from tests.graphs import relations
from tests.loads import load
from tests.test_cli import refused, spillover

NAMES = {"Aa": "Alder Seeds GmbH", "Bb": "Basalt Metals SA", "Cc": "Cobalt Chemicals plc"}
NAMED = [Entity(one, "Company", name, countries=("de",)) for one, name in NAMES.items()]
BEFORE = "US-OFAC-SDN DESIGNATES X start=2020\nX > Aa 60\nX > Bb 10"
AFTER = "US-OFAC-SDN DESIGNATES X start=2020\nX > Aa 40\nX > Bb 75\nUS-OFAC-SDN DESIGNATES Cc"
HEAD = "id,name,country"
ROWS = [f"{number},{name},de" for number, name in enumerate(NAMES.values(), 1)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    load(tmp_path / "g.db", [*NAMED, *relations(BEFORE)])
    portfolio(tmp_path, HEAD, *ROWS)
    return tmp_path


def portfolio(home: Path, *lines: str) -> None:
    (home / "p.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def watch(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    about = ("--graph", "g.db", "--as-of", "2024-06-30", "--rule", "us-ofac-50")
    return spillover("watch", "p.csv", *about, *words, home=home)


def answer(home: Path, *words: str) -> tuple[int, Any]:
    """Exit code and JSON; nothing else may stand on standard output."""
    done = watch(home, "--format", "json", *words)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def changes(found: Any, what: str) -> dict[str, tuple[str | None, str | None]]:
    return {
        one["key"]: (one["before"], one["after"])
        for one in found["changes"]
        if one["change"] == what
    }


def test_a_first_look_says_so_and_ends_as_the_screening_does(home: Path) -> None:
    code, found = answer(home, "--look", "look.json")
    assert code == 10  # Aa is blocked
    assert found["first_look"]
    assert found["before"] is None
    assert found["changes"] == []
    assert [hit["key"] for hit in found["hits"] if hit["hit"]] == ["id 1", "id 2"]


def test_a_second_look_finds_nothing_changed(home: Path) -> None:
    answer(home, "--look", "look.json")
    first = (home / "look.json").read_bytes()
    code, found = answer(home, "--look", "look.json")
    assert (code, found["changes"], found["first_look"]) == (0, [], False)
    assert (home / "look.json").read_bytes() == first


def test_what_a_load_changed_is_told_row_by_row(home: Path) -> None:
    answer(home, "--look", "look.json")
    load(home / "g.db", [*NAMED, *relations(AFTER)], date="2024-06-01")
    code, found = answer(home, "--look", "look.json")
    assert code == 10
    assert changes(found, "verdict") == {
        "id 1": ("blocked, 60 %", "not_blocked, 40 %"),
        "id 2": ("not_blocked, 10 %", "blocked, 75 %"),
    }
    assert changes(found, "listing") == {"id 3": (None, "since undated (test)")}
    assert changes(found, "status")["id 3"] == ("nothing_found", "listed")
    assert changes(found, "exposure")["id 1"] == ("60 % from X", "40 % from X")
    (verdict, *_) = (one for one in found["changes"] if one["change"] == "verdict")
    assert verdict["datasets"] == ["test"]
    (step,) = found["datasets_changed"]
    assert (step["before"]["date"], step["after"]["date"]) == ("", "2024-06-01")
    assert answer(home, "--look", "look.json")[0] == 0  # it has been told


def test_rows_come_go_and_move(home: Path) -> None:
    answer(home, "--look", "look.json")
    portfolio(home, HEAD, "9,Nobody at All,de", ROWS[2], ROWS[0])
    code, found = answer(home, "--look", "look.json")
    assert code == 10
    assert changes(found, "row") == {"id 9": (None, "not_found"), "id 2": ("exposed", None)}
    assert {one["change"] for one in found["changes"]} == {"row"}


def test_a_question_that_came_ends_in_its_own_code(home: Path) -> None:
    portfolio(home, HEAD, "1,Zinc Foundries Limited,gb")
    assert answer(home, "--look", "look.json")[0] == 0  # not found
    # Two firms of that very name: nobody can say which of them it is.
    zinc = [Entity(one, "Company", "Zinc Foundries Limited", countries=("gb",)) for one in "YZ"]
    load(home / "g.db", [*NAMED, *zinc, *relations(BEFORE)])
    code, found = answer(home, "--look", "look.json")
    assert changes(found, "status") == {"id 1": ("not_found", "question")}
    assert [one["under"] for one in found["changes"] if one["change"] == "question"] == ["Y", "Z"]
    assert code == 11


def test_without_saving_the_last_look_stays(home: Path) -> None:
    answer(home, "--look", "look.json")
    kept = (home / "look.json").read_bytes()
    load(home / "g.db", [*NAMED, *relations(AFTER)])
    codes = [answer(home, "--look", "look.json", "--no-save")[0] for _ in range(2)]
    assert codes == [10, 10]
    assert (home / "look.json").read_bytes() == kept


def test_looks_are_kept_for_each_portfolio_when_no_place_is_named(home: Path) -> None:
    done = watch(home)
    (kept,) = (home / "spillover" / "looks").iterdir()
    assert kept.name.startswith("p-")
    assert str(kept) in done.stdout
    assert "nothing changed" in watch(home).stdout
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]  # no scratch file is left


def test_other_rules_or_another_graph_are_remarked_on(home: Path) -> None:
    answer(home, "--look", "look.json")
    load(home / "other.db", [*NAMED, *relations(BEFORE)])
    done = answer(home, "--look", "look.json", "--rule", "eu-asset-freeze", "--graph", "other.db")
    assert done[1]["remarks"] == [
        "the last look had not yet the rules: eu-asset-freeze",
        "the last look was at another graph file",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "it is no JSON"),
        (b"\x00\xff\xfe", "it is no JSON"),
        (b"[" * 100_000, "it is no JSON"),
        (b"[]", "it says nothing of a look"),
        (b'{"format": 1, "question": "screen"}', "it says nothing of a look"),
        (b'{"kind": "spillover look", "format": 99}', "saved by a newer Spillover (format 99"),
        (b'{"kind": "spillover look", "format": 1}', "it is damaged"),
        (b'{"kind": "spillover look", "format": 1, "rows": [{"key": 5}]}', "it is damaged"),
    ],
)
def test_a_file_that_is_no_look_is_left_alone(home: Path, text: bytes, said: str) -> None:
    (home / "look.json").write_bytes(text)
    assert said in refused(watch(home, "--look", "look.json"), 3)
    assert (home / "look.json").read_bytes() == text


def test_half_a_look_is_left_alone(home: Path) -> None:
    answer(home, "--look", "look.json")
    half = (home / "look.json").read_bytes()[:400]
    (home / "look.json").write_bytes(half)
    assert "it is no JSON" in refused(watch(home, "--look", "look.json"), 3)
    assert (home / "look.json").read_bytes() == half


def test_a_look_at_another_portfolio_is_left_alone(home: Path) -> None:
    answer(home, "--look", "look.json")
    kept = (home / "look.json").read_bytes()
    (home / "q.csv").write_text("name\nAa\n", encoding="utf-8")
    done = spillover("watch", "q.csv", "--graph", "g.db", "--look", "look.json", home=home)
    assert "the saved look is at 'p.csv', not at 'q.csv'" in refused(done, 3)
    assert (home / "look.json").read_bytes() == kept


def test_an_answer_that_cannot_be_written_is_told_again(home: Path) -> None:
    answer(home, "--look", "look.json")
    load(home / "g.db", [*NAMED, *relations(AFTER)])
    done = watch(home, "--look", "look.json", "-o", "missing/out.txt")
    assert "cannot be written" in refused(done, 3)
    assert answer(home, "--look", "look.json")[0] == 10


def test_a_place_that_is_a_folder_is_refused(home: Path) -> None:
    (home / "folder").mkdir()
    assert "cannot be read" in refused(watch(home, "--look", "folder"), 3)
