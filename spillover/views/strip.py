"""How does one exposure path look? Boxes and labelled arrows in a row, wrapped when long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from spillover.views.chart import caption_lines, edge_text
from spillover.views.layering import Rect
from spillover.views.palette import EDGE_LOOKS, QUIET, edge_dash, line_width
from spillover.views.picture import Edge, Node, Strip
from spillover.views.svg import BOX_WIDTH, box_height, document, esc, node_box, text_at
from spillover.views.text import clean, shorten, text_width

_GAP: Final = 132
_MARGIN: Final = 28
_TOP: Final = 12
_ROW: Final = 50
_LABEL_SIZE: Final = 11
_SMALL: Final = 10


def path_strip_svg(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    title: str = "Exposure path",
    caption: str = "",
    width: int = 1260,
) -> str:
    """One path as an SVG strip of at most ``width`` pixels; see :class:`Strip` for the order."""
    return strip_svg(Strip(title, tuple(nodes), tuple(edges), caption), width=width)


def strip_svg(strip: Strip, *, width: int = 1260) -> str:
    """A strip as SVG: rows from left to right, each hop with its share, date and confidence."""
    fitting = max((width - 2 * _MARGIN - BOX_WIDTH) // (BOX_WIDTH + _GAP) + 1, 1)
    per_row = max(min(fitting, len(strip.nodes)), 1)
    tall = max((box_height(node) for node in strip.nodes), default=0)
    rects = [_place(number, per_row, tall) for number in range(len(strip.nodes))]
    names = {node.id: clean(node.name) or clean(node.id) for node in strip.nodes}
    body = [
        _hop(edge, _Way(left, right, forward=edge.source == node.id), names)
        for edge, node, left, right in zip(strip.edges, strip.nodes, rects, rects[1:], strict=False)
    ]
    body += [node_box(node, rect) for node, rect in zip(strip.nodes, rects, strict=True)]
    right = _MARGIN * 2 + BOX_WIDTH + (per_row - 1) * (BOX_WIDTH + _GAP)
    bottom = max((rect.y + rect.height for rect in rects), default=0) + _TOP
    for line in caption_lines(clean(strip.caption), right - 2 * _MARGIN):
        bottom += 16
        body.append(text_at(_MARGIN, bottom - 6, line, font_size=_LABEL_SIZE, fill=QUIET))
    words = " → ".join(names[node.id] for node in strip.nodes)
    return document((right, bottom), strip.title, f"{words}. {strip.caption}", "".join(body))


def _place(number: int, per_row: int, tall: int) -> Rect:
    """Where the box of a number stands."""
    row, column = divmod(number, per_row)
    left = _MARGIN + column * (BOX_WIDTH + _GAP)
    return Rect(left, _TOP + row * (tall + _ROW), BOX_WIDTH, tall)


class _Way(NamedTuple):
    """Two boxes in the order of the path, and whether the relation runs in that order."""

    left: Rect
    right: Rect
    forward: bool

    @property
    def level(self) -> bool:
        """Whether both boxes stand in one row."""
        return self.left.y == self.right.y

    @property
    def ends(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Where the line leaves the first box and meets the second."""
        middle = self.left.height // 2
        start = (self.left.x + self.left.width, self.left.y + middle)
        return start, (self.right.x, self.right.y + middle)

    def line(self) -> str:
        """Path data: straight, or around the end of the row to the start of the next."""
        (x, y), (end, low) = self.ends
        if self.level:
            return f"M{x} {y}H{end}"
        return f"M{x} {y}H{x + 18}V{self.right.y - _ROW // 2 + 8}H{end - 20}V{low}H{end}"

    def head(self) -> str:
        """Path data of the arrow head, which is at the relation's target."""
        start, end = self.ends
        if self.forward:
            return f"M{end[0]} {end[1]}l-10 -5v10z"
        return f"M{start[0]} {start[1]}l10 -5v10z"

    def label_at(self) -> tuple[float, int]:
        """The middle of the label's line of text and the height of the line below it."""
        (x, y), (end, _) = self.ends
        return (x + _GAP / 2 - 3, y) if self.level else (end + 60, self.right.y - _ROW // 2 + 8)


def _hop(edge: Edge, way: _Way, names: dict[str, str]) -> str:
    """One arrow with its label above and its date and confidence below."""
    look, pattern = EDGE_LOOKS[edge.style], edge_dash(edge)
    dash = f' stroke-dasharray="{pattern}"' if pattern else ""
    x, y = way.label_at()
    return (
        f'<g class="edge" data-id="{esc(edge.id)}"><title>{esc(edge_text(edge, names))}</title>'
        f'<path d="{way.line()}" fill="none" stroke="{look.stroke}"'
        f' stroke-width="{line_width(edge):g}"{dash}/><path d="{way.head()}" fill="{look.stroke}"/>'
        f"{_words(edge, (x, y), look.stroke, below=way.level)}</g>"
    )


def _words(edge: Edge, at: tuple[float, int], colour: str, *, below: bool) -> str:
    """The label above the line; date and confidence below it, or behind the label."""
    x, y = at
    room = _GAP - 14
    label = shorten(clean(edge.text), _LABEL_SIZE, room)
    facts = " · ".join(clean(part) for part in (edge.date, edge.confidence) if part)
    bold = text_at(
        x, y - 6, label, font_size=_LABEL_SIZE, font_weight=700, fill=colour, text_anchor="middle"
    )
    if not facts:
        return bold
    facts = shorten(facts, _SMALL, room)
    if below:
        return bold + text_at(x, y + 15, facts, font_size=_SMALL, fill=QUIET, text_anchor="middle")
    after = x + text_width(label, _LABEL_SIZE) / 2 + 10
    return bold + text_at(after, y - 6, facts, font_size=_SMALL, fill=QUIET)
