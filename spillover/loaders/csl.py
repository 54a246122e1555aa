"""Whom do the thirteen lists of the US Consolidated Screening List name, and since when.

A party of OFAC has a number, and so is one entity in every list that names it and in OFAC's own
files. Any other party is one entity for each of its listings: no number holds across them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.folding import fold
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context, name_id
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.screening import (
    Identifier,
    Party,
    Record,
    cut,
    day,
    is_json,
    listings,
    party,
    repeats_header,
)
from spillover.loaders.reading.text import Ragged

Properties = dict[str, list[str]]

_TABLES: Final[dict[str, Any]] = manifest("csl").tables
_LISTS: Final[dict[str, dict[str, str]]] = _TABLES["lists"]
_SUCCESSORS: Final = re.compile(_TABLES["successors"])
_FORMS: Final = {scheme: re.compile(form) for scheme, form in _TABLES["forms"].items()}
_LISTED: Final = {  # field of a listing: property of the claim
    "federal_register_notice": "citation",
    "standard_order": "standardOrder",
    "license_requirement": "licenceRequirement",
    "license_policy": "licencePolicy",
    "source_list_url": "listUrl",
}
_KEPT: Final = {  # field of a listing: property of the party
    "title": "position",
    "remarks": "notes",
    "call_sign": "callSign",
    "vessel_type": "type",
    "vessel_flag": "flag",
    "gross_tonnage": "tonnage",
    "gross_registered_tonnage": "grossRegisteredTonnage",
    "citizenships": "citizenship",
    "nationalities": "nationality",
    "dates_of_birth": "birthDate",
    "places_of_birth": "birthPlace",
}
_SEVERAL: Final = ("citizenships", "nationalities", "dates_of_birth", "places_of_birth")
_LINK: Final = "Linked To:"


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Record]]:
    """Every listing of the files; the names of OFAC's parties are gathered first."""
    if not parts:
        raise InputError("csl: name a file of the Consolidated Screening List")
    encoding = context.encoding()
    context.state["names"], context.state["aliases"] = {}, {}
    for part in parts:
        for _, record in listings(part, encoding):
            _remember(record, context)
    for part in parts:
        form = "json" if is_json(part) else "csv"
        for position, record in listings(part, encoding, partial(_around, context)):
            if not isinstance(record, Ragged):
                context.survey(record, form)
            yield part.name, position, record


def _around(context: Context, said: dict[str, Any]) -> None:
    """What stands beside the listings: only searches say how many hits they had."""
    context.survey(said, "around")
    if "total" in said:
        context.note("hits of a search, perhaps not the whole list", "total", str(said["total"]))


def _remember(record: Record, context: Context) -> None:
    """Let other parties' remarks name this one, unless two parties share the name."""
    if isinstance(record, Ragged) or not record.get("entity_number"):
        return
    try:
        listed = party(record)
        own = _id(listed, context)
    except InputError:  # it is told of when the record itself is read
        return
    for known, names in (("names", (listed.name,)), ("aliases", listed.names)):
        for name in names:
            if context.state[known].setdefault(_folded(name), own) != own:
                context.state[known][_folded(name)] = ""


def _folded(name: str) -> str:
    """A name as remarks are matched with it: without the stop that may end it or the sentence."""
    return fold(name).rstrip(".")


def transform(record: dict[str, Any], context: Context) -> Iterable[Entity | Relation]:
    """The party, its listings and its links, as one record states them.

    Raises:
        InputError: no name, an unknown list, or a date that cannot be read.
    """
    if repeats_header(record):
        context.ignore("header row that is repeated", next(iter(record), ""))
        return
    listed = party(record)
    if listed.code not in _LISTS:
        raise InputError(f"list {listed.source!r} is not known to this loader")
    own = _id(listed, context)
    evidence = context.evidence(
        listed.key or listed.number,
        url="; ".join(listed.texts.get("source_information_url", ())),
        note=listed.source,
    )
    yield _entity(listed, own, context)
    yield from _designations(listed, own, evidence, context)
    yield from _links(listed, own, evidence, context)


def _id(listed: Party, context: Context) -> str:
    if listed.number:
        if not (listed.number.isascii() and listed.number.isdigit()):
            raise InputError(
                f"entity_number {listed.number!r}; expected OFAC's number of the party"
            )
        return f"ofac:{listed.number}"
    if listed.key:
        return f"csl:{listed.key}"
    context.note("listing without an id, known by its name", listed.code, listed.name)
    return name_id(listed.name, "csl")


def _entity(listed: Party, own: str, context: Context) -> Entity:
    properties: Properties = {}
    for field, name in _KEPT.items():
        values = listed.texts.get(field, ())
        properties[name] = list(cut(values) if field in _SEVERAL else values)
    properties["address"] = [address.text for address in listed.addresses]
    name = _SUCCESSORS.sub("", listed.name).strip() or listed.name
    if name != listed.name:
        properties["printedName"] = [listed.name]
    identifiers = [("ofac", listed.number)] if listed.number else []
    for one in listed.ids:
        properties.setdefault("ids", []).append(one.printed)
        identifiers += _identifier(one, properties, context)
    return Entity(
        own,
        _schema(listed, properties, context),
        name,
        tuple(Name(text, role="alias") for text in listed.names if text != name),
        tuple(_countries(listed, properties, context)),
        tuple(dict.fromkeys(identifiers)),
        (_LISTS[listed.code]["topic"],),
        {key: tuple(dict.fromkeys(values)) for key, values in properties.items() if values},
    )


