"""How does a matrix look? Squares as dark as their amounts, each with its text; unknown hatched."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from spillover.views.amounts import frame
from spillover.views.amounts.figures import Matrix, Square
from spillover.views.amounts.frame import GRID, MARGIN, TOP, Frame, Sample
from spillover.views.palette import INK, PAPER, QUIET
from spillover.views.svg import esc, text_at
from spillover.views.text import clean, shorten, text_width

MOST_ROWS: Final = 60
MOST_COLUMNS: Final = 24
"""Rows and columns that are drawn at most; the others are counted."""
_ROW_ROOM: Final = 250
_COLUMN_ROOM: Final = 190
_SLANT: Final = 40
_HIGH: Final = 26
_NARROW, _WIDE = 44.0, 112.0
_PALE: Final = (235, 243, 250)
_DARK: Final = (8, 62, 116)
_HATCH: Final = 7
_BLACK: Final = "#000000"
"""Black or white can be read on every colour; the house's ink is too light for middle shades."""
_LINEAR: Final = 0.04045
"""Below it, sRGB is linear."""


class _Grid(NamedTuple):
    """Where the squares stand."""

    left: float
    top: float
    wide: float

    def corner(self, row: int, column: int) -> tuple[float, float]:
        return self.left + column * self.wide, self.top + row * _HIGH


def matrix_svg(figure: Matrix) -> str:
    """The matrix as an SVG text, with its column labels slanted."""
    rows, columns = figure.rows[:MOST_ROWS], figure.columns[:MOST_COLUMNS]
    cells = [line[:MOST_COLUMNS] for line in figure.cells[:MOST_ROWS]]
    texts = [cell.text for line in cells for cell in line]
    wide = max(frame.widest(texts, frame.VALUE, _WIDE) + 12, _NARROW)
    label = frame.widest(columns, frame.VALUE, _COLUMN_ROOM)
    angle = math.radians(_SLANT)
    left = round(MARGIN + frame.widest(rows, frame.LABEL, _ROW_ROOM) + 12)
    grid = _Grid(left, round(TOP + label * math.sin(angle) + 6), round(wide))
    body = [_column(grid, number, name) for number, name in enumerate(columns)]
    for number, (name, line) in enumerate(zip(rows, cells, strict=True)):
        body.append(_row(grid, number, name))
        body += [
            _square(grid, (number, place), cell, f"{name} · {columns[place]} · {cell.text}")
            for place, cell in enumerate(line)
        ]
    right = left + grid.wide * len(columns) + label * math.cos(angle)
    size = (round(max(right + MARGIN, 640)), round(grid.top + _HIGH * len(rows)))
    left_out = figure.hidden + len(figure.rows) - len(rows) + len(figure.columns) - len(columns)
    around = Frame(
        figure.title,
        f"{len(rows)} rows by {len(columns)} columns; the table has every amount.",
        figure.caption,
        frame.more(left_out, "rows and columns"),
        tuple(_legend([cell for line in cells for cell in line], figure.dark)),
    )
    return frame.framed(around, "".join(body), size)


def _column(grid: _Grid, number: int, name: str) -> str:
    """A slanted label above its column."""
    x, y = grid.corner(0, number)
    x, y = x + grid.wide / 2, y - 6
    text = shorten(clean(name), frame.VALUE, _COLUMN_ROOM)
    turned = f"rotate(-{_SLANT} {x:g} {y:g})"
    drawn = text_at(x, y, text, font_size=frame.VALUE, transform=turned)
    return f"<g><title>{esc(name)}</title>{drawn}</g>"


def _row(grid: _Grid, number: int, name: str) -> str:
    """A label before its row."""
    x, y = grid.corner(number, 0)
    text = shorten(clean(name), frame.LABEL, _ROW_ROOM)
    drawn = text_at(x - 8, y + 17, text, font_size=frame.LABEL, text_anchor="end")
    return f"<g><title>{esc(name)}</title>{drawn}</g>"


def _square(grid: _Grid, place: tuple[int, int], cell: Square, full: str) -> str:
    """One cell: empty, hatched, or as dark as its amount."""
    x, y = grid.corner(*place)
    outline = f'x="{x:g}" y="{y:g}" width="{grid.wide:g}" height="{_HIGH}" stroke="{GRID}"'
    if not cell.text:
        return f'<rect {outline} fill="{PAPER}"/>'
    fill, ink = _colours(cell.amount)
    text = shorten(clean(cell.text), frame.VALUE, grid.wide - 6)
    middle = x + grid.wide / 2
    parts = [
        f'<g class="cell"><title>{esc(full)}</title><rect {outline} fill="{fill}"/>',
        _hatched(x, y, grid.wide, text) if cell.amount is None else "",
        text_at(middle, y + 17, text, font_size=frame.VALUE, fill=ink, text_anchor="middle"),
        "</g>",
    ]
    return "".join(parts)


def _hatched(x: float, y: float, wide: float, text: str) -> str:
    """Slanting lines over a cell, and a plain ground for its text."""
    plate = min(text_width(text, frame.VALUE) + 6, wide - 4)
    return (
        f'<path d="{_lines(x, y, wide, _HIGH)}" stroke="{QUIET}" stroke-width="1"/>'
        f'<rect x="{x + (wide - plate) / 2:g}" y="{y + 5:g}" width="{plate:g}"'
        f' height="{_HIGH - 10}" fill="{PAPER}"/>'
    )


def _lines(x: float, y: float, wide: float, high: float) -> str:
    """Path data of lines that rise to the right, cut off at the edges."""
    steps = range(_HATCH, round(wide + high), _HATCH)
    return "".join(
        f"M{x + max(step - high, 0):g} {y + min(step, high):g}"
        f"L{x + min(step, wide):g} {y + max(step - wide, 0):g}"
        for step in steps
    )


def _colours(amount: float | None) -> tuple[str, str]:
    """The ground of an amount, and the colour of a text on it that is told from it best."""
    if amount is None:
        return PAPER, INK
    part = min(max(amount, 0.0), 1.0)
    mixed = [round(low + (high - low) * part) for low, high in zip(_PALE, _DARK, strict=True)]
    ground = "#" + "".join(f"{value:02x}" for value in mixed)
    return ground, max((INK, PAPER, _BLACK), key=lambda ink: _contrast(ground, ink))


def _contrast(one: str, other: str) -> float:
    """Contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= _LINEAR else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _legend(cells: list[Square], dark: str) -> list[Sample]:
    """What is there: shades, hatching, empty cells."""
    entries = []
    if any(cell.text and cell.amount is not None for cell in cells):
        shades = "".join(
            f'<rect x="{2 + 6 * n}" y="-1" width="6" height="12" fill="{_colours(n / 4)[0]}"/>'
            for n in range(5)
        )
        entries.append(Sample(shades, f"pale: little, dark: {dark}"))
    if any(cell.text and cell.amount is None for cell in cells):
        box = f'<rect x="2" y="-1" width="30" height="12" fill="{PAPER}" stroke="{QUIET}"/>'
        lines = f'<path d="{_lines(2, -1, 30, 12)}" stroke="{QUIET}"/>'
        entries.append(Sample(box + lines, "unknown"))
    if any(not cell.text for cell in cells):
        box = f'<rect x="2" y="-1" width="30" height="12" fill="{PAPER}" stroke="{GRID}"/>'
        entries.append(Sample(box, "no entry"))
    return entries
