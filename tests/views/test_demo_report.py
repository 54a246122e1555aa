"""Does the report of the demonstration open in a real browser when no network answers?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spillover import Graph, load
from spillover.views.demo import present


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    load(folder / "facts.db", "seed", ())
    with Graph(folder / "facts.db") as graph:
        present(graph, folder / "report.html")
    return folder / "report.html"


def test_it_opens_offline_with_verdict_chart_and_sources(browser: Any, report: Path) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.route("**/*", lambda route: asked.append(route.request.url) if _web(route) else _go(route))
    page.goto(report.as_uri())
    page.wait_for_selector("body[data-ready]", timeout=10_000)
    assert said == []
    assert asked == []  # a request would hang: the route never answers it
    assert "Syngenta AG would be blocked, with certainty" in page.inner_text("h1")
    assert "94.7 %" in page.inner_text(".verdict")
    assert page.locator("figure svg").count() >= 2
    assert page.locator("a[href^='http']").count() >= 10
    page.close()


def _web(route: Any) -> bool:
    return not str(route.request.url).startswith("file:")


def _go(route: Any) -> None:
    route.continue_()
