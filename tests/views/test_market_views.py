"""Do table, JSON, CSV and page of markets and of collateral losses say the same?"""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from spillover.graph.schema import Entity, Relation
from spillover.graph.stake import UNITS_PER_PERCENT
from spillover.queries.conditions import conditions
from spillover.queries.markets.collateral import collateral
from spillover.queries.markets.concentration import Points
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market_question import market
from spillover.queries.markets.parts import Growth
from spillover.views.amounts.figures import Bars, Matrix, Sankey, Shifts
from spillover.views.collateral.output import collateral_view
from spillover.views.grid import Grid, csv_text
from spillover.views.markets import words as market_words
from spillover.views.markets.output import market_view
from spillover.views.output import View
from spillover.views.page import render_page
from spillover.views.plain import json_text
from tests.graphs import opened, relations

DAY = conditions("2024-06-30")
GRAPH: Final[list[Entity | Relation]] = [
    *(Entity(name, "Product", name) for name in ("Lens", "Prism", "Scanner", "Chip")),
    Entity("T", "Company", "T", countries=("de",)),
    Entity("Rival", "Company", "Rival", countries=("jp",)),
    Entity("Fab", "Company", "Fab", countries=("tw",)),
    Entity("TW", "Country", "Taiwan", countries=("tw",)),
    *relations(
        """
        T PRODUCES Lens 40.0 basis=market observed=2023 record=row-7
        Rival PRODUCES Lens 50 basis=market
        T PRODUCES Prism 100 basis=market
        T PRODUCES Scanner
        Fab PRODUCES Chip 90 basis=market
        TW PRODUCES Chip 92 basis=market
        Prism KIND_OF Scanner
        Lens INPUT_TO Scanner
        Scanner INPUT_TO Chip
        """
    ),
]


def of_collateral(*targets: str, top: int | None = None, **asked: Any) -> View:
    with opened(GRAPH) as graph:
        return collateral_view(collateral(graph, targets, DAY, **asked), top)


def of_market(*products: str, **asked: Any) -> View:
    with opened(GRAPH) as graph:
        return market_view(market(graph, products, DAY, **asked))


def rows(grid: Grid) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(grid))))


def data(view: View) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(json_text(view.plain()))
    return said


def in_csv(view: View) -> list[dict[str, str]]:
    assert view.csv is not None
    return rows(view.csv())


def test_what_is_at_risk_is_a_row() -> None:
    """T makes all prisms, which are a kind of scanner, 40 % of lenses, and some scanners."""
    said = rows(of_collateral("T").grids()[0])
    assert [(row["Product"], row["Lost"], row["At risk"]) for row in said] == [
        ("Prism", "100 %", "100 %"),
        ("Scanner", "0–100 %", "40–100 %"),
        ("Chip", "none", "40–100 %"),
        ("Lens", "40 %", "40 %"),
    ]
    assert said[2]["At least through"] == "Lens → Scanner → Chip"
    assert said[2]["At most through"] == "Scanner → Chip"
    assert (said[0]["At least through"], said[0]["At most through"]) == (
        "its own producers",
        "the same",
    )


def test_the_bounds_are_numbers_in_the_csv() -> None:
    chip = in_csv(of_collateral("T", top=1))[2]  # all rows, whatever a table shows
    assert (chip["Id"], chip["Lost, least %"]) == ("Chip", "")
    assert (chip["At risk, least %"], chip["At risk, most %"]) == ("40", "100")


def test_markets_that_lose_producers() -> None:
    said = {row["Product"]: row for row in rows(of_collateral("T").grids()[1])}
    assert said["Lens"]["Falls"] == "T (40 %)"
    assert said["Lens"]["Largest substitutes, growth if alone"] == "Rival (50 %): 80 %"
    assert said["Lens"]["Growth of all who remain"] == "66.7 %"  # 40 of 60, rounded up
    assert said["Prism"]["HHI after"] == "nobody remains"
    assert said["Scanner"]["Falls"] == "T (not stated)"


def test_a_table_tells_what_it_leaves_out() -> None:
    first = of_collateral("T", top=1).grids()[0]
    assert len(first.rows) == 1
    assert "3 more products at risk are in the JSON and in the workbook" in first.note


def test_the_claims_of_those_who_fall_come_first() -> None:
    sources = of_collateral("T").grids()[-1]
    assert [row[0].text.split(" → ")[0] for row in sources.rows][:3] == ["T", "T", "T"]
    assert len(sources.rows) == len(data(of_collateral("T"))["claims"])
    assert "record row-7" in [row[-1].text for row in sources.rows]


