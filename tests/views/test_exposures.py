"""Do table, JSON, CSV and page of exposure paths say what limits them and what is denied."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from typing import Any

from spillover.queries.conditions import conditions
from spillover.queries.exposure import exposure
from spillover.views.grid import csv_text
from spillover.views.output import View, exposure_view
from spillover.views.page import render_page
from spillover.views.plain import json_text
from tests.graphs import opened

DAY = "2024-06-30"
GRAPH = """
    T > A 60
    A SUPPLIES B 40 basis=supply
    A SUPPLIES B 40 basis=supply denies
    O STATE_TIE A denies observed=2023-02-24
    T > C 5
"""


def view(*targets: str, **asked: Any) -> View:
    with opened(GRAPH) as graph:
        return exposure_view(exposure(graph, targets, conditions(DAY), **asked))


def rows(shown: View) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(shown.grids()[0]))))


def data(shown: View) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(json_text(shown.plain()))
    return said


def test_a_row_tells_strength_total_path_and_what_is_denied() -> None:
    first, second, third = rows(view("T"))
    assert (first["Entity"], first["Strength"], first["Over all paths"]) == ("A", "60 %", "≈ 60 %")
    assert first["Path"].split("; ") == [
        "T —ownership 60 %→ A",
        "O → A: DENIED: state tie (2023-02-24)",
        "A → B: DENIED: supplies 40 % (undated)",
    ]
    assert (second["Entity"], second["Strength"]) == ("C", "5 %")
    assert (third["Entity"], third["Strength"]) == ("B", "0–24 %")
    assert "—supply up to 40 % (denied)→ B" in third["Path"]
    words = [row[0].text for row in view("T").grids()[1].rows]
    assert "A → B: DENIED: supplies 40 %" in words
    assert "O → A: DENIED: state tie" in words


def test_json_tells_the_terms_and_the_denials() -> None:
    said = data(view("T", min_strength=Fraction(1, 10), max_hops=2, countries=[], top=1))
    assert (said["min_strength"], said["max_hops"], said["left_out"]) == ("10", 2, 1)
    assert (said["backward"], said["subjects"], said["to"]) == (False, [], None)
    (path,) = said["paths"]
    assert path["total"] == {"low": "60", "high": "60"}
    denials = [(denial["kind"], denial["stance"]) for denial in path["denials"]]
    assert denials == [("STATE_TIE", "denies"), ("SUPPLIES", "denies")]
    assert data(view("T", to=["B"]))["to"]["id"] == "B"
    assert data(view("T", to=["B", "C"]))["to"] is None


def test_a_search_that_is_cut_short_says_so_everywhere() -> None:
    cut = view("T", limit=1)
    words = "the search was cut short: a missing path has a strength of at most 24 %"
    assert words in cut.grids()[0].note
    assert data(cut)["missing_at_most"] == "24"
    page = render_page(cut.page())
    assert "SEARCH CUT SHORT" in page
    assert "of a strength of at most 24 %" in page
    assert rows(cut)[0]["Over all paths"] == ""


def test_page_and_table_say_what_the_answer_is_limited_to() -> None:
    limited = view("T", channels=["ownership"], kinds=["OWNS"], max_hops=3, countries=["cn"])
    words = (
        "channels followed: ownership; relations followed: owns; only paths of at most 3 hops;"
        " only entities of CN"
    )
    assert words in limited.grids()[0].note
    page = render_page(limited.page())
    assert f"Limited to: {words}." in page
    assert "No path leads from the targets to anybody." in page


def test_backward_and_between_have_their_own_words() -> None:
    backward = view("B", backward=True)
    assert backward.grids()[0].title == f"What hits B as of {DAY}"
    assert [row["Entity"] for row in rows(backward)] == ["A", "T"]
    assert "2 entities hit B" in render_page(backward.page())
    between = view("T", to=["B"], diverse=True)
    assert between.grids()[0].title == f"Exposure of B as of {DAY} to T"
    assert "no variants of stronger paths" in between.grids()[0].note
    assert "1 path from T to B" in render_page(between.page())
    assert "Nobody hits T" in render_page(view("T", backward=True, channels=["supply"]).page())
