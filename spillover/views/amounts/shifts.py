"""How do amounts before and after look? A grey and a coloured bar in each row."""

from __future__ import annotations

from typing import Final

from spillover.views.amounts import frame
from spillover.views.amounts.figures import Look, Shift, Shifts
from spillover.views.amounts.frame import COLOURS, MARGIN, TOP, WIDTH, Axis, Frame, Sample
from spillover.views.svg import esc, text_at
from spillover.views.text import clean, shorten

MOST: Final = 60
"""Rows that are drawn at most; the others are counted."""
_LABEL_ROOM: Final = 330
_TEXT_ROOM: Final = 300
_GAP: Final = 14
_ROW: Final = 38
_THICK: Final = 12


def shifts_svg(figure: Shifts) -> str:
    """The pairs of bars as an SVG text."""
    rows = figure.rows[:MOST]
    labels = frame.widest([row.label for row in rows], frame.LABEL, _LABEL_ROOM)
    words = frame.widest([row.text for row in rows], frame.VALUE, _TEXT_ROOM)
    left = MARGIN + labels + _GAP
    spans = [span for row in rows for span in (row.before, row.after)]
    axis = frame.axis(spans, None, left, WIDTH - MARGIN - words - _GAP - 6 - left)
    bottom = TOP + _ROW * len(rows)
    body = [frame.axis_svg(axis, figure.unit, TOP - 4, bottom)]
    body += [_row(row, axis, TOP + _ROW * number) for number, row in enumerate(rows)]
    before, after = (clean(name) for name in figure.names)
    around = Frame(
        figure.title,
        f"{len(rows)} rows, {before} and {after}, {figure.unit}. "
        + frame.listed([(row.label, row.text) for row in rows]),
        figure.caption,
        frame.more(figure.hidden + len(figure.rows) - len(rows), "rows"),
        tuple(_legend(figure)),
    )
    return frame.framed(around, "".join(body), (WIDTH, bottom + 34))


def _legend(figure: Shifts) -> list[Sample]:
    """The two bars, in the looks that are there, and what pale and a mark mean."""
    rows = figure.rows[:MOST]
    looks = sorted({row.look for row in rows})
    spans = [span for row in rows for span in (row.before, row.after)]
    entries = [Sample(_pair(("muted",)), clean(figure.names[0]))] if rows else []
    entries += [Sample(_pair(tuple(looks)), clean(figure.names[1]))] if rows else []
    parts = frame.span_samples(spans, [None] * len(spans), "muted")
    return entries + [part for part in parts if part.text != "amount"]


def _pair(looks: tuple[Look, ...]) -> str:
    """One small bar, parted among the looks."""
    width = 30 / len(looks)
    return "".join(
        f'<rect x="{2 + number * width:g}" y="0" width="{width:g}" height="10"'
        f' fill="{COLOURS[look].solid}"/>'
        for number, look in enumerate(looks)
    )


def _row(row: Shift, axis: Axis, y: float) -> str:
    """One pair of bars with its label and its text."""
    room, middle = axis.left - _GAP - MARGIN + 1, y + _ROW / 2
    text = shorten(clean(row.text), frame.VALUE, _TEXT_ROOM)
    return "".join(
        [
            f'<g class="shift"><title>{esc(f"{row.label} · {row.text}")}</title>',
            text_at(
                MARGIN, middle + 4, shorten(clean(row.label), frame.LABEL, room),
                font_size=frame.LABEL,
            ),
            frame.span_svg(axis, row.before, (middle - _THICK - 1, _THICK), COLOURS["muted"]),
            frame.span_svg(axis, row.after, (middle + 1, _THICK), COLOURS[row.look]),
            text_at(axis.left + axis.length + _GAP, middle + 4, text, font_size=frame.VALUE),
            "</g>",
        ]
    )  # fmt: skip
