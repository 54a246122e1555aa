"""The static chart shows everything that the picture holds, and says what it does not show."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.views.chart import chart_svg
from spillover.views.collapse import collapse
from spillover.views.picture import Edge, Node, Picture
from spillover.views.strip import path_strip_svg
from tests.views.pictures import generated, hostile_picture, owns, share, small_picture

SVG = "{http://www.w3.org/2000/svg}"


def groups(svg: str, name: str) -> list[ET.Element]:
    """The groups of a class in a chart."""
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    return [group for group in root.iter(f"{SVG}g") if group.get("class") == name]


def words(svg: str) -> list[str]:
    """All drawn texts."""
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def test_every_node_and_edge_is_drawn_once() -> None:
    picture = small_picture()
    svg = chart_svg(picture)
    assert [g.get("data-id") for g in groups(svg, "node")] == [n.id for n in picture.nodes]
    assert sorted(g.get("data-id", "") for g in groups(svg, "edge")) == list("abcdefgh")


def test_status_is_a_word_and_a_border() -> None:
    """Each status has its own combination of width, dashes and number of outlines."""
    svg = chart_svg(small_picture())
    borders = set()
    for group in groups(svg, "node"):
        outlines = [r for r in group.iter(f"{SVG}rect") if r.get("rx") == "5"]
        first = outlines[0]
        borders.add((len(outlines), first.get("stroke-width"), first.get("stroke-dasharray")))
    assert len(borders) == 7
    for word in ("TARGET", "LISTED", "BLOCKED", "UNDETERMINED", "NOT BLOCKED", "UNKNOWN", "?"):
        assert word in words(svg)


def test_labels_are_never_blank_and_cycles_and_denials_are_marked() -> None:
    svg = chart_svg(small_picture())
    labels = {g.get("data-id"): "".join(t.text or "" for t in g.iter(f"{SVG}text"))
              for g in groups(svg, "edge")}  # fmt: skip
    assert labels == {
        "a": "100 %",
        "b": "97.5 %",
        "c": "25–50 %",
        "d": "unknown",
        "e": "↺ cycle: 0.4 %",
        "f": "supervises",
        "g": "denied: 31 % supply",
        "h": "51 %",
    }
    assert [g.get("data-id") for g in groups(svg, "edge") if g.get("data-cycle")] == ["e"]


def test_the_highlighted_path_is_thick_and_drawn_last() -> None:
    edges = groups(chart_svg(small_picture()), "edge")
    assert [g.get("data-id") for g in edges if g.get("data-highlighted")] == ["b", "c"]
    assert [g.get("data-id") for g in edges][-2:] == ["b", "c"]
    assert all(float(_line(g).get("stroke-width", "")) >= 4.4 for g in edges[-2:])
    assert all(float(_line(g).get("stroke-width", "")) <= 4 for g in edges[:-2])


def _line(group: ET.Element) -> ET.Element:
    """The line of a relation."""
    return next(iter(group.iter(f"{SVG}path")))


def test_width_follows_the_share() -> None:
    nodes = tuple(Node(name, name, "Company") for name in "abcd")
    edges = (owns("1", "a", "b", 1), owns("2", "a", "c", 50), owns("3", "a", "d", 100))
    drawn = groups(chart_svg(Picture("t", nodes, edges)), "edge")
    widths = [float(_line(group).get("stroke-width", "")) for group in drawn]
    assert widths == [1.2, 2.6, 4.0]


def test_legend_lists_what_is_present_with_counts() -> None:
    legend = groups(chart_svg(small_picture()), "legend")[0]
    assert [text.text for text in legend.iter(f"{SVG}text") if text.text != "↺"] == [
        "owns (width: share): 5",
        "controls: 1",
        "indirect or share unknown: 1",
        "other tie: 1",
        "path in question: 2",
        "denied by a source: 1",
        "closes a cycle: 1",
        "TARGET: 1",
        "LISTED: 1",
        "BLOCKED: 1",
        "UNDETERMINED: 1",
        "NOT BLOCKED: 1",
        "UNKNOWN: 1",
        "no status: 1",
    ]


def test_title_caption_and_hidden_count_are_stated() -> None:
    svg = chart_svg(small_picture())
    assert "+1,318 more not drawn" in words(svg)
    assert "As of 2026-11-22. GLEIF." in words(svg)
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Who is hit with Target Group"
    assert "+1,318 more not drawn" in (root.findtext(f"{SVG}desc") or "")
    assert not any("not drawn" in w for w in words(chart_svg(replace(small_picture(), hidden=0))))


def test_long_names_are_cut_and_whole_in_the_tooltip() -> None:
    name = "A very long name of a holding company that nobody can print in a box " * 2
    svg = chart_svg(Picture("t", (Node("a", name, "Company", "CH"),), ()))
    assert any(word.endswith("…") for word in words(svg))
    assert groups(svg, "node")[0].findtext(f"{SVG}title") == f"{name.strip()} · Company · CH"


def test_no_text_is_smaller_than_nine_pixels_and_the_size_is_natural() -> None:
    svg = chart_svg(generated(45, 60))
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', svg)) >= 9
    found = re.match(r'<svg [^>]*width="(\d+)" height="(\d+)" viewBox="0 0 (\d+) (\d+)"', svg)
    assert found is not None
    assert found.groups()[:2] == found.groups()[2:]


def test_hostile_names_stay_text() -> None:
    svg = chart_svg(hostile_picture())
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "g", "rect", "path", "text"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not [
        name for name in names if name.startswith("on") or "href" in name or name == "style"
    ]
    assert "url(" not in svg
    assert "\u202e" not in svg
    assert "\x1b" not in svg
    svg.encode("utf-8")


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert chart_svg(generated(80, 120)) == chart_svg(generated(80, 120))


def test_an_empty_picture_is_still_a_chart() -> None:
    assert words(chart_svg(Picture("Nothing found", (), ()))) == ["Nothing found"]


def fan(count: int) -> Picture:
    """One owner of ``count`` leaves."""
    nodes = [Node("o", "Owner", "Company", status="target")]
    nodes += [Node(f"c{i}", f"C{i}", "Company", "DE", "blocked") for i in range(count)]
    edges = [owns(f"e{i}", "o", f"c{i}", 51 + i) for i in range(count)]
    return Picture("t", tuple(nodes), tuple(edges), hidden=4)


def test_siblings_beyond_the_limit_become_one_box() -> None:
    drawn = collapse(fan(12))
    assert [node.name for node in drawn.nodes] == ["Owner", "12 companies"]
    box, edge = drawn.nodes[1], drawn.edges[0]
    assert (box.status, box.country, box.members) == ("blocked", "DE", 12)
    assert (edge.label, edge.share, edge.members) == ("51–62 %", (share(51)[0], share(62)[0]), 12)
    assert drawn.hidden == 4
    assert "BLOCKED: 12" in words(chart_svg(drawn))
    assert "owns (width: share): 12" in words(chart_svg(drawn))


def test_up_to_the_limit_they_stay() -> None:
    assert collapse(fan(8)) == fan(8)
    assert len(collapse(fan(9)).nodes) == 2


def test_what_differs_or_matters_is_not_collapsed() -> None:
    """Leaf 0 is on the path, 1 owns something, 2 has another owner, 3 is listed: 8 alike stay."""
    picture = fan(12)
    nodes = list(picture.nodes)
    nodes[4] = replace(nodes[4], status="listed")
    edges = [replace(picture.edges[0], highlighted=True), *picture.edges[1:]]
    edges += [owns("x", "c1", "y"), owns("z", "y", "c2")]
    picture = replace(picture, nodes=(*nodes, Node("y", "Y", "Company")), edges=tuple(edges))
    assert collapse(picture) == picture


def test_one_label_one_date_and_mixed_kinds() -> None:
    """Equal shares keep their label; shares that are partly missing become "various"."""
    same = [owns(f"e{i}", "o", f"c{i}", 100) for i in range(9)]
    drawn = collapse(replace(fan(9), edges=tuple(same)))
    assert (drawn.edges[0].label, drawn.edges[0].date) == ("100 %", "2024-12-31")
    mixed = [replace(same[0], label="about half", share=None, date="2023"), *same[1:]]
    nodes = list(fan(9).nodes)
    nodes[1] = replace(nodes[1], schema="Vessel", country="PA")
    drawn = collapse(replace(fan(9), nodes=tuple(nodes), edges=tuple(mixed)))
    assert (drawn.edges[0].label, drawn.edges[0].share) == ("various", None)
    assert drawn.edges[0].date == "2023 to 2024-12-31"
    assert (drawn.nodes[1].name, drawn.nodes[1].country) == ("9 entities", "")


def test_a_box_takes_no_id_that_an_entity_has() -> None:
    """An entity whose own id looks like that of a collapsed box keeps it."""
    taken = collapse(fan(9)).nodes[1].id
    picture = fan(9)
    drawn = collapse(replace(picture, nodes=(*picture.nodes, Node(taken, "Taken", "Company"))))
    assert sorted(node.name for node in drawn.nodes) == ["9 companies", "Owner", "Taken"]


@given(st.integers(0, 30), st.integers(1, 10))
def test_collapsing_keeps_the_counts(count: int, limit: int) -> None:
    drawn = collapse(fan(count), limit)
    assert sum(node.members for node in drawn.nodes) == count + 1
    assert sum(edge.members for edge in drawn.edges) == count


def path() -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """target => holding => plant <- fund: the last hop climbs from company to owner."""
    nodes = {node.id: node for node in small_picture().nodes}
    edges = {edge.id: edge for edge in small_picture().edges}
    climb = owns("z", "fund", "plant", 30)
    return (
        (nodes["target"], nodes["holding"], nodes["plant"], nodes["fund"]),
        (edges["b"], edges["c"], climb),
    )


def test_a_strip_shows_each_hop_in_order() -> None:
    svg = path_strip_svg(*path(), caption="Strength 25–50 %")
    assert [g.get("data-id") for g in groups(svg, "node")] == ["target", "holding", "plant", "fund"]
    assert [g.get("data-id") for g in groups(svg, "edge")] == ["b", "c", "z"]
    assert {"97.5 %", "25–50 %", "30 %", "2024-12-31 · high", "Strength 25–50 %"} <= set(words(svg))


@pytest.mark.parametrize("width", [300, 700, 1260])
def test_a_long_strip_wraps_within_its_width(width: int) -> None:
    svg = path_strip_svg(*path(), width=width)
    root = ET.fromstring(svg)  # noqa: S314 - our own output
    assert int(root.get("width", "0")) <= width
    tops = {r.get("y") for g in groups(svg, "node") for r in list(g.iter(f"{SVG}rect"))[:1]}
    assert len(tops) == {300: 4, 700: 2, 1260: 1}[width]
