"""How is the neighbourhood of an entity explored with mouse and keyboard?

pyvis builds the network model; its own page is not used, because it loads from other hosts and
runs what names contain. Our template receives the model through ``set_template_dir`` and writes it
as data, which our script shows with ``textContent`` only. Positions are computed here, so the
browser draws at once and no physics runs.
"""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from spillover.views.chart import chart_layout
from spillover.views.embed import TEMPLATES, json_block, read_text, vendored
from spillover.views.palette import (
    EDGE_LOOKS,
    HALO,
    INK,
    PLAIN_STATUS,
    STATUS_LOOKS,
    edge_dash,
    line_width,
)
from spillover.views.picture import STATUSES, STYLES, Edge, Node, Picture, subject_of
from spillover.views.svg import BOX_WIDTH
from spillover.views.text import clean, safe_url, shorten

if TYPE_CHECKING:
    from pyvis.network import Network

NODE_LIMIT: Final = 300
"""Entities drawn at most: beyond, every network drawing is a hairball."""

_OPTIONS: Final[dict[str, Any]] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {
        "hover": True,
        "zoomView": False,
        "dragNodes": True,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
    "nodes": {
        "shape": "box",
        "margin": {"top": 7, "right": 8, "bottom": 7, "left": 8},
        "shapeProperties": {"borderRadius": 4},
        "font": {"face": "system-ui,sans-serif", "size": 13, "color": INK},
        "widthConstraint": {"minimum": 120, "maximum": BOX_WIDTH},
    },
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.55}},
        "arrowStrikethrough": False,
        "smooth": {"type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.75},
        "selectionWidth": 1.5,
        "font": {"face": "system-ui,sans-serif", "size": 12, "strokeWidth": 4},
    },
}


@dataclass(frozen=True, slots=True)
class Fragment:
    """What a page needs to show a network: body HTML, and its own style and scripts.

    ``style_hashes`` are the policy hashes of the style sheets that vis-network adds by itself.
    """

    html: str
    style: str
    scripts: tuple[str, ...]
    style_hashes: tuple[str, ...]


def network_fragment(picture: Picture, limit: int = NODE_LIMIT) -> Fragment:
    """The interactive network of a picture, capped at ``limit`` entities around its subject."""
    drawn = capped(picture, limit)
    network = network_model(drawn)
    network.set_template_dir(str(TEMPLATES), "network.html.j2")
    network.templateEnv.autoescape = True
    network.templateEnv.filters["network_json"] = _network_json
    network.templateEnv.globals["picture"] = {
        "title": clean(drawn.title),
        "caption": clean(drawn.caption),
        "hidden": drawn.hidden,
        "subject": next(
            (i for i, node in enumerate(drawn.nodes) if node.id == subject_of(drawn)), 0
        ),
        "statuses": [[s, STATUS_LOOKS[s].word or PLAIN_STATUS] for s in STATUSES],
        "styles": [[s, EDGE_LOOKS[s].name] for s in STYLES],
    }
    library = vendored("vis-network")
    return Fragment(
        html=str(network.generate_html()),
        style=read_text("network.css"),
        scripts=(library.source, read_text("network.js")),
        style_hashes=library.injected_style_hashes,
    )


def network_model(picture: Picture) -> Network:
    """A pyvis network of a picture: fixed positions, numbered ids, texts already cleaned.

    Numbered ids keep hostile ones away from the library; the true id is in ``record``.
    """
    from pyvis.network import Network

    network = Network(directed=True)
    network.set_options(json.dumps(_OPTIONS))
    layout = chart_layout(picture)
    number = {node.id: f"n{position}" for position, node in enumerate(picture.nodes)}
    for node, rect in zip(picture.nodes, layout.boxes, strict=True):
        x, y = rect.x + rect.width // 2, rect.y + rect.height // 2
        network.add_node(number[node.id], x=x, y=y, **_node_look(node), record=_node_record(node))
    for position, edge in enumerate(picture.edges):
        network.add_edge(
            number[edge.source],
            number[edge.target],
            id=f"e{position}",
            **_edge_look(edge),
            record=_edge_record(edge),
        )
    return network


