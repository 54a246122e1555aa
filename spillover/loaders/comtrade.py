"""What do UN Comtrade's tables say: who reports which flow of which product to or from whom.

An import that B reports from A and an export that A reports to B are two claims about one flow, of
two reporters: both are kept as printed, and nothing is averaged. Tables of the Atlas of Economic
Complexity, which print both figures in one row, are read, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Context
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.m49 import Place, place
from spillover.loaders.reading.text import records, rows
from spillover.loaders.reading.trade import amount, finished, hs6, is_zero, period, product, usable

Item = Entity | Relation
Row = dict[str, str]
Properties = dict[str, tuple[str, ...]]

_TABLES: Final = manifest("comtrade").tables
_KNOWN: Final = frozenset(manifest("comtrade").fields["flow"])
_ATLAS: Final = frozenset(_TABLES["atlas"])
_FLOWS: Final[Mapping[str, tuple[bool, str]]] = _TABLES["flows"]
_PARTS: Final[Mapping[str, tuple[list[str], str]]] = _TABLES["parts"]
_TRUTH: Final[Mapping[str, bool]] = _TABLES["truth"]


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Any]]:
    """Every row of the tables, its cells by the names of today's columns.

    Raises:
        InputError: no file, or a table that has not the columns of a flow.
    """
    if not parts:
        raise InputError("comtrade: name a CSV file of UN Comtrade")
    known = partial(_columns, encoding=context.encoding())
    for part, columns in usable(parts, known, context.note):
        finished(part)
        name = part.name  # made of a path each time it is asked for
        for position, record in records(part, context.encoding(), columns=columns, skip=1):
            yield name, position, record


def _columns(part: Part, encoding: str) -> list[str]:
    """The header in today's names; a column that nobody knows keeps the name that it has."""
    header = [cell.strip() for cell in next(rows(part, encoding), (0, []))[1]]
    if set(header) >= _ATLAS:
        return header
    named: list[str] = []
    for cell in header:
        plain = re.sub(r"[^a-z0-9]", "", cell.lower())
        name = _TABLES["columns"].get(plain, plain)
        named.append(cell if name not in _KNOWN or name in named else name)
    for choice in _TABLES["must"]:
        if not set(choice) & set(named):
            raise InputError(
                f"{part}: no column {' or '.join(choice)}; expected a table of trade flows as UN"
                " Comtrade or the Atlas of Economic Complexity publishes them"
            )
    return named


def transform(record: Row, context: Context) -> Iterable[Item]:
    """The flow or flows that one row states, and the countries and product at their ends.

    Raises:
        InputError: an unknown place, flow or period, or an amount that is no number.
    """
    if "location_code" in record:
        context.survey(record, "atlas")
        return _atlas(record, context)
    context.survey(record, "flow")
    name = _left_out(record)
    if name:
        context.ignore(name, _example(record))
        return ()
    return _flow(record, context)


def _left_out(record: Row) -> str:
    """Why a row is no flow of one HS6 product; empty when it is one."""
    if record.get("typecode", "C") not in {"C", ""}:
        return f"type {record['typecode']}, no goods"
    classification = record.get("classificationcode", "")
    if classification and classification not in _TABLES["classifications"]:
        return f"classification {classification}, not the Harmonized System"
    for column, (whole, what) in _PARTS.items():
        if record.get(column, "") not in whole:
            return f"part of a flow, by {what}"
    code = record["cmdcode"]
    if code == "TOTAL":
        return "sum of all products"
    return str(_TABLES["levels"].get(str(len(code)), "")) if code.isdecimal() else ""


def _example(record: Row) -> str:
    fields = ("period", "reportercode", "reporteriso", "flowcode", "flowdesc", "partnercode")
    found = (record.get(name, "") for name in (*fields, "partnerdesc", "cmdcode"))
    return " ".join(text for text in found if text)


def _flow(record: Row, context: Context) -> Iterator[Item]:
    places = {end: _place(record, end) for end in ("reporter", "partner")}
    ends = _countries(places, _example(record), context)
    if not ends:
        return
    outward, flow = _direction(record)
    said = _labels(record["cmdcode"], record.get("period") or record.get("refyear"), flow, context)
    said |= _amounts(record, context) | _marks(record, context)
    claim = _claim(ends, said, context, outward=outward)
    yield from _described(ends, record.get("cmddesc", ""), said, context)
    yield claim


def _place(record: Row, end: str) -> Place:
    number, letters = record.get(f"{end}code", ""), record.get(f"{end}iso", "")
    found = (place(number) if number else None) or (place(letters) if letters else None)
    if found is None:
        code = (number or letters)[:40]
        raise InputError(f"unknown {end} {code!r}; expected a UN M49 or ISO 3166 code")
    return found


def _countries(
    places: Mapping[str, Place], example: str, context: Context
) -> tuple[Entity, Entity] | None:
    """The nodes of both ends; None, and the row is left out, when one end is no country."""
    for what, end in places.items():
        if end.entity is None:
            context.ignore(f"{what} is no country: {end.name}", example)
            return None
    for end in places.values():
        if end.remark:
            context.note("read as", f"{end.name}: {end.remark}", example)
    reporter, partner = (end.entity for end in places.values() if end.entity)
    return reporter, partner


