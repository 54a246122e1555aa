"""Does a workbook hold every cell as the text that was meant, whatever the names are?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.xlsx import sheets
from spillover.views import workbook
from spillover.views.grid import Cell, Grid, made
from spillover.views.output import deliver, listing
from spillover.views.workbook import CELL_LIMIT, sheet_names, write_workbook

HOSTILE = ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "＝1", "{=A1}"]
"""What a spreadsheet would run, if it were no text."""


def reopened(path: Path) -> Any:
    return openpyxl.load_workbook(path)


def cells(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_text_and_no_formula(tmp_path: Path, name: str) -> None:
    write_workbook([made(name, f"A|{name}", [("x", name)])], tmp_path / "a.xlsx")
    for sheet in reopened(tmp_path / "a.xlsx"):
        for row in sheet.iter_rows():
            assert all(cell.data_type in ("s", "inlineStr", "n") for cell in row)
            assert all(cell.value is None or cell.data_type != "n" for cell in row)
            assert all(cell.hyperlink is None for cell in row)
    assert cells(reopened(tmp_path / "a.xlsx").worksheets[0])[1][1] == name.strip()


def test_a_formula_stays_a_text_when_somebody_edits_it(tmp_path: Path) -> None:
    write_workbook([made("T", "A|B", [("plain", "=1+1")])], tmp_path / "a.xlsx")
    row = reopened(tmp_path / "a.xlsx").worksheets[0][2]
    assert [cell.quotePrefix for cell in row] == [False, True]


def test_addresses_are_shown_and_not_linked(tmp_path: Path) -> None:
    rows: Any = [(Cell("Reuters", "https://example.org/a"), "https://example.org")]
    write_workbook([made("T", "A|B", rows)], tmp_path / "a.xlsx")
    (sheet,) = reopened(tmp_path / "a.xlsx").worksheets
    assert cells(sheet)[1] == ["Reuters <https://example.org/a>", "https://example.org"]
    assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)


def test_controls_are_cleaned_and_lines_are_kept(tmp_path: Path) -> None:
    text = "A\x00B\x1b[31m\u202eC\nsecond _x0041_"
    write_workbook([made("T", "A", [(text,)])], tmp_path / "a.xlsx")
    # Read by our own reader: openpyxl shows the escape of "_x0041_" and does not undo it.
    (sheet,) = sheets(Part(tmp_path / "a.xlsx"))
    assert [cells for _, cells in sheet.rows()][1] == ["A\ufffdBC\nsecond _x0041_"]


def test_a_long_text_is_cut_and_the_sheet_says_so(tmp_path: Path) -> None:
    # An emoji takes two halves of UTF-16, in which the format counts.
    for text in ("x" * 40_000, "😀" * 20_000):
        write_workbook([made("T", "A", [(text,)])], tmp_path / "a.xlsx")
        found = cells(reopened(tmp_path / "a.xlsx").worksheets[0])
        assert len(found[1][0].encode("utf-16-le")) // 2 <= CELL_LIMIT
        assert found[1][0].endswith("…")
        assert "are cut" in found[-1][0]


def test_a_text_of_just_the_limit_is_whole(tmp_path: Path) -> None:
    write_workbook([made("T", "A", [("x" * CELL_LIMIT,)])], tmp_path / "a.xlsx")
    found = cells(reopened(tmp_path / "a.xlsx").worksheets[0])
    assert found[1][0] == "x" * CELL_LIMIT
    assert found[-1][0] == "T"


def test_rows_beyond_the_sheet_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS_LIMIT", 12)
    grid = made("T", "A", [(str(n),) for n in range(10)])
    write_workbook([grid], tmp_path / "a.xlsx")
    found = [row[0] for row in cells(reopened(tmp_path / "a.xlsx").worksheets[0])]
    # 12 rows less one line of notes and the five that are kept for them: six rows of ten.
    assert found[1:7] == ["0", "1", "2", "3", "4", "5"]
    assert found[-1] == "4 further rows do not fit into a sheet; use CSV or JSON for all"


def test_numbers_and_dates_stay_the_texts_they_are(tmp_path: Path) -> None:
    write_workbook([made("T", "A|B|C", [("0012", "2022-10-05", "1e5")])], tmp_path / "a.xlsx")
    assert cells(reopened(tmp_path / "a.xlsx").worksheets[0])[1] == ["0012", "2022-10-05", "1e5"]


def test_an_empty_table_is_a_sheet_with_its_header(tmp_path: Path) -> None:
    write_workbook([made("T", "A|B", [], "nothing found")], tmp_path / "a.xlsx")
    found = cells(reopened(tmp_path / "a.xlsx").worksheets[0])
    assert found[0] == ["A", "B"]
    assert [row[0] for row in found[1:]] == [None, "T", "nothing found"]


@given(st.lists(st.text(max_size=50), min_size=1, max_size=12))
def test_every_sheet_has_a_name_that_spreadsheets_take(titles: list[str]) -> None:
    names = sheet_names(titles)
    assert len({name.casefold() for name in names}) == len(titles)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.casefold() != "history"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5))
def test_any_text_can_be_written_and_read_again(rows: list[tuple[str, str]]) -> None:
    from tempfile import TemporaryDirectory

    from spillover.views.text import clean

    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write_workbook([made("T", "A|B", list(rows))], path)
        found = cells(reopened(path).worksheets[0])
    for row, read in zip(rows, found[1:], strict=False):
        said = ["\n".join(map(clean, text.split("\n"))) for text in row]
        assert [cell or "" for cell in read] == [text.replace("\r", "") for text in said]


def test_the_same_answer_has_the_same_cells(tmp_path: Path) -> None:
    grids = [made("One", "A", [("a",)]), made("Two", "A", [("b",)])]
    write_workbook(grids, tmp_path / "a.xlsx")
    write_workbook(grids, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_workbook_needs_a_file() -> None:
    view = listing("T", {}, (made("T", "A", []),))
    with pytest.raises(InputError, match=r"-o FILE\.xlsx"):
        deliver(view, "xlsx", None)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        write_workbook([made("T", "A", [])], tmp_path / "no" / "a.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_workbook([made("T", "A", [])], tmp_path / "folder.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.xlsx"]


def test_an_error_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    broken = Grid("T", ("A",), (("no cell",),))  # type: ignore[arg-type] # it breaks, as it should
    with pytest.raises(AttributeError):
        write_workbook([broken], path)
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["a.xlsx"]
