"""What does Wikidata say of an item: its names, and its statements that link it to others.

A record is an item, a statement of it that makes a link, or a row of a query. An item's other
properties are kept where the manifest names them, and signalled where it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.json import documents
from spillover.loaders.wikidata.bindings import Row, form_of, rows
from spillover.loaders.wikidata.claims import RELATIONS
from spillover.loaders.wikidata.items import by_property, item
from spillover.loaders.wikidata.results import Memory, gather, result
from spillover.loaders.wikidata.statements import Statement, statement
from spillover.loaders.wikidata.values import is_item


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Any]]:
    """Every item with its statements, and every row of a query."""
    if not parts:
        raise InputError("wikidata: name files of items, or of results of a query")
    forms = [(part, form_of(part)) for part in parts]
    memory: Memory = {}
    context.state["memory"] = memory
    for part, form in forms:
        for _, row in rows(part, form, context) if form != "items" else ():
            if isinstance(row, Row):
                gather(row, memory)
    for part, form in forms:
        name = part.name
        for position, record in _items(part) if form == "items" else rows(part, form, context):
            yield name, position, record


def _items(part: Part) -> Iterator[tuple[str, Any]]:
    """Each item, then each of its statements that makes a link."""
    for position, document in documents(part):
        wrapped = isinstance(document, dict) and isinstance(document.get("entities"), dict)
        for data in document["entities"].values() if wrapped else (document,):
            yield position, data
            for number, at, said in _linking(data):
                modified = str(data.get("modified") or "")
                yield f"{position}, {number} {at}", Statement(data["id"], number, said, modified)


def _linking(data: Any) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """The statements of a sound item that make links; what is wrong with one shows with it."""
    if not isinstance(data, dict) or data.get("type") != "item" or not is_item(data.get("id")):
        return
    try:
        claims = by_property(data)
    except InputError:
        return
    for number, several in claims.items():
        if number in RELATIONS:
            yield from ((number, at, said) for at, said in enumerate(several, start=1))


def transform(record: Any, context: Context) -> Iterable[Entity | Relation]:
    """The entity of an item, the claims of a statement, or both of a row.

    Raises:
        InputError: neither an item nor a row, or a value that cannot be read.
    """
    if isinstance(record, Statement):
        return statement(record, context)
    if isinstance(record, Row):
        return result(record, context)
    if not isinstance(record, dict) or not record.keys() & {"claims", "labels", "missing"}:
        raise InputError("neither an item of Wikidata nor a row of a query's result")
    plain = {key: "" if isinstance(said, dict | list) else said for key, said in record.items()}
    context.survey(plain, "item")
    if "missing" in record:
        context.ignore("there is no such item", str(record.get("id", "")))
        return ()
    if record.get("type") != "item":
        context.ignore(f"no item but a {record.get('type')}", str(record.get("id", "")))
        return ()
    return (item(record, context),)