def _direction(record: Row) -> tuple[bool, str]:
    """Whether the reporter is the exporter, and our word for the flow."""
    flow = record.get("flowcode") or record.get("flowdesc") or ""
    if flow.lower() not in _FLOWS:
        raise InputError(f"unknown flow {flow[:40]!r}; expected M, X, RX, RM or the like")
    return _FLOWS[flow.lower()]


def _labels(code: str, when: str | None, flow: str, context: Context) -> Properties:
    """Product, period and direction of a flow, as properties."""
    whole = hs6(code)
    if whole != code:
        context.note("read as", "HS6 code with the leading zero that it lost", code)
    return {"hs6": (whole,), "period": (period(when or ""),), "flow": (flow,)}


def _claim(
    ends: tuple[Entity, Entity], said: Properties, context: Context, *, outward: bool
) -> Relation:
    """The flow as its first end reports it."""
    reporter, partner = ends
    by, other = (end.id.removeprefix("country:") for end in ends)
    said["reporter"] = (by,)
    key = "/".join((*said["period"], by, *said["flow"], other, *said["hs6"]))
    if by == other:
        context.note("flow of a country to itself", reporter.name, key)
    return Relation(
        "EXPORTS",
        (reporter if outward else partner).id,
        (partner if outward else reporter).id,
        evidence=context.evidence(
            key,
            publisher=f"{context.dataset.publisher}, reported by {reporter.name}",
            observed=said["period"][0],
        ),
        properties=said,
    )


def _described(
    ends: Iterable[Entity], words: str, said: Properties, context: Context
) -> Iterator[Entity]:
    """The nodes of a flow, each once for each way in which it is described."""
    seen: set[tuple[str, ...]] = context.state.setdefault("seen", set())
    for end in ends:
        if (end.id,) not in seen:
            yield end
            seen.add((end.id,))
    (code,), classification = said["hs6"], "".join(said.get("classification", ()))
    if (code, words, classification) not in seen:
        yield product(code, words, classification)
        seen.add((code, words, classification))


def _amounts(record: Row, context: Context) -> Properties:
    """Values, weights and quantities as printed, each with its unit; a blank one is missing."""
    value = record["primaryvalue"]
    if not value:
        context.note("not stated", "value", _example(record))
    printed = {
        "value": (value, "USD"),
        "weight": (record.get("netwgt", ""), "kg"),
        "gross_weight": (record.get("grosswgt", ""), "kg"),
        "quantity": (record.get("qty", ""), record.get("qtyunitabbr", "")),
        "second_quantity": (record.get("altqty", ""), record.get("altqtyunitabbr", "")),
        "cif": (record.get("cifvalue", ""), "USD"),
        "fob": (record.get("fobvalue", ""), "USD"),
    }
    return {
        name: (f"{amount(text, name.replace('_', ' '))} {unit}".strip(),)
        for name, (text, unit) in printed.items()
        if text and not (name in {"cif", "fob"} and text == value)
    }


def _marks(record: Row, context: Context) -> Properties:
    """What the record says of its own making: classification, conversion, estimates."""
    found: Properties = {}
    classification = record.get("classificationcode", "")
    if classification:
        found["classification"] = (_TABLES["classifications"][classification],)
    true = {name: _true(record, name, context) for name in _TABLES["marks"] if record.get(name)}
    if true.get("isoriginalclassification") is False:
        found["converted"] = ("true",)
    if true.get("isreported") is False or true.get("isaggregate"):
        found["computed"] = ("true",)
    flag = record.get("legacyestimationflag", "")
    estimated = list(context.code("flags", flag, _example(record)) or ()) if flag else []
    estimated += [word for name, word in _TABLES["estimated"].items() if true.get(name)]
    if estimated:
        found["estimated"] = tuple(dict.fromkeys(estimated))
    return found


def _true(record: Row, column: str, context: Context) -> bool | None:
    text = record[column].lower()
    if text not in _TRUTH:
        context.note(f"unknown {column}", text, _example(record))
    return _TRUTH.get(text)


def _atlas(record: Row, context: Context) -> Iterator[Item]:
    """The two figures of a row of the Atlas: each is a claim of the location."""
    example = " ".join(record.values())
    places = {name: _named(record, name) for name in ("location_code", "partner_code")}
    ends = _countries(places, example, context)
    if not ends:
        return
    claims = []
    for column, outward in (("export_value", True), ("import_value", False)):
        flow, value = column.removesuffix("_value"), amount(record[column], column)
        if is_zero(value):
            context.note("left out", f"{column} of 0", example)
            continue
        said = _labels(record["hs_product_code"], record["year"], flow, context)
        said["value"] = (f"{value} USD",)
        claim = _claim(ends, said, context, outward=outward)
        evidence = claim.evidence._replace(**_TABLES["atlas_evidence"])
        claims.append(claim._replace(evidence=evidence))
    if claims:
        yield from _described(ends, "", dict(claims[0].properties), context)
        yield from claims
    else:
        context.ignore("no trade in either direction", example)


def _named(record: Row, column: str) -> Place:
    found = place(record[column])
    if found is None:
        raise InputError(f"unknown {column} {record[column][:40]!r}; expected ISO 3166 letters")
    return found
