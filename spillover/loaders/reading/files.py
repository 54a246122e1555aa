"""Which streams of bytes do the named paths hold, and are they safe to read.

A path may be a plain file, a gzip file, a ZIP archive or a folder of these. Archives are streamed
and never extracted, so that no name in them reaches the disk. A stream that ends in the middle is
refused as a whole: what is missing cannot be known.
"""

from __future__ import annotations

import gzip
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final, cast

from spillover.graph.errors import InputError

RATIO_LIMIT: Final = 200
"""How many times its packed size a file may unpack to, past 8 MiB; texts stay below 50."""
PARTS_LIMIT: Final = 100_000
"""Most files in a folder, or members of an archive."""
RECORD_LIMIT: Final = 16 * 1024 * 1024
"""Longest line or record, in bytes or characters."""
_UNPACKED_FREE: Final = 8 * 1024 * 1024
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_BOM: Final = b"\xef\xbb\xbf"
_FOREIGN: Final = {
    b"PK\x03\x04": "a spreadsheet, or an archive in an archive; save it as CSV, or unpack it",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet; save the sheet as CSV",
    b"\xfd7zXZ": "packed with xz; unpack it, or pack it with gzip",
    b"\x28\xb5\x2f\xfd": "packed with zstd; unpack it, or pack it with gzip",
    b"BZh": "packed with bzip2; unpack it, or pack it with gzip",
}
_LOCAL_HEADER: Final = 30
"""Bytes of a member's header in an archive, before its name."""
_BROKEN: Final = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)


