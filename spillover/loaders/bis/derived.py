"""What do files say that others have made of the lists: parsed JSON, extracts as CSV."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from spillover.graph.errors import InputError
from spillover.graph.folding import fold
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.bis.claims import listed
from spillover.loaders.bis.listing import (
    TABLES,
    Listing,
    Record,
    addresses,
    countries,
    one_day,
    own_id,
)
from spillover.loaders.context import Context, name_id
from spillover.loaders.reading.screening import cut, day, several


def derived(record: Record, context: Context) -> Listing:
    """A listing of the Entity List, from parsed JSON or from an extract as CSV.

    Raises:
        InputError: no name, a value of a wrong kind, or a date that cannot be read.
    """
    get = partial(_texts, record)
    name = _name(record)
    parsed = record.form == "parsed"
    names, printed = _joined(get("alternateNames")) if parsed else _mended(get("alternate_names"))
    printed_addresses = addresses(record)
    places = [address.country for address in printed_addresses]
    if parsed:
        places += [one for one in get("country") if one not in TABLES["unknown_countries"]]
    else:
        places = "; ".join(get("country_codes")).split() or places
    types = get("entityType")
    schema = context.code("entity_types", types[0], name) if types else ""
    return Listing(
        own_id(name, context, printed_addresses),
        "US-BIS-EL",
        name,
        tuple(one for one in names if one.text != name),
        countries(places, name, context),
        {
            "address": tuple(address.text for address in printed_addresses),
            "printedNames": (printed,) if printed else (),
            "entityType": types,
        },
        context.evidence(
            name, url="; ".join(get("sourceUrl")), observed=day("; ".join(get("lastUpdated")))
        ),
        {
            "citation": (*get("federalRegisterCitation"), *get("fr_citation")),
            "licenceRequirement": (*get("licenseRequirement"), *get("license_requirement")),
            "licencePolicy": (*get("licenseReviewPolicy"), *get("license_review_policy")),
            "reason": get("listingReason"),
        },
        one_day("; ".join((*get("effectiveDate"), *get("effective_date"))), name, context),
        schema=schema or "LegalEntity",
    )


def _texts(record: Record, field: str) -> tuple[str, ...]:
    return several(record.get(field), field)


def _name(record: Record) -> str:
    name = "; ".join(_texts(record, "name"))
    if not name:
        raise InputError("no name; expected a party of the Entity List")
    return name


def _joined(pieces: tuple[str, ...]) -> tuple[tuple[Name, ...], str]:
    """The names of a text that was cut at its commas and is put together again, and that text."""
    printed = ", ".join(pieces)
    return tuple(Name(text, role="alias") for text in cut((printed,))), printed


def _mended(cells: tuple[str, ...]) -> tuple[tuple[Name, ...], str]:
    """The names of a text that was cut at commas as at semicolons, and that text.

    A piece that is only a legal form belongs to the one before. What else was cut cannot be told:
    when a piece stands twice or in half a bracket, the names of the cell are weak ones.
    """
    printed = "; ".join(cells)
    pieces: list[str] = []
    for piece in filter(None, (piece.strip() for piece in printed.split(";"))):
        if pieces and fold(piece).rstrip(".") in TABLES["fragments"]:
            pieces[-1] += f", {piece}"
        else:
            pieces.append(piece)
    twice = max(Counter(pieces).values(), default=0) > 1
    weak = twice or any(piece.count("(") != piece.count(")") for piece in pieces)
    return tuple(
        Name(text, role="weak" if weak else "alias") for text in dict.fromkeys(pieces)
    ), printed


def cmic(record: Record, context: Context) -> Iterator[Entity | Relation]:
    """A listing of the NS-CMIC List, with the identifiers that it prints, and its links.

    Raises:
        InputError: no name or number, or a date that cannot be read.
    """
    name, number = _name(record), record["ent_num"]
    if not (number.isascii() and number.isdigit()):
        raise InputError(f"ent_num {number!r}; expected OFAC's number of the party")
    target = record.get("target_type", "")
    schema = context.code("target_types", target, name) if target else ""
    identifiers = [("ofac", number), *(("isin", isin) for isin in record.get("isins", "").split())]
    if record["uscc"]:
        identifiers.append(("uscc", record["uscc"]))
    listing = Listing(
        f"ofac:{number}",
        "US-NS-CMIC",
        name,
        (),
        (),
        {"targetType": (target,) if target else ()},
        context.evidence(number),
        {},
        day(record.get("listing_date", "")) or None,
        schema=schema or "Organization",
        identifiers=tuple(dict.fromkeys(identifiers)),
    )
    yield from listed(listing, record.form, context)
    other = record.get("linked_to", "")
    if other:
        yield from _linked(listing, other, context)


def _linked(listing: Listing, other: str, context: Context) -> Iterator[Entity | Relation]:
    """The list says "Linked To" of parents and of children alike: the link has no direction."""
    found = context.state["ofac"].get(fold(other).rstrip("."))
    if not found:
        found = name_id(other, "bis")
        context.note("linked to a name that is not one party of the file", other, listing.name)
        yield Entity(found, "LegalEntity", other)
    context.note("link without a direction of control", "Linked To", f"{listing.name}: {other}")
    yield Relation(
        "LINKED_TO",
        listing.id,
        found,
        evidence=listing.evidence._replace(note=f"Linked To: {other}"),
        properties={"role": ("Linked To",)},
    )
