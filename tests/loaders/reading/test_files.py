"""Files, folders and archives become streams in a fixed order, or are refused in one line."""

import contextlib
import gzip
import io
import os
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from spillover.graph.errors import InputError
from spillover.loaders.reading import files
from spillover.loaders.reading.files import Part, opened, parts, shown
from spillover.loaders.reading.text import lines

TABLE = b"owner,asset\nA,B\n"


def names(*paths: Path) -> list[str]:
    return [part.name for part in parts(paths)]


def content(part: Part) -> bytes:
    with opened(part) as stream:
        return stream.read()


def read_all(path: Path) -> list[bytes]:
    return [content(part) for part in parts([path])]


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., Path]:
    """Makes an archive of members: name, and content or (entry, content)."""

    def make(*members: tuple[str | zipfile.ZipInfo, bytes], packing: int = 8) -> Path:
        path = tmp_path / "lists.zip"
        with zipfile.ZipFile(path, "w", packing) as archive:
            for name, data in members:
                archive.writestr(name, data)
        return path

    return make


# -- folders ------------------------------------------------------------------------------------


def test_files_come_in_the_order_they_are_named_and_folders_sorted(tmp_path: Path) -> None:
    for name in ("z.csv", "b/2.csv", "b/1.csv", "b/a/9.csv", "a.csv", "b.csv", "B.csv"):
        file = tmp_path / "lists" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(TABLE)
    inside = ["B.csv", "a.csv", "b/1.csv", "b/2.csv", "b/a/9.csv", "b.csv", "z.csv"]
    assert names(tmp_path / "lists") == inside
    assert names(tmp_path / "lists" / "z.csv", tmp_path / "lists" / "b") == [
        "z.csv",
        *("1.csv", "2.csv", "a/9.csv"),
    ]


def test_hidden_files_and_folders_are_left_out_but_a_hidden_folder_can_be_named(
    tmp_path: Path,
) -> None:
    hidden = tmp_path / ".cache" / "lists"
    for name in ("a.csv", ".b.csv", ".git/c.csv", "d/.e/f.csv", "d/g.csv"):
        (hidden / name).parent.mkdir(parents=True, exist_ok=True)
        (hidden / name).write_bytes(TABLE)
    assert names(hidden) == ["a.csv", "d/g.csv"]


def test_a_folder_may_be_named_from_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "below" / "here").mkdir(parents=True)
    (tmp_path / "lists" / "a.csv").write_bytes(TABLE)
    monkeypatch.chdir(tmp_path / "below" / "here")
    assert names(Path("../../lists")) == ["a.csv"]
    assert names(Path("../../below/../lists")) == ["a.csv"]
    monkeypatch.chdir(tmp_path / "lists")
    assert names(Path()) == ["a.csv"]


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lists" / ".git").mkdir(parents=True)
    (tmp_path / "lists" / ".git" / "config").write_text("x")
    (tmp_path / "lists" / "empty").mkdir()
    with pytest.raises(InputError, match="lists: an empty folder; name files"):
        parts([tmp_path / "lists"])


def test_a_folder_of_too_many_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PARTS_LIMIT", 3)
    for number in range(4):
        (tmp_path / f"{number}").write_bytes(TABLE)
    with pytest.raises(InputError, match="more than 3 files; name a smaller folder"):
        parts([tmp_path])
    (tmp_path / "0").unlink()
    assert names(tmp_path) == ["1", "2", "3"]


def test_links_to_files_are_read_and_links_to_folders_refused(tmp_path: Path) -> None:
    """A folder that is linked into itself would never end; one left out would be lost."""
    folder = tmp_path / "lists"
    folder.mkdir()
    (tmp_path / "real.csv").write_bytes(TABLE)
    (folder / "link.csv").symlink_to(tmp_path / "real.csv")
    assert names(folder) == ["link.csv"]
    (folder / "self").symlink_to(folder)
    with pytest.raises(InputError, match="self: a link to a folder; name that folder itself"):
        parts([folder])
    (folder / "self").unlink()
    (folder / "gone.csv").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"gone\.csv: no such file"):
        parts([folder])


