"""Do pages and tables of sectors show every name harmlessly, and say what they leave out?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spillover.graph.session import Graph
from spillover.loaders.context import Options
from spillover.loaders.run import run
from spillover.queries.conditions import conditions
from spillover.queries.sectors.answer import Amount
from spillover.queries.sectors.losses import sector_losses
from spillover.queries.sectors.ranking import sector_ranking
from spillover.views.grid import csv_text
from spillover.views.output import View
from spillover.views.page import render_page
from spillover.views.sectors import figures as sectors_figures
from spillover.views.sectors import words as sectors_words
from spillover.views.sectors.output import losses_view, ranks_view

WHEN = conditions("2024-06-30")
HOSTILE = "=cmd|' /C calc'!A0<script>alert(1)</script>"
TABLE = f"""IndustryCode,IndustryDescription,Country,RNr,Year,AUS1,AUS2,AUS57,TOT
A01,"{HOSTILE}",AUS,1,2014,1,2,7,10
C26,Computers,AUS,2,2014,3,1,4,8
"""
"""A table whose first industry has a hostile name."""


def view(folder: Path, *targets: str, **said: Any) -> View:
    (folder / "table.csv").write_text(TABLE, "utf-8")
    run(folder / "graph.db", "io_table", [folder / "table.csv"], options=Options())
    with Graph(folder / "graph.db") as graph:
        if targets:
            return losses_view(sector_losses(graph, targets, WHEN, **said))
        return ranks_view(sector_ranking(graph, WHEN, **said))


@pytest.mark.parametrize("targets", [("io_table:AUS1",), ("io_table:AUS2",), ()])
def test_hostile_names_are_shown_and_do_nothing(tmp_path: Path, targets: tuple[str, ...]) -> None:
    shown = view(tmp_path, *targets)
    page = render_page(shown.page())
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page
    assert shown.csv is not None
    assert "'=cmd" in csv_text(shown.csv())


def test_the_page_opens_offline(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "sectors.html"
    path.write_text(render_page(view(tmp_path, "io_table:AUS2").page()), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-ready]", timeout=10_000)
    assert said == []
    assert page.locator("figure svg").count() == 5
    page.close()


def test_rows_that_were_set_aside_are_said(tmp_path: Path) -> None:
    """The second row has no number where one belongs, and the user let the load go on."""
    (tmp_path / "table.csv").write_text(TABLE.replace("3,1,4,8", "x,1,4,8"), "utf-8")
    options = Options(tolerance=0.5)
    run(tmp_path / "graph.db", "io_table", [tmp_path / "table.csv"], options=options)
    with Graph(tmp_path / "graph.db") as graph:
        answer = sector_losses(graph, ["io_table:AUS1"], WHEN)
    said = sectors_words.signals(answer.basis)
    assert "rows of the table that could not be read and are missing: 1" in said


def test_bars_run_between_the_two_models_and_gains_are_told(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(TABLE, "utf-8")
    run(tmp_path / "graph.db", "io_table", [tmp_path / "table.csv"], options=Options())
    with Graph(tmp_path / "graph.db") as graph:
        answer = sector_losses(graph, ["io_table:AUS2"], WHEN, measure="leontief")
    (bar,) = sectors_figures.sectors(answer).bars
    # c1 loses 2 x 4/7 / (1 - 1/10 ...): both models, solid to the smaller one
    (line,) = (line for line in answer.sectors if not line.target)
    ends = sorted(amount.most for amount in line.losses)
    assert (bar.span.low, bar.span.high) == pytest.approx(tuple(ends))
    flows = sectors_figures.flows(answer)
    assert [(flow.source, flow.target, flow.span.low) for flow in flows.flows] == [
        ("buy io_table:AUS1", "target", 2),
        ("target", "sell io_table:AUS1", 3),
    ]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Amount(0, 0), "≈ 0"),
        (Amount(1234.5, 1234.5), "≈ 1,234"),
        (Amount(0.012345, 0.012345), "≈ 0.0123"),
        (Amount(20, 40), "≈ 20–40"),
        (Amount(-107_510, -107_510), "gain ≈ 107,510"),
        (Amount(5, -20), "≈ 5 to gain ≈ 20"),
    ],
)
def test_amounts_in_words(amount: Amount, words: str) -> None:
    assert sectors_words.loss(amount) == words


@pytest.mark.parametrize(
    ("amount", "whole", "words"),
    [
        (Amount(1, 1), 3, "≈ 33.33 %"),
        (Amount(20, 40), 100, "≈ 20–40 %"),
        (Amount(-5, -5), 100, "≈ +5 %"),
        (Amount(0.0019, 0.0038), 100, "≈ 0.0019–0.0038 %"),
        (Amount(1e-6, 1e-6), 100, "≈ under 0.0001 %"),
        (Amount(0, 0), 100, "≈ 0 %"),
        (Amount(1, 1), 0, "-"),
    ],
)
def test_parts_in_words(amount: Amount, whole: float, words: str) -> None:
    assert sectors_words.percent(amount, whole) == words
