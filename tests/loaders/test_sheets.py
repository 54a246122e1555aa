"""Spreadsheets and Parquet files as rows of texts: what is typed is what is read."""

import datetime as dt
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.graph.stake import parse_stake
from spillover.loaders.reading.cells import FLOAT, FORMULA, LOST, Cells
from spillover.loaders.reading.files import Part, parts
from spillover.loaders.reading.sheets import is_sheets, records, sheets
from spillover.loaders.reading.text import Ragged

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MEMBERS = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a"'
    f' Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
    f'<Relationship Id="s" Type="{OFFICE}/worksheet" Target="worksheets/one.xml"/>'
    f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="/xl/texts.xml"/>'
    f'<Relationship Id="l" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
    '<sheet name="One" sheetId="1" r:id="s"/></sheets></workbook>',
    "xl/texts.xml": f"<sst {MAIN}><si><t>Alpha</t></si></sst>",
    "xl/styles.xml": f'<styleSheet {MAIN}><cellXfs><xf numFmtId="0"/><xf numFmtId="10"/>'
    '<xf numFmtId="14"/></cellXfs></styleSheet>',
}
"""The least package of which a workbook of one sheet is made."""
DAY = dt.datetime(2020, 2, 29)  # noqa: DTZ001 - a spreadsheet knows no zone


def book(folder: Path, rows: str, **members: str) -> Part:
    """A workbook whose one sheet holds these rows; other members may be replaced."""
    sheet = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    contents = MEMBERS | {"xl/worksheets/one.xml": sheet} | members
    with zipfile.ZipFile(folder / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    (part,) = parts([folder / "t.xlsx"])
    return part


def read(part: Part) -> list[list[str]]:
    """The texts of all rows of all sheets."""
    return [list(cells) for sheet in sheets(part) for _, cells in sheet.rows()]


def cells_of(part: Part) -> Cells:
    """The first row of the first sheet."""
    return next(next(sheets(part)).rows())[1]


def value(folder: Path, cell: str, **members: str) -> str:
    return cells_of(book(folder, f"<row>{cell}</row>", **members))[0]


def refused(path: Path) -> str:
    """Why a file is not read as a spreadsheet; empty when it is."""
    try:
        for part in parts([path]):
            if not is_sheets(part):
                return "no spreadsheet"
            read(part)
    except InputError as error:
        return str(error)
    return ""


# -- spreadsheets: values -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown", "text"),
    [
        (0.626, "0.0%", "62.6%"),
        (0.6262, "0%", "62.62%"),
        (0.07, "0.00%", "7%"),
        (1, "0%", "100%"),
        (0.5, '0.0%;[Red]-0.0%;"none"', "50%"),
        (49.99999999999999, "General", "49.99999999999999"),
        (62.6, '0.0"%"', "62.6"),
        (62.6, "General", "62.6"),
        (1e-7, "General", "0.0000001"),
        (60, "General", "60"),
        (1200000, "#,##0", "1200000"),
        (2.5, '"day" 0.0', "2.5"),
        (2.5, "[Magenta]0.0", "2.5"),
        (2.5, "0.0\\d", "2.5"),
        ("0123", "General", "0123"),
        ("50 %", "General", "50 %"),
        (True, "General", "TRUE"),
        (False, "General", "FALSE"),
        (dt.date(2020, 2, 29), "yyyy-mm-dd", "2020-02-29"),
        (dt.date(1900, 3, 1), "dd.mm.yyyy", "1900-03-01"),
        (dt.date(1900, 1, 31), "dd.mm.yyyy", "1900-01-31"),
        (DAY.replace(hour=12, minute=30, second=1), "yyyy-mm-dd hh:mm", "2020-02-29T12:30:01"),
        (dt.time(6, 30), "hh:mm", "06:30:00"),
        ("China\u00a0Energy 中国", "General", "China\u00a0Energy 中国"),
    ],
)
def test_what_is_typed_is_what_is_read(tmp_path: Path, typed: Any, shown: str, text: str) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"] = typed
    sheet["A1"].number_format = shown
    workbook.save(tmp_path / "t.xlsx")
    assert read(Part(tmp_path / "t.xlsx")) == [[text]]


