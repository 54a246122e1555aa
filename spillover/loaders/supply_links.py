"""Which firm supplies which, by a file of links that names a page for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple

from spillover.graph.dates import day_range
from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.json import documents

_TABLES: Final[dict[str, Any]] = manifest("supply_links").tables
_LEAST: Final[dict[str, Decimal]] = {
    word: Decimal(least) for word, least in _TABLES["confidence"].items()
}


class _Known(NamedTuple):
    """What links need of the rest of their file."""

    pages: dict[str, dict[str, Any]]
    """Each page by its id."""
    cited: set[str]
    """Ids of the pages that links name."""
    observed: dict[str, str]
    """By file: the day for which it speaks."""


class Record(NamedTuple):
    """A link or a page, and the file that it is of."""

    file: str
    data: Any


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Record]]:
    """Every link and every page of the files."""
    if not parts:
        raise InputError("supply_links: name a file of supply links")
    known = context.state["known"] = _Known({}, set(), {})
    found: list[tuple[str, str, Record]] = []
    for part in parts:
        about: dict[str, Any] = {}
        for position, data in documents(part, ("sources", "relationships"), about.update):
            found.append((part.name, position, Record(part.name, data)))
            if isinstance(data, dict):
                _remember(data, known)
        context.survey(about, "file")
        known.observed[part.name] = _day(about.get("created_at", ""), part)
    if not any(_is_link(record.data) for _, _, record in found):
        raise InputError(f"{parts[0]}: no supply links (relationships) in it")
    yield from found


def _is_link(data: object) -> bool:
    return isinstance(data, dict) and "relationship_id" in data


def _remember(data: dict[str, Any], known: _Known) -> None:
    if isinstance(data.get("source_id"), str):
        known.pages[data["source_id"]] = data
    if isinstance(data.get("source_ids"), list):
        known.cited.update(str(page) for page in data["source_ids"])


def _day(text: object, part: Part) -> str:
    if not isinstance(text, str):
        raise InputError(f"{part}: created_at {text!r} is no date")
    day = text.partition("T")[0]
    if day:
        day_range(day)
    return day


def transform(record: Record, context: Context) -> Iterable[Entity | Relation]:
    """The link that a record states; a page is part of the links that name it.

    Raises:
        InputError: neither a link nor a page, or a value that cannot be read.
    """
    data = record.data
    if not isinstance(data, dict) or not {"relationship_id", "source_id"} & data.keys():
        raise InputError("neither a link nor a page; expected relationship_id or source_id")
    if "source_id" in data:
        context.survey(data, "source")
        page = _text(data, "source_id")
        if page in context.state["known"].cited:
            context.merge("page that links name", page)
        else:
            context.ignore("page that no link names", page)
        return ()
    context.survey(data, "link")
    return _link(data, record.file, context)


def _link(data: dict[str, Any], file: str, context: Context) -> Iterator[Entity | Relation]:
    known: _Known = context.state["known"]
    record = _text(data, "relationship_id")
    ends = [_firm(_text(data, f"{end}_company_slug"), context) for end in ("supplier", "customer")]
    predicate, item = _text(data, "predicate"), _text(data, "item_code")
    if not context.code("predicates", predicate, record):
        words = ", ".join(_TABLES["predicates"])
        raise InputError(f"unknown predicate {predicate!r}; known: {words}")
    stage = data.get("stage_code") or ""
    said = {
        "product": (context.code("items", item, record) or item,),
        "item": (item,),
        "predicate": (_TABLES["predicates"][predicate],),
        "stage": ((context.code("stages", stage, record) or stage) if stage else "",),
        "confidence": (str(data.get("confidence", "")),),
    }
    pages = data.get("source_ids") or []
    if not isinstance(pages, list):
        raise InputError(f"source_ids {pages!r} is no list")
    if not pages:
        context.note("link without a page", record, record)
    yield from ends
    for page in pages or [""]:
        source = known.pages.get(str(page), {})
        if page and not source:
            context.note("page that is not in the file", str(page), record)
        yield Relation(
            "SUPPLIES",
            ends[0].id,
            ends[1].id,
            evidence=context.evidence(
                record,
                title=source.get("label"),
                url=source.get("url"),
                observed=known.observed[file],
                confidence=_confidence(data.get("confidence")),
                note=data.get("notes"),
            ),
            properties={name: texts for name, texts in said.items() if texts[0]},
        )


def _firm(slug: str, context: Context) -> Entity:
    name = context.code("names", slug, slug)
    return Entity(f"supply_links:{slug}", "Company", name or slug.replace("-", " "))


def _confidence(value: object) -> str:
    """Our word for a confidence from 0 to 1; empty where none is stated.

    Raises:
        InputError: it is no such number.
    """
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not 0 <= value <= 1:
        raise InputError(f"confidence {value!r} is no number from 0 to 1")
    return next(word for word, least in _LEAST.items() if value >= least)


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{key} {value!r} is no text; every link has one")
    return value
