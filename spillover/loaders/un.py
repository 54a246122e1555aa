"""Whom does the consolidated list of the UN Security Council name, and since when.

An entry is known by its permanent reference number (``QDi.004``), which other lists print, too;
the DATAID of the file is not promised to stay. A reference number that an entry's text prints is a
link to that entry when the list holds it; a name in a text never is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError
from spillover.graph.evidence import Evidence
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context, leaves
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.xml import elements, local, root, tree

if TYPE_CHECKING:
    from lxml import etree

PROGRAMME: Final = Entity("UN-SC", "Programme", "UN Security Council sanctions")
_ROOT: Final = "CONSOLIDATED_LIST"
_HOLDERS: Final = {"INDIVIDUALS", "ENTITIES"}
_RECORDS: Final = {"INDIVIDUAL": "individual", "ENTITY": "entity"}
_NAME_PARTS: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME", "FIFTH_NAME")
_PLACE: Final = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE")
_REFERENCE: Final = re.compile(r"\b[A-Z]{2}[ie]\.\d{3}\b")


class Entry(NamedTuple):
    """One individual or entity of the list."""

    kind: str
    generated: str
    """Day on which the file was made."""
    said: dict[str, Any]


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Entry]]:
    """Every individual and entity; all reference numbers are gathered before the first."""
    if not parts:
        raise InputError("un: name the XML file of the consolidated list")
    for part in parts:
        found = root(part)[0]
        if found != _ROOT:
            raise InputError(f"{part}: its root is {found!r}, expected {_ROOT!r} of the UN list")
    numbers = (_text(element, "REFERENCE_NUMBER") for part in parts for element in _listed(part))
    context.state["references"] = {number for number in numbers if number}
    for part in parts:
        yield from _entries(part, context)


def _listed(part: Part) -> Iterator[etree._Element]:
    return (element for _, element in elements(part, _RECORDS))


def _text(element: etree._Element, tag: str) -> str:
    return (element.findtext(f"{{*}}{tag}") or "").strip()


def _entries(part: Part, context: Context) -> Iterator[tuple[str, str, Entry]]:
    top = None
    for position, element in elements(part, _RECORDS):
        if top is None:
            top = element.getroottree().getroot()
        generated = _day((top.get("dateGenerated") or "").strip(), f"{part}: dateGenerated") or ""
        context.dated(generated)
        where = _text(element, "REFERENCE_NUMBER") or position
        yield part.name, where, Entry(_RECORDS[local(element.tag)], generated, tree(element))
    if top is None:
        raise InputError(f"{part}: holds no INDIVIDUAL and no ENTITY; is it complete?")
    for child in top:
        if local(str(child.tag)) not in _HOLDERS:
            context.note("unknown element", local(str(child.tag)), part.name)


def transform(record: Entry, context: Context) -> Iterable[Entity | Relation]:
    """The person or organisation, its listing, and its links to other entries.

    Raises:
        InputError: no name or no key, or an unreadable day of listing.
    """
    said = record.said
    context.survey(dict(leaves(said)), record.kind)
    reference, data_id = _first(said, "REFERENCE_NUMBER"), _first(said, "DATAID")
    if not reference and not data_id:
        raise InputError("neither REFERENCE_NUMBER nor DATAID; an entry needs one as its key")
    key = reference or f"dataid-{data_id}"
    evidence = context.evidence(key, observed=record.generated)
    entity = _entity(record, key, context)
    yield PROGRAMME
    yield entity
    yield _listing(said, entity.id, evidence, context)
    yield from _links(said, key, evidence, context)


def _entity(record: Entry, key: str, context: Context) -> Entity:
    said, kind = record.said, record.kind
    prefix = kind.upper()
    name = " ".join(filter(None, (_first(said, part) for part in _NAME_PARTS)))
    if not name:
        raise InputError(f"{key} has no name; expected FIRST_NAME")
    nationalities = [*_values(said, "NATIONALITY"), *_all(said, "NATIONALITY2")]
    addresses = _nested(said, f"{prefix}_ADDRESS")
    printed = nationalities if kind == "individual" else [_first(a, "COUNTRY") for a in addresses]
    identifiers, documents = _documents(said, context)
    reference = _first(said, "REFERENCE_NUMBER")
    properties = {
        "dataId": _all(said, "DATAID"),
        "title": _values(said, "TITLE"),
        "position": _values(said, "DESIGNATION"),
        "gender": _all(said, "GENDER"),
        "nationality": nationalities,
        "address": [_place(address) for address in addresses],
        "birthPlace": [_place(place) for place in _nested(said, "INDIVIDUAL_PLACE_OF_BIRTH")],
        "document": documents,
        "aliasNote": _alias_notes(_nested(said, f"{prefix}_ALIAS")),
        "notes": _all(said, "COMMENTS1"),
        **_births(said, key, context),
    }
    return Entity(
        f"un:{key}",
        context.manifest.tables["schemata"][kind],
        name,
        tuple(_names(said, prefix, name, context)),
        tuple(dict.fromkeys(filter(None, map(context.country, printed)))),
        ((("un-sc", reference),) if reference else ()) + tuple(dict.fromkeys(identifiers)),
        ("sanction",),
        _kept(properties),
    )


def _names(said: dict[str, Any], prefix: str, name: str, context: Context) -> Iterator[Name]:
    for text in _all(said, "NAME_ORIGINAL_SCRIPT"):
        yield Name(text)
    for alias in _nested(said, f"{prefix}_ALIAS"):
        text = _first(alias, "ALIAS_NAME")
        role = context.code("aliasQualities", _first(alias, "QUALITY"), text) if text else ""
        if text and text != name:
            yield Name(text, role=role or "alias")


def _alias_notes(aliases: list[dict[str, Any]]) -> list[str]:
    """What is said about single aliases: who used which name, born where and when."""
    fields = ("DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "NOTE")
    notes = []
    for alias in aliases:
        texts = [_first(alias, field) for field in fields]
        told = ", ".join(text for text in texts if text and text != "null")
        if told:
            notes.append(f"{_first(alias, 'ALIAS_NAME') or '(no name)'}: {told}")
    return notes


def _births(said: dict[str, Any], key: str, context: Context) -> dict[str, list[str]]:
    """Dates of birth by how sure they are: exact or partial, approximate, or between two years."""
    found: dict[str, list[str]] = {"birthDateNote": []}
    for birth in _nested(said, "INDIVIDUAL_DATE_OF_BIRTH"):
        kind = context.code("dateTypes", _first(birth, "TYPE_OF_DATE"), key) or "birthDateNote"
        years = [text for text in (_first(birth, "FROM_YEAR"), _first(birth, "TO_YEAR")) if text]
        dates = [text for text in (_first(birth, "DATE"), _first(birth, "YEAR")) if text]
        texts = ["/".join(years)] if years else dates[:1]
        for text in texts:
            if all(_readable(date) for date in text.split("/")):
                found.setdefault(kind, []).append(text)
            else:
                context.note("unreadable date of birth", text, key)
        found["birthDateNote"] += _all(birth, "NOTE")
    return found


def _readable(text: str) -> bool:
    try:
        day_range(text)
    except DateError:
        return False
    return True


def _documents(said: dict[str, Any], context: Context) -> tuple[list[tuple[str, str]], list[str]]:
    """Numbers of documents as identifiers, and everything about each document as one text."""
    identifiers, texts = [], []
    for document in _nested(said, "INDIVIDUAL_DOCUMENT"):
        values = [" ".join(str(text).split()) for several in document.values() for text in several]
        told = ", ".join(filter(None, values))
        if told:
            texts.append(told)
        kind = " ".join(_first(document, "TYPE_OF_DOCUMENT").split())
        scheme = context.code("documentTypes", kind, told) if kind else None
        number = _first(document, "NUMBER")
        if scheme and number:
            identifiers.append((scheme, number))
    return identifiers, texts


def _listing(said: dict[str, Any], entity: str, evidence: Evidence, context: Context) -> Relation:
    listed = _first(said, "LISTED_ON")
    if not listed:
        context.note("no day of listing", "LISTED_ON", entity)
    kind = _first(said, "UN_LIST_TYPE")
    tag = context.code("listTypes", kind, entity)
    properties = {
        "program": [tag or ""],
        "listType": [kind],
        "modifiedAt": _values(said, "LAST_DAY_UPDATED"),
        "submittedBy": _all(said, "SUBMITTED_BY"),
        "submittedOn": _all(said, "SUBMITTED_ON"),
    }
    return Relation(
        "DESIGNATES",
        PROGRAMME.id,
        entity,
        start=_day(listed, "LISTED_ON"),
        end=_day(_first(said, "DELISTED_ON"), "DELISTED_ON"),
        evidence=evidence,
        properties=_kept(properties),
    )


def _day(text: str, field: str) -> str | None:
    """The day of an XML date, which may carry a time or a time zone."""
    if not text:
        return None
    try:
        day_range(text[:10])
    except DateError:
        raise InputError(f"{field} is {text[:40]!r}; expected a day such as 2001-01-25") from None
    return text[:10]


def _links(
    said: dict[str, Any], key: str, evidence: Evidence, context: Context
) -> Iterator[Relation]:
    """One link to each other entry whose reference number the comments or positions print."""
    linked = {key}
    for text in (*_all(said, "COMMENTS1"), *_values(said, "DESIGNATION")):
        for match in _REFERENCE.finditer(text):
            other = match.group()
            if other in linked:
                continue
            linked.add(other)
            if other in context.state["references"]:
                note = _sentence(text, match)
                yield Relation(
                    "LINKED_TO", f"un:{key}", f"un:{other}", evidence=evidence._replace(note=note)
                )
            else:
                context.note("reference to an entry that the list does not hold", other, key)


def _sentence(text: str, match: re.Match[str]) -> str:
    """The words around a reference number, from one full stop to the next."""
    start = text.rfind(". ", 0, match.start()) + 1
    end = text.find(". ", match.end())
    return " ".join(text[start : end + 1 if end >= 0 else None].split())


def _place(said: dict[str, Any]) -> str:
    return ", ".join(filter(None, (_first(said, field) for field in _PLACE)))


def _all(said: dict[str, Any], field: str) -> list[str]:
    """The texts of a field that are not empty."""
    values = said.get(field, [])
    return [value for value in values if isinstance(value, str) and value]


def _first(said: dict[str, Any], field: str) -> str:
    return next(iter(_all(said, field)), "")


def _nested(said: dict[str, Any], field: str) -> list[dict[str, Any]]:
    return [value for value in said.get(field, []) if isinstance(value, dict)]


def _values(said: dict[str, Any], field: str) -> list[str]:
    """The texts of a field that holds them as VALUE."""
    return [text for holder in _nested(said, field) for text in _all(holder, "VALUE")]


def _kept(properties: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """The properties that say something, each text once."""
    found = {name: tuple(dict.fromkeys(filter(None, v))) for name, v in properties.items()}
    return {name: texts for name, texts in found.items() if texts}
