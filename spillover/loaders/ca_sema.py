"""Whom does Canada's autonomous sanctions list name, under which schedule, and since when.

A record has no number of its own: regime, schedule and item together are its key. The country of
a record is that of the regime, not of the person, so it gives nobody a country.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context, leaves, name_id
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.xml import elements, local, root, tree

_FIELDS: Final = manifest("ca_sema").fields["record"]
_TITLES: Final = {
    "CA-SEMA": "Special Economic Measures Act",
    "CA-JVCFOA": "Justice for Victims of Corrupt Foreign Officials Act",
    "CA-SEMA-DEBT": "Special Economic Measures Act, restrictions on debt",
}
_TURNED: Final = re.compile(r"(\d{2})-(\d{2})-(\d{4})", re.ASCII)
_RANGE: Final = re.compile(r"(\d{4}) ?[-/\N{EN DASH}] ?(\d{4})", re.ASCII)
_ABOUT: Final = re.compile(r"\(?(?:c\.|circa|approximately|about)\)? *", re.IGNORECASE)
_ALSO: Final = re.compile(
    r"\((?:a\.?k\.?a\.?|also known as|alias)[: ]*((?:[^()]|\([^()]*\))*)\)", re.IGNORECASE
)
_LABEL: Final = re.compile(r"(?:^|[,;] *)([A-Z][a-z]+) ?: ")
_NUMBER: Final = re.compile(r"(?:schedule )?([\d.]+)", re.IGNORECASE)


class Listed(NamedTuple):
    """One record, as printed and by the fields of this loader."""

    printed: dict[str, Any]
    said: dict[str, str]


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Listed]]:
    """Every record of the files."""
    if not parts:
        raise InputError("ca_sema: name the XML file of the Canadian list")
    context.state["keys"] = {}
    for part in parts:
        found = root(part)[0]
        if found != "data-set":
            raise InputError(f"{part}: its root is {found!r}, expected 'data-set'")
        context.note("no day of the list", "the XML names none; state it with --date", part.name)
        last = None
        for position, element in elements(part, ("record",)):
            for other in element.itersiblings(preceding=True):
                _beside(other, part, context)
            printed = tree(element)
            yield part.name, position, Listed(printed, _said(printed))
            last = element
        if last is None:
            raise InputError(f"{part}: holds no record; is it complete?")
        for other in last.itersiblings():
            _beside(other, part, context)


def _beside(element: Any, part: Part, context: Context) -> None:
    if local(str(element.tag)) != "record":
        context.note("unknown element", local(str(element.tag)), part.name)


def _said(printed: dict[str, Any]) -> dict[str, str]:
    said: dict[str, str] = {}
    for tag, values in printed.items():
        texts = [one for one in values if isinstance(one, str)] if tag in _FIELDS else []
        text = " ".join(filter(None, texts))
        if text:
            said[_FIELDS[tag]] = text
    return said


def transform(record: Listed, context: Context) -> Iterable[Entity | Relation]:
    """The person, organisation or ship, and its listing.

    Raises:
        InputError: no name, no regime, or an unreadable day of listing.
    """
    context.survey(dict(leaves(record.printed)), "record")
    said = record.said
    if "regime" not in said:
        raise InputError("no Country; a record needs it to have a regime")
    entity = _entity(said, context)
    listed = said.get("listed", "")
    if not listed:
        context.note("no day of listing", "DateOfListing", entity.id)
    elif not _iso(listed):
        raise InputError(f"DateOfListing is {listed[:40]!r}; expected yyyy-mm-dd")
    programme = _programme(said, context)
    where = ", ".join(
        f"{word} {said[field]}"
        for word, field in (("schedule", "schedule"), ("item", "item"))
        if field in said
    )
    yield entity
    yield Entity(programme, "Programme", _TITLES.get(programme, programme))
    yield Relation(
        "DESIGNATES",
        programme,
        entity.id,
        start=_iso(listed) or None,
        evidence=context.evidence(entity.id.partition(":")[2], note=where),
        properties=_kept(
            {
                "program": [said["regime"]],
                "schedule": [said.get("schedule", "")],
                "item": [said.get("item", "")],
            }
        ),
    )


def _programme(said: dict[str, str], context: Context) -> str:
    tables = context.manifest.tables
    for pattern, key in tables["programmes"].items():
        if re.search(pattern, said["regime"], re.IGNORECASE):
            return str(key)
    number = _NUMBER.match(said.get("schedule", ""))
    if number and number[1].strip(".") in tables["others"].get(_english(said["regime"]), ()):
        return "CA-SEMA-DEBT"
    return "CA-SEMA"


def _english(regime: str) -> str:
    """The English half of a name that the list prints in both languages."""
    return regime.partition(" / ")[0].strip()


def _entity(said: dict[str, str], context: Context) -> Entity:
    person = " ".join(said[part] for part in ("given", "last") if part in said)
    name = person or said.get("entity", "")
    if not name:
        raise InputError("no LastName, GivenName or EntityOrShip; a record needs a name")
    schema = "Person" if person else "Vessel" if "imo" in said else "Organization"
    aliases = said.get("aliases", "")
    names = [*_also(name, schema), *_aliases(aliases, context)]
    date = said.get("date", "")
    dates = _dates(date, {"Person": "birthDate", "Vessel": "buildDate"}.get(schema, "date"))
    if date and not dates:
        context.note("unreadable date", date, name)
    ship = ("type" if schema == "Vessel" else "title", [said.get("title", "")])
    return Entity(
        _id(said, name, context),
        schema,
        name,
        tuple(one for one in dict.fromkeys(names) if one.text != name),
        identifiers=(("imo", said["imo"]),) if "imo" in said else (),
        topics=("sanction",),
        properties=_kept({**dates, ship[0]: ship[1], "aliasesAsPrinted": [aliases]}),
    )


def _id(said: dict[str, str], name: str, context: Context) -> str:
    """Regime, schedule and item; with the name where they are missing or used twice."""
    words = [_english(said["regime"]), said.get("schedule", ""), said.get("item", "")]
    found = name_id(" ".join(words), "ca-sema")
    if not words[2]:
        return name_id(f"{words[0]} {name}", "ca-sema")
    if context.state["keys"].setdefault(found, name) != name:
        context.note("two records of one schedule and item", found, name)
        return name_id(f"{' '.join(words)} {name}", "ca-sema")
    return found


def _also(name: str, schema: str) -> Iterator[Name]:
    """Other names that the name itself prints, in brackets or in two languages."""
    if schema == "Person":
        return
    plain = " ".join(_ALSO.sub(" ", name).split())
    inner = [text for match in _ALSO.finditer(name) for text in match[1].split(";")]
    for text in (*plain.split(" / "), *inner):
        if text.strip():
            yield Name(text.strip(), role="alias")


def _aliases(text: str, context: Context) -> Iterator[Name]:
    """Aliases between commas or semicolons; a label such as "Russian: " gives the language."""
    languages, forms = context.manifest.tables["languages"], context.manifest.tables["forms"]
    pieces = _LABEL.split(text)
    for label, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        language = languages.get(label.lower(), "")
        if label and not language:
            context.note("unknown languages", label, text)
        names: list[str] = []
        for part in re.split(r"(?<=;)|(?<=,) ", piece):
            word = part.strip(" ,;")
            if names and word.lower() in forms:
                names[-1] += f", {word}"
            elif word:
                names.append(word)
        yield from (Name(name, language, "alias") for name in names)


def _dates(text: str, word: str) -> dict[str, list[str]]:
    """Days as exact as printed; nothing when one of them cannot be read."""
    if match := _RANGE.fullmatch(text):
        return {f"{word}Between": [f"{match[1]}/{match[2]}"]}
    about = _ABOUT.match(text)
    days = [_iso(part.strip()) for part in _ABOUT.sub("", text).split(" or ")]
    return {f"{word}Approximate" if about else word: days} if all(days) else {}


def _iso(text: str) -> str:
    """The ISO form of a day; empty when it is none."""
    found = _TURNED.sub(r"\3-\2-\1", text)
    try:
        day_range(found)
    except DateError:
        return ""
    return found[:10]


def _kept(properties: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """The properties that say something."""
    found = {name: tuple(filter(None, texts)) for name, texts in properties.items()}
    return {name: texts for name, texts in found.items() if texts}