@settings(max_examples=60, deadline=None)
@given(st.decimals(0, 100, places=6).map(lambda share: share.normalize()))
def test_a_share_of_15_digits_comes_back_to_the_unit(
    tmp_path_factory: pytest.TempPathFactory, share: Decimal
) -> None:
    """The file stores it as the nearest binary number, by 17 digits, as percent or as it is."""
    folder = tmp_path_factory.mktemp("x")
    rows = (
        f'<row><c s="1"><v>{float(share) / 100:.17g}</v></c><c><v>{float(share):.17g}</v></c></row>'
    )
    near, same = cells_of(book(folder, rows))
    assert parse_stake(same) == parse_stake(f"{share:f}")
    assert abs(parse_stake(near).low - parse_stake(f"{share:f}").low) <= 1


def test_all_kinds_of_text(tmp_path: Path) -> None:
    texts = (
        f"<sst {MAIN}><si><t xml:space='preserve'> A </t></si>"
        "<si><r><t>China </t></r><r><rPr><b/></rPr><t>Energy</t></r><rPh><t>no</t></rPh></si>"
        "<si><t>a_x000D_b_x005F_x0041_ _xD800_</t></si><si/></sst>"
    )
    rows = (
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c><c t="s"><v>3</v></c>'
        '<c t="inlineStr"><is><r><t>in </t></r><r><t>line</t></r></is></c>'
        '<c t="str"><f>A1</f><v>kept &amp; _x0041_</v></c><c t="d"><v>2020-01-02T00:00:00</v></c>'
        '<c t="b"><v>1</v></c><c/><c><v></v></c><c t="inlineStr"/></row>'
    )
    assert read(book(tmp_path, rows, **{"xl/texts.xml": texts})) == [
        [
            *(" A ", "China Energy", "a\rb_x0041_ _xD800_", "", "in line", "kept & A"),
            *("2020-01-02", "TRUE", "", "", ""),
        ]
    ]


def test_a_formula_is_its_stored_value_and_is_remarked(tmp_path: Path) -> None:
    rows = '<row><c s="1"><f>A2/A3</f><v>0.5</v></c><c t="str"><f>""</f><v></v></c></row>'
    cells = cells_of(book(tmp_path, rows))
    assert (list(cells), dict(cells.remarks), dict(cells.faults)) == (
        ["50%", ""],
        {0: FORMULA},
        {},
    )


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("<c><f>1+1</f></c>", "a formula that was never reckoned"),
        ("<c><f>1+1</f><v></v></c>", "a formula that was never reckoned"),
        ('<c t="e"><v>#REF!</v></c>', "the error #REF!"),
        ('<c t="s"><v>7</v></c>', "text number 7 is not in the file"),
        ('<c t="s"><v>-1</v></c>', "text number -1 is not in the file"),
        ("<c><v>1,5</v></c>", "'1,5' is no number"),
        ("<c><v>nan</v></c>", "'nan' is no number"),
        ("<c><v>1e999</v></c>", "'1e999' is no number"),
        ('<c t="z"><v>1</v></c>', "a cell of unknown type 'z'"),
        ('<c s="2"><v>60</v></c>', "29 February 1900 was no day"),
        ('<c s="2"><v>-1</v></c>', "day -1 is no day"),
        ('<c s="2"><v>9e99</v></c>', "is no day"),
    ],
)
def test_a_cell_without_a_value_is_a_fault_of_its_row(
    tmp_path: Path, cell: str, fault: str
) -> None:
    part = book(tmp_path, f'<row><c t="str"><v>h</v></c></row><row>{cell}</row>')
    ((position, record),) = records(part, next(sheets(part)))
    assert position == "sheet 'One' row 2"
    assert not isinstance(record, Ragged)
    assert fault in record.fault
    assert record.fault.startswith("column 'h': ")