def test_what_cannot_be_listed_is_never_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lists" / "shut").mkdir(parents=True)
    (tmp_path / "lists" / "a.csv").write_bytes(TABLE)
    real = os.scandir

    def scandir(path: str) -> object:
        if Path(path).name == "shut":
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(InputError, match=r"shut: cannot be read \(Permission denied\)"):
        parts([tmp_path / "lists"])


def test_a_path_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        parts([tmp_path / ("x" * 5000)])
    with pytest.raises(InputError, match="no such file"):
        parts([tmp_path / "a\0b"])
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="a stream; name a regular file or a folder"):
        parts([tmp_path])


def test_a_part_may_stand_for_itself(tmp_path: Path) -> None:
    part = Part(tmp_path / "x", "y")
    assert parts([part]) == (part,)
    assert parts([]) == ()


@pytest.mark.parametrize(
    ("part", "name", "stem", "text"),
    [
        (Part(Path("/a/sdn.csv")), "sdn.csv", "sdn", "/a/sdn.csv"),
        (Part(Path("/a/sdn.csv.gz")), "sdn.csv.gz", "sdn", "/a/sdn.csv.gz"),
        (Part(Path("/a/b/sdn.csv"), folder=Path("/a")), "b/sdn.csv", "sdn", "/a/b/sdn.csv"),
        (Part(Path("/a/l.zip"), "sdn.csv"), "l.zip/sdn.csv", "sdn", "/a/l.zip/sdn.csv"),
        (Part(Path("/a/l.zip"), "x/y.csv.gz"), "l.zip/x/y.csv.gz", "y", "/a/l.zip/x/y.csv.gz"),
        (Part(Path("/a/b/l.zip"), "x.csv", Path("/a")), "b/l.zip/x.csv", "x", "/a/b/l.zip/x.csv"),
        (Part(Path(os.fsdecode(b"/a/caf\xe9.csv"))), r"caf\xe9.csv", r"caf\xe9", r"/a/caf\xe9.csv"),
        (Part(Path("/a/plain")), "plain", "plain", "/a/plain"),
    ],
)
def test_how_a_part_is_named(part: Part, name: str, stem: str, text: str) -> None:
    assert (part.name, part.stem, str(part)) == (name, stem, text)


def test_a_file_name_that_is_no_utf_8_can_be_shown() -> None:
    assert shown("caf\udce9.csv") == r"caf\xe9.csv"
    assert shown(Path("中国.csv")) == "中国.csv"


def test_files_of_one_name_in_two_folders_are_two_parts(tmp_path: Path) -> None:
    for folder in ("2023", "2024"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "sdn.csv").write_text(folder)
    assert names(tmp_path) == ["2023/sdn.csv", "2024/sdn.csv"]
    both = parts([tmp_path / "2024", tmp_path / "2023"])
    assert [content(part) for part in both] == [b"2024", b"2023"]


# -- archives -----------------------------------------------------------------------------------


def test_an_archive_is_read_in_the_order_of_its_names(zipped: Callable[..., Path]) -> None:
    path = zipped(("b.csv", b"2"), ("a/c.csv", b"1"), ("d.csv", b"3"))
    assert names(path) == ["lists.zip/a/c.csv", "lists.zip/b.csv", "lists.zip/d.csv"]
    assert read_all(path) == [b"1", b"2", b"3"]


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_streamed(zipped: Callable[..., Path], packing: int) -> None:
    data = b"".join(b"%d,%d\n" % (number, number * 7) for number in range(100_000))
    (part,) = parts([zipped(("a.csv", data), packing=packing)])
    with opened(part) as stream:
        assert stream.readline() == b"0,0\n"
        assert stream.read(5) == b"1,7\n2"
    assert content(part) == data
    assert sum(1 for _ in lines(part)) == 100_000


def test_a_packed_file_may_be_a_member(zipped: Callable[..., Path]) -> None:
    assert read_all(zipped(("sdn.csv.gz", gzip.compress(TABLE)))) == [TABLE]


