"""Who or what is an item."""

from __future__ import annotations

from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import SCHEMATA, Entity, Name, is_a
from spillover.loaders.context import Context
from spillover.loaders.wikidata.claims import NATIONS, RELATIONS, entity_id, identifiers
from spillover.loaders.wikidata.values import (
    TABLES,
    is_item,
    is_none,
    item_of,
    listed,
    mapping,
    shown,
)

_IDENTIFIERS: Final[dict[str, str]] = TABLES["identifiers"]
_PROPERTIES: Final[dict[str, str]] = TABLES["properties"]
_NAMES: Final[dict[str, str]] = TABLES["names"]
_SCHEMATA: Final[dict[str, str]] = TABLES["schemata"]
_KNOWN: Final = {*_IDENTIFIERS, *_PROPERTIES, *_NAMES, *RELATIONS, *TABLES["countries"]}
_FIRST: Final = ("en", "mul", "en-gb", "en-us", "en-ca")
"""Languages of the first name, by preference."""

Claims = dict[str, list[dict[str, Any]]]


def item_number(data: dict[str, Any]) -> str:
    """The id of an item.

    Raises:
        InputError: it has none.
    """
    number = data.get("id") or data.get("title")
    if not is_item(number):
        raise InputError(f"id {str(number)[:40]!r} is no item of Wikidata, like Q95")
    return str(number)


def by_property(data: dict[str, Any]) -> Claims:
    """The statements of an item by property.

    Raises:
        InputError: they are not where they belong.
    """
    claims = mapping(data.get("claims"), "claims")
    return {
        number: [mapping(said, "a statement") for said in listed(several, number)]
        for number, several in claims.items()
    }


def item(data: dict[str, Any], context: Context) -> Entity:
    """The entity of an item.

    Raises:
        InputError: no item, or a field of another form than an item's.
    """
    number = item_number(data)
    claims = {key: _asserted(key, said, context) for key, said in by_property(data).items()}
    for key, said in claims.items():
        if said and key not in _KNOWN:
            context.note("property not loaded", key, number)
    if number in NATIONS:
        context.state.setdefault("nations", set()).add(number)
    names = _names(data, claims)
    if not names:
        context.note("item without a name", "its number stands in for it", number)
    name, *others = names or [Name(number)]
    nations = (item_of(snak) for key in TABLES["countries"] for snak in claims.get(key, ()))
    countries = {NATIONS[number]: None} if number in NATIONS else {}
    for nation in nations:
        if nation in NATIONS:
            countries[NATIONS[nation]] = None
        else:
            context.note("unknown country", nation, number)
    numbers = (
        (scheme, shown(snak))
        for key, scheme in _IDENTIFIERS.items()
        for snak in claims.get(key, ())
    )
    return Entity(
        entity_id(number),
        _schema(number, claims, context),
        name.text,
        tuple(others),
        tuple(countries),
        tuple(dict.fromkeys((*identifiers(number), *numbers))),
        properties=_properties(data, claims),
    )


def _asserted(key: str, several: list[dict[str, Any]], context: Context) -> list[dict[str, Any]]:
    """Main snaks with a value, of statements that are not deprecated."""
    found = []
    for said in several:
        snak = mapping(said.get("mainsnak"), "mainsnak")
        if said.get("rank") == "deprecated":
            if key in _KNOWN and key not in RELATIONS:
                context.note("deprecated value", key, str(said.get("id", "")))
        elif snak.get("snaktype") == "value":
            found.append(snak)
    return found


def _names(data: dict[str, Any], claims: dict[str, list[dict[str, Any]]]) -> list[Name]:
    """All names, once each; the first is that of the item in English."""
    found: dict[str, Name] = {}
    labels = mapping(data.get("labels"), "labels")
    order = [*(lang for lang in _FIRST if lang in labels), *labels]
    said = [(mapping(labels[lang], "a label"), "name") for lang in order]
    for several in mapping(data.get("aliases"), "aliases").values():
        said += [(mapping(one, "an alias"), "alias") for one in listed(several, "aliases")]
    for key, role in _NAMES.items():
        for snak in claims.get(key, ()):
            value = snak.get("datavalue", {}).get("value")
            if isinstance(value, dict):
                said.append(({"language": value.get("language"), "value": value.get("text")}, role))
            else:
                said.append(({"value": value}, role))
    for name, role in said:
        text = name.get("value")
        if isinstance(text, str) and text.strip():
            lang = str(name.get("language") or "").partition("-")[0]
            found.setdefault(text, Name(text, "" if lang == "mul" else lang, role))
    return list(found.values())


def _schema(number: str, claims: dict[str, list[dict[str, Any]]], context: Context) -> str:
    """The narrowest schema of what it is; an organization by its properties; else a thing."""
    if number in NATIONS:
        return "Country"
    found = ""
    for snak in claims.get("P31", ()):
        known = _SCHEMATA.get(item_of(snak), "")
        if not known:
            context.note("unknown instance of", item_of(snak), number)
        elif not found or (found in SCHEMATA and is_a(known, found)):
            found = known
    if found:
        return found
    corporate = any(claims.get(key) for key in TABLES["corporate"])
    return "LegalEntity" if corporate else "Thing"


def _properties(
    data: dict[str, Any], claims: dict[str, list[dict[str, Any]]]
) -> dict[str, tuple[str, ...]]:
    description = mapping(mapping(data.get("descriptions"), "descriptions").get("en"), "en")
    found: dict[str, tuple[str, ...]] = {}
    if description.get("value"):
        found["description"] = (str(description["value"]),)
    for key, name in _PROPERTIES.items():
        texts = dict.fromkeys(filter(None, map(shown, claims.get(key, ()))))
        if texts:
            found[name] = tuple(texts)
    none = [
        RELATIONS[key]["role"]
        for key, several in by_property(data).items()
        if key in RELATIONS and any(is_none(said.get("mainsnak")) for said in several)
    ]
    if none:
        found["statedNone"] = tuple(none)
    return found
