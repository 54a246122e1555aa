"""Whom do the lists of the US Bureau of Industry and Security name, and under which parents.

Listings come from the Consolidated Screening List, where each has an id, or from derived files,
where only the name is known. Within one load a name that exactly one listing of the former bears
means that one in the latter, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.bis.claims import listed
from spillover.loaders.bis.derived import cmic, derived
from spillover.loaders.bis.listing import TABLES, Record, screened
from spillover.loaders.bis.parents import parent_row, remember
from spillover.loaders.context import Context
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.json import documents
from spillover.loaders.reading.screening import header, is_json, repeats_header
from spillover.loaders.reading.text import Ragged, records

_ORDER: Final = ("csl", "json", "listings", "parents", "cmic")
"""Listings with an id first, so that names can mean them; what repeats them last."""


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Record | Ragged]]:
    """Every record of the files, after all names in them have been gathered."""
    if not parts:
        raise InputError("bis: name a file of the Consolidated Screening List or a derived one")
    shaped = [(_shape(part, context), part) for part in parts]
    shaped.sort(key=lambda pair: _ORDER.index(pair[0]))
    context.state.update(ids={}, short={}, described=set(), ofac={}, listed={}, linked=set())
    for shape, part in shaped:
        for _, record in _records(part, shape, context, {}):
            remember(record, context)
    for shape, part in shaped:
        around: dict[str, Any] = {}
        for position, record in _records(part, shape, context, around):
            if not isinstance(record, Ragged):
                context.survey(record, record.form)
            yield part.name, position, record
        context.survey(around, "around")


def _shape(part: Part, context: Context) -> str:
    """Which kind of file it is.

    Raises:
        InputError: none that this loader knows.
    """
    if is_json(part):
        return "json"
    columns = set(header(part, context.encoding()))
    shapes: dict[str, list[str]] = TABLES["shapes"]
    for shape, needed in shapes.items():
        if columns >= set(needed):
            return shape
    raise InputError(
        f"{part}: no table that is known; expected the columns"
        f" {'; or '.join(', '.join(needed) for needed in shapes.values())}"
    )


def _records(
    part: Part, shape: str, context: Context, around: dict[str, Any]
) -> Iterator[tuple[str, Record | Ragged]]:
    found: Iterator[tuple[str, Any]] = (
        _documents(part, around) if shape == "json" else records(part, context.encoding())
    )
    for position, value in found:
        if isinstance(value, Ragged):
            yield position, value
            continue
        record = Record(value if isinstance(value, dict) else {"": value})
        record.form = shape if shape != "json" else "csl" if "source" in record else "parsed"
        yield position, record


def _documents(part: Part, around: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The records of a JSON file, which may say how many there are."""
    number = 0
    for position, value in documents(part, ("results", "entities"), around.update):
        number += 1
        yield position, value
    if around.get("count", number) != number:
        raise InputError(
            f"{part}: says that it has {around['count']} records and has {number}; fetch it again"
        )


def transform(record: Record, context: Context) -> Iterable[Entity | Relation]:
    """The listing and the parent that one record states.

    Raises:
        InputError: no name, an unknown list or relation, or a date that cannot be read.
    """
    if record.form == "csl" and repeats_header(record):
        context.ignore("header row that is repeated", next(iter(record), ""))
        return ()
    return _TRANSFORMS[record.form](record, context)


def _screened(record: Record, context: Context) -> Iterable[Entity | Relation]:
    listing = screened(record, context)
    return listed(listing, record.form, context) if listing else ()


def _derived(record: Record, context: Context) -> Iterable[Entity | Relation]:
    return listed(derived(record, context), record.form, context)


_TRANSFORMS: Final = {
    "csl": _screened,
    "parsed": _derived,
    "listings": _derived,
    "parents": parent_row,
    "cmic": cmic,
}
