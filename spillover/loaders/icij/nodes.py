"""Who or what is a node of the database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from spillover.graph.errors import InputError
from spillover.graph.folding import fold
from spillover.graph.schema import Entity, Name
from spillover.loaders.context import Context
from spillover.loaders.icij.dates import iso_date
from spillover.loaders.icij.edges import year_of
from spillover.loaders.icij.tables import TABLES, Memory, Row

_PROPERTIES: Final[dict[str, str]] = TABLES["properties"]
_DATES: Final = frozenset(TABLES["dates"])
_BEARERS: Final = frozenset(TABLES["bearers"])
_NOWHERE: Final = frozenset(TABLES["no_country"])
_SWALLOWED: Final = re.compile(r'[\r\n]"?(?:[a-z]+"?,"?)?\d{4,}(?:$|[",])')
"""A row in a cell of the row before it."""
_PAGE: Final = "https://offshoreleaks.icij.org/nodes/"


def node(kind: str, row: Row, context: Context) -> Iterable[Entity]:
    """The entity of one node; none when it is an address, which its entities have.

    Raises:
        InputError: it has no id, or the row holds two nodes.
    """
    node_id = row["node_id"]
    if not node_id.isalnum():
        raise InputError(f"{node_id[:40]!r} is no id of a node; expected digits")
    if any(_SWALLOWED.search(cell) for cell in row.values() if "\n" in cell):
        raise InputError("two nodes in one row, as a quote is not closed; mend the quotes")
    memory: Memory = context.state["memory"]
    if kind == "address":
        if node_id in memory.used:
            context.merge("address", node_id)
        else:
            context.ignore("address where no node is registered", node_id)
        return ()
    _remember_year(row, context)
    schema, topic = context.code("kinds", kind, node_id) or ("LegalEntity", "")
    name = row.get("name", "")
    if not name:
        context.note("node without a name", kind, node_id)
    bearer = fold(name).strip(".") in _BEARERS
    if bearer:
        context.note("shares made out to the bearer", name, node_id)
    countries, unknown = _countries(row, context)
    properties = _properties(row, context)
    addresses = [row.get("address", "")] if "address" in row else []
    registered = memory.registered.get(node_id, ())
    addresses += [memory.addresses[address] for address in registered]
    said = {
        "address": addresses,
        "country": unknown,
        "sourceUrl": [_PAGE + node_id],
        "holder": ["whoever holds the shares: they are made out to the bearer"] if bearer else [],
    }
    for key, texts in said.items():
        if found := tuple(dict.fromkeys(filter(None, texts))):
            properties[key] = found
    if registered:
        memory.placed.add(node_id)
    number = row.get("ibcRUC", "")
    return (
        Entity(
            f"icij:{node_id}",
            schema,
            name or f"icij:{node_id}",
            _names(row),
            tuple(countries),
            (("icij", node_id), *((("register", number),) if number else ())),
            (topic,) if topic else (),
            properties,
        ),
    )


def _names(row: Row) -> tuple[Name, ...]:
    """The other names that are not the name once more."""
    pairs = (("original_name", "alias"), ("former_name", "previous"))
    found = {row.get(column, ""): Name(row.get(column, ""), role=role) for column, role in pairs}
    return tuple(name for text, name in found.items() if text and text != row.get("name"))


def _remember_year(row: Row, context: Context) -> None:
    """Keep until when a leak is current: in some forms only its nodes say it."""
    current = row.get("valid_until")
    if current:
        memory: Memory = context.state["memory"]
        years = memory.current.setdefault(row.get("sourceID", ""), set())
        years.add(year_of(current, context))


def _countries(row: Row, context: Context) -> tuple[dict[str, None], list[str]]:
    """Codes of the jurisdiction and the countries linked to a node, and texts that are none."""
    linked = row.get("country_codes") or row.get("CountryCode") or row.get("countries", "")
    codes: dict[str, None] = {}
    unknown = []
    for text in f"{row.get('jurisdiction_description', '')};{linked}".split(";"):
        plain = fold(text)
        if plain and plain not in _NOWHERE:
            if code := context.country(text.strip()):
                codes[code] = None
            else:
                unknown.append(text.strip())
    return codes, unknown


def _properties(row: Row, context: Context) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, column in _PROPERTIES.items():
        text = row.get(column)
        if not text:
            continue
        if column in _DATES:
            day = iso_date(text)
            if not day:
                context.note("unreadable date of a node", column, text)
            text = day or text
        found[name] = (text,)
    return found
