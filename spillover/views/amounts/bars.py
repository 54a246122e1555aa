"""How do bars with ranges look? One row each: label, bar, and the amount in words."""

from __future__ import annotations

from typing import Final

from spillover.views.amounts import frame
from spillover.views.amounts.figures import Bar, Bars
from spillover.views.amounts.frame import COLOURS, MARGIN, TOP, WIDTH, Axis, Frame
from spillover.views.palette import QUIET
from spillover.views.svg import esc, text_at
from spillover.views.text import clean, shorten

MOST: Final = 80
"""Bars that are drawn at most; the others are counted."""
_LABEL_ROOM: Final = 330
_TEXT_ROOM: Final = 270
_GAP: Final = 14
_THICK: Final = 14


def bars_svg(figure: Bars) -> str:
    """The bars as an SVG text."""
    bars = figure.bars[:MOST]
    labels = frame.widest([bar.label for bar in bars], frame.LABEL, _LABEL_ROOM)
    notes = frame.widest([bar.note for bar in bars], frame.SMALL, _LABEL_ROOM)
    words = frame.widest([bar.text for bar in bars], frame.VALUE, _TEXT_ROOM)
    left = MARGIN + max(labels, notes) + _GAP
    length = WIDTH - MARGIN - words - _GAP - 6 - left
    spans = [bar.span for bar in bars]
    axis = frame.axis(spans, figure.top, left, length)
    row = 40 if any(bar.note for bar in bars) else 27
    bottom = TOP + row * len(bars)
    body = [frame.axis_svg(axis, figure.unit, TOP - 4, bottom)]
    body += [
        _bar(bar, axis, TOP + row * number, row=row, top=figure.top)
        for number, bar in enumerate(bars)
    ]
    look = bars[0].look if bars and len({bar.look for bar in bars}) == 1 else "muted"
    around = Frame(
        figure.title,
        f"{len(bars)} bars, {figure.unit}. " + frame.listed([(b.label, b.text) for b in bars]),
        figure.caption,
        frame.more(figure.hidden + len(figure.bars) - len(bars), "bars"),
        tuple(frame.span_samples(spans, [figure.top] * len(spans), look, figure.names)),
    )
    return frame.framed(around, "".join(body), (WIDTH, bottom + 34))


def _bar(bar: Bar, axis: Axis, y: float, *, row: int, top: float | None) -> str:
    """One row."""
    full = " · ".join(clean(part) for part in (bar.label, bar.text, bar.note) if part)
    room, middle = axis.left - _GAP - MARGIN + 1, y + row / 2
    base = middle + 4 - (6 if bar.note else 0)
    parts = [
        f'<g class="bar"><title>{esc(full)}</title>',
        text_at(MARGIN, base, shorten(clean(bar.label), frame.LABEL, room), font_size=frame.LABEL),
    ]
    if bar.note:
        note = shorten(clean(bar.note), frame.SMALL, room)
        parts.append(text_at(MARGIN, base + 14, note, font_size=frame.SMALL, fill=QUIET))
    parts.append(
        frame.span_svg(
            axis,
            bar.span,
            (middle - _THICK / 2, _THICK),
            COLOURS[bar.look],
            unknown=frame.is_open(bar.span, top),
        )
    )
    text = shorten(clean(bar.text), frame.VALUE, _TEXT_ROOM)
    parts.append(text_at(axis.left + axis.length + _GAP, middle + 4, text, font_size=frame.VALUE))
    return "".join([*parts, "</g>"])
