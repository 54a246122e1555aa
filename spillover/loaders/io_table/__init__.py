"""What do input-output tables say: which sector of which country is an input to which, how much.

A sector of a country is a product. Its share in another one is the flow between them as a part of
the buyer's output, which equals all that the buyer uses: inputs and value added (the technical
coefficient of Leontief's model). It is computed from the printed numbers, exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Context as Precision
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Final

from spillover.graph.errors import InputError
from spillover.graph.schema import Entity, Name, Relation
from spillover.graph.stake import Stake, from_fraction
from spillover.loaders.context import Context
from spillover.loaders.io_table.arrays import arrays
from spillover.loaders.io_table.balance import frame
from spillover.loaders.io_table.grid import TABLES, Frame, Grid, Row, is_below, number
from spillover.loaders.io_table.sheet import sheet
from spillover.loaders.reading.countries import country_name
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.m49 import place
from spillover.loaders.reading.text import Ragged
from spillover.loaders.reading.trade import usable

Item = Entity | Relation
_ARRAYS: Final = ".npy"
_EXACT: Final = Precision(prec=400)


@dataclass
class _Buyer:
    """A sector as the target of flows."""

    id: str
    output: str
    """As printed."""
    whole: Decimal
    ratio: tuple[int, int]
    shares: dict[Decimal, Stake]
    """Of flows met before: most flows are small, so that many are alike."""


def read(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Row | Ragged]]:
    """Every row of the tables: a sector's flows, final demand and output are one record.

    Raises:
        InputError: no file, or a table whose rows and columns do not fit.
    """
    if not parts:
        raise InputError("io_table: name a CSV or NPZ file of an input-output table")
    for grid in _grids(parts, context):
        found = frame(grid, context)
        context.state["frame"] = found
        context.state["buyers"] = {
            at: _buyer(label, found.output[label]) for label, at in found.sectors.items()
        }
        if not grid.year:
            context.note("not stated", "year of the table; --date tells it", grid.name)
        for position, row in grid.rows():
            yield grid.name, position, row


def _grids(parts: tuple[Part, ...], context: Context) -> Iterator[Grid]:
    """The tables of the files; the arrays of one NPZ file make one."""
    members: dict[Path, list[Part]] = {}
    for part in parts:
        if part.member.endswith(_ARRAYS):
            members.setdefault(part.path, []).append(part)
    plain = (part for part in parts if not part.member.endswith(_ARRAYS))
    for _, grid in usable(plain, partial(sheet, encoding=context.encoding()), context.note):
        yield grid
    for several in members.values():
        yield arrays(several, context)


def transform(record: Row, context: Context) -> Iterable[Item]:
    """The sector of one row and its flows into others.

    Raises:
        InputError: a cell that is no number, or a row that is no sector and nothing else known.
    """
    found: Frame = context.state["frame"]
    if record.label in found.sectors:
        with localcontext(_EXACT):
            return _sector(record, found, context)
    kind = is_below(record.label)
    if not kind:
        raise InputError(f"row {record.label[:40]!r} is no sector that has a column")
    for label, at in found.sectors.items():
        number(record.cells[at], f"{record.label}, {label}")
    if kind == "sums":
        context.ignore("row of sums", record.label)
    else:
        context.merge(f"row of {kind.replace('_', ' ')}, into the sectors", record.label)
    return ()


def _sector(row: Row, found: Frame, context: Context) -> list[Item]:
    cells = [number(cell, f"column {at + 1}") for at, cell in enumerate(row.cells)]
    evidence = context.evidence(row.label, observed=found.grid.year)
    source = _id(row.label)
    items: list[Item] = [_entity(row, found, cells, context)]
    zeros = 0
    for at, buyer in context.state["buyers"].items():
        flow = cells[at]
        if not flow:
            zeros += 1
            continue
        stake = _share(flow, buyer, context)
        items.append(
            Relation(
                "INPUT_TO",
                source,
                buyer.id,
                stake,
                "supply",
                evidence=evidence,
                stake_text=f"{row.cells[at]}/{buyer.output}" if stake else "",
                properties={"flow": (row.cells[at],)},
            )
        )
    blank = sum(not row.cells[at] for at in found.sectors.values())
    for what, count in (("flow of exactly 0", zeros - blank), ("blank flow", blank)):
        for _ in range(count):
            context.note("left out", what, row.label)
    return items


def _share(flow: Decimal, buyer: _Buyer, context: Context) -> Stake | None:
    """The flow as a share of the buyer's output; None, and a signal, when it is none."""
    if 0 < flow <= buyer.whole:
        share = buyer.shares.get(flow)
        if share is None:
            above, below = flow.as_integer_ratio()
            over, under = buyer.ratio
            share = buyer.shares[flow] = from_fraction(Fraction(above * under, below * over))
        return share
    if not buyer.whole:
        why = "flow into an output of 0"
    else:
        why = (
            "flow below 0" if flow < 0 < buyer.whole else "flow above the output, or output below 0"
        )
    context.note("no share", why, f"{flow} of {buyer.output} into {buyer.id}")
    return None


def _buyer(label: str, output: str) -> _Buyer:
    whole = Decimal(output)
    return _Buyer(_id(label), output, whole, whole.as_integer_ratio(), {})


def _id(label: str) -> str:
    return f"io_table:{label}"


def _entity(row: Row, found: Frame, cells: list[Decimal], context: Context) -> Entity:
    region, code = _region(row.country, context)
    words = row.words or _words(row.industry)
    if not words:
        context.note("not stated", f"words of industry {row.industry}", row.label)
    output = found.output[row.label]
    if not Decimal(output):
        context.note("output of 0", "sector", row.label)
    demand = {label: at for label, at in found.demand.items() if cells[at]}
    for label, at in demand.items():
        if cells[at] < 0:
            context.note("negative", "final demand", f"{row.label}, {label}: {row.cells[at]}")
    column = found.sectors[row.label]
    said = {
        "industry": (row.industry,),
        "region": (row.country,),
        "output": (output,),
        "inputs": (found.inputs[row.label],),
        "final_demand": tuple(f"{label} {row.cells[at]}" for label, at in demand.items()),
        **_below(found, column),
    }
    if found.grid.year:
        said["period"] = (found.grid.year,)
    return Entity(
        _id(row.label),
        "Product",
        f"{words or row.industry or row.label}, {region}",
        (Name(row.label, role="alias"),),
        (code,) if code else (),
        properties={name: values for name, values in said.items() if any(values)},
    )


def _words(code: str) -> str:
    """What an industry is by its code: ``c1``, ``01T02``, ``D01T02`` or ``A01_02``."""
    bare = code[1:] if code[:1].isalpha() else code
    known = TABLES["industries"]
    return str(known.get(code) or known.get(bare.replace("_", "T")) or "")


def _below(found: Frame, column: int) -> dict[str, tuple[str, ...]]:
    """Value added and other inputs of a sector, as printed."""
    said: dict[str, tuple[str, ...]] = {}
    for label, cells in found.below.items():
        if cells[column]:
            kind = is_below(label)
            said[kind] = (*said.get(kind, ()), f"{label} {cells[column]}")
    return said


def _region(letters: str, context: Context) -> tuple[str, str]:
    """Name and alpha-2 code of a region; no code where it is no country."""
    known = TABLES["regions"].get(letters)
    if known:
        code, name = known
        return name, code
    found = place(letters) if letters else None
    if found is None or found.entity is None:
        context.note("unknown country", letters, letters)
        return letters, ""
    (code, *_) = found.entity.countries or ("",)
    return country_name(code) if code else found.name, code
