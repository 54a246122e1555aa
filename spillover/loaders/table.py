"""What does a user's own table say.

The header tells which table it is, or a mapping file does. A cell that names an owner or asset is
an id when the graph or the user's own entities have that id; else the name or alias of an entity
in those tables; else it makes an entity whose id follows from the name alone, so that the same
table always makes the same graph. A programme is named by its key (``US-OFAC-SDN``), which is its
id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.folding import fold
from spillover.graph.schema import KINDS, Entity, Name, Relation
from spillover.graph.stake import Stake, parse_stake
from spillover.loaders.context import Context, name_id
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.mapping import read_mapping
from spillover.loaders.reading.tables import Row, Tables
from spillover.loaders.reading.text import Ragged

_SHAPES: Final[dict[str, dict[str, list[str]]]] = manifest("table").tables["shapes"]
_IDENTIFIERS: Final = (
    *("lei", "uscc", "register", "gb-coh", "isin", "imo", "ofac", "wikidata", "opensanctions"),
    "same_as",
)
_NAMES: Final = "names"
"""Where a load keeps the ids of its own entities by name; empty for the name of two."""


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Row | Ragged]]:
    """Every row of the tables; tables of entities come first, so that others can name them."""
    if not parts:
        raise InputError("table: name at least one file: CSV, TSV, XLSX or Parquet")
    path = context.options.mapping
    said = read_mapping(path, _SHAPES) if path else None
    encoding = context.encoding((said and said.encoding) or "utf-8")
    inputs = Tables(_SHAPES, said, encoding, context.note)
    tables = [table for part in parts for table in inputs.tables(part)]
    if said and not any(table.said is said for table in tables):
        named = ", ".join(map(repr, said.columns.values()))
        raise InputError(f"{path}: no table has all of the columns {named}")
    tables.sort(key=lambda table: table.shape != "entities")
    names = context.state[_NAMES] = {}
    for table in tables:
        for position, row in inputs.rows(table):
            if isinstance(row, Row) and table.shape == "entities":
                _remember(row, names)
            yield table.part.name, position, row


def _remember(row: Row, names: dict[str, str]) -> None:
    """Let other tables name this entity by its name, unless two entities share it."""
    own = row.get("id", "")
    for name in (row.get("name", ""), *_several(row.get("names", ""))):
        if names.setdefault(fold(name), own) != own:
            names[fold(name)] = ""


def transform(record: Row, context: Context) -> Iterable[Entity | Relation]:
    """The entities and the claim that one row states.

    Raises:
        InputError: a missing or unreadable cell.
    """
    if record.fault:
        raise InputError(record.fault)
    for name, remark in record.remarks.items():
        context.note(remark, name, record[name])
    return _TRANSFORMS[record.shape](record, context)


def _stakes(row: Row, context: Context) -> Iterator[Entity | Relation]:
    owner, new = _end(row, "owner", context)
    asset, newer = _end(row, "asset", context)
    text, stake = _share(row, "stake")
    yield from (*new, *newer)
    yield Relation(
        "OWNS",
        owner,
        asset,
        stake,
        row.get("basis") or "interest",
        row.get("start") or None,
        row.get("end") or None,
        _evidence(row, context),
        stake_text=text,
        properties=_said("joint", row.get("joint")),
    )


def _supply(row: Row, context: Context) -> Iterator[Entity | Relation]:
    supplier, new = _end(row, "supplier", context)
    customer, newer = _end(row, "customer", context)
    text, share = _share(row, "share")
    yield from (*new, *newer)
    yield Relation(
        "SUPPLIES",
        supplier,
        customer,
        share,
        row.get("share_of") or "supply",
        row.get("start") or None,
        row.get("end") or None,
        _evidence(row, context),
        stake_text=text,
        properties=_said("product", row.get("product")) | _said("value", row.get("value")),
    )


def _designations(row: Row, context: Context) -> Iterator[Entity | Relation]:
    programme, new = _end(row, "programme", context, "Programme")
    entity, newer = _end(row, "entity", context)
    yield from (*new, *newer)
    yield Relation(
        "DESIGNATES",
        programme,
        entity,
        start=row.get("start") or None,
        end=row.get("end") or None,
        evidence=_evidence(row, context),
    )


def _links(row: Row, context: Context) -> Iterator[Entity | Relation]:
    kind = row.get("kind", "").upper()
    if kind not in KINDS:
        raise InputError(f"unknown kind {kind!r}; known: {', '.join(KINDS)}")
    source, new = _end(row, "source", context)
    target, newer = _end(row, "target", context)
    role = row.get("role", "")
    basis = role if role in KINDS[kind].means else ""
    yield from (*new, *newer)
    yield Relation(
        kind,
        source,
        target,
        basis=basis,
        start=row.get("start") or None,
        end=row.get("end") or None,
        evidence=_evidence(row, context),
        properties={} if basis else _said(_told_apart_by(kind), role),
    )


def _told_apart_by(kind: str) -> str:
    """The property that a link's role is: what tells links of that kind apart."""
    return KINDS[kind].key[0] if KINDS[kind].key else "role"


def _said(name: str, text: str | None) -> dict[str, tuple[str, ...]]:
    """One property, where it is stated."""
    return {name: (text,)} if text else {}


def _entities(row: Row, context: Context) -> Iterator[Entity]:  # noqa: ARG001 - one signature for all tables
    for name in ("id", "name"):
        if not row.get(name):
            raise InputError(f"empty cell {name!r}")
    yield Entity(
        row["id"],
        row.get("schema") or "LegalEntity",
        row["name"],
        tuple(Name(text, role="alias") for text in _several(row.get("names", ""))),
        tuple(code.lower() for code in _several(row.get("country", ""))),
        tuple((one, text) for one in _IDENTIFIERS for text in _several(row.get(one, ""))),
        tuple(_several(row.get("topics", ""))),
        _said("industry", row.get("industry")) | _said("note", row.get("note")),
    )


_TRANSFORMS: Final = {
    "stakes": _stakes,
    "entities": _entities,
    "designations": _designations,
    "supply": _supply,
    "links": _links,
}


def _share(row: Row, name: str) -> tuple[str, Stake | None]:
    """The share as the file prints it, and what it means; nothing is stated by an empty cell."""
    text = row.get(name, "")
    if not text:
        return text, None
    decimal, scale = row.said.decimal, row.said.scale
    if name in row.numbers:  # the file holds a number, and its text is ours
        decimal, scale = ".", "percent" if text.endswith("%") else scale
    return text, parse_stake(text, scale=scale, decimal=decimal)


def _several(cell: str) -> list[str]:
    return [text.strip() for text in cell.split(";") if text.strip()]


def _end(
    row: Row, column: str, context: Context, schema: str = "LegalEntity"
) -> tuple[str, tuple[Entity, ...]]:
    """Id of the entity that a cell names, and the entity itself where the name makes it."""
    text = row.get(column, "")
    if not text:
        raise InputError(f"empty cell {column!r}; name an entity")
    if text.startswith("name:") or context.known(text):
        return text, ()
    if schema == "Programme" and " " not in text:
        return text, (Entity(text, schema, text),)
    named = context.state[_NAMES].get(fold(text))
    if named == "":
        raise InputError(f"{text!r} in {column!r} is the name of two entities; use an id")
    if named:
        return named, ()
    return name_id(text), (Entity(name_id(text), schema, text),)


def _evidence(row: Row, context: Context) -> Evidence:
    return context.evidence(
        row.place,
        url=row.get("source_url"),
        observed=row.get("observed"),
        confidence=row.get("confidence"),
        stance=row.get("stance"),
        note=row.get("note"),
    )
