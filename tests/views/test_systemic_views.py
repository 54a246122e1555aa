"""Do the pictures and pages of contagion say what the answer says, and what they leave out?"""

from __future__ import annotations

from typing import Any

import pytest

from spillover.queries.conditions import conditions
from spillover.queries.contagion.answer import Ends, Systemic
from spillover.queries.contagion.systemic import systemic
from spillover.views.page import render_page
from spillover.views.systemic.figures import bars, flows
from spillover.views.systemic.page import systemic_page
from spillover.views.systemic.words import ends_words, notes, percent, two
from tests.graphs import opened

BALLOONS = """
Zhuzhou SUPPLIES Met 75 basis=supply product=balloons
Met SUPPLIES Press 10-20 basis=supply product=forecasts
Rubber SUPPLIES Zhuzhou product=rubber
Zhuzhou CONTROLS Kiosk
"""


def ask(graph: str, *targets: str, **options: Any) -> Systemic:
    with opened(graph) as found:
        return systemic(found, targets, conditions("2024-06-30"), **options)


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((0.0, 1.0), "unknown, 0–100 %"),
        ((0.0, 0.0), "0 %"),
        ((0.25, 0.25), "≈ 25 %"),
        ((0.1, 0.125), "≈ 10–12.5 %"),
        ((0.0, 0.00001), "≈ 0–< 0.01 %"),
    ],
)
def test_losses_in_words(ends: tuple[float, float], said: str) -> None:
    assert ends_words(Ends(*ends)) == said


def test_small_numbers_are_not_nothing() -> None:
    assert (percent(0.0), percent(0.00001), percent(0.5)) == ("0", "< 0.01", "50")
    assert (two((1.0, 1.0)), two((0.0, 2.5))) == ("1", "0 / 2.5")


def test_bars_have_the_ends_of_the_losses() -> None:
    """Met loses 75 %, Press 10 to 20 % of that, Rubber what nobody knows."""
    found = bars(ask(BALLOONS, "Zhuzhou", replaceable=False))
    spans = {bar.label: (bar.span.low, bar.span.high) for bar in found.bars}
    assert spans == {
        "Met": pytest.approx((75, 75)),
        "Press": pytest.approx((7.5, 15)),
        "Rubber": pytest.approx((0, 100)),
    }
    assert found.top == 100


def test_flows_lead_from_the_target_along_the_named_links() -> None:
    found = flows(ask(BALLOONS, "Zhuzhou", replaceable=False))
    assert {(flow.source, flow.target, flow.text) for flow in found.flows} == {
        ("Zhuzhou", "Met", "≈ 75 %"),
        ("Met", "Press", "≈ 7.5–15 %"),
        ("Zhuzhou", "Rubber", "unknown"),
    }
    looks = {knot.id: knot.look for knot in found.knots}
    assert looks["Zhuzhou"] == "bad"
    assert set(looks) == {"Zhuzhou", "Met", "Press", "Rubber"}


def test_what_is_not_drawn_is_counted() -> None:
    """45 customers of one supplier: 25 bars of 40 rows, and 40 links."""
    graph = "\n".join(f"A SUPPLIES C{number} 50 basis=supply" for number in range(45))
    answer = ask(graph, "A", top=40)
    assert answer.hidden == 5
    assert bars(answer).hidden == 20
    assert flows(answer).hidden == 0
    assert "5 further rows are not shown" in notes(answer)


@pytest.mark.parametrize(
    ("targets", "measure"),
    [(("Zhuzhou",), "esri"), ((), "esri"), ((), "impact"), (("Plant",), "debtrank")],
)
def test_a_page_repeats_to_the_byte_and_says_its_assumptions(
    targets: tuple[str, ...], measure: str
) -> None:
    graph = f"{BALLOONS}\nOwner > Plant 60"
    answer = ask(graph, *targets, measure=measure)
    pages = [render_page(systemic_page(answer)) for _ in range(2)]
    assert pages[0] == pages[1]
    assert "What was assumed, and what is not known" in pages[0]
    assert "estimates in rounded numbers" in " ".join(pages[0].split())


def test_targets_without_links_and_rounds_that_ran_out_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unknown = ask(BALLOONS, "Kiosk")
    assert unknown.index is None
    assert "no supplies among firms are known on that day" in notes(ask("A > B 50"))
    said = notes(unknown)
    assert "no supply is known of Kiosk, so nothing follows from it" in said
    from spillover.queries.contagion import systemic as home

    monkeypatch.setattr(home, "_ROUNDS", 1)
    said = notes(ask(BALLOONS, "Zhuzhou"))
    assert "the rounds ran out before the losses settled: they are at least these" in said
