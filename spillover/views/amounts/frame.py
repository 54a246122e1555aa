"""What do all pictures of amounts share: colours, an axis, and title, legend and caption around.

A colour only helps: the text beside an amount says what is meant. Solid is the least, pale the
greatest; the outline of what is pale stands out from the paper.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from spillover.views.amounts.figures import ENDS, Look, Span
from spillover.views.chart import caption_lines
from spillover.views.palette import QUIET
from spillover.views.svg import document, text_at
from spillover.views.text import clean, shorten, text_width

WIDTH: Final = 1080
MARGIN: Final = 20
LABEL: Final = 12
VALUE: Final = 11
SMALL: Final = 10
TOP: Final = 52
"""Where the drawing begins, below the title."""
_SCREEN: Final = 1280
_BOLD: Final = 1.1
"""How much wider bold letters are."""
_TITLE: Final = 16
_LEGEND_ROW: Final = 24
_LEGEND_ROOM: Final = 320
_CAPTION_ROW: Final = 16
GRID: Final = "#d5dae1"
DASHES: Final = "4 3"


class Colours(NamedTuple):
    """The solid and the pale colour of a look."""

    solid: str
    pale: str


COLOURS: Final[dict[Look, Colours]] = {
    "": Colours("#0b62a8", "#c3dbf0"),
    "bad": Colours("#9c1119", "#f2c9c9"),
    "warn": Colours("#8a5200", "#f5deb3"),
    "good": Colours("#22663f", "#c5e4d0"),
    "muted": Colours("#55606e", "#d9dde3"),
}


class Sample(NamedTuple):
    """An entry of a legend: a drawing of at most 34 by 12 pixels, and what it means."""

    drawing: str
    text: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a drawing."""

    title: str
    description: str
    """For readers who cannot see the picture."""
    caption: str = ""
    hidden: str = ""
    legend: tuple[Sample, ...] = ()
    notes: tuple[str, ...] = ()
    """Lines between drawing and legend, for example what is listed and not drawn."""


def framed(frame: Frame, body: str, size: tuple[int, int]) -> str:
    """A whole picture.

    Args:
        frame: texts around it.
        body: the drawing, from :data:`TOP` on.
        size: its width, and how far down it reaches.
    """
    width, y = size
    screen = min(width, _SCREEN)
    parts = [_head(frame, screen), body]
    for note in frame.notes:
        for line in caption_lines(clean(note), screen - 2 * MARGIN):
            y += _CAPTION_ROW
            parts.append(text_at(MARGIN, y, line, font_size=VALUE))
    if frame.legend:
        y += 18
        parts.append(f'<path d="M{MARGIN} {y}H{width - MARGIN}" stroke="{GRID}"/>')
        drawn, y = _legend(frame.legend, screen, y + 16)
        parts.append(drawn)
    y += 6
    for line in caption_lines(clean(frame.caption), screen - 2 * MARGIN):
        y += _CAPTION_ROW
        parts.append(text_at(MARGIN, y, line, font_size=VALUE, fill=QUIET))
    description = " ".join(filter(None, (frame.description, frame.hidden, frame.caption)))
    return document((width, y + 14), frame.title, description, "".join(parts))


def _head(frame: Frame, screen: int) -> str:
    """The title, and after it how much is not drawn."""
    hidden = frame.hidden
    room = screen - 2 * MARGIN - (text_width(hidden, LABEL * _BOLD) + 24 if hidden else 0)
    title = shorten(clean(frame.title), _TITLE * _BOLD, room)
    head = text_at(MARGIN, 32, title, font_size=_TITLE, font_weight=700)
    if hidden:
        after = round(MARGIN + text_width(title, _TITLE * _BOLD) + 24)
        head += text_at(after, 32, hidden, font_size=LABEL, font_weight=600, fill=QUIET)
    return head


def _legend(samples: Sequence[Sample], screen: int, y: int) -> tuple[str, int]:
    """The legend in rows, and how far down it reaches."""
    parts = ['<g class="legend">']
    x = float(MARGIN)
    for drawing, full in samples:
        text = shorten(full, VALUE, _LEGEND_ROOM)
        needed = 42 + text_width(text, VALUE) + 18
        if x > MARGIN and x + needed > screen - MARGIN:
            x, y = float(MARGIN), y + _LEGEND_ROW
        parts.append(f'<g transform="translate({x:g} {y})">{drawing}')
        parts.append(text_at(42, 9, text, font_size=VALUE) + "</g>")
        x += needed
    return "".join([*parts, "</g>"]), y + 10


def more(count: int, what: str) -> str:
    """How much is not drawn; empty when nothing is."""
    return f"+{count:,} more {what} not drawn" if count else ""


def listed(texts: Sequence[tuple[str, str]]) -> str:
    """Labels with their amounts, as one sentence."""
    return "; ".join(f"{clean(label)}: {clean(text)}" for label, text in texts) + "."


# -- amounts along an axis ---------------------------------------------------------------------


class Axis(NamedTuple):
    """From zero at ``left`` to ``top`` at ``left + length``."""

    left: float
    length: float
    top: float
    marks: tuple[float, ...]

    def at(self, amount: float) -> float:
        """Where an amount stands, in pixels; what lies outside stands at the end."""
        return round(self.left + self.length * min(max(amount, 0) / self.top, 1), 1)


