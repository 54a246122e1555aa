"""What does OFAC say of one party, in the words of the graph; shared by all formats."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.folding import fold
from spillover.graph.identifiers import valid
from spillover.graph.schema import Entity, Name
from spillover.loaders.context import Context
from spillover.loaders.manifest import manifest
from spillover.loaders.ofac.dates import printed
from spillover.loaders.reading.countries import alpha2

TABLES: Final[dict[str, Any]] = manifest("ofac").tables

_IMO: Final = re.compile(r"IMO[ :]*(\d{7})", re.ASCII)
_ABROAD: Final = re.compile(r"(.*\S) \(([^()]*(?:\([^()]*\)[^()]*)?)\)")


class Document(NamedTuple):
    """A document or number that identifies a party."""

    label: str
    number: str
    country: str = ""
    issued: str = ""
    expires: str = ""
    authority: str = ""
    comment: str = ""
    valid: bool = True

    @property
    def text(self) -> str:
        """All of it in one line, in the wording of OFAC's remarks."""
        parts = (
            f"{self.label} {self.number}",
            f"({self.country})" if self.country else "",
            f"issued {self.issued}" if self.issued else "",
            f"expires {self.expires}" if self.expires else "",
            f"authority {self.authority}" if self.authority else "",
            f"[{self.comment}]" if self.comment else "",
            "" if self.valid else "[not valid]",
        )
        return " ".join(filter(None, parts))


