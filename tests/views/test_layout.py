"""Whatever the graph: nothing overlaps, and only what closes a cycle runs to the left."""

from __future__ import annotations

from itertools import combinations, pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.views.chart import chart_layout
from spillover.views.layering import Box, Link, Rect, closing_links, longest_path_ranks
from spillover.views.layout import Layout, lay_out
from spillover.views.stacking import spread
from tests.views.pictures import generated


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[Link]]:
    """Up to 14 boxes with any links: rings, self-links, parallels, islands."""
    count = draw(st.integers(1, 14))
    boxes = [Box(f"n{i}", draw(st.integers(60, 200)), draw(st.sampled_from((36, 50, 66))))
             for i in range(count)]  # fmt: skip
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    pairs = draw(st.lists(ends, max_size=30))
    links = [
        Link(f"e{k}", f"n{a}", f"n{b}", draw(st.sampled_from("xy")), draw(st.integers(10, 120)), 40)
        for k, (a, b) in enumerate(pairs)
    ]
    return boxes, links


def overlap(a: Rect, b: Rect) -> bool:
    """Whether two rectangles share an area."""
    across = a.x < b.x + b.width and b.x < a.x + a.width
    return across and a.y < b.y + b.height and b.y < a.y + a.height


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_invariants(graph: tuple[list[Box], list[Link]]) -> None:
    boxes, links = graph
    layout = lay_out(boxes, links)
    assert len(layout.boxes) == len(boxes)
    assert [route.id for route in layout.routes] == [link.id for link in links]
    assert lay_out(boxes, links) == layout
    nothing_overlaps(layout)
    lines_join_their_boxes(layout, boxes, links)
    only_cycles_return(layout, links)


def nothing_overlaps(layout: Layout) -> None:
    rects = [*layout.boxes, *(route.label for route in layout.routes)]
    assert not [(a, b) for a, b in combinations(rects, 2) if overlap(a, b)]
    for rect in rects:
        assert rect.x >= 0
        assert rect.y >= 0
        assert rect.x + rect.width <= layout.width
        assert rect.y + rect.height <= layout.height


def lines_join_their_boxes(layout: Layout, boxes: list[Box], links: list[Link]) -> None:
    place = {box.id: rect for box, rect in zip(boxes, layout.boxes, strict=True)}
    for link, route in zip(links, layout.routes, strict=True):
        source, target = place[link.source], place[link.target]
        first, last = route.points[0], route.points[-1]
        assert first[0] == source.x + source.width
        assert source.y < first[1] < source.y + source.height
        assert last[0] == target.x
        assert target.y < last[1] < target.y + target.height
        for (x1, y1), (x2, y2) in pairwise(route.points):
            assert (x1 == x2) != (y1 == y2), "at right angles, and no step of length zero"
            segment = Rect(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))
            assert not any(overlap(segment, box) for box in layout.boxes)


def only_cycles_return(layout: Layout, links: list[Link]) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph([(link.source, link.target) for link in links])
    ring = {n: i for i, part in enumerate(nx.strongly_connected_components(graph)) for n in part}
    for link, route in zip(links, layout.routes, strict=True):
        if ring[link.source] != ring[link.target]:
            assert not route.cyclic
        if not route.cyclic:
            assert all(x1 <= x2 for (x1, _), (x2, _) in pairwise(route.points))


@given(graphs())
def test_without_the_marked_links_there_is_no_cycle(graph: tuple[list[Box], list[Link]]) -> None:
    boxes, links = graph
    ends = [(int(link.source[1:]), int(link.target[1:])) for link in links]
    kept = [
        pair
        for pair, closes in zip(ends, closing_links(len(boxes), ends), strict=True)
        if not closes
    ]
    assert nx.is_directed_acyclic_graph(nx.DiGraph(kept))
    ranks = longest_path_ranks(len(boxes), kept)
    assert all(ranks[a] < ranks[b] for a, b in kept)


def test_a_lone_owner_stands_next_to_what_it_owns() -> None:
    """0 -> 1 -> 2 -> 3 and 4 -> 3: box 4 is in column 2, not in column 0."""
    assert longest_path_ranks(5, [(0, 1), (1, 2), (2, 3), (4, 3)]) == [0, 1, 2, 3, 2]


def test_a_chain_is_one_straight_line() -> None:
    boxes = [Box(name, 100, 50) for name in "abc"]
    layout = lay_out(boxes, [Link("1", "a", "b", "", 40), Link("2", "b", "c", "", 40)])
    assert [len(route.points) for route in layout.routes] == [2, 2]


def test_spread_is_the_least_squares_answer() -> None:
    """Wishes 0, 0 with a gap of 10: five to either side. Far wishes stay where they are."""
    assert spread([0, 0], [10], [1, 1]) == [-5, 5]
    assert spread([0, 100], [10], [1, 1]) == [0, 100]
    assert spread([0, 0], [9], [2, 1]) == [-3, 6]
    assert spread([], [], []) == []


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_and_one(count: int) -> None:
    layout = lay_out([Box("a", 100, 50)][:count], [])
    assert len(layout.boxes) == count


@pytest.mark.parametrize("seed", range(8))
def test_lines_of_different_owners_never_lie_on_each_other(seed: int) -> None:
    picture = generated(45, 60, seed)
    layout = chart_layout(picture)
    lines = [
        (edge.source, edge.style, x1 == x2, *((x1, y1, y2) if x1 == x2 else (y1, x1, x2)))
        for edge, route in zip(picture.edges, layout.routes, strict=True)
        for (x1, y1), (x2, y2) in pairwise(route.points)
    ]
    for a, b in combinations(lines, 2):
        if a[:2] != b[:2] and a[2] == b[2] and abs(a[3] - b[3]) < 3:
            assert max(a[4:]) <= min(b[4:]) or max(b[4:]) <= min(a[4:])


def test_a_long_chain_needs_no_recursion() -> None:
    boxes = [Box(str(i), 60, 36) for i in range(3000)]
    links = [Link(str(i), str(i), str(i + 1), "", 20) for i in range(2999)]
    assert len(lay_out(boxes, links).routes) == 2999
