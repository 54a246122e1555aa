"""What does the Advanced XML say of one party: its names, documents and features."""

from __future__ import annotations

from typing import Final

from spillover.graph.schema import Entity
from spillover.loaders.context import Context
from spillover.loaders.ofac import places
from spillover.loaders.ofac.advanced_file import File
from spillover.loaders.ofac.dates import period
from spillover.loaders.ofac.fields import Node, nodes, one, texts
from spillover.loaders.ofac.party import Party

_ADDRESS: Final = "Location"
"""The feature that is an address; others name a location for its country alone."""


def entity(data: Node, file: File, context: Context) -> Entity:
    """The party of one element.

    Raises:
        InputError: a code or a location that it names is not in the file, or it has no name.
    """
    subtype = file.code("PartySubType", one(data, "Profile", "@PartySubTypeID"))
    kind = one(subtype, "#text")
    if kind == "Unknown":
        kind = file.text("PartyType", one(subtype, "@PartyTypeID"))
    party = Party(one(data, "@FixedRef"), kind, context)
    party.note(one(data, "Comment"))
    for identity in nodes(data, "Profile", "Identity"):
        _names(party, identity, file, context)
        for document in file.documents.pop(one(identity, "@ID"), ()):
            party.document(document)
    for feature in nodes(data, "Profile", "Feature"):
        label = file.text("FeatureType", one(feature, "@FeatureTypeID"))
        for version in nodes(feature, "FeatureVersion"):
            _feature(party, label, version, file)
    return party.entity(file.name)


def _names(party: Party, identity: Node, file: File, context: Context) -> None:
    """The names of an identity, the party's own first, in Latin before other scripts."""
    kinds = {
        one(group, "@ID"): file.text("NamePartType", one(group, "@NamePartTypeID"))
        for group in nodes(identity, "NamePartGroups", "MasterNamePartGroup", "NamePartGroup")
    }
    false = one(identity, "@False") == "true"
    for alias in sorted(nodes(identity, "Alias"), key=lambda a: one(a, "@Primary") != "true"):
        role = file.text("AliasType", one(alias, "@AliasTypeID"))
        weak = false or one(alias, "@LowQuality") == "true"
        wordings = [_wording(name, kinds, file) for name in nodes(alias, "DocumentedName")]
        for script, parts in sorted(wordings, key=lambda wording: wording[0] != "Latin"):
            text = places.name(parts, script, context)
            party.name(text, role, script=script, weak=weak)


def _wording(name: Node, kinds: dict[str, str], file: File) -> tuple[str, list[tuple[str, str]]]:
    """Script of a name, and (kind, text) of its parts."""
    values = nodes(name, "DocumentedNamePart", "NamePartValue")
    scripts = [file.text("Script", one(value, "@ScriptID")) for value in values]
    parts = [(kinds.get(one(v, "@NamePartGroupID"), ""), one(v, "#text")) for v in values]
    return next((s for s in scripts if s != "Latin"), "Latin" if scripts else ""), parts


def _feature(party: Party, label: str, version: Node, file: File) -> None:
    number = one(version, "VersionLocation", "@LocationID")
    place = file.place(number) if number else None
    detail = [
        file.text("DetailReference", one(node, "@DetailReferenceID")) or one(node, "#text")
        for node in nodes(version, "VersionDetail")
    ]
    said = [*map(period, nodes(version, "DatePeriod")), *detail, *texts(version, "VersionDetail")]
    value = next(filter(None, said), place.country if place else "")
    if file.text("Reliability", one(version, "@ReliabilityID")) == "False":
        party.note(f"{label} {value} [known to be false]")
    elif label == _ADDRESS and place:
        party.address(place.parts, place.country, place.code)
    else:
        party.feature(label, value)
    for comment in texts(version, "Comment"):
        party.note(f"{label} {value}: {comment}")
