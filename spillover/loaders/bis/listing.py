"""What is one listing of the bureau, whichever file states it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from spillover.graph.dates import first_day, last_day
from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.folding import fold
from spillover.graph.schema import Name
from spillover.loaders.context import Context, name_id
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.screening import Address, day, located, party, several

TABLES: Final[dict[str, Any]] = manifest("bis").tables
_PLACE: Final = re.compile(TABLES["places"])
_SAID: Final = {  # field of the Consolidated Screening List: property of the listing
    "federal_register_notice": "citation",
    "license_requirement": "licenceRequirement",
    "license_policy": "licencePolicy",
    "standard_order": "standardOrder",
    "source_list_url": "listUrl",
}


class Record(dict[str, Any]):
    """One record, and which kind of file it stands in."""

    form: str


class Listing(NamedTuple):
    """What a file says of one listing."""

    id: str
    programme: str
    name: str
    names: tuple[Name, ...]
    countries: tuple[str, ...]
    properties: Mapping[str, tuple[str, ...]]
    evidence: Evidence
    said: Mapping[str, tuple[str, ...]]
    """Properties of the listing itself."""
    start: str | None = None
    end: str | None = None
    schema: str = "LegalEntity"
    identifiers: tuple[tuple[str, str], ...] = ()


def own_id(name: str, context: Context, places: Iterable[Address] = ()) -> str:
    """Id of what a name means: the one listing with an id that bears it, else the name's own.

    Some listings are of an address and have a number for a name, which begins anew in every
    country: theirs is the name with the address.
    """
    known: str = context.state["ids"].get(fold(name), "")
    if not known and _PLACE.fullmatch(name):
        return name_id(", ".join((name, *(place.text for place in places))), "bis")
    return known or name_id(name, "bis")


def addresses(record: Record) -> tuple[Address, ...]:
    """The addresses in a record of a derived file."""
    return tuple(located("; ".join(several(record.get("addresses"), "addresses"))))


def one_day(date: str, name: str, context: Context) -> str | None:
    """The day that a derived file gives; None, and a signal, when it says that there are several.

    Raises:
        DateError: it cannot be read.
    """
    if date in TABLES["undated"]:
        context.note("no one day", date, name)
        return None
    return day(date) or None


def screened(record: Record, context: Context) -> Listing | None:
    """The listing that a record of the Consolidated Screening List is; None of other offices.

    Raises:
        InputError: no name or list, a date that cannot be read, or an end before the start.
    """
    one = party(record)
    if one.code not in TABLES["lists"]:
        context.ignore(f"list {one.code} of another office", one.name)
        return None
    if not one.key:
        context.note("listing without an id, known by its name", one.code, one.name)
    start, end = day(one.start) or None, day(one.end) or None
    if last_day(end) < first_day(start):
        raise InputError(f"ends on {end} before it starts on {start}")
    url = "; ".join(one.texts.get("source_information_url", ()))
    said = {name: one.texts[field] for field, name in _SAID.items() if field in one.texts}
    places = [*(address.country for address in one.addresses), *one.texts.get("country", ())]
    return Listing(
        f"csl:{one.key}" if one.key else own_id(one.name, context),
        TABLES["lists"][one.code],
        one.name,
        tuple(Name(text, role="alias") for text in one.names if text != one.name),
        countries(places, one.name, context),
        {
            "address": tuple(address.text for address in one.addresses),
            "notes": one.texts.get("remarks", ()),
        },
        context.evidence(one.key or one.name, url=url, note=one.source),
        {**said, "list": (one.source,)},
        start,
        end,
    )


def countries(places: Iterable[str], name: str, context: Context) -> tuple[str, ...]:
    """Codes of the countries that addresses end with, each once; none is signalled."""
    found = tuple(dict.fromkeys(filter(None, map(context.country, dict.fromkeys(places)))))
    if not found:
        context.note("no country in any address", "addresses", name)
    return found
