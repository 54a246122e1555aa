"""Do table, JSON, CSV and page of leaders say the same, and what do they say of bare claims?"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from spillover.graph.schema import Entity
from spillover.queries.conditions import conditions
from spillover.queries.markets.leaders import leaders
from spillover.views.grid import csv_text
from spillover.views.leaders.output import leaders_view
from spillover.views.output import View
from spillover.views.page import render_page
from spillover.views.plain import json_text
from tests.graphs import opened, relations

CLAIMS = """
us PRODUCES chips 55 basis=market publisher=Agency observed=2024
jp PRODUCES chips 30 basis=market publisher=Agency observed=2024
cn PRODUCES tools 40-60 basis=market publisher=Agency observed=2024
us PRODUCES tools 30 basis=market publisher=Bureau observed=2023
A PRODUCES resin
"""


def countries(**said: str) -> list[Entity]:
    codes = ("us", "jp", "cn")
    properties = {key: (text,) for key, text in said.items()}
    return [Entity(c, "Country", c.upper(), countries=(c,), properties=properties) for c in codes]


def view(*products: str, claims: str = CLAIMS, **said: str) -> View:
    with opened([*countries(**said), *relations(claims)]) as graph:
        return leaders_view(leaders(graph, conditions("2026-11-22"), products))


def rows(shown: View, grid: int = 0) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(shown.grids()[grid]))))


def test_a_row_says_who_leads_by_how_much_and_how_sure() -> None:
    said = {row["Product"]: row for row in rows(view())}
    chips = said["chips"]
    assert (chips["Leader"], chips["Share"], chips["Next"]) == ("US", "55 %", "JP: 30 %")
    # The next is Japan with 30, or somebody unnamed with the other 15: Japan either way.
    assert (chips["Ahead by"], chips["How sure"]) == ("25 points", "certain")
    assert chips["No stated share"] == "15 %"
    assert said["tools"]["Ahead by"] == "10–30 points"
    assert said["tools"]["Sources"] == "Bureau (2023); Agency (2024)"
    assert said["resin"]["Leader"] == "unknown: no share is stated"
    assert said["resin"]["No stated share"] == "100 %"


def test_json_has_every_share_and_its_claims() -> None:
    said: dict[str, Any] = json.loads(json_text(view().plain()))
    assert said["question"] == "leaders"
    chips = next(one for one in said["markets"] if one["product"]["id"] == "chips")
    assert [one["share"]["low"] for one in chips["shares"]] == ["55", "30"]
    assert chips["margin"] == {"low": "25", "high": "25"}
    assert [claim["evidence"]["publisher"] for claim in chips["evidence"]] == ["Agency"] * 2
    assert [(t["entity"]["id"], t["certain"]) for t in said["tallies"]["country"]] == [
        ("cn", 1),
        ("us", 1),
    ]
    assert said["totals"]["firm"]["unknown"] == 1


def test_bare_claims_stand_apart_and_say_what_they_are() -> None:
    text = "37 of 44 technologies (2023-03-01, Institute; https://example.org)"
    shown = view(claims="us PRODUCES p 60 basis=market", aspiTechnologiesLed=text)
    bare = next(one for one in shown.grids() if one.title == "Bare claims of leadership")
    assert bare.rows[0][1].text == "37 of 44"
    assert bare.rows[0][3] == ("Institute", "https://example.org")
    assert "no list of technologies stands behind it" in bare.rows[0][4].text
    assert "never averaged" in bare.note
    assert "no list of technologies stands behind it" in render_page(shown.page())
    assert not any(one.title == bare.title for one in view("p", claims="us PRODUCES p 60").grids())


def test_the_page_draws_markets_led_and_shares_by_country() -> None:
    page = render_page(view().page())
    assert "Markets led, counted by countries" in page
    assert "Share of each country in each product" in page


def test_the_same_question_gives_the_same_bytes() -> None:
    with opened([*countries(), *relations(CLAIMS)]) as graph:
        when = conditions("2026-11-22")
        first, again = (leaders_view(leaders(graph, when)) for _ in range(2))
    assert render_page(first.page()) == render_page(again.page())


def test_the_headline_of_one_market_is_its_leader() -> None:
    assert "chips: US" in render_page(view("chips").page())


def test_hostile_names_stay_text() -> None:
    evil = "<img src=x onerror=alert(1)>"
    country = Entity("us", "Country", evil, countries=("us",))
    with opened([country, *relations("us PRODUCES p 60")]) as graph:
        shown = leaders_view(leaders(graph, conditions("2026-11-22")))
    assert evil not in render_page(shown.page())


def test_very_many_claims_are_left_to_the_other_forms() -> None:
    claims = "\n".join(f"F{n} PRODUCES p{n} 60 basis=market" for n in range(70))
    shown = view(claims=claims)
    assert shown.grids()[-1].note.startswith("70 claims: name a product")
    assert shown.sheets is not None
    assert len(shown.sheets()[-1].rows) == 70
