"""Files are opened and cut into records within limits, or refused in one line."""

import gzip
from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.loaders.reading.files import Part, shown
from spillover.loaders.reading.text import CELL_LIMIT, LINE_LIMIT, lines, rows


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file"


def read_lines(file: Path, data: bytes) -> list[bytes]:
    file.write_bytes(data)
    return [line for _, line in lines(Part(file))]


def read_rows(file: Path, data: bytes, encoding: str = "utf-8") -> list[list[str]]:
    file.write_bytes(data)
    return [cells for _, cells in rows(Part(file), encoding)]


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


@pytest.mark.parametrize("cut", [3, 9, 10, 15, -9, -8, -4, -1])
def test_a_cut_off_gzip_is_refused(file: Path, cut: int) -> None:
    packed = gzip.compress(b"owner,asset\n" + b"A,B\n" * 1000)
    for read in (read_lines, read_rows):
        with pytest.raises(InputError, match=r"broken or cut-off gzip.*fetch it again"):
            read(file, packed[:cut])


def test_a_gzip_with_a_flipped_bit_is_refused(file: Path) -> None:
    packed = bytearray(gzip.compress(bytes(range(200)) * 50))
    for at in (20, len(packed) - 6):  # in the content, in its checksum
        damaged = bytes([*packed[:at], packed[at] ^ 1, *packed[at + 1 :]])
        with pytest.raises(InputError, match="gzip"):
            read_lines(file, damaged)


def test_a_gzip_bomb_is_refused(file: Path) -> None:
    """40 MiB of one letter pack to 0.04 MiB: a thousandfold, where lists pack twenty-fold."""
    with gzip.open(file, "wb") as stream:
        for _ in range(40):
            stream.write(b"x" * 2**20 + b"\n")
    with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
        list(lines(Part(file)))


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (
            b"PK\x03\x04rest",
            "a spreadsheet, or an archive in an archive; save it as CSV, or unpack it",
        ),
        (b"\xd0\xcf\x11\xe0rest", "old spreadsheet"),
        (b"\xfd7zXZ\0rest", "packed with xz"),
        (b"\x28\xb5\x2f\xfdrest", "packed with zstd"),
        (b"BZh91AY", "packed with bzip2"),
    ],
)
def test_foreign_packing_is_named(file: Path, head: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_lines(file, head)


def test_endless_blank_lines_are_refused(file: Path) -> None:
    for read in (read_lines, read_rows):
        with pytest.raises(InputError, match="ends 1,000,000 blank lines"):
            read(file, b"a,b\n" + b"\n" * 1_100_000)


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing: cannot be read \(No such file"):
        list(lines(Part(tmp_path / "missing")))
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory"):
        list(rows(Part(tmp_path)))


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


def test_the_header_decides_on_the_delimiter(file: Path) -> None:
    assert read_rows(file, b"a\tb,c\n1\t2,3\n") == [["a", "b,c"], ["1", "2,3"]]
    assert read_rows(file, b"a,b;c\n1,2;3\n") == [["a", "b;c"], ["1", "2;3"]]
    assert read_rows(file, b"a;b\n1;2,5\n") == [["a", "b"], ["1", "2,5"]]


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


def test_a_file_name_that_is_no_utf_8_can_be_shown() -> None:
    assert shown("caf\udce9.csv") == r"caf\xe9.csv"
    assert shown(Path("中国.csv")) == "中国.csv"
