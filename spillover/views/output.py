"""How does an answer leave: as a table, JSON, CSV, workbook or page, to the shell or a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from spillover.graph.errors import InputError
from spillover.views import grid, plain
from spillover.views.grid import Grid
from spillover.views.shares import grid as share_grid
from spillover.views.shares import plain as share_plain
from spillover.views.verdicts import grid as verdict_grid
from spillover.views.verdicts import plain as verdict_plain

if TYPE_CHECKING:
    from spillover.graph.rows import Hit
    from spillover.graph.session import Graph
    from spillover.queries.answer import Sources
    from spillover.queries.attribution import Attribution
    from spillover.queries.beneficial_owners import Beneficial
    from spillover.queries.blocked import Blocked
    from spillover.queries.compare import Comparison
    from spillover.queries.exposure import Exposure
    from spillover.queries.gaps import Gaps
    from spillover.queries.power import Power
    from spillover.queries.rulebook import Rule
    from spillover.queries.show import Profile
    from spillover.queries.tree import Tree
    from spillover.queries.why import Why
    from spillover.views.page import Page


@dataclass(frozen=True, slots=True)
class View:
    """One answer in every form, each built when it is asked for; the first grid is its CSV."""

    plain: Callable[[], plain.Plain]
    grids: Callable[[], tuple[Grid, ...]]
    page: Callable[[], Page]
    csv: Callable[[], Grid] | None = None
    """The CSV of an answer whose first grid is only a part of it."""
    sheets: Callable[[], tuple[Grid, ...]] | None = None
    """The sheets of its workbook, where they are others than its grids."""


def deliver(view: View, form: str, output: Path | None) -> None:
    """Write an answer in one form.

    Raises:
        InputError: the file cannot be written, or a workbook is to go to standard output.
    """
    if form == "table" and output is None:
        from spillover.views.terminal import show

        show(*view.grids())
        return
    if form == "xlsx":
        from spillover.views.workbook import write_workbook

        if output is None:
            raise InputError("a workbook goes into a file; name it with -o FILE.xlsx")
        write_workbook((view.sheets or view.grids)(), output)
        return
    write_pieces([_text(view, form)], output)


def _text(view: View, form: str) -> str:
    if form == "json":
        return plain.json_text(view.plain())
    if form == "csv":
        return grid.csv_text(view.csv() if view.csv else view.grids()[0])
    if form == "html":
        from spillover.views.page import render_page

        return render_page(view.page())
    return _table_text(view)


def _table_text(view: View) -> str:
    import io

    from spillover.views.terminal import show

    stream = io.StringIO()
    show(*view.grids(), stream=stream)
    return stream.getvalue()


def write_pieces(pieces: Iterable[str], output: Path | None) -> None:
    """Write texts as UTF-8, whatever the locale says; a file appears whole or not at all.

    Raises:
        InputError: the file cannot be written.
    """
    if output is None:
        sys.stdout.flush()
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
        return
    scratch = output.with_name(f".{output.name}.writing")
    try:
        with scratch.open("wb") as stream:
            for piece in pieces:
                stream.write(piece.encode("utf-8", "backslashreplace"))
        scratch.replace(output)
    except OSError as error:
        raise InputError(
            f"{output}: cannot be written ({error.strerror}); name another file with -o"
        ) from error
    finally:
        scratch.unlink(missing_ok=True)


def blocked_view(answer: Blocked, graph: Graph) -> View:
    """Who is blocked."""

    def grids() -> tuple[Grid, ...]:
        claims = [claim for item in answer.results for claim in (*item.proof, *item.cautions)]
        return verdict_grid.blocked(answer), grid.evidence("Sources of every hop", claims)

    def page() -> Page:
        from spillover.views.verdicts.page import blocked_page

        return blocked_page(answer, graph)

    return View(lambda: verdict_plain.blocked(answer), grids, page)


def why_view(answer: Why, graph: Graph) -> View:
    """Why one entity stands as it does."""

    def page() -> Page:
        from spillover.views.verdicts.page import why_page

        return why_page(answer, graph)

    return View(lambda: verdict_plain.why(answer), lambda: verdict_grid.why(answer), page)


def gaps_view(answer: Gaps) -> View:
    """What to find out first."""

    def grids() -> tuple[Grid, ...]:
        claims = [claim for gap in answer.gaps for fact in gap.facts for claim in fact.claims]
        return verdict_grid.gaps(answer), grid.evidence("What is said of them", claims)

    return _verdicts(verdict_plain.gaps(answer), grids, answer.sources)


def comparison_view(answer: Comparison) -> View:
    """Rules side by side."""
    grids = (verdict_grid.comparison(answer), verdict_grid.differences(answer))
    return _verdicts(verdict_plain.comparison(answer), lambda: grids, answer.sources)


def shares_view(answer: Attribution) -> View:
    """One owner's shares by one method."""
    table = share_grid.attribution(answer)
    return listing(table.title, share_plain.attribution(answer), (table,), answer.sources)


def beneficial_view(answer: Beneficial) -> View:
    """Ultimate owners."""
    table = share_grid.beneficial(answer)
    return listing(table.title, share_plain.beneficial(answer), (table,), answer.sources)


def power_view(answer: Power) -> View:
    """Voting power."""
    table = share_grid.power(answer)
    return listing(table.title, share_plain.power(answer), (table,), answer.sources)


def _verdicts(data: plain.Plain, grids: Callable[[], tuple[Grid, ...]], sources: Sources) -> View:
    def page() -> Page:
        from spillover.views.verdicts.page import tables_page

        return tables_page(grids(), data, sources)

    return View(lambda: data, grids, page)


def rules_view(rules: Sequence[Rule]) -> View:
    """The rules that are known."""
    data = {"rules": [verdict_plain.rule(rule) for rule in rules]}
    return listing("Ownership rules", data, (verdict_grid.rules(rules),))


def rule_view(rule: Rule) -> View:
    """One rule in plain words."""
    return listing(rule.title, verdict_plain.rule_in_full(rule), (verdict_grid.rule(rule),))


def exposure_view(answer: Exposure) -> View:
    """Ranked exposure paths."""
    from spillover.views.exposures import grid as exposure_grid
    from spillover.views.exposures import plain as exposure_plain

    def page() -> Page:
        from spillover.views.report import exposure_page

        return exposure_page(answer)

    def grids() -> tuple[Grid, ...]:
        sources = grid.evidence("Sources of every hop, and what is denied", answer.claims)
        return exposure_grid.exposure(answer), sources

    return View(lambda: exposure_plain.exposure(answer), grids, page)


def tree_view(answer: Tree) -> View:
    """Owners upward or subsidiaries downward."""

    def page() -> Page:
        from spillover.views.pages import tree_page

        return tree_page(answer)

    return View(lambda: plain.tree(answer), lambda: (grid.tree(answer),), page)


def show_view(answer: Profile) -> View:
    """One entity."""

    def page() -> Page:
        from spillover.views.pages import profile_page

        return profile_page(answer)

    return View(lambda: plain.profile(answer), lambda: grid.profile(answer), page)


def search_view(hits: list[Hit], text: str) -> View:
    """Entities found by name."""
    return listing(f"Search: {text}", plain.hits(hits, text), (grid.hits(hits),))


def listing(
    title: str, data: plain.Plain, grids: tuple[Grid, ...], sources: Sources | None = None
) -> View:
    """A view of plain tables; with the datasets they stand on, where they stand on claims."""

    def page() -> Page:
        from spillover.views.pages import listing_page

        return listing_page(title, grids, data, sources)

    return View(lambda: data, lambda: grids, page)
