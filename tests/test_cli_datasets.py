"""Loading by content, listing what was set aside, unloading, licences: as a user meets them."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import pytest

from spillover.graph.writer import Writer
from tests.test_cli import refused, spillover

STAKES = "owner,asset,stake\nA,B,60\n"
FTM = '{"id": "x", "schema": "Company", "properties": {"name": ["X"]}}\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "own.csv").write_text(STAKES)
    (tmp_path / "in" / "list.ftm.json").write_text(FTM)
    (tmp_path / "in" / "notes.txt").write_text("hello")
    return tmp_path


def test_auto_loads_each_file_with_the_loader_that_knows_it(home: Path) -> None:
    done = spillover("load", "auto", "in", "--graph", "g.db", "--format", "json", home=home)
    assert done.returncode == 0, done.stderr
    assert done.stderr == (
        "left out: in/notes.txt: known to no loader by its content; name the loader\n"
    )
    said = json.loads(done.stdout)
    assert {(one["file"], one["loader"]) for one in said["files"]} == {
        ("own.csv", "table"),
        ("list.ftm.json", "ftm"),
    }
    assert {one["dataset"]: one["records"]["loaded"] for one in said["loads"]} == {
        "table": 1,
        "ftm": 1,
    }
    for form in ("table", "csv", "html"):
        again = spillover("load", "auto", "in", "--graph", "g.db", "--format", form, home=home)
        assert "column 'owner'" in again.stdout.replace("&#39;", "'")


def test_auto_goes_on_when_one_source_is_refused_and_says_so(home: Path) -> None:
    (home / "in" / "own.csv").write_text("owner,asset,stake\nA,B,6O\n")
    done = spillover("load", "auto", "in", "--graph", "g.db", "--format", "json", home=home)
    assert done.returncode == 3
    assert "table: own.csv: line 2: " in done.stderr
    assert [one["dataset"] for one in json.loads(done.stdout)["loads"]] == ["ftm"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("load", "auto"), 3, "auto: name at least one file"),
        (("load", "auto", "in/notes.txt"), 3, "none of the files is known"),
        (("load", "auto", "in", "--name", "x"), 3, "one --name for 2 datasets"),
        (("unload", "nothing"), 4, "no dataset is named 'nothing'; the graph has: table"),
        (("quarantine", "nothing"), 4, "no dataset is named 'nothing'; the graph has: table"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    home: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    spillover("load", "table", "in/own.csv", "--graph", "g.db", home=home)
    done = spillover(*words, "--graph", "g.db", home=home)
    assert said in refused_last(done.stderr, done.returncode, code)


def refused_last(text: str, got: int, code: int) -> str:
    """The last line of standard error; files left out stand before it."""
    assert got == code, text
    assert "Traceback" not in text
    return text.strip().split("\n")[-1]


def test_what_was_set_aside_is_listed_with_its_reason(home: Path) -> None:
    lines = [FTM, '{"id": "y", "schema": "Spaceship", "properties": {}}\n']
    (home / "list.json").write_text("".join(lines))
    words = ("load", "ftm", "list.json", "--graph", "g.db", "--tolerance", "0.5")
    assert spillover(*words, home=home).returncode == 0
    done = spillover("quarantine", "--graph", "g.db", "--format", "json", home=home)
    (dataset,) = json.loads(done.stdout)["datasets"]
    (record,) = dataset["quarantine"]
    assert (record["file"], record["position"]) == ("list.json", "line 2")
    assert "'Spaceship'" in record["reason"]
    table = spillover("quarantine", "ftm", "--graph", "g.db", "--format", "csv", home=home)
    (row,) = csv.DictReader(io.StringIO(table.stdout))
    assert row["Where"] == "line 2"
    status = spillover("status", "--graph", "g.db", home=home).stdout
    assert "1 records are set aside; see `spillover quarantine`" in status


def test_a_dataset_is_unloaded_and_an_earlier_day_still_has_it(home: Path) -> None:
    spillover("load", "table", "in/own.csv", "--graph", "g.db", home=home)
    with sqlite3.connect(home / "g.db") as connection:  # as if it had been loaded long ago
        connection.execute("UPDATE load SET finished = '2026-01-01T00:00:00Z'")
    done = spillover("unload", "table", "--graph", "g.db", home=home)
    assert (done.returncode, done.stderr) == (0, "unloaded table from g.db\n")
    now = spillover("status", "--graph", "g.db", "--format", "json", home=home)
    assert json.loads(now.stdout)["datasets"] == []
    past = ("--graph", "g.db", "--known-at", "2026-06-30", "--format", "json")
    assert [
        d["dataset"] for d in json.loads(spillover("status", *past, home=home).stdout)["datasets"]
    ] == ["table"]
    assert json.loads(spillover("owners", "B", *past, home=home).stdout)["branches"]
    gone = spillover("owners", "B", "--graph", "g.db", home=home)
    assert "no entity is named 'B'" in refused(gone, 4)
    assert spillover("load", "table", "in/own.csv", "--graph", "g.db", home=home).returncode == 0


def test_a_dataset_that_shrinks_is_refused_unless_it_is_said_to_be_right(home: Path) -> None:
    several = "".join(FTM.replace('"x"', f'"x{number}"') for number in range(10))
    (home / "all.json").write_text(several)
    (home / "few.json").write_text("".join(several.splitlines(keepends=True)[:7]))
    load = ("load", "ftm", "--graph", "g.db")
    assert spillover(*load, "all.json", home=home).returncode == 0
    said = refused(spillover(*load, "few.json", home=home), 5)
    assert "7 records after 10 of the last load, a shrink above 20%" in said
    assert spillover(*load, "few.json", "--allow-shrink", home=home).returncode == 0


NOTICE = "not for commercial use: ftm (CC BY-NC 4.0)"


def test_a_licence_that_forbids_commercial_use_is_said_with_every_answer(home: Path) -> None:
    spillover("load", "table", "in/own.csv", "--graph", "g.db", home=home)
    free = spillover("owners", "B", "--graph", "g.db", "--format", "json", home=home)
    assert (free.stderr, json.loads(free.stdout)["licence_notice"]) == ("", None)
    words = ("load", "ftm", "in/list.ftm.json", "--graph", "g.db", "--licence", "CC BY-NC 4.0")
    spillover(*words, home=home)
    with sqlite3.connect(home / "g.db") as connection:
        connection.execute("UPDATE load SET commercial_use = 0 WHERE dataset = 'ftm'")
    for form in ("table", "csv", "json", "html"):
        done = spillover("owners", "B", "--graph", "g.db", "--format", form, home=home)
        assert done.stderr == NOTICE + "\n"
        if form == "json":
            assert json.loads(done.stdout)["licence_notice"] == NOTICE
        if form == "html":
            assert NOTICE in done.stdout
    assert NOTICE in spillover("status", "--graph", "g.db", home=home).stdout
    for form in ("json", "graphml"):
        done = spillover("export", "--format", form, "--graph", "g.db", home=home)
        assert NOTICE in done.stdout
    done = spillover("export", "--format", "ftm", "--graph", "g.db", home=home)
    assert NOTICE in done.stderr


def test_contradicting_identifiers_stand_in_the_status(home: Path) -> None:
    rows = "id,name,schema,country,lei\nx,X,Company,cn,549300TRUWO2CD2G5692\n"
    (home / "one.csv").write_text(rows)
    (home / "two.csv").write_text(rows.replace("\nx,X,Company,cn", "\ny,Y,Company,ru"))
    for name in ("one", "two"):
        words = ("load", "table", f"{name}.csv", "--name", name, "--graph", "g.db")
        assert spillover(*words, home=home).returncode == 0
    status = spillover("status", "--graph", "g.db", "--format", "json", home=home)
    assert json.loads(status.stdout)["contradictions"] == [
        {
            "why": "one identifier in two countries",
            "identifier": "lei 549300truwo2cd2g5692",
            "entities": ["x", "y"],
        }
    ]
    assert (
        "one identifier in two countries"
        in spillover("status", "--graph", "g.db", home=home).stdout
    )


def test_entities_that_are_one_are_shown_as_one(home: Path) -> None:
    rows = "id,name,schema,same_as\nx,X,Company,\ny,Y,Company,x\n"
    (home / "one.csv").write_text(rows)
    assert spillover("load", "table", "one.csv", "--graph", "g.db", home=home).returncode == 0
    for name in ("x", "y", "X", "Y"):
        shown = spillover("show", name, "--graph", "g.db", "--format", "json", home=home)
        entity = json.loads(shown.stdout)["entity"]
        assert entity["id"] == "x"
        assert entity["properties"]["same_as"] == ["y"]


def test_unload_tells_who_is_writing(home: Path) -> None:
    spillover("load", "table", "in/own.csv", "--graph", "g.db", home=home)
    with Writer(home / "g.db"):
        done = spillover("unload", "table", "--graph", "g.db", home=home)
    assert "in use" in refused(done, 6)
