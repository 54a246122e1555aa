"""A text file is cut into lines, rows and records within limits, or refused in one line."""

import contextlib
import csv
import gzip
import io
import pkgutil
from encodings import __path__ as encodings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import (
    CELL_LIMIT,
    LINE_LIMIT,
    CutOff,
    Ragged,
    ended,
    lines,
    records,
    rows,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def read_lines(file: Path, data: bytes) -> list[bytes]:
    file.write_bytes(data)
    return [line for _, line in lines(Part(file))]


def read_rows(file: Path, data: bytes, encoding: str = "utf-8") -> list[list[str]]:
    file.write_bytes(data)
    return [cells for _, cells in rows(Part(file), encoding)]


def read_records(file: Path, data: bytes, **said: object) -> list[tuple[str, object]]:
    file.write_bytes(data)
    return list(records(Part(file), **said))  # type: ignore[arg-type] # as the test says


TABLE = b"owner,asset\nA,B\n"
READ = [["owner", "asset"], ["A", "B"]]


@pytest.mark.parametrize(
    "data",
    [
        b"one\ntwo\n",
        b"one\ntwo",
        b"one\r\ntwo\r\n",
        b"\xef\xbb\xbfone\ntwo\n",
        b"one\ntwo\n\x1a",
        b"one\ntwo\x1a",
        b"one\n\n  \ntwo\n\n",
        gzip.compress(b"one\ntwo\n"),
        gzip.compress(b"one\n") + gzip.compress(b"two\n"),
        gzip.compress(b"one\ntwo\n") + b"\0" * 512,  # tapes and tools pad with zeros
    ],
)
def test_lines_end_as_any_system_ends_them(file: Path, data: bytes) -> None:
    assert read_lines(file, data) == [b"one", b"two"]


def test_lines_keep_their_numbers(file: Path) -> None:
    file.write_bytes(b"\none\n\ntwo")
    assert list(lines(Part(file))) == [(2, b"one"), (4, b"two")]


def test_endless_blank_lines_are_refused(file: Path) -> None:
    for read in (read_lines, read_rows):
        with pytest.raises(InputError, match="ends 1,000,000 blank lines"):
            read(file, b"a,b\n" + b"\n" * 1_100_000)


def test_a_line_may_be_16_mib_long(file: Path) -> None:
    assert LINE_LIMIT == 16 * 2**20
    assert len(read_lines(file, b"x" * (LINE_LIMIT - 1) + b"\n")[0]) == LINE_LIMIT - 1
    with pytest.raises(InputError, match="line 2 is longer than 16 MiB"):
        read_lines(file, b"one\n" + b"x" * (LINE_LIMIT + 1))
    with pytest.raises(InputError, match="line 2 is longer than 16 MiB"):
        read_rows(file, b"a,b\n" + b"x," * (LINE_LIMIT // 2 + 1))


@pytest.mark.parametrize(
    "data",
    [
        TABLE,
        b"\xef\xbb\xbf" + TABLE,
        TABLE.replace(b"\n", b"\r\n"),
        TABLE.replace(b"\n", b"\r"),
        TABLE + b"\x1a",
        TABLE + b"\x1a\r\n",
        TABLE.rstrip() + b"\x1a",
        b"\n\n".join(TABLE.split(b"\n")),
        TABLE + b" , \n,\n",
        TABLE.replace(b",", b"\t"),
        TABLE.replace(b",", b";"),
        b'"owner","asset"\n"A","B"\n',
        gzip.compress(TABLE),
    ],
)
def test_a_table_in_all_its_dialects(file: Path, data: bytes) -> None:
    assert read_rows(file, data) == READ


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        (b"a\tb,c", ["a", "b,c"]),
        (b"a\tb,c,d,e", ["a", "b,c,d,e"]),
        (b"a,b;c", ["a", "b;c"]),
        (b"a;b", ["a", "b"]),
        (b"a;b,c;d", ["a", "b,c", "d"]),
        (b"a;share, in %;from;to", ["a", "share, in %", "from", "to"]),
        (b"a,b;c,d", ["a", "b;c", "d"]),
        (b'"a;b;c",d', ["a;b;c", "d"]),
        (b'"a,b,c";d', ["a,b,c", "d"]),
        (b'"a\tb",c', ["a\tb", "c"]),
        (b'"he said ""a;b;c""",d', ['he said "a;b;c"', "d"]),
        (b"a", ["a"]),
    ],
)
@pytest.mark.parametrize("before", [b"", b"\n", b"\r\n  \r\n"])
def test_the_header_decides_on_the_delimiter(
    file: Path, head: bytes, columns: list[str], before: bytes
) -> None:
    """A tab, or the sign of comma and semicolon that it has most often outside quotes."""
    assert read_rows(file, before + head + b"\n")[0] == columns


def test_a_delimiter_can_be_given(file: Path) -> None:
    file.write_bytes(b"a|b;c\n1,2|3;4\n")
    assert [cells for _, cells in rows(Part(file), delimiter="|")] == [["a", "b;c"], ["1,2", "3;4"]]


def test_the_header_below_a_title_decides(file: Path) -> None:
    """What stands above it is prose, and has commas."""
    data = b"List of firms, persons, and ships\n\nid;name\n1;A, B and C\n"
    assert read_records(file, data, skip=1) == [("line 4", {"id": "1", "name": "A, B and C"})]


def test_quoted_cells_may_hold_anything_but_nul(file: Path) -> None:
    assert read_rows(file, b'a,b\n"x, ""y""\nz",=1+1\n') == [
        ["a", "b"],
        ['x, "y"\nz', "=1+1"],
    ]
    for data in (b"a,b\nx,\x00\n", b"a,\x00b\nx,y\n"):
        with pytest.raises(InputError, match="a NUL character in line"):
            read_rows(file, data)


@pytest.mark.parametrize("more", [10, 100_000, 1_000_000])
def test_an_unclosed_quote_is_refused_and_makes_no_giant_row(file: Path, more: int) -> None:
    """Python's csv module alone gives one row for all that follows the quote."""
    with pytest.raises(InputError, match=r"after line 2: .*check the quotes"):
        read_rows(file, b'a,b\n1,2\n3,"4\n' + b"5,6\n" * more)


@pytest.mark.parametrize("row", [b'"x"y,1', b'x,"y" z'])
def test_text_after_a_closing_quote_is_refused(file: Path, row: bytes) -> None:
    with pytest.raises(InputError, match=r"after line 1: .*check the quotes"):
        read_rows(file, b"a,b\n" + row + b"\n")


def test_a_cell_may_be_a_million_characters_long(file: Path) -> None:
    assert len(read_rows(file, b"a,b\n1," + b"x" * CELL_LIMIT)[1][1]) == CELL_LIMIT
    with pytest.raises(InputError, match="field larger than field limit"):
        read_rows(file, b"a,b\n1," + b"x" * (CELL_LIMIT + 1))


def test_a_wrong_encoding_is_one_clear_line(file: Path) -> None:
    data = "owner,asset\nCafé,B\n".encode("cp1252")
    with pytest.raises(InputError) as caught:
        read_rows(file, data)
    assert str(caught.value) == (
        f"{file}: after line 0: byte 0xe9 is not utf-8; save it as UTF-8 or name its encoding"
        " with --encoding"
    )
    assert read_rows(file, data, "cp1252")[1][0] == "Café"
    with pytest.raises(InputError, match="byte 0xff is not utf-8"):
        read_rows(file, TABLE.decode().encode("utf-16"))
    assert read_rows(file, TABLE.decode().encode("utf-16"), "utf-16") == READ
    with pytest.raises(InputError, match="is not utf-16"):
        read_rows(file, TABLE[:-1], "utf-16")


@pytest.mark.parametrize("name", ["UTF8", "utf_8", "U8", "utf-8-sig"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(file: Path, name: str) -> None:
    assert read_rows(file, b"\xef\xbb\xbf" + TABLE, name) == READ


@pytest.mark.parametrize("name", ["klingon", "hex", "rot13", "undefined", "a\0b", ""])
def test_an_encoding_that_is_none_is_refused(file: Path, name: str) -> None:
    with pytest.raises(InputError, match="is no text encoding that Python knows"):
        read_rows(file, TABLE, name)


def test_every_encoding_that_python_knows_reads_or_refuses(file: Path) -> None:
    file.write_bytes("owner,asset\nCafé 中国,B\n".encode() + bytes(range(128, 256)))
    names = [module.name for module in pkgutil.iter_modules(encodings)]
    assert len(names) > 100
    for name in names:
        with contextlib.suppress(InputError, DeprecationWarning):  # of escapes that are none
            for _, cells in rows(Part(file), name):
                assert cells


def test_a_mark_of_the_end_counts_only_there(file: Path) -> None:
    """0x1A ends a text of CP/M; inside, it is a character like others."""
    for end in (b"\x1a", b"\x1a\x1a", b"\n\x1a", b"\x1a\r\n", b"\x1a\n"):
        assert read_rows(file, TABLE.rstrip() + end) == READ
    assert read_rows(file, b'a,b\n"x\x1a\ny",z\x1a\n1,2\n') == [
        ["a", "b"],
        ["x\x1a\ny", "z\x1a"],
        ["1", "2"],
    ]
    assert read_rows(file, TABLE + b"\x1a\n" + b"C,D\n") == [*READ, ["C", "D"]]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_blank_lines_in_a_cell_are_kept(file: Path, end: bytes) -> None:
    data = b'a,b\n"x\n\n  \n\ny",z\n'.replace(b"\n", end)
    assert read_rows(file, data)[1] == [data.decode().split('"')[1], "z"]


def test_a_row_may_have_a_hundred_thousand_cells(file: Path) -> None:
    file.write_bytes(b"a," * 99_999 + b"b\n")
    assert [len(cells) for _, cells in rows(Part(file))] == [100_000]
    for data in (b"a," * 300_000, b'"a\n",' * 300_000):
        with pytest.raises(InputError, match="a row of more than 100,000 cells; check the quotes"):
            read_rows(file, data)


def test_many_rows_are_no_long_row(file: Path) -> None:
    assert len(read_rows(file, b"1,2\n" * 300_000)) == 300_000


# -- records ------------------------------------------------------------------------------------


def test_records_are_rows_by_column(file: Path) -> None:
    data = b'\xef\xbb\xbf id , name\r\n\r\n 1 , A \r\n2,"B, C"\r\n\x1a'
    assert read_records(file, data) == [
        ("line 3", {"id": "1", "name": "A"}),
        ("line 4", {"id": "2", "name": "B, C"}),
    ]


def test_a_column_that_stands_twice_is_numbered(file: Path) -> None:
    data = b"name,name, name ,,,x\n1,2,3,4,5,6\n"
    assert read_records(file, data) == [
        ("line 2", {"name": "1", "name.2": "2", "name.3": "3", "": "4", ".2": "5", "x": "6"})
    ]


def test_a_file_without_a_header_is_given_one(file: Path) -> None:
    assert read_records(file, b"1,A\n2,B\n", columns=("id", "name")) == [
        ("line 1", {"id": "1", "name": "A"}),
        ("line 2", {"id": "2", "name": "B"}),
    ]
    assert read_records(file, b"title\n1,A\n", columns=("id", "name"), skip=1) == [
        ("line 2", {"id": "1", "name": "A"})
    ]
    assert read_records(file, b"", columns=("id", "name")) == []


def test_rows_before_the_header_are_left_out(file: Path) -> None:
    data = b'Last updated, 1 March\n\n"a note\nin two lines"\nid,name\n1,A\n'
    assert read_records(file, data, skip=2) == [("line 6", {"id": "1", "name": "A"})]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\x1a", b" , ,\n"])
def test_a_table_without_a_header_is_refused(file: Path, data: bytes) -> None:
    with pytest.raises(InputError, match="empty; expected a header row"):
        read_records(file, data)
    with pytest.raises(InputError, match="empty; expected a header row"):
        read_records(file, b"only a title\n", skip=1)


def test_a_row_of_another_width_is_ragged(file: Path) -> None:
    """Nobody can know which cell is whose; only the last row can have been cut off."""
    found = read_records(file, b"a,b,c\n1,2,3,4\n1,2\n1,2,3\n1,2,3,4\n")
    assert [(position, type(record)) for position, record in found] == [
        ("line 2", Ragged),
        ("line 3", Ragged),
        ("line 4", dict),
        ("line 5", Ragged),
    ]
    ragged = found[0][1]
    assert isinstance(ragged, Ragged)
    assert (ragged, ragged.width) == (["1", "2", "3", "4"], 3)


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n", b"\x1a"])
def test_a_short_last_row_is_cut_off(file: Path, end: bytes) -> None:
    (_, whole), (position, cut) = read_records(file, b"a,b,c\n1,2,3\n4,5" + end)
    assert whole == {"a": "1", "b": "2", "c": "3"}
    assert isinstance(cut, CutOff)
    assert (position, cut, cut.width) == ("line 3", ["4", "5"], 3)


@pytest.mark.parametrize("last", [b'4,"5', b'4,"5,6', b'4,5,"', b'"'])
def test_a_quote_that_opens_in_the_last_row_is_cut_off(file: Path, last: bytes) -> None:
    *_, (position, cut) = read_records(file, b"a,b,c\n1,2,3\n" + last)
    assert isinstance(cut, CutOff)
    assert (position, cut) == ("line 3", [last.decode()])


def test_a_quote_that_opens_before_the_last_row_refuses_the_table(file: Path) -> None:
    with pytest.raises(InputError, match=r"after line 2: .*check the quotes"):
        read_records(file, b'a,b,c\n1,2,3\n4,5,"6\n7,8,9\n')


def test_a_table_cut_at_any_byte_gives_whole_rows_and_at_most_one_cut_off(file: Path) -> None:
    """The last cell may be shorter: nothing shows that. Every other row is as it was."""
    data = 'id,name,note\n1,"A, ""x""",é\n2,B,\n3,"C\nD",中国\n'.encode()
    whole = [record for _, record in read_records(file, data)]
    for at in range(14, len(data)):
        try:
            *found, (_, last) = read_records(file, data[:at])
        except InputError:  # in the middle of a character, or of a cell over two lines
            continue
        assert [record for _, record in found] == whole[: len(found)]
        if isinstance(last, dict):
            last_whole = whole[len(found)]
            assert isinstance(last_whole, dict)
            assert list(last.items())[:-1] == list(last_whole.items())[:-1]
            assert last_whole["note"].startswith(last["note"])
        else:
            assert isinstance(last, CutOff)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\x1a", b""])
def test_a_source_that_ends_every_line_shows_that_its_last_is_whole(file: Path, end: bytes) -> None:
    file.write_bytes(b"id,share\n1,50\n2,25" + end)
    part = Part(file)
    *first, (position, last) = ended(part, records(part))
    assert first == [("line 2", {"id": "1", "share": "50"})]
    if end:
        assert (position, last) == ("line 3", {"id": "2", "share": "25"})
    else:
        assert isinstance(last, CutOff)
        assert (position, last, last.width) == ("line 3", ["2", "25"], 2)


def test_nothing_ends_as_nothing(file: Path) -> None:
    file.write_bytes(b"id,share")
    assert list(ended(Part(file), records(Part(file)))) == []


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)
ENDS = ["\n", "\r\n", "\r"]


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 5))
    row = st.lists(CELLS, min_size=width, max_size=width)
    return [[f"c{n}" for n in range(width)], *draw(st.lists(row, max_size=5))]


@given(tables(), st.sampled_from([",", ";", "\t", "|"]), st.sampled_from(ENDS))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, table: list[list[str]], sign: str, end: str
) -> None:
    """Every cell comes back as it was, but for space around it; blank rows are left out."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=sign, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(table)
    file = tmp_path_factory.mktemp("csv") / "t.csv"
    file.write_bytes(text.getvalue().encode())
    head, *body = table
    expected = [
        dict(zip(head, (cell.strip() for cell in row), strict=True))
        for row in body
        if any(cell.strip() for cell in row)
    ]
    given = sign if sign == "|" else ""
    assert [record for _, record in records(Part(file), delimiter=given)] == expected


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    file = tmp_path_factory.mktemp("any") / "t"
    file.write_bytes(data)
    for read in (records, lines):
        with contextlib.suppress(InputError):
            assert all(read(Part(file)))
