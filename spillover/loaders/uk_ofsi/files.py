"""What stands in the UK lists: one group of rows, or one designation, for each target.

The consolidated list, and the UK Sanctions List as CSV, have a row for each name, address and date
of birth of a target, in any order. The XML of the UK Sanctions List nests them in one designation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.loaders.context import Context, leaves
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part, opened
from spillover.loaders.reading.text import Ragged, Record, ended, records, rows
from spillover.loaders.reading.xml import elements, local, root, tree
from spillover.loaders.uk_ofsi.texts import date_in, iso

_FIELDS: Final = manifest("uk_ofsi").fields
_PRIMARY: Final[list[str]] = manifest("uk_ofsi").tables["primary"]
_ROOTS: Final = {
    "ArrayOfFinancialSanctionsTarget": ("list xml", "FinancialSanctionsTarget"),
    "Designations": ("uksl xml", "Designation"),
}
_NAME: Final = tuple(f"name{number}" for number in range(1, 7))
_ADDRESS: Final = tuple(f"address{number}" for number in range(1, 8))
_TAKEN: Final = {*_NAME, *_ADDRESS, "country", "alias_type", "alias_quality", "script_language"}
_HEAD: Final = 4096
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Group:
    """All that the rows of one target say, each text once."""

    key: str
    form: str
    generated: str = ""
    """Day of the list."""
    names: list[tuple[str, str, str]] = field(default_factory=list)
    """(name, type, quality)."""
    scripts: list[tuple[str, str]] = field(default_factory=list)
    """(name in its own script, language)."""
    addresses: list[str] = field(default_factory=list)
    listings: list[tuple[str, str, str]] = field(default_factory=list)
    """(regime, day of listing, day of designation)."""
    said: dict[str, list[str]] = field(default_factory=dict)

    def add(self, row: dict[str, str]) -> None:
        """Take over what one row says."""
        name = " ".join(row[part] for part in _NAME if part in row)
        kinds = row.get("alias_type", "").lower(), row.get("alias_quality", "").lower()
        address = ", ".join(row[part] for part in (*_ADDRESS, "country") if part in row)
        birth = ", ".join(row[part] for part in ("town", "birth_country") if part in row)
        _put(self.names, (name, *kinds), when=name)
        script = row.get("script", "")
        _put(self.scripts, (script, row.get("script_language", "")), when=script)
        _put(self.addresses, address, when=address)
        if "regime" in row:
            days = row.get("listed", ""), row.get("designated", "")
            _put(self.listings, (row["regime"], *days), when="regime")
        for word, text in {**row, "birth_place": birth}.items():
            if word not in _TAKEN or word == "country":
                _put(self.said.setdefault(word, []), text, when=text)


@dataclass(frozen=True, slots=True)
class Row:
    """A further row of a group."""

    key: str


def _put(into: list[Any], value: Any, *, when: str) -> None:
    if when and value not in into:
        into.append(value)


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, object]]:
    """Every row or designation; the first row with a main name stands for its group.

    Raises:
        InputError: a file is none of the four forms, or holds no record.
    """
    if not parts:
        raise InputError("uk_ofsi: name the CSV or XML file of the UK list")
    context.state["loaded"] = set()
    for part in parts:
        found = _of_xml(part, context) if _head(part).startswith(b"<") else _of_csv(part, context)
        count = 0
        for count, (position, record) in enumerate(found, 1):  # noqa: B007 - counted for the check
            yield part.name, position, record
        if not count:
            raise InputError(f"{part}: holds no record; is it complete?")


def _head(part: Part) -> bytes:
    with opened(part) as stream:
        return stream.read(_HEAD).removeprefix(_BOM).lstrip()


def _of_csv(part: Part, context: Context) -> Iterator[tuple[str, object]]:
    encoding = context.encoding(_declared(part))
    table = rows(part, encoding)
    top = next(table, (0, []))[1]
    skip = int("Group ID" not in top and "Unique ID" not in top)
    header = next(table, (0, []))[1] if skip else top
    columns = {column.strip() for column in header}
    if not columns & {"Group ID", "Unique ID"}:
        raise InputError(f"{part}: no column 'Group ID' or 'Unique ID'; is it a UK list?")
    form = "list csv" if "Group ID" in columns else "uksl csv"
    generated = date_in(" ".join(top)) if skip else ""
    context.dated(generated)
    if not generated:
        context.note("no day of the list", "its first line names none", part.name)
    found = records(part, encoding, skip=skip)
    yield from _grouped(ended(part, found), form, generated, context)


def _declared(part: Part) -> str:
    """The encoding of a CSV: UTF-8 since the lists print names in their own script."""
    with opened(part) as stream:
        head = stream.read(_HEAD)
    modern = head.startswith(_BOM) or b"on-latin script" in head.lower()
    return "utf-8" if modern else "cp1252"


def _of_xml(part: Part, context: Context) -> Iterator[tuple[str, object]]:
    found = root(part)[0]
    if found not in _ROOTS:
        raise InputError(f"{part}: its root is {found!r}, expected {' or '.join(_ROOTS)}")
    form, tag = _ROOTS[found]
    if form == "list xml":
        flat = ((where, _flat(tree(one))) for where, one in _elements(part, tag, context))
        context.note("no day of the list", "the XML names none", part.name)
        yield from _grouped(flat, form, "", context)
        return
    for position, element in _elements(part, tag, context):
        said = tree(element)
        context.survey(dict(leaves(said)), form)
        generated = context.state.get("DateGenerated", "")
        context.dated(generated)
        group = Group("", form, generated)
        for row in _rows(said):
            group.add(row)
        group.key = next(iter(group.said.get("reference", group.said.get("group", ()))), "")
        yield group.key or position, group


def _elements(part: Part, tag: str, context: Context) -> Iterator[tuple[str, Any]]:
    """The records of an XML file; whatever else stands beside them is signalled."""
    last = None
    for position, element in elements(part, (tag,)):
        for other in element.itersiblings(preceding=True):
            _beside(other, tag, part, context)
        yield position, element
        last = element
    for other in last.itersiblings() if last is not None else ():
        _beside(other, tag, part, context)


def _beside(element: Any, tag: str, part: Part, context: Context) -> None:
    name = local(str(element.tag))
    if name == "DateGenerated":
        text = element.text or ""
        context.state[name] = iso(text)
        if not iso(text):
            raise InputError(f"{part}: DateGenerated is {text[:40]!r}; expected dd/mm/yyyy")
    elif name != tag:
        context.note("unknown element", name, part.name)


def _flat(said: dict[str, Any]) -> dict[str, str]:
    """The texts of a record whose elements are all leaves; an element that is nil has none."""
    texts = ((name, value[0]) for name, value in said.items() if isinstance(value, list))
    return {
        name: text if isinstance(text, str) else str(text.get("#text", "")) for name, text in texts
    }


def _rows(said: dict[str, Any], above: str = "") -> Iterator[dict[str, str]]:
    """What a nested record says as rows: the leaves of one element make one, repeats one more."""
    row: dict[str, str] = {}
    further: list[dict[str, str]] = []
    inner: list[dict[str, str]] = []
    for name, values in said.items():
        field = _FIELDS["uksl xml"].get(above + name, "ignored")
        for value in values if isinstance(values, list) else ():
            if isinstance(value, dict):
                inner += _rows(value, f"{above}{name}.")
            elif value and not field.startswith("ignored"):
                if field in row:
                    further.append({field: value})
                else:
                    row[field] = value
    yield from (row, *further, *inner) if row else inner


def _grouped(
    found: Iterable[Record],
    form: str,
    generated: str,
    context: Context,
) -> Iterator[tuple[str, object]]:
    """The rows by group: first the ones that stand for a group, then all others."""
    groups: dict[str, Group] = {}
    leads: dict[str, tuple[bool, int]] = {}
    others: list[tuple[str, Ragged | Row]] = []
    for index, (position, cells) in enumerate(found):
        if isinstance(cells, Ragged):
            others.append((position, cells))
            continue
        context.survey(cells, form)
        row = _named(cells, form)
        key = row.get("reference", "") if form == "uksl csv" else ""
        key = key or row.get("group", "")
        if key:
            groups.setdefault(key, Group(key, form, generated)).add(row)
            rank = row.get("alias_type", "").lower() not in _PRIMARY, index
            leads[key] = min(leads.get(key, rank), rank)
        others.append((position, Row(key)))
    places = {index: key for key, (_, index) in leads.items()}
    for index in sorted(places):
        yield others[index][0], groups.pop(places[index])
    for index, (position, record) in enumerate(others):
        if index not in places:
            yield position, record


def _named(cells: dict[str, str], form: str) -> dict[str, str]:
    """The cells that say something, by the names of this loader."""
    fields = _FIELDS[form]
    named = ((fields.get(column, "ignored"), cell) for column, cell in cells.items() if cell)
    return {name: cell for name, cell in named if not name.startswith("ignored")}
