"""How are safe SVG elements, type icons and entity boxes written?

Only presentation attributes are used, no style, script, id or reference: a chart can stand in
a page with a strict policy, several times, and in a file of its own.
"""

from __future__ import annotations

from html import escape
from typing import Final

from spillover.views.layering import Rect
from spillover.views.palette import INK, PAPER, QUIET, STATUS_LOOKS, StatusLook
from spillover.views.picture import Node
from spillover.views.text import clean, shorten, text_width, wrap

FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"
NAME_SIZE: Final = 12
SMALL_SIZE: Final = 10
BOX_WIDTH: Final = 172
_PAD: Final = 9
_ICON: Final = 15
_LINE: Final = 15

_ICONS: Final[dict[str, str]] = {
    "person": "M7.5 7a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM1.5 14c0-3.5 2.5-5 6-5s6 1.5 6 5z",
    "state": "M1 5.5 7.5 1.5 14 5.5zM2 13.5h11M3.5 6v6M6.2 6v6M8.8 6v6M11.5 6v6",
    "vessel": "M1 9h13l-2 4.5H3.5zM7.5 9V1.5M7.5 2.5 12 7H7.5",
    "country": "M3 14V1.5M3 2h10l-2.5 3L13 8H3",
    "product": "M7.5 1 14 4.2v6.6L7.5 14 1 10.8V4.2zM1 4.2l6.5 3.3L14 4.2M7.5 7.5V14",
    "technology": "M4 4h7v7H4zM6 1v3M9 1v3M6 11v3M9 11v3M1 6h3M1 9h3M11 6h3M11 9h3",
    "list": "M2.5 1h10v13h-10zM5 4.5h5M5 7.5h5M5 10.5h3",
    "school": "M7.5 2 14.5 5.5 7.5 9 .5 5.5zM3.5 7.2v4c2 2 6 2 8 0v-4M14.5 5.5V11",
    "group": "M4 1h10v8H4zM1 5v9h10v-2.5",
    "company": "M2.5 14V1h10v13zM5 4h2M8.5 4h2M5 7h2M8.5 7h2M6.2 14v-4h2.6v4",
    "unknown": "",
}
_ICON_OF: Final[dict[str, str]] = {
    "Person": "person",
    "PublicBody": "state",
    "PoliticalParty": "state",
    "MilitaryUnit": "state",
    "Regime": "list",
    "Programme": "list",
    "Security": "list",
    "Vessel": "vessel",
    "Airplane": "vessel",
    "Vehicle": "vessel",
    "Country": "country",
    "Product": "product",
    "Technology": "technology",
    "University": "school",
    "Group": "group",
}


def esc(text: str) -> str:
    """A text from outside, cleaned and escaped for text and attribute values alike."""
    return escape(clean(text), quote=True)


def text_at(x: float, y: float, text: str, **attributes: str | float) -> str:
    """A text element with its baseline at ``y``; attribute names use ``_`` for ``-``."""
    extra = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
    return f'<text x="{x:g}" y="{y:g}"{extra}>{esc(text)}</text>'


def icon(schema: str, x: float, y: float) -> str:
    """A 15 px line drawing of an entity's type: shapes, as emoji fonts may be missing."""
    shape = _ICONS[_ICON_OF.get(schema, "company")]
    return (
        f'<path d="{shape}" transform="translate({x:g} {y:g})" fill="none" stroke="{QUIET}"'
        ' stroke-width="1.2" stroke-linejoin="round" stroke-linecap="round"/>'
    )


def name_lines(node: Node) -> tuple[str, ...]:
    """The one or two lines of a box that hold the name."""
    return wrap(clean(node.name) or clean(node.id), NAME_SIZE, BOX_WIDTH - 2 * _PAD - _ICON - 7)


def box_height(node: Node) -> int:
    """The height that a node's box needs, in pixels; even."""
    return 36 + _LINE * len(name_lines(node)) + (len(name_lines(node)) % 2)


def status_word(node: Node) -> str:
    """The word for a node's status; empty without one."""
    return STATUS_LOOKS[node.status].word


def full_text(node: Node) -> str:
    """Everything a tooltip says about a node."""
    parts = [node.name or node.id, node.schema, node.country, status_word(node), node.note]
    return " · ".join(clean(part) for part in parts if part)


def node_box(node: Node, rect: Rect) -> str:
    """A node as a group: border by status, icon, name, type with country, status badge."""
    look = STATUS_LOOKS[node.status]
    top = rect.y + (rect.height - box_height(node)) / 2
    lines = name_lines(node)
    left = rect.x + _PAD
    parts = [
        f'<g class="node" data-id="{esc(node.id)}" data-status="{node.status}">',
        f"<title>{esc(full_text(node))}</title>",
        _border(look, rect),
        _mark(node, left, top + 8),
    ]
    for number, line in enumerate(lines):
        y = top + 20 + _LINE * number
        parts.append(text_at(left + _ICON + 7, y, line, font_size=NAME_SIZE, font_weight=600))
    parts.append(_last_line(node, look, rect, top + 23 + _LINE * len(lines)))
    return "".join([*parts, "</g>"])


def _border(look: StatusLook, rect: Rect) -> str:
    """The outline of a box; a target has two."""
    border = _outline(rect, look.fill, look.stroke, width=look.width, dash=look.dash)
    if not look.double:
        return border
    inner = Rect(rect.x + 4, rect.y + 4, rect.width - 8, rect.height - 8)
    return border + _outline(inner, "none", look.stroke, width=1)


def _outline(rect: Rect, fill: str, stroke: str, *, width: float, dash: str = "") -> str:
    """A rounded rectangle."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<rect x="{rect.x}" y="{rect.y}" width="{rect.width}" height="{rect.height}" rx="5"'
        f' fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"{dashes}/>'
    )


def _mark(node: Node, x: float, y: float) -> str:
    """The type icon, or a question mark for an owner whom no source names."""
    if node.status == "unknown":
        return text_at(x + 3, y + 13, "?", font_size=16, font_weight=700, fill=QUIET)
    return icon(node.schema, x, y)


def _last_line(node: Node, look: StatusLook, rect: Rect, y: float) -> str:
    """Country and type on the left, the status badge on the right."""
    badge, right = "", float(rect.x + rect.width - _PAD)
    if look.word:
        width = round(text_width(look.word, 9) + 10)
        right -= width
        fill, ink = (PAPER, look.stroke) if node.status == "unknown" else (look.stroke, PAPER)
        badge = (
            f'<rect x="{right:g}" y="{y - 10:g}" width="{width}" height="14" rx="3" fill="{fill}"/>'
        ) + text_at(
            right + width / 2, y + 0.5, look.word, font_size=9, font_weight=700, fill=ink,
            text_anchor="middle",
        )  # fmt: skip
    left = rect.x + _PAD
    words = " · ".join(clean(part) for part in (node.country, node.schema) if part)
    room = right - 6 - left
    if text_width(words, SMALL_SIZE) > room and node.country:
        words = clean(node.country)  # the icon tells the type
    words = shorten(words, SMALL_SIZE, room)
    return text_at(left, y, words, font_size=SMALL_SIZE, fill=QUIET) + badge


def document(size: tuple[int, int], title: str, description: str, body: str) -> str:
    """A whole SVG: natural size, so that text never shrinks; the page scrolls if need be."""
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" font-family="{FONT}" fill="{INK}"'
        f' aria-label="{esc(title)}"><title>{esc(title)}</title><desc>{esc(description)}</desc>'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>{body}</svg>'
    )
