"""What does an input-output table print of its sectors: output, final demand, inputs, value added?

Sectors are read as one dataset describes them, so that tables of several years are never mixed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.errors import InputError, NotFoundError
from spillover.graph.rows import Load
from spillover.graph.session import Graph
from spillover.graph.store import Store

Reals = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

LOADER: Final = "io_table"
_FIRST, _AFTER = f"{LOADER}:", f"{LOADER};"
"""Ids of sectors stand between these two: the sign after a colon is a semicolon."""


class Sector(NamedTuple):
    """One sector of one country."""

    number: int
    """Number of its entity."""
    id: str
    name: str
    country: str
    """Alpha-2 code in capitals; the table's own label where the region is no country."""
    region: str
    """The table's own label of the region."""
    industry: str
    """The table's own code of the industry."""


class Printed(NamedTuple):
    """The sectors of one table in its order; figures are the floats nearest to what it prints."""

    sectors: tuple[Sector, ...]
    output: Reals
    inputs: Reals
    """What a sector buys from all sectors."""
    places: Ints
    """Decimals to which the purchases of a sector are printed."""
    demand: tuple[Ints, Ints, Reals]
    """Sector, column and value of the cells of final demand that are not 0."""
    columns: tuple[str, ...]
    """Labels of the columns of final demand."""
    below: Reals | None
    """Value added and other inputs of each sector; None where the table prints none."""
    period: str


def chosen(store: Store, name: str = "") -> Load:
    """The load of the one table that is meant.

    Raises:
        NotFoundError: no table of this name, or none at all.
        InputError: several, and none is named.
    """
    tables = [load for load in store.loads if load.loader == LOADER]
    there = ", ".join(sorted(f"{load.dataset.name} ({_date(load)})" for load in tables))
    if not tables:
        raise NotFoundError(
            "the graph holds no input-output table; load one with `spillover load io_table FILE`"
        )
    if name:
        named = [load for load in tables if load.dataset.name == name]
        if not named:
            raise NotFoundError(f"no input-output table is named {name!r}; there are: {there}")
        return named[0]
    if len(tables) > 1:
        raise InputError(
            f"the graph holds {len(tables)} input-output tables, which are never mixed: {there};"
            " name one with --dataset"
        )
    return tables[0]


def _date(load: Load) -> str:
    return load.dataset.date or "no date"


def printed(graph: Graph, load: Load) -> Printed:
    """The sectors of a table, in its own order.

    Raises:
        InputError: a sector has two outputs, as two tables were loaded as one dataset; or an
            output below 0.
    """
    rows = graph.store.rows(
        "SELECT e.num, e.id, d.name, d.countries, d.properties FROM entity e"
        " JOIN description d ON d.entity = e.num"
        " WHERE e.id >= ? AND e.id < ? AND d.load = ? ORDER BY d.num",
        (_FIRST, _AFTER, load.num),
    )
    described: dict[int, tuple[str, str, str]] = {}
    properties: dict[int, dict[str, list[str]]] = {}
    for number, entity_id, name, countries, text in rows:
        (code, *_) = json.loads(countries or "[]") or [""]
        described.setdefault(number, (entity_id, name, code.upper()))
        known = properties.setdefault(number, {})
        for key, values in json.loads(text or "{}").items():
            known[key] = list(dict.fromkeys(known.get(key, []) + values))
    said = list(properties.values())
    sectors = [_sector(number, described[number], found) for number, found in properties.items()]
    _checked(sectors, said, load)
    columns, demand = _demand(said)
    periods = {text for one in said for text in one.get("period", ())}
    return Printed(
        tuple(sectors),
        np.array([_number(one, "output") for one in said]),
        np.array([_number(one, "inputs") for one in said]),
        np.array([_places(one.get("inputs", ["0"])[0]) for one in said], np.int64),
        demand,
        columns,
        _below(said),
        ", ".join(sorted(periods)) or load.dataset.date,
    )


def _sector(number: int, said: tuple[str, str, str], found: Mapping[str, list[str]]) -> Sector:
    entity_id, name, code = said
    region, industry = (found.get(key, [""])[0] for key in ("region", "industry"))
    return Sector(number, entity_id, name, code or region, region, industry)


def _checked(sectors: list[Sector], said: Iterable[Mapping[str, list[str]]], load: Load) -> None:
    """Refuse what would be no table."""
    for sector, one in zip(sectors, said, strict=True):
        outputs = one.get("output", [])
        if len(outputs) > 1:
            raise InputError(
                f"{load.dataset.name}: {sector.id} has the outputs {', '.join(outputs[:3])}, so"
                " that several tables are in one dataset; load each under its own --name"
            )
        if _number(one, "output") < 0:
            raise InputError(
                f"{load.dataset.name}: {sector.id} has an output of {outputs[0]}, of which nothing"
                " can be a part; correct it"
            )


def _number(said: Mapping[str, list[str]], key: str) -> float:
    return float(said.get(key, ["0"])[0])


def _places(text: str) -> int:
    exponent = Decimal(text).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _demand(
    said: Iterable[Mapping[str, list[str]]],
) -> tuple[tuple[str, ...], tuple[Ints, Ints, Reals]]:
    columns: dict[str, int] = {}
    row, column, value = [], [], []
    for at, one in enumerate(said):
        for text in one.get("final_demand", ()):
            label, _, number = text.rpartition(" ")
            row.append(at)
            column.append(columns.setdefault(label, len(columns)))
            value.append(float(number))
    cells = np.array(row, np.int64), np.array(column, np.int64), np.array(value, np.float64)
    return tuple(columns), cells


def _below(said: Iterable[Mapping[str, list[str]]]) -> Reals | None:
    kinds = ("value_added", "other_inputs")
    sums = [
        [float(text.rpartition(" ")[2]) for kind in kinds for text in one.get(kind, ())]
        for one in said
    ]
    return np.array([sum(one) for one in sums]) if any(sums) else None


def summed(rows: Ints, values: Reals, size: int) -> Reals:
    """The values of each row added up."""
    return np.bincount(rows, values, size).astype(np.float64, copy=False)
