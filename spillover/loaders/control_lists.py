"""Which goods are there by customs code, and which of them do export controls cover.

Products of the Harmonized System hang together by their codes: a subheading is a kind of its
heading, a heading of its chapter, a chapter of its section. A product has the id that flows of
trade give it, so that a list of covered codes and the trade in them meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import records, rows
from spillover.loaders.reading.trade import finished, product, usable

Item = Entity | Relation
Row = dict[str, str]

_TABLES: Final = manifest("control_lists").tables
_LEVELS: Final[dict[str, str]] = _TABLES["levels"]
_TOTAL: Final = "TOTAL"
_EDITION: Final = re.compile(r"\bHS ?(\d{4})\b", re.ASCII).search
_CODE: Final = re.compile(r"(?:\d\d){1,3}", re.ASCII).fullmatch
_HS6: Final = re.compile(r"\d{6}", re.ASCII).fullmatch
_ANNEX: Final = re.compile(r"\d[A-E]\d{3}", re.ASCII).fullmatch
_ROMAN: Final = re.compile(r"[IVX]{1,6}", re.ASCII).fullmatch


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Any]]:
    """Every row of the tables.

    Raises:
        InputError: no file, or a table that is none of those that are known.
    """
    if not parts:
        raise InputError("control_lists: name a CSV file of codes")
    tables = list(usable(parts, partial(_table, context=context), context.note))
    context.state["sections"] = any(table == "sections" for _, table in tables)
    for part, table in tables:
        context.state["table"] = table
        context.state["edition"] = _edition(part, context) if table == "hs" else ""
        finished(part)
        name = part.name
        for position, record in records(part, context.encoding()):
            yield name, position, record


def _table(part: Part, context: Context) -> str:
    header = {cell.strip() for cell in next(rows(part, context.encoding()), (0, []))[1]}
    for table, columns in _TABLES["tables"].items():
        if header.issuperset(columns):
            return str(table)
    known = "; ".join(", ".join(columns) for columns in _TABLES["tables"].values())
    raise InputError(
        f"{part}: columns {', '.join(sorted(header))[:200]} make no known table; known: {known}"
    )


def _edition(part: Part, context: Context) -> str:
    """The edition of the Harmonized System, as the table's line on the total words it."""
    for _, record in records(part, context.encoding()):
        if isinstance(record, dict) and record["hscode"] == _TOTAL:
            match = _EDITION(record["description"])
            if match:
                return f"HS {match[1]}"
    context.note("not stated", "edition of the HS", part.name)
    return ""


def transform(record: Row, context: Context) -> Iterable[Item]:
    """The product and its place, or the cover, that one row states.

    Raises:
        InputError: a code that is none, or that disagrees with the rest of its row.
    """
    table = context.state["table"]
    context.survey(record, table)
    return _TRANSFORMS[table](record, context)


def _hs(record: Row, context: Context) -> Iterator[Item]:
    code, parent = record["hscode"], record["parent"]
    if code == _TOTAL:
        context.ignore("sum of all products", record["description"])
        return
    if not _CODE(code) or record["level"] != str(len(code)):
        raise InputError(
            f"code {code[:40]!r} of level {record['level'][:40]!r}; expected 2, 4 or 6 digits and"
            " their number"
        )
    chapter = len(code) == len("01")
    if parent != (_TOTAL if chapter else code[:-2]):
        raise InputError(f"parent {parent[:40]!r} of {code} is not what its digits say; correct it")
    made = product(code, record["description"], context.state["edition"])
    level = _LEVELS[record["level"]]
    yield made._replace(properties={**made.properties, "level": (level,)})
    if not chapter:
        yield _kind(made.id, f"hs:{parent}", code, context)
    elif record["section"] == _TOTAL:
        context.note("not stated", "section of a chapter", code)
    else:
        section = _section(record["section"])
        if not context.state["sections"]:
            yield section
        yield _kind(made.id, section.id, code, context)


