"""What is a drawing of an answer made of? Entities, relations, and what was left out.

The types know no query: whoever has an answer turns it into these, and every picture of this
package (the chart, the strip, the network) is drawn from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Status = Literal["", "target", "blocked", "undetermined", "not_blocked", "listed", "unknown"]
Style = Literal["owns", "controls", "indirect", "link"]

STATUSES: Final[tuple[Status, ...]] = (
    "target",
    "listed",
    "blocked",
    "undetermined",
    "not_blocked",
    "unknown",
    "",
)
STYLES: Final[tuple[Style, ...]] = ("owns", "controls", "indirect", "link")
WHOLE: Final = 100_000_000
"""100 % in the unit of a share: one millionth of a percent."""


@dataclass(frozen=True, slots=True)
class Node:
    """An entity in a picture. ``status="unknown"`` is an owner whom no source names: "?"."""

    id: str
    name: str
    schema: str
    country: str = ""
    status: Status = ""
    note: str = ""
    members: int = 1
    """How many entities the box stands for: more than one after :func:`collapse`."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation in a picture, from owner to owned (or from where a shock comes)."""

    id: str
    source: str
    target: str
    style: Style
    label: str
    share: tuple[int, int] | None = None
    """Low and high end, in millionths of a percent; None where no share is meant."""
    highlighted: bool = False
    kind: str = ""
    date: str = ""
    age: str = ""
    confidence: str = ""
    stance: str = "asserts"
    origin: str = ""
    url: str = ""
    members: int = 1

    @property
    def text(self) -> str:
        """The label as drawn: never blank, and a denial says so."""
        label = self.label.strip() or "unknown"
        return f"denied: {label}" if self.stance == "denies" else label


@dataclass(frozen=True, slots=True)
class Picture:
    """An answer to draw. ``hidden`` counts the entities that are not drawn.

    Raises ValueError when two nodes or two edges share an id, when an edge ends at no node, or
    when a status, a style or a share is none of those declared here.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    hidden: int = 0
    caption: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn truthfully."""
        if self.hidden < 0:
            raise ValueError(f"picture {self.title!r}: hidden is {self.hidden}, below zero")
        check_parts(self.nodes, self.edges)


@dataclass(frozen=True, slots=True)
class Strip:
    """One exposure path: ``edges[i]`` joins ``nodes[i]`` and ``nodes[i + 1]``, either way round.

    Raises ValueError when the edges do not join the nodes in their order.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    caption: str = ""

    def __post_init__(self) -> None:
        """Refuse a path with a gap."""
        check_parts(self.nodes, self.edges)
        if len(self.edges) != max(len(self.nodes) - 1, 0):
            raise ValueError(f"strip {self.title!r}: {len(self.nodes)} nodes need one edge less")
        for edge, left, right in zip(self.edges, self.nodes, self.nodes[1:], strict=False):
            if {edge.source, edge.target} != {left.id, right.id}:
                raise ValueError(f"strip: edge {edge.id!r} does not join {left.id!r} {right.id!r}")


def check_parts(nodes: Sequence[Node], edges: Sequence[Edge]) -> None:
    """Raise ValueError at the first part that breaks a rule of :class:`Picture`."""
    ids = {node.id for node in nodes}
    if len(ids) != len(nodes):
        raise ValueError("two nodes share one id")
    if len({edge.id for edge in edges}) != len(edges):
        raise ValueError("two edges share one id")
    for node in nodes:
        if node.status not in STATUSES:
            raise ValueError(f"node {node.id!r}: unknown status {node.status!r}")
    for edge in edges:
        _check_edge(edge, ids)


def _check_edge(edge: Edge, ids: set[str]) -> None:
    """Raise ValueError when an edge ends nowhere or cannot be drawn."""
    if edge.source not in ids or edge.target not in ids:
        raise ValueError(f"edge {edge.id!r} ends at no node: {edge.source!r} -> {edge.target!r}")
    if edge.style not in STYLES:
        raise ValueError(f"edge {edge.id!r}: unknown style {edge.style!r}")
    if edge.share is not None and not 0 <= edge.share[0] <= edge.share[1] <= WHOLE:
        raise ValueError(f"edge {edge.id!r}: share {edge.share} is not within 0 and {WHOLE}")


def subject_of(picture: Picture) -> str:
    """The id that a reader should see first: the target, else the first node, else empty."""
    for node in picture.nodes:
        if node.status == "target":
            return node.id
    return picture.nodes[0].id if picture.nodes else ""
