"""How does an answer look as a printed ownership chart? A static SVG, read from left to right.

No script, no font and no file is needed to read it; the same picture gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from spillover.views.layering import Box, Link
from spillover.views.layout import Layout, Points, Route, lay_out
from spillover.views.palette import (
    DENIED_DASH,
    EDGE_LOOKS,
    HALO,
    PAPER,
    PLAIN_STATUS,
    QUIET,
    STATUS_LOOKS,
    edge_dash,
    line_width,
)
from spillover.views.picture import STATUSES, STYLES, Edge, Node, Picture
from spillover.views.svg import (
    BOX_WIDTH,
    box_height,
    document,
    esc,
    node_box,
    text_at,
)
from spillover.views.text import clean, shorten, text_width

LABEL_SIZE: Final = 11
LABEL_LIMIT: Final = 130
MARGIN: Final = 20
LEAST_WIDTH: Final = 640
SCREEN: Final = 1280
"""Titles, legends and captions stay within this width, so that they show without scrolling."""
_TITLE_SIZE: Final = 16
CYCLE_MARK: Final = "↺ cycle: "
_MARK_WIDTH: Final = round(text_width(CYCLE_MARK, LABEL_SIZE))
_HEAD: Final = 44
_LEGEND_ROW: Final = 24
_CAPTION_ROW: Final = 16


def chart_svg(picture: Picture) -> str:
    """The picture as an SVG text with title, description, legend, caption and hidden count."""
    layout = chart_layout(picture)
    width = max(layout.width + 2 * MARGIN, LEAST_WIDTH)
    left = (width - layout.width) // 2
    body = [_head(picture, width), f'<g transform="translate({left} {_HEAD + MARGIN})">']
    drawn = sorted(zip(picture.edges, layout.routes, strict=True), key=lambda p: p[0].highlighted)
    body += [_halo(route) for edge, route in drawn if edge.highlighted]
    names = {node.id: clean(node.name) or clean(node.id) for node in picture.nodes}
    body += [_edge(edge, route, names) for edge, route in drawn]
    body += [node_box(n, rect) for n, rect in zip(picture.nodes, layout.boxes, strict=True)]
    body.append("</g>")
    legend, height = _foot(picture, layout, width)
    body.append(legend)
    return document((width, height), picture.title, description(picture), "".join(body))


def chart_layout(picture: Picture) -> Layout:
    """Where the chart's boxes, lines and labels stand, before the margins."""
    boxes = [Box(node.id, BOX_WIDTH, box_height(node)) for node in picture.nodes]
    links = [
        Link(e.id, e.source, e.target, f"{e.style} {e.stance}", _label_width(e), _MARK_WIDTH)
        for e in picture.edges
    ]
    return lay_out(boxes, links)


def description(picture: Picture) -> str:
    """One sentence for readers who cannot see the picture."""
    words = [f"{len(picture.nodes)} boxes and {len(picture.edges)} relations, owners on the left."]
    by_status = Counter(STATUS_LOOKS[node.status].word for node in picture.nodes if node.status)
    words += [f"{count} {word}." for word, count in sorted(by_status.items())]
    if picture.hidden:
        words.append(hidden_text(picture))
    return " ".join([*words, picture.caption])


def hidden_text(picture: Picture) -> str:
    """What the picture says about entities that are not drawn; empty when there are none."""
    return f"+{picture.hidden:,} more not drawn" if picture.hidden else ""


def edge_text(edge: Edge, names: dict[str, str]) -> str:
    """Everything a tooltip says about a relation."""
    parts = [
        f"{names[edge.source]} → {names[edge.target]}",
        edge.kind or EDGE_LOOKS[edge.style].name,
        edge.text,
        f"as of {edge.date}" if edge.date else "undated",
        edge.age,
        f"confidence {edge.confidence}" if edge.confidence else "",
        edge.origin,
    ]
    return " · ".join(clean(part) for part in parts if part)


def _label_width(edge: Edge) -> int:
    """Pixels that the label takes: at most the limit."""
    return round(min(text_width(clean(edge.text), LABEL_SIZE), LABEL_LIMIT)) + 4


def _label(edge: Edge, *, cyclic: bool) -> str:
    """The label as drawn."""
    text = shorten(clean(edge.text), LABEL_SIZE, LABEL_LIMIT)
    return CYCLE_MARK + text if cyclic else text


def _path(points: Points) -> str:
    """Corner points as path data."""
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _halo(route: Route) -> str:
    """The glow under a highlighted line."""
    return (
        f'<path d="{_path(route.points)}" fill="none" stroke="{HALO}" stroke-width="9"'
        ' stroke-linejoin="round"/>'
    )


def _edge(edge: Edge, route: Route, names: dict[str, str]) -> str:
    """A relation as a group: line, arrow head, label."""
    look, pattern = EDGE_LOOKS[edge.style], edge_dash(edge)
    dash = f' stroke-dasharray="{pattern}"' if pattern else ""
    tip_x, tip_y = route.points[-1]
    ends = (*route.points[:-1], (tip_x - 7, tip_y))
    weight = 700 if edge.highlighted else 500
    return "".join(
        [
            f'<g class="edge" data-id="{esc(edge.id)}" data-source="{esc(edge.source)}"',
            f' data-target="{esc(edge.target)}" data-style="{edge.style}"',
            ' data-cycle="1"' if route.cyclic else "",
            ' data-highlighted="1"' if edge.highlighted else "",
            f"><title>{esc(edge_text(edge, names))}</title>",
            f'<path d="{_path(ends)}" fill="none" stroke="{look.stroke}"',
            f' stroke-width="{line_width(edge):g}" stroke-linejoin="round"{dash}/>',
            f'<path d="M{tip_x} {tip_y}l-9 -4.5v9z" fill="{look.stroke}"/>',
            text_at(
                route.label.x + route.label.width / 2,
                route.label.y + LABEL_SIZE,
                _label(edge, cyclic=route.cyclic),
                font_size=LABEL_SIZE,
                font_weight=weight,
                fill=look.stroke,
                text_anchor="middle",
            ),
            "</g>",
        ]
    )