def test_a_folder_may_hold_archives(tmp_path: Path, zipped: Callable[..., Path]) -> None:
    zipped(("b.csv", b"2"))
    (tmp_path / "a.csv").write_bytes(b"1")
    assert names(tmp_path) == ["a.csv", "lists.zip/b.csv"]


def test_what_systems_add_to_an_archive_is_left_out(zipped: Callable[..., Path]) -> None:
    path = zipped(
        ("lists/", b""),
        ("lists/sdn.csv", TABLE),
        ("__MACOSX/lists/._sdn.csv", b"\x00\x05\x16\x07"),
        ("lists/.DS_Store", b"\x00"),
        (".git/config", b"x"),
    )
    assert names(path) == ["lists.zip/lists/sdn.csv"]


@pytest.mark.parametrize("members", [(), (("a/", b""),), ((".hidden", b"x"),)])
def test_an_archive_of_nothing_is_refused(
    zipped: Callable[..., Path], members: tuple[tuple[str, bytes], ...]
) -> None:
    with pytest.raises(InputError, match="an empty archive; name one that has files"):
        parts([zipped(*members)])


@pytest.mark.parametrize(
    "name",
    [
        *("../x", "/x", "a/../../x", "..", "a/..", "C:\\x", "C:x", "c:/x"),
        *("\\x", "..\\x", "a\\..\\..\\x", "\\\\server\\share\\x", "//server/x"),
    ],
)
def test_a_member_that_leads_out_is_refused(zipped: Callable[..., Path], name: str) -> None:
    entry = zipfile.ZipInfo("x")
    entry.filename = name
    with pytest.raises(InputError, match="leads out of the archive; do not trust it"):
        parts([zipped(("good.csv", TABLE), (entry, b"x"))])


@pytest.mark.parametrize("name", [".", "./.", "a\nb", "\x1b[31m.csv", "x" * 1001])
def test_a_member_without_a_name_is_refused(zipped: Callable[..., Path], name: str) -> None:
    entry = zipfile.ZipInfo("x")
    entry.filename = name
    with pytest.raises(InputError, match="has no name that a file can have; pack it anew") as said:
        parts([zipped((entry, b"x"))])
    assert len(str(said.value)) < 500


def test_an_empty_name_is_refused(zipped: Callable[..., Path]) -> None:
    path = zipped(("x", b"1"))
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 28, 0)  # length of its name
    struct.pack_into("<H", data, at + 30, 1)  # of what stands behind it
    path.write_bytes(data)
    with pytest.raises(InputError):
        parts([path])


def test_a_link_in_an_archive_is_refused(zipped: Callable[..., Path], tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("passwd")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(InputError, match="'passwd' is a link; pack the file itself"):
        parts([zipped((entry, b"/etc/passwd"))])


def test_an_encrypted_member_is_refused(zipped: Callable[..., Path]) -> None:
    path = zipped(("a.csv", TABLE))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"'a\.csv' is encrypted; unpack it first"):
        parts([path])


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_rare_packings_are_refused(zipped: Callable[..., Path], packing: int) -> None:
    """They pack a thousandfold, and their errors are those of other libraries."""
    with pytest.raises(InputError, match="is packed in a rare way; unpack it"):
        parts([zipped(("a.csv", TABLE), packing=packing)])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_stands_twice_is_refused(zipped: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match="a member of the archive stands twice; pack it anew"):
        parts([zipped(("a.csv", b"1"), ("a.csv", b"2"))])


