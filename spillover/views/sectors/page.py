"""What stands on a page about sectors: the losses drawn, the tables, sources, method, limits?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import format_stake
from spillover.views.method import LIMITS, datasets, table
from spillover.views.page import Page, Section
from spillover.views.sectors import figures as sectors_figures
from spillover.views.sectors import grid as sectors_grid
from spillover.views.sectors import plain as sectors_plain
from spillover.views.sectors import words as sectors_words

if TYPE_CHECKING:
    from spillover.queries.sectors.answer import Basis, SectorLosses, SectorRanks

METHOD: Final = {
    "extraction": """Hypothetical extraction: a part of all that the targets sell, to sectors and to
    final demand, is sold no more, and the table is solved anew. Buyers go on producing: what is
    lost further on is what the targets and their suppliers no longer buy. Where nobody steps in,
    the missing goods come from outside the table; where others step in, each buyer gets them from
    the same industry elsewhere, in proportion to what it buys there already (global
    extraction).""",
    "leontief": """Leontief's model: final demand for the targets' goods falls, and with it what
    they buy, and what their suppliers buy. Inputs are used in fixed proportions. It says who loses
    sales upstream.""",
    "ghosh": """Ghosh's model: the targets' value added falls, and with it what they deliver, in
    fixed proportions to all buyers, who produce so much less. It says whom missing supply can
    reach downstream. As a model of quantities it is implausible (Oosterhaven, Journal of Regional
    Science 28, 1988): buyers are hit in proportion to the value of an input, whether they could do
    without it or not. Read it as an ordering, or as a model of prices (Dietzenbacher, Journal of
    Regional Science 37, 1997).""",
}
EXACT: Final = """Flows are rebuilt from the exact shares of the graph and compared with the sums
    that the table prints; losses are estimates in floating-point numbers, marked by ≈."""
TABLES: Final = (
    """Sectors are averages of many firms; the table is of one year, and its proportions are taken
    to stay as they are. No stocks, no prices, no time, no limits of capacity.""",
    """Nothing here is a forecast. The two models stand for two ends of what is assumed; the truth
    need not lie between them.""",
)


def losses_page(answer: SectorLosses) -> Page:
    """The report on losses with targets."""
    sectors, countries = sectors_grid.sectors(answer), sectors_grid.countries(answer)
    words = [f"{text[0].upper()}{text[1:]}." for text in sectors_grid.notes(answer)]
    return Page(
        title=sectors.title,
        headline=_headline(answer),
        facts=(
            *_facts(answer.basis),
            ("As of", answer.when.as_of),
            ("Lost", sectors_words.part(answer.part, answer.measure)),
        ),
        sections=(
            Section("In short", tuple(words)),
            Section(
                "Countries",
                tables=(table(countries),),
                figures=(sectors_figures.countries(answer), sectors_figures.pattern(answer)),
            ),
            Section(
                "Sectors",
                tables=(table(replace(sectors, note="")),),
                figures=(sectors_figures.sectors(answer), sectors_figures.shifts(answer)),
            ),
            Section(
                "Direct flows",
                tables=(table(sectors_grid.directs(answer)),),
                figures=(sectors_figures.flows(answer),),
            ),
            Section("Sources", tables=(table(sectors_grid.sources(answer)),)),
            Section("The table", tables=(table(sectors_grid.basis(answer.basis)),)),
        ),
        datasets=datasets(answer.sources),
        method=_method(*answer.models),
        limits=(*TABLES, *LIMITS),
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=sectors_plain.losses(answer),
    )


def _headline(answer: SectorLosses) -> str:
    """What all others lose, by both models."""
    first, second = (
        f"{sectors_words.loss(sectors_words.others(every, own))} ({sectors_words.MODELS[model]})"
        for model, every, own in zip(answer.models, answer.all_sectors, answer.own, strict=True)
    )
    return f"All other sectors together: {first} or {second}"


def _facts(basis: Basis) -> tuple[tuple[str, str], ...]:
    return (
        ("Table", f"{basis.load.dataset.name}, {basis.period or 'undated'}"),
        ("Sectors", f"{basis.sectors:,}"),
        ("Unit", "as the table prints it"),
    )


def _method(*models: str) -> tuple[str, ...]:
    named = dict.fromkeys("extraction" if model == "substituted" else model for model in models)
    return (*(METHOD[model] for model in named), EXACT)


def ranks_page(answer: SectorRanks) -> Page:
    """The report on what each costs alone."""
    ranks = sectors_grid.ranks(answer)
    among = answer.matrix is not None
    figures = (sectors_figures.among(answer),) if among else ()
    return Page(
        title=ranks.title,
        headline=f"{answer.ranks[0].name} would cost most" if answer.ranks else ranks.title,
        facts=(
            *_facts(answer.basis),
            ("As of", answer.when.as_of),
            ("Lost", format_stake(answer.part)),
        ),
        sections=(
            Section(
                "Ranking", tables=(table(ranks),), figures=(sectors_figures.ranks(answer), *figures)
            ),
            *(
                (Section("Who loses with whom", tables=(table(sectors_grid.matrix(answer)),)),)
                if among
                else ()
            ),
            Section("The table", tables=(table(sectors_grid.basis(answer.basis)),)),
        ),
        datasets=datasets(answer.sources),
        method=_method(answer.measure),
        limits=(*TABLES, *LIMITS),
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=sectors_plain.ranks(answer),
    )
