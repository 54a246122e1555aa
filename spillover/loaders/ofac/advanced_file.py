"""What does an Advanced XML file say once for all its parties: codes, places and documents."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from spillover.graph.errors import InputError
from spillover.loaders.context import Context
from spillover.loaders.ofac import places
from spillover.loaders.ofac.dates import period
from spillover.loaders.ofac.fields import Node, nodes, one, texts
from spillover.loaders.ofac.party import Document


class Place(NamedTuple):
    """A location: the parts of its address, and its country."""

    parts: list[str]
    country: str = ""
    code: str = ""


@dataclass(slots=True)
class File:
    """The look-ups of one file, filled as it is read."""

    name: str
    observed: str = ""
    codes: dict[str, dict[str, Node]] = field(default_factory=dict)
    """By kind of reference value and id."""
    places: dict[str, Place] = field(default_factory=dict)
    documents: defaultdict[str, list[Document]] = field(default_factory=lambda: defaultdict(list))
    """By identity."""
    used: set[str] = field(default_factory=set)
    """Places that a party or a document names."""

    def remember_codes(self, data: Node) -> None:
        """Take up the reference values of the file."""
        for values in data.values():
            for group in values if isinstance(values, list) else ():
                for kind in group if isinstance(group, dict) else ():
                    known = self.codes.setdefault(kind, {})
                    known.update((one(node, "@ID"), node) for node in nodes(group, kind))

    def code(self, kind: str, number: str) -> Node:
        """The reference value of this kind and id.

        Raises:
            InputError: the file has none.
        """
        found = self.codes.get(kind, {}).get(number)
        if found is None:
            raise InputError(f"{kind} {number!r} is not among the reference values of the file")
        return found

    def text(self, kind: str, number: str) -> str:
        """What the id of a reference value means; empty for no id.

        Raises:
            InputError: the file has none of that id.
        """
        return one(self.code(kind, number), "#text") if number else ""

    def remember_place(self, data: Node, context: Context) -> None:
        """Take up a location.

        Raises:
            InputError: a code of it is unknown.
        """
        parts: dict[str, str] = {}
        for part in nodes(data, "LocationPart"):
            kind = self.text("LocPartType", one(part, "@LocPartTypeID"))
            values = sorted(
                nodes(part, "LocationPartValue"), key=lambda v: one(v, "@Primary") != "true"
            )
            parts[kind] = " / ".join(text for value in values for text in texts(value, "Value"))
        number = one(data, "LocationCountry", "@CountryID")
        country, code = parts.pop("Unknown", ""), ""
        if number:
            country = self.text("Country", number)
            code = one(self.code("Country", number), "@ISO2").lower()
        self.places[one(data, "@ID")] = Place(places.address(parts, context), country, code)

    def place(self, number: str) -> Place:
        """A location by its id, which counts as used from now on.

        Raises:
            InputError: the file has none of that id.
        """
        found = self.places.get(number)
        if found is None:
            raise InputError(f"location {number!r} is not in the file")
        self.used.add(number)
        return found

    def remember_document(self, data: Node) -> None:
        """Take up a document of an identity.

        Raises:
            InputError: a code or a location of it is unknown.
        """
        number = one(data, "@IssuedIn-LocationID")
        place = self.place(number).country if number else ""
        days = {
            self.text("IDRegDocDateType", one(date, "@IDRegDocDateTypeID")): period(inner)
            for date in nodes(data, "DocumentDate")
            for inner in nodes(date, "DatePeriod")
        }
        document = Document(
            self.text("IDRegDocType", one(data, "@IDRegDocTypeID")),
            one(data, "IDRegistrationNo"),
            self.text("Country", one(data, "@IssuedBy-CountryID")) or place,
            days.pop("Issue Date", ""),
            days.pop("Expiration Date", ""),
            one(data, "IssuingAuthority"),
            "; ".join((*texts(data, "Comment"), *(f"{what} {day}" for what, day in days.items()))),
            self.text("Validity", one(data, "@ValidityID")) in ("", "Valid"),
        )
        self.documents[one(data, "@IdentityID")].append(document)
