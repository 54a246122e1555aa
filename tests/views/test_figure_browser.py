"""Pictures of amounts as a real browser draws and measures them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from spillover.views.amounts.figures import Figure
from spillover.views.page import Page, Section, render_page
from tests.views.amounts import crowded_sankey, every_figure, hostile_figures

MEASURE = """() => {
  const rect = (node) => node.getBoundingClientRect();
  const cut = (a, b) => a.left + 0.5 < b.right && b.left + 0.5 < a.right
    && a.top + 2 < b.bottom && b.top + 2 < a.bottom;
  return [...document.querySelectorAll('figure svg')].map((svg) => {
    const flat = [...svg.querySelectorAll('text')].filter((t) => !t.getAttribute('transform'));
    const all = flat.map(rect), edge = rect(svg);
    const meeting = flat.filter((t, i) => all.some((b, j) => i < j && cut(all[i], b)));
    const outside = flat.filter((t, i) => all[i].left < edge.left || all[i].right > edge.right
      || all[i].top < edge.top || all[i].bottom > edge.bottom);
    return [...meeting, ...outside].map((t) => t.textContent);
  });
}"""


@pytest.mark.parametrize("figures", [every_figure(), (crowded_sankey(),), hostile_figures()])
def test_no_text_covers_another_or_leaves_the_picture(
    browser: Any, tmp_path: Path, figures: tuple[Figure, ...]
) -> None:
    file = tmp_path / "figures.html"
    file.write_text(
        render_page(Page("t", "h", sections=(Section("s", figures=figures),))), encoding="utf-8"
    )
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate(MEASURE) == [[] for _ in figures]
    page.close()
