"""A picture that could not be drawn truthfully is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from spillover.views.picture import WHOLE, Edge, Node, Picture, Strip, subject_of
from tests.views.pictures import small_picture

A, B = Node("a", "A", "Company"), Node("b", "B", "Company", status="target")
AB = Edge("ab", "a", "b", "owns", "51 %")


@pytest.mark.parametrize(
    ("nodes", "edges", "hidden", "message"),
    [
        ((A, A), (), 0, "two nodes"),
        ((A, B), (AB, AB), 0, "two edges"),
        ((A,), (AB,), 0, "ends at no node"),
        ((A,), (), -1, "below zero"),
        ((Node("a", "A", "Company", status="sanctioned"),), (), 0, "status"),  # type: ignore[arg-type] # the fault under test
        ((A, B), (Edge("ab", "a", "b", "dashed", "x"),), 0, "style"),  # type: ignore[arg-type] # the fault under test
        ((A, B), (Edge("ab", "a", "b", "owns", "x", (0, WHOLE + 1)),), 0, "share"),
        ((A, B), (Edge("ab", "a", "b", "owns", "x", (5, 4)),), 0, "share"),
    ],
)
def test_refused(
    nodes: tuple[Node, ...], edges: tuple[Edge, ...], hidden: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Picture("t", nodes, edges, hidden)


def test_a_path_has_no_gap() -> None:
    Strip("t", (B, A), (AB,))  # a path may climb from a company to its owner
    with pytest.raises(ValueError, match="one edge less"):
        Strip("t", (A, B), ())
    with pytest.raises(ValueError, match="does not join"):
        Strip("t", (A, B, Node("c", "C", "Company")), (AB, Edge("x", "a", "b", "owns", "1 %")))


def test_a_label_is_never_blank_and_a_denial_says_so() -> None:
    assert Edge("e", "a", "b", "owns", "  ").text == "unknown"
    assert Edge("e", "a", "b", "owns", "51 %", stance="denies").text == "denied: 51 %"


def test_the_subject_is_the_target_else_the_first() -> None:
    assert subject_of(small_picture()) == "target"
    assert subject_of(Picture("t", (A,), ())) == "a"
    assert subject_of(Picture("t", (), ())) == ""


def test_types_and_texts_load_without_the_drawing_libraries() -> None:
    code = (
        "import sys, spillover.views.picture, spillover.views.text, spillover.views.page;"
        "sys.exit(bool({'pyvis', 'jinja2', 'networkx', 'IPython'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
