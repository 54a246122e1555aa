"""Reports in a real browser, on a network that never answers.

Routes hang instead of failing: a request that is refused at once hides a page that
would stay blank while it waits.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from spillover.views.page import Page, Section, render_page
from spillover.views.picture import Picture
from tests.views.pictures import generated, hostile_picture, small_picture
from tests.views.test_page import hostile_page, small_page

WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation',
  (event) => window.__violations.push(event.violatedDirective));
"""


@dataclass
class Seen:
    """An open page and all that it did without being asked."""

    page: Any
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def quiet(self) -> bool:
        """Whether it asked for nothing, complained of nothing and ran nothing foreign."""
        assert (self.requests, self.errors, self.dialogs) == ([], [], [])
        assert self.page.evaluate("[window.__violations, window.__hit]") == [[], None]
        return True


Opener = Callable[..., Seen]


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Iterator[Opener]:
    """Opens HTML from a file, and waits until it is drawn."""
    contexts = []

    def opened(html: str, width: int = 1400, fragment: str = "") -> Seen:
        file = tmp_path / "report.html"
        file.write_bytes(html.encode("utf-8"))
        context = browser.new_context(
            viewport={"width": width, "height": 900}, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        seen = Seen(page)
        page.route("**/*", lambda route: None if _foreign(route, file, seen) else route.continue_())
        page.on("console", lambda m: seen.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: seen.errors.append(str(error)))
        page.on("dialog", lambda dialog: _dismiss(dialog, seen))
        page.add_init_script(WATCH)
        page.goto(file.as_uri() + fragment)
        page.wait_for_selector("body[data-ready]", timeout=10_000)
        return seen

    yield opened
    for context in contexts:
        context.close()


def _foreign(route: Any, file: Path, seen: Seen) -> bool:
    """Note a request for anything but the file itself, and leave it unanswered."""
    if route.request.url.split("#")[0] == file.as_uri():
        return False
    seen.requests.append(route.request.url)
    return True


def _dismiss(dialog: Any, seen: Seen) -> None:
    """Note a dialog, which only a hostile text could have opened."""
    seen.dialogs.append(dialog.message)
    dialog.dismiss()


def buttons(seen: Seen, place: str = "#net-entities") -> Any:
    """The buttons in a list beside the canvas."""
    return seen.page.locator(f"{place} button")


def test_three_hundred_entities_are_drawn_without_a_network(show: Opener) -> None:
    seen = show(render_page(Page("t", "h", network=generated(300, 450))))
    assert buttons(seen).count() == 300
    assert buttons(seen, "#net-relations").count() == 450
    assert seen.quiet()


def test_the_cap_is_told(show: Opener) -> None:
    seen = show(render_page(Page("t", "h", network=generated(1200, 1300))))
    assert buttons(seen).count() == 300
    assert "+900 more not drawn" in seen.page.locator("#net-count").inner_text()


@pytest.mark.parametrize("with_policy", [True, False])
def test_hostile_texts_run_nothing(show: Opener, with_policy: bool) -> None:
    seen = show(hostile_page(with_policy=with_policy))
    page = seen.page
    for place in ("#net-entities", "#net-relations"):
        for number in range(buttons(seen, place).count()):
            buttons(seen, place).nth(number).click()
            page.locator("#net-details").hover()
    box = page.locator("#net-canvas").bounding_box()
    for step in range(1, 8):
        page.mouse.move(box["x"] + box["width"] * step / 8, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.mouse.up()
    for group in page.locator("svg g.node").all()[:5]:
        group.hover(force=True)
    schemes = page.eval_on_selector_all("a[href]", "all => all.map((a) => a.protocol)")
    assert set(schemes) <= {"file:", "http:", "https:"}
    assert page.locator("img, iframe, base, object, embed").count() == 0
    assert page.evaluate("document.title").count("SANCTIONED") == 1
    assert seen.quiet()


def test_addresses_of_other_schemes_are_text(show: Opener) -> None:
    seen = show(render_page(small_page()))
    buttons(seen, "#net-relations").nth(5).click()
    details = seen.page.locator("#net-details")
    assert "javascript:alert(1)" in details.inner_text()
    assert details.locator("a").count() == 0
    buttons(seen, "#net-relations").nth(0).click()
    assert details.locator("a").get_attribute("rel") == "noopener noreferrer"
    assert details.locator("a").get_attribute("href") == "https://register.example/filing"
    for fact in ("100 %", "2024-12-31", "high", "Annual report", "OWNS"):
        assert fact in details.inner_text()


def test_every_entity_is_reached_by_tab_and_opened_by_enter(show: Opener) -> None:
    seen = show(render_page(small_page()))
    page, reached = seen.page, []
    for _ in range(90):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('#net-entities')"):
            name = page.evaluate("document.activeElement.textContent")
            page.keyboard.press("Enter")
            assert page.locator("#net-details h4").first.inner_text() == name
            reached.append(name)
    assert reached[:7] == [node.name for node in small_picture().nodes]


def test_a_click_in_the_canvas_opens_what_is_under_it(show: Opener) -> None:
    seen = show(render_page(small_page()))
    seen.page.locator("#net-canvas").scroll_into_view_if_needed()
    seen.page.get_by_role("button", name="MV Rosa", exact=True).click()  # moves it to the middle
    buttons(seen, "#net-relations").nth(0).click()
    seen.page.evaluate("location.hash = '#entity=ship'")
    seen.page.wait_for_function(
        "document.querySelector('#net-details h4').textContent === 'MV Rosa'"
    )
    box = seen.page.locator("#net-canvas").bounding_box()
    buttons(seen, "#net-relations").nth(0).focus()
    seen.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert seen.page.locator("#net-details h4").first.inner_text() == "MV Rosa"


def test_the_address_holds_the_choice(show: Opener) -> None:
    seen = show(render_page(small_page()), fragment="#entity=holding")
    assert seen.page.locator("#net-details h4").first.inner_text() == "Holding & Söhne <AG>"
    seen.page.get_by_role("button", name="Plant", exact=True).first.click()
    assert seen.page.url.endswith("#entity=plant")
    show(render_page(small_page()), fragment="#entity=%E0%A4%A").quiet()


def test_filters_change_the_counts(show: Opener) -> None:
    """Without "owns" 3 of 8 relations stay, and the 6 entities at their ends."""
    seen = show(render_page(small_page()))
    counts = "all => Object.fromEntries(all.map((li) => [li.dataset.key, li.dataset.count]))"
    before = seen.page.eval_on_selector_all("#net-legend li", counts)
    assert before["style-owns"] == "5"
    assert before["status-listed"] == "1"
    seen.page.get_by_label("owns (width: share)").uncheck()
    after = seen.page.eval_on_selector_all("#net-legend li", counts)
    assert {key: after[key] for key in ("style-owns", "style-link", "status-listed")} == {
        "style-owns": "0", "style-link": "1", "status-listed": "0",
    }  # fmt: skip
    assert "6 of 7 entities, 3 of 8 relations" in seen.page.locator("#net-count").inner_text()
    assert seen.page.locator("#net-entities tbody tr:visible").count() == 6


def test_find_and_distance(show: Opener) -> None:
    """One hop around "MV Rosa" there is "Holding" and nothing else."""
    seen = show(render_page(small_page()))
    seen.page.get_by_label("Find").fill("mv r")
    seen.page.get_by_label("Find").press("Enter")
    assert seen.page.locator("#net-details h4").first.inner_text() == "MV Rosa"
    seen.page.get_by_label("Within").select_option("1")
    assert "2 of 7 entities, 1 of 8 relations" in seen.page.locator("#net-count").inner_text()


def test_a_listed_entity_stays_red_when_chosen(show: Opener) -> None:
    """The pixels of the border of LISTED (179, 20, 29) are there before and after."""
    seen = show(render_page(small_page()), fragment="#entity=ship")
    seen.page.get_by_role("button", name="Fit").click()
    red = """() => { const c = document.querySelector('#net-canvas canvas');
      const p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;
      for (let i = 0; i < p.length; i += 4) {
        if (p[i] === 179 && p[i + 1] === 20 && p[i + 2] === 29) n += 1;
      }
      return n; }"""
    chosen = seen.page.evaluate(red)
    assert chosen > 200


def test_saving(show: Opener, tmp_path: Path) -> None:
    seen = show(render_page(small_page()))
    saved = {}
    for name in ("Save JSON", "Save CSV", "Save SVG", "Save PNG"):
        with seen.page.expect_download() as download:
            seen.page.get_by_role("button", name=name).first.click()
        saved[name] = Path(download.value.path()).read_bytes()
    assert json.loads(saved["Save JSON"]) == small_page().data
    lines = saved["Save CSV"].decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Entity,Share,As of,Source,links"
    assert lines[1] == "Holding & Söhne <AG>,97.5,2024-12-31,Register,https://r.example/1"
    assert lines[2] == "'=1+1,-3,2024,leak (javascript:alert(1)),"
    assert saved["Save SVG"].startswith(b"<svg ")
    assert saved["Save PNG"].startswith(b"\x89PNG")
    assert seen.quiet()


@pytest.mark.parametrize("width", [390, 768, 1400])
def test_no_sideways_scroll(show: Opener, width: int) -> None:
    for html in (render_page(small_page()), hostile_page()):
        seen = show(html, width)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

OVERLAPS = """() => {
  const chart = document.querySelector('figure svg');
  const rect = (node) => node.getBoundingClientRect();
  const parts = 'g.edge > text, g.node > rect:first-of-type';
  const all = [...chart.querySelectorAll(parts)].map(rect);
  const cut = (a, b) => a.left < b.right && b.left < a.right
    && a.top + 1.5 < b.bottom && b.top + 1.5 < a.bottom;
  const inside = (a, b) => a.left >= b.left && a.right <= b.right
    && a.top >= b.top && a.bottom <= b.bottom;
  const outside = [...chart.querySelectorAll('g.node')].flatMap((group) =>
    [...group.querySelectorAll('text')]
      .filter((text) => !inside(rect(text), rect(group.querySelector('rect'))))
      .map((text) => text.textContent));
  return [all.filter((a, i) => all.some((b, j) => i < j && cut(a, b))).length, outside];
}"""


@pytest.mark.parametrize("picture", [small_picture(), generated(45, 70), hostile_picture()])
def test_drawn_labels_and_boxes_do_not_overlap(show: Opener, picture: Picture) -> None:
    """As the browser measures them, with its own fonts, not as the layout estimated them."""
    seen = show(render_page(Page("t", "h", sections=(Section("s", pictures=(picture,)),))))
    assert seen.page.evaluate(OVERLAPS) == [0, []]


def test_print_shows_chart_and_legend_and_no_controls(show: Opener) -> None:
    seen = show(render_page(small_page()))
    seen.page.emulate_media(media="print")
    for shown in ("#chart svg", "#net-legend", "h1", ".verdict"):
        assert seen.page.locator(shown).is_visible()
    for hidden in (".net-panel", ".net-bar", ".net-lists"):
        assert not seen.page.locator(hidden).is_visible()
    assert seen.page.locator("button:visible").count() == 0


@pytest.mark.parametrize("width", [390, 1400])
def test_no_accessibility_violation(show: Opener, width: int) -> None:
    pytest.importorskip("axe_playwright_python", reason="dev dependency: axe-playwright-python")
    seen = show(render_page(small_page()), width, "#entity=holding")
    seen.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    found = seen.page.evaluate(f"axe.run({{runOnly: {AXE_TAGS}}})")
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]] == []
