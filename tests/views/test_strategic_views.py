"""Do table, JSON, CSV and page of strategic goods say the same, and do they keep names harmless?"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

from spillover.graph.schema import Entity
from spillover.queries.conditions import conditions
from spillover.queries.strategic.strategic import strategic
from spillover.views.grid import csv_text
from spillover.views.output import View
from spillover.views.page import render_page
from spillover.views.plain import json_text
from spillover.views.strategic.output import strategic_view
from tests.graphs import opened
from tests.queries.strategic.goods import DAY, firm, made

CLAIMS = """
A PRODUCES tools 60 basis=market observed=2023 publisher=Agency
B PRODUCES tools 25 basis=market observed=2023 publisher=Agency
C PRODUCES tools observed=2023 publisher=Agency
tools INPUT_TO chips
other KIND_OF machines
tools KIND_OF machines
list COVERS tools tier=2
A SUPPLIES army
army STATE_TIE B tie=affiliation denies publisher=B
"""
PARTIES = (
    firm("A", "nl"),
    firm("B", "jp"),
    Entity("army", "MilitaryUnit", "Army"),
    Entity("nl", "Country", "Netherlands", countries=("nl",)),
)


def view(claims: str, *products: str, parties: tuple[Entity, ...] = PARTIES) -> View:
    with opened(made(claims, *parties)) as graph:
        return strategic_view(strategic(graph, products, conditions(DAY)))


def data(shown: View) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(json_text(shown.plain()))
    return said


def numbers(shown: View) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(csv_text(shown.grids()[0])))
    return {row["Number"]: row["Value"] for row in rows}


def test_the_numbers_of_the_three_logics() -> None:
    said = numbers(view(CLAIMS, "tools"))
    # 60² + 25²; what no share covers, 15 %, in crumbs or in one hand (+ 15²).
    assert said["concentration (HHI, of 10,000)"] == "4,225–4,450"
    assert said["producers named"] == "3, 2 with a stated share"
    assert said["three largest together"] == "at least 85 %"
    assert said["entry"] == "one observation (2023): entry unknown"
    assert said["largest share in one jurisdiction"] == "Netherlands: 60–75 %"
    assert said["growth of the rest to stand in for it"] == "150–300 %"  # 60/40, 75/25
    assert said["goods that need it"] == "1 directly, 1 over all steps, 1 more in part"
    assert said["other kinds of a wider product"] == "1: other"
    assert said["control lists that cover it"] == "1: list (tier 2)"
    assert said["producers with ties to defence"] == "1 of 3 looked at"
    assert said["supplied to armed forces"] == "A to Army"
    assert said["denials"] == "B and Army: affiliation denied by B"


def test_reasons_for_and_against_and_what_is_unknown() -> None:
    (good,) = data(view(CLAIMS, "tools"))["goods"]
    assert good["logics"] == {
        "barriers": "barriers and scale",
        "scarcity": "leverage from scarcity",
        "transfer": "transfer to military use",
    }
    barriers, scarcity, transfer = (good[name] for name in ("barriers", "scarcity", "transfer"))
    assert "highly concentrated" in barriers["for"][0]
    assert any("no share is stated for 15 % of the market" in text for text in barriers["unknown"])
    assert scarcity["for"][0].startswith("Counted by firms, 60–75 % of it lies in Netherlands")
    assert any("1 good needs it" in text for text in scarcity["for"])
    assert any("1 other kind of machines" in text for text in scarcity["against"])
    assert transfer["against"] == ["Denied: B and Army: affiliation denied by B."]
    assert not re.search(r'"[^"]*score[^"]*":', json_text(view(CLAIMS, "tools").plain()))


def test_nothing_known_is_unknown_and_never_zero() -> None:
    (good,) = data(view("sand INPUT_TO glass", "glass"))["goods"]
    assert good["barriers"]["markets"] == []
    assert good["barriers"]["unknown"]
    assert good["scarcity"]["jurisdictions"] == []
    assert good["transfer"]["for"] == []
    assert any("No control list in these datasets" in text for text in good["transfer"]["unknown"])
    page = render_page(view("sand INPUT_TO glass", "glass").page())
    assert "nothing here speaks for any of the three logics" in page


def test_json_has_each_number_with_its_claims() -> None:
    (good,) = data(view(CLAIMS, "tools"))["goods"]
    (market,) = good["barriers"]["markets"]
    assert market["hhi"] == {"low": "4225", "high": "4450"}
    assert market["shares"][0]["share"] == {"low": "60", "high": "60"}
    assert {claim["source"]["id"] for claim in market["evidence"]} == {"A", "B", "C"}
    (held,) = good["scarcity"]["jurisdictions"]
    assert held["growth_of_the_rest"] == {"low": "150", "high": "300"}
    (cover,) = good["transfer"]["covers"]
    assert (cover["properties"], len(cover["evidence"])) == ({"tier": "2"}, 1)
    assert [producer["entity"]["id"] for producer in good["transfer"]["producers"]] == ["A", "B"]


def test_goods_side_by_side_are_a_matrix() -> None:
    page = render_page(view(CLAIMS, "tools", "other").page())
    assert "Goods by the numbers of the three logics" in page
    assert "Three logics of 2 goods" in page
    assert page.count("<svg") == 2  # the matrix, and the shares of the one that has some


def test_the_same_question_gives_the_same_bytes() -> None:
    with opened(made(CLAIMS, *PARTIES)) as graph:
        when = conditions(DAY)
        first, again = (strategic_view(strategic(graph, ["tools"], when)) for _ in range(2))
    assert render_page(first.page()) == render_page(again.page())


def test_hostile_names_stay_text() -> None:
    evil = "<script>alert(1)</script>"
    parties = (
        Entity("A", "Company", evil, countries=("nl",)),
        Entity("tools", "Product", "=cmd()"),
        Entity("list", "Regime", evil),
        *PARTIES[1:],
    )
    shown = view(CLAIMS, "tools", parties=parties)
    page = render_page(shown.page())
    assert evil not in page
    assert "&lt;script&gt;" in page
    rows = list(csv.reader(io.StringIO(csv_text(shown.grids()[0]))))
    assert all(not cell.startswith("=") for row in rows for cell in row)


def test_very_many_claims_are_left_to_the_other_forms() -> None:
    claims = "\n".join(f"F{n} PRODUCES tools" for n in range(100))
    shown = view(claims, "tools", parties=())
    assert shown.grids()[-1].note == "20 more claims: see the workbook, the page or the JSON"
    assert shown.sheets is not None
    assert len(shown.sheets()[-1].rows) == 100