def test_an_archive_of_too_many_members_is_refused(
    zipped: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(*((f"{number}.csv", b"") for number in range(5)))
    monkeypatch.setattr(files, "PARTS_LIMIT", 5)
    assert len(parts([path])) == 5
    monkeypatch.setattr(files, "PARTS_LIMIT", 4)
    with pytest.raises(InputError, match="more than 4 members; unpack it"):
        parts([path])


def test_a_giant_directory_is_refused_before_it_is_read(
    zipped: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = zipped(*((f"{number:0200}.csv", b"") for number in range(100)))
    monkeypatch.setattr(files, "_DIRECTORY_LIMIT", 10_000)
    with pytest.raises(InputError, match="its directory is larger than"):
        parts([path])


def test_an_archive_in_an_archive_is_refused(zipped: Callable[..., Path], tmp_path: Path) -> None:
    inner = zipped(("a.csv", TABLE)).read_bytes()
    with pytest.raises(InputError, match="an archive in an archive; save it as CSV, or unpack it"):
        read_all(zipped(("inner.zip", inner)))
    (tmp_path / "a.gz").write_bytes(gzip.compress(inner))
    with pytest.raises(InputError, match="an archive in an archive"):
        read_all(tmp_path / "a.gz")
    (tmp_path / "b.gz").write_bytes(gzip.compress(gzip.compress(TABLE)))
    with pytest.raises(InputError, match="packed twice; unpack it"):
        read_all(tmp_path / "b.gz")


def test_a_spreadsheet_is_one_part(zipped: Callable[..., Path]) -> None:
    path = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
    assert parts([path]) == (Part(path),)


# -- bombs --------------------------------------------------------------------------------------


def test_a_zip_bomb_is_refused_by_what_it_declares(zipped: Callable[..., Path]) -> None:
    path = zipped(("a.csv", bytes(20 * 2**20)), ("b.csv", bytes(20 * 2**20)))
    assert path.stat().st_size < 50_000
    with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
        parts([path])


def test_a_zip_that_declares_less_than_it_holds_is_refused(zipped: Callable[..., Path]) -> None:
    path = zipped(("a.csv", b"x" * 40_000_000))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 1000)
    path.write_bytes(data)
    with pytest.raises(InputError, match="broken or cut-off archive"):
        read_all(path)


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    """Two entries of the directory share one compressed kernel, as in David Fifield's bombs."""
    packed = zlib.compress(bytes(2**20), 9)[2:-4]
    sizes = (zlib.crc32(bytes(2**20)), len(packed), 2**20)
    body, entries, starts = b"", b"", []
    for name in (b"a", b"b"):
        starts.append(len(body))
        body += struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, *sizes, 1, 0) + name
    body += packed
    for name, start in zip((b"a", b"b"), starts, strict=True):
        head = struct.pack(
            "<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, *sizes, 1, *[0] * 5, start
        )
        entries += head + name
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, len(entries), len(body), 0)
    (tmp_path / "bomb.zip").write_bytes(body + entries + end)
    with pytest.raises(InputError, match="members of the archive overlap, as in no honest one"):
        parts([tmp_path / "bomb.zip"])


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    """40 MiB of one letter pack to 0.04 MiB: a thousandfold, where lists pack twenty-fold."""
    file = tmp_path / "bomb.gz"
    with gzip.open(file, "wb") as stream:
        for _ in range(40):
            stream.write(b"x" * 2**20 + b"\n")
    with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
        list(lines(Part(file)))


def test_a_gzip_bomb_in_an_archive_is_refused(zipped: Callable[..., Path]) -> None:
    bomb = gzip.compress((b"x" * 2**20 + b"\n") * 40)
    with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
        list(lines(*parts([zipped(("a.csv.gz", bomb), packing=0)])))


def test_a_text_that_packs_well_is_no_bomb(tmp_path: Path) -> None:
    """Nine million bytes of one row: 8 MiB are free, the rest may be two hundredfold."""
    data = b"1,2,3\n" * 1_500_000
    (tmp_path / "a.gz").write_bytes(gzip.compress(data))
    assert content(Part(tmp_path / "a.gz")) == data


