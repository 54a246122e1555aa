"""Pictures of amounts: what is drawn is what was said, to scale, and safe."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.views.amounts import bars as bars_svg
from spillover.views.amounts import matrix as matrix_svg
from spillover.views.amounts import sankey as sankey_svg
from spillover.views.amounts import shifts as shifts_svg
from spillover.views.amounts.figures import (
    Bar,
    Bars,
    Figure,
    Flow,
    Knot,
    Matrix,
    Sankey,
    Shift,
    Span,
    Square,
)
from spillover.views.amounts.frame import axis
from spillover.views.amounts.sankey_layout import place
from spillover.views.amounts.svg import figure_svg
from tests.views.amounts import (
    bars,
    crowded_sankey,
    every_figure,
    hostile_figures,
    matrix,
    sankey,
    shifts,
)

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "g", "rect", "path", "text", "title", "desc"}


def read(figure: Figure) -> ET.Element:
    return ET.fromstring(figure_svg(figure))  # noqa: S314 - our own text


def texts(figure: Figure) -> list[str]:
    return [node.text or "" for node in read(figure).iter(f"{SVG}text")]


def groups(figure: Figure, name: str) -> list[ET.Element]:
    return [node for node in read(figure).iter(f"{SVG}g") if node.get("class") == name]


def numbers(node: ET.Element, *names: str) -> list[float]:
    return [float(node.get(name, "nan")) for name in names]


@pytest.mark.parametrize("figure", [*every_figure(), *hostile_figures(), crowded_sankey()])
def test_a_picture_is_plain_safe_readable_svg(figure: Figure) -> None:
    drawn = figure_svg(figure)
    root = ET.fromstring(drawn)  # noqa: S314 - our own text
    assert figure_svg(figure) == drawn
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= ALLOWED
    for node in root.iter():
        assert not [key for key in node.attrib if key.startswith("on") or key in {"style", "id"}]
        if node.tag == f"{SVG}text":
            assert float(node.get("font-size", 0)) >= 9
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    assert "\u202e" not in drawn


def test_a_bar_is_solid_to_the_least_and_pale_to_the_greatest() -> None:
    """20 to 45.5 % of an axis that ends at 100: 0.2 and 0.455 of its length."""
    exact, ranged, unknown, nothing = groups(bars(), "bar")
    (whole,) = exact.iter(f"{SVG}rect")
    left, length = numbers(whole, "x", "width")
    pale, solid = ranged.iter(f"{SVG}rect")
    assert numbers(pale, "x", "width") == [left, pytest.approx(length * 0.455, abs=0.1)]
    assert numbers(solid, "x", "width") == [left, pytest.approx(length * 0.2, abs=0.1)]
    marks = [path.get("d") or "" for path in ranged.iter(f"{SVG}path")]
    at = float(re.match(r"M([\d.]+) ", marks[-1])[1])  # type: ignore[index] # it begins so
    assert at == pytest.approx(left + length * 0.3, abs=0.1)
    (open_bar,) = unknown.iter(f"{SVG}rect")
    assert numbers(open_bar, "x", "width") == [left, length]
    assert open_bar.get("stroke-dasharray")
    (line,) = nothing.iter(f"{SVG}rect")
    assert numbers(line, "x", "width") == [left, 2]


def test_a_legend_lists_what_is_there_and_nothing_else() -> None:
    assert {"at least", "at most", "unknown: anything on the scale", "middle estimate"} <= {
        *texts(bars())
    }
    exact = Bars("t", "%", (Bar("a", Span(5, 5), "5"),))
    assert texts(exact)[-1] == "amount"
    assert "at most" not in texts(exact)
    assert not {"unknown: anything on the scale", "middle estimate"} & {*texts(exact)}
    assert "unknown" not in texts(replace(matrix(), cells=((Square("1", 1),) * 3,) * 2))
    assert "nothing" not in texts(Sankey("t", "%", (Knot("a", "A"),), ()))


def test_hidden_rows_are_counted_the_capped_ones_too() -> None:
    many = tuple(Bar(f"b{n}", Span(n, n), str(n)) for n in range(bars_svg.MOST + 5))
    assert "+8 more bars not drawn" in texts(replace(bars(), bars=many))
    rows = tuple(Shift(str(n), Span(1, 1), Span(2, 2), "") for n in range(shifts_svg.MOST + 2))
    assert "+3 more rows not drawn" in texts(replace(shifts(), rows=rows))
    knots = tuple(Knot(str(n), str(n)) for n in range(sankey_svg.MOST + 1))
    assert "+3 more boxes not drawn" in texts(replace(sankey(), knots=knots, flows=()))
    wide, tall = matrix_svg.MOST_COLUMNS + 2, matrix_svg.MOST_ROWS + 3
    line = (Square("1", 1),) * wide
    large = Matrix("t", ("r",) * tall, ("c",) * wide, (line,) * tall)
    assert "+5 more rows and columns not drawn" in texts(large)


def test_amounts_before_and_after_share_one_axis() -> None:
    """6,800 of 10,000 before, 10,000 after."""
    first, _ = groups(shifts(), "shift")
    before, after = first.iter(f"{SVG}rect")
    assert float(before.get("width", 0)) == pytest.approx(
        0.68 * float(after.get("width", 0)), abs=0.2
    )
    assert {"before", "after", "10,000"} <= {*texts(shifts())}


def test_an_amount_beyond_the_axis_ends_in_a_point() -> None:
    def points(span: Span) -> int:
        (bar,) = groups(Bars("t", "%", (Bar("a", span, ""),), top=100), "bar")
        return len([*bar.iter(f"{SVG}path")])

    assert (points(Span(50, math.inf)), points(Span(50, 100))) == (1, 0)


def test_what_cannot_be_drawn_is_refused() -> None:
    for low, high in ((math.nan, 1.0), (2.0, 1.0)):
        with pytest.raises(ValueError, match="is no amount"):
            Span(low, high)
    with pytest.raises(ValueError, match="ends at no node"):
        Sankey("t", "", (Knot("a", "A"),), (Flow("a", "b", Span(1, 1), ""),))
    with pytest.raises(ValueError, match="two nodes have one id"):
        Sankey("t", "", (Knot("a", "A"), Knot("a", "B")), ())
    with pytest.raises(ValueError, match="not a cell for every row"):
        Matrix("t", ("r",), ("c", "d"), ((Square("", 0),),))


@given(st.floats(1e-6, 1e9), st.booleans())
@settings(max_examples=200)
def test_an_axis_has_few_round_marks_and_holds_the_amount(amount: float, fixed: bool) -> None:
    made = axis([Span(0, amount)], amount if fixed else None, 10, 500)
    assert 2 <= len(made.marks) <= 8
    assert made.top >= amount * (1 - 1e-9)
    assert made.top <= (amount if fixed else 2 * amount) * (1 + 1e-9)
    assert all(10 <= made.at(mark) <= 510 for mark in made.marks)


# -- flows ---------------------------------------------------------------------------------------


def test_a_band_is_as_wide_as_its_greatest_with_a_core_as_wide_as_its_least() -> None:
    figure = sankey()
    placed = place(figure.knots, figure.flows, lambda _: 40)
    by_way = {(band.flow.source, band.flow.target): band for band in placed.bands}
    whole, ranged, thin = (by_way[way] for way in (("a", "b"), ("a", "c"), ("a", "d")))
    assert whole.core / whole.width == pytest.approx(0.815, abs=0.01)
    assert ranged.width / whole.width == pytest.approx(0.4, abs=0.01)
    assert (ranged.core, thin.width) == (0, thin.core)


def test_flows_that_close_a_circle_are_listed_under_the_picture() -> None:
    said = " ".join(texts(sankey()))
    assert "Closes a circle, not drawn: Logic chips → Lithography tools (5 %)." in said
    assert len(groups(sankey(), "flow")) == 5
    alone = Sankey("t", "%", (Knot("a", "A"),), (Flow("a", "a", Span(1, 1), "1 %"),))
    assert "Closes a circle, not drawn: A → A (1 %)." in " ".join(texts(alone))


Drawn = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 100), st.integers(0, 100)),
    max_size=30,
)


@given(Drawn)
@settings(max_examples=150, deadline=None)
def test_every_flow_goes_right_and_no_box_covers_another(drawn: list[tuple[int, ...]]) -> None:
    knots = tuple(Knot(str(n), f"Node {n}") for n in range(12))
    flows = tuple(
        Flow(str(source), str(target), Span(min(pair), max(pair)), "")
        for source, target, *pair in drawn
    )
    placed = place(knots, flows, lambda _: 40)
    assert len(placed.bands) + len(placed.circles) == len(flows)
    assert not [flow for flow in placed.circles if _no_circle(flow, flows)]
    for band in placed.bands:
        assert placed.spots[band.flow.source].x < placed.spots[band.flow.target].x
        assert [x for x, _ in band.course] == sorted(x for x, _ in band.course)
    spots = sorted(placed.spots.values())
    for one, other in pairwise(spots):
        assert one.x != other.x or one.y + one.height <= other.y
        assert one.y >= 0
        assert one.y + one.height <= placed.size[1]


def _no_circle(flow: Flow, flows: tuple[Flow, ...]) -> bool:
    """Whether networkx finds no way back, so that the flow closes no circle."""
    import networkx as nx

    graph = nx.DiGraph([(item.source, item.target) for item in flows])
    return not nx.has_path(graph, flow.target, flow.source)


# -- the matrix ----------------------------------------------------------------------------------


def test_a_cell_is_as_dark_as_its_amount_and_unknown_is_hatched() -> None:
    cells = groups(matrix(), "cell")
    fills = [str(next(cell.iter(f"{SVG}rect")).get("fill")) for cell in cells]
    assert fills[0] == "#083e74"
    assert [cell.find(f"{SVG}path") is not None for cell in cells] == [False, True, False, False]
    assert len(cells) == 4  # two of six are empty
    brightness = [sum(int(fill[at : at + 2], 16) for at in (1, 3, 5)) for fill in fills]
    assert brightness[0] < brightness[2] < brightness[3]


@given(st.floats(0, 1))
def test_texts_stand_out_from_every_shade(amount: float) -> None:
    """WCAG 2.2 asks for 4.5 to 1."""
    ground, ink = matrix_svg._colours(amount)
    assert matrix_svg._contrast(ground, ink) >= 4.5
