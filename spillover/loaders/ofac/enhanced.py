"""What does the Enhanced XML say: entities with names, documents, lists and relationships."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.ofac import places
from spillover.loaders.ofac.dates import iso, period_of
from spillover.loaders.ofac.fields import Node, nodes, one, refuse_delta, texts
from spillover.loaders.ofac.listing import Listing, designations, without_umbrella
from spillover.loaders.ofac.party import Document, Party
from spillover.loaders.ofac.relations import Stated, relation
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.xml import elements, local, tree

_SECTIONS: Final = ("publicationInfo", "referenceValues", "featureTypes", "entities")


@dataclass(frozen=True, slots=True)
class Record:
    """One entity."""

    data: dict[str, Any]
    file: str
    observed: str


def read(part: Part, context: Context) -> Iterator[tuple[str, str, Record]]:
    """Every entity of the file."""
    observed, root = "", None
    for number, element in elements(part, ("publicationInfo", "entity")):
        root, data = element.getroottree().getroot(), tree(element)
        if local(element.tag) == "publicationInfo":
            observed = iso(one(data, "dataAsOf")[:10])
            context.dated(observed)
        else:
            yield part.name, f"{number}, id {one(data, '@id')}", Record(data, part.name, observed)
    for section in root if root is not None else ():
        if local(section.tag) not in _SECTIONS:
            context.note("unknown section", local(section.tag), part.name)


def transform(record: Record, context: Context) -> Iterator[Entity | Relation]:
    """The entity, its listings and its relationships.

    Raises:
        InputError: it cannot be read.
    """
    data = record.data
    context.survey(data, "entity")
    refuse_delta(data)
    party = Party(one(data, "@id"), one(data, "generalInfo", "entityType"), context)
    _names(party, data)
    party.feature("Title", one(data, "generalInfo", "title"))
    for address in nodes(data, "addresses", "address"):
        _address(party, address, context)
    for feature in nodes(data, "features", "feature"):
        _feature(party, feature)
    for document in nodes(data, "identityDocuments", "identityDocument"):
        party.document(_document(document))
    yield party.entity(record.file)
    for listing in _listings(party, data):
        yield from designations(listing, context, record.observed)
    for item in nodes(data, "relationships", "relationship"):
        yield _relation(party, item, record, context)


def _names(party: Party, data: Node) -> None:
    """Its own name first, and each name in Latin before other scripts."""
    for name in sorted(nodes(data, "names", "name"), key=lambda n: one(n, "isPrimary") != "true"):
        role = one(name, "aliasType") or "name"
        weak = one(name, "isLowQuality") == "true"
        wordings = nodes(name, "translations", "translation")
        for wording in sorted(wordings, key=lambda w: one(w, "script") != "Latin"):
            text, script = one(wording, "formattedFullName"), one(wording, "script")
            party.name(text, role, script=script, weak=weak)


def _address(party: Party, address: Node, context: Context) -> None:
    country = one(address, "country")
    wordings = nodes(address, "translations", "translation")
    for wording in wordings or [{}]:
        parts = {
            one(part, "type"): one(part, "value")
            for part in nodes(wording, "addressParts", "addressPart")
        }
        party.address(places.address(parts, context), country)


def _feature(party: Party, feature: Node) -> None:
    label, value = one(feature, "type"), one(feature, "value")
    if one(feature, "reliability") == "False":
        party.note(f"{label} {value} [known to be false]")
    else:
        party.feature(label, value)


def _document(data: Node) -> Document:
    return Document(
        one(data, "type"),
        one(data, "documentNumber"),
        one(data, "issuingCountry"),
        next(map(period_of, nodes(data, "issueDate")), ""),
        next(map(period_of, nodes(data, "expirationDate")), ""),
        one(data, "issuingAuthority"),
        "; ".join(texts(data, "comments")),
        one(data, "isValid") != "false",
    )


def _listings(party: Party, data: Node) -> Iterator[Listing]:
    """One per list.

    Raises:
        InputError: it is on no list.
    """
    entries = nodes(data, "sanctionsLists", "sanctionsList")
    if not entries:
        raise InputError(f"entity {party.uid} is on no list")
    names = without_umbrella([one(entry, "#text") for entry in entries])
    for entry in entries:
        if one(entry, "#text") in names:
            yield Listing(
                party.uid,
                one(entry, "#text"),
                tuple(texts(data, "sanctionsPrograms", "sanctionsProgram")),
                tuple(texts(data, "sanctionsTypes", "sanctionsType")),
                tuple(texts(data, "legalAuthorities", "legalAuthority")),
                one(entry, "@datePublished"),
                one(entry, "@id"),
            )


def _relation(party: Party, item: Node, record: Record, context: Context) -> Relation:
    """A relationship of this entity: it is the From end.

    Raises:
        InputError: the other end has no id.
    """
    end = one(item, "relatedEntity", "@entityId")
    if not end:
        raise InputError(f"relationship {one(item, '@id')} of {party.uid} names no other entity")
    said = Stated(
        one(item, "@id"),
        one(item, "type", "@refId"),
        one(item, "type"),
        party.uid,
        end,
        note=one(item, "comments"),
    )
    return relation(said, context, record.observed)
