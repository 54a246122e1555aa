"""How do losses of sectors become tables: by sector, by country, the direct flows, the table?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.grid import Cell, Grid, Rows
from spillover.views.sectors import words as sectors_words
from spillover.views.sectors.words import loss, number, percent

if TYPE_CHECKING:
    from spillover.queries.sectors.answer import Amount, Basis, Directs, SectorLosses, SectorRanks


_MATRIX: Final = 12
"""So many countries stand in the table of who loses with whom."""


def title(answer: SectorLosses) -> str:
    """What was asked."""
    hit = sectors_words.targets(answer.targets)
    verb = "loses" if len(answer.targets) == 1 else "lose"
    return (
        f"Output lost if {hit} {verb} {sectors_words.part(answer.part, answer.measure)},"
        f" {sectors_words.about(answer)}"
    )


def sectors(answer: SectorLosses) -> Grid:
    """One row for each sector, the largest loss first."""
    rows: Rows = [
        (
            line.sector.name + (" [target]" if line.target else ""),
            line.sector.id,
            number(line.output),
            *(_lost(amount, line.output) for amount in line.losses),
        )
        for line in answer.sectors
    ]
    columns = f"Sector|Id|Output|{_columns(answer)}"
    return grid.made(title(answer), columns, rows, "; ".join(notes(answer)))


def countries(answer: SectorLosses) -> Grid:
    """One row for each country, targets left out."""
    rows: Rows = [
        (
            line.name,
            line.country,
            f"{line.sectors:,}",
            number(line.output),
            *(_lost(amount, line.output) for amount in line.losses),
        )
        for line in answer.countries
    ]
    more = answer.countries_left_out
    return grid.made(
        "By country, without the targets",
        f"Country|Code|Sectors|Output|{_columns(answer)}",
        rows,
        f"{more} more countries are not shown" if more else "",
    )


def _columns(answer: SectorLosses) -> str:
    first, second = (sectors_words.MODELS[model] for model in answer.models)
    return f"{first[0].upper()}{first[1:]}|{second[0].upper()}{second[1:]}"


def _lost(amount: Amount, output: float) -> str:
    return f"{loss(amount)} ({percent(amount, output)})" if output > 0 else loss(amount)


def notes(answer: SectorLosses) -> list[str]:
    """Totals, and what must be said."""
    said = [
        f"{sectors_words.MODELS[model]} ({sectors_words.part(answer.part, model)}):"
        f" {loss(every)} in all, the targets {loss(own)}, all others"
        f" {loss(sectors_words.others(every, own))}"
        for model, every, own in zip(answer.models, answer.all_sectors, answer.own, strict=True)
    ]
    if answer.sectors_left_out:
        said.append(f"{answer.sectors_left_out:,} sectors with smaller losses are not shown")
    said += [sectors_words.UNIT, sectors_words.NO_RANGE]
    return said


def directs(answer: SectorLosses) -> Grid:
    """From whom the targets buy, and to whom they sell."""
    rows = _directs("buys from", answer.suppliers) + _directs("sells to", answer.customers)
    rows.append(("sells to itself", "the targets", number(answer.itself), "-", "-"))
    return grid.made(
        f"Direct flows of {sectors_words.targets(answer.targets)}",
        "Direction|Sector|Flow|Of all such flows|Id",
        rows,
        f"{answer.suppliers.left_out:,} suppliers and {answer.customers.left_out:,} customers are"
        " not shown",
    )


def _directs(direction: str, found: Directs) -> Rows:
    return [
        (
            direction,
            direct.sector.name,
            number(direct.flow),
            f"{100 * direct.flow / found.total:.1f} %" if found.total > 0 else "-",
            direct.sector.id,
        )
        for direct in found.largest
    ]


def sources(answer: SectorLosses) -> Grid:
    """The claims of the largest direct flows, with the flow that each prints."""
    claims = [
        claim
        for found in (answer.suppliers, answer.customers)
        for direct in found.largest
        for claim in direct.claims
    ]
    return grid.evidence("Sources of the largest direct flows", claims, whole=True)


def basis(found: Basis) -> Grid:
    """The table, and what must be said of it."""
    rows: Rows = [
        ("table", found.load.dataset.title),
        ("dataset", Cell(found.load.dataset.name, found.load.dataset.url)),
        ("period", found.period or "undated"),
        ("sectors", f"{found.sectors:,}"),
        ("flows", f"{found.flows:,}"),
        ("output of all sectors", number(found.output)),
        *(("note", text) for text in sectors_words.signals(found)),
    ]
    return grid.made("The table", "Field|Value", rows)


def ranks(answer: SectorRanks) -> Grid:
    """One row for each sector or country, the most costly first."""
    rows: Rows = [
        (
            rank.name,
            rank.sector.id if rank.sector else rank.country,
            number(rank.output),
            loss(rank.total),
            loss(rank.others),
            loss(rank.abroad),
            percent(rank.total, answer.basis.output),
        )
        for rank in answer.ranks
    ]
    kind = "Country" if answer.by_country else "Sector"
    return grid.made(
        rank_title(answer),
        f"{kind}|Id|Output|Lost by all|By all others|Abroad|Of all output",
        rows,
        "; ".join(rank_notes(answer)),
    )


def rank_title(answer: SectorRanks) -> str:
    """What was asked."""
    kind = "Countries" if answer.by_country else "Sectors"
    lost = sectors_words.part(answer.part, answer.measure)
    return (
        f"{kind} that cost most, each alone losing {lost},"
        f" by {sectors_words.MEASURES[answer.measure]}, {sectors_words.about(answer)}"
    )


def rank_notes(answer: SectorRanks) -> list[str]:
    """What is left out, and what must be said."""
    said = []
    if answer.left_out:
        said.append(f"{answer.left_out:,} that cost less are not shown")
    if answer.solved < answer.basis.sectors and not answer.by_country:
        said.append(
            f"worked out for {answer.solved:,} of {answer.basis.sectors:,} sectors; a bound proves"
            " that no other costs as much"
        )
    return [*said, sectors_words.UNIT]


def matrix(answer: SectorRanks) -> Grid:
    """Who loses with whom: a row for each country that is hit."""
    told = answer.ranks[:_MATRIX]
    rows: Rows = [
        (rank.name, *(f"≈ {number(value)}" for value in line[: len(told)]))
        for rank, line in zip(told, answer.matrix or (), strict=False)
    ]
    columns = "|".join(["Without", *(rank.country for rank in told)])
    hidden = len(answer.ranks) - len(told)
    return grid.made(
        "Output that countries lose with each other",
        columns,
        rows,
        f"{hidden} more countries are not shown" if hidden else "",
    )
