"""How does a report become one HTML file that needs nothing else and can be handed on?

``render_page`` takes plain types that know no query. Everything is escaped by the templates;
pictures are given as data and drawn here, so no HTML from outside reaches the page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from spillover.views.amounts.figures import Figure
from spillover.views.amounts.svg import figure_svg
from spillover.views.chart import chart_svg
from spillover.views.collapse import collapse
from spillover.views.embed import TEMPLATES, content_hash, json_block, policy, read_text
from spillover.views.network import Fragment, network_fragment
from spillover.views.picture import Picture, Strip
from spillover.views.strip import strip_svg
from spillover.views.text import clean, safe_url

if TYPE_CHECKING:
    from jinja2 import Environment

Tone = Literal["", "bad", "warn", "good", "muted"]
_TONES: Final = ("", "bad", "warn", "good", "muted")
_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")
_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. ``url`` is evidence: linked when http(s), else shown as text."""

    text: str
    url: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row names the row. ``numeric_columns`` are positions from 0.

    Raises ValueError when a row has not as many cells as there are columns.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    note: str = ""
    numeric_columns: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a ragged table."""
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"table {self.title!r}: row {number} has {len(row)} cells,"
                    f" not {len(self.columns)}"
                )


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. Pictures are drawn as charts, with like siblings collapsed."""

    title: str
    paragraphs: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    strips: tuple[Strip, ...] = ()
    figures: tuple[Figure, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A whole report. ``data`` is what the "Save JSON" button saves: a mapping or JSON text."""

    title: str
    headline: str
    verdict: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    network: Picture | None = None
    datasets: Table | None = None
    method: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    generated: str = ""
    data: Mapping[str, object] | str = ""
    tone: Tone = ""
    """The colour of the verdict badge; its text alone must say what is meant."""


def render_page(page: Page) -> str:
    """The report as one HTML text; the same page gives the same text.

    Raises ValueError when ``data`` is a text that is not JSON.
    """
    fragment = network_fragment(page.network) if page.network is not None else None
    styles, scripts = _styles(fragment), _scripts(fragment)
    allowed = [content_hash(style) for style in styles]
    allowed += fragment.style_hashes if fragment else ()
    return _environment().get_template("page.html.j2").render(
        page=page,
        network=fragment.html if fragment else "",
        sections=[(_anchor(s, number), s) for number, s in enumerate(page.sections, start=1)],
        data=_data(page.data),
        styles=styles,
        scripts=scripts,
        policy=policy(map(content_hash, scripts), allowed),
    )  # fmt: skip


def _styles(fragment: Fragment | None) -> list[str]:
    """The style sheets of the page."""
    return [read_text("page.css"), *([fragment.style] if fragment else [])]


def _scripts(fragment: Fragment | None) -> list[str]:
    """The scripts of the page; without a network, one small one."""
    return [read_text("page.js"), *(fragment.scripts if fragment else ())]


def _data(data: Mapping[str, object] | str) -> str:
    """The embedded JSON, empty when there is none."""
    if not data:
        return ""
    return json_block(json.loads(data) if isinstance(data, str) else dict(data))


def _anchor(section: Section, number: int) -> str:
    """A section's id in the page: letters, digits and hyphens, and unique by its number."""
    slug = _NOT_SLUG.sub("-", (section.anchor or section.title).lower()).strip("-")[:40]
    return (
        section.anchor if slug and slug == section.anchor else f"section-{number}-{slug}".strip("-")
    )


@cache
def _environment() -> Environment:
    """Templates with escaping on, and our own helpers as filters."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        clean=clean,
        safe_url=safe_url,
        as_cell=_as_cell,
        tone=_tone,
        slug=lambda text: _NOT_SLUG.sub("-", clean(text).lower()).strip("-")[:60] or "table",
        chart=lambda picture: chart_svg(collapse(picture)),
        strip=strip_svg,
        figure=figure_svg,
        classes=_classes,
    )
    return environment


def _as_cell(cell: Cell | str) -> Cell:
    """A cell, also from a plain text."""
    return Cell(cell) if isinstance(cell, str) else cell


def _tone(tone: str) -> str:
    """A tone as a class name, none for what is no tone."""
    return f"tone-{tone}" if tone and tone in _TONES else ""


def _classes(position: int, numeric: Sequence[int], cell: Cell | None = None) -> str:
    """The class attribute of a cell: numbers and dates do not wrap, tones are coloured."""
    names = ["number" if position in numeric else ""]
    if cell is not None:
        names += ["date" if _DATE.fullmatch(cell.text) else "", _tone(cell.tone)]
    return " ".join(filter(None, names))
