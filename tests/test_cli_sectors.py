"""Does ``spillover sectors`` answer in every form, and refuse in one line what it cannot?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli import refused, spillover

ICIO = Path(__file__).parent / "data" / "io_table" / "icio.csv"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    done = spillover(
        "load", "io_table", str(ICIO), "--date", "2020", "--graph", "graph.db", home=folder
    )
    assert done.returncode == 0, done.stderr
    return folder


def sectors(home: Path, *words: str) -> Any:
    return spillover("sectors", *words, "--graph", "graph.db", home=home)


def data(home: Path, *words: str) -> Any:
    done = sectors(home, *words, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("words", "targets", "models"),
    [
        ("TWN_26", 1, ["extraction", "substituted"]),
        ("TWN_26 AUS_26 --measure leontief --lost 30", 2, ["leontief", "ghosh"]),
        ("--country Taiwan --measure ghosh", 2, ["ghosh", "leontief"]),
        ("AUS_26 --country TWN", 3, ["extraction", "substituted"]),
    ],
)
def test_targets_and_models_reach_the_question(
    home: Path, words: str, targets: int, models: list[str]
) -> None:
    said = data(home, *words.split())
    assert (len(said["targets"]), said["models"]) == (targets, models)
    assert said["question"] == "sectors"
    assert set(said["all_sectors"]) == set(models)


def test_the_json_has_amounts_flows_claims_and_the_table(home: Path) -> None:
    said = data(home, "TWN_26", "--lost", "20-40")
    assert said["lost"] == {"low": "20", "high": "40"}
    target = next(line for line in said["sectors"] if line["target"])
    assert target["output"] == 100
    assert target["losses"]["extraction"]["least"] < target["losses"]["extraction"]["most"]
    direct = said["suppliers"]["largest"][0]
    assert (direct["sector"]["id"], direct["flow"]) == ("io_table:AUS_26", 5)
    assert direct["evidence"][0]["share_text"] == "5/100"
    assert said["table"]["exact"] == said["table"]["sectors"] == 4
    assert said["table"]["sales_gap"]["total"] == 0


def test_without_targets_sectors_or_countries_are_ranked(home: Path) -> None:
    said = data(home, "--top", "2")
    assert (said["by"], len(said["ranks"]), said["left_out"]) == ("sector", 2, 2)
    assert said["ranks"][0]["sector"]["id"] == "io_table:TWN_26"
    said = data(home, "--by", "country")
    assert [rank["country"] for rank in said["ranks"]] == ["TW", "AU"]
    assert len(said["matrix"]) == len(said["matrix"][0]) == 2


@pytest.mark.parametrize(
    ("words", "column", "first"),
    [
        ("TWN_26", "id", "io_table:TWN_26"),
        ("TWN_26 --by country", "country", "AU"),
        ("--by country", "id", "TW"),
        ("--measure leontief", "id", "io_table:TWN_26"),
    ],
)
def test_the_csv_has_numbers(home: Path, words: str, column: str, first: str) -> None:
    done = sectors(home, *words.split(), "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert rows[0][column] == first
    amounts = [value for name, value in rows[0].items() if name.endswith(("least", "most"))]
    assert amounts
    assert all(float(value) >= 0 for value in amounts)


def test_gains_have_columns_of_their_own(home: Path) -> None:
    """Australia's computers gain where they step in for Taiwan's."""
    done = sectors(home, "TWN_26", "--format", "csv")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    row = rows["io_table:AUS_26"]
    assert float(row["substituted most"]) == 0 < float(row["gain most"])
    assert float(row["extraction most"]) > 0


def test_the_table_says_what_must_be_said(home: Path) -> None:
    done = sectors(home, "TWN_26")
    said = " ".join(done.stdout.split())
    assert "no range of shares: the table states every flow; what is uncertain is the model" in said
    assert "all flows are exactly those that the table prints" in said
    assert "1 cells of final demand are below 0" not in said
    assert "1 cell of final demand is below 0" in said
    assert "gain ≈" in said
    assert done.stderr == ""


@pytest.mark.parametrize("words", ["TWN_26", "--by country", "--top 3"])
def test_a_page_and_a_workbook_are_written(home: Path, words: str) -> None:
    for form, start in (("html", b"<!doctype html>"), ("xlsx", b"PK")):
        name = f"out.{form}"
        done = sectors(home, *words.split(), "--format", form, "-o", name)
        assert done.returncode == 0, done.stderr
        assert (home / name).read_bytes().startswith(start)


def test_the_same_question_gives_the_same_bytes(home: Path) -> None:
    first, second = (sectors(home, "TWN_26", "--format", "json").stdout for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("DEU_26", 4, "no entity is named 'DEU_26'"),
        ("--country Germany", 4, "io_table has no sector of 'de'; it has: AU, TW"),
        ("--country Atlantis", 4, "io_table has no sector of 'Atlantis'; it has: AU, TW"),
        ("TWN_26 --lost 0", 3, "lost '0' is nothing; write a percentage above 0"),
        ("TWN_26 --lost much", 3, "'much' is no share"),
        ("TWN_26 --dataset wiod", 4, "no input-output table is named 'wiod'; there are: io_table"),
        ("--as-of 2019-01-01", 3, "speaks of 2020, which does not count on 2019-01-01"),
        ("--max-age 1d", 3, "which does not count on"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(
    home: Path, words: str, code: int, said: str
) -> None:
    assert said in refused(sectors(home, *words.split()), code)