class Party:
    """The name, identifiers and properties of one party, as they are gathered.

    Args:
        uid: OFAC's number of it, one numbering for all lists.
        kind: individual, entity, vessel or aircraft; an empty one is an entity.
        context: of the load, which hears of what is not known.

    Raises:
        InputError: the number is none, or the kind is unknown.
    """

    def __init__(self, uid: str, kind: str, context: Context) -> None:
        if not (uid.isascii() and uid.isdigit()):
            raise InputError(f"{uid!r} is no number of an OFAC entry; is the record cut?")
        schema = TABLES["kinds"].get(fold(kind) or "entity")
        if schema is None:
            raise InputError(f"unknown type {kind!r}; known: {', '.join(TABLES['kinds'])}")
        self.uid = uid
        self.schema: str = schema
        if schema == "Person":
            context.state.setdefault("persons", set()).add(uid)
        self.features: list[tuple[str, str]] = []
        """(label, value) of every feature, in the order of the record."""
        self._context = context
        self._names: dict[Name, None] = {}
        self._countries: dict[str, None] = {}
        self._identifiers: dict[tuple[str, str], None] = {("ofac", uid): None}
        self._properties: dict[str, dict[str, None]] = {}

    @property
    def id(self) -> str:
        """Its id in the graph."""
        return f"ofac:{self.uid}"

    def name(self, text: str, role: str = "name", *, script: str = "", weak: bool = False) -> None:
        """A name; the first one that is given is the party's own."""
        role = "weak" if weak else self._role(role)
        lang = ""
        if script:
            lang = self._context.code("scripts", script, text) or ""
            if script != "Latin" and text:
                self.put("nameScript", f"{script}: {text}")
        if text:
            self._names.setdefault(Name(text, lang, role))

    def _role(self, role: str) -> str:
        known = TABLES["roles"].get(role.replace(".", "").lower())
        if known is None:
            self._context.note("unknown roles", role, self.uid)
        return known or "alias"

    def put(self, name: str, value: str) -> None:
        """One value of a property."""
        if value:
            self._properties.setdefault(name, {})[value] = None

    def note(self, text: str) -> None:
        """A remark that is kept as text."""
        self.put("notes", text)

    def address(self, parts: list[str], country: str, code: str = "") -> None:
        """An address: its parts, and the name of its country with the code where one is given."""
        if fold(country) in _nowhere():
            country = ""
        self.put("address", ", ".join(filter(None, (*parts, country))))
        self._own(code or self._code(country))

    def _code(self, country: str) -> str:
        """Alpha-2 code of a country as OFAC spells it; empty when there is none."""
        return self._context.country(TABLES["country_spellings"].get(country, country))

    def _own(self, code: str) -> None:
        if code:
            self._countries[code] = None

    def feature(self, label: str, value: str) -> None:
        """A labelled value; an unknown label is signalled and kept with it as text."""
        label = label.replace("’", "'").strip()
        label = TABLES["spellings"].get(label, label)
        if not value:
            return
        self.features.append((label, value))
        family = next((start for start in TABLES["families"] if label.startswith(start)), "")
        if label in TABLES["countries"]:
            self._country(label, value)
        elif label in TABLES["dates"]:
            self.put(TABLES["dates"][label], printed(value))
        elif label in TABLES["properties"]:
            name = TABLES["properties"][label]
            self.put(name, f"{label} {value}" if name in TABLES["labelled"] else value)
        elif family:
            self.put(TABLES["families"][family], f"{label.removeprefix(family)} {value}".strip())
        elif label in TABLES["identifiers"]:
            self.document(Document(label, value))
        else:
            self._context.note("unknown label", label, value)
            self.note(f"{label} {value}")

    def _country(self, label: str, value: str) -> None:
        use = TABLES["countries"][label]
        if fold(value) in _nowhere():
            return
        code = self._code(value)
        self.put(use["property"], code or value)
        if use["own"]:
            self._own(code)

    def document(self, document: Document) -> None:
        """A document: kept in full as text, and as an identifier when it is valid."""
        abroad = _ABROAD.fullmatch(document.number)
        if abroad and not document.country and alpha2(abroad[2]):
            document = document._replace(number=abroad[1], country=abroad[2])
        if document.number:
            self.put("documents", document.text)
            self._identify(document)

    def _identify(self, document: Document) -> None:
        label = document.label.replace("’", "'")
        label = TABLES["spellings"].get(label, label)
        if document.authority in ("INN", "OGRN"):
            label = document.authority
        scheme = self._context.code("identifiers", label, document.number)
        if not scheme or not document.valid:
            return
        value = document.number
        imo = _IMO.fullmatch(value)
        if imo and self.schema == "Vessel":
            scheme, value = "imo", imo[1]
        elif label == "Legal Entity Number" and valid("lei", value):
            scheme = "lei"
        self._identifiers[scheme, value] = None

    def entity(self, file: str) -> Entity:
        """The party as one entity.

        Args:
            file: of the record; in one file a number is that of one party.

        Raises:
            InputError: it has no name, or in the same file its number is another party's.
        """
        if not self._names:
            raise InputError(f"entry {self.uid} has no name")
        first, *others = self._names
        owners: dict[tuple[str, str], str] = self._context.state.setdefault("owners", {})
        owner = owners.setdefault((file, self.uid), first.text)
        if fold(owner) != fold(first.text):
            raise InputError(
                f"number {self.uid} of {first.text!r} is that of {owner!r} in the same file; two"
                " parties are not made one: mend the file"
            )
        properties = {name: tuple(values) for name, values in self._properties.items()}
        return Entity(
            self.id,
            self._narrowed(properties.get("targetType", ())),
            first.text,
            (*((first,) if first.lang else ()), *(n for n in others if n.text != first.text)),
            tuple(self._countries),
            (*self._identifiers, *(("isin", isin) for isin in self._own_isins())),
            (),
            properties,
        )

    def _own_isins(self) -> tuple[str, ...]:
        """Its securities; none where another issuer is named: whose they are is not said."""
        issuers = {fold(name) for name in self._properties.get("issuerName", ())}
        own = issuers <= {fold(name.text) for name in self._names}
        return tuple(self._properties.get("isin", ())) if own else ()

    def _narrowed(self, targets: tuple[str, ...]) -> str:
        """The schema, narrowed where all target types that are stated agree on it."""
        schemata = {TABLES["targets"].get(target, "") for target in targets}
        if self.schema == "Organization" and len(schemata) == 1:
            return schemata.pop() or self.schema
        return self.schema


@cache
def _nowhere() -> frozenset[str]:
    return frozenset(fold(text) for text in TABLES["no_country"])
