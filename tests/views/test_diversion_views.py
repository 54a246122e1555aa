"""Do pages and tables about diversion escape names, count what they hide, and draw it right?"""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from spillover.graph.schema import Entity
from spillover.queries.conditions import conditions
from spillover.queries.diversion.diversion import Plan
from spillover.queries.diversion.ranges import Range
from spillover.queries.diversion.scan import scan
from spillover.views.amounts.figures import Bars, Matrix, Sankey, Shifts
from spillover.views.diversion import grid as diversion_grid
from spillover.views.diversion.figures import figures, headline
from spillover.views.diversion.output import diversion_view
from spillover.views.diversion.scan import scan_view
from spillover.views.diversion.words import amount, interval, number, part_of_year
from spillover.views.grid import csv_text
from spillover.views.page import render_page
from spillover.views.plain import json_text
from tests.graphs import opened
from tests.queries.trading import CODE, DAY, ROUTE, ask, basket, flows, told

HOSTILE = "=cmd|'/c calc'!A0</script><script>alert(1)</script>\u202eKZ"


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (Range(Fraction(0), Fraction(2000)), "USD", "0 to 2 thousand USD"),
        (Range(Fraction(12_998_000), Fraction(13_000_000)), "USD", "12.998 to 13 m USD"),
        (Range(Fraction(330_000), Fraction(330_000)), "kg", "330 t"),
        (Range(Fraction(1_520_000_000), Fraction(1_520_000_000)), "kg", "1.52 Mt"),
        (Range(Fraction(158), Fraction(158)), "drones", "158 drones"),
        (Range(Fraction(5), None), "USD", "at least 5 USD"),
        (Range(None, Fraction(5)), "USD", "at most 5 USD"),
        (Range(Fraction(-2500), Fraction(-2500)), "USD", "-2.5 thousand USD"),
        (Range(Fraction(0), Fraction(0)), "USD", "0 USD"),
        (None, "USD", "unknown"),
    ],
)
def test_amounts_in_words(value: Range | None, unit: str, said: str) -> None:
    assert amount(value, unit) == said


def test_numbers_keep_four_digits_and_no_exponent() -> None:
    assert number(Fraction(10**15)) == "1,000,000,000,000,000"
    assert number(Fraction(1, 3)) == "0.3333"
    assert number(Fraction(-1, 10**12)) == "0"
    assert interval(Range(Fraction(1), Fraction(1))) == "1"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("year", "a year"),
        ("03", "March"),
        ("01/05", "January to May"),
        ("02-24/12-31", "24 February to 31 December"),
        ("11/+1-02", "November to February"),
    ],
)
def test_parts_of_the_year_in_words(part: str, said: str) -> None:
    assert part_of_year(part) == said


def test_hostile_names_run_nowhere() -> None:
    graph = [*flows(ROUTE), Entity("country:kz", "Country", HOSTILE)]
    graph = [one for one in graph if not (isinstance(one, Entity) and one.name == "KZ")]
    view = diversion_view(ask(graph, direct=["de"]))
    page = render_page(view.page())
    assert "<script>alert(1)" not in page
    shown = page.partition('type="application/json"')[0]
    assert "\u202e" not in shown
    assert view.csv is not None
    (row,) = csv_text(view.csv()).splitlines()[1:]
    assert "\u202e" not in row
    assert ",=cmd" not in row
    assert json.loads(json_text(view.plain()))["question"] == "diversion"


def test_pictures_say_what_the_answer_says() -> None:
    goods = ROUTE + "kz ru 2021 5 x hs=854232\nkz ru 2022 9 x hs=854232"
    answer = ask(goods, products=["8542"], direct=["de"])
    bars, shifts, before, sankey, matrix = figures(answer, basket(answer))
    assert isinstance(bars, Bars)
    assert [bar.label for bar in bars.bars] == ["KZ"]
    assert isinstance(shifts, Shifts)
    assert [(row.label, row.before.low, row.after.low) for row in shifts.rows] == [
        ("DE", 110.0, 15.0),
        ("KZ", 5.5, 39.5),  # 854232: (0 + 5) / 2 before, (9 + 0) / 2 after
    ]
    assert isinstance(before, Sankey)
    assert isinstance(sankey, Sankey)
    assert [flow.span.low for flow in before.flows] == [110.0, 5.5, 5.0]
    assert [flow.span.low for flow in sankey.flows] == [15.0, 39.5, 30.0]
    assert {(flow.source, flow.target) for flow in sankey.flows} == {
        ("direct", "country:ru"),
        ("direct", "country:kz"),
        ("country:kz", "country:ru"),
    }
    assert isinstance(matrix, Matrix)
    assert matrix.columns == ("HS 854231", "HS 854232")
    assert headline(answer).startswith("2 HS codes: exports of KZ rose most, by 34 USD")


def test_without_hubs_the_page_says_so_and_draws_nothing() -> None:
    answer = ask(ROUTE, target="de")
    assert "No rise" in render_page(diversion_view(answer).page())
    assert figures(answer, basket(answer)) == ()


def test_what_is_hidden_is_counted() -> None:
    told_ = "\n".join(
        f"{code} ru {year} {value} x"
        for code in ("kz", "kg", "am", "ge")
        for year, value in ((2021, 1), (2022, 9))
    )
    answer = ask(told_, plan=Plan(top=1))
    assert "3 further hubs not shown" in "\n".join(diversion_grid.summary(answer))
    (first, *_) = diversion_view(answer).grids()
    assert len(first.rows) == 1


def test_a_search_in_every_form() -> None:
    with opened(flows(told())) as graph:
        view = scan_view(scan(graph, [CODE], when=conditions(DAY)))
    plain = json.loads(json_text(view.plain()))
    assert plain["breaks"][0]["into_hub"]["by_year"]["2023"] == 90.0
    assert [row[3].text for row in view.grids()[0].rows] == ["KZ (KZ)"]
    page = render_page(view.page())
    assert "2021: up to 83 % through KZ" in page
    assert "no finding about anybody" in page
