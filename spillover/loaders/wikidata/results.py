"""What does a row of a query's result say of its item.

The variables of a query tell what they stand for by their names: a table in the manifest, or the
number of a property. What several rows say of one item is put together before the first is loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context
from spillover.loaders.wikidata.bindings import Cell, Row
from spillover.loaders.wikidata.claims import (
    NATIONS,
    OWNING,
    RELATIONS,
    Said,
    claims,
    ended,
    entity_id,
    identifiers,
    unknown,
)
from spillover.loaders.wikidata.values import TABLES, literal_date, literal_share

_VARIABLES: Final = {
    name: meaning for meaning, names in TABLES["variables"].items() for name in names
}
_NAMES: Final = {"AltLabel": "alias", "Label": "name"}
"""How a variable ends that is a name of another: the role of that name."""
_TIMES: Final = ("start", "end", "observed")


@dataclass(slots=True)
class Described:
    """What all rows together say of one item."""

    schema: str = "LegalEntity"
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    """Role of each name with its language."""
    countries: dict[str, None] = field(default_factory=dict)
    identifiers: dict[tuple[str, str], None] = field(default_factory=dict)
    properties: dict[str, dict[str, None]] = field(default_factory=dict)


Memory = dict[str, Described]


def meaning(variable: str) -> str:
    """What a variable stands for; empty when its name does not tell."""
    name = variable.strip().lower()
    if name[:1] == "p" and name[1:].isdigit():
        return name.upper()
    return str(_VARIABLES.get(name, ""))


def gather(row: Row, memory: Memory) -> None:
    """Keep what a row says of its items beside their links."""
    subject = _subject(row)
    for variable, cell in row.items():
        what = meaning(variable)
        if what == "item" or what in RELATIONS:
            _name(variable, cell, row, memory)
        if subject and what:
            _attribute(what, variable, row, memory.setdefault(subject, Described()))
        if what in RELATIONS and cell.item and RELATIONS[what].get("value"):
            memory[cell.item].schema = RELATIONS[what]["value"]


def _subject(row: Row) -> str:
    return next((c.item for name, c in row.items() if c.item and meaning(name) == "item"), "")


def _name(variable: str, cell: Cell, row: Row, memory: Memory) -> None:
    if not cell.item:
        return
    described = memory.setdefault(cell.item, Described())
    for ending, role in _NAMES.items():
        named = row.get(variable + ending, Cell())
        if named.text:  # the label of an item without one is its address: no text, but an item
            described.names.setdefault((named.text, named.lang), role)


def _attribute(what: str, variable: str, row: Row, described: Described) -> None:
    cell, label = row[variable], row.get(f"{variable}Label", Cell()).text
    value = f"{label} ({cell.item})" if cell.item and label else cell.item or cell.text
    if what in TABLES["names"] and cell.text:
        past = any(meaning(name) == "end" for name in row)
        described.names.setdefault((cell.text, cell.lang), "previous" if past else "name")
    elif what in TABLES["countries"] and cell.item in NATIONS:
        described.countries[NATIONS[cell.item]] = None
    elif what in TABLES["identifiers"] and cell.text:
        described.identifiers[TABLES["identifiers"][what], cell.text] = None
    elif what in TABLES["properties"] and value:
        when = next((c.text for name, c in row.items() if meaning(name) == "observed"), "")
        text = f"{value} ({when[:10]})" if when else value
        described.properties.setdefault(TABLES["properties"][what], {})[text] = None


def result(row: Row, context: Context) -> Iterable[Entity | Relation]:
    """The items of a row, and the claims that no row before has made.

    Raises:
        InputError: no item, or a date or a share that cannot be read.
    """
    subject = _subject(row)
    if not subject:
        raise InputError("no item in any column that this loader takes for one")
    found: list[Entity | Relation] = [_entity(subject, context)]
    linked = [(meaning(name), cell) for name, cell in row.items() if meaning(name) in RELATIONS]
    for name, cell in row.items():
        _signal(name, cell, row, context)
    said = Said(subject, "", "", "")
    _measure(said, row, context)
    if len(linked) == 1:
        _date(said, row, context)
    elif linked and any(meaning(name) in _TIMES for name in row):
        context.note("dates of one of several links", "left open", subject)
    for number, cell in linked:
        found += _link(number, cell, said, context)
    return found


def _signal(name: str, cell: Cell, row: Row, context: Context) -> None:
    """Signal a column that is no part of what a row says."""
    base = next((name.removesuffix(end) for end in _NAMES if name.endswith(end)), "")
    what = meaning(name)
    known = what in {"item", "share", "unit", *_TIMES} or what in RELATIONS or base in row
    if not known and not any(what in TABLES[t] for t in ("names", "identifiers", "properties")):
        if what not in TABLES["countries"]:
            context.note("unknown variable", name, cell.item or cell.text)
        elif cell.item not in NATIONS:
            context.note("unknown country", cell.item or cell.text, cell.item)


def _entity(item: str, context: Context) -> Entity:
    described: Described = context.state["memory"].get(item, Described())
    names = [
        Name(text, lang.partition("-")[0], role) for (text, lang), role in described.names.items()
    ]
    names.sort(key=lambda name: name.role != "name")
    name, *others = names or [Name(item)]
    country = (NATIONS[item],) if item in NATIONS else ()
    return Entity(
        entity_id(item),
        "Country" if country else described.schema,
        name.text,
        tuple(others),
        country or tuple(described.countries),
        (*identifiers(item), *described.identifiers),
        properties={key: tuple(texts) for key, texts in described.properties.items()},
    )


def _link(number: str, cell: Cell, said: Said, context: Context) -> Iterable[Entity | Relation]:
    """The other end of a link and its claims; only the other end when a row has made them."""
    rule = RELATIONS[number]
    if not cell.item and not cell.unknown:
        raise InputError(f"{cell.text[:80]!r} is no item that could be linked as {rule['role']}")
    if cell.unknown and rule["kind"] not in OWNING:
        context.note("unknown value", rule["role"], said.item)
        return
    said.number, said.value = number, cell.item or f"genid:{cell.unknown}"
    said.record = f"{said.item} {number} {said.value}"
    if cell.item:
        yield _entity(cell.item, context)
    else:
        yield unknown(said)
    key = (said.record, said.start, said.end, said.observed, said.stake)
    made: set[Any] = context.state.setdefault("made", set())
    if key not in made:
        made.add(key)
        yield from (found for found in claims(said, context) if isinstance(found, Relation))


def _date(said: Said, row: Row, context: Context) -> None:
    for name, cell in row.items():
        what = meaning(name)
        if what not in _TIMES:
            continue
        if not cell.text:
            context.note("unknown date", what, said.item)
            if what == "end":
                said.end = ended("", context)
        elif what == "start":
            said.start = literal_date(cell.text)
        elif what == "end":
            said.end = literal_date(cell.text)
        else:
            said.observed = literal_date(cell.text)


def _measure(said: Said, row: Row, context: Context) -> None:
    unit = next((c.item or c.text for name, c in row.items() if meaning(name) == "unit"), "")
    for name, cell in row.items():
        if meaning(name) == "share" and cell.text:
            said.stake, known = literal_share(cell.text, unit)
            said.stake_text = f"{cell.text} {unit}".strip()
            if not known:
                context.note("proportion without a unit", "of one, or of a hundred", said.item)
