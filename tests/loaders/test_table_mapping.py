"""A user's tables in spreadsheets and Parquet, and columns with foreign names."""

from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from spillover.graph.errors import InputError
from spillover.graph.schema import Relation
from spillover.graph.stake import Stake, parse_stake
from spillover.loaders.context import Options
from spillover.loaders.run import Report, run
from tests.graph.small import content

DATA = Path(__file__).parents[1] / "data" / "table_mapping"
Rows = list[list[object]]
STAKES: Rows = [["Owner", "Asset", "Stake"], ["A", "B", 0.626]]


def workbook(path: Path, **sheets: Rows) -> Path:
    """A workbook of these sheets; numbers below 1 are shown as percent."""
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell.value, float) and cell.value < 1:
                    cell.number_format = "0.0%"
    book.save(path)
    return path


def mapping(folder: Path, text: str) -> Options:
    (folder / "map.yml").write_text(text, encoding="utf-8")
    return Options(mapping=folder / "map.yml")


def relations(graph: Path) -> list[Relation]:
    return [relation for relation, _ in content(graph)[2]]


def notes(report: Report) -> dict[str, list[str]]:
    """What was signalled, with the keys."""
    found: dict[str, list[str]] = {}
    for audit in report.audits:
        found.setdefault(audit.what, []).append(audit.key)
    return found


# -- spreadsheets ---------------------------------------------------------------------------------


def test_a_percent_cell_is_the_share_that_is_shown(tmp_path: Path) -> None:
    report = run(tmp_path / "g", "table", [workbook(tmp_path / "t.xlsx", Stakes=STAKES)])
    (relation,) = relations(tmp_path / "g")
    assert (relation.stake_text, relation.stake) == ("62.6%", parse_stake("62.6"))
    assert relation.evidence.record == "t.xlsx:Stakes:2"
    assert report.tally == (1, 1, 0, 0, 0)


def test_all_sheets_that_are_tables_are_read_and_the_others_named(tmp_path: Path) -> None:
    """Entities stand last and name the owner of the first sheet."""
    file = workbook(
        tmp_path / "t.xlsx",
        About=[["Our holdings, as of May"]],
        Stakes=STAKES,
        Blank=[],
        Links=[["source", "kind", "target", "role"], ["A", "DIRECTS", "B", "chair"]],
        Firms=[["id", "name", "schema"], ["e:1", "A", "Company"]],
    )
    report = run(tmp_path / "g", "table", [file])
    assert [(r.kind, r.source, r.target) for r in relations(tmp_path / "g")] == [
        ("OWNS", "e:1", "name:b"),
        ("DIRECTS", "e:1", "name:b"),
    ]
    assert report.tally == (3, 3, 0, 0, 0)
    assert notes(report)["sheet left out"] == ["t.xlsx: About", "t.xlsx: Blank"]


