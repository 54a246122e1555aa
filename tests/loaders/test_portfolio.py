"""Is a user's list of suppliers read as it was meant, and is nothing of it lost or guessed?"""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.loaders.reading.amounts import amount
from spillover.loaders.reading.portfolio import Portfolio, read_portfolio


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def reading(text: str, name: str = "suppliers.csv", **options: Any) -> Portfolio:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_portfolio(tmp_path / name, **options)

    return reading


def test_columns_are_known_by_many_names(read: Any) -> None:
    (line,) = read(
        'Ref;Vendor Name;Country Code;Annual Spend (EUR);Aliases\n7;Acme;Germany;5;"A; B"\n'
    ).lines
    assert (line.position, line.id, line.name, line.aliases) == ("line 2", "7", "Acme", ("A", "B"))
    assert (line.countries, line.spend, line.currency) == (("de",), Decimal(5), "EUR")


def test_an_unknown_column_is_told_once_and_kept_beside_its_rows(read: Any) -> None:
    found = read("name,Buyer\nAcme,Ann\nBolt,Bob\n")
    assert found.notes == ["column 'Buyer' is not used; it stays beside its rows"]
    assert [line.other for line in found.lines] == [(("Buyer", "Ann"),), (("Buyer", "Bob"),)]


def test_a_row_that_names_nobody_is_set_aside_with_its_line(read: Any) -> None:
    found = read("name,lei,country\nAcme,,de\n,,fr\n,5493001KJTIIGC8Y1R12,us\n")
    assert [line.position for line in found.lines] == ["line 2", "line 4"]
    assert found.aside == [("line 3", "no name and no identifier; give one of them", "fr")]
    assert found.read == 3 == len(found.lines) + len(found.aside)


def test_identifiers_have_the_scheme_of_their_column(read: Any) -> None:
    (line,) = read(
        "LEI,Company number,identifier,scheme\n5493001KJTIIGC8Y1R12,123,ISIN: US0378331005,duns\n"
    ).lines
    assert line.identifiers == (
        ("lei", "5493001KJTIIGC8Y1R12"),
        ("", "123"),
        ("isin", "US0378331005"),
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1 234,5", "1234.5"),
        ("1'234.50", "1234.50"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("12.5", "12.5"),
        ("€ 7", "7"),
        ("USD 7", "7"),
        ("7 EUR", "7"),
    ],
)
def test_amounts_that_mean_one_thing(text: str, value: str) -> None:
    assert amount(text).value == Decimal(value)


@pytest.mark.parametrize("text", ["1,234", "1.234", "12,5", "12,50"])
def test_an_amount_that_could_be_two_is_not_guessed(text: str) -> None:
    with pytest.raises(InputError, match="could be two amounts"):
        amount(text)


def test_the_user_says_which_sign_is_the_decimal_one() -> None:
    assert amount("12,5", ",").value == Decimal("12.5")
    assert amount("1,234", ".").value == 1234
    assert amount("1.234", ",").value == 1234
    assert amount("1.234,5", ",").value == Decimal("1234.5")
    with pytest.raises(InputError, match="decimal sign"):
        amount("1.23,4.5", ",")


@pytest.mark.parametrize("text", ["1e6", "ten", "5 %", "1,23,4", "1..2", "", "EUR 5 USD", "9" * 31])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        amount(text)


@settings(max_examples=200)
@given(st.integers(0, 10**12), st.integers(0, 2), st.sampled_from([",", " ", "'"]))
def test_a_printed_amount_comes_back(units: int, places: int, group: str) -> None:
    value = Decimal(units).scaleb(-places)
    printed = format(value, ",f").replace(",", group)
    assert amount(printed, ".").value == value


def test_a_spend_that_is_unclear_is_unknown_and_its_row_stays(read: Any) -> None:
    found = read('name,spend,currency\nAcme,"12,5",EUR\nBolt,-3,EUR\nCord,USD 4,EUR\nDrum,,EUR\n')
    assert [line.spend for line in found.lines] == [None] * 4
    notes = [line.notes for line in found.lines]
    assert "could be two amounts" in notes[0][0]
    assert "negative" in notes[1][0]
    assert "the currency is EUR" in notes[2][0]
    assert notes[3] == ()


