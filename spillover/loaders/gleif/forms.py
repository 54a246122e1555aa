"""In which form does a file of GLEIF come, and how are all forms made one.

XML, golden-copy CSV, golden-copy JSON and the answers of the API say the same in four ways. All
are brought into the shape of the XML (see :func:`spillover.loaders.reading.xml.tree`): children in
lists, attributes under ``@name``, the text beside attributes under ``#text``.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.loaders.context import Context
from spillover.loaders.gleif import api, columns
from spillover.loaders.gleif.places import Place
from spillover.loaders.reading.files import Part, opened
from spillover.loaders.reading.json import documents
from spillover.loaders.reading.text import Ragged
from spillover.loaders.reading.text import records as rows
from spillover.loaders.reading.xml import elements, root

Tree = dict[str, Any]

_XML: Final = {
    "LEIData": ("lei", "LEIRecord"),
    "RelationshipData": ("rr", "RelationshipRecord"),
    "ReportingExceptionData": ("repex", "Exception"),
}
_UNDER: Final = ("records", "relations", "exceptions", "data")
_HEADS: Final = {
    "lei": {"LEI", "Entity.LegalName"},
    "rr": {"Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID"},
    "repex": {"LEI", "Exception.Category"},
}


class Raw(NamedTuple):
    """One record as the XML has it."""

    table: str
    """``lei``, ``rr``, ``repex``, ``isin`` or a type of the API; empty for JSON not looked at."""
    tree: Tree
    audited: Mapping[str, Any] | None = None
    """The record in its own form, whose fields the manifest must name; None when that is done."""
    audit: str = ""
    """The table of the manifest's fields for that form."""

    def __repr__(self) -> str:
        """The record alone, as a report quotes it."""
        return repr(self.tree)


def records(part: Part, context: Context, *, quiet: bool = False) -> Iterator[tuple[str, Any]]:
    """(position, :class:`Raw` or a ragged row) of every record of a file.

    Args:
        part: the file.
        context: where what is odd about the file is signalled.
        quiet: nothing is signalled: the file is read again later.

    Raises:
        InputError: the file is cut off, or not what its beginning says.
    """
    form = _form(part)
    if form == "xml":
        yield from _from_xml(part, context, quiet=quiet)
    elif form == "json":
        for position, record in documents(part, _UNDER, None if quiet else _page(part, context)):
            yield position, Raw("", record)
    else:
        yield from _from_csv(part, context, quiet=quiet)


def table_of(part: Part, context: Context) -> str:
    """Which table the first record of a file belongs to; ``other`` when it holds none of ours.

    Raises:
        InputError: it is none of GLEIF's files.
    """
    for _, raw in records(part, context, quiet=True):
        if isinstance(raw, Ragged):
            continue
        try:
            table = (raw if raw.table else looked_at(raw)).table
        except InputError:
            return "other"
        return table if table in {"lei", "rr", "isin", "repex"} else "other"
    return "other"


def looked_at(raw: Raw) -> Raw:
    """A JSON record in the shape of the XML.

    Raises:
        InputError: it is no record of the golden copy or of the API.
    """
    record: Any = raw.tree
    if isinstance(record, dict):
        inner = record.get("data") if "type" not in record else record
        if isinstance(inner, dict) and isinstance(inner.get("type"), str):
            table, made = api.tree_of(inner)
            return Raw(table, made, inner, f"{table}.api") if made else Raw(table, inner)
        for table, keys in (("rr", ("Relationship",)), ("repex", ("ExceptionCategory",))):
            if all(key in record for key in keys):
                return _golden(table, record)
        if "LEI" in record and "Entity" in record:
            return _golden("lei", record)
    raise InputError(
        "neither a record of GLEIF's golden copy nor of its API; expected LEI and Entity,"
        " Relationship, ExceptionCategory, or data with a type"
    )


def _golden(table: str, record: Mapping[str, Any]) -> Raw:
    made = _unwrapped(record)
    return Raw(table, made, made, table)


def _unwrapped(record: Mapping[str, Any]) -> Tree:
    """A record of the golden-copy JSON, whose values stand under ``$``, as the XML has it."""
    made: Tree = {}
    for key, value in record.items():
        name = key.rpartition(":")[2]
        if key.startswith("@"):
            made[f"@{name.removeprefix('@')}"] = _text(value)
        elif key == "$":
            made["#text"] = _text(value)
        elif value is not None:
            made[name] = [_unwrapped_one(key, one) for one in _listed(value)]
    return made


def _unwrapped_one(key: str, value: Any) -> Tree | str:
    if not isinstance(value, Mapping):
        raise InputError(
            f"{key[:80]!r} is {str(value)[:80]!r}, not wrapped in {{'$': ...}} as in GLEIF's"
            " golden copy; load the golden copy itself"
        )
    return _text(value["$"]) if set(value) == {"$"} else _unwrapped(value)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise InputError(f"{str(value)[:80]!r} stands where a text belongs")
    return "" if value is None else str(value).strip()


def _from_xml(part: Part, context: Context, *, quiet: bool) -> Iterator[tuple[str, Raw]]:
    table, tag = _XML[root(part)[0]]
    counted, found, place = "", 0, Place("", context.manifest.fields[table], "")
    for position, element in elements(part, (tag, "RecordCount")):
        if position.startswith("RecordCount"):
            counted = (element.text or "").strip()
            continue
        found += 1
        strange: list[Place] = []
        made = place.grown(element, strange)
        yield position, Raw(table, made, made if strange else None, table)
    if counted and counted != str(found) and not quiet:
        context.note("header counts other records", part.name, f"{counted}; there are {found}")


def _from_csv(part: Part, context: Context, *, quiet: bool) -> Iterator[tuple[str, Any]]:
    table, plan = "", None
    for position, row in rows(part, context.encoding()):
        if isinstance(row, Ragged):
            yield position, row
            continue
        if plan is None:
            table, plan = _headed(part, list(row)), columns.Plan(part, list(row))
            if not quiet:
                context.survey(plan.grown(row, empty=True), table)
        yield position, Raw(table, plan.grown(row))


def _headed(part: Part, header: list[str]) -> str:
    for table, columns_of in _HEADS.items():
        if columns_of <= set(header):
            return table
    raise InputError(
        f"{part}: columns {', '.join(header)[:200]} are none of GLEIF's golden copy; expected"
        f" {'; '.join(', '.join(sorted(head)) for head in _HEADS.values())}"
    )


def _form(part: Part) -> str:
    with opened(part) as stream:
        head = stream.read(4096).removeprefix(codecs.BOM_UTF8).lstrip()
    if head.startswith(b"<"):
        name = root(part)[0]
        if name not in _XML:
            raise InputError(
                f"{part}: its XML root is {name!r}; expected {', '.join(_XML)} of GLEIF"
            )
        return "xml"
    return "json" if head[:1] in {b"{", b"["} else "csv"


def _page(part: Part, context: Context) -> Any:
    """Signal an answer of the API that is one page of several."""

    def around(beside: Mapping[str, Any]) -> None:
        meta = beside.get("meta")
        pages = meta.get("pagination") if isinstance(meta, dict) else None
        if isinstance(pages, dict) and pages.get("lastPage", 1) != 1:
            seen = f"{pages.get('from')} to {pages.get('to')} of {pages.get('total')}"
            context.note("one page of several", part.name, seen)

    return around
