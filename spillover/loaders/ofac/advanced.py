"""What does the Advanced XML say: parties, relationships between them, and entries of lists.

The file decodes its own ids: the reference values come first, then locations and documents, then
the parties that refer to them, then what refers to the parties.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.ofac.advanced_file import File
from spillover.loaders.ofac.advanced_party import entity
from spillover.loaders.ofac.dates import calendar_day
from spillover.loaders.ofac.fields import Node, nodes, one, refuse_delta, texts
from spillover.loaders.ofac.listing import Listing, designations, without_umbrella
from spillover.loaders.ofac.party import TABLES
from spillover.loaders.ofac.relations import Stated, relation
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.xml import elements, local, tree

_TAGS: Final = (
    *("DateOfIssue", "ReferenceValueSets", "Location", "IDRegDocument", "DistinctParty"),
    *("ProfileRelationship", "SanctionsEntry", "SanctionsEntryLink"),
)
_SECTIONS: Final = (
    *("DateOfIssue", "ReferenceValueSets", "Locations", "IDRegDocuments", "DistinctParties"),
    *("ProfileRelationships", "SanctionsEntries", "SanctionsEntryLinks"),
)
_PROGRAM: Final = "Program"
"""Type of the measure whose comment is a programme tag."""


@dataclass(frozen=True, slots=True)
class Record:
    """One element of the file."""

    tag: str
    data: dict[str, Any]
    file: File = field(repr=False)
    wrong: str = ""
    """Why it could not be taken up, or that nobody refers to it."""
    beside: bool = False
    """Whether an entry of the umbrella list stands beside one of the party's own list."""


Read = tuple[str, str, Record]


def read(parts: Iterable[Part], context: Context) -> Iterator[Read]:
    """Every element of the files; relationships come last, as they may lead to another file."""
    context.state.setdefault("profiles", {})
    relationships: list[Read] = []
    for part in parts:
        for item in _file(part, context):
            if item[2].tag == "ProfileRelationship":
                relationships.append(item)
            else:
                yield item
    yield from relationships


def _file(part: Part, context: Context) -> Iterator[Read]:
    file, attached, umbrella = File(part.name), [], []
    listed: dict[str, set[str]] = {}
    root = None
    for number, element in elements(part, _TAGS):
        tag, data = local(element.tag), tree(element)
        root = element.getroottree().getroot()
        item = (part.name, _position(tag, data, number), Record(tag, data, file))
        if tag == "DateOfIssue":
            file.observed = calendar_day(data)
            context.dated(file.observed)
        elif tag == "ReferenceValueSets":
            file.remember_codes(data)
        elif tag in ("Location", "IDRegDocument"):
            attached.append((*item[:2], _taken_up(tag, data, file, context)))
        elif tag == "SanctionsEntry" and _list(data, file) == TABLES["umbrella"]:
            umbrella.append(item)
        else:
            if tag == "SanctionsEntry":
                listed.setdefault(one(data, "@ProfileID"), set()).add(_list(data, file))
            elif tag == "DistinctParty":
                _remember(data, context)
            yield item
    for section in root if root is not None else ():
        if local(section.tag) not in _SECTIONS:
            context.note("unknown section", local(section.tag), part.name)
    yield from (_beside(item, listed) for item in umbrella)
    yield from (_left_over(item) for item in attached)


def _position(tag: str, data: Node, number: str) -> str:
    for key in ("FixedRef", "ID"):
        if one(data, f"@{key}"):
            return f"{tag} {key} {one(data, f'@{key}')}"
    return number


def _taken_up(tag: str, data: dict[str, Any], file: File, context: Context) -> Record:
    """The record of a location or document that is kept in the file's look-ups."""
    context.survey(data, tag)
    wrong = ""
    try:
        if tag == "Location":
            file.remember_place(data, context)
        else:
            file.remember_document(data)
    except InputError as error:
        wrong = str(error)
    kept: dict[str, Any] = {key: data[key] for key in ("@ID", "@IdentityID") if key in data}
    return Record(tag, kept, file, wrong)


def _left_over(item: Read) -> Read:
    """A location or document, with the complaint where no party has it."""
    name, position, record = item
    number, owner = one(record.data, "@ID"), one(record.data, "@IdentityID")
    if record.wrong:
        return item
    if record.tag == "Location" and number not in record.file.used:
        wrong = f"location {number} belongs to no party of the file"
    elif record.tag == "IDRegDocument" and owner in record.file.documents:
        wrong = f"document {number} belongs to identity {owner}, which is not in the file"
    else:
        return item
    return name, position, Record(record.tag, record.data, record.file, wrong)


