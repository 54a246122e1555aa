"""What does the legacy XML (``sdnList``) say; its two namespaces hold the same elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.ofac import legacy, remarks
from spillover.loaders.ofac.dates import american, printed
from spillover.loaders.ofac.fields import Node, nodes, one, texts
from spillover.loaders.ofac.party import TABLES, Document, Party
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.xml import elements, local, tree

_INFORMATION: Final = "publshInformation"
"""As the format spells it."""
_SHIP: Final = {
    "callSign": "Vessel Call Sign",
    "vesselType": "VESSEL TYPE",
    "vesselFlag": "Vessel Flag",
    "vesselOwner": "Vessel Owner",
    "tonnage": "Vessel Tonnage",
    "grossRegisteredTonnage": "Vessel Gross Registered Tonnage",
}


@dataclass(frozen=True, slots=True)
class Record:
    """One entry."""

    data: dict[str, Any]
    source: legacy.Source


def read(part: Part, context: Context) -> Iterator[tuple[str, str, Record]]:
    """Every entry of the file."""
    source = legacy.Source(part.name, legacy.is_sdn(part))
    stated, count = "", 0
    for position, element in elements(part, (_INFORMATION, "sdnEntry")):
        data = tree(element)
        if local(element.tag) == _INFORMATION:
            source = replace(source, observed=american(one(data, "Publish_Date")))
            context.dated(source.observed)
            stated = one(data, "Record_Count")
            continue
        count += 1
        yield part.name, f"{position}, uid {one(data, 'uid')}", Record(data, source)
    if stated and stated != str(count):
        context.note("number of entries differs", f"{count}, but the file says {stated}", part.name)


def names(part: Part) -> Iterator[tuple[str, str]]:
    """(name, number) of every entry of a file."""
    for _, element in elements(part, ("sdnEntry",)):
        data = tree(element)
        yield _name(data), one(data, "uid")


def _name(data: Node) -> str:
    """A name as OFAC prints it: the last one, a comma, and the first one."""
    return ", ".join(filter(None, (one(data, "lastName"), one(data, "firstName"))))


def transform(record: Record, context: Context) -> Iterable[Entity | Relation]:
    """What one entry says.

    Raises:
        InputError: it cannot be read.
    """
    data = record.data
    context.survey(data, "sdnEntry")
    party = Party(one(data, "uid"), one(data, "sdnType"), context)
    party.name(_name(data))
    for aka in nodes(data, "akaList", "aka"):
        weak = one(aka, "category") == "weak"
        party.name(_name(aka), one(aka, "type"), weak=weak)
    for address in nodes(data, "addressList", "address"):
        party.address(_address(address), one(address, "country"))
    _features(party, data)
    for item in nodes(data, "idList", "id"):
        _numbered(party, item)
    linked = remarks.linked_names(party, one(data, "remarks"), context)
    tags = texts(data, "programList", "program")
    yield from legacy.described(party, context, tags=tags, names=linked, source=record.source)


def _address(address: Node) -> list[str]:
    streets = [one(address, f"address{number}") for number in (1, 2, 3)]
    place = ", ".join(filter(None, (one(address, "city"), one(address, "stateOrProvince"))))
    return [*streets, " ".join(filter(None, (place, one(address, "postalCode"))))]


def _features(party: Party, data: Node) -> None:
    party.feature("Title", one(data, "title"))
    for text in texts(data, "dateOfBirthList", "dateOfBirthItem", "dateOfBirth"):
        party.feature("Birthdate", text)
    for text in texts(data, "placeOfBirthList", "placeOfBirthItem", "placeOfBirth"):
        party.feature("Place of Birth", text)
    for text in texts(data, "nationalityList", "nationality", "country"):
        party.feature("Nationality Country", text)
    for text in texts(data, "citizenshipList", "citizenship", "country"):
        party.feature("Citizenship Country", text)
    for field, label in _SHIP.items():
        party.feature(label, one(data, "vesselInfo", field))


def _numbered(party: Party, item: Node) -> None:
    """An item of the list of numbers, which holds documents and features alike."""
    label, value = one(item, "idType"), one(item, "idNumber")
    if label not in TABLES["identifiers"]:
        party.feature(label, value)
        return
    party.document(
        Document(
            label,
            value,
            one(item, "idCountry"),
            printed(one(item, "issueDate")),
            printed(one(item, "expirationDate")),
        )
    )