def test_the_workbook_has_everything() -> None:
    view = of_collateral("T", top=1)
    assert view.sheets is not None
    assert [len(sheet.rows) for sheet in view.sheets()[:2]] == [4, 3]


def test_who_is_downstream_is_told_by_country() -> None:
    (row,) = (row for row in rows(of_collateral("T").grids()[2]) if row["Product"] == "Chip")
    assert (row["Country"], row["Share of the country"]) == ("TW", "92 %")
    assert row["Its firms that remain"] == "Fab (90 %)"


def test_the_assumptions_are_printed_with_the_answer() -> None:
    titles = [grid.title for grid in of_collateral("T").grids()]
    assert "What this supposes" in titles
    said = data(of_collateral("T"))["assumptions"]
    assert said[1].startswith("With those who are named falls whom they block under us-ofac-50")
    assert data(of_collateral("T", rule=""))["assumptions"][1].startswith("Only those who are")


def test_json_names_the_claims_of_every_number() -> None:
    said = data(of_collateral("T"))
    claims = {claim["relation"]: claim for claim in said["claims"]}
    lens = next(loss for loss in said["markets"] if loss["product"]["id"] == "Lens")
    (fallen,) = lens["fallen"]
    (number,) = fallen["claims"]
    assert claims[number]["evidence"]["record"] == "row-7"
    assert claims[number]["share_text"] == fallen["share_text"][0] == "40.0"
    assert lens["lost"] == {"low": "40", "high": "40"}
    assert lens["hhi_before"] == {"low": "4100", "high": "4200"}
    assert lens["growth_of_all"] == {"low": "66.666666", "high": "66.666667"}
    chip = next(risk for risk in said["at_risk"] if risk["product"]["id"] == "Chip")
    assert [link["source"]["id"] for link in chip["at_least_through"]] == ["Lens", "Scanner"]
    assert said["sampled"] is None


def test_a_sample_stands_beside_the_bounds() -> None:
    view = of_collateral("T", draws=100)
    assert data(view)["sampled"]["draws"] == 100
    assert any("likely within the certain bounds" in grid.title for grid in view.grids())
    assert "What is likely" in [section.title for section in view.page().sections]


def test_the_pictures_of_the_page() -> None:
    figures = [f for section in of_collateral("T").page().sections for f in section.figures]
    bars, shifts, flows, matrix = figures
    assert isinstance(bars, Bars)
    assert [bar.text for bar in bars.bars] == ["100 %", "40–100 %", "40–100 %", "40 %"]
    assert isinstance(shifts, Shifts)
    assert [row.label for row in shifts.rows] == ["Lens (firms)", "Scanner (firms)"]
    assert isinstance(flows, Sankey)
    ends = {(flow.source, flow.target): flow for flow in flows.flows}
    assert ends["T", "Lens"].span.low == 40
    assert (ends["Prism", "Scanner"].span.low, ends["Prism", "Scanner"].span.high) == (0, 100)
    assert isinstance(matrix, Matrix)
    assert (matrix.rows, matrix.columns) == (("TW",), ("Chip",))
    assert matrix.cells[0][0].text == "92 %"


def test_a_share_of_nothing_is_lost_and_puts_nothing_at_risk() -> None:
    """A source prints 0 for somebody who is there; a kind of it is 0 % of the wider product."""
    text = "T PRODUCES P 0 basis=market\nT PRODUCES Q 50 basis=market\nQ KIND_OF R 0 basis=market"
    with opened(relations(text)) as graph:
        view = collateral_view(collateral(graph, ["T"], DAY))
    assert [row["Product"] for row in rows(view.grids()[0])] == ["Q"]
    assert {row["Lost"] for row in rows(view.grids()[1])} == {"0 %", "50 %"}
    flows = next(f for s in view.page().sections for f in s.figures if isinstance(f, Sankey))
    assert [(flow.source, flow.target) for flow in flows.flows] == [("T", "Q")]


def test_nothing_found_is_said() -> None:
    view = of_collateral("Chip")
    assert "no product is known" in view.grids()[0].note
    assert view.page().headline == "No product is known that Chip would take with it"
    render_page(view.page())


def test_a_market_is_a_table_for_each_count() -> None:
    firms, links, *_ = of_market("Lens").grids()
    assert firms.title == "Lens: firms"
    assert rows(firms)[1]["Share as printed"] == "40.0"
    assert firms.note.split("\n") == [
        "stated shares add up to 90 %",
        "left to producers that are not named: 10 %",
        "HHI 4,100–4,200",
        "largest: Rival (50 %)",
    ]
    assert rows(links)[0]["Product"] == "Scanner"


