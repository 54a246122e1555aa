"""Who is the person or body that a record names.

A body has the id of its company number where its register is Companies House. Everybody else has
one of the notification: the register gives persons no number, and a name alone merges nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.folding import fold
from spillover.graph.schema import Entity
from spillover.loaders.context import Context
from spillover.loaders.uk_psc.record import TABLES, registered, text

Properties = dict[str, tuple[str, ...]]

_NATIONS: Final = {name: code for code, names in TABLES["nationalities"].items() for name in names}
_LINK: Final = re.compile(r"/company/([^/]+)/persons-with-significant-control/(?:[^/]+/)?([^/]+)")
_ADDRESSES: Final = ("address", "principal_office_address", "usual_residential_address")
_ADDRESS: Final = (
    *("care_of", "care_of_name", "po_box", "premises", "address_line_1", "address_line_2"),
    *("locality", "region", "postal_code", "country"),
)
_NAMES: Final = ("title", "forename", "other_forenames", "middle_name", "surname")
_WITHHELD: Final = "Person whose details are withheld by law"


def owner(data: Any, kind: str, context: Context) -> tuple[Entity, Properties]:
    """The owner, and what is said of it that belongs to this one notification.

    Raises:
        InputError: it has no name, or nothing that tells it apart.
    """
    sanctioned = data.get("is_sanctioned") is True
    notified = _said(etag=[text(data, "etag")], isSanctioned=["true"] if sanctioned else [])
    topics = ("sanction",) if sanctioned else ()
    own = _own_id(data)
    if kind == "protected":
        code = text(data, "description")
        reason = _said(reason=[str(context.code("descriptions", code, own) or code)])
        return Entity(own, "Person", _WITHHELD, topics=topics, properties=reason), notified
    name = text(data, "name") or " ".join(filter(None, _names(data).values()))
    if not name:
        raise InputError("an owner without a name; correct the record")
    entity = Entity(own, kind, name, topics=topics)
    if kind == "Person":
        return _person(data, entity, context), notified
    return _body(data, entity, notified, context)


def _said(**values: Iterable[str]) -> Properties:
    """The properties that have a value."""
    found = {key: tuple(dict.fromkeys(filter(None, texts))) for key, texts in values.items()}
    return {key: texts for key, texts in found.items() if texts}


def _own_id(data: Any) -> str:
    link = text(data.get("links"), "self")
    match = _LINK.fullmatch(link)
    key = f"{match[1]}/{match[2]}" if match else link or text(data, "etag")
    if not key:
        raise InputError("an owner with neither links.self nor etag; nothing tells it apart")
    return f"uk_psc:{key}"


def _names(data: Any) -> dict[str, str]:
    said = data.get("name_elements")
    return {name: text(said, name) for name in _NAMES}


def _person(data: Any, entity: Entity, context: Context) -> Entity:
    nationality = text(data, "nationality")
    countries = dict.fromkeys(_nation(word, context) for word in re.split(r"[,/;&]", nationality))
    names = _names(data)
    verified = data.get("identity_verification_details")
    return entity._replace(
        countries=tuple(filter(None, countries)),
        properties=_said(
            birthDate=[_born(data, context)],
            nationality=[nationality],
            countryOfResidence=[text(data, "country_of_residence")],
            address=_addresses(data),
            title=[names["title"]],
            firstName=[names["forename"]],
            middleName=[names["middle_name"], names["other_forenames"]],
            lastName=[names["surname"]],
            identityVerification=[
                f"{key}: {', '.join(map(str, said)) if isinstance(said, list) else said}"
                for key, said in (verified if isinstance(verified, dict) else {}).items()
            ],
        ),
    )


def _nation(word: str, context: Context) -> str:
    """Country of one nationality; empty, and a signal, when it is unknown."""
    code = str(_NATIONS.get(fold(word), ""))
    if word.strip() and not code:
        context.note("unknown nationality", word.strip(), word)
    return code


def _born(data: Any, context: Context) -> str:
    """Year and month of birth; the day, which the register keeps to itself, where it is given."""
    said = data.get("date_of_birth")
    if said is None:
        return ""
    parts = [said.get(key) for key in ("year", "month", "day")] if isinstance(said, dict) else []
    stated = [part for part in parts if part is not None]
    whole = all(type(part) is int for part in stated) and parts[: len(stated)] == stated
    shown = "-".join(f"{part:02}" for part in stated) if whole else ""
    if not re.fullmatch(r"[12]\d{3}(-(0[1-9]|1[0-2])(-([012]\d|3[01]))?)?", shown):
        context.note("unreadable date of birth", str(said), str(said))
        return ""
    return shown


def _addresses(data: Any) -> list[str]:
    """Each address on one line."""
    return [
        ", ".join(filter(None, (text(data.get(key), name) for name in _ADDRESS)))
        for key in _ADDRESSES
        if data.get(key)
    ]


def _body(
    data: Any, entity: Entity, notified: Properties, context: Context
) -> tuple[Entity, Properties]:
    """A firm or other body, by its company number where it has one.

    Then the description is the company's, and what else is printed stays with the notification.
    """
    said = data.get("identification")
    printed, register = text(said, "registration_number"), text(said, "place_registered")
    country, form = text(said, "country_registered"), text(said, "legal_form")
    details = _said(
        address=_addresses(data),
        legalForm=[form],
        legalAuthority=[text(said, "legal_authority")],
        register=[register],
        registeredIn=[country],
        identificationType=[text(said, "identification_type")],
    )
    number, why = registered(data)
    if why:
        context.note(why, f"{register or country}: {printed}" if register else printed, entity.id)
    if number:
        return context.state["snapshot"].company(number, context), notified | details
    code = context.country(country)
    public = entity.schema == "Organization" and fold(form) in TABLES["public_bodies"]
    body = entity._replace(
        schema="PublicBody" if public else entity.schema,
        countries=(code,) if code else (),
        identifiers=(("register", printed),) if printed else (),
        properties=details,
    )
    return body, notified
