"""Which rows does the result of a query have, in JSON, in the TSV of the standard, or in a table.

A table may have one column for each part of a value (``company.value``, ``company.xml:lang``), as
a data frame of the JSON has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.loaders.context import Context
from spillover.loaders.reading.files import Part, opened
from spillover.loaders.reading.json import documents
from spillover.loaders.reading.text import CutOff, Ragged, lines, records
from spillover.loaders.wikidata.values import is_item

BINDINGS: Final = "results.bindings"
_HEAD: Final = 4096
_ITEM: Final = re.compile(r"<?https?://www\.wikidata\.org/(?:entity|wiki)/(Q[1-9]\d*)>?", re.ASCII)
_BLANK: Final = re.compile(r"<?(?:https?://[^>]*/\.well-known/genid/|_:)([^>]*)>?|(t\d{5,})")
_TURTLE: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z-]+)|\^\^<[^>]*>)?', re.DOTALL)
_ESCAPED: Final = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tnrbf"\'\\]))')
_PLAIN: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


class Cell(NamedTuple):
    """One value of a row."""

    item: str = ""
    """The item that it is; empty when it is none."""
    unknown: str = ""
    """The key of a value that exists and is not known."""
    text: str = ""
    lang: str = ""


class Row(dict[str, Cell]):
    """The values of a row by their variables; empty ones are left out."""

    def __repr__(self) -> str:
        return repr({name: cell.item or cell.unknown or cell.text for name, cell in self.items()})


def form_of(part: Part) -> str:
    """What a file holds: ``items``, ``bindings`` in JSON, ``tsv`` of the standard, a ``table``."""
    with opened(part) as stream:
        head = stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in {b"{", b"["}:
        return "bindings" if re.match(rb'\{\s*"(?:head|results)"\s*:', head) else "items"
    return "tsv" if head[:1] == b"?" else "table"


def rows(part: Part, form: str, context: Context) -> Iterator[tuple[str, Any]]:
    """(position, row) of every row of a result."""
    if form == "bindings":
        for position, said in documents(part, under=(BINDINGS,)):
            yield position, _bound(said) if isinstance(said, dict) else said
    else:
        yield from _standard(part) if form == "tsv" else _table(part, context)


def _bound(said: dict[str, Any]) -> Any:
    """A row of the JSON form; as it stands when it is none."""
    row = Row()
    for name, value in said.items():
        if not isinstance(value, dict) or not isinstance(value.get("value"), str):
            return said
        cell = _cell(value["value"], str(value.get("xml:lang", "")))
        if value.get("type") == "bnode":
            cell = Cell(unknown=value["value"])
        if cell != Cell():
            row[name] = cell
    return row


def _cell(text: str, lang: str = "") -> Cell:
    text = text.strip()
    if match := _ITEM.fullmatch(text):
        return Cell(item=match[1])
    if is_item(text):
        return Cell(item=text)
    if match := _BLANK.fullmatch(text):
        return Cell(unknown=match[1] or match[2])
    return Cell(text=text, lang=lang)


def _standard(part: Part) -> Iterator[tuple[str, Row | Ragged]]:
    """Rows of the TSV that the standard describes: tabs part, values stand as in Turtle."""
    header: list[str] = []
    held: tuple[int, Ragged] | None = None
    for number, line in lines(part):
        if held:
            yield f"line {held[0]}", held[1]
            held = None
        try:
            cells = line.decode("utf-8").split("\t")
        except UnicodeDecodeError as error:
            raise InputError(f"{part}: line {number} is not UTF-8; save it so") from error
        if not header:
            header = [cell.strip().removeprefix("?") for cell in cells]
        elif len(cells) != len(header):
            held = number, Ragged(cells, len(header))
        else:
            pairs = zip(header, map(_turtle, cells), strict=True)
            yield f"line {number}", Row((name, cell) for name, cell in pairs if cell != Cell())
    if held:
        cut = len(held[1]) < len(header)
        yield f"line {held[0]}", CutOff(held[1], len(header)) if cut else held[1]


def _turtle(text: str) -> Cell:
    match = _TURTLE.fullmatch(text.strip())
    if not match:
        return _cell(text)
    return Cell(text=_ESCAPED.sub(_unescaped, match[1]), lang=match[2] or "")


def _unescaped(match: re.Match[str]) -> str:
    if code := match[1] or match[2]:
        return chr(min(int(code, 16), 0x10FFFF))
    return _PLAIN.get(match[3], match[3])


def _table(part: Part, context: Context) -> Iterator[tuple[str, Row | Ragged]]:
    """Rows of a table, whose columns may each hold a part of a value."""
    for position, record in records(part, context.encoding()):
        if isinstance(record, Ragged):
            yield position, record
            continue
        row = Row()
        for column, text in record.items():
            name, dot, what = column.partition(".")
            if column and text and (not dot or what == "value"):
                row[name] = _cell(text, record.get(f"{name}.xml:lang", ""))
        yield position, row
