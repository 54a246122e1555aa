"""How do flows look? Boxes from left to right, and bands between them as wide as the amounts.

A band is pale as wide as the greatest amount, with a solid core as wide as the least. Flows that
close a circle are listed below the picture.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

from spillover.views.amounts import frame
from spillover.views.amounts.figures import Flow, Knot, Look, Sankey
from spillover.views.amounts.frame import COLOURS, MARGIN, TOP, Frame, Sample
from spillover.views.amounts.sankey_layout import BOX, SPACE, Band, Placed, Spot, place
from spillover.views.palette import PAPER, QUIET
from spillover.views.svg import esc, text_at
from spillover.views.text import clean, shorten, text_width, wrap

MOST: Final = 60
"""Nodes that are drawn at most; the others are counted."""
_LISTED: Final = 6
_PAD: Final = 8
_LINE: Final = 15
_LEAST: Final = 640


class _Label(NamedTuple):
    """Where the amount of a band can stand."""

    x: float
    y: float
    width: float

    def meets(self, other: _Label) -> bool:
        return (
            self.x - self.width < other.x
            and other.x - other.width < self.x
            and abs(self.y - other.y) < frame.SMALL + 2
        )


def sankey_svg(figure: Sankey) -> str:
    """The flows as an SVG text."""
    knots = figure.knots[:MOST]
    names = {knot.id: knot.label for knot in knots}
    flows = [flow for flow in figure.flows if flow.source in names and flow.target in names]
    placed = place(knots, flows, _height)
    width = max(round(placed.size[0]) + 2 * MARGIN, _LEAST)
    left = (width - round(placed.size[0])) // 2
    body = [f'<g transform="translate({left} {TOP})">']
    body += [_band(band, names) for band in sorted(placed.bands, key=lambda b: -b.width)]
    body += [_box(knot, placed.spots[knot.id]) for knot in knots]
    body += [_amount(band, label) for band, label in _labels(placed)]
    body.append("</g>")
    drawn = len(placed.bands)
    around = Frame(
        figure.title,
        f"{len(knots)} boxes and {drawn} bands from left to right, as wide as {figure.unit}. "
        + frame.listed([(_way(band.flow, names), band.flow.text) for band in placed.bands]),
        figure.caption,
        frame.more(figure.hidden + len(figure.knots) - len(knots), "boxes"),
        tuple(_legend(placed, figure.unit)),
        _circles(placed, names),
    )
    return frame.framed(around, "".join(body), (width, TOP + round(placed.size[1]) + 10))


def _way(flow: Flow, names: dict[str, str]) -> str:
    return f"{names[flow.source]} → {names[flow.target]}"


def _circles(placed: Placed, names: dict[str, str]) -> tuple[str, ...]:
    """What is not drawn because it closes a circle."""
    if not placed.circles:
        return ()
    shown = placed.circles[:_LISTED]
    words = "; ".join(f"{_way(flow, names)} ({flow.text})" for flow in shown)
    rest = len(placed.circles) - len(shown)
    tail = f"; +{rest} more" if rest else ""
    return (f"Closes a circle, not drawn: {words}{tail}.",)


def _lines(knot: Knot) -> tuple[str, ...]:
    return wrap(clean(knot.label) or clean(knot.id), frame.LABEL, BOX - 2 * _PAD)


def _height(knot: Knot) -> float:
    """The height that a box needs for its texts."""
    return 14 + _LINE * len(_lines(knot)) + (13 if knot.note else 0)


def _box(knot: Knot, spot: Spot) -> str:
    """A box with one or two lines of its name, and its note."""
    colours = COLOURS[knot.look]
    full = " · ".join(clean(part) for part in (knot.label, knot.note) if part)
    width = 2 if knot.look else 1
    border = colours.solid if knot.look else QUIET
    parts = [
        f'<g class="knot" data-id="{esc(knot.id)}"><title>{esc(full)}</title>',
        f'<rect x="{spot.x:g}" y="{spot.y:g}" width="{BOX}" height="{spot.height:g}" rx="3"',
        f' fill="{PAPER}" stroke="{border}" stroke-width="{width}"/>',
    ]
    y = spot.y + (spot.height - _height(knot)) / 2 + 18
    for line in _lines(knot):
        parts.append(text_at(spot.x + _PAD, y, line, font_size=frame.LABEL, font_weight=600))
        y += _LINE
    if knot.note:
        note = shorten(clean(knot.note), frame.SMALL, BOX - 2 * _PAD)
        parts.append(text_at(spot.x + _PAD, y - 1, note, font_size=frame.SMALL, fill=QUIET))
    return "".join([*parts, "</g>"])


def _band(band: Band, names: dict[str, str]) -> str:
    """A band with its core; nothing at all is a dashed line."""
    colours = COLOURS[band.flow.look]
    title = esc(f"{_way(band.flow, names)} · {band.flow.text}")
    ends = f'data-source="{esc(band.flow.source)}" data-target="{esc(band.flow.target)}"'
    parts = [f'<g class="flow" {ends}><title>{title}</title>']
    if band.flow.span.high <= 0:
        parts.append(
            f'<path d="{_curve(band.course, 0)}" fill="none" stroke="{colours.solid}"'
            f' stroke-dasharray="{frame.DASHES}"/>'
        )
    else:
        parts.append(
            f'<path d="{_shape(band.course, band.width)}" fill="{colours.pale}"'
            f' fill-opacity="0.75" stroke="{colours.solid}" stroke-width="0.7"/>'
        )
        if band.core > 0:
            parts.append(
                f'<path d="{_shape(band.course, band.core)}" fill="{colours.solid}"'
                ' fill-opacity="0.8"/>'
            )
    return "".join([*parts, "</g>"])


def _shape(course: tuple[tuple[float, float], ...], width: float) -> str:
    """Path data of a band: along its upper edge, and back along the lower."""
    there = _curve(course, -width / 2)
    back = _curve(course[::-1], width / 2)
    return f"{there}L{back[1:]}Z"


def _curve(course: tuple[tuple[float, float], ...], shift: float) -> str:
    """Path data through the points: bent between layers, straight where a layer is passed."""
    data = f"M{course[0][0]:g} {course[0][1] + shift:g}"
    for number, ((x, y), (end, low)) in enumerate(pairwise(course)):
        if number % 2:
            data += f"L{end:g} {low + shift:g}"
            continue
        half = (x + end) / 2
        data += f"C{half:g} {y + shift:g} {half:g} {low + shift:g} {end:g} {low + shift:g}"
    return data


def _labels(placed: Placed) -> list[tuple[Band, _Label]]:
    """Bands whose amount has room before their end, the widest first."""
    taken: list[_Label] = []
    found = []
    for band in sorted(placed.bands, key=lambda b: -b.width):
        x, y = band.course[-1]
        text = shorten(clean(band.flow.text), frame.SMALL, SPACE - 12)
        label = _Label(x - 5, y, text_width(text, frame.SMALL))
        if text and not any(label.meets(other) for other in taken):
            taken.append(label)
            found.append((band, label))
    return found


def _amount(band: Band, label: _Label) -> str:
    """The amount of a band at its end, with a light edge so that it is read on every ground."""
    text = shorten(clean(band.flow.text), frame.SMALL, SPACE - 12)
    return text_at(
        label.x,
        label.y + 3.5,
        text,
        font_size=frame.SMALL,
        font_weight=600,
        text_anchor="end",
        stroke=PAPER,
        stroke_width=3,
        stroke_linejoin="round",
        paint_order="stroke",
    )


def _legend(placed: Placed, unit: str) -> list[Sample]:
    """What the parts of the bands mean, as far as they are there."""
    flows = [band.flow for band in placed.bands]
    look: Look = flows[0].look if flows and len({flow.look for flow in flows}) == 1 else "muted"
    colours = COLOURS[look]
    entries = []
    if any(flow.span.low > 0 for flow in flows):
        core = f'<rect x="2" y="0" width="30" height="10" fill="{colours.solid}"/>'
        entries.append(Sample(core, f"at least ({clean(unit)})"))
    if any(flow.span.high > flow.span.low for flow in flows):
        pale = (
            f'<rect x="2" y="0" width="30" height="10" fill="{colours.pale}"'
            f' stroke="{colours.solid}" stroke-width="0.7"/>'
        )
        entries.append(Sample(pale, f"at most ({clean(unit)})"))
    if any(flow.span.high <= 0 for flow in flows):
        line = f'<path d="M2 5H32" stroke="{colours.solid}" stroke-dasharray="{frame.DASHES}"/>'
        entries.append(Sample(line, "nothing"))
    return entries
