"""A report is one safe, complete file, the same every time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from spillover.views import embed
from spillover.views.output import write_pieces
from spillover.views.page import Cell, Page, Section, Table, render_page
from spillover.views.picture import Strip
from tests.views.amounts import every_figure, hostile_figures
from tests.views.pictures import HOSTILE, hostile_picture, small_picture


def small_page() -> Page:
    """A report with one of everything."""
    picture = small_picture()
    table = Table(
        "Who is hit",
        ("Entity", "Share", "As of", "Source"),
        (
            ("Holding & Söhne <AG>", "97.5", "2024-12-31", Cell("Register", "https://r.example/1")),
            ("=1+1", "-3", "2024", Cell("leak", "javascript:alert(1)", "bad")),
        ),
        numeric_columns=(1,),
    )
    strip = Strip("The path", picture.nodes[1:4], picture.edges[1:3], "Strength 25–50 %")
    return Page(
        "If Target Group is listed, who else is hit?",
        "Holding & Söhne <AG> is blocked with Target Group",
        "BLOCKED",
        (("Rule", "US-OFAC-50"), ("As of", "2026-11-22")),
        (
            Section("The path", ("One paragraph.",), strips=(strip,)),
            Section("The chart", pictures=(picture,), anchor="chart"),
            Section("The table", tables=(table,)),
            Section("The amounts", figures=every_figure()),
        ),
        picture,
        Table("Datasets used", ("Dataset", "Licence"), (("GLEIF", "CC0"),)),
        ("Cascade.",),
        ("Nothing before 2014.",),
        "2026-11-22",
        {"entities": ["中国化工集团", "Роснефть", "</script>"], "lone": "\ud800"},
        "bad",
    )


def hostile_page(*, with_policy: bool = True) -> str:
    """A page in which every text is a payload."""
    text = "".join(HOSTILE)
    rows = tuple(tuple(Cell(value, value, "bad") for _ in range(2)) for value in HOSTILE)
    table = Table(text, (text, text), rows, text)
    picture = hostile_picture()
    strip = Strip(text, picture.nodes[:2], picture.edges[:1], text)
    figures = hostile_figures()
    section = Section(text, (text,), (table,), (picture,), (strip,), figures, anchor=text)
    page = Page(text, text, text, ((text, text),), (section,) * 3, picture, table, (text,), (text,),
                text, {text: text})  # fmt: skip
    html = render_page(page)
    return html if with_policy else re.sub(r"<meta http-equiv[^>]*>", "", html)


class Reader(HTMLParser):
    """Collects what a browser would see in the markup."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {key: value or "" for key, value in attrs}))


def test_the_answer_comes_first_and_everything_is_there() -> None:
    html = render_page(small_page())
    order = [
        html.index(text)
        for text in (
            "<!doctype html>",
            '<html lang="en">',
            "Content-Security-Policy",
            ">BLOCKED<",
            "<h1>Holding &amp; Söhne &lt;AG&gt; is blocked",
            "US-OFAC-50",
            "<h2>The path</h2>",
            "<h2>The chart</h2>",
            "<h2>The table</h2>",
            "<h2>Neighbourhood</h2>",
            "<h2>Datasets</h2>",
            "<h2>Method</h2>",
            "<h2>Limits</h2>",
        )
    ]
    assert order == sorted(order)
    assert '<section id="chart">' in html


def test_only_evidence_leads_out_and_only_to_the_web() -> None:
    reader = Reader(render_page(small_page()))
    for tag, attributes in reader.found:
        assert "src" not in attributes
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        if tag == "a" and not attributes["href"].startswith("#"):
            assert attributes["href"].startswith("https://")
            assert attributes["rel"] == "noopener noreferrer"
        assert tag not in {"link", "iframe", "object", "embed", "base", "img"}
    assert "leak <span" in render_page(small_page())


def test_the_policy_names_every_script_and_style_by_hash() -> None:
    html = render_page(small_page())
    policy = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)[0]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "*" not in policy
    assert "http" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert (len(scripts), len(styles)) == (3, 2)
    assert all(embed.content_hash(text) in policy for text in scripts + styles)


def test_hostile_texts_add_no_element() -> None:
    allowed = {tag for tag, _ in Reader(render_page(small_page())).found}
    found = Reader(hostile_page()).found
    assert {tag for tag, _ in found} <= allowed
    assert sum(tag == "script" for tag, _ in found) == 5
    assert not [a for _, a in found if any(name.startswith("on") for name in a)]


def test_embedded_data_is_the_data() -> None:
    html = render_page(small_page())
    block = re.findall(r'<script type="application/json" id="report-data">(.*?)</script>', html)[0]
    assert json.loads(block) == small_page().data
    assert render_page(replace(small_page(), data=json.dumps(dict(small_page().data)))) == html  # type: ignore[arg-type] # it is a mapping here
    assert 'id="report-data"' not in render_page(replace(small_page(), data=""))
    with pytest.raises(ValueError, match="Expecting"):
        render_page(replace(small_page(), data="{no json"))


def test_without_a_network_the_page_is_small_and_has_one_script() -> None:
    html = render_page(replace(small_page(), network=None))
    assert len(html.encode()) < 100_000
    assert html.count("<script>") == 1
    assert "vis-network" not in html


def test_a_bare_page_needs_only_a_title_and_a_headline() -> None:
    assert "<h1>Nothing is known</h1>" in render_page(Page("Who?", "Nothing is known"))


def test_a_ragged_table_is_refused() -> None:
    with pytest.raises(ValueError, match="row 1 has 1 cells, not 2"):
        Table("t", ("a", "b"), (("x",),))


def write(path: Path) -> None:
    write_pieces([render_page(small_page())], path)


def test_the_same_page_gives_the_same_bytes_and_utf_8_in_any_locale(tmp_path: Path) -> None:
    write(tmp_path / "here.html")
    code = (
        "from pathlib import Path; from tests.views.test_page import write;"
        f"write(Path({str(tmp_path / 'there.html')!r}))"
    )
    root = Path(embed.__file__).parents[2]
    environment = os.environ | {
        "LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0",
        "PYTHONHASHSEED": "7", "PYTHONPATH": str(root),
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=root)
    here, there = (tmp_path / "here.html").read_bytes(), (tmp_path / "there.html").read_bytes()
    assert here == there
    assert "中国化工集团" in here.decode("utf-8")
    assert "Государственный" in here.decode("utf-8")


def test_the_vendored_library_is_the_recorded_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "@version 10.1.5" in embed.vendored("vis-network").source[:300]
    assert (embed.VENDOR / "vis-network.LICENSE-MIT.txt").read_text(encoding="utf-8")
    record = json.loads((embed.VENDOR / "vis-network.json").read_text(encoding="utf-8"))
    (tmp_path / "other.json").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / record["file"]).write_text("changed", encoding="utf-8")
    monkeypatch.setattr(embed, "VENDOR", tmp_path)
    with pytest.raises(RuntimeError, match="recorded SHA-256"):
        embed.vendored("other")
