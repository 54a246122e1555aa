"""Do table, JSON, CSV and page about a coalition say the same, and nothing that is not escaped?"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from spillover.graph.schema import Entity
from spillover.queries.coalitions.coalition import coalition
from spillover.queries.coalitions.coalition_answer import Coalition
from spillover.queries.coalitions.regimes import regimes
from spillover.queries.conditions import conditions
from spillover.views.coalitions import grid as coalition_grid
from spillover.views.coalitions.figures import bars, matrix, shifts
from spillover.views.coalitions.output import coalition_view, regimes_view
from spillover.views.grid import Grid, csv_text
from spillover.views.output import View
from spillover.views.page import render_page
from spillover.views.plain import json_text
from tests.graphs import opened, relations
from tests.queries.asking import Items

CLAIMS = """
light INPUT_TO chips
nl PRODUCES light 80 basis=market scope=country
jp PRODUCES light 15 basis=market scope=country
kr PRODUCES light scope=country
Lens PRODUCES light 80 basis=market scope=firm
Lens SUPPLIES cn 29 basis=sales observed=2023 publisher=Ledger
nl MEMBER_STATE pact start=2023 publisher=Gazette
"""


def items(lens: str = "Lens", claims: str = CLAIMS) -> Items:
    return [
        Entity("chips", "Product", "Chips"),
        Entity("light", "Product", "Light sources"),
        *(Entity(c, "Country", n, countries=(c,)) for c, n in COUNTRIES.items()),
        Entity("pact", "Regime", "The Pact"),
        Entity("Lens", "Company", lens, countries=("nl",)),
        *relations(claims),
    ]


COUNTRIES = {"nl": "Netherlands", "jp": "Japan", "kr": "Korea", "cn": "China"}


def answered(lens: str = "Lens", product: str = "chips", **asked: Any) -> Coalition:
    with opened(items(lens)) as graph:
        return coalition(graph, product, conditions("2024-06-30"), **asked)


def view(lens: str = "Lens", **asked: Any) -> View:
    return coalition_view(answered(lens, **asked))


def rows(shown: View) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text((shown.csv or (lambda: shown.grids()[0]))()))))


def data(shown: View) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(json_text(shown.plain()))
    return said


def titles(grids: tuple[Grid, ...]) -> list[str]:
    return [found.title for found in grids]


def test_one_row_says_who_covers_what() -> None:
    (row,) = rows(view(members=["nl", "kr"]))
    assert row["Product"] == "Light sources"
    assert row["Role"] == "essential input"
    assert row["Covered"] == "80–85 %"  # Korea: not stated, so 0 to 100 - 80 - 15
    assert row["Covers 80 %"] == "yes"
    assert row["Members"] == "Netherlands (NL) 80 %; Korea (KR): share not stated"
    assert row["Others"] == "Japan (JP) 15 %"
    assert row["Smallest to cover it"] == "Netherlands"
    assert row["Count"] == "by country; stated 95 %"


def test_the_tables_that_are_shown() -> None:
    assert titles(view(members=["nl"], regimes=["The Pact"], against="cn").grids()) == [
        "Chips against China (CN): covered by The Pact as of 2024-06-30",
        "Smallest coalitions that cover 80 %",
        "If a member leaves",
        "Who is pivotal when 80 % is to be covered",
        "Firms of members that make it",
        "Sales to China (CN) at risk",
        "Who is a member, by whose word",
        "Sources of the shares",
    ]
    assert len(titles(view().grids())) == 3  # without members: the chain, the smallest, the sources


def test_the_note_says_how_far_the_product_is_denied() -> None:
    note = view(members=["nl"]).grids()[0].note
    assert (
        "Chips denied with all that it is made with: at least 80 %"
        " (80 % as far as makers are known)" in note
    )
    assert "at least through Chips ← Light sources" in note
    itself = coalition_view(answered(product="light", members=["nl"])).grids()[0].note
    assert "through" not in itself
    assert "nobody says who makes Chips" in note


def test_who_is_left_out_is_said() -> None:
    note = view(regimes=["The Pact"], against="nl").grids()[0].note
    assert "Netherlands (NL) is a member, and is left out of the coalition against it" in note


def test_json_has_exact_numbers_and_claims() -> None:
    said = data(view(members=["nl"], against="cn", regimes=["The Pact"]))
    assert said["question"] == "coalition"
    assert said["denied"] == {"low": "80", "high": "100"}  # nobody says who makes chips
    assert said["denied_by_known_makers"] == {"low": "80", "high": "80"}
    (light,) = said["products"]
    assert light["covered"] == {"low": "80", "high": "80"}
    assert light["countries"][2] == {
        "code": "kr",
        "name": "Korea",
        "share": None,
        "at_most": "5",
    }
    assert light["smallest"]["certain"]["coalitions"] == [["nl"]]
    assert light["power"][0]["shapley_shubik"] == {"low": "1", "high": "1"}
    assert [claim["source"]["id"] for claim in light["evidence"]] == ["nl", "jp", "kr"]
    assert said["sales"][0]["share_of_sales"] == {"low": "29", "high": "29"}
    (member,) = said["regimes"][0]["members"]
    assert member["evidence"][0]["evidence"]["publisher"] == "Gazette"
    assert said["defections"][0]["changes"][0]["after"] == {"low": "0", "high": "0"}
    assert len(said["assumptions"]) == 5


def test_sales_at_risk_are_told_claim_by_claim() -> None:
    grids = {found.title: found for found in view(members=["nl"], against="cn").grids()}
    (row,) = grids["Sales to China (CN) at risk"].rows
    assert [cell.text for cell in row][2:] == ["29 %", "29 (2023, Ledger)", "Light sources"]


def test_long_tables_are_cut_on_a_page_and_whole_in_a_workbook(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(coalition_grid, "SHOWN", 1)
    shown = view(members=["nl"])
    cut = next(found for found in shown.grids() if found.title.startswith("Who is pivotal"))
    assert (len(cut.rows), cut.note) == (1, "2 more rows, in the JSON, CSV or workbook")
    assert shown.sheets is not None
    whole = next(found for found in shown.sheets() if found.title.startswith("Who is pivotal"))
    assert len(whole.rows) == 3


def test_the_pictures_show_what_the_tables_say() -> None:
    found = answered(members=["nl", "kr"])
    (bar,) = bars(found).bars
    assert (bar.span.low, bar.span.high, bar.text) == (80.0, 85.0, "80–85 %")
    squares = matrix(found)
    assert squares.rows == ("Netherlands (member)", "Korea (member)", "Japan")
    assert [row[0].text for row in squares.cells] == ["80 %", "?", "15 %"]
    assert [row[0].amount for row in squares.cells] == [0.8, None, 0.15]
    before = shifts(found)
    assert before is not None
    assert before.title == "If Netherlands (NL) leaves"
    assert [row.text for row in before.rows] == ["80–85 % → up to 5 %"] * 2
    assert shifts(answered()) is None


def test_the_page_says_it_in_its_headline() -> None:
    page = view(members=["nl"]).page()
    assert page.headline == "Chips: at least 80 % denied by NL"
    assert view().page().headline == "Netherlands could deny Chips to 80 %"
    assert view(cover="90").page().headline == "Japan + Netherlands could deny Chips to 90 %"
    unheard = view(cover="96").page().headline
    assert unheard == "No coalition is known to deny Chips to 96 %"


def test_names_are_escaped_on_the_page() -> None:
    text = render_page(view("<script>alert(1)</script>", members=["nl"], against="cn").page())
    assert "<script>alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_the_same_answer_gives_the_same_bytes() -> None:
    pages = {render_page(view(members=["nl", "jp"], against="cn").page()) for _ in range(2)}
    assert len(pages) == 1


def test_regimes_are_listed_with_their_members_and_sources() -> None:
    with opened(items()) as graph:
        shown = regimes_view(regimes(graph, conditions("2024-06-30")), members=True)
        listed, members = shown.grids()
        assert [cell.text for cell in listed.rows[0]][:5] == ["The Pact", "pact", "1", "1", "NL"]
        assert members.rows[0][6].text == "Gazette"
        assert "The Pact" in render_page(shown.page())
        assert data(shown)["regimes"][0]["members"][0]["country"]["id"] == "nl"
        assert (
            len(regimes_view(regimes(graph, conditions("2022-06-30")), members=False).grids()) == 1
        )
