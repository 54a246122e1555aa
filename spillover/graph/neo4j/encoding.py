"""How does a row of a graph file become the properties of a node or a relationship, and back?

Every property is a text, a whole number, a boolean, or a list of texts. What people look at stands
in properties of its own; what a file says in its columns is kept beside it, so that the same rows
come back. Columns are those of :mod:`spillover.graph.tables`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Any, Final

import msgspec

from spillover.graph.identifiers import normal
from spillover.graph.rows import texts
from spillover.graph.schema import KINDS, Entity
from spillover.graph.stake import Stake

_JSON: Final = msgspec.json.Encoder().encode
_PARSED: Final = msgspec.json.Decoder().decode

SAID: Final = "said_"
"""Start of the property that holds what a dataset says of an entity: a list of JSON texts."""
OF_LOAD: Final = "load_"
"""Start of the property that tells by which load a dataset says so: its number on the server."""

Description = tuple[Any, ...]
"""Number, schema, name, folded, names, countries, identifiers, topics, properties."""
Claim = tuple[Any, ...]
"""Kind, low, high, stake text, basis, start, end, observed, confidence, stance,
reported_indirect, block, record, note, properties, publisher, title, address."""

COLUMNS: Final = (
    *("low", "high", "stake_text", "basis", "start", "end", "observed", "confidence", "stance"),
    *("reported_indirect", "block", "record", "note", "properties", "publisher", "title", "url"),
)
"""Properties of a relationship that hold the columns of a claim behind its kind."""


def said(description: Description) -> str:
    """A description as the text that a node keeps of it."""
    return _JSON(description).decode()


def description(text: str) -> Description:
    """The description of such a text."""
    return tuple(_PARSED(text))


def shown(entity: Entity, folded: str) -> dict[str, Any]:
    """What people see of an entity, by all datasets that describe it.

    Args:
        entity: the entity under its own id.
        folded: all its names as they are searched, parted by line ends.
    """
    return {
        "schema": entity.schema,
        "name": entity.name,
        "names": list(dict.fromkeys(name.text for name in entity.names if name.text)) or None,
        "countries": list(entity.countries) or None,
        "identifiers": [f"{scheme} {value}" for scheme, value in entity.identifiers] or None,
        "codes": codes(entity.identifiers),
        "topics": list(entity.topics) or None,
        "datasets": list(entity.datasets) or None,
        "folded": folded,
    }


def shown_alone(told: Description, dataset: str) -> dict[str, Any]:
    """The same of an entity that one dataset describes, once; read from its columns."""
    _, schema, name, folded, names, countries, identifiers, topics, _ = told
    others = [text for text, *_ in _PARSED(names) if text] if names else []
    numbers = _PARSED(identifiers) if identifiers else []
    return {
        "schema": schema,
        "name": name,
        "names": list(dict.fromkeys(others)) or None,
        "countries": list(texts(countries)) or None,
        "identifiers": [" ".join(pair) for pair in numbers] or None,
        "codes": codes(numbers),
        "topics": list(texts(topics)) or None,
        "datasets": [dataset],
        "folded": folded,
    }


def codes(identifiers: Iterable[Sequence[str]]) -> str | None:
    """Identifiers as they are looked up, each between two spaces; None when there are none."""
    found = sorted({normal(scheme, value) for scheme, value in identifiers})
    return " ".join(("", *found, "")) if found else None


def properties(claim: Claim) -> dict[str, Any]:
    """Properties of the relationship of a claim, without key, number, load and dataset.

    ``share`` reads the two integers; what tells claims of its kind apart (role, tie, product ...)
    stands under its own name, too.
    """
    kind, *columns = claim
    values = dict(zip(COLUMNS, columns, strict=True))
    if values["low"] is not None:
        values["share"] = str(Stake(values["low"], values["high"]))
    if values["properties"]:
        stated = _PARSED(values["properties"])
        values |= {name: "; ".join(stated[name]) for name in KINDS[kind].key if name in stated}
    return {name: value for name, value in values.items() if value is not None}


def claim(kind: str, values: Mapping[str, Any]) -> Claim:
    """The claim of a relationship of this kind."""
    return (kind, *(values.get(name) for name in COLUMNS))


def digest(*parts: object) -> str:
    """A stable key of a claim: what it says, and of whom, in 24 characters."""
    return blake2b(_JSON(parts), digest_size=12).hexdigest()
