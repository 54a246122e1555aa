"""What does a risk team see that screens its suppliers: the forms, the streams, the exit code?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.test_cli import refused, spillover

PORTFOLIO = """\
Ref,Supplier,Country,Spend,Currency,Buyer
1,Syngenta AG,Switzerland,1200.50,EUR,Ann
2,Elkem ASA,Norway,"12,5",EUR,Bob
3,China National Chemical Corporation,China,100,EUR,Cy
4,,Germany,5,EUR,Dee
5,Nobody Known Of plc,Turkey,7,EUR,Eve
6,=HYPERLINK("x"),,1,EUR,
"""
OFAC = ("--rule", "us-ofac-50", "--format", "json")
ASKED = ("--graph", "facts.db", "--as-of", "2022-10-05", "--target", "ChemChina")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    (folder / "p.csv").write_text(PORTFOLIO, encoding="utf-8")
    assert spillover("load", "seed", "--graph", "facts.db", home=folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def answer(home: Path) -> Any:
    done = spillover("screen", "p.csv", *ASKED, "--format", "json", home=home)
    assert done.returncode == 10
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_the_json_accounts_for_every_row(answer: Any) -> None:
    assert (answer["read"], answer["screened"]) == (6, 5)
    assert answer["set_aside"] == [
        {
            "position": "line 5",
            "reason": "no name and no identifier; give one of them",
            "value": "4, Germany, 5, EUR, Dee",
        }
    ]
    assert {row["id"]: row["status"] for row in answer["rows"]} == {
        "1": "blocked",
        "2": "undetermined",
        "3": "listed",
        "5": "not_found",
        "6": "not_found",
    }
    assert [row["hit"] for row in answer["rows"]] == [True, False, True, False, False]
    assert answer["rows"][0]["other"] == {"Buyer": "Ann"}


def test_every_hop_has_its_source(answer: Any) -> None:
    row = answer["rows"][0]
    assert row["match"]["entity"]["id"] == "seed:syngenta-ag"
    verdicts = {v["rule"]: v for v in row["match"]["verdicts"]}
    assert verdicts["us-ofac-50"]["verdict"] == "blocked"
    assert verdicts["us-ofac-50"]["proof"][0]["evidence"]["publisher"] == "Reuters"
    hops = row["match"]["exposure"]["hops"]
    assert hops[0]["source"]["id"] == "seed:chemchina"
    assert all(claim["evidence"]["publisher"] for hop in hops for claim in hop["evidence"])
    assert answer["datasets"][0]["dataset"] == "seed"


def test_spend_at_risk_is_exact(answer: Any) -> None:
    at_risk = {row["id"]: row["at_risk"] for row in answer["rows"]}
    assert at_risk["1"] == {"low": "1200.50", "high": "1200.50"}
    assert at_risk["2"] is None  # "12,5" could be two amounts
    assert any("could be two amounts" in said for said in answer["rows"][1]["unknown"])


def test_the_csv_has_one_line_for_each_row_and_no_formula(home: Path) -> None:
    done = spillover("screen", "p.csv", *ASKED, "--format", "csv", home=home)
    assert done.returncode == 10
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["Position"] for row in rows] == [f"line {n}" for n in (2, 3, 4, 6, 7)]
    assert rows[0]["Status"] == "BLOCKED"
    assert rows[4]["Name"] == '\'=HYPERLINK("x")'
    assert "line 5 set aside: no name" in done.stderr
    assert "column 'Buyer' is not used" in done.stderr


def test_the_decimal_sign_can_be_said(home: Path) -> None:
    words = ("screen", "p.csv", *ASKED, "--format", "csv", "--decimal", ",")
    rows = list(csv.DictReader(io.StringIO(spillover(*words, home=home).stdout)))
    assert rows[1]["Spend"] == "12.5"


def test_the_workbook_has_a_sheet_for_each_part(home: Path) -> None:
    words = ("screen", "p.csv", *ASKED, "--format", "xlsx", "-o", "out.xlsx")
    assert spillover(*words, home=home).returncode == 10
    book = openpyxl.load_workbook(home / "out.xlsx")
    assert book.sheetnames == [
        *("Summary", "Spend", "Rows", "Listings", "Verdicts", "Paths", "Red flags"),
        *("Sources", "Datasets", "Set aside"),
    ]
    rows = list(book["Rows"].iter_rows(values_only=True))
    assert rows[0][:3] == ("Position", "Id", "Name")
    assert [row[0] for row in rows[1:6]] == [f"line {n}" for n in (2, 3, 4, 6, 7)]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_the_table_shows_the_gravest_rows_first(home: Path) -> None:
    done = spillover("screen", "p.csv", *ASKED, home=home)
    listed, blocked, open_one = (
        done.stdout.index(word) for word in ("LISTED", "BLOCKED", "UNDETERMINED")
    )
    assert listed < blocked < open_one
    assert "6 rows read = 5 screened + 1 set aside" in done.stdout
    assert "Reuters" in done.stdout
    assert done.stderr == ""


def test_the_page_is_one_file_that_says_so(home: Path) -> None:
    done = spillover("screen", "p.csv", *ASKED, "--format", "html", "-o", "out.html", home=home)
    assert done.returncode == 10
    page = (home / "out.html").read_text(encoding="utf-8")
    assert "2 of 5 rows are hit; 1 are open questions" in page
    assert "not thereby clean" in page
    assert '<script src="' not in page


def test_nothing_hit_and_questions_have_their_own_exit_codes(home: Path) -> None:
    (home / "calm.csv").write_text("name\nNobody Known Of plc\n", encoding="utf-8")
    (home / "open.csv").write_text("name\nElkem ASA\n", encoding="utf-8")
    calm = spillover("screen", "calm.csv", *ASKED, "--format", "json", home=home)
    asked = spillover("screen", "open.csv", *ASKED, "--format", "json", home=home)
    assert (calm.returncode, asked.returncode) == (0, 11)
    assert "which does not mean that it is clean" in calm.stdout


def test_without_exposures_only_listings_and_verdicts_count(home: Path) -> None:
    (home / "stakes.csv").write_text("owner,asset,stake\nXenon,Alpha Works,30\n", encoding="utf-8")
    (home / "alpha.csv").write_text("name,spend\nAlpha Works,10\n", encoding="utf-8")
    assert spillover("load", "table", "stakes.csv", "--graph", "x.db", home=home).returncode == 0
    words = ("screen", "alpha.csv", "--graph", "x.db", "--target", "Xenon", *OFAC)
    found = json.loads(spillover(*words, home=home).stdout)
    assert found["rows"][0]["status"] == "exposed"
    assert found["rows"][0]["match"]["exposure"]["strength"] == {"low": "30", "high": "30"}
    assert found["rows"][0]["at_risk"] == {"low": "3.00", "high": "3.00"}  # 30 % of 10
    weak = spillover(*words, "--min-strength", "31", home=home)
    without = spillover(*words, "--no-exposures", home=home)
    assert (weak.returncode, without.returncode) == (0, 0)
    assert json.loads(without.stdout)["rows"][0]["match"]["exposure"] is None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("none.csv",), 3, "no such file"),
        (("p.csv", "--rule", "us-none"), 4, "no rule is named"),
        (("p.csv", "--target", "Nobody Known"), 4, "no entity is named"),
        (("p.csv", "--decimal", ";"), 3, "--decimal"),
        (("p.csv", "--min-strength", "lots"), 3, "lots"),
        (("p.csv", "--encoding", "klingon"), 3, "klingon"),
        (("p.csv", "--format", "xlsx"), 3, "-o FILE.xlsx"),
        (("facts.db",), 3, "facts.db"),
    ],
)
def test_bad_input_ends_in_one_line(
    home: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = spillover("screen", *words, "--graph", "facts.db", home=home)
    assert said in refused(done, code)


@pytest.mark.parametrize(
    "words",
    [
        ("blocked", "ChemChina", "--as-of", "2022-10-05"),
        ("blocked", "ChemChina", "--as-of", "2022-10-05", "--rule", "all"),
        ("exposure", "ChemChina", "--as-of", "2022-10-05"),
        ("owners", "Syngenta AG", "--as-of", "2022-10-05"),
        ("show", "Syngenta AG"),
        ("search", "syngenta"),
        ("status",),
    ],
)
def test_other_answers_come_as_workbooks_too(home: Path, words: tuple[str, ...]) -> None:
    name = f"{words[0]}{len(words)}.xlsx"
    done = spillover(*words, "--graph", "facts.db", "--format", "xlsx", "-o", name, home=home)
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"wrote {name}\n"
    book = openpyxl.load_workbook(home / name)
    for sheet in book:
        assert sheet.max_row > 1, sheet.title
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
