"""How are the cells of a spreadsheet (XLSX) found, within limits.

The package is streamed, sheet by sheet and row by row. Nothing in it is run, linked or drawn, and
no more than the stored value of a cell is believed.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from spillover.graph.errors import InputError
from spillover.loaders.reading.cells import COLUMNS_LIMIT, Cells, Sheet
from spillover.loaders.reading.files import Part, checked_members
from spillover.loaders.reading.text import CELL_LIMIT
from spillover.loaders.reading.values import Values, look, look_of_number, text_of
from spillover.loaders.reading.xml import elements, local, tree

if TYPE_CHECKING:
    from lxml import etree

ROWS_LIMIT: Final = 1_048_576
"""Most rows of a sheet; the format has no more."""
TEXTS_LIMIT: Final = 192 * 1024 * 1024
"""Most characters that the texts of all sheets may have together."""
_MEMBERS_LIMIT: Final = 10_000
_HEAD: Final = 64 * 1024
_PLACE: Final = re.compile(r"([A-Z]{1,3})[1-9]\d{0,6}", re.ASCII)


def sheets(part: Part) -> Iterator[Sheet]:
    """Every worksheet of the workbook, in its order.

    Raises:
        InputError: not such a workbook, broken, cut off, hostile, or a cell that cannot be.
    """
    book = _Book(part, _names(part))
    listed = book.contents["sheets"][0].get("sheet", ())
    for sheet in listed:
        path = book.places.get(sheet.get("@id", ""))
        if path:
            hidden = sheet.get("@state", "visible") != "visible"
            yield Sheet(sheet.get("@name", ""), hidden, partial(_rows, book, path))


def _names(part: Part) -> frozenset[str]:
    """Members of the package, none of which has a document type."""
    try:
        with zipfile.ZipFile(part.path) as archive:
            if checked_members(part.path, archive) is not None:
                raise InputError(f"{part}: an archive, and no spreadsheet; unpack it")
            names = archive.namelist()
            if len(names) > _MEMBERS_LIMIT:
                raise InputError(f"{part}: more than {_MEMBERS_LIMIT:,} members; save it anew")
            for name in names:
                if name.endswith((".xml", ".rels")):
                    with archive.open(name) as member:
                        _refuse_doctype(part, name, member.read(_HEAD))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise InputError(f"{part}: broken or cut-off spreadsheet ({error})") from error
    except OSError as error:
        raise InputError(f"{part}: cannot be read ({error.strerror or error})") from error
    return frozenset(names)


def _refuse_doctype(part: Part, name: str, head: bytes) -> None:
    # Without its NULs, UTF-16 reads like ASCII here.
    if b"<!doctype" in head.replace(b"\x00", b"").lower():
        raise InputError(f"{part}: {name} has a document type (DOCTYPE), which none needs; refused")


@dataclass(frozen=True)
class _Book:
    """A workbook, and what its sheets share."""

    part: Part
    names: frozenset[str]

    def member(self, name: str) -> Part:
        """A member of the package as a stream."""
        if name not in self.names:
            raise InputError(f"{self.part}: no {name} in it; is it a whole workbook (XLSX)?")
        return replace(self.part, member=name)

    def _whole(self, name: str, tag: str) -> dict[str, Any]:
        """The root element of a small member."""
        for _, element in elements(self.member(name), {tag}):
            return tree(element)
        raise InputError(f"{self.part}: {name} is no {tag}; save the file anew")

    def _targets(self, name: str, base: str, kind: str) -> dict[str, str]:
        """Members to which a member has relations of a kind, by the id of the relation."""
        found = {}
        for relation in self._whole(name, "Relationships").get("Relationship", ()):
            said = relation if isinstance(relation, dict) else {}
            if said.get("@Type", "").endswith(kind) and said.get("@TargetMode") != "External":
                place = PurePosixPath("/", base, said.get("@Target", ""))
                found[said.get("@Id", "")] = str(place).lstrip("/")
        return found

    def _related(self, kind: str) -> dict[str, str]:
        path = PurePosixPath(self._path)
        return self._targets(f"{path.parent}/_rels/{path.name}.rels", str(path.parent), kind)

    @cached_property
    def _path(self) -> str:
        """Where the workbook stands."""
        for path in self._targets("_rels/.rels", "", "/officeDocument").values():
            if not path.endswith(".xml"):
                raise InputError(f"{self.part}: a binary workbook; save it as XLSX or CSV")
            return path
        raise InputError(f"{self.part}: no workbook in it; save the sheet as XLSX or CSV")

    @cached_property
    def contents(self) -> dict[str, Any]:
        """The workbook itself."""
        contents = self._whole(self._path, "workbook")
        if not _groups(contents, "sheets"):
            raise InputError(f"{self.part}: a workbook without sheets")
        return contents

    @cached_property
    def places(self) -> dict[str, str]:
        """Members of the worksheets by the id that the workbook gives them."""
        return self._related("/worksheet")

    @cached_property
    def values(self) -> Values:
        """How its cells are read."""
        properties = _groups(self.contents, "workbookPr")
        of_1904 = any(said.get("@date1904") in {"1", "true"} for said in properties)
        return Values(self._texts(), self._looks(), of_1904)

    def _texts(self) -> list[str]:
        found: list[str] = []
        size = 0
        for path in self._related("/sharedStrings").values():
            for _, element in elements(self.member(path), {"si"}):
                found.append(text_of(element))
                size += len(found[-1])
                if size > TEXTS_LIMIT:
                    raise InputError(f"{self.part}: texts of more than {TEXTS_LIMIT >> 20} MiB")
        return found

    def _looks(self) -> list[str]:
        found: list[str] = []
        for path in self._related("/styles").values():
            styles = self._whole(path, "styleSheet")
            own = {
                declared.get("@numFmtId"): look(declared.get("@formatCode", ""))
                for group in _groups(styles, "numFmts")
                for declared in _groups(group, "numFmt")
            }
            for group in _groups(styles, "cellXfs"):
                for style in _groups(group, "xf"):
                    number = style.get("@numFmtId", "0")
                    found.append(own.get(number) or look_of_number(number))
        return found


def _groups(element: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    """The children of a name that have attributes or children."""
    return [child for child in element.get(tag, ()) if isinstance(child, dict)]


def _rows(book: _Book, path: str) -> Iterator[tuple[int, Cells]]:
    """(number, cells) of every row of a sheet that is not blank."""
    number = 0
    for _, element in elements(book.member(path), {"row"}):
        said = element.get("r", str(number + 1))
        where = f"{book.part}: {path}: row {said[:20]}"
        if not said.isascii() or not said.isdigit() or not number < int(said) <= ROWS_LIMIT:
            raise InputError(f"{where} after row {number}; save the file anew")
        number = int(said)
        cells = _cells(book.values, element, where)
        if cells.faults or any(cell.strip() for cell in cells):
            yield number, cells


def _cells(values: Values, row: etree._Element, where: str) -> Cells:
    cells = Cells()
    numbers, remarks, faults = set(), {}, {}
    for cell in row:
        if local(str(cell.tag)) != "c":
            continue
        at = _column(cell.get("r", ""), len(cells), where)
        value = values.read(cell)
        if len(value.text) > CELL_LIMIT:
            raise InputError(f"{where}: a cell is longer than {CELL_LIMIT:,} characters")
        cells.extend([""] * (at - len(cells)))
        cells.append(value.text)
        if value.is_number:
            numbers.add(at)
        if value.fault:
            faults[at] = value.fault
        if value.remark:
            remarks[at] = value.remark
    cells.numbers, cells.remarks, cells.faults = frozenset(numbers), remarks, faults
    return cells


def _column(place: str, after: int, where: str) -> int:
    """Number from 0 of the column of a cell."""
    at = after
    if place:
        match = _PLACE.fullmatch(place)
        at = 0
        for letter in match[1] if match else "":
            at = at * 26 + ord(letter) - ord("A") + 1
        at -= 1
    if not after <= at < COLUMNS_LIMIT:
        raise InputError(f"{where}: cell {place[:20]!r} after column {after}; save the file anew")
    return at