def capped(picture: Picture, limit: int) -> Picture:
    """The picture with the ``limit`` entities nearest to its subject; the rest count as hidden.

    Entities on a highlighted path come first.
    """
    if len(picture.nodes) <= limit:
        return picture
    near: dict[str, list[str]] = {node.id: [] for node in picture.nodes}
    for edge in picture.edges:
        near[edge.source].append(edge.target)
        near[edge.target].append(edge.source)
    seen = dict.fromkeys([subject_of(picture)])
    seen |= dict.fromkeys(e for x in picture.edges if x.highlighted for e in (x.source, x.target))
    queue = deque(seen)
    while queue and len(seen) < limit:
        for other in near[queue.popleft()]:
            if other not in seen:
                seen[other] = None
                queue.append(other)
    seen |= dict.fromkeys(node.id for node in picture.nodes)
    kept = set(list(seen)[:limit])
    return replace(
        picture,
        nodes=tuple(node for node in picture.nodes if node.id in kept),
        edges=tuple(e for e in picture.edges if e.source in kept and e.target in kept),
        hidden=picture.hidden + sum(n.members for n in picture.nodes if n.id not in kept),
    )


def _node_look(node: Node) -> dict[str, Any]:
    """How vis-network draws a node; selected or hovered, it keeps its colours."""
    look = STATUS_LOOKS[node.status]
    paint = {"background": look.fill, "border": look.stroke}
    name = shorten(clean(node.name) or clean(node.id), 13, 2.4 * BOX_WIDTH)
    below = " · ".join(part for part in (clean(node.country), look.word) if part)
    mark = "? " if node.status == "unknown" else ""
    return {
        "label": f"{mark}{name}\n{below}" if below else mark + name,
        "shape": "box",
        "color": {**paint, "highlight": paint, "hover": paint},
        "borderWidth": look.width,
        "borderWidthSelected": look.width + 2.5,
        "shapeProperties": {"borderDashes": _dashes(look.dash), "borderRadius": 4},
    }


def _edge_look(edge: Edge) -> dict[str, Any]:
    """How vis-network draws a relation."""
    stroke = EDGE_LOOKS[edge.style].stroke
    return {
        "label": shorten(clean(edge.text), 12, 150),
        "color": {"color": stroke, "highlight": stroke, "hover": stroke, "inherit": False},
        "font": {"color": stroke},
        "width": line_width(edge),
        "dashes": _dashes(edge_dash(edge)),
        "background": {"enabled": edge.highlighted, "color": HALO, "size": 11},
    }


def _dashes(pattern: str) -> list[int] | bool:
    """A dash pattern as vis-network takes it."""
    return [int(part) for part in pattern.split()] or False


def _node_record(node: Node) -> dict[str, Any]:
    """What the details panel and the table say about an entity."""
    return {
        "id": clean(node.id),
        "name": clean(node.name) or clean(node.id),
        "schema": clean(node.schema),
        "country": clean(node.country),
        "status": node.status,
        "note": clean(node.note),
        "members": node.members,
    }


def _edge_record(edge: Edge) -> dict[str, Any]:
    """What the details panel and the table say about a relation."""
    return {
        "id": clean(edge.id),
        "style": edge.style,
        "members": edge.members,
        "kind": clean(edge.kind),
        "share": clean(edge.text),
        "date": clean(edge.date),
        "age": clean(edge.age),
        "confidence": clean(edge.confidence),
        "stance": clean(edge.stance),
        "origin": clean(edge.origin),
        "url": safe_url(edge.url),
        "address": clean(edge.url),
        "highlighted": edge.highlighted,
    }


def _network_json(
    nodes: list[dict[str, Any]], edges: list[dict[str, Any]], options: str, extra: dict[str, Any]
) -> str:
    """The model that pyvis hands to the template, as the text of a JSON script block."""
    model = {"nodes": nodes, "edges": edges, "options": json.loads(options), **extra}
    return json_block(model)