def test_a_hidden_sheet_is_left_out_by_name(tmp_path: Path) -> None:
    file = workbook(tmp_path / "t.xlsx", Old=STAKES, New=[STAKES[0], ["A", "C", 0.5]])
    book = openpyxl.load_workbook(file)
    book["Old"].sheet_state = "hidden"
    book.save(file)
    report = run(tmp_path / "g", "table", [file])
    assert [r.target for r in relations(tmp_path / "g")] == ["name:c"]
    (audit,) = (one for one in report.audits if one.what == "sheet left out")
    assert audit.example == "sheet 'Old' is hidden; unhide it to load it"


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"One": [["a", "b"]], "Two": []}, "sheet 'One': columns a, b make no known table"),
        ({"One": []}, "sheet 'One' is empty"),
        ({"One": [["owner", "asset", "stake", "colour"]]}, "unknown column 'colour' in a table of"),
        ({"One": [["owner", "asset", "stake", None, "x"]]}, "unknown column '', 'x' in a table of"),
        (
            {"One": [*STAKES, ["A", "C", 1, "?"]]},
            "sheet 'One' row 3: 4 cells where the header has 3",
        ),
        ({"One": [*STAKES, ["A", "C", "=1+1"]]}, "row 3: column 'stake': a formula that was never"),
        ({"One": [["=1+1", "asset", "stake"]]}, "a formula that was never .* in its header"),
    ],
)
def test_what_cannot_be_read_refuses_the_workbook(
    tmp_path: Path, sheets: dict[str, Rows], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        run(tmp_path / "g", "table", [workbook(tmp_path / "t.xlsx", **sheets)])


def test_parquet_shares_are_exact_and_binary_ones_are_remarked(tmp_path: Path) -> None:
    columns = {"owner": ["A", "B"], "asset": ["C", "C"], "stake": [62.6, 0.1 + 0.2]}
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    report = run(tmp_path / "g", "table", [tmp_path / "t.parquet"])
    assert [r.stake_text for r in relations(tmp_path / "g")] == ["62.6", "0.30000000000000004"]
    assert relations(tmp_path / "g")[1].stake == Stake(300_000, 300_001)
    assert notes(report)["shortest text of a binary number"] == ["stake"]


# -- foreign columns ------------------------------------------------------------------------------


def test_a_mapping_says_which_column_is_which(tmp_path: Path) -> None:
    """50,5 is a half and a bit; "mehr" is no share; an empty cell is an unknown one."""
    options = Options(mapping=DATA / "foreign.yml", tolerance=0.5)
    report = run(tmp_path / "g", "table", [DATA / "foreign.csv"], options=options)
    assert [
        (r.source, r.target, r.stake_text, r.stake, r.basis) for r in relations(tmp_path / "g")
    ] == [
        ("name:gamma-ltd", "name:beta-ag", "50,5", parse_stake("50.5"), "votes"),
        ("name:gamma-ltd", "name:epsilon-se", "", None, "votes"),
    ]
    assert report.tally == (3, 2, 0, 0, 1)
    assert "'mehr' is no share" in report.quarantined[0].reason
    assert notes(report)["column left out by the mapping"] == ["comment", "nr"]


def test_the_same_list_as_a_sheet_says_the_same(tmp_path: Path) -> None:
    """A number in a cell has a point whatever the decimal sign of texts is."""
    rows: Rows = [["Nr", "Shareholder", "Company", "%  HELD", "Comment"]]
    rows += [[1, "Gamma Ltd", "Beta AG", 50.5], [2, "X", "Beta AG", "12,5"], [3, "Y", "Z", 0.25]]
    options = Options(mapping=DATA / "foreign.yml")
    run(tmp_path / "g", "table", [workbook(tmp_path / "t.xlsx", L=rows)], options=options)
    assert [r.stake for r in relations(tmp_path / "g")] == [
        parse_stake("50.5"),
        parse_stake("12.5"),
        parse_stake("25"),
    ]


@pytest.mark.parametrize(
    ("cell", "stake"),
    [("0.626", "62.6"), ("1", "100"), ("1/3", "1/3"), ("", None), ("more than 0.25", ">25")],
)
def test_shares_that_are_proportions(tmp_path: Path, cell: str, stake: str | None) -> None:
    (tmp_path / "t.csv").write_text(f"a,b,c\nA,B,{cell}\n")
    said = "shape: stakes\ncolumns: {owner: a, asset: b, stake: c}\nscale: proportion\n"
    run(tmp_path / "g", "table", [tmp_path / "t.csv"], options=mapping(tmp_path, said))
    (relation,) = relations(tmp_path / "g")
    assert relation.stake == (None if stake is None else parse_stake(stake))


def test_a_percent_cell_among_proportions_is_percent(tmp_path: Path) -> None:
    rows: Rows = [["a", "b", "c"], ["A", "B", 0.5], ["A", "C", 1]]
    said = "shape: stakes\ncolumns: {owner: a, asset: b, stake: c}\nscale: proportion\n"
    file = workbook(tmp_path / "t.xlsx", One=rows)
    run(tmp_path / "g", "table", [file], options=mapping(tmp_path, said))
    assert [r.stake for r in relations(tmp_path / "g")] == [parse_stake("50"), parse_stake("100")]


def test_a_percent_sign_in_text_among_proportions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\nA,B,50%\n")
    said = "shape: stakes\ncolumns: {owner: a, asset: b, stake: c}\nscale: proportion\n"
    with pytest.raises(InputError, match="a percent sign among proportions"):
        run(tmp_path / "g", "table", [tmp_path / "t.csv"], options=mapping(tmp_path, said))


def test_other_tables_keep_their_own_columns(tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("id,name,schema\ne:1,Gamma Ltd,Company\n")
    (tmp_path / "t.csv").write_text("Shareholder,Company,% held\nGamma Ltd,Beta,1\n")
    options = Options(mapping=DATA / "foreign.yml")
    run(tmp_path / "g", "table", [tmp_path / "t.csv", tmp_path / "firms.csv"], options=options)
    assert [(r.source, r.basis) for r in relations(tmp_path / "g")] == [("e:1", "votes")]


def test_every_other_column_may_be_left_out_and_known_ones_are_kept(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a|asset|note|x|y\nA|B|said so|1|2\n")
    said = (
        "shape: supply\ncolumns: {supplier: a, customer: asset}\n"
        "constants: {product: chips, share: '5'}\nignore: ['*']\ndelimiter: '|'\n"
    )
    run(tmp_path / "g", "table", [tmp_path / "t.csv"], options=mapping(tmp_path, said))
    (relation,) = relations(tmp_path / "g")
    assert (relation.kind, relation.stake_text, relation.evidence.note) == (
        "SUPPLIES",
        "5",
        "said so",
    )
    assert dict(relation.properties) == {"product": ("chips",)}


def test_one_sheet_may_be_named_and_an_encoding_said(tmp_path: Path) -> None:
    rows: Rows = [["a", "b", "c"], ["A", "B", 1]]
    file = workbook(tmp_path / "t.xlsx", One=rows, Two=[rows[0], ["A", "C", 2]])
    said = "shape: stakes\ncolumns: {owner: a, asset: b, stake: c}\nsheet: Two\nencoding: cp1252\n"
    (tmp_path / "t.csv").write_bytes("a,b,c\nCafé,B,1\n".encode("cp1252"))
    options = mapping(tmp_path, said)
    report = run(tmp_path / "g", "table", [file, tmp_path / "t.csv"], options=options)
    assert [r.source for r in relations(tmp_path / "g")] == ["name:a", "name:café"]
    assert notes(report)["sheet left out"] == ["t.xlsx: One"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("shape: [", "no YAML that can be read"),
        ("- 1\n", "the file: Input should be a valid dictionary"),
        ("", "the file: Input should be"),
        ("columns: {owner: a}\n", "shape: Field required; a mapping says: shape, columns"),
        ("shape: stakes\ncolour: red\n", "colour: Extra inputs are not permitted"),
        ("shape: stakes\ncolumns: {owner: 1}\n", "columns.owner: Input should be a valid string"),
        ("shape: stakes\ndecimal: '''\n", "no YAML that can be read"),
        ("shape: stakes\ndecimal: ';'\n", "decimal: Input should be '.' or ','"),
        ("shape: holdings\n", "unknown shape 'holdings'; known: stakes, entities"),
        ("shape: stakes\ncolumns: {colour: a}\n", "'colour' is no column of stakes; known: owner"),
        ("shape: stakes\nconstants: {x: a}\n", "'x' is no column of stakes"),
        (
            "shape: stakes\ncolumns: {owner: a}\nconstants: {owner: b}\n",
            "owner is both a column and a constant; say one",
        ),
        (
            "shape: stakes\ncolumns: {owner: a, asset: A}\n",
            "one column of the file stands for two of ours; say one",
        ),
        ("shape: stakes\ncolumns: {owner: Z}\n", "no known table, and have no 'Z' of the mapping"),
        ("shape: stakes\ncolumns: {owner: a}\n", "unknown column 'b', 'c' in a table of stakes"),
        (
            "shape: stakes\ncolumns: {owner: a}\nignore: [b, c]\n",
            "no column 'asset', 'stake' in a table of stakes",
        ),
        (
            "shape: stakes\ncolumns: {owner: a, asset: b}\nignore: [c, owner]\n",
            "no column 'stake' in a table of stakes",
        ),
        ("a: &a [*a]\n", "shape: Field required"),
    ],
)
def test_a_mapping_that_cannot_be_followed_is_refused(
    tmp_path: Path, said: str, words: str
) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\nA,B,1\n")
    with pytest.raises(InputError, match=words) as caught:
        run(tmp_path / "g", "table", [tmp_path / "t.csv"], options=mapping(tmp_path, said))
    assert "\n" not in str(caught.value)


def test_a_mapping_that_no_table_follows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("owner,asset,stake\nA,B,1\n")
    options = mapping(tmp_path, "shape: stakes\ncolumns: {owner: Z}\n")
    with pytest.raises(InputError, match=r"map.yml: no table has all of the columns 'Z'"):
        run(tmp_path / "g", "table", [tmp_path / "t.csv"], options=options)


def test_a_mapping_that_is_not_there_or_too_large(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b,c\nA,B,1\n")
    none, large = Options(mapping=tmp_path / "none"), mapping(tmp_path, "#" * 2**20 + "\n")
    with pytest.raises(InputError, match=r"none: cannot be read \(No such file"):
        run(tmp_path / "g", "table", [tmp_path / "t.csv"], options=none)
    with pytest.raises(InputError, match="larger than 1 MiB; is it a mapping"):
        run(tmp_path / "g", "table", [tmp_path / "t.csv"], options=large)


def test_a_column_of_ours_beside_a_mapped_one_is_there_twice(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,owner,asset,stake\nA,X,B,1\n")
    said = "shape: stakes\ncolumns: {owner: a}\n"
    with pytest.raises(InputError, match=r"\['owner'\] twice in a table of stakes"):
        run(tmp_path / "g", "table", [tmp_path / "t.csv"], options=mapping(tmp_path, said))
    options = mapping(tmp_path, said + "ignore: [owner]\n")
    run(tmp_path / "g", "table", [tmp_path / "t.csv"], options=options)
    assert [r.source for r in relations(tmp_path / "g")] == ["name:a"]
