"""Does an input-output table balance: what a sector sells, and what it buys, make its output.

Each printed number may be half a unit of its last place away from the true one, so a sum may differ
from the printed output by as many halves as it has terms. What differs by more is signalled with
its size, the largest first; what differs by less is counted.
"""

from __future__ import annotations

import re
from decimal import Context as Precision
from decimal import Decimal, localcontext
from typing import Final, NamedTuple

from spillover.graph.errors import InputError
from spillover.loaders.context import Context
from spillover.loaders.io_table.grid import TABLES, Frame, Grid, Row, is_below, number
from spillover.loaders.reading.text import Ragged

_EXACT: Final = Precision(prec=400)
"""Digits that hold the sum of any two numbers that a cell may print."""


class _Sum:
    """The sum of a line of cells, and how many places after the point they print."""

    __slots__ = ("places", "total")

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.places = 0

    def add(self, value: Decimal) -> None:
        self.total += value
        exponent = value.as_tuple().exponent
        self.places = max(self.places, -exponent if isinstance(exponent, int) else 0)


class _Difference(NamedTuple):
    size: Decimal
    beyond: bool
    """Whether rounding cannot explain it."""
    text: str


def frame(grid: Grid, context: Context) -> Frame:
    """Read the whole table once: its sectors, outputs and sums, and whether they balance.

    Raises:
        InputError: rows and columns do not name the same sectors, or a label stands twice.
    """
    with localcontext(_EXACT):
        found = _Pass(grid, context)
        found.run()
        return found.frame


class _Pass:
    """One reading of a table, and what it finds."""

    def __init__(self, grid: Grid, context: Context) -> None:
        self.grid, self.frame, self.context = grid, Frame(grid), context
        self.place = {label: at for at, label in enumerate(grid.columns)}
        if len(self.place) < len(grid.columns):
            raise InputError(f"{grid.name}: a column stands twice; label each column once")
        self.sold: dict[str, _Sum] = {}
        """What a sector sells, to sectors and to final demand."""
        self.bought = [_Sum() for _ in grid.columns]
        """What the sectors sell to a column."""
        self.below = [_Sum() for _ in grid.columns]
        """Value added and other inputs of a column."""
        self.printed: dict[str, str] = {}
        """The row of outputs, by column."""
        self.readable = True
        self.totals = [self.place[name] for name in TABLES["output"] if name in self.place]
        self.frame.total = next(iter(self.totals), None)

    def run(self) -> None:
        for position, row in self.grid.rows():
            if isinstance(row, Ragged):
                self.readable = False
            elif row.label in self.place and not is_below(row.label):
                self._sector(row, position)
            else:
                self._below(row)
        self._demand()
        for label, at in self.frame.sectors.items():
            self.frame.output[label] = self._output(label)
            self.frame.inputs[label] = format(self.bought[at].total, "f")
        if not self.readable:
            self.context.note("not checked", "balance, as rows cannot be read", self.grid.name)
            return
        self._report("what a sector sells and its output", self._sales())
        if self.frame.below:
            self._report("what a sector buys with its value added and its output", self._costs())
        else:
            self._residuals()

    def _sector(self, row: Row, position: str) -> None:
        if row.label in self.frame.sectors:
            raise InputError(f"{self.grid.name}: {position}: row {row.label!r} stands twice")
        self.frame.sectors[row.label] = self.place[row.label]
        self.sold[row.label] = _Sum()
        values = self._values(row)
        if values is None:
            return
        if self.frame.total is not None:
            self.frame.output[row.label] = row.cells[self.frame.total]
        for at, value in values:
            if at not in self.totals:
                self.sold[row.label].add(value)
                self.bought[at].add(value)

    def _values(self, row: Row) -> list[tuple[int, Decimal]] | None:
        """Place and value of the cells that are not 0; None when the row cannot be read."""
        try:
            return [
                (at, value)
                for at, text in enumerate(row.cells)
                if text != "0" and (value := number(text, row.label))
            ]
        except InputError:
            self.readable = False
            return None

    def _below(self, row: Row) -> None:
        kind = is_below(row.label)
        values = self._values(row)
        if values is None or not kind:
            self.readable = False
        elif kind == "output":
            self.printed = dict(zip(self.grid.columns, row.cells, strict=True))
        elif kind != "sums":
            self.frame.below[row.label] = row.cells
            for at, value in values:
                self.below[at].add(value)

    def _demand(self) -> None:
        """Every column that is no sector must be output or a final demand that is known."""
        pattern = re.compile("|".join(TABLES["demand"])).fullmatch
        for label, at in self.place.items():
            if label in self.frame.sectors or label in TABLES["output"]:
                continue
            if not pattern(label):
                raise InputError(
                    f"{self.grid.name}: column {label[:40]!r} is no sector that has a row, no final"
                    " demand and no output; is the table complete?"
                )
            self.frame.demand[label] = at
        if not self.frame.sectors:
            raise InputError(f"{self.grid.name}: no row has the label of a column; transpose it?")

    def _output(self, label: str) -> str:
        """A sector's output: as its row prints it, else the row of outputs, else the sum."""
        own, other = self.frame.output.get(label, ""), self.printed.get(label, "")
        if own and other and Decimal(own) != Decimal(other):
            self.context.note("two outputs", label, f"{own} in its row, {other} in its column")
        if own or other:
            return own or other
        self.context.note("computed", "output, as the sum of the row", label)
        return format(self.sold[label].total, "f")

    def _report(self, what: str, found: list[_Difference]) -> None:
        for one in sorted(found, key=lambda one: (-one.size, one.text)):
            if one.beyond:
                self.context.note("imbalance", f"{what} differ", one.text)
            else:
                self.context.note("rounding", f"{what} differ within it", one.text)

    def _sales(self) -> list[_Difference]:
        terms = len(self.frame.sectors) + len(self.frame.demand)
        return [
            one
            for label, total in self.sold.items()
            if (one := _difference(label, (total,), self.frame.output[label], terms))
        ]

    def _costs(self) -> list[_Difference]:
        terms = len(self.frame.sectors) + len(self.frame.below)
        return [
            one
            for label, at in self.frame.sectors.items()
            if (
                one := _difference(
                    label, (self.bought[at], self.below[at]), self.frame.output[label], terms
                )
            )
        ]

    def _residuals(self) -> None:
        """Without value added, output less inputs must at least not be below 0."""
        self.context.note("not stated", "value added", self.grid.name)
        for label, at in self.frame.sectors.items():
            rest = Decimal(self.frame.output[label]) - self.bought[at].total
            if rest < 0:
                self.context.note("imbalance", "inputs above output", f"{label}: {rest:f}")


def _difference(label: str, sums: tuple[_Sum, ...], output: str, terms: int) -> _Difference | None:
    """How far a sum is from the output; None when it is not."""
    total, whole = sum((one.total for one in sums), Decimal(0)), _Sum()
    whole.add(Decimal(output))
    size = abs(total - whole.total)
    if not size:
        return None
    unit = Decimal(1).scaleb(-max(whole.places, *(one.places for one in sums)))
    text = f"{label}: {total:f} against {whole.total:f}, {total - whole.total:+f}"
    return _Difference(size, size > unit * (terms + 1) / 2, text)
