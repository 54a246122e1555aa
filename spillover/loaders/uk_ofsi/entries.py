"""What does one target of the UK lists say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context
from spillover.loaders.uk_ofsi.files import Group, Row
from spillover.loaders.uk_ofsi.firms import links
from spillover.loaders.uk_ofsi.texts import iso, items, labelled, plain

_NAMES: Final = {
    "UK-OFSI": "UK financial sanctions targets",
    "UK-OFSI-INVBAN": "UK investment bans",
    "UK-SL": "UK Sanctions List",
}
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_UN_LABEL: Final = re.compile(r"\bUN ?Ref(?:erence)?\b[ .:]*([A-Z][\w.]*\d)", re.IGNORECASE)
_UN_NUMBER: Final = re.compile(r"[A-Z]{2}[ie]\.\d{3}", re.IGNORECASE)
_CODES: Final = {
    "inn": re.compile(r"\bINN\W{0,3}(\d{12}|\d{10})\b"),
    "ogrn": re.compile(r"\bOGRN\W{0,3}(\d{15}|\d{13})\b"),
    "okpo": re.compile(r"\bOKPO\W{0,3}(\d{10}|\d{8})\b"),
    "lei": re.compile(r"\bLEI\W{0,3}([A-Z0-9]{18}\d{2})\b"),
    "uscc": re.compile(r"\bUnified Social Credit Code\W{0,3}([0-9A-Z]{18})\b"),
}
_NUMBER: Final = re.compile(r"[\w./-]*\d[\w./-]*")
_IMO: Final = re.compile(r"(?<!\d)\d{7}(?!\d)")
_PROPERTIES: Final = {
    "title": "title",
    "gender": "gender",
    "position": "position",
    "nationality": "nationality",
    "birth_place": "birthPlace",
    "document": "document",
    "form": "legalForm",
    "register": "registrationNumber",
    "phone": "phone",
    "email": "email",
    "website": "website",
    "flag": "flag",
    "previous_flag": "pastFlags",
    "ship_type": "type",
    "tonnage": "tonnage",
    "length": "length",
    "built": "buildDate",
    "hull": "hullNumber",
    "note": "notes",
}


def transform(record: Group | Row, context: Context) -> Iterable[Entity | Relation]:
    """The person, organisation or ship, its listings, and the firms named beside it.

    Raises:
        InputError: no key, no name, an unknown type or an unreadable day of listing; or a row of a
            group that could not be read.
    """
    if isinstance(record, Row):
        if not record.key:
            raise InputError("no Group ID and no Unique ID; a row needs one to have a group")
        if record.key not in context.state["loaded"]:
            raise InputError(f"a row of group {record.key!r}, which cannot be read itself")
        context.merge("further row of a group", record.key)
        return []
    _read_labels(record, context)
    entity = _entity(record, context)
    evidence = context.evidence(
        record.key, observed=record.generated, note=_first(record, "reason")
    )
    found = [
        entity,
        *_listings(record, entity.id, evidence, context),
        *links(record.said, entity, evidence, context),
    ]
    context.state["loaded"].add(record.key)
    return found


def _read_labels(group: Group, context: Context) -> None:
    """Sort what the other information prints with labels under the fields that they name."""
    labels = context.manifest.tables["labels"]
    for text in group.said.pop("other", ()):
        for label, told in labelled(text):
            field = labels.get(label.lower(), "note")
            value = told if field in {"note", "reason"} else told.rstrip(" .")
            if label and field == "note":
                context.note("unknown label", label, group.key)
                value = f"({label}): {told}"
            if value not in group.said.setdefault(field, []):
                group.said[field].append(value)


def _entity(group: Group, context: Context) -> Entity:
    said = group.said
    key = _first(group, "group") or _first(group, "reference")
    if not key:
        raise InputError("a designation without UniqueID and OFSIGroupID; it needs one as its key")
    kind = _first(group, "kind")
    schema = context.code("kinds", kind, key)
    if not schema:
        raise InputError(f"{key} is of type {kind!r}; expected Individual, Entity or Ship")
    names = _names(group, context)
    if not names:
        raise InputError(f"{key} has no name; expected Name 1 to Name 6")
    properties = {name: said.get(field, []) for field, name in _PROPERTIES.items()}
    for field, prefix in (("passport", "Passport"), ("national_id", "National id")):
        properties["document"] = [
            *properties["document"],
            *(f"{prefix} {text}" for text in said.get(field, [])),
        ]
    births = [(text, iso(text)) for text in said.get("birth", [])]
    for text, day in births:
        if not day:
            context.note("unreadable date of birth", text, key)
    properties["birthDate"] = [day for _, day in births if day]
    properties["address"] = group.addresses
    told = [match[1] for text in said.get("note", []) for match in _UN_LABEL.finditer(text)]
    properties["unReference"] = [*_references(group), *told]
    return Entity(
        f"uk-ofsi:{key}",
        schema,
        names[0].text,
        tuple(name for name in dict.fromkeys(names[1:]) if name.text != names[0].text),
        tuple(_countries(group, schema, context)),
        tuple(dict.fromkeys(_identifiers(group, schema, context))),
        ("sanction",),
        _kept(properties),
    )


def _names(group: Group, context: Context) -> list[Name]:
    """All names, the main one first."""
    tables = context.manifest.tables
    ranked = sorted(group.names, key=lambda name: name[1] not in tables["primary"])
    names = []
    for text, kind, quality in ranked:
        role = context.code("nameQualities", quality, text) or context.code("nameTypes", kind, text)
        names.append(Name(text, role=role or "alias"))
    for text, language in group.scripts:
        lang = context.code("languages", language, text) if language else ""
        names.append(Name(text, lang or ""))
    return names


def _countries(group: Group, schema: str, context: Context) -> Iterator[str]:
    """Nationalities of a person, countries of the addresses of a firm, flag of a ship."""
    field = {"Person": "nationality", "Vessel": "flag"}.get(schema, "country")
    peoples = context.manifest.tables["peoples"]
    found = dict.fromkeys(
        peoples.get(text) or context.country(text)
        for cell in group.said.get(field, [])
        for item in items(cell)
        if (text := _BRACKETS.sub("", plain(item)).strip(" ,.;").removesuffix(" citizenship"))
    )
    return filter(None, found)


def _references(group: Group) -> list[str]:
    """UN reference numbers that a field of their own prints."""
    return [text for cell in group.said.get("un", []) for text in items(cell)]


def _united(group: Group, schema: str, context: Context) -> Iterator[tuple[str, str]]:
    """The identifiers that UN reference numbers are.

    Of a permanent number the third letter tells a person from anything else; one that tells it
    otherwise is a slip of the list and names nobody. Former kinds of number are no key. A number
    in a sentence is wrong too often to be an identifier.
    """
    for text in _references(group):
        if not _UN_NUMBER.fullmatch(text):
            yield "un-sc-former", text
        elif (text[2].lower() == "i") == (schema == "Person"):
            yield "un-sc", text
        else:
            context.note("UN reference number of another kind of party", text, schema)


def _identifiers(group: Group, schema: str, context: Context) -> Iterator[tuple[str, str]]:
    said, number = group.said, _first(group, "group")
    yield from ((("uk-ofsi", number),) if number else ())
    yield from (("uksl", text) for text in said.get("reference", []))
    yield from _united(group, schema, context)
    for field, scheme in (("passport", "passport"), ("national_id", "national-id")):
        yield from ((scheme, text) for cell in said.get(field, []) for text in items(cell))
    for cell in said.get("imo", []):
        yield from (("imo", digits) for digits in _IMO.findall(cell))
    for cell in said.get("register", []):
        for scheme, pattern in _CODES.items():
            yield from ((scheme, code) for code in pattern.findall(cell))
        if _NUMBER.fullmatch(cell):
            yield "register", cell


def _listings(
    group: Group, entity: str, evidence: Evidence, context: Context
) -> Iterator[Entity | Relation]:
    """The listing on the list itself, and one more for each regime that a rule starts from."""
    said = group.said
    dated = [(regime, _start(days, group.key)) for regime, *days in group.listings]
    programme = _programme(group, context)
    keys: dict[str, list[str]] = {programme: [day for _, day in dated if day]}
    for regime, day in dated:
        name = plain(regime).lower().removeprefix("the ")
        key = context.code("regimes", name, group.key)
        if key and programme == "UK-OFSI":
            keys.setdefault(key, []).extend([day] if day else [])
    properties = {
        "program": [regime for regime, _ in dated],
        "measure": [one.strip() for text in said.get("measure", []) for one in text.split("|")],
        "authority": said.get("source", []),
        "modifiedAt": [iso(text) or text for text in said.get("updated", [])],
        "listedOn": [iso(text) for text in said.get("listed", [])],
        "designatedOn": [iso(text) for text in said.get("designated", [])],
    }
    if not keys[programme]:
        context.note("no day of listing", programme, group.key)
    for key, days in keys.items():
        yield Entity(key, "Programme", _NAMES.get(key, key))
        yield Relation(
            "DESIGNATES",
            key,
            entity,
            start=min(days, default=None),
            evidence=evidence,
            properties=_kept(properties),
        )


def _programme(group: Group, context: Context) -> str:
    """The programme of the listing as such: what is done to the target decides it."""
    if group.form.startswith("uksl"):
        freeze = context.manifest.tables["freeze"]
        measures = " ".join(group.said.get("measure", [])).lower()
        return "UK-OFSI" if freeze in measures else "UK-SL"
    status = _first(group, "status")
    programme = context.code("statuses", status, group.key)
    if not programme:
        raise InputError(f"{group.key} has GrpStatus {status!r}; expected A or I")
    return str(programme)


def _start(days: list[str], key: str) -> str:
    """The first of the day of listing and the day of designation."""
    for text in filter(None, days):
        if not iso(text):
            raise InputError(f"{key} is listed on {text[:40]!r}; expected dd/mm/yyyy")
    return min((iso(text) for text in days if text), default="")


def _first(group: Group, field: str) -> str:
    return next(iter(group.said.get(field, ())), "")


def _kept(properties: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """The properties that say something, each text once."""
    found = {name: tuple(dict.fromkeys(filter(None, v))) for name, v in properties.items()}
    return {name: texts for name, texts in found.items() if texts}
