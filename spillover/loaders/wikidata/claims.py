"""Which claims does one statement make, whether it comes from an item or from a query."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import KINDS, Entity, Relation
from spillover.graph.stake import Stake
from spillover.loaders.context import Context
from spillover.loaders.reading.countries import country_name
from spillover.loaders.wikidata.values import TABLES

RELATIONS: Final[dict[str, dict[str, Any]]] = TABLES["relations"]
NATIONS: Final[dict[str, str]] = {
    item: code for code, items in TABLES["nations"].items() for item in items
}
OWNING: Final = frozenset({"OWNS", "CONTROLS"})
"""Kinds of which an unknown value is an unknown owner, not nobody."""


@dataclass(slots=True)
class Said:
    """What a statement says."""

    item: str
    number: str
    """Of its property."""
    value: str
    """An item, or the key of an unknown one."""
    record: str
    start: str | None = None
    end: str | None = None
    observed: str = ""
    stake: Stake | None = None
    stake_text: str = ""
    url: str = ""
    confidence: str = ""
    properties: dict[str, tuple[str, ...]] = field(default_factory=dict)


def entity_id(item: str) -> str:
    """Id of an item: a country's is that of all sources."""
    return f"country:{NATIONS[item]}" if item in NATIONS else f"wikidata:{item}"


def identifiers(item: str) -> tuple[tuple[str, str], ...]:
    """The identifiers that an item has by being one."""
    own = (("wikidata", item),)
    return (("iso3166", NATIONS[item]), *own) if item in NATIONS else own


def claims(said: Said, context: Context) -> Iterator[Entity | Relation]:
    """The claims of a statement, and the country at one end of it."""
    rule = RELATIONS[said.number]
    kind, role = rule["kind"], rule["role"]
    ends = (said.value, said.item) if rule["from"] == "value" else (said.item, said.value)
    for item in ends:
        yield from _country(item, context)
    key = KINDS[kind].key
    named = key[0] if key and kind not in OWNING else "role"
    evidence = context.evidence(
        said.record,
        url=said.url or f"https://www.wikidata.org/wiki/{said.item}",
        observed=said.observed,
        note=f"{said.number} {role}",
        confidence="" if context.options.confidence else said.confidence,
    )
    claim = Relation(
        kind,
        entity_id(ends[0]),
        entity_id(ends[1]),
        None,
        "",
        said.start,
        said.end,
        evidence,
        properties={named: (role,), **said.properties},
    )
    if kind != "OWNS":
        yield claim
    if kind == "OWNS" or (kind == "CONTROLS" and said.stake):
        # a parent of which the share is stated owns that share
        basis = "interest" if said.stake else ""
        owns = claim._replace(kind="OWNS", stake=said.stake, basis=basis)
        yield owns._replace(stake_text=said.stake_text)


def _country(item: str, context: Context) -> Iterator[Entity]:
    """The country that an item is, the first time that a claim names it."""
    code = NATIONS.get(item)
    seen = context.state.setdefault("nations", set())
    if code and item not in seen:
        seen.add(item)
        name = country_name(code)
        yield Entity(f"country:{code}", "Country", name, (), (code,), identifiers(item))


def unknown(said: Said) -> Entity:
    """The owner that exists and is not known."""
    role = RELATIONS[said.number]["role"]
    reason = f"{said.item} is stated to have one ({role}), and which one is not known"
    entity = Entity(entity_id(said.value), "LegalEntity", f"Unknown: {role}")
    return entity._replace(properties={"reason": (reason,)})


def ended(limit: str, context: Context) -> str:
    """The latest day of what has ended on a day that is not stated.

    Raises:
        InputError: nothing says until when the source speaks.
    """
    end = limit or context.dataset.date
    if not end:
        raise InputError("ended on a day that is not stated; give --date")
    return end