def test_digits_that_the_program_lost_are_remarked(tmp_path: Path) -> None:
    rows = "<row><c><v>1.2345678901234567E+19</v></c><c><v>12345678901234567</v></c></row>"
    cells = cells_of(book(tmp_path, rows))
    assert list(cells) == ["12345678901234567000", "12345678901234567"]
    assert dict(cells.remarks) == {0: LOST}


@pytest.mark.parametrize("flag", ["1", "true"])
def test_the_calendar_of_1904(tmp_path: Path, flag: str) -> None:
    workbook = MEMBERS["xl/workbook.xml"].replace(
        "<sheets>", f'<workbookPr date1904="{flag}"/><sheets>'
    )
    cell = '<c s="2"><v>0</v></c>'
    assert value(tmp_path, cell, **{"xl/workbook.xml": workbook}) == "1904-01-01"


def test_a_time_that_rounds_to_midnight_is_the_next_day(tmp_path: Path) -> None:
    assert value(tmp_path, '<c s="2"><v>43831.9999999</v></c>') == "2020-01-02"


# -- spreadsheets: rows and sheets ----------------------------------------------------------------


def test_gaps_stay_gaps_and_blank_rows_are_left_out(tmp_path: Path) -> None:
    rows = (
        '<row r="2"><c r="B2"><v>1</v></c><c r="AA2"><v>2</v></c></row>'
        '<row r="3"><c t="inlineStr"><is><t> </t></is></c></row>'
        '<row r="7"><c><v>3</v></c></row><row/>'
    )
    (sheet,) = sheets(book(tmp_path, rows))
    assert [(number, list(cells)) for number, cells in sheet.rows()] == [
        (2, ["", "1", *[""] * 24, "2"]),
        (7, ["3"]),
    ]


def test_records_by_column(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["a", "a ", " b", None], [1, 2], [None, None, "x", " "], [1, 2, 3, 4]):
        sheet.append(row)
    workbook.save(tmp_path / "t.xlsx")
    part = Part(tmp_path / "t.xlsx")
    found = [record for _, record in records(part, next(sheets(part)))]
    assert found[:2] == [{"a": "1", "a.2": "2", "b": ""}, {"a": "", "a.2": "", "b": "x"}]
    assert isinstance(found[2], Ragged)
    assert (list(found[2]), found[2].width) == (["1", "2", "3", "4"], 3)


