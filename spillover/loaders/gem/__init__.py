"""Who owns which power plant, terminal, pipeline or mine, by Global Energy Monitor's trackers.

An owner's share is of the unit. A parent's share is of the unit, too, through its chain of
owners: it repeats that chain and is never added to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.folding import fold
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.stake import WHOLE
from spillover.loaders.context import Context, name_id
from spillover.loaders.gem.owners import Owner, owners, total
from spillover.loaders.gem.ownership import entity, imputed, observed, ownership
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.cells import Sheet
from spillover.loaders.reading.countries import alpha2
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.sheets import Record, is_sheets, sheets
from spillover.loaders.reading.sheets import records as sheet_records
from spillover.loaders.reading.text import Ragged, records, rows

_TABLES: Final[dict[str, Any]] = manifest("gem").tables
_FORMS: Final[dict[str, list[list[str]]]] = _TABLES["forms"]
_COLUMNS: Final[dict[str, list[str]]] = _TABLES["columns"]
_BLANK: Final = frozenset(_TABLES["blank"])
_NAMES: Final = frozenset(_COLUMNS["name"])
"""Columns in which a text that mostly stands for nothing may be a name."""
_FIELDS: Final = manifest("gem").fields["tracker"]
_PROPERTIES: Final = frozenset(name for name, said in _FIELDS.items() if said != "property")
"""Columns of a tracker that do not become a property, or not by their own name."""
_ROLL_UP: Final = "roll-up"


class Row(NamedTuple):
    """One row of a table, by its columns in their plain form."""

    form: str
    cells: dict[str, str]
    where: str
    fault: str = ""


class _Table(NamedTuple):
    """One table among the inputs."""

    part: Part
    sheet: Sheet | None
    form: str


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Row | Ragged]]:
    """Every row of every table; descriptions of entities come first."""
    if not parts:
        raise InputError("gem: name the files of a tracker, as CSV or XLSX")
    tables = [table for part in parts for table in _tables(part, context)]
    forms = {table.form for table in tables}
    if forms == {_ROLL_UP}:
        raise InputError(
            f"{tables[0].part}: a roll-up of chains; load the tables All Entities, Entity Ownership"
            " and Asset Ownership, which it repeats"
        )
    tables.sort(key=lambda table: table.form != "entities")
    context.state["described"] = set()
    for table in tables:
        plain: dict[str, str] = {}
        for position, record in _records(table, context):
            if isinstance(record, Ragged):
                yield table.part.name, position, record
                continue
            cells = {plain.setdefault(key, _plain(key)): text for key, text in record.items()}
            fault = record.fault if isinstance(record, Record) else ""
            where = f"{table.part.name} {position}"
            yield table.part.name, position, Row(table.form, cells, where, fault)


def _records(
    table: _Table, context: Context
) -> Iterator[tuple[str, dict[str, str] | Record | Ragged]]:
    if table.sheet is None:
        return records(table.part, context.encoding())
    return sheet_records(table.part, table.sheet)


def _plain(column: str) -> str:
    """A name of a column as they are compared: a hyphen or underscore reads like a space."""
    return re.sub(r"[\s_-]+", " ", fold(column)).strip()


def _tables(part: Part, context: Context) -> Iterator[_Table]:
    """The tables of a part by their headers; sheets that are none (About, Copyright) are named.

    Raises:
        InputError: there is none.
    """
    if not is_sheets(part):
        form = _form(next(rows(part, context.encoding()), (0, []))[1])
        if not form:
            raise InputError(
                f"{part}: no table of a tracker; expected a header with an owner and a plant, or"
                " with entity ids"
            )
        yield _Table(part, None, form)
        return
    found = False
    for sheet in sheets(part):
        form = _form(next(sheet.rows(), (0, []))[1])
        if form:
            found = True
            yield _Table(part, sheet, form)
        else:
            context.note("sheet left out", sheet.name, part.name)
    if not found:
        raise InputError(f"{part}: no sheet with a table of a tracker")


def _form(header: Iterable[str]) -> str:
    columns = {_plain(name) for name in header}
    for form, wanted in _FORMS.items():
        if all(columns & set(names) for names in wanted):
            return form
    return ""


def transform(record: Row, context: Context) -> Iterable[Entity | Relation]:
    """What one row says.

    Raises:
        InputError: a value that cannot be read, or nothing that names the unit.
    """
    if record.fault:
        raise InputError(record.fault)
    if record.form == _ROLL_UP:
        context.ignore("roll-up of chains that other tables hold", record.where)
        return ()
    context.survey(record.cells, record.form)
    names = _NAMES if record.form == "tracker" else ()
    cells = {
        name: text
        for name, text in record.cells.items()
        if text and (name in names or fold(text) not in _BLANK)
    }
    if record.form == "tracker":
        return _unit(cells, context)
    return entity(cells, context) if record.form == "entities" else ownership(cells, context)


def _unit(cells: Mapping[str, str], context: Context) -> Iterator[Entity | Relation]:
    """A unit of a tracker, its owners and their parents."""
    said = {
        ours: next((cells[theirs] for theirs in columns if theirs in cells), "")
        for ours, columns in _COLUMNS.items()
    }
    name = " ".join(filter(None, (said["name"], said["unit"])))
    if not said["name"]:
        raise InputError("no name of a plant or project; name it")
    unit_id = _unit_id(said, name)
    yield Entity(
        unit_id,
        "Asset",
        name,
        tuple(_further(said)),
        _countries(said, context),
        properties={
            **{name: (text,) for name, text in cells.items() if name not in _PROPERTIES},
            **{name: (said[name],) for name in ("owner", "parent") if said[name]},
        },
    )
    held = _held("owner", said, context)
    parents = _held("parent", said, context)
    seen = observed(said["observed"], context)
    own = {owner.id: owner for owner in held}
    for role, found in (("owner", held), ("parent", parents)):
        for owner in found:
            if role == "parent" and _repeats(owner, own.get(owner.id), name, context):
                continue
            if owner.id not in context.state["described"]:
                yield owner.entity
            evidence = context.evidence(
                unit_id.removeprefix("gem:"),
                url=said["url"],
                observed=seen,
                note=f"{role}: {owner.name}" + (f" [{owner.text}]" if owner.text else ""),
            )
            yield _owns(owner, unit_id, evidence, indirect=role == "parent")


def _unit_id(said: Mapping[str, str], name: str) -> str:
    """Its id in the tracker; else its page in GEM's wiki, whose titles tell letters by case."""
    if said["id"]:
        return f"gem:{said['id']}"
    _, _, title = said["url"].partition("gem.wiki/")
    if not title:
        return name_id(name, "gem:unit")
    return f"gem:{'#'.join(filter(None, (unquote(title), said['unit'])))}".replace(" ", "_")


