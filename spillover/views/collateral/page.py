"""What stands on the page of collateral losses: pictures, tables, assumptions, sources, limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.views.collateral import figures
from spillover.views.collateral import grid as collateral_grid
from spillover.views.collateral import plain as collateral_plain
from spillover.views.grid import Grid
from spillover.views.markets.words import evidence, falls_words, part_words
from spillover.views.method import CLAIMS, LIMITS, datasets, table
from spillover.views.page import Page, Section, Table

if TYPE_CHECKING:
    from spillover.queries.markets.collateral_answer import Collateral

ROWS: Final = 40
"""Rows of each table on the page."""
CLAIMS_SHOWN: Final = 300

METHOD: Final = (
    """Lost is the part of a market that its own producers had who fall. Shares are intervals;
    together they are at most the whole, and both bounds hold for every way in which the unknown
    can turn out. Counts of firms and of countries are never added up; where both say what is lost,
    the range holds what either says.""",
    """At risk is what cannot be made any longer: what is lost of the product itself; of its inputs
    the largest risk, for nothing replaces an input; of its kinds the part that they are of it. The
    least solution counts, so that products which need each other do not put each other at risk
    out of nothing.""",
    """Concentration (HHI) is the sum of squared shares in percent, 10,000 for one producer alone.
    At least, what the stated shares leave is split among infinitely many; at most, one has it.
    Afterwards the rest of the market is the whole. The US Department of Justice and the Federal
    Trade Commission call a market above 1,800 points highly concentrated, and a rise by more
    than 100 points significant (Merger Guidelines of 2023, Guideline 1).""",
    """To fill a gap alone, a producer would have to grow by the lost share over its own; all who
    remain together by the lost share over what is not lost.""",
)


def collateral_page(answer: Collateral) -> Page:
    """The report on collateral losses."""
    at_risk = collateral_grid.risks(answer, ROWS)
    return Page(
        title=at_risk.title,
        headline=_headline(answer),
        facts=_facts(answer),
        sections=tuple(_sections(answer)),
        datasets=datasets(answer.sources),
        method=(*METHOD, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=collateral_plain.collateral(answer),
    )


def _sections(answer: Collateral) -> Iterator[Section]:
    at_risk = collateral_grid.risks(answer, ROWS)
    yield Section("In short", _short(answer))
    if answer.risks:
        chart = figures.bars(answer)
        yield Section("What is at risk", tables=(_numbers(at_risk, 1, 2),), figures=(chart,))
    if answer.markets:
        losses, shifts = collateral_grid.losses(answer, ROWS), figures.shifts(answer)
        drawn = (shifts,) if shifts.rows else ()
        yield Section("What markets lose", tables=(_numbers(losses, 3, 4, 5),), figures=drawn)
        yield Section(
            "How the shock flows",
            ("Every band stands in the tables, too.",),
            figures=(figures.flows(answer),),
        )
    if answer.bystanders:
        hit = collateral_grid.downstream(answer, ROWS)
        yield Section(
            "Who is downstream", tables=(_numbers(hit, 2),), figures=(figures.matrix(answer),)
        )
    if answer.sampled is not None:
        from spillover.views.samples.bars import bars
        from spillover.views.samples.grid import grids

        told = tuple(table(part) for part in grids(answer.sampled, ROWS))
        yield Section("What is likely", tables=told, figures=(bars(answer.sampled),))
    if answer.fallen:
        yield Section("Who falls", tables=(table(collateral_grid.fallen(answer, ROWS)),))
    yield Section("What this supposes", answer.assumptions)
    claims = evidence("Every share and link", answer.first_claims, CLAIMS_SHOWN)
    yield Section("Sources", tables=(table(claims),))


def _numbers(source: Grid, *columns: int) -> Table:
    """A table of which these columns are numbers, and do not wrap."""
    return replace(table(source), numeric_columns=columns)


def _headline(answer: Collateral) -> str:
    """What is lost and at risk at worst."""
    named = falls_words(answer.targets, answer.countries, answer.fallen)
    if not answer.risks:
        return f"No product is known that {named} would take with it"
    first = answer.risks[0]
    return (
        f"Without {named}, {part_words(first.at_risk)} of {first.product.name} would be at risk,"
        f" and {len(answer.risks) - 1} more products"
    )


def _facts(answer: Collateral) -> tuple[tuple[str, str], ...]:
    return (
        ("As of", answer.when.as_of),
        ("Rule", answer.law.id if answer.law else "none"),
        ("Producers that fall", str(sum(item.certain for item in answer.fallen))),
        ("Producers that can fall", str(sum(not item.certain for item in answer.fallen))),
    )


def _short(answer: Collateral) -> tuple[str, ...]:
    """The answer in sentences."""
    said = [answer.remark] if answer.remark else []
    own = sum(risk.lost is not None for risk in answer.risks)
    sure = sum(risk.at_risk.low > 0 for risk in answer.risks)
    said.append(
        f"{own} products lose producers; {len(answer.risks)} can be at risk, {sure} of them"
        " for certain."
    )
    blank = sum(loss.unquantified > 0 for loss in answer.markets)
    if blank:
        said.append(
            f"In {blank} counts of markets a producer that falls has a share that nobody states:"
            " unknown, not nothing."
        )
    return tuple(said)
