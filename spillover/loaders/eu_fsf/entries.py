"""What does one entry of the EU's list say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context
from spillover.loaders.eu_fsf.days import day, readable
from spillover.loaders.eu_fsf.files import Entry, Row

PROGRAMME: Final = Entity("EU-FSF", "Programme", "EU financial sanctions")
_NUMBER: Final = re.compile(r"(?P<number>.+?) +\((?P<code>[A-Za-z]+)-[^()]*\)(?P<rest>.*)")
_UN_NUMBER: Final = re.compile(r"[A-Z]{2}[ie]\.\d{3}", re.IGNORECASE)
_PLACE: Final = ("@street", "@poBox", "@zipCode", "@city", "@place", "@region")


def transform(record: Entry | Row, context: Context) -> Iterable[Entity | Relation]:
    """The person or organisation, and its listings.

    Raises:
        InputError: no key, no name or no type, an unreadable day of listing, or a row of an entry
            that could not be read.
    """
    if isinstance(record, Row):
        if record.key not in context.state["loaded"]:
            raise InputError(f"a row of entry {record.key!r}, which cannot be read itself")
        context.merge("further row of an entry", record.key)
        return []
    said = record.said
    logical = said.get("@logicalId", "")
    key = said.get("@euReferenceNumber") or logical
    if not key:
        raise InputError("neither euReferenceNumber nor logicalId; an entry needs one as its key")
    entity = _entity(said, key, context)
    found = [entity, *_listings(record, entity.id, key, context)]
    context.state["loaded"] |= {logical, key}
    return found


def _entity(said: dict[str, Any], key: str, context: Context) -> Entity:
    names = _names(said, context)
    if not names:
        raise InputError(f"{key} has no name; expected a nameAlias")
    # The list marks no main name: a strong one in Latin letters or of no stated language leads.
    first = next((n for n in names if n.role == "alias" and n.lang in {"", "en"}), names[0])
    schema = _schema(said, key, context)
    identifiers, documents = _documents(said, context)
    citizenships, addresses = _nested(said, "citizenship"), _nested(said, "address")
    located = citizenships if schema == "Person" else addresses
    codes = [code for code in (_text(one, "@countryIso2Code") for one in located) if code != "00"]
    aliases = _nested(said, "nameAlias")
    properties = {
        "logicalId": [_text(said, "@logicalId")],
        "unReference": [_text(said, "@unitedNationId")],
        "title": [_text(alias, "@title") for alias in aliases],
        "position": [_text(alias, "@function") for alias in aliases],
        "gender": [_text(alias, "@gender") for alias in aliases],
        "nationality": [_told(one, "@countryDescription", "@region") for one in citizenships],
        "address": [_address(address) for address in addresses],
        "document": documents,
        "notes": [*_remarks(said), *(note for a in aliases for note in _remarks(a))],
        **_contacts(addresses, context),
        **_births(said, key, context),
    }
    keys = (*_united(said, schema, context), ("eu-fsf", key))
    return Entity(
        f"eu-fsf:{key}",
        schema,
        first.text,
        tuple(name for name in dict.fromkeys(names) if name.text != first.text),
        tuple(dict.fromkeys(filter(None, map(context.country, codes)))),
        tuple(dict.fromkeys((*keys, *identifiers))),
        ("sanction",),
        _kept(properties),
    )


def _united(said: dict[str, Any], schema: str, context: Context) -> Iterator[tuple[str, str]]:
    """The identifier that a UN reference number is.

    Of a permanent number the third letter tells a person from anything else; one that tells it
    otherwise is a slip of the list and names nobody. Former kinds of number are no key.
    """
    text = _text(said, "@unitedNationId")
    if text and not _UN_NUMBER.fullmatch(text):
        yield "un-sc-former", text
    elif text and (text[2].lower() == "i") == (schema == "Person"):
        yield "un-sc", text
    elif text:
        context.note("UN reference number of another kind of party", text, schema)


def _schema(said: dict[str, Any], key: str, context: Context) -> str:
    subjects = _nested(said, "subjectType")
    code = next((_text(one, "@code") or _text(one, "@classificationCode") for one in subjects), "")
    schema = context.code("subjectTypes", code, key)
    if not schema:
        raise InputError(f"{key} is of subject type {code!r}; expected person or enterprise")
    return str(schema)


def _names(said: dict[str, Any], context: Context) -> list[Name]:
    names = []
    for alias in _nested(said, "nameAlias"):
        parts = (_text(alias, field) for field in ("@firstName", "@middleName", "@lastName"))
        text = _text(alias, "@wholeName") or " ".join(filter(None, parts))
        if text:
            strong = context.code("strengths", _text(alias, "@strong").lower(), text)
            names.append(Name(text, _text(alias, "@nameLanguage").lower(), strong or "alias"))
    return names


def _documents(said: dict[str, Any], context: Context) -> tuple[list[tuple[str, str]], list[str]]:
    """Identifiers by scheme, and everything about each document as one text."""
    identifiers, texts = [], []
    for one in _nested(said, "identification"):
        number = _text(one, "@number") or _text(one, "@latinNumber")
        code = _text(one, "@identificationTypeCode")
        match = _NUMBER.fullmatch(number)
        rest = ""
        if match and code in {"", match["code"]}:  # as the CSV prints it
            number, code, rest = match["number"], match["code"], match["rest"]
        flags = {"@knownExpired", "@knownFalse", "@reportedLost", "@revokedByIssuer"}
        said_of_it = [flag[1:] for flag in sorted(flags) if _text(one, flag) == "true"]
        kind = _text(one, "@identificationTypeDescription") or code
        fields = ("@issuedBy", "@issueDate", "@validFrom", "@validTo", "@nameOnDocument")
        places = ("@region", "@countryDescription")
        told = [kind, number, *(_text(one, field) for field in (*fields, *places))]
        texts.append(", ".join(filter(None, [*told, *said_of_it, rest.strip(), *_remarks(one)])))
        scheme = context.code("identificationTypes", code, number) if code else ""
        if scheme and number and "knownFalse" not in said_of_it:
            identifiers.append((scheme, number))
    return identifiers, texts


def _births(said: dict[str, Any], key: str, context: Context) -> dict[str, list[str]]:
    """Dates of birth by how sure they are, and places."""
    found: dict[str, list[str]] = {"birthPlace": [], "birthDateNote": []}
    for birth in _nested(said, "birthdate"):
        found["birthPlace"].append(_address(birth))
        found["birthDateNote"] += _remarks(birth)
        kind, text = _born(birth)
        calendar = _text(birth, "@calendarType")
        if not text:
            continue
        if not context.code("calendars", calendar, key):
            found["birthDateNote"].append(f"{text} ({calendar})")
        elif all(readable(date) for date in text.split("/")):
            found.setdefault(kind, []).append(text)
        else:
            context.note("unreadable date of birth", text, key)
    return found


def _born(birth: dict[str, Any]) -> tuple[str, str]:
    """The property that holds a date of birth, and its ISO text, as exact as it is printed."""
    years = [_text(birth, "@yearRangeFrom"), _text(birth, "@yearRangeTo")]
    if any(years):
        return "birthDateBetween", "/".join(filter(None, years))
    kind = "birthDateApproximate" if _text(birth, "@circa") == "true" else "birthDate"
    fields = [_text(birth, field) for field in ("@year", "@monthOfYear", "@dayOfMonth")]
    numbers = []
    for field in fields:
        if field in {"", "0"}:
            break
        numbers.append(field.zfill(2) if field.isdigit() else field)
    return kind, _text(birth, "@birthdate") or "-".join(numbers)


def _contacts(addresses: list[dict[str, Any]], context: Context) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for address in addresses:
        for contact in address.get("contactInfo", []):
            if isinstance(contact, str):  # the CSV prints them as one text
                found.setdefault("contact", []).append(contact)
                continue
            kind = context.code("contactTypes", _text(contact, "@key"), _text(contact, "@value"))
            found.setdefault(kind or "contact", []).append(_text(contact, "@value"))
    return found


def _listings(
    record: Entry, entity: str, key: str, context: Context
) -> Iterator[Entity | Relation]:
    """The listing as such, and one more for each programme that a rule starts from."""
    said = record.said
    regulations = _nested(said, "regulation")
    codes = dict.fromkeys(filter(None, (_text(one, "@programme") for one in regulations)))
    named = [context.code("programmes", code, key) for code in codes]
    url = next((url for one in regulations for url in _texts(one, "publicationUrl")), "")
    properties = {
        "program": list(codes),
        "regulation": [_text(one, "@numberTitle") for one in regulations],
        "details": [_text(said, "@designationDetails")],
        "regulationNote": [note for one in regulations for note in _texts(one, "remark")],
    }
    start = _start(said, regulations, key, context)
    programmes = [PROGRAMME]
    programmes += [Entity(one, "Programme", one) for one in dict.fromkeys(filter(None, named))]
    for programme in programmes:
        yield programme
        yield Relation(
            "DESIGNATES",
            programme.id,
            entity,
            start=start or None,
            end=day(_text(said, "@delistingDate"), "delistingDate") or None,
            evidence=context.evidence(key, url=url, observed=record.generated),
            properties=_kept(properties),
        )


def _start(
    said: dict[str, Any], regulations: list[dict[str, Any]], key: str, context: Context
) -> str:
    """The day of designation; else the first day on which an act that names the entry held."""
    designated = day(_text(said, "@designationDate"), "designationDate")
    if designated:
        return designated
    fields = (_text(one, "@entryIntoForceDate") for one in regulations)
    days = [day(text, "entryIntoForceDate") for text in fields if text]
    context.note("no day of designation", "listed since its regulation at the latest", key)
    return min(days, default="")


def _address(said: dict[str, Any]) -> str:
    texts = [_text(said, field) for field in (*_PLACE, "@countryDescription")]
    remarks = _remarks(said) if "@asAtListingTime" in said else []
    return ", ".join(t for t in (*texts, *remarks) if t not in {"", "-", "UNKNOWN"})


def _told(said: dict[str, Any], *fields: str) -> str:
    return ", ".join(filter(None, (_text(said, field) for field in fields)))


def _remarks(said: dict[str, Any]) -> list[str]:
    further = _nested(said, "additionalInformation")
    return [*_texts(said, "remark"), *(_told(one, "@key", "@value") for one in further)]


def _text(said: dict[str, Any], attribute: str) -> str:
    return str(said.get(attribute, "")).strip()


def _texts(said: dict[str, Any], child: str) -> list[str]:
    values = (v.get("#text", "") if isinstance(v, dict) else v for v in said.get(child, []))
    return [value for value in values if value]


def _nested(said: dict[str, Any], child: str) -> list[dict[str, Any]]:
    return [value for value in said.get(child, []) if isinstance(value, dict)]


def _kept(properties: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """The properties that say something, each text once."""
    found = {name: tuple(dict.fromkeys(filter(None, v))) for name, v in properties.items()}
    return {name: texts for name, texts in found.items() if texts}