def _schema(listed: Party, properties: Properties, context: Context) -> str:
    for target in properties.get("targetType", ()):
        schema = context.code("target_types", target, listed.name)
        if schema:
            return str(schema)
    if not listed.schema:
        return "LegalEntity"
    return context.code("types", listed.schema, listed.name) or "LegalEntity"


def _countries(listed: Party, properties: Properties, context: Context) -> Iterator[str]:
    """Codes of the countries of its addresses, flag and nationality, each once."""
    printed = [address.country for address in listed.addresses]
    for address in listed.addresses:
        if not address.country:
            context.note("address without a country", listed.code, address.text)
    printed += listed.texts.get("country", ())
    for name in _TABLES["own_countries"]:
        printed += properties.get(name, ())
    yield from dict.fromkeys(filter(None, map(context.country, dict.fromkeys(printed))))


def _identifier(
    one: Identifier, properties: Properties, context: Context
) -> Iterator[tuple[str, str]]:
    """The identifier that an entry of ids is, if it is one; what else it says is a property."""
    label = "Digital Currency Address" if one.label.startswith("Digital Curr") else one.label
    scheme = _TABLES["identifiers"].get(label)
    if scheme is None:
        name = _TABLES["properties"].get(label)
        if name is None:
            context.note("unknown label of ids", label, one.printed)
            return
        text = f"{label}: {one.rest}" if name in _TABLES["labelled"] else one.rest
        properties.setdefault(name, []).append(text)
    elif scheme in _FORMS and not _FORMS[scheme].fullmatch(one.value):
        context.note(f"no {scheme} by its form", label, one.printed)
    else:
        yield scheme, one.value


def _designations(
    listed: Party, own: str, evidence: Evidence, context: Context
) -> Iterator[Entity | Relation]:
    properties = {
        name: listed.texts[field] for field, name in _LISTED.items() if field in listed.texts
    }
    if listed.programs:
        properties["program"] = listed.programs
    properties["list"] = (listed.source,)
    start, end = _start(listed), day(listed.end) or None
    for programme in dict.fromkeys(_programmes(listed, context)):
        yield Entity(programme, "Programme", _TABLES["programmes"][programme], countries=("us",))
        yield Relation(
            "DESIGNATES",
            programme,
            own,
            start=start,
            end=end,
            evidence=evidence,
            properties=properties,
        )


def _programmes(listed: Party, context: Context) -> Iterator[str]:
    special: dict[str, str] = _TABLES["sdn_programmes"] if listed.code == "SDN" else {}
    alone = special and set(listed.programs) & set(_TABLES["without_fifty_percent"])
    if not alone or alone < set(listed.programs):
        yield _LISTS[listed.code]["programme"]
    yield from (special[tag] for tag in listed.programs if tag in special)
    if listed.code == "SSI":
        directives = [one for one in listed.ids if one.label == _TABLES["directive_label"]]
        for one in directives:
            programme = context.code("directives", one.rest, listed.name)
            if programme:
                yield programme
        if not directives:
            context.note("no directive", listed.code, listed.name)


def _start(listed: Party) -> str | None:
    """When the listing began: as the list says, or as its own dates under ids do."""
    if listed.start:
        return day(listed.start)
    labels = _TABLES["listing_dates"].get(listed.code, ())
    days = [day(one.rest) for one in listed.ids if one.label in labels]
    return min(days, default=None)


def _links(
    listed: Party, own: str, evidence: Evidence, context: Context
) -> Iterator[Entity | Relation]:
    for name in listed.texts.get("vessel_owner", ()):
        owner, new = _named(name, listed, context)
        yield from new
        yield Relation("OWNS", owner, own, evidence=evidence._replace(note=f"vessel owner: {name}"))
    for remark in listed.texts.get("remarks", ()):
        for name in linked(remark):
            other, new = _named(name, listed, context)
            yield from new
            yield Relation(
                "LINKED_TO",
                own,
                other,
                evidence=evidence._replace(note=f"{_LINK} {name}"),
                properties={"role": ("Linked To",)},
            )


def linked(remark: str) -> Iterator[str]:
    """The names behind ``Linked To:`` in a remark, up to a semicolon or the bracket that closes."""
    for chunk in remark.split(_LINK)[1:]:
        depth = 0
        for place, sign in enumerate(chunk):
            depth += (sign == "(") - (sign == ")")
            if depth < 0 or (sign == ";" and not depth):
                chunk = chunk[:place]  # noqa: PLW2901 - the name is the start of it
                break
        name = chunk.strip()
        if name:
            yield name


def _named(name: str, listed: Party, context: Context) -> tuple[str, tuple[Entity, ...]]:
    """Id of the party that a remark names, and the party itself where no listing describes it."""
    for known in ("names", "aliases"):
        found = context.state[known].get(_folded(name))
        if found:
            return found, ()
    context.note("linked to a name that is not one party of the file", name, listed.name)
    return name_id(name, "csl"), (Entity(name_id(name, "csl"), "LegalEntity", name),)
