"""Does a page about designations draw what it says, also of names that would break it?"""

from __future__ import annotations

import json
from dataclasses import replace

from spillover.graph.schema import Entity, Relation
from spillover.graph.stake import parse_stake
from spillover.queries.conditions import conditions
from spillover.queries.optimiser.answer import Optimum, Wish
from spillover.queries.optimiser.optimise import optimise
from spillover.views.amounts.figures import Bars, Matrix, Shifts
from spillover.views.grid import csv_text
from spillover.views.optimised.output import optimise_view
from spillover.views.page import render_page
from spillover.views.plain import json_text
from tests.graphs import opened
from tests.views.pictures import HOSTILE

PERCENT = 1_000_000
NAMES = [text for text in HOSTILE if "\ud800" not in text][:12]


def made(firm: str, product: str, share: str) -> Relation:
    stake = parse_stake(share) if share else None
    return Relation("PRODUCES", firm, product, stake=stake, stake_text=share, basis="market")


def answer(wish: Wish) -> Optimum:
    """Twelve firms of 8 % each; every second one has all of a product of its own, unstated."""
    items: list[Entity | Relation] = [Entity("chips", "Product", NAMES[0])]
    for number, name in enumerate(NAMES):
        items.append(Entity(f"f{number}", "Company", name))
        items.append(Entity(f"p{number}", "Product", f"product of {name}"))
        items.append(made(f"f{number}", "chips", "8"))
        items.append(made(f"f{number}", f"p{number}", "" if number % 2 else f"{number + 1}"))
    with opened(items) as graph:
        return optimise(graph, "chips", conditions("2024-06-30"), wish)


def test_the_page_has_pictures_of_cost_losses_sets_and_frontier() -> None:
    found = answer(Wish(cut=24 * PERCENT, points=4))
    page = optimise_view(found).page()
    figures = [figure for section in page.sections for figure in section.figures]
    assert [type(figure) for figure in figures] == [Bars, Bars, Matrix, Shifts]
    costs = figures[0]
    assert isinstance(costs, Bars)
    # f0, f2 and f4 cost 1 + 3 + 5 points; the next best leave out one of them for f6 with 7.
    assert [bar.span.high for bar in costs.bars] == [9, 11, 13]
    assert "9 points" in page.headline
    assert page.verdict == ""


def test_hostile_names_stay_text_in_every_form() -> None:
    view = optimise_view(answer(Wish(cut=90 * PERCENT, top=2, points=2)))
    html = render_page(view.page()).split('<script type="application/json"')[0]
    for text in ("<script>window", "<img src", "<iframe", "\u202e"):
        assert text not in html
    assert "&lt;script&gt;" in html
    for grid in view.grids():
        assert not any(line.startswith(("=", "@")) for line in csv_text(grid).splitlines())
    assert json.loads(json_text(view.plain()))["sets"][0]["designate"]


def test_a_set_that_is_not_proven_says_how_far_it_can_be_off() -> None:
    found = answer(Wish(cut=24 * PERCENT, top=1, points=0))
    unproven = replace(found.choices[0], proven=False, bound=7 * PERCENT)
    page = optimise_view(replace(found, choices=(unproven,), late=True)).page()
    assert page.verdict == "TIME RAN OUT"
    assert "not proven: a better set costs at least 7 points" in render_page(page)


def test_a_workbook_has_every_loss_and_claim() -> None:
    view = optimise_view(answer(Wish(cut=90 * PERCENT, points=0)))
    assert view.sheets is not None
    shown, whole = view.grids(), view.sheets()
    assert len(whole[4].rows) > len(shown[4].rows) == 20
    assert "more claims" in shown[4].note


def test_an_effect_out_of_reach_has_no_pictures_of_sets() -> None:
    page = optimise_view(answer(Wish(cut=99 * PERCENT, points=0))).page()
    assert not [figure for section in page.sections for figure in section.figures]
    assert "all together cut 96 %" in page.headline
