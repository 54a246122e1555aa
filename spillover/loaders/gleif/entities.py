"""What does an LEI record say of its entity, and which one succeeds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.identifiers import valid
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context, name_id
from spillover.loaders.gleif import addenda
from spillover.loaders.gleif.cdf import (
    Tree,
    checked_lei_id,
    child,
    children,
    confidence,
    incidental_day,
    lei_id,
    plain,
    text,
)
from spillover.loaders.manifest import manifest

Properties = dict[str, tuple[str, ...]]

_TABLES: Final = manifest("gleif").tables
_PLAIN: Final = {
    # element of Entity or Registration: our property
    "LegalJurisdiction": "jurisdiction",
    "EntityCategory": "category",
    "EntitySubCategory": "subCategory",
    "EntityStatus": "entityStatus",
    "EntityExpirationReason": "expirationReason",
    "RegistrationStatus": "registrationStatus",
    "ManagingLOU": "managingLOU",
    "ValidationSources": "validationSources",
}
_DATES: Final = {
    "EntityCreationDate": "incorporationDate",
    "EntityExpirationDate": "dissolutionDate",
    "InitialRegistrationDate": "initialRegistrationDate",
    "LastUpdateDate": "lastUpdateDate",
    "NextRenewalDate": "nextRenewalDate",
}
_CODED: Final = {"EntityStatus": "entityStatuses", "RegistrationStatus": "registrationStatuses"}
_LINES: Final = ("MailRouting", "FirstAddressLine", "AdditionalAddressLine")
_PLACE: Final = ("City", "Region", "PostalCode", "Country")
_NO_REGISTER: Final = {"", "RA888888", "RA999999"}
"""Marks of an entity that stands in no register, or in one without a code."""


def told(record: Tree, context: Context) -> Iterator[Entity | Relation]:
    """The entity, its successors, and the entity that it is associated with.

    Raises:
        InputError: no LEI, or no name.
    """
    lei = text(record, "LEI")
    entity_id, said = lei_id(lei), child(record, "Entity")
    if not text(said, "LegalName"):
        raise InputError(f"{lei}: no LegalName; expected the name of the entity")
    extra = addenda.taken(entity_id, context)
    properties = _properties(record, said, context)
    schema, topics = _schema(said, context)
    yield Entity(
        entity_id,
        schema,
        text(said, "LegalName"),
        _names(said, context),
        _countries(said, context),
        (("lei", lei), *_registered(said, lei, context), *_mapped(record), *extra.isins),
        topics,
        properties | extra.properties,
    )
    evidence = _evidence(record, lei, context)
    claim = Claim(entity_id, evidence, context)
    yield from _successors(said, claim, properties)
    yield from _associated(said, claim)


def _evidence(record: Tree, lei: str, context: Context) -> Evidence:
    kept = child(record, "Registration")
    return context.evidence(
        lei,
        observed=incidental_day(text(kept, "LastUpdateDate"), "LastUpdateDate", context),
        confidence=confidence(text(kept, "ValidationSources"), None, context),
    )


def _schema(said: Tree, context: Context) -> tuple[str, tuple[str, ...]]:
    category, below = text(said, "EntityCategory"), text(said, "EntitySubCategory")
    found = context.code("categories", category, text(said, "LegalName")) if category else None
    schema, topic = found or ("LegalEntity", "")
    narrower = context.code("subCategories", below, text(said, "LegalName")) if below else None
    return schema, tuple(dict.fromkeys(one for one in (topic, narrower) if one))


def _names(said: Tree, context: Context) -> tuple[Name, ...]:
    """The legal name with its language, and the others; one that says the same is left out."""
    found = [Name(text(said, "LegalName"), _language(said["LegalName"][0]))]
    groups = (
        child(said, "OtherEntityNames").get("OtherEntityName"),
        child(said, "TransliteratedOtherEntityNames").get("TransliteratedOtherEntityName"),
    )
    for item in (one for group in groups for one in group or ()):
        other, kind = plain(item), item.get("@type", "") if isinstance(item, dict) else ""
        if other:
            role = context.code("nameTypes", kind, other) if kind else None
            found.append(Name(other, _language(item), role or "alias"))
    first = found[0]
    others = (name for name in found[1:] if name.text != first.text or name.role == "previous")
    return tuple(dict.fromkeys((*((first,) if first.lang else ()), *others)))


def _language(item: Any) -> str:
    return item.get("@lang", "") if isinstance(item, dict) else ""


def _countries(said: Tree, context: Context) -> tuple[str, ...]:
    """The country whose law applies, then those of its addresses."""
    codes = (
        text(said, "LegalJurisdiction").partition("-")[0],
        text(child(said, "LegalAddress"), "Country"),
        text(child(said, "HeadquartersAddress"), "Country"),
    )
    found = (context.country(code) for code in dict.fromkeys(codes) if code)
    return tuple(dict.fromkeys(code for code in found if code))


def _registered(said: Tree, lei: str, context: Context) -> Iterator[tuple[str, str]]:
    authority = child(said, "RegistrationAuthority")
    number = text(authority, "RegistrationAuthorityEntityID")
    if not number:
        return
    scheme = _TABLES["registers"].get(text(authority, "RegistrationAuthorityID"), "register")
    if not valid(scheme, number):
        context.note(f"number of a register that is no {scheme}", number, lei)
        scheme = "register"
    yield scheme, number


def _mapped(record: Tree) -> Iterator[tuple[str, str]]:
    mapping = child(record, "Mapping")
    for name, scheme in _TABLES["mappings"].items():
        for item in children(mapping, name):
            yield scheme, plain(item)


def _properties(record: Tree, said: Tree, context: Context) -> Properties:
    kept = child(record, "Registration")
    found: dict[str, list[str]] = {}
    for element, name in _PLAIN.items():
        value = text(said, element) or text(kept, element)
        if value:
            found[name] = [value]
            if element in _CODED:
                context.code(_CODED[element], value, text(record, "LEI"))
    for element, name in _DATES.items():
        value = incidental_day(text(said, element) or text(kept, element), element, context)
        if value:
            found[name] = [value]
    for element in ("LegalAddress", "HeadquartersAddress"):
        found[element[0].lower() + element[1:]] = [_address(child(said, element))]
    found["otherAddress"] = [_address(one) for one in _other_addresses(said)]
    found["legalForm"] = [plain(one) for one in _all(child(said, "LegalForm"))]
    authority = child(said, "RegistrationAuthority")
    codes = ("RegistrationAuthorityID", "OtherRegistrationAuthorityID")
    found["registrationAuthority"] = [
        code for code in (text(authority, name) for name in codes) if code not in _NO_REGISTER
    ]
    found["conformity"] = [text(child(record, "Extension", "conformity"), "conformityflag")]
    found["event"] = [
        _event(one) for one in children(child(said, "LegalEntityEvents"), "LegalEntityEvent")
    ]
    texts = {name: tuple(dict.fromkeys(filter(None, values))) for name, values in found.items()}
    return {name: values for name, values in texts.items() if values}


def _all(tree: Tree) -> Iterator[Any]:
    for several in tree.values():
        yield from several if isinstance(several, list) else ()


def _other_addresses(said: Tree) -> Iterator[Tree]:
    for group in ("OtherAddresses", "TransliteratedOtherAddresses"):
        for one in _all(child(said, group)):
            if isinstance(one, dict):
                yield one


def _address(tree: Tree) -> str:
    """An address as one line; house numbers are a part of its first line."""
    parts = (plain(one) for name in (*_LINES, *_PLACE) for one in children(tree, name))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _event(item: Any) -> str:
    """``CHANGE_LEGAL_NAME, effective 2024-04-25, COMPLETED``."""
    if not isinstance(item, dict):
        return plain(item)
    effective = text(item, "LegalEntityEventEffectiveDate")[:10]
    parts = (
        text(item, "LegalEntityEventType"),
        effective and f"effective {effective}",
        str(item.get("@event_status", "")),
    )
    return ", ".join(part for part in parts if part)


class Claim(NamedTuple):
    """What the claims of one LEI record have in common."""

    entity_id: str
    evidence: Evidence
    context: Context


def _successors(said: Tree, claim: Claim, properties: Properties) -> Iterator[Entity | Relation]:
    """Who takes its place; of a duplicate it is the LEI that the entity keeps."""
    status = properties.get("registrationStatus", ())
    start = next(iter(properties.get("dissolutionDate", ())), None)
    reasons = (*properties.get("expirationReason", ()), *(s for s in status if s == "DUPLICATE"))
    rest = {"reason": reasons} if reasons else {}
    others = set()
    for item in children(said, "SuccessorEntity"):
        other, made = _named(item, "Successor", claim.context)
        if other and other not in others:
            others.add(other)
            yield from made
            yield Relation(
                "SUCCEEDS",
                other,
                claim.entity_id,
                start=start,
                evidence=claim.evidence,
                properties=rest,
            )


def _associated(said: Tree, claim: Claim) -> Iterator[Entity | Relation]:
    item = child(said, "AssociatedEntity")
    other, made = _named(item, "Associated", claim.context)
    if other:
        kind = str(item.get("@type", "")).lower().replace("_", " ")
        role = f"associated entity, {kind}" if kind else "associated entity"
        yield from made
        yield Relation(
            "LINKED_TO",
            claim.entity_id,
            other,
            evidence=claim.evidence,
            properties={"role": (role,)},
        )


def _named(item: Any, what: str, context: Context) -> tuple[str, tuple[Entity, ...]]:
    """The id of another entity: by its LEI, else by its name, which then makes it."""
    if not isinstance(item, dict):
        return "", ()
    lei, name = text(item, f"{what}LEI"), text(item, f"{what}EntityName")
    if lei:
        try:
            return checked_lei_id(lei, context), ()
        except InputError:
            context.note(f"unreadable {what}LEI", lei, name)
    if not name:
        return "", ()
    other = name_id(name, "gleif")
    return other, (Entity(other, "LegalEntity", name),)