def test_all_sheets_in_order_with_the_hidden_ones_marked(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for name in ("Second", "Empty", "Third"):
        workbook.create_sheet(name)
    workbook["Second"]["A1"] = 2
    workbook["Third"]["A1"] = 3
    workbook["Third"].sheet_state = "veryHidden"
    workbook.create_chartsheet("Chart")
    workbook.save(tmp_path / "t.xlsx")
    found = sheets(Part(tmp_path / "t.xlsx"))
    assert [(one.name, one.hidden, [cells[0] for _, cells in one.rows()]) for one in found] == [
        ("Sheet", False, []),
        ("Second", False, ["2"]),
        ("Empty", False, []),
        ("Third", True, ["3"]),
    ]


def test_an_empty_sheet_has_no_header(tmp_path: Path) -> None:
    part = book(tmp_path, "<row/>")
    with pytest.raises(InputError, match="sheet 'One' is empty; expected a header row"):
        list(records(part, next(sheets(part))))


# -- spreadsheets: broken and hostile -------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ('<row r="1048577"><c><v>1</v></c></row>', "row 1048577 after row 0"),
        ('<row r="2"/><row r="2"/>', "row 2 after row 2"),
        ('<row r="999999999999999999999"/>', "after row 0; save the file anew"),
        ('<row r="x"/>', "row x after row 0"),
        ('<row><c r="XFE1"><v>1</v></c></row>', "cell 'XFE1' after column 0"),
        ('<row><c r="B1"/><c r="A1"/></row>', "cell 'A1' after column 2"),
        ('<row><c r="1A"/></row>', "cell '1A' after column 0"),
        ("<row><c><v>1</v>", "cut off or no well-formed XML"),
    ],
)
def test_cells_where_none_can_be_are_refused(tmp_path: Path, rows: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read(book(tmp_path, rows))


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"xl/workbook.xml": f"<workbook {MAIN}/>"}, "a workbook without sheets"),
        ({"xl/workbook.xml": "<other/>"}, r"xl/workbook.xml is no workbook"),
        ({"_rels/.rels": f'<Relationships xmlns="{PACKAGE}"/>'}, "no workbook in it"),
        (
            {"_rels/.rels": MEMBERS["_rels/.rels"].replace("workbook.xml", "workbook.bin")},
            "a binary workbook; save it as XLSX or CSV",
        ),
        (
            {"_rels/.rels": MEMBERS["_rels/.rels"].replace("xl/w", "xl/none/w")},
            "no xl/none/workbook.xml in it; is it a whole workbook",
        ),
        (
            {"docProps/app.xml": '<?xml version="1.0"?><!DOCTYPE x []><x/>'},
            r"docProps/app.xml has a document type \(DOCTYPE\), which none needs; refused",
        ),
        (
            {"xl/texts.xml": '<!DOCTYPE sst [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>'},
            "has a document type",
        ),
        (
            {"xl/theme/theme1.xml": "<!DocType x><x/>"},
            "has a document type",
        ),
    ],
)
def test_a_package_that_is_no_honest_workbook_is_refused(
    tmp_path: Path, members: dict[str, str], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        read(book(tmp_path, '<row><c t="s"><v>0</v></c></row>', **members))


def test_a_doctype_in_utf_16_is_seen(tmp_path: Path) -> None:
    part = book(tmp_path, "<row/>")
    with zipfile.ZipFile(part.path, "a") as archive:
        text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x []><x/>'
        archive.writestr("customXml/item1.xml", text.encode("utf-16"))
    with pytest.raises(InputError, match="has a document type"):
        read(part)


def test_external_data_is_not_fetched(tmp_path: Path) -> None:
    rels = MEMBERS["xl/_rels/workbook.xml.rels"].replace(
        'Target="worksheets/one.xml"', 'Target="http://127.0.0.1:9/one.xml" TargetMode="External"'
    )
    assert read(book(tmp_path, "<row/>", **{"xl/_rels/workbook.xml.rels": rels})) == []


def test_an_archive_that_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with pytest.raises(InputError, match="an archive, and no spreadsheet; unpack it"):
        read(Part(tmp_path / "t.xlsx"))


def test_limits_of_members_texts_and_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = book(tmp_path, '<row><c t="s"><v>0</v></c></row>')
    for name, limit, words in (
        ("CELL_LIMIT", 4, "a cell is longer than 4 characters"),
        ("TEXTS_LIMIT", 4, "texts of more than 0 MiB"),
        ("_MEMBERS_LIMIT", 6, "more than 6 members; save it anew"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(f"spillover.loaders.reading.xlsx.{name}", limit)
            with pytest.raises(InputError, match=words):
                read(part)
    assert read(part) == [["Alpha"]]


def test_a_file_that_is_gone_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read \(No such file"):
        is_sheets(Part(tmp_path / "none.xlsx"))


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    """20 MiB of spaces pack to some 20 kB: more than 200 times that, and 8 MiB."""
    with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
        read(book(tmp_path, "<row/>" + " " * 20 * 1024 * 1024))


def test_every_cut_is_refused_in_words(tmp_path: Path) -> None:
    whole = book(tmp_path, '<row><c t="s"><v>0</v></c></row>').path.read_bytes()
    for end in range(len(whole)):
        cut = tmp_path / "cut.xlsx"
        cut.write_bytes(whole[:end])
        assert refused(cut)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_changed_byte_is_read_or_refused_and_never_more(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("x")
    whole = bytearray(book(folder, '<row><c t="s" s="1"><v>0</v></c></row>').path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (folder / "t.xlsx").write_bytes(whole)
    assert "\n" not in refused(folder / "t.xlsx")


# -- Parquet --------------------------------------------------------------------------------------


def parquet(folder: Path, **columns: pa.Array) -> Part:
    pq.write_table(pa.table(columns), folder / "t.parquet", row_group_size=2)
    return Part(folder / "t.parquet")


def test_parquet_columns_come_out_exact(tmp_path: Path) -> None:
    part = parquet(
        tmp_path,
        text=pa.array(["a", None, "中国"]),
        packed=pa.array(["x", "x", "y"]).dictionary_encode(),
        whole=pa.array([2**62, None, -1]),
        exact=pa.array([Decimal("62.60"), Decimal("0.01"), None], pa.decimal128(20, 2)),
        binary=pa.array([62.6, 0.1, None], pa.float64()),
        true=pa.array([True, False, None]),
        day=pa.array([dt.date(2020, 2, 29), None, None]),
        moment=pa.array([DAY, DAY.replace(hour=3, minute=4), None]),
    )
    (sheet,) = sheets(part)
    rows = list(sheet.rows())
    assert (sheet.name, sheet.hidden) == ("table", False)
    assert [(number, list(cells)) for number, cells in rows] == [
        (1, ["text", "packed", "whole", "exact", "binary", "true", "day", "moment"]),
        (2, ["a", "x", "4611686018427387904", "62.6", "62.6", "TRUE", "2020-02-29", "2020-02-29"]),
        (3, ["", "x", "", "0.01", "0.1", "FALSE", "", "2020-02-29T03:04:00"]),
        (4, ["中国", "y", "-1", "", "", "", "", ""]),
    ]
    first = rows[1][1]
    assert (set(first.numbers), dict(first.remarks)) == ({2, 3, 4}, {4: FLOAT})


def test_a_parquet_float_that_is_no_number_is_empty(tmp_path: Path) -> None:
    part = parquet(tmp_path, a=pa.array([float("nan"), float("inf")]), b=pa.array(["x", "x"]))
    assert read(part)[1:] == [["", "x"], ["inf", "x"]]


def test_a_nested_column_is_refused(tmp_path: Path) -> None:
    part = parquet(tmp_path, a=pa.array([[1, 2]]))
    with pytest.raises(InputError, match="row 2: a list is no text, number or date"):
        read(part)


def test_a_cut_parquet_file_is_refused(tmp_path: Path) -> None:
    part = parquet(tmp_path, a=pa.array(["x"] * 5))
    whole = part.path.read_bytes()
    for end in range(4, len(whole)):
        part.path.write_bytes(whole[:end])
        with pytest.raises(InputError, match=r"broken or cut-off Parquet .*; fetch it again"):
            read(part)


@pytest.mark.parametrize(
    ("name", "limit", "words"),
    [
        ("_GROUP_LIMIT", 8, "a group of rows of more than 0 MiB; write smaller groups"),
        ("COLUMNS_LIMIT", 1, "more than 1 columns"),
        ("CELL_LIMIT", 2, "row 2: a cell is longer than 2 characters"),
    ],
)
def test_limits_of_a_parquet_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, name: str, limit: int, words: str
) -> None:
    part = parquet(tmp_path, a=pa.array(["abc"]), b=pa.array([1]))
    monkeypatch.setattr(f"spillover.loaders.reading.parquet.{name}", limit)
    with pytest.raises(InputError, match=words):
        read(part)


def test_without_pyarrow_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = parquet(tmp_path, a=pa.array(["x"]))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"install the extra that has it: spillover\[parquet\]"):
        read(part)


def test_a_parquet_bomb_is_refused(tmp_path: Path) -> None:
    """A column of 64 MiB of one text, packed: some kilobytes."""
    column = pa.array(["x" * 1024] * 65536)
    pq.write_table(
        pa.table({"a": column}), tmp_path / "t", compression="zstd", use_dictionary=False
    )
    with pytest.raises(InputError, match="unpacks to more than 200 times its size; refused"):
        read(Part(tmp_path / "t"))


@pytest.mark.parametrize(
    ("head", "expected"),
    [(b"PK\x03\x04", True), (b"PAR1", True), (b"owne", False), (b"", False)],
)
def test_sheets_are_known_by_their_first_bytes(tmp_path: Path, head: bytes, expected: bool) -> None:
    (tmp_path / "t").write_bytes(head)
    assert is_sheets(Part(tmp_path / "t")) is expected
    assert not is_sheets(Part(tmp_path / "t", "member"))
