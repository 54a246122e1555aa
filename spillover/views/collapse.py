"""How is a long row of like companies drawn as one box, "12 companies", without losing count?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from spillover.views.picture import Edge, Node, Picture

_PLURALS = {
    "Company": "companies",
    "Person": "people",
    "Vessel": "vessels",
    "Organization": "organizations",
    "PublicBody": "public bodies",
    "Product": "products",
    "Security": "securities",
    "Country": "countries",
    "University": "universities",
}
_NAMED = 20

Key = tuple[str, str, str, str, str]


def collapse(picture: Picture, limit: int = 8) -> Picture:
    """The picture with leaf siblings beyond ``limit`` drawn as one box per owner.

    Siblings are entities that own nothing here and hang on one owner by one relation of the same
    style and stance, with the same status. Targets, unknown owners and ends of a highlighted path
    stay. The box counts its members (``Node.members``), so legends stay right, and
    ``hidden`` is unchanged: who stands in a box is not hidden.
    """
    groups = {key: edges for key, edges in _siblings(picture).items() if len(edges) > limit}
    if not groups:
        return picture
    nodes = {node.id: node for node in picture.nodes}
    first = {edges[0].target: key for key, edges in groups.items()}
    gone = {edge.target for edges in groups.values() for edge in edges}
    ids = _fresh_ids(groups, {*nodes, *(edge.id for edge in picture.edges)})
    drawn: list[Node] = []
    for node in picture.nodes:
        if node.id in first:
            key = first[node.id]
            drawn.append(_box(ids[key], [nodes[edge.target] for edge in groups[key]]))
        elif node.id not in gone:
            drawn.append(node)
    edges = [edge for edge in picture.edges if edge.target not in gone]
    edges += [_relation(ids[key], siblings) for key, siblings in groups.items()]
    return replace(picture, nodes=tuple(drawn), edges=tuple(edges))


def _siblings(picture: Picture) -> dict[Key, list[Edge]]:
    """The relations to leaves, by owner, style, stance, status and schema-free likeness."""
    owning = {edge.source for edge in picture.edges}
    entering = Counter(edge.target for edge in picture.edges)
    nodes = {node.id: node for node in picture.nodes}
    siblings: dict[Key, list[Edge]] = defaultdict(list)
    for edge in picture.edges:
        node = nodes[edge.target]
        alone = entering[node.id] == 1 and node.id not in owning
        if alone and not edge.highlighted and node.status not in {"target", "unknown"}:
            key = (edge.source, edge.style, edge.stance, node.status, edge.kind)
            siblings[key].append(edge)
    return siblings


def _fresh_ids(groups: dict[Key, list[Edge]], taken: set[str]) -> dict[Key, str]:
    """An id for each group that no node and no edge of the picture has."""
    ids: dict[Key, str] = {}
    for key in groups:
        name = "group:" + ":".join(key)
        while name in taken:
            name += "+"
        taken.add(name)
        ids[key] = name
    return ids


def _box(box_id: str, members: Sequence[Node]) -> Node:
    """One node for many, with their names in its note."""
    count = sum(node.members for node in members)
    schemata = {node.schema for node in members}
    plural = _PLURALS.get(members[0].schema, "entities") if len(schemata) == 1 else "entities"
    countries = {node.country for node in members}
    names = ", ".join(node.name for node in members[:_NAMED])
    more = f" and {count - _NAMED} more" if count > _NAMED else ""
    return Node(
        id=box_id,
        name=f"{count} {plural}",
        schema="Group",
        country=countries.pop() if len(countries) == 1 else "",
        status=members[0].status,
        note=names + more,
        members=count,
    )


def _relation(box_id: str, siblings: Sequence[Edge]) -> Edge:
    """One relation for many: their common label, or the range of their shares."""
    return Edge(
        id=f"{box_id}:relation",
        source=siblings[0].source,
        target=box_id,
        style=siblings[0].style,
        label=_common_label(siblings),
        share=_hull(siblings),
        kind=siblings[0].kind,
        stance=siblings[0].stance,
        members=sum(edge.members for edge in siblings),
        date=_range(sorted({edge.date for edge in siblings if edge.date})),
    )


def _hull(siblings: Sequence[Edge]) -> tuple[int, int] | None:
    """The smallest interval that holds all shares; None when one is missing."""
    shares = [edge.share for edge in siblings if edge.share is not None]
    if len(shares) < len(siblings):
        return None
    return min(low for low, _ in shares), max(high for _, high in shares)


def _common_label(siblings: Sequence[Edge]) -> str:
    """The label that all share, else the range of shares, else "various"."""
    labels = {edge.label for edge in siblings}
    hull = _hull(siblings)
    if len(labels) == 1:
        return siblings[0].label
    return f"{_percent(hull[0])}–{_percent(hull[1])} %" if hull else "various"


def _percent(share: int) -> str:
    """A share in percent, exact, without trailing zeros."""
    whole, rest = divmod(share, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def _range(dates: Sequence[str]) -> str:
    """One date, or the first and the last."""
    return "" if not dates else dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
