"""What do entity and person statements say of who owns and who is owned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from spillover.graph.schema import Entity, Name
from spillover.loaders.bods import phrases
from spillover.loaders.bods.statements import Node, Statement
from spillover.loaders.bods.versions import Versions
from spillover.loaders.context import Context

_NOT_NAMED: Final = "not named"
_HIDDEN: Final = {
    "anonymousEntity": "anonymous entity",
    "unknownEntity": "unknown entity",
    "anonymousPerson": "anonymous person",
    "unknownPerson": "unknown person",
}
"""Types of those who are not named on purpose."""


def entity(statement: Statement, versions: Versions, context: Context) -> Entity:
    """The entity that a statement describes."""
    said = statement.details
    kind, below, more = _kind(said)
    schema, topic = (context.code("entityTypes", kind, statement.id) if kind else None) or (
        "LegalEntity",
        "",
    )
    if not kind:
        context.note("entity without a type", "entityType", statement.id)
    _check_subtype(kind, below, statement, context)
    place = said.at(
        "jurisdiction" if "jurisdiction" in said.values else "incorporatedInJurisdiction"
    )
    listings = list(_listings(said))
    properties = [
        ("entityType", kind),
        ("entitySubtype", below),
        ("entityTypeDetails", more),
        ("jurisdiction", phrases.joined(place.text("code"), place.text("name"))),
        ("incorporationDate", said.day("foundingDate")),
        ("dissolutionDate", said.day("dissolutionDate")),
        ("uri", said.text("uri")),
        ("publicListing", said.at("publicListing").flag("hasPublicListing")),
        *(("companyFilings", one) for one in said.at("publicListing").texts("companyFilingsURLs")),
        *(("listing", words) for words, _ in listings),
        (
            "formedByStatute",
            phrases.joined(*said.at("formedByStatute").each("name", "date")),
        ),
        *phrases.unspecified(said, "unspecifiedEntityDetails"),
        *phrases.common(statement),
    ]
    name = said.text("name").strip() or _nameless(said, "unspecifiedEntityDetails", kind)
    if not said.text("name").strip() and kind not in _HIDDEN:
        context.note("entity without a name", kind or "of no type", statement.id)
    return Entity(
        versions.id(statement.record),
        schema,
        name,
        tuple(Name(text, role="alias") for text in said.texts("alternateNames") if text),
        phrases.countries(
            (phrases.country(place, context), *phrases.address_countries(said, context))
        ),
        tuple(
            dict.fromkeys(
                (
                    *phrases.identifiers(said, context),
                    *versions.other(statement.record),
                    *(pair for _, pairs in listings for pair in pairs),
                    *_state_code(schema, phrases.country(place, context)),
                )
            )
        ),
        (topic,) if topic else (),
        phrases.gathered(properties),
    )


def person(statement: Statement, versions: Versions, context: Context) -> Entity:
    """The person whom a statement describes."""
    said = statement.details
    kind = said.text("personType")
    if kind:
        context.code("personTypes", kind, statement.id)
    else:
        context.note("person without a type", "personType", statement.id)
    names = _names(said)
    pep = _pep(said)
    properties = [
        ("personType", kind),
        *(
            (ours, one.text(theirs))
            for one in said.several("names")
            for theirs, ours in (
                ("givenName", "firstName"),
                ("patronymicName", "fatherName"),
                ("familyName", "lastName"),
            )
        ),
        ("birthDate", said.day("birthDate")),
        ("deathDate", said.day("deathDate")),
        ("birthPlace", phrases.place(said.at("placeOfBirth"))),
        ("address", phrases.address(said.at("placeOfResidence"))),
        *(
            ("taxResidency", phrases.joined(*one.each("code", "name")))
            for one in said.several("taxResidencies")
        ),
        ("politicalExposure", pep),
        *(("position", words) for words in _positions(said)),
        *phrases.unspecified(said, "unspecifiedPersonDetails"),
        *phrases.common(statement),
    ]
    topic = context.code("pepStatuses", pep, statement.id) if pep else ""
    first = names[0].text if names else _nameless(said, "unspecifiedPersonDetails", kind)
    if not names and kind not in _HIDDEN:
        context.note("person without a name", kind or "of no type", statement.id)
    return Entity(
        versions.id(statement.record),
        "Person",
        first,
        tuple(dict.fromkeys(name for name in names[1:] if name.text != first)),
        phrases.countries(phrases.country(one, context) for one in said.several("nationalities")),
        tuple(dict.fromkeys(phrases.identifiers(said, context))),
        (topic,) if topic else (),
        phrases.gathered(properties),
    )


def not_named(owner_id: str, reason: Node) -> Entity:
    """One of whom only the reason is known why nobody is named."""
    words = phrases.reason(reason) or "no reason is given"
    return Entity(
        owner_id,
        "LegalEntity",
        f"{_NOT_NAMED}: {words}",
        properties=phrases.gathered([("unspecified", phrases.joined(*phrases.reasons(reason)))]),
    )


def _kind(said: Node) -> tuple[str, str, str]:
    """Type, subtype and further words; before 0.4 the type is a text."""
    if isinstance(said.values.get("entityType"), dict):
        inner = said.at("entityType")
        return inner.text("type"), inner.text("subtype"), inner.text("details")
    older = said.at("entitySubtype")
    below = older.text("generalCategory").rpartition("-")[2]
    return said.text("entityType"), below, older.text("localTerm") or said.text("entityTypeDetails")


def _check_subtype(kind: str, below: str, statement: Statement, context: Context) -> None:
    types = context.code("entitySubtypes", below, statement.id) if below else None
    if types and kind not in types:
        context.note("subtype that does not fit its type", f"{below} of {kind}", statement.id)


def _names(said: Node) -> list[Name]:
    """The names, the one to call the person by first."""
    found = []
    for one in said.several("names"):
        parts = (one.text(part) for part in ("givenName", "patronymicName", "familyName"))
        text = one.text("fullName") or " ".join(filter(None, parts))
        role = one.code("type", "nameTypes") or ("alias" if one.text("type") else "name")
        if text.strip():
            found.append(Name(text.strip(), role=role))
    return sorted(found, key=lambda name: name.role != "name")


def _nameless(said: Node, details: str, kind: str) -> str:
    words = phrases.reason(said.at(details)) or said.text("missingInfoReason")
    what = _HIDDEN.get(kind, _NOT_NAMED)
    return f"{what}: {words}" if words else what


def _state_code(schema: str, country: str) -> Iterator[tuple[str, str]]:
    if schema == "Country" and country:
        yield "iso3166", country


def _listings(said: Node) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Where its securities are listed, in words, and their identifiers."""
    for one in said.at("publicListing").several("securitiesListings"):
        security = one.at("security")
        scheme, value, ticker = security.each("idScheme", "id", "ticker")
        ours = security.code("idScheme", "securities")
        words = phrases.joined(
            *one.each("stockExchangeName", "stockExchangeJurisdiction"),
            *one.each("marketIdentifierCode", "operatingMarketIdentifierCode"),
            ticker,
            f"{scheme} {value}".strip(),
        )
        pairs = ((ours or "", value), ("ticker", ticker))
        yield words, tuple(pair for pair in pairs if all(pair))


def _pep(said: Node) -> str:
    """Whether the person is politically exposed, in the words of 0.3 and later."""
    inner = said.at("politicalExposure").text("status")
    if inner:
        return inner
    older = said.flag("hasPepStatus") or said.flag("pepStatus")
    return {"true": "isPep", "false": "isNotPep"}.get(older, older)


def _positions(said: Node) -> Iterator[str]:
    for one in (
        *said.at("politicalExposure").several("details"),
        *said.several("pepStatusDetails"),
    ):
        place = one.at("jurisdiction")
        dates = (one.day("startDate"), one.day("endDate"))
        period = f"{dates[0] or '..'} to {dates[1] or '..'}" if any(dates) else ""
        where = place.text("name") or place.text("code")
        yield phrases.joined(one.text("reason"), where, period, one.text("missingInfoReason"))
