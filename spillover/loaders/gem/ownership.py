"""Who owns which firm, by the tables of the Global Energy Ownership Tracker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError
from spillover.graph.folding import fold
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context
from spillover.loaders.gem.owners import parsed
from spillover.loaders.manifest import manifest

_TABLES: Final[dict[str, Any]] = manifest("gem").tables
_FIELDS: Final = manifest("gem").fields
_IDENTIFIERS: Final[dict[str, str]] = _TABLES["identifiers"]
_ENTITY_ID: Final = re.compile(r"E\d+", re.ASCII)
_ADDRESSES: Final = re.compile(r",\s*(?=http)")
_NAMES: Final = (
    ("name", "name"),
    ("entity name", "name"),
    ("name local", "name"),
    ("name other", "alias"),
    ("abbreviation", "weak"),
)


def imputed(text: str, context: Context) -> bool:
    """Whether a share was reckoned by GEM for want of a source, so that it is unknown."""
    return bool(text and context.code("imputed", fold(text), text))


def observed(text: str, context: Context) -> str:
    """The day for which a record speaks; a text that is no date is signalled and left out."""
    try:
        if text:
            day_range(text)
    except DateError:
        context.note("date that cannot be read", text, text)
        return ""
    return text


def _properties(cells: Mapping[str, str], form: str) -> dict[str, tuple[str, ...]]:
    """Cells that become properties: those said to, and those of which nothing is said."""
    fields = _FIELDS[form]
    return {
        name: (text,) for name, text in cells.items() if fields.get(name, "property") == "property"
    }


def entity(cells: Mapping[str, str], context: Context) -> Iterable[Entity | Relation]:
    """A firm, state, person or arrangement of the table of all entities.

    Raises:
        InputError: it has no id or no name.
    """
    own = _entity_id(cells.get("entity id", ""))
    names = [
        Name(text.strip(), role="previous" if former else role)
        for column, role in (("full name", "name"), *_NAMES)
        for part in cells.get(column, "").split(";" if column == "name other" else "\n")
        for text, former in [_former(part)]
        if text.strip()
    ]
    if not names:
        raise InputError(f"{own} has no name")
    if own in _TABLES["unnamed_ids"]:
        context.ignore("holders that are not named", names[0].text)
        return
    context.state["described"].add(f"gem:{own}")
    kind = (
        context.code("types", cells["entity type"].lower(), own) if "entity type" in cells else ""
    )
    countries = (cells.get(f"{place} country", "") for place in ("registration", "headquarters"))
    yield Entity(
        f"gem:{own}",
        kind or "LegalEntity",
        names[0].text,
        tuple(name for name in dict.fromkeys(names) if name.text != names[0].text),
        tuple(dict.fromkeys(filter(None, map(context.country, countries)))),
        tuple((scheme, cells[name]) for name, scheme in _IDENTIFIERS.items() if name in cells),
        properties=_properties(cells, "entities"),
    )
    if "merged into" in cells:
        successor = _entity_id(cells["merged into"].removesuffix(".0"))
        evidence = context.evidence(own, note=cells.get("entity status"))
        yield Relation("SUCCEEDS", f"gem:{successor}", f"gem:{own}", evidence=evidence)


def _former(text: str) -> tuple[str, bool]:
    """A name without the mark of a former one, and whether it had it."""
    name, marks = re.subn(r"[\[(]former( name)?[\])},]*", "", text, flags=re.IGNORECASE)
    return name, bool(marks)


def ownership(cells: Mapping[str, str], context: Context) -> Iterator[Entity | Relation]:
    """One link from an owner to a firm or to a unit.

    Raises:
        InputError: an end without an id, or a share that cannot be read.
    """
    of_unit = "immediate owner entity id" in cells
    owner, owner_name = (
        ("immediate owner entity id", "immediate owner entity name")
        if of_unit
        else ("interested party id", "interested party name")
    )
    own = _entity_id(cells.get(owner, ""))
    asset = _asset(cells) if "asset id" in cells else _firm(cells)
    share = cells.get("% share of ownership", "")
    if {own, asset.id.removeprefix("gem:")} & {*_TABLES["unnamed_ids"]}:
        context.ignore(
            "holders that are not named", f"{cells.get(owner_name, own)} [{share}] of {asset.name}"
        )
        return
    if f"gem:{own}" == asset.id:
        context.note("owner of itself", own, asset.name)
    holder = Entity(f"gem:{own}", "LegalEntity", cells.get(owner_name, own))
    described = context.state["described"]
    yield from (end for end in (holder, asset) if end.id not in described)
    reckoned = imputed(cells.get("share imputed?", ""), context)
    stake = None if reckoned else parsed(share)
    address, *others = _ADDRESSES.split(cells.get("data source url", ""))
    yield Relation(
        "OWNS",
        holder.id,
        asset.id,
        stake,
        "interest" if stake else "",
        evidence=context.evidence(
            f"{own}>{asset.id.removeprefix('gem:')}",
            url=address.strip('" '),
            observed=observed(cells.get("last review date", ""), context),
        ),
        stake_text=f"{share} (imputed)" if reckoned else share,
        properties={"further sources": tuple(text.strip('" ') for text in others)}
        if others
        else {},
    )


def _asset(cells: Mapping[str, str]) -> Entity:
    own = cells.get("asset unit id") or cells["asset id"]
    name = " ".join(filter(None, (cells.get("asset name"), cells.get("asset unit name"))))
    return Entity(
        f"gem:{own}", "Asset", name or own, properties=_properties(cells, "asset ownership")
    )


def _firm(cells: Mapping[str, str]) -> Entity:
    own = _entity_id(cells.get("subject entity id", ""))
    return Entity(f"gem:{own}", "LegalEntity", cells.get("subject entity name", own))


def _entity_id(text: str) -> str:
    if not _ENTITY_ID.fullmatch(text):
        raise InputError(f"{text[:80]!r} is no entity id of GEM; it is E and digits")
    return text
