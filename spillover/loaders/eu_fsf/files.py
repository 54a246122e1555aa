"""What stands in the EU's files: entries in the shape of the XML.

The CSV repeats an entry on one row for each of its names, addresses, births and documents; its
rows are put together again into what the XML says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.loaders.context import Context, leaves
from spillover.loaders.eu_fsf.days import day
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part, opened
from spillover.loaders.reading.text import Ragged, ended, records
from spillover.loaders.reading.xml import elements, local, root, tree

_COLUMNS: Final = manifest("eu_fsf").fields["csv"]
_KEYS: Final = ("Entity_LogicalId", "Entity_EU_ReferenceNumber")
_SLASHED: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


class Entry(NamedTuple):
    """One listed person or entity, in the shape of the XML."""

    generated: str
    said: dict[str, Any]


class Row(NamedTuple):
    """A further row of an entry of the CSV."""

    key: str


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, object]]:
    """Every entry of the XML; every row of the CSV, the first of an entry with all it says."""
    if not parts:
        raise InputError("eu_fsf: name the XML or CSV file of the EU list")
    context.state["loaded"] = set()
    for part in parts:
        yield from _of_xml(part, context) if _is_xml(part) else _of_csv(part, context)


def _is_xml(part: Part) -> bool:
    with opened(part) as stream:
        return stream.read(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _of_xml(part: Part, context: Context) -> Iterator[tuple[str, str, Entry]]:
    found = root(part)[0]
    if found != "export":
        raise InputError(f"{part}: its root is {found!r}, expected 'export' of the EU list")
    last = None
    for position, element in elements(part, ("sanctionEntity",)):
        top = element.getroottree().getroot()
        generated = day((top.get("generationDate") or "")[:10], f"{part}: generationDate")
        context.dated(generated)
        for other in element.itersiblings(preceding=True):
            _known(other, part, context)
        said = tree(element)
        context.survey(dict(leaves(said)), "xml")
        yield part.name, said.get("@euReferenceNumber") or position, Entry(generated, said)
        last = element
    if last is None:
        raise InputError(f"{part}: holds no sanctionEntity; is it complete?")
    for other in last.itersiblings():
        _known(other, part, context)


def _known(element: Any, part: Part, context: Context) -> None:
    if local(str(element.tag)) != "sanctionEntity":
        context.note("unknown element", local(str(element.tag)), part.name)


def _of_csv(part: Part, context: Context) -> Iterator[tuple[str, str, object]]:
    """Rows in the order of the file; those of one entry need not stand together."""
    rows: list[tuple[str, dict[str, str] | Ragged]] = []
    entries: dict[str, dict[str, Any]] = {}
    generated = ""
    found = records(part, context.encoding(), delimiter=";")
    for position, cells in ended(part, found):
        row: dict[str, str] | Ragged = cells
        if not isinstance(cells, Ragged):
            if not rows and not set(_KEYS) <= cells.keys():
                raise InputError(f"{part}: no column {' or '.join(_KEYS)}; is it the EU list?")
            context.survey(cells, "csv")
            row = {column: cell for column, cell in cells.items() if cell}
            generated = generated or row.get("fileGenerationDate", row.get("Date_file", ""))
            _gather(row, entries.setdefault(_key(row), {}), context)
        rows.append((position, row))
    if not rows:
        raise InputError(f"{part}: holds no row below its header; is it complete?")
    generated = day(_SLASHED.sub(r"\3-\2-\1", generated)[:10], f"{part}: fileGenerationDate")
    context.dated(generated)
    for position, row in rows:
        if isinstance(row, Ragged):
            yield part.name, position, row
            continue
        said = entries.pop(_key(row), None)
        yield part.name, position, Row(_key(row)) if said is None else Entry(generated, said)


def _key(row: dict[str, str]) -> str:
    return next((row[column] for column in _KEYS if column in row), "")


def _gather(row: dict[str, str], said: dict[str, Any], context: Context) -> None:
    """Add what a row says to its entry; what an earlier row said already stays as it is."""
    found: dict[str, dict[str, Any]] = {}
    for column, cell in row.items():
        name, _, field = _COLUMNS.get(column, "").partition(".")
        if field:
            found.setdefault(name, {})[field] = cell if field.startswith("@") else [cell]
        elif name.startswith("@"):
            if said.setdefault(name, cell) != cell:
                context.note("rows of one entry differ", column, _key(row))
        elif name == "remark" and cell not in said.setdefault(name, []):
            said[name].append(cell)
    for name, value in found.items():
        if value not in said.setdefault(name, []):
            said[name].append(value)