def _head(picture: Picture, width: int) -> str:
    """The title, and after it how much is not drawn: in sight without scrolling."""
    hidden = hidden_text(picture)
    room = min(width, SCREEN) - 2 * MARGIN - (text_width(hidden, 12) + 24 if hidden else 0)
    title = shorten(clean(picture.title), _TITLE_SIZE, room)
    head = text_at(MARGIN, 32, title, font_size=_TITLE_SIZE, font_weight=700)
    if hidden:
        after = round(MARGIN + text_width(title, _TITLE_SIZE) + 24)
        head += text_at(after, 32, hidden, font_size=12, font_weight=600, fill=QUIET)
    return head


def _foot(picture: Picture, layout: Layout, width: int) -> tuple[str, int]:
    """Legend and caption, and the height of the whole chart."""
    screen = min(width, SCREEN)
    y = _HEAD + layout.height + 2 * MARGIN + 14
    parts = [
        f'<path d="M{MARGIN} {y - 16}H{width - MARGIN}" stroke="#d5dae1"/>',
        '<g class="legend">',
    ]
    x = float(MARGIN)
    for sample, text in legend_entries(picture.nodes, picture.edges, layout.routes):
        needed = 40 + text_width(text, LABEL_SIZE) + 18
        if x > MARGIN and x + needed > screen - MARGIN:
            x, y = float(MARGIN), y + _LEGEND_ROW
        parts.append(f'<g transform="translate({x:g} {y})">{sample}')
        parts.append(text_at(40, 9, text, font_size=LABEL_SIZE) + "</g>")
        x += needed
    parts.append("</g>")
    y += _LEGEND_ROW + 6
    for line in caption_lines(clean(picture.caption), screen - 2 * MARGIN):
        parts.append(text_at(MARGIN, y + 4, line, font_size=LABEL_SIZE, fill=QUIET))
        y += _CAPTION_ROW
    return "".join(parts), y + 8


def legend_entries(
    nodes: Iterable[Node], edges: Iterable[Edge], routes: Sequence[Route] = ()
) -> list[tuple[str, str]]:
    """A sample drawing and a text with a count for each style and status that is present."""
    styles: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    highlighted = denied = 0
    for edge in edges:
        styles[edge.style] += edge.members
        highlighted += edge.highlighted
        denied += edge.members * (edge.stance == "denies")
    for node in nodes:
        statuses[node.status] += node.members
    entries = [(_line_sample(s), f"{EDGE_LOOKS[s].name}: {styles[s]}") for s in STYLES if styles[s]]
    if highlighted:
        entries.append((_path_sample(), f"path in question: {highlighted}"))
    if denied:
        entries.append((_dash_sample(), f"denied by a source: {denied}"))
    cycles = sum(route.cyclic for route in routes)
    if cycles:
        entries.append((text_at(12, 10, "↺", font_size=14), f"closes a cycle: {cycles}"))
    for status in STATUSES:
        if statuses[status]:
            word = STATUS_LOOKS[status].word or PLAIN_STATUS
            entries.append((_box_sample(status), f"{word}: {statuses[status]}"))
    return entries


def _line_sample(style: str) -> str:
    """A short line in a relation's style."""
    look = EDGE_LOOKS[style]
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    return (
        f'<path d="M2 5H26" stroke="{look.stroke}" stroke-width="2.2"{dash}/>'
        f'<path d="M33 5l-9 -4.5v9z" fill="{look.stroke}"/>'
    )


def _dash_sample() -> str:
    """A short line in the dashes of a denial."""
    return (
        f'<path d="M2 5H33" stroke="{QUIET}" stroke-width="2.2" stroke-dasharray="{DENIED_DASH}"/>'
    )


def _path_sample() -> str:
    """A short thick line with its glow."""
    return (
        f'<path d="M2 5H33" stroke="{HALO}" stroke-width="11"/>'
        f'<path d="M2 5H33" stroke="{EDGE_LOOKS["owns"].stroke}" stroke-width="4.4"/>'
    )


def _box_sample(status: str) -> str:
    """A small box with a status's border."""
    look = STATUS_LOOKS[status]
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    inner = f'<rect x="9" y="0" width="20" height="10" fill="none" stroke="{look.stroke}"/>'
    return (
        f'<rect x="6" y="-3" width="26" height="16" rx="3" fill="{look.fill or PAPER}"'
        f' stroke="{look.stroke}" stroke-width="{look.width:g}"{dash}/>'
    ) + (inner if look.double else "")


def caption_lines(text: str, width: float) -> list[str]:
    """A caption broken into lines at spaces."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, LABEL_SIZE) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return [shorten(line, LABEL_SIZE, width) for line in lines]