def _owns(owner: Owner, unit: str, evidence: Evidence, *, indirect: bool) -> Relation:
    return Relation(
        "OWNS",
        owner.id,
        unit,
        owner.stake,
        "interest" if owner.stake else "",
        evidence=evidence,
        reported_indirect=indirect,
        stake_text=owner.text,
    )


def _repeats(parent: Owner, owner: Owner | None, unit: str, context: Context) -> bool:
    """Whether a parent is the owner itself, so that the claim is there already."""
    if owner is None:
        return False
    if parent.stake in {None, owner.stake}:
        return True
    example = f"{parent.name} in {unit}: owner [{owner.text}], parent [{parent.text}]"
    context.note("owner and parent of one name", "with two shares", example)
    return False


def _held(role: str, said: Mapping[str, str], context: Context) -> list[Owner]:
    """The owners, or parents, that have a name; what they hold together is checked."""
    found = owners(said[role], said[f"{role} ids"], context)
    if imputed(said[f"{role} imputed"], context):
        found = [owner._replace(stake=None, text=f"{owner.text} (imputed)") for owner in found]
    least, complete = total(found)
    example = f"{said['name']} {said['unit']}: {said[role]}"
    if least > WHOLE:
        context.note("shares over 100 %", role, example)
    elif complete and found and least < WHOLE:
        context.note("shares under 100 %", role, example)
    return [owner for owner in found if owner.id]


def _further(said: Mapping[str, str]) -> Iterator[Name]:
    """Further names; several in one cell are parted by semicolons."""
    for column, lang, role in (
        ("chinese", "zh", "name"),
        ("local", "", "name"),
        ("other", "", "alias"),
    ):
        for text in filter(None, map(str.strip, said[column].split(";"))):
            yield Name(text, lang, role)


def _countries(said: Mapping[str, str], context: Context) -> tuple[str, ...]:
    """Codes of the countries that a unit lies in; a pipeline may cross many."""
    found: dict[str, None] = {}
    for text in (said["country"], said["second country"]):
        names = [text] if alpha2(text) else re.split("[,;]", text)
        found.update(dict.fromkeys(filter(None, map(context.country, names))))
    return tuple(found)
