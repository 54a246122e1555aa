"""What do the lists of OFAC say, in any of the four formats in which it publishes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.ofac import advanced, enhanced, legacy, legacy_csv, legacy_xml
from spillover.loaders.reading.files import Part, opened
from spillover.loaders.reading.text import Ragged, rows
from spillover.loaders.reading.xml import root

Record = legacy_csv.Record | legacy_xml.Record | advanced.Record | enhanced.Record
_ROOTS: Final = {"sdnList": "legacy XML", "Sanctions": "advanced", "sanctionsData": "enhanced"}


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Record | Ragged]]:
    """Every record of every file; the formats may stand side by side.

    Raises:
        InputError: no file is of OFAC, or one that was named is not.
    """
    by_form: dict[str, list[Part]] = {form: [] for form in _ROOTS.values()}
    tables: list[tuple[Part, int]] = []
    for part in parts:
        try:
            form, width = _form(part)
        except InputError as error:
            if part.folder is None:
                raise
            context.note("file of the folder left out", part.name, str(error))
            continue
        if width:
            tables.append((part, width))
        else:
            by_form[form].append(part)
    if not tables and not any(by_form.values()):
        raise InputError("ofac: name files of OFAC's lists, or a folder that has some")
    _remember(tables, by_form["legacy XML"], context)
    yield from legacy_csv.read(tables, context)
    for part in by_form["legacy XML"]:
        yield from legacy_xml.read(part, context)
    yield from advanced.read(by_form["advanced"], context)
    for part in by_form["enhanced"]:
        yield from enhanced.read(part, context)


def _form(part: Part) -> tuple[str, int]:
    """Format of a file, and its number of columns when it is a table.

    Raises:
        InputError: it is none of OFAC's.
    """
    with opened(part) as stream:
        head = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        name, _ = root(part)
        if name not in _ROOTS:
            known = ", ".join(_ROOTS)
            raise InputError(f"{part}: its root is {name!r}; OFAC's files begin with {known}")
        return _ROOTS[name], 0
    _, cells = next(rows(part, "latin-1", ","), (0, [""]))
    if not legacy_csv.knows(cells):
        raise InputError(
            f"{part}: no file of OFAC's lists; it has neither their XML nor rows of 12, 6, 5 or 2"
            " columns that begin with a number"
        )
    return "legacy CSV", len(cells)


def _remember(tables: list[tuple[Part, int]], files: list[Part], context: Context) -> None:
    """Let remarks name every party of the legacy files, whichever file comes first."""
    for part, width in tables:
        if legacy_csv.TABLE_OF[width] == "main":
            for name, uid in legacy_csv.names(part, context):
                legacy.remember(name, uid, context)
    for part in files:
        for name, uid in legacy_xml.names(part):
            legacy.remember(name, uid, context)


def transform(record: Record, context: Context) -> Iterable[Entity | Relation]:
    """What one record says.

    Raises:
        InputError: it cannot be read.
    """
    if isinstance(record, legacy_csv.Record):
        return legacy_csv.transform(record, context)
    if isinstance(record, legacy_xml.Record):
        return legacy_xml.transform(record, context)
    if isinstance(record, advanced.Record):
        return advanced.transform(record, context)
    return enhanced.transform(record, context)
