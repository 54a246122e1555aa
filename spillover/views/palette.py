"""How does each status and each relation look? One table for the chart, the strip and the network.

A status is told by its word and its border, a relation by its label and its line: the colours
only help, and every text colour has a contrast of at least 4.5 to 1 on its ground.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from spillover.views.picture import WHOLE, Edge

INK: Final = "#1b2430"
QUIET: Final = "#55606e"
PAPER: Final = "#ffffff"
HALO: Final = "#ffd966"
DENIED_DASH: Final = "9 4"


@dataclass(frozen=True, slots=True)
class StatusLook:
    """The word, the border and the ground of a status."""

    word: str
    stroke: str
    fill: str
    width: float
    dash: str = ""
    double: bool = False


@dataclass(frozen=True, slots=True)
class EdgeLook:
    """The line of a relation and its name in the legend."""

    name: str
    stroke: str
    dash: str = ""


STATUS_LOOKS: Final[dict[str, StatusLook]] = {
    "target": StatusLook("TARGET", "#7a0c12", "#fbe3e3", 2.5, double=True),
    "listed": StatusLook("LISTED", "#b3141d", "#fdecec", 3),
    "blocked": StatusLook("BLOCKED", "#b3141d", "#fff6f5", 2),
    "undetermined": StatusLook("UNDETERMINED", "#8a5200", "#fff8e8", 2, dash="10 4"),
    "not_blocked": StatusLook("NOT BLOCKED", "#22663f", "#f3faf5", 1.5),
    "unknown": StatusLook("UNKNOWN", "#55606e", "#f7f8fa", 1.5, dash="3 3"),
    "": StatusLook("", "#6b7787", "#ffffff", 1),
}

EDGE_LOOKS: Final[dict[str, EdgeLook]] = {
    "owns": EdgeLook("owns (width: share)", "#5b2a9d"),
    "controls": EdgeLook("controls", "#0b62a8"),
    "indirect": EdgeLook("indirect or share unknown", "#5b2a9d", dash="2 4"),
    "link": EdgeLook("other tie", "#66707d"),
}

PLAIN_STATUS: Final = "no status"
"""What the legend calls a node without a status, once others have one."""


def edge_dash(edge: Edge) -> str:
    """The dash pattern of a relation: its style's, or that of a denial."""
    return DENIED_DASH if edge.stance == "denies" else EDGE_LOOKS[edge.style].dash


def line_width(edge: Edge) -> float:
    """A line's width in pixels: 1.2 to 4 by the middle of the share, thick on the path."""
    share = edge.share or (0, 0)
    width = 1.2 + round(2.8 * (share[0] + share[1]) / (2 * WHOLE), 1) if edge.share else 1.4
    return round(max(width, 3.4) + 1 if edge.highlighted else width, 1)
