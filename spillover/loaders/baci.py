"""What do CEPII's BACI tables say: one reconciled flow for each pair, product and year.

BACI makes one figure of what exporter and importer report, so each row is one claim, marked
``reconciled``. A year has some 11 million rows: the path of a row through this module is short, and
whatever repeats from row to row is made once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Name, Relation
from spillover.loaders.context import Context
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.m49 import Place, place
from spillover.loaders.reading.text import records, rows
from spillover.loaders.reading.trade import amount, finished, hs6, period, product, usable

Item = Entity | Relation
Row = dict[str, str]

_TABLES: Final = manifest("baci").tables
_MISSING: Final = frozenset(_TABLES["missing"])
_EDITION: Final = re.compile(r"_HS(\d\d)(?:_|$)", re.ASCII).search
_TRUE: Final = ("true",)
_README: Final = (".txt", ".txt.gz")


class _State:
    """What one load knows so far."""

    def __init__(self) -> None:
        self.table = self.file = ""
        self.surveyed = False
        self.labels: dict[str, tuple[str, ...]] = {}
        """Properties of every flow of the file."""
        self.places: dict[str, Place] = {}
        """By the numbers of the table of countries."""
        self.described: set[str] = set()


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Any]]:
    """Every row of the tables; countries and products come first, as flows name them.

    Raises:
        InputError: no file, or a table that is none of BACI's.
    """
    if not parts:
        raise InputError("baci: name the CSV files of BACI, or its archive")
    named = [part for part in parts if not _readme(part, context)]
    found = list(usable(named, partial(_table, context=context), context.note))
    context.state["load"] = _State()
    for table in ("countries", "products", "flows"):
        for part in (part for part, made in found if made == table):
            _begin(part, table, context)
            finished(part)
            name = part.name  # made of a path each time it is asked for
            for position, record in records(part, context.encoding()):
                yield name, position, record


def _readme(part: Part, context: Context) -> bool:
    """Whether it is the text that explains the archive."""
    told = part.name.lower().endswith(_README)
    if told:
        context.note("file left out", "no table", part.name)
    return told


def _table(part: Part, context: Context) -> str:
    header = {cell.strip() for cell in next(rows(part, context.encoding()), (0, []))[1]}
    for table, columns in _TABLES["tables"].items():
        if header.issuperset(columns):
            return str(table)
    raise InputError(
        f"{part}: columns {', '.join(sorted(header))[:200]} make no table of BACI; expected"
        " t, i, j, k, v, q, or its tables of countries and products"
    )


def _begin(part: Part, table: str, context: Context) -> None:
    state: _State = context.state["load"]
    state.table, state.file, state.surveyed = table, part.stem, False
    digits = _EDITION(part.stem)
    edition = _TABLES["editions"].get(digits[1], "") if digits else ""
    if table != "countries" and not edition:
        context.note("not stated", "edition of the HS in the name of the file", part.name)
    state.labels = {"classification": (edition,)} if edition else {}


def transform(record: Row, context: Context) -> Iterable[Item]:
    """The country, the product or the flow that one row states.

    Raises:
        InputError: an unknown country, or a code, year or amount that cannot be read.
    """
    state: _State = context.state["load"]
    if not state.surveyed:  # all rows of a table have the same columns
        context.survey(record, state.table)
        state.surveyed = True
    return _TRANSFORMS[state.table](record, state, context)


def _flow(record: Row, state: _State, context: Context) -> Iterable[Item]:
    ends = _end(record["i"], "exporter", state), _end(record["j"], "importer", state)
    nodes = tuple(end.entity for end in ends if end.entity)
    if len(nodes) < len(ends):
        nowhere = next(end.name for end in ends if not end.entity)
        context.ignore(f"no country: {nowhere}", " ".join(record.values()))
        return ()
    code, year, weight = hs6(record["k"]), period(record["t"]), record["q"]
    said = {
        "hs6": (code,),
        "period": (year,),
        "value": (f"{amount(record['v'], 'value v')} thousand USD",),
        "reconciled": _TRUE,
        **state.labels,
    }
    if weight not in _MISSING:
        said["weight"] = (f"{amount(weight, 'quantity q')} t",)
    key = f"{year}-{record['i']}-{record['j']}-{code}"
    claim = Relation(
        "EXPORTS",
        nodes[0].id,
        nodes[1].id,
        evidence=context.evidence(key, title=state.file, observed=year),
        properties=said,
    )
    _remarks(record, ends, code, context)
    return (*_missing(nodes, code, state), claim)


def _end(number: str, what: str, state: _State) -> Place:
    found = state.places.get(number) or place(number)
    if found is None:
        raise InputError(f"unknown {what} {number[:40]!r}; add BACI's table of countries")
    return found


def _remarks(record: Row, ends: tuple[Place, ...], code: str, context: Context) -> None:
    for end in ends:
        if end.remark:
            context.note("read as", f"{end.name}: {end.remark}", " ".join(record.values()))
    if code != record["k"]:
        context.note("read as", "HS6 code with the leading zero that it lost", record["k"])


def _missing(nodes: tuple[Entity, ...], code: str, state: _State) -> Iterable[Entity]:
    """Nodes of a flow that no table has described."""
    if state.described.issuperset((nodes[0].id, nodes[1].id, f"hs:{code}")):
        return ()
    needed = (*nodes, product(code, "", "".join(state.labels.get("classification", ()))))
    found = [node for node in needed if node.id not in state.described]
    state.described.update(node.id for node in needed)
    return found


def _country(record: Row, state: _State, context: Context) -> Iterable[Item]:
    number = record["country_code"]
    letters = [record[name] for name in _TABLES["two"] if record.get(name)]
    other = [record[name] for name in _TABLES["three"] if record.get(name)]
    found = place(number) or next(filter(None, map(place, other)), None)
    if found is None:
        name = " ".join(record.values())
        raise InputError(f"unknown country {name[:80]!r}; expected a UN M49 or ISO 3166 code")
    state.places[number] = found
    if found.entity is None:
        context.ignore(f"no country: {found.name}", " ".join(record.values()))
        return ()
    node = found.entity
    for code in letters:
        if code not in _MISSING and code.lower() not in node.countries:
            context.note("codes that disagree", f"{node.name}: {code}", " ".join(record.values()))
    printed = dict.fromkeys(record[name] for name in _TABLES["names"] if record.get(name))
    names = tuple(Name(text, role="alias") for text in printed if text != node.name)
    state.described.add(node.id)
    return (node._replace(names=names),)


def _product(record: Row, state: _State, context: Context) -> Iterable[Item]:
    code = hs6(record["code"])
    if code != record["code"]:
        context.note("read as", "HS6 code with the leading zero that it lost", record["code"])
    state.described.add(f"hs:{code}")
    return (product(code, record["description"], "".join(state.labels.get("classification", ()))),)


_TRANSFORMS: Final[dict[str, Callable[[Row, _State, Context], Iterable[Item]]]] = {
    "flows": _flow,
    "countries": _country,
    "products": _product,
}