def shown(path: str | os.PathLike[str]) -> str:
    """A path as text that any file can hold, also when its bytes are no UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Part:
    """One stream of the input: a file, or a member of an archive."""

    path: Path
    member: str = ""
    folder: Path | None = None
    """The folder that was named, when the file was found in one."""

    @property
    def name(self) -> str:
        """The part as records name it: its file, below the folder or archive that was named."""
        path = self.path.relative_to(self.folder) if self.folder else Path(self.path.name)
        return shown(path) + (f"/{self.member}" if self.member else "")

    @property
    def stem(self) -> str:
        """Its file name without folders, endings and packing: ``sdn`` of ``a/sdn.csv.gz``."""
        return PurePosixPath(self.member or shown(self.path)).name.split(".", 1)[0]

    def __str__(self) -> str:
        """The whole path, for messages."""
        return shown(self.path) + (f"/{self.member}" if self.member else "")


def parts(paths: Iterable[Path | Part]) -> tuple[Part, ...]:
    """Every stream of the files, folders and archives that are named, in a fixed order.

    Hidden files of a folder are left out.

    Raises:
        InputError: there is no such file, or an archive is broken, hostile or too large.
    """
    found: list[Part] = []
    for path in paths:
        if isinstance(path, Part):
            found.append(path)
        elif path.is_dir():
            for file in _below(path):
                found.extend(_parts(file, path))
        else:
            found.extend(_parts(path, None))
    return tuple(found)


def _below(folder: Path) -> list[Path]:
    files = [
        Path(place) / name
        for place, inner, names in os.walk(folder)
        for name in names
        if not name.startswith(".") and not inner.sort()
    ]
    if not files:
        raise InputError(f"{shown(folder)}: an empty folder; name files, or a folder that has some")
    if len(files) > PARTS_LIMIT:
        raise InputError(f"{shown(folder)}: more than {PARTS_LIMIT:,} files; name a smaller folder")
    return sorted(file for file in files if not any(p.startswith(".") for p in file.parts[1:-1]))


def _parts(path: Path, folder: Path | None) -> Iterator[Part]:
    if not path.is_file():
        why = "no such file" if not path.exists() else "a stream; name a regular file or a folder"
        raise InputError(f"{shown(path)}: {why}")
    members = _members(path)
    if members is None:
        yield Part(path, folder=folder)
    else:
        yield from (Part(path, member, folder) for member in members)


def _members(path: Path) -> list[str] | None:
    """Names of what an archive holds; None of a file that is no archive."""
    try:
        with path.open("rb") as raw:
            if not raw.read(4).startswith(_ZIP):
                return None
        with zipfile.ZipFile(path) as archive:
            return checked_members(path, archive)
    except zipfile.BadZipFile as error:
        raise InputError(f"{shown(path)}: broken or cut-off archive ({error})") from error
    except OSError as error:
        raise InputError(f"{shown(path)}: cannot be read ({error.strerror or error})") from error


def checked_members(path: Path, archive: zipfile.ZipFile) -> list[str] | None:
    """Names of the members of an archive in order; None when it is a spreadsheet.

    Raises:
        InputError: it is encrypted, has links, names that lead out of it, members that overlap or
            stand twice, or unpacks to far more than its size.
    """
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > PARTS_LIMIT:
        raise InputError(f"{shown(path)}: more than {PARTS_LIMIT:,} members; unpack it")
    for info in infos:
        _check_member(path, info)
    size = path.stat().st_size
    if sum(info.file_size for info in infos) > _UNPACKED_FREE + RATIO_LIMIT * size:
        raise _bomb(shown(path))
    ends = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < ends:
            raise InputError(f"{shown(path)}: members of the archive overlap, as in no honest one")
        ends = info.header_offset + _LOCAL_HEADER + info.compress_size
    names = [info.filename for info in infos]
    if len(set(names)) < len(names):
        raise InputError(f"{shown(path)}: a member of the archive stands twice; pack it anew")
    return None if "[Content_Types].xml" in names else sorted(names)


def _check_member(path: Path, info: zipfile.ZipInfo) -> None:
    name = PurePosixPath(info.filename.replace("\\", "/"))
    where = f"{shown(path)}: member {info.filename[:80]!r}"
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        raise InputError(f"{where} leads out of the archive; do not trust it")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise InputError(f"{where} is a link; pack the file itself")
    if info.flag_bits & 1:
        raise InputError(f"{where} is encrypted; unpack it first")


@contextmanager
def opened(part: Part) -> Iterator[IO[bytes]]:
    """The part's bytes, unpacked when it is gzip.

    Raises:
        InputError: it cannot be read, or its packing is foreign, broken, cut off or a bomb.
    """
    try:
        with _raw(part) as raw:
            head = raw.peek(8)[:8]
            for magic, mend in _FOREIGN.items():
                if head.startswith(magic):
                    raise InputError(f"{part}: {mend}")
            if not head.startswith(_GZIP):
                yield raw
                return
            with gzip.GzipFile(fileobj=raw) as packed:
                yield cast("IO[bytes]", io.BufferedReader(_Unpacked(part, packed, raw)))
    except (*_BROKEN, NotImplementedError) as error:
        kind = "archive" if part.member else "gzip"
        raise InputError(f"{part}: broken or cut-off {kind} ({error}); fetch it again") from error
    except OSError as error:
        raise InputError(f"{part}: cannot be read ({error.strerror or error})") from error


@contextmanager
def _raw(part: Part) -> Iterator[io.BufferedReader]:
    if not part.member:
        with part.path.open("rb") as raw:
            yield raw
        return
    with zipfile.ZipFile(part.path) as archive, archive.open(part.member) as member:
        yield cast("io.BufferedReader", member)  # it reads, peeks and tells like one


def _bomb(what: str) -> InputError:
    return InputError(
        f"{what}: unpacks to more than {RATIO_LIMIT} times its size, as no list does;"
        " if it is right, unpack it first"
    )


class _Unpacked(io.RawIOBase):
    """The content of a gzip file, refused once it grows far beyond what text packs to."""

    def __init__(self, part: Part, packed: gzip.GzipFile, raw: IO[bytes]) -> None:
        self._part, self._packed, self._raw = part, packed, raw
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # what BufferedReader hands over
        data = self._packed.read1(len(buffer))
        self._size += len(data)
        if self._size > _UNPACKED_FREE + RATIO_LIMIT * self._raw.tell():
            raise _bomb(str(self._part))
        buffer[: len(data)] = data
        return len(data)


class Metered:
    """A stream that refuses to be read far without a record in it.

    Args:
        part: what is read, for the message.
        stream: its bytes; a byte order mark at their start is left out.
    """

    def __init__(self, part: Part, stream: IO[bytes]) -> None:
        self._part, self._stream = part, stream
        self._since: int | None = None

    def read(self, size: int = -1) -> bytes:
        """The next bytes; the parsers ask for some thousands at a time."""
        data = self._stream.read(size)
        if self._since is None:
            self._since = 0
            if size > len(_BOM):
                data = data.removeprefix(_BOM)
        self._since += len(data)
        if self._since > RECORD_LIMIT:
            raise InputError(f"{self._part}: a record is longer than {RECORD_LIMIT >> 20} MiB")
        return data

    def record(self) -> None:
        """A record has ended: the next one may be as long again."""
        self._since = 0
