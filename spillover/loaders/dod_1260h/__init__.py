"""Which Chinese military companies do the yearly Section 1260H lists name, and whose are they.

A company is one entity over all lists: known by its name, compared without case and punctuation,
with the spellings that the manifest holds, and under a former name that a list prints. It is listed
from the first list that names it until the day on which its last row ends.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, Final

from spillover.graph.dates import day_range
from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context, name_id
from spillover.loaders.dod_1260h.names import (
    SPELLINGS,
    aliases,
    bare_key,
    former,
    named,
    previous,
)
from spillover.loaders.dod_1260h.notes import noted
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import Ragged, records

_TABLES: Final[dict[str, Any]] = manifest("dod_1260h").tables
_PROGRAMME: Final = _TABLES["programme"]["id"]
_BRACKET: Final = re.compile(r"\(([^()]+)\)\s*$")
_DENIAL: Final = re.compile(_TABLES["denial"])
_MAIN: Final = ("Name", "Clean Name", "Alias", "Parent Name", "Note", "Start date", "End date")
_EDGES: Final = ("child", "parent", "list_date")


class Row(dict[str, str]):
    """One row, and the table in which it stands."""

    form: str


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Row | Ragged]]:
    """Every row of the tables, after the rows of each company have been brought together."""
    if not parts:
        raise InputError("dod_1260h: name the table of the Section 1260H lists")
    tables = [(part, list(_rows(part, context))) for part in parts]
    listed = [
        row
        for _, table in tables
        for _, row in table
        if isinstance(row, Row) and row.form == "listings" and _is_sound(row)
    ]
    tables.sort(key=lambda table: any(_is_edge(row) for _, row in table[1]))
    context.state.update(former=former(listed), firms=defaultdict(list), short={}, stated=set())
    for row in listed:
        firm = _id(row["Clean Name"], context)
        context.state["firms"][firm].append(row)
        for alias in aliases(row["Alias"]):
            if context.state["short"].setdefault(bare_key(alias), firm) != firm:
                context.state["short"][bare_key(alias)] = ""
    context.state["latest"] = max((row["Start date"] for row in listed), default="")
    for part, table in tables:
        for position, found in table:
            if isinstance(found, Row):
                context.survey(found, found.form)
            yield part.name, position, found


def _is_edge(row: Row | Ragged) -> bool:
    return isinstance(row, Row) and row.form == "parents"


def _rows(part: Part, context: Context) -> Iterator[tuple[str, Row | Ragged]]:
    for position, cells in records(part, context.encoding()):
        if isinstance(cells, Ragged):
            yield position, cells
            continue
        row = Row(cells)
        row.form = "listings" if row.keys() >= set(_MAIN) else "parents"
        if row.form == "parents" and not row.keys() >= set(_EDGES):
            raise InputError(
                f"{part}: no table that is known; expected the columns {', '.join(_MAIN)};"
                f" or {', '.join(_EDGES)}"
            )
        yield position, row


def _is_sound(row: Row) -> bool:
    """Whether a row can be read; one that cannot is told of when it is transformed."""
    try:
        _check(row)
    except InputError:
        return False
    return True


def _check(row: Row) -> None:
    if not row["Clean Name"] or not row["Start date"]:
        raise InputError("no clean name or no start date; expected a company and its list")
    for name in filter(None, (row["Clean Name"], row["Parent Name"])):
        named(name)
    start = day_range(row["Start date"])[0]
    if row["End date"] and day_range(row["End date"])[1] < start:
        raise InputError(f"ends on {row['End date']} before it starts on {row['Start date']}")


def _id(name: str, context: Context) -> str:
    key = named(name)
    seen = {key}
    while (older := context.state["former"].get(key)) and older not in seen:
        key = older
        seen.add(key)
    return name_id(key, "dod_1260h")


def transform(row: Row, context: Context) -> Iterable[Entity | Relation]:
    """The company and its listing, with the first of its rows; the parent and ties of each.

    Raises:
        InputError: an empty name, or a date that cannot be read.
    """
    if row.form == "parents":
        return _edge(row, context)
    _check(row)
    return _listing(row, context)


def _listing(row: Row, context: Context) -> Iterator[Entity | Relation]:
    firm = _id(row["Clean Name"], context)
    rows = context.state["firms"][firm]
    found: list[Entity | Relation] = []
    if row is rows[0]:
        found += [_company(firm, rows, context), *_listed(firm, rows, context)]
    evidence = _evidence(row, context)
    if row["Parent Name"]:
        found += _controls(row["Parent Name"], firm, evidence, context)
    if row["Note"]:
        found += _noted(row, firm, evidence._replace(note=row["Note"]), context)
    if not found:
        context.merge("company that another list names, too", row["Clean Name"])
    yield from found


def _evidence(row: Row, context: Context) -> Evidence:
    return context.evidence(
        f"{row['Clean Name']}, {row['Start date']}",
        url=row.get("Source Url", ""),
        observed=row["Start date"],
    )


def _company(firm: str, rows: list[Row], context: Context) -> Entity:
    """The company as all its rows describe it; the latest spelling is its name."""
    latest = max(rows, key=lambda row: row["Start date"])
    name = latest["Clean Name"]
    earlier = {text for row in rows for text in previous(row)}
    for text in sorted(earlier):
        if _id(text, context) != firm and _id(text, context) in context.state["firms"]:
            context.note("former name of a company that a list names beside it", text, name)
    names = dict.fromkeys(Name(text, role="previous") for text in sorted(earlier))
    for row in rows:
        for text in (row["Clean Name"], *aliases(row["Alias"])):
            if text != name and text not in earlier:
                names[Name(text, role="alias")] = None
        bracket = _BRACKET.search(row["Clean Name"])
        known = bare_key(row["Clean Name"]) in SPELLINGS
        if bracket and not known and bracket[1] not in _TABLES["own_brackets"]:
            context.note("name with brackets at its end", row["Clean Name"], row["Name"])
    printed = tuple(dict.fromkeys(row["Name"] for row in rows))
    return Entity(
        firm, "Company", name, tuple(names), (), (), ("debarment",), {"printedName": printed}
    )


def _listed(firm: str, rows: list[Row], context: Context) -> Iterator[Entity | Relation]:
    """One listing for each time without a gap: a later list goes on, an end closes."""
    yield Entity(_PROGRAMME, "Programme", _TABLES["programme"]["name"], countries=("us",))
    spans: list[list[Row]] = []
    for row in sorted(rows, key=lambda row: (row["Start date"], row["End date"] or "9")):
        end = spans[-1][-1]["End date"] if spans else ""
        if not spans or (end and end < row["Start date"]):
            spans.append([])
        spans[-1].append(row)
    for span in spans:
        last = span[-1]
        if not last["End date"] and last["Start date"] < context.state["latest"]:
            context.note("no end, but not in the latest list", last["Start date"], last["Name"])
        notes = tuple(dict.fromkeys(row["Note"] for row in span if row["Note"]))
        yield Relation(
            "DESIGNATES",
            _PROGRAMME,
            firm,
            start=span[0]["Start date"],
            end=last["End date"] or None,
            evidence=_evidence(last, context)._replace(note=last["Name"]),
            properties={"lists": tuple(row["Start date"] for row in span)}
            | ({"reason": notes} if notes else {}),
        )


def _controls(
    parent: str, firm: str, evidence: Evidence, context: Context
) -> list[Entity | Relation]:
    """The parent under which the list prints a company: control without a share."""
    above = _id(parent, context)
    if above == firm:
        return []
    context.state["stated"].add((above, firm, evidence.observed))
    new = [] if above in context.state["firms"] else [Entity(above, "Company", parent)]
    note = f"listed under its parent {parent}"
    return [*new, Relation("CONTROLS", above, firm, evidence=evidence._replace(note=note))]


def _edge(row: Row, context: Context) -> Iterator[Entity | Relation]:
    """A row of a table of parents.

    Raises:
        InputError: an empty name, or a date that cannot be read.
    """
    if not row["child"] or not row["parent"]:
        raise InputError("no child or no parent; expected the names of both")
    day_range(row["list_date"])
    firm = _id(row["child"], context)
    if (_id(row["parent"], context), firm, row["list_date"]) in context.state["stated"]:
        context.merge("parent that the list itself states", row["child"])
        return
    if firm not in context.state["firms"]:
        alias = row.get("child_alias", "")
        names = tuple(Name(text, role="alias") for text in aliases(alias))
        yield Entity(firm, "Company", row["child"], names)
    evidence = context.evidence(
        f"{row['child']}, {row['list_date']}",
        url=row.get("source_url", ""),
        observed=row["list_date"],
    )
    yield from _controls(row["parent"], firm, evidence, context)


def _noted(
    row: Row, firm: str, evidence: Evidence, context: Context
) -> Iterator[Entity | Relation]:
    """What a note states of the state, or denies."""
    denial = _DENIAL.fullmatch(row["Note"])
    if denial:
        owner = context.state["short"].get(bare_key(denial["owner"])) or _id(
            denial["owner"], context
        )
        if owner not in context.state["firms"]:
            yield Entity(owner, "Company", denial["owner"])
        day = row["End date"] or row["Start date"]
        yield Relation(
            "OWNS", owner, firm, evidence=evidence._replace(stance="denies", observed=day)
        )
        return
    yield from noted(row["Note"], firm, evidence, context)
