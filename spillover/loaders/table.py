"""What does a user's own CSV or TSV table say.

The header tells which table it is. A cell that names an owner or asset is an id when the graph or
the user's own entities have that id; else the name or alias of an entity in those tables; else it
makes an entity whose id follows from the name alone, so that the same table always makes the same
graph. A programme is named by its key (``US-OFAC-SDN``), which is its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.folding import fold
from spillover.graph.schema import KINDS, Entity, Name, Relation
from spillover.graph.stake import parse_stake
from spillover.loaders.context import Context, name_id
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import CutOff, rows

_SHAPES: Final[dict[str, dict[str, list[str]]]] = manifest("table").tables["shapes"]
_IDENTIFIERS: Final = ("lei", "uscc", "register", "isin", "imo", "wikidata", "opensanctions")


class Row(dict[str, str]):
    """One row: its cells by column, popped as they are used."""

    shape: str
    place: str
    names: dict[str, str]


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Row]]:
    """Every row of the tables; tables of entities come first, so that others can name them."""
    if not parts:
        raise InputError("table: name at least one CSV or TSV file")
    tables = [(part, _shape(part, context)) for part in parts]
    tables.sort(key=lambda table: table[1] != "entities")
    names: dict[str, str] = {}
    for part, shape in tables:
        records = rows(part, context.encoding())
        header = _header(next(records)[1])
        for line, cells in records:
            if isinstance(cells, CutOff):
                raise InputError(
                    f"{part}: line {line}, the last, is cut off or has a quote that never closes;"
                    " check the quotes"
                )
            if len(cells) > len(header):
                raise InputError(
                    f"{part}: line {line} has {len(cells)} cells, the header {len(header)};"
                    " quote cells that hold a comma"
                )
            row = Row(zip(header, (cell.strip() for cell in cells), strict=False))
            row.shape, row.place, row.names = shape, f"{part.name}:{line}", names
            if shape == "entities":
                _remember(row)
            yield part.name, f"line {line}", row


def _header(cells: list[str]) -> list[str]:
    return [cell.strip().lower().replace(" ", "_") for cell in cells]


def _shape(part: Part, context: Context) -> str:
    """Which table the header makes.

    Raises:
        InputError: none; the known columns are listed.
    """
    for _, cells in rows(part, context.encoding()):
        header = _header(cells)
        for shape, columns in _SHAPES.items():
            if set(columns["must"]) <= set(header):
                return _known(part, header, shape)
        break
    else:
        raise InputError(f"{part}: empty; expected a header row")
    shapes = "; ".join(f"{name}: {', '.join(c['must'])}" for name, c in _SHAPES.items())
    raise InputError(f"{part}: columns {', '.join(header)} make no known table. Tables: {shapes}")


def _known(part: Part, header: list[str], shape: str) -> str:
    known = _SHAPES[shape]["must"] + _SHAPES[shape]["may"]
    unknown = [column for column in header if column not in known]
    twice = sorted({column for column in header if header.count(column) > 1})
    if unknown or twice:
        what = f"unknown column {', '.join(map(repr, unknown))}" if unknown else f"{twice} twice"
        raise InputError(f"{part}: {what} in a table of {shape}; known: {', '.join(known)}")
    return shape


def _remember(row: Row) -> None:
    """Let other tables name this entity by its name, unless two entities share it."""
    own = row.get("id", "")
    for name in (row.get("name", ""), *_several(row.get("names", ""))):
        if row.names.setdefault(fold(name), own) != own:
            row.names[fold(name)] = ""


def transform(record: Row, context: Context) -> Iterable[Entity | Relation]:
    """The entities and the claim that one row states.

    Raises:
        InputError: a missing or unreadable cell.
    """
    return _TRANSFORMS[record.shape](record, context)


def _stakes(row: Row, context: Context) -> Iterator[Entity | Relation]:
    owner, new = _end(row, "owner", context)
    asset, newer = _end(row, "asset", context)
    text = row.get("stake", "")
    stake = parse_stake(text)
    yield from (*new, *newer)
    yield Relation(
        "OWNS",
        owner,
        asset,
        None if stake.unknown and not text else stake,
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
    text = row.get("share", "")
    yield from (*new, *newer)
    yield Relation(
        "SUPPLIES",
        supplier,
        customer,
        parse_stake(text) if text else None,
        row.get("share_of") or "supply",
        row.get("start") or None,
        row.get("end") or None,
        _evidence(row, context),
        stake_text=text,
        properties=_said("product", row.get("product")),
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
    for column in ("id", "name"):
        if not row.get(column):
            raise InputError(f"empty cell {column!r}")
    yield Entity(
        row["id"],
        row.get("schema") or "LegalEntity",
        row["name"],
        tuple(Name(text, role="alias") for text in _several(row.get("names", ""))),
        tuple(code.lower() for code in _several(row.get("country", ""))),
        tuple((scheme, row[scheme]) for scheme in _IDENTIFIERS if row.get(scheme)),
        tuple(_several(row.get("topics", ""))),
        _said("note", row.get("note")),
    )


_TRANSFORMS: Final = {
    "stakes": _stakes,
    "entities": _entities,
    "designations": _designations,
    "supply": _supply,
    "links": _links,
}


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
    named = row.names.get(fold(text))
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
