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
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, cast

from spillover.graph.errors import InputError

RATIO_LIMIT: Final = 200
"""How many times its packed size a file may unpack to, past 8 MiB; texts stay below 50."""
PARTS_LIMIT: Final = 100_000
"""Most files in a folder, or members of an archive."""
RECORD_LIMIT: Final = 16 * 1024 * 1024
"""Longest line or record, in bytes or characters."""
_UNPACKED_FREE: Final = 8 * 1024 * 1024
_DIRECTORY_LIMIT: Final = 16 * 1024 * 1024
_NAME_LIMIT: Final = 1000
_REASON: Final = 200
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_FOREIGN: Final = {
    b"PK\x03\x04": "a spreadsheet, or an archive in an archive; save it as CSV, or unpack it",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet; save the sheet as CSV",
    b"\xfd7zXZ": "packed with xz; unpack it, or pack it with gzip",
    b"\x28\xb5\x2f\xfd": "packed with zstd; unpack it, or pack it with gzip",
    _GZIP: "packed twice; unpack it",
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

    Hidden files of a folder or an archive are left out.

    Raises:
        InputError: there is no such file, or an archive is broken, hostile or too large.
    """
    found: list[Part] = []
    for path in paths:
        if isinstance(path, Part):
            found.append(path)
            continue
        try:
            files = [(file, path) for file in _below(path)] if path.is_dir() else [(path, None)]
            for file, folder in files:
                found.extend(_parts(file, folder))
        except OSError as error:
            raise InputError(
                f"{shown(path)}: cannot be read ({error.strerror or error})"
            ) from error
    return tuple(found)


def _below(folder: Path) -> list[Path]:
    """Every file below a folder that is not hidden."""
    files: list[Path] = []
    for place, inner, names in os.walk(folder, onerror=_unreadable):
        inner[:] = [name for name in inner if not _hidden(name)]
        for name in inner:
            if Path(place, name).is_symlink():
                link = shown(Path(place, name))
                raise InputError(f"{link}: a link to a folder; name that folder itself")
        files += [Path(place, name) for name in names if not _hidden(name)]
        if len(files) > PARTS_LIMIT:
            raise InputError(
                f"{shown(folder)}: more than {PARTS_LIMIT:,} files; name a smaller folder"
            )
    if not files:
        raise InputError(f"{shown(folder)}: an empty folder; name files, or a folder that has some")
    return sorted(files)


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _unreadable(error: OSError) -> None:
    where = shown(error.filename or "a folder")
    raise InputError(f"{where}: cannot be read ({error.strerror or error})") from error


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
        with _Directory(path) as whole, _zip(whole) as archive:
            return checked_members(path, archive)
    except zipfile.BadZipFile as error:
        raise InputError(f"{shown(path)}: broken or cut-off archive ({error})") from error


class _Directory(io.FileIO):
    """A file of which no large piece is read at once, as a directory of millions would be."""

    def read(self, size: int | None = -1, /) -> bytes | Any:
        if size is not None and size > _DIRECTORY_LIMIT:
            raise zipfile.BadZipFile(f"its directory is larger than {_DIRECTORY_LIMIT >> 20} MiB")
        return super().read(-1 if size is None else size)


def _zip(file: Path | IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (NotImplementedError, ValueError) as error:
        raise zipfile.BadZipFile(str(error)[:_REASON]) from error


def checked_members(path: Path, archive: zipfile.ZipFile) -> list[str] | None:
    """Names of the members of an archive in order; None when it is a spreadsheet.

    Raises:
        InputError: it is encrypted, has links, names that lead out of it, members that overlap or
            stand twice, or unpacks to far more than its size.
    """
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
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
    if "[Content_Types].xml" in names:
        return None
    seen = [name for name in names if not any(map(_hidden, PurePosixPath(name).parts))]
    if not seen:
        raise InputError(f"{shown(path)}: an empty archive; name one that has files")
    return sorted(seen)


def _check_member(path: Path, info: zipfile.ZipInfo) -> None:
    name = PurePosixPath(info.filename.replace("\\", "/"))
    where = f"{shown(path)}: member {info.filename[:80]!r}"
    if name.is_absolute() or ".." in name.parts or ":" in info.filename.partition("/")[0]:
        raise InputError(f"{where} leads out of the archive; do not trust it")
    if not name.parts or len(info.filename) > _NAME_LIMIT or min(info.filename) < " ":
        raise InputError(f"{where} has no name that a file can have; pack it anew")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise InputError(f"{where} is a link; pack the file itself")
    if info.flag_bits & 1:
        raise InputError(f"{where} is encrypted; unpack it first")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise InputError(f"{where} is packed in a rare way; unpack it, or pack it with deflate")


@contextmanager
def opened(part: Part) -> Iterator[IO[bytes]]:
    """The part's bytes, unpacked when it is gzip.

    Raises:
        InputError: it cannot be read, or its packing is foreign, broken, cut off or a bomb.
    """
    try:
        with ExitStack() as stack:
            raw = stream = stack.enter_context(_raw(part))
            if raw.peek(2).startswith(_GZIP):
                packed = stack.enter_context(gzip.GzipFile(fileobj=raw))
                stream = io.BufferedReader(_Unpacked(part, packed, raw))
            head = stream.peek(8)[:8]
            for magic, mend in _FOREIGN.items():
                if head.startswith(magic):
                    raise InputError(f"{part}: {mend}")
            yield stream
    except _BROKEN as error:
        kind, why = "archive" if part.member else "gzip", str(error)[:_REASON]
        raise InputError(f"{part}: broken or cut-off {kind} ({why}); fetch it again") from error
    except OSError as error:
        raise InputError(f"{part}: cannot be read ({error.strerror or error})") from error


@contextmanager
def _raw(part: Part) -> Iterator[io.BufferedReader]:
    if not part.member:
        with part.path.open("rb") as raw:
            yield raw
        return
    with _zip(part.path) as archive:
        try:
            member = cast("zipfile.ZipExtFile", archive.open(part.member))
        except (NotImplementedError, RuntimeError, ValueError, KeyError) as error:
            raise zipfile.BadZipFile(str(error)) from error
        with member:
            yield io.BufferedReader(member)


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