# -- broken -------------------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [3, 9, 10, 15, -9, -8, -4, -1])
def test_a_cut_off_gzip_is_refused(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "a.gz"
    file.write_bytes(gzip.compress(b"owner,asset\n" + b"A,B\n" * 1000)[:cut])
    with pytest.raises(InputError, match=r"broken or cut-off gzip.*fetch it again"):
        content(Part(file))


def test_a_gzip_cut_at_any_byte_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(TABLE)
    for at in range(2, len(packed)):
        (tmp_path / "a.gz").write_bytes(packed[:at])
        with pytest.raises(InputError, match="gzip"):
            content(Part(tmp_path / "a.gz"))


def test_a_gzip_with_a_flipped_bit_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(bytes(range(200)) * 50)
    for at in (20, len(packed) - 6):  # in the content, in its checksum
        damaged = bytes([*packed[:at], packed[at] ^ 1, *packed[at + 1 :]])
        (tmp_path / "a.gz").write_bytes(damaged)
        with pytest.raises(InputError, match="gzip"):
            content(Part(tmp_path / "a.gz"))


def test_an_archive_cut_at_any_byte_is_refused(zipped: Callable[..., Path]) -> None:
    path = zipped(("a.csv", TABLE), ("b.csv", TABLE))
    data = path.read_bytes()
    for at in range(4, len(data)):
        path.write_bytes(data[:at])
        with pytest.raises(InputError):
            read_all(path)


def test_a_wrong_checksum_is_refused_however_it_is_read(zipped: Callable[..., Path]) -> None:
    path = zipped(("a.csv", TABLE * 100), packing=0)
    data = path.read_bytes().replace(b"A,B", b"A,C", 1)
    path.write_bytes(data)
    (part,) = parts([path])
    with pytest.raises(InputError, match=r"broken or cut-off archive .*CRC"):
        content(part)
    with pytest.raises(InputError, match="CRC"):
        list(lines(part))


def test_a_damaged_archive_reads_as_before_or_is_refused(zipped: Callable[..., Path]) -> None:
    """Every byte in turn, and some by chance; without its first four it is no archive at all."""
    path = zipped(("a.csv", TABLE * 20), ("ü/b.csv", TABLE * 20))
    whole = path.read_bytes()
    chance = random.Random(7)  # noqa: S311 - any damage, always the same
    damaged = [(at, whole[at] ^ flip) for at in range(4, len(whole)) for flip in (1, 0x80, 255)]
    damaged += [(chance.randrange(4, len(whole)), chance.randrange(256)) for _ in range(300)]
    read = set()
    for at, byte in damaged:
        path.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
        with contextlib.suppress(InputError):
            read.update(read_all(path))
    assert read == {TABLE * 20}


@pytest.mark.parametrize("version", [0x67, 0xFF])
def test_an_archive_of_a_later_version_is_refused(
    zipped: Callable[..., Path], version: int
) -> None:
    path = zipped(("a.csv", TABLE))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 6] = version
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"broken or cut-off archive .*zip file version"):
        parts([path])


def test_an_archive_that_changes_under_way_is_refused(zipped: Callable[..., Path]) -> None:
    path = zipped(("a.csv", TABLE))
    (part,) = parts([path])
    zipped(("b.csv", TABLE))
    with pytest.raises(InputError, match="broken or cut-off archive"):
        content(part)
    path.write_bytes(b"nothing")
    with pytest.raises(InputError, match="broken or cut-off archive"):
        content(part)
    path.unlink()
    with pytest.raises(InputError, match=r"cannot be read \(No such file"):
        content(part)


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
def test_foreign_packing_is_named(tmp_path: Path, head: bytes, words: str) -> None:
    (tmp_path / "file").write_bytes(head)
    with pytest.raises(InputError, match=words):
        content(Part(tmp_path / "file"))


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing: cannot be read \(No such file"):
        content(Part(tmp_path / "missing"))
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory"):
        content(Part(tmp_path))


def test_short_files_are_read(tmp_path: Path) -> None:
    for data in (b"", b"P", b"PK", b"\x1f", b"\x1f\x8c", b"BZ"):
        (tmp_path / "file").write_bytes(data)
        assert read_all(tmp_path / "file") == [data]
    (tmp_path / "file").write_bytes(b"\x1f\x8b")
    with pytest.raises(InputError, match="gzip"):
        read_all(tmp_path / "file")


def test_a_stream_can_be_read_in_pieces(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(TABLE * 1000))
    with opened(Part(tmp_path / "a.gz")) as stream:
        text = io.TextIOWrapper(stream, "utf-8")
        assert text.readline() == "owner,asset\n"
        assert sum(1 for _ in text) == 1999