def _section(number: str, name: str = "") -> Entity:
    if not _ROMAN(number):
        raise InputError(f"section {number[:40]!r} is no Roman number")
    return Entity(
        f"hs:section-{number}",
        "Product",
        name or f"Section {number}",
        (Name(f"Section {number}", role="alias"),) if name else (),
        properties={"level": ("section",)},
    )


def _sections(record: Row, context: Context) -> Iterator[Item]:  # noqa: ARG001 - one signature for all tables
    if not record["name"]:
        raise InputError(f"section {record['section'][:40]!r} has no name")
    yield _section(record["section"], record["name"])


def _chpl(record: Row, context: Context) -> Iterator[Item]:
    code, tier = record["hs6"], record["tier"]
    if not _HS6(code):
        raise InputError(f"{code[:40]!r} is no HS6 code; expected six digits")
    if not tier:
        raise InputError(f"{code} has no tier; expected one of {', '.join(_TABLES['tiers'])}")
    means = context.code("tiers", tier, code)
    words = record.get("description_hs2022", "")
    edition = "HS 2022" if "description_hs2022" in record else ""
    made = product(code, words, edition)
    yield made._replace(properties={**made.properties, "level": (_LEVELS[str(len(code))],)})
    regime = _regime(*_TABLES["chpl"])
    yield regime
    said = {"tier": tier} | ({"priority": str(means)} if means else {})
    yield _covers(regime, made, context, **said)


def _annex1(record: Row, context: Context) -> Iterator[Item]:
    code = record["code"]
    if not _ANNEX(code):
        raise InputError(f"{code[:40]!r} is no code of the EU list; expected one like 3A001")
    if (record["category"], record["subcategory"]) != (code[0], code[1]):
        raise InputError(
            f"category {record['category'][:40]!r} and subcategory {record['subcategory'][:40]!r}"
            f" are not those of {code}; correct them"
        )
    category = _technology(code[0], f"Category {code[0]}", record["category_name"])
    kind = _TABLES["subcategories"][code[1]]
    group = _technology(code[:2], code[:2], f"{category.name}: {kind}")
    heading = record["heading"]
    item = _technology(code, code, " ".join(heading.split()))
    if heading:
        item = item._replace(properties={"heading": (heading,)})
    else:
        context.note("not stated", "heading", code)
    yield from (category, group, item)
    yield _kind(item.id, group.id, code, context)
    for regime in _regimes(record["regime"], code, context):
        yield regime
        yield _covers(regime, item, context, list="EU dual-use Annex I")
    groups: set[str] = context.state.setdefault("groups", set())
    if group.id not in groups:
        yield _kind(group.id, category.id, code[:2], context)
        groups.add(group.id)


def _technology(code: str, short: str, name: str) -> Entity:
    return Entity(
        f"eu-annex1:{code}",
        "Technology",
        name or short,
        (Name(short, role="alias"),) if name else (),
        identifiers=(("eu-annex1", code),),
    )


def _regimes(words: str, code: str, context: Context) -> Iterator[Entity]:
    """The EU's own list, and the regime that the list takes the code from."""
    yield _regime(*_TABLES["eu"])
    if not words:
        context.note("not stated", "regime", code)
        return
    known = context.code("regimes", words, code)
    if known:
        yield _regime(*known)


def _regime(regime: str, name: str, short: str) -> Entity:
    return Entity(regime, "Regime", name, (Name(short, role="alias"),))


def _kind(narrow: str, broad: str, record: str, context: Context) -> Relation:
    return Relation("KIND_OF", narrow, broad, evidence=_evidence(record, context))


def _covers(regime: Entity, item: Entity, context: Context, **said: str) -> Relation:
    evidence = _evidence(item.identifiers[0][1], context)
    properties = {name: (text,) for name, text in said.items()}
    return Relation("COVERS", regime.id, item.id, evidence=evidence, properties=properties)


def _evidence(record: str, context: Context) -> Evidence:
    return context.evidence(record, publisher=_TABLES["publishers"][context.state["table"]])


_TRANSFORMS: Final[dict[str, Callable[[Row, Context], Iterable[Item]]]] = {
    "hs": _hs,
    "sections": _sections,
    "chpl": _chpl,
    "annex1": _annex1,
}