def _beside(item: Read, listed: dict[str, set[str]]) -> Read:
    name, position, record = item
    own = listed.get(one(record.data, "@ProfileID"), set())
    beside = TABLES["umbrella"] not in without_umbrella([TABLES["umbrella"], *sorted(own)])
    return name, position, Record(record.tag, record.data, record.file, beside=beside)


def _list(data: Node, file: File) -> str:
    """The list of an entry; empty when its id is unknown, which its reading will say."""
    return one(file.codes.get("List", {}).get(one(data, "@ListID"), {}), "#text")


def _remember(data: Node, context: Context) -> None:
    for profile in texts(data, "Profile", "@ID"):
        context.state["profiles"][profile] = one(data, "@FixedRef")


def transform(record: Record, context: Context) -> Iterable[Entity | Relation]:
    """What one element says.

    Raises:
        InputError: it cannot be read, or it belongs to nobody.
    """
    if record.wrong:
        raise InputError(record.wrong)
    refuse_delta(record.data)
    if record.tag in ("Location", "IDRegDocument"):
        context.merge(f"{record.tag} of a party", one(record.data, "@ID"))
        return ()
    if record.tag == "SanctionsEntryLink":
        context.ignore("link between entries of lists", str(record.data))
        return ()
    context.survey(record.data, record.tag)
    if record.tag == "DistinctParty":
        return (entity(record.data, record.file, context),)
    if record.tag == "ProfileRelationship":
        return (_relationship(record, context),)
    return _entry(record, context)


def _uid(profile: str, context: Context) -> str:
    """The number of the party with this profile.

    Raises:
        InputError: it is not in the files, and they do not number profiles like parties.
    """
    profiles: dict[str, str] = context.state["profiles"]
    if profile in profiles:
        return profiles[profile]
    if profile and all(own == uid for own, uid in profiles.items()):
        context.note("relationship with a party that is not in the files", profile, profile)
        return profile
    raise InputError(f"profile {profile!r} is of no party of the files; load them together")


def _relationship(record: Record, context: Context) -> Relation:
    data, file = record.data, record.file
    type_id = one(data, "@RelationTypeID")
    said = Stated(
        one(data, "@ID"),
        type_id,
        one(file.codes.get("RelationType", {}).get(type_id, {}), "#text"),
        _uid(one(data, "@From-ProfileID"), context),
        _uid(one(data, "@To-ProfileID"), context),
        file.text("RelationQuality", one(data, "@RelationQualityID")),
        one(data, "@Former") == "true",
        one(data, "Comment"),
    )
    return relation(said, context, file.observed)


def _entry(record: Record, context: Context) -> Iterable[Entity | Relation]:
    data, file = record.data, record.file
    profile = one(data, "@ProfileID")
    uid = context.state["profiles"].get(profile)
    if uid is None:
        raise InputError(f"entry of profile {profile!r}, which is of no party of the files")
    if record.beside:
        context.ignore("entry of the umbrella list beside that of the party's own list", uid)
        return ()
    measures = nodes(data, "SanctionsMeasure")
    types = [file.text("SanctionsType", one(node, "@SanctionsTypeID")) for node in measures]
    days, bases = _events(data, file, context)
    listing = Listing(
        uid,
        file.text("List", one(data, "@ListID")),
        tuple(
            one(node, "Comment")
            for node, kind in zip(measures, types, strict=True)
            if kind == _PROGRAM
        ),
        tuple(kind for kind in types if kind != _PROGRAM),
        tuple(dict.fromkeys(bases)),
        min(filter(None, days), default=""),
        one(data, "@ID"),
        "; ".join(texts(data, "EntryEvent", "Comment")),
    )
    return designations(listing, context, file.observed)


def _events(data: Node, file: File, context: Context) -> tuple[list[str], list[str]]:
    """Days on which an entry began, and its legal bases."""
    days, bases = [], []
    for event in nodes(data, "EntryEvent"):
        kind = file.text("EntryEventType", one(event, "@EntryEventTypeID"))
        if context.code("events", kind, one(data, "@ID")) == "start":
            days += [_day(date) for date in nodes(event, "Date")]
        basis = file.text("LegalBasis", one(event, "@LegalBasisID"))
        if basis not in ("", "Unknown"):
            bases.append(basis)
    return days, bases


def _day(date: Node) -> str:
    """The day of an event; empty when none is given.

    Raises:
        InputError: it is no date.
    """
    day = calendar_day(date)
    if not day and one(date, "Year"):
        parts = "-".join(texts(date, "Year") + texts(date, "Month") + texts(date, "Day"))
        raise InputError(f"day of listing {parts!r} is no date; expected year, month and day")
    return day
