"""What do pictures of amounts show: bars with ranges, shifts, flows, and a matrix, as plain data.

Amounts are numbers to draw with; the text beside each says exactly what the answer says. A page
draws them as static SVG (:mod:`spillover.views.amounts.svg`), and says everything in a table, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from spillover.graph.stake import UNITS_PER_PERCENT

Look = Literal["", "bad", "warn", "good", "muted"]

ENDS: Final = ("at least", "at most", "middle estimate")
"""What a legend calls the least, the greatest and the middle of a range."""


@dataclass(frozen=True, slots=True)
class Span:
    """An amount between a least and a greatest, with the most likely where there is one.

    Raises ValueError when an end is no number, or the least lies above the greatest. A greatest
    amount without a bound is ``math.inf``: it leaves the axis, and is drawn so.
    """

    low: float
    high: float
    middle: float | None = None
    """For example the median of a sample."""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        ends = (self.low, self.high, 0 if self.middle is None else self.middle)
        if any(map(math.isnan, ends)) or self.low > self.high:
            raise ValueError(f"{self!r} is no amount: a number is missing, or its ends are crossed")


def span(low: int, high: int) -> Span:
    """A part of a whole, from millionths of a percent: in percent."""
    return Span(percent(low), percent(high))


def percent(units: int) -> float:
    """Millionths of a percent as percent, to draw with."""
    return units / UNITS_PER_PERCENT


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: solid up to the least, pale up to the greatest, a mark at the middle."""

    label: str
    span: Span
    text: str
    """The amount as the answer words it, for example ``81.5-100 %``."""
    look: Look = ""
    note: str = ""
    """Shown with the label, for example a country or a date."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars, longest first as given; the axis begins at zero."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    top: float | None = None
    """Where the axis ends; None: at the longest bar."""
    caption: str = ""
    hidden: int = 0
    """Bars that are not shown."""
    names: tuple[str, str, str] = ENDS
    """What the legend calls the least, the greatest and the middle."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One row of amounts before and after."""

    label: str
    before: Span
    after: Span
    text: str
    look: Look = ""


@dataclass(frozen=True, slots=True)
class Shifts:
    """Amounts before and after, a pair of bars for each row."""

    title: str
    unit: str
    rows: tuple[Shift, ...]
    names: tuple[str, str] = ("before", "after")
    caption: str = ""
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """One band between two nodes, as wide as its amount; paler up to the greatest."""

    source: str
    """Id of a node."""
    target: str
    span: Span
    text: str
    look: Look = ""


@dataclass(frozen=True, slots=True)
class Knot:
    """A node of a flow picture."""

    id: str
    label: str
    note: str = ""
    look: Look = ""


@dataclass(frozen=True, slots=True)
class Sankey:
    """Flows from left to right. A flow that closes a circle is listed, not drawn.

    Raises ValueError when two nodes have one id, or a flow ends at a node that is not there.
    """

    title: str
    unit: str
    knots: tuple[Knot, ...]
    flows: tuple[Flow, ...]
    caption: str = ""
    hidden: int = 0
    """Nodes that are not shown."""

    def __post_init__(self) -> None:
        """Refuse flows that lead nowhere."""
        ids = {knot.id for knot in self.knots}
        if len(ids) < len(self.knots):
            raise ValueError(f"picture {self.title!r}: two nodes have one id")
        for flow in self.flows:
            if not {flow.source, flow.target} <= ids:
                raise ValueError(
                    f"picture {self.title!r}: {flow.source!r} to {flow.target!r} ends at no node"
                )


@dataclass(frozen=True, slots=True)
class Square:
    """One cell of a matrix: its colour is as strong as its amount, its text says it."""

    text: str
    amount: float | None
    """From 0 to 1; None: unknown, drawn hatched; an empty text is an empty cell."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows by columns, for example countries by products.

    Raises ValueError when a row has not as many cells as there are columns.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Square, ...], ...]
    """For each row a cell for each column."""
    caption: str = ""
    hidden: int = 0
    """Rows and columns that are not shown."""
    dark: str = "the whole"
    """What the darkest colour stands for."""

    def __post_init__(self) -> None:
        """Refuse a ragged matrix."""
        if len(self.cells) != len(self.rows) or any(
            len(row) != len(self.columns) for row in self.cells
        ):
            raise ValueError(f"picture {self.title!r}: not a cell for every row and column")


Figure = Bars | Shifts | Sankey | Matrix