_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_MARKS: Final = 6


def axis(spans: Sequence[Span], top: float | None, left: float, length: float) -> Axis:
    """An axis with at most six round marks, which holds every finite amount."""
    ends = [end for span in spans for end in (span.low, span.high) if math.isfinite(end)]
    greatest = top if top is not None and top > 0 else max([*ends, 0]) or 1.0
    step = _step(greatest)
    count = math.floor(greatest / step + 1e-9)
    if top is None and count * step < greatest * (1 - 1e-9):
        count += 1
        greatest = count * step
    return Axis(left, length, greatest, tuple(n * step for n in range(count + 1)))


def _step(greatest: float) -> float:
    """The least round step with which the axis has few enough marks."""
    power = 10.0 ** math.floor(math.log10(greatest / _MARKS))
    return next(step * power for step in _STEPS if step * power * _MARKS >= greatest * (1 - 1e-9))


def axis_svg(axis: Axis, unit: str, y: float, bottom: float) -> str:
    """Grid lines from ``y`` to ``bottom``, and the numbers with their unit below them."""
    parts = [
        f'<path d="M{axis.at(mark):g} {y:g}V{bottom:g}" stroke="{GRID}"/>' for mark in axis.marks
    ]
    parts += [_mark(axis, mark, bottom + 15) for mark in axis.marks]
    end = axis.left + axis.length
    words = shorten(clean(unit), SMALL, axis.length)
    parts.append(text_at(end, bottom + 30, words, font_size=SMALL, fill=QUIET, text_anchor="end"))
    return "".join(parts)


def _mark(axis: Axis, mark: float, y: float) -> str:
    """The number of one grid line."""
    words = amount_text(mark)
    return text_at(axis.at(mark), y, words, font_size=SMALL, fill=QUIET, text_anchor="middle")


def amount_text(amount: float) -> str:
    """A number of an axis, with its thousands apart."""
    return f"{amount:,.10f}".rstrip("0").rstrip(".")


def is_open(span: Span, top: float | None) -> bool:
    """Is nothing known: from zero to the end of a scale that has one."""
    return top is not None and span.low <= 0 and span.high >= top > 0


def span_svg(
    axis: Axis, span: Span, place: tuple[float, float], colours: Colours, *, unknown: bool = False
) -> str:
    """A bar of a place (upper edge, height): pale to the greatest, solid to the least, its middle.

    An amount beyond the axis ends in a point.
    """
    y, height = place
    left, low, high = axis.left, axis.at(span.low), axis.at(span.high)
    dash = f' stroke-dasharray="{DASHES}"' if unknown else ""
    parts = []
    if high > low or unknown:
        parts.append(
            f'<rect x="{left:g}" y="{y:g}" width="{high - left:g}" height="{height:g}"'
            f' fill="{colours.pale}" stroke="{colours.solid}"{dash}/>'
        )
    width = max(low - left, 2.0 if high <= low else 0.0)  # nothing at all is a line at zero
    if width:
        parts.append(
            f'<rect x="{left:g}" y="{y:g}" width="{width:g}" height="{height:g}"'
            f' fill="{colours.solid}"/>'
        )
    if span.middle is not None:
        parts.append(tick(axis.at(span.middle), y, height))
    if span.high > axis.top * (1 + 1e-9):
        half = height / 2
        parts.append(
            f'<path d="M{high:g} {y:g}l{half:g} {half:g}l-{half:g} {half:g}z"'
            f' fill="{colours.solid}"/>'
        )
    return "".join(parts)


def tick(x: float, y: float, height: float) -> str:
    """The mark of a middle: dark, with a light edge, so that it shows on solid and pale."""
    line = f"M{x:g} {y - 3:g}V{y + height + 3:g}"
    return (
        f'<path d="{line}" stroke="#ffffff" stroke-width="4.5"/>'
        f'<path d="{line}" stroke="#1b2430" stroke-width="2.2"/>'
    )


def span_samples(
    spans: Sequence[Span],
    tops: Sequence[float | None],
    look: Look,
    names: tuple[str, str, str] = ENDS,
) -> list[Sample]:
    """Legend entries of the parts of bars that are there."""
    colours = COLOURS[look]
    pairs = list(zip(spans, tops, strict=True))
    known = [span for span, top in pairs if not is_open(span, top)]
    ranged = any(span.high > span.low for span in known)
    least = names[0] if ranged else "amount"
    entries = []
    if any(span.low > 0 for span in known):
        entries.append(Sample(_sample(colours.solid, colours.solid), least))
    if ranged:
        entries.append(Sample(_sample(colours.pale, colours.solid), names[1]))
    if len(known) < len(pairs):
        dashed = _sample(colours.pale, colours.solid, DASHES)
        entries.append(Sample(dashed, "unknown: anything on the scale"))
    if any(span.middle is not None for span in spans):
        entries.append(Sample(tick(17, 0, 10), names[2]))
    return entries


def _sample(fill: str, stroke: str, dash: str = "") -> str:
    """A small bar."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<rect x="2" y="0" width="30" height="10" fill="{fill}" stroke="{stroke}"{dashes}/>'


def widest(texts: Sequence[str], size: float, limit: float) -> float:
    """Pixels for a column of texts, at most the limit."""
    return min(max((text_width(clean(text), size) for text in texts), default=0), limit)
