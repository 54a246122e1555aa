"""What stands on the page of the optimiser: pictures, tables, assumptions, sources, limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import WHOLE, percent_text
from spillover.views import grid
from spillover.views.amounts.figures import Bar, Bars, Matrix, Shift, Shifts, Span, Square, span
from spillover.views.markets.words import part_words
from spillover.views.method import CLAIMS, LIMITS, caption, datasets, table
from spillover.views.optimised import grid as optimise_grid
from spillover.views.optimised import plain as optimise_plain
from spillover.views.optimised.words import (
    NAMES,
    assumptions,
    members_words,
    outcome,
    points_words,
    proven_words,
    question,
)
from spillover.views.page import Page, Section

if TYPE_CHECKING:
    from spillover.queries.markets.lost import Part
    from spillover.queries.optimiser.answer import Choice, Optimum

ROWS: Final = 40
"""Products that a table of the page lists for each set."""
BARS: Final = 25
COLUMNS: Final = 14
CLAIMS_SHOWN: Final = 300

METHOD: Final = (
    """The cut is the part of the product's market that its falling producers have: at least and at
    most, for every way in which the unknown can turn out. Collateral is summed over products, each
    on the count that was asked for where it has one, and where it has several markets on the one
    that loses most.""",
    """A mixed integer program (HiGHS) proposes a set; the exact evaluation decides what falls with
    it, what it cuts and what it costs. Where the program was too hopeful, rows are added that say
    why, and it is solved again. "Proven" means that the solver's bound leaves no better set.""",
    """Of sets that cost the same the smallest is taken. A further set never holds one that was
    offered before it as a whole.""",
)


def optimise_page(answer: Optimum) -> Page:
    """The report on designations and their collateral."""
    proven = all(choice.proven for choice in answer.choices)
    facts = [("As of", answer.when.as_of), ("Candidates", str(len(answer.candidates)))]
    facts.append(("All together cut", part_words(answer.most)))
    if answer.choices:
        facts.append(("Best", "proven" if proven else "not proven"))
    return Page(
        title=question(answer),
        headline=outcome(answer),
        verdict="TIME RAN OUT" if answer.late else "",
        tone="warn" if answer.late else "",
        facts=tuple(facts),
        sections=tuple(_sections(answer)),
        datasets=datasets(answer.sources),
        method=(*METHOD, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=optimise_plain.optimum(answer),
    )


def _sections(answer: Optimum) -> Iterator[Section]:
    found = replace(optimise_grid.sets(answer), note="")
    if not answer.choices:
        yield Section("In short", (f"{outcome(answer)}.", f"{optimise_grid.scope(answer)}."))
    else:
        yield Section(
            "Sets",
            (f"{optimise_grid.scope(answer)}.",),
            tables=(table(found),),
            figures=(_costs(answer),),
        )
        lost = (table(optimise_grid.losses(answer, ROWS)),)
        yield Section("Who else loses", tables=lost, figures=tuple(_losses(answer)))
    if answer.points:
        prices = table(optimise_grid.frontier(answer))
        yield Section("What each effect costs", tables=(prices,), figures=(_frontier(answer),))
    yield Section("Assumptions", assumptions(answer))
    shown = answer.claims[:CLAIMS_SHOWN]
    rest = len(answer.claims) - len(shown)
    note = (f"{rest} further claims are in the data of this page.",) if rest else ()
    sources = grid.evidence("Every share, input and holding", shown, whole=True)
    yield Section("Sources", note, tables=(table(sources),))


def _costs(answer: Optimum) -> Bars:
    """The collateral of each set."""
    bars = [
        Bar(
            f"{number}. {members_words(choice.members, NAMES)}",
            span(*choice.collateral),
            points_words(choice.collateral),
            "warn",
            f"cuts {part_words(choice.effect)}; {proven_words(answer, choice)}",
        )
        for number, choice in enumerate(answer.choices, start=1)
    ]
    said = caption(answer.when, "losses of all products added up; see the assumptions")
    return Bars("Collateral of each set", "percentage points of markets", tuple(bars), None, said)


def _losses(answer: Optimum) -> Iterator[Bars | Matrix]:
    """What the best set costs whom, and all sets side by side."""
    best = answer.choices[0]
    bars = tuple(
        Bar(loss.product.name, span(*loss.part), part_words(loss.part), "bad", loss.reach)
        for loss in best.losses[:BARS]
    )
    said = caption(answer.when, "parts of markets that falling producers have")
    hidden = len(best.losses) - len(bars)
    if bars:
        title = f"Lost with set 1: {members_words(best.members, NAMES)}"
        yield Bars(title, "% of each market", bars, 100.0, said, hidden)
    if len(answer.choices) > 1 and bars:
        yield _matrix(answer, said)


def _matrix(answer: Optimum, said: str) -> Matrix:
    """Sets by the products that lose most in any of them."""
    most: dict[str, int] = {}
    names: dict[str, str] = {}
    for choice in answer.choices:
        for loss in choice.losses:
            most[loss.product.id] = max(most.get(loss.product.id, 0), loss.part.high)
            names[loss.product.id] = loss.product.name
    products = sorted(most, key=lambda product: (-most[product], names[product]))
    shown = products[:COLUMNS]
    return Matrix(
        "What each set costs whom",
        tuple(
            f"{number}. {members_words(choice.members, 2)}"
            for number, choice in enumerate(answer.choices, start=1)
        ),
        tuple(names[product] for product in shown),
        tuple(_cells(choice, shown) for choice in answer.choices),
        said,
        len(products) - len(shown),
    )


def _cells(choice: Choice, products: list[str]) -> tuple[Square, ...]:
    """One set's losses; where nothing is known of a part, it is drawn as unknown."""
    parts = {loss.product.id: loss.part for loss in choice.losses}
    return tuple(_square(parts[product]) if product in parts else _NONE for product in products)


_NONE: Final = Square("", 0)


def _square(part: Part) -> Square:
    unknown = (part.low, part.high) == (0, WHOLE)
    text = "unknown" if unknown else part_words(part)
    return Square(text, None if unknown else (part.low + part.high) / (2 * WHOLE))


def _frontier(answer: Optimum) -> Shifts:
    """Effect and collateral of each point, the collateral as a part of the dearest."""
    dearest = max((point.collateral.high for point in answer.points), default=0) or 1
    rows = [
        Shift(
            f"at least {percent_text(point.need)} %: {members_words(point.members, 2)}",
            span(*point.effect),
            Span(100 * point.collateral.low / dearest, 100 * point.collateral.high / dearest),
            f"cuts {part_words(point.effect)}; {points_words(point.collateral)}",
            "warn",
        )
        for point in answer.points
    ]
    most = percent_text(dearest)
    return Shifts(
        "The least collateral of each effect",
        "%",
        tuple(rows),
        ("cut, % of the market", f"collateral, % of {most} points"),
        caption(answer.when, "sets that cost more and reach less are left out"),
    )