def test_a_market_without_a_producer() -> None:
    view = of_market("Lens", without=["Rival"], rule="")
    lost = rows(view.grids()[0])[0]
    assert (lost["Lost"], lost["Largest substitutes, growth if alone"]) == (
        "50 %",
        "T (40 %): 125 %",
    )
    loss = data(view)["products"][0]["markets"][0]["loss"]
    assert loss["substitutes"][0]["growth"] == {"low": "125", "high": "125"}
    figures = [figure for section in view.page().sections for figure in section.figures]
    (shifts,) = figures
    assert isinstance(shifts, Shifts)
    after = {row.label: row.after for row in shifts.rows}
    assert after["Rival"].high == 0
    assert after["T"].low == 80  # 40 of the 50 that remain
    assert view.page().headline == "Without Rival, 50 % of Lens is lost"


def test_who_is_not_hit_is_said() -> None:
    view = of_market("Lens", without=["Fab"], rule="")
    assert "nobody who falls is known to make it" in view.grids()[0].note


def test_what_the_loss_of_a_market_supposes_is_printed_with_it() -> None:
    said = data(of_market("Lens", without=["T"]))["assumptions"]
    assert any(text.startswith("There are no stocks") for text in said)
    assert not any("input" in text for text in said)  # nothing is carried on
    assert data(of_market("Lens"))["assumptions"] == []


def test_the_csv_of_markets_has_every_producer() -> None:
    said = in_csv(of_market("Lens", "Scanner"))
    assert [(row["Product"], row["Producer"], row["Share as printed"]) for row in said] == [
        ("Lens", "Rival", "50"),
        ("Lens", "T", "40.0"),
        ("Scanner", "T", "not stated"),
    ]
    assert (said[2]["Least %"], said[2]["Most %"]) == ("0", "100")


def test_a_product_that_nobody_makes_is_said() -> None:
    with opened([Entity("P", "Product", "P")]) as graph:
        view = market_view(market(graph, ["P"], DAY))
    assert view.grids()[0].note == "nobody is known to make it"
    render_page(view.page())


@pytest.mark.parametrize("asked", [of_collateral, of_market])
def test_hostile_names_are_shown_and_do_nothing(asked: Any) -> None:
    name = "=cmd|' /C calc'!A0<script>alert(1)</script>"
    items: list[Entity | Relation] = [
        Entity("T", "Company", name),
        Entity("P", "Product", name),
        Entity("Q", "Product", name),
        *relations("T PRODUCES P 40 basis=market\nP INPUT_TO Q\nT PRODUCES Q"),
    ]
    with opened(items) as graph:
        view = (
            collateral_view(collateral(graph, ["T"], DAY))
            if asked is of_collateral
            else market_view(market(graph, ["P"], DAY, without=["T"]))
        )
    assert in_csv(view)[0]["Product"].startswith("'=cmd")
    assert "<script>alert" not in render_page(view.page())


def test_the_same_answer_gives_the_same_bytes() -> None:
    answer = of_collateral("T")  # once: a graph says when it was loaded
    one, other = (render_page(answer.page()) for _ in range(2))
    assert one == other


# -- words -------------------------------------------------------------------------------------


def test_parts_are_worded_exactly() -> None:
    assert market_words.part_words(Part(0, 100 * UNITS_PER_PERCENT)) == "0–100 %"
    assert market_words.part_words(Part(81_500_000, 81_500_000)) == "81.5 %"


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (Points(Fraction(2600), Fraction(2600)), "2,600"),
        (Points(Fraction("9860.49"), Fraction("9860.98")), "9,861"),
        (Points(Fraction("1294.7"), Fraction("1397.2")), "1,294–1,398"),
        (None, "nobody remains"),
    ],
)
def test_concentration_is_rounded_outward(points: Points | None, words: str) -> None:
    assert market_words.points_words(points) == words


@pytest.mark.parametrize(
    ("growth", "words"),
    [
        (Growth(Fraction(1, 4), Fraction(1, 4)), "25 %"),
        (Growth(Fraction(815, 185), Fraction(815, 185)), "440.6 %"),  # 440.54: needed is more
        (Growth(Fraction(1, 3), Fraction(2, 3)), "33.3–66.7 %"),
        (Growth(Fraction(1, 3), None), "at least 33.3 %"),
        (Growth(None, None), "nobody remains"),
    ],
)
def test_what_is_needed_is_rounded_up(growth: Growth, words: str) -> None:
    assert market_words.growth_words(growth) == words


def test_the_page_opens_offline(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "collateral.html"
    path.write_text(render_page(of_collateral("T").page()), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready]", timeout=10_000)
    assert said == []
    assert page.locator("figure svg").count() == 4
    assert "There are no stocks" in page.inner_text("main")
    page.close()
