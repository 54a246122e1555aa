"""What do the answers of GLEIF's API say in the shape of the XML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.loaders.manifest import manifest

Tree = dict[str, Any]

_TYPES: Final = {
    "lei-records": "lei",
    "relationship-records": "rr",
    "reporting-exceptions": "repex",
    "isins": "isin",
}
_OTHERS: Final = manifest("gleif").tables["otherTypes"]


def tree_of(record: Mapping[str, Any]) -> tuple[str, Tree]:
    """The table of a record of the API and the record; of one that is none of ours, its type alone.

    Raises:
        InputError: a type that is not known, or a record that is not made as the API makes it.
    """
    kind = record["type"]
    if kind in _OTHERS:
        return kind, {}
    if kind not in _TYPES:
        raise InputError(
            f"records of type {kind[:80]!r} are not known; expected {', '.join(_TYPES)}"
        )
    table = _TYPES[kind]
    said = _Node(_object(record, "attributes"))
    if table == "lei":
        return table, _lei_record(said)
    if table == "rr":
        return table, _relationship(said) | {"id": [str(record.get("id", ""))]}
    if table == "repex":
        return table, said.renamed(_EXCEPTION)
    return table, said.renamed({"lei": "LEI", "isin": "ISIN"})


class _Node:
    """An object of the API: its values as the XML has them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def renamed(self, names: Mapping[str, str]) -> Tree:
        """Its texts under other names; what is null or empty is left out."""
        made: Tree = {}
        for name, other in names.items():
            found = self.texts(name)
            if found and other.startswith("@"):
                made[other] = found[0]
            elif other == "#text":
                made[other] = found[0] if found else ""
            elif found:
                made.setdefault(other, []).extend(found)
        return made

    def texts(self, name: str) -> list[str]:
        """One text, or several in a list."""
        value = self._values.get(name)
        several = value if isinstance(value, list) else [value]
        if any(isinstance(one, (dict, list)) for one in several):
            raise InputError(f"{name!r} is {str(value)[:80]!r}; expected a text")
        return [str(one).strip() for one in several if one is not None and one != ""]

    def at(self, name: str) -> _Node:
        """An object inside it; an empty one where there is none."""
        return _Node(_object(self._values, name))

    def several(self, name: str) -> list[_Node]:
        """The objects of a list inside it."""
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise InputError(f"{name!r} is {str(value)[:80]!r}; expected a list of objects")
        return [_Node(one) for one in value]


def _object(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = values.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"{name!r} is {str(value)[:80]!r}; expected an object")
    return value


_NAME: Final = {"name": "#text", "language": "@lang", "type": "@type"}
_ADDRESS: Final = {
    "language": "@lang",
    "type": "@type",
    "mailRouting": "MailRouting",
    "addressLines": "AdditionalAddressLine",
    "city": "City",
    "region": "Region",
    "country": "Country",
    "postalCode": "PostalCode",
}
"""House numbers stand in the lines as well."""
_ENTITY: Final = {
    "jurisdiction": "LegalJurisdiction",
    "category": "EntityCategory",
    "subCategory": "EntitySubCategory",
    "status": "EntityStatus",
    "creationDate": "EntityCreationDate",
}
_REGISTERED: Final = {"id": "RegistrationAuthorityID", "other": "OtherRegistrationAuthorityID"}
_SUCCESSOR: Final = {"lei": "SuccessorLEI", "name": "SuccessorEntityName"}
_EVENT: Final = {
    "type": "LegalEntityEventType",
    "status": "@event_status",
    "effectiveDate": "LegalEntityEventEffectiveDate",
}
_REGISTRATION: Final = {
    "initialRegistrationDate": "InitialRegistrationDate",
    "lastUpdateDate": "LastUpdateDate",
    "status": "RegistrationStatus",
    "nextRenewalDate": "NextRenewalDate",
    "managingLou": "ManagingLOU",
    "corroborationLevel": "ValidationSources",
    "corroborationDocuments": "ValidationDocuments",
    "corroborationReference": "ValidationReference",
}
_PERIOD: Final = {"startDate": "StartDate", "endDate": "EndDate", "type": "PeriodType"}
_NODE: Final = {"id": "NodeID", "type": "NodeIDType"}
_EXCEPTION: Final = {
    "lei": "LEI",
    "category": "ExceptionCategory",
    "reason": "ExceptionReason",
    "reference": "ExceptionReference",
}


def _lei_record(said: _Node) -> Tree:
    entity = said.at("entity")
    made = entity.renamed(_ENTITY)
    made["LegalName"] = [entity.at("legalName").renamed(_NAME)]
    for group, inner, name in (
        ("OtherEntityNames", "OtherEntityName", "otherNames"),
        (
            "TransliteratedOtherEntityNames",
            "TransliteratedOtherEntityName",
            "transliteratedOtherNames",
        ),
    ):
        made[group] = [{inner: [one.renamed(_NAME) for one in entity.several(name)]}]
    made["LegalAddress"] = [entity.at("legalAddress").renamed(_ADDRESS)]
    made["HeadquartersAddress"] = [entity.at("headquartersAddress").renamed(_ADDRESS)]
    others = [one.renamed(_ADDRESS) for one in entity.several("otherAddresses")]
    made["OtherAddresses"] = [{"OtherAddress": others}]
    made["RegistrationAuthority"] = [
        entity.at("registeredAt").renamed(_REGISTERED)
        | entity.renamed({"registeredAs": "RegistrationAuthorityEntityID"})
    ]
    made["LegalForm"] = [
        entity.at("legalForm").renamed({"id": "EntityLegalFormCode", "other": "OtherLegalForm"})
    ]
    made["AssociatedEntity"] = [
        entity.at("associatedEntity").renamed(
            {"lei": "AssociatedLEI", "name": "AssociatedEntityName"}
        )
    ]
    made |= entity.at("expiration").renamed(
        {"date": "EntityExpirationDate", "reason": "EntityExpirationReason"}
    )
    made["SuccessorEntity"] = [
        one.renamed(_SUCCESSOR)
        for one in (entity.at("successorEntity"), *entity.several("successorEntities"))
    ]
    events = [
        event.renamed(_EVENT)
        for group in entity.several("eventGroups")
        for event in group.several("events")
    ]
    made["LegalEntityEvents"] = [{"LegalEntityEvent": events}]
    return {
        **said.renamed({"lei": "LEI"}),
        "Entity": [made],
        "Registration": [said.at("registration").renamed(_REGISTRATION)],
        "Extension": [{"conformity": [said.renamed({"conformityFlag": "conformityflag"})]}],
        "Mapping": [said.renamed({scheme: scheme for scheme in _MAPPINGS})],
    }


_MAPPINGS: Final = tuple(manifest("gleif").tables["mappings"])


def _relationship(said: _Node) -> Tree:
    link = said.at("relationship")
    made = link.renamed({"type": "RelationshipType", "status": "RelationshipStatus"})
    made["StartNode"] = [link.at("startNode").renamed(_NODE)]
    made["EndNode"] = [link.at("endNode").renamed(_NODE)]
    periods = [period.renamed(_PERIOD) for period in link.several("periods")]
    made["RelationshipPeriods"] = [{"RelationshipPeriod": periods}]
    deleted = said.at("extension").renamed({"deletedAt": "DeletedAt"})
    return {
        "Relationship": [made],
        "Registration": [said.at("registration").renamed(_REGISTRATION)],
        "Extension": [{"Deletion": [deleted]}],
    }
