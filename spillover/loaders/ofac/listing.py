"""Which programmes designate a party, from which day on, and by which measures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context, name_id
from spillover.loaders.ofac.dates import iso
from spillover.loaders.ofac.party import TABLES

_SDN: Final[str] = TABLES["lists"]["SDN List"]
_SSI: Final[str] = TABLES["lists"]["Sectoral Sanctions Identifications List"]


class Listing(NamedTuple):
    """One entry of one list."""

    uid: str
    list: str
    """The list as OFAC names it."""
    tags: tuple[str, ...] = ()
    """Programme tags."""
    measures: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    """Legal authorities."""
    start: str = ""
    record: str = ""
    note: str = ""


def designations(
    listing: Listing, context: Context, observed: str = ""
) -> Iterator[Entity | Relation]:
    """The programmes of a listing, and the claim of each that it designates the party.

    The day is the list's. A programme beside it has that day only where the entry has one tag, or
    one directive: of several nobody can know which was there from the start.

    Args:
        listing: the entry.
        context: hears of an unknown list.
        observed: day of the file.

    Raises:
        InputError: the day of the listing is no date.
    """
    start = iso(listing.start)
    if listing.start and not start:
        raise InputError(f"day of listing {listing.start!r} is no date; expected YYYY-MM-DD")
    base, *others = _keys(listing, context)
    evidence = context.evidence(
        listing.record or listing.uid,
        url=f"{TABLES['page']}{listing.uid}",
        observed=observed,
        note=listing.note,
    )
    said = {
        "list": (listing.list,),
        "program": listing.tags,
        "measure": listing.measures,
        "legalBasis": listing.bases,
    }
    certain = len(others) == 1 and (base == _SSI or len(listing.tags) <= 1)
    for key in (base, *others):
        yield Entity(key, "Programme", TABLES["programmes"].get(key, listing.list))
        yield Relation(
            "DESIGNATES",
            key,
            f"ofac:{listing.uid}",
            start=start if start and (key == base or certain) else None,
            evidence=evidence,
            properties={name: values for name, values in said.items() if values},
        )


def _keys(listing: Listing, context: Context) -> list[str]:
    """The key of the list, and those of the programmes that rules name beside it."""
    base = context.code("lists", listing.list, listing.uid) or name_id(listing.list, "ofac-list")
    if base == _SDN:
        specific = [TABLES["specific"][tag] for tag in listing.tags if tag in TABLES["specific"]]
        if listing.tags and set(listing.tags) <= set(TABLES["without_fifty_percent"]):
            return list(dict.fromkeys(specific))
        return list(dict.fromkeys((base, *specific)))
    if base == _SSI:
        table = TABLES["directives"]
        return [base, *dict.fromkeys(table[m] for m in listing.measures if m in table)]
    return [base]


def without_umbrella(lists: list[str]) -> list[str]:
    """The lists without the one that only holds other lists, unless it is the only one."""
    own = [name for name in lists if name not in (TABLES["umbrella"], "SDN List")]
    return [name for name in lists if name != TABLES["umbrella"]] if own else lists