def test_an_unknown_country_is_told_and_left_out(read: Any) -> None:
    (line,) = read("name,country\nAcme,Atlantis\n").lines
    assert line.countries == ()
    assert "'Atlantis' is unknown" in line.notes[0]
    (line,) = read('name,country\nAcme,"Germany, France"\n').lines
    assert line.countries == ("de", "fr")


def test_csv_json_and_xlsx_say_the_same(tmp_path: Path) -> None:
    rows = [
        {"name": "Acme", "country": "de", "spend": "12.5", "currency": "EUR", "lei": ""},
        {"name": "株洲橡胶", "country": "cn", "spend": "3", "currency": "CNY", "lei": "X1"},
    ]
    with (tmp_path / "p.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    typed = [row | {"spend": float(row["spend"])} for row in rows]
    (tmp_path / "p.jsonl").write_text("\n".join(map(json.dumps, typed)), encoding="utf-8")
    (tmp_path / "p.json").write_text(json.dumps({"rows": typed}), encoding="utf-8")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in typed:
        sheet.append(list(row.values()))
    book.save(tmp_path / "p.xlsx")
    found = {
        ending: [line._replace(position="") for line in read_portfolio(tmp_path / name).lines]
        for ending in ("csv", "jsonl", "json", "xlsx")
        for name in [f"p.{ending}"]
    }
    assert found["csv"] == found["jsonl"] == found["json"] == found["xlsx"]
    assert found["csv"][1].name == "株洲橡胶"


def test_a_decimal_of_json_stays_exact(read: Any) -> None:
    (line,) = read('{"name": "Acme", "spend": 0.1000000000000000055}', "p.jsonl").lines
    assert line.spend == Decimal("0.1000000000000000055")


def test_lists_and_objects_of_json(read: Any) -> None:
    (line,) = read(
        '{"name": "Acme", "aliases": ["A", "B"], "country": ["de", "fr"],'
        ' "identifiers": [{"scheme": "LEI", "value": "L1"}, {"uscc": "U1"}]}',
        "p.jsonl",
    ).lines
    assert (line.aliases, line.countries) == (("A", "B"), ("de", "fr"))
    assert line.identifiers == (("lei", "L1"), ("uscc", "U1"))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("p.csv", "", "empty"),
        ("p.csv", "name\n", "no rows"),
        ("p.csv", "colour,size\nred,5\n", "no column names anybody"),
        ("p.csv", 'name,spend\n"Acme,5\n', "cut off"),
        ("p.csv", "name,spend\nAcme,5\nBolt\n", "cut off"),
        ("p.jsonl", '{"name": "A"}\n{"name": ', "cut off or no JSON"),
        ("p.jsonl", "[1, 2]", "no row can be screened"),
        ("p.csv", "name,spend\n;,5,6\n,7\n", "line 2: 3 cells where the header has 2"),
    ],
)
def test_a_broken_file_is_refused_in_one_line(read: Any, name: str, text: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        read(text, name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes("name\nMüller\n".encode("latin-1"))
    with pytest.raises(InputError, match="--encoding"):
        read_portfolio(tmp_path / "p.csv")
    (line,) = read_portfolio(tmp_path / "p.csv", encoding="latin-1").lines
    assert line.name == "Müller"


def test_a_hidden_sheet_is_told_and_left_out(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["name"])
    sheet.append(["Acme"])
    hidden = book.create_sheet("Old")
    hidden.append(["name"])
    hidden.append(["Bolt"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "p.xlsx")
    found = read_portfolio(tmp_path / "p.xlsx")
    assert [line.name for line in found.lines] == ["Acme"]
    assert found.notes == ["sheet 'Old' is hidden and was left out; unhide it"]


@settings(max_examples=100)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=6),
            st.sampled_from(["", "5", "x", "1,5"]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_row_is_read_or_set_aside(rows: list[tuple[str, str]]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "p.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([("name", "spend"), ("Acme", "1"), *rows])
        found = read_portfolio(path)
    written = [name for name, spend in rows if name.strip() or spend.strip()]
    assert found.read == 1 + len(written)
    assert [line.name for line in found.lines[1:]] == [n.strip() for n in written if n.strip()]
