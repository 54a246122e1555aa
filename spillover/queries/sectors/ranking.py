"""Which sectors, or which countries, would cost most output if each alone were hit?"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.queries.answer import sources
from spillover.queries.conditions import Conditions
from spillover.queries.sectors import asked
from spillover.queries.sectors.alone import Alone, countries_alone, sectors_alone, worked_out
from spillover.queries.sectors.answer import Amount, Rank, SectorRanks
from spillover.queries.sectors.economy import Economy, Measure, Shock, economy
from spillover.queries.sectors.printed import chosen, summed
from spillover.queries.sectors.table import read
from spillover.queries.sectors.wording import wording


class Found(NamedTuple):
    """The most costly, for how many that was worked out, and who loses with whom."""

    ranks: tuple[Rank, ...]
    solved: int
    matrix: tuple[tuple[float, ...], ...] | None


def sector_ranking(  # noqa: PLR0913 - the question, and by keyword its conditions
    graph: Graph,
    when: Conditions,
    *,
    measure: str = "extraction",
    lost: str = "100",
    by_country: bool = False,
    dataset: str = "",
    top: int = 50,
) -> SectorRanks:
    """The sectors, or the countries with all their sectors, that cost most, each taken alone.

    Args:
        graph: the graph.
        when: day, age and confidence of the table.
        measure: ``extraction``, ``leontief`` or ``ghosh``.
        lost: part of its sales, demand or value added that each loses: percent, or a range. They
            are ranked by what the greatest part costs.
        by_country: rank countries.
        dataset: the table, where the graph holds several.
        top: how many.

    Raises:
        NotFoundError: no such table.
        InputError: an unknown measure, a bad percentage, several tables, or a table that cannot
            be solved.
    """
    measured, part = asked.known(measure), asked.part(lost)
    found = economy(read(graph, chosen(graph.store, dataset), when))
    ranks, solved, matrix = (_countries if by_country else _sectors)(found, measured, part, top)
    groups = len(asked.countries(found.table)[0]) if by_country else found.table.size
    return SectorRanks(
        when=when,
        measure=measured,
        part=part,
        by_country=by_country,
        ranks=ranks,
        left_out=groups - len(ranks),
        solved=solved,
        matrix=matrix,
        basis=asked.basis(found),
        sources=sources(graph),
    )


def _sectors(found: Economy, measure: Measure, part: Stake, top: int) -> Found:
    table, (least, most) = found.table, asked.fractions(part)
    _, country = asked.countries(table)
    high, solved = sectors_alone(found, measure, most, country=country, top=top)
    rows = np.array([one.group for one in high], np.int64)
    low = worked_out(found, measure, Shock(rows, least), country)
    ranks = []
    for small, great in zip(low, high, strict=True):
        sector = table.sectors[great.group]
        output = float(table.output[great.group])
        amounts = _amounts(small, great)
        ranks.append(Rank(sector.name, sector, sector.country, output, *amounts))
    return Found(tuple(ranks), solved, None)


def _countries(found: Economy, measure: Measure, part: Stake, top: int) -> Found:
    table, (least, most) = found.table, asked.fractions(part)
    codes, country = asked.countries(table)
    names = wording(table.sectors).countries
    high, matrix = countries_alone(found, measure, most, country=country)
    low = {one.group: one for one in high}
    if least != most:
        low = {one.group: one for one in countries_alone(found, measure, least, country=country)[0]}
    output = summed(country, table.output, len(codes)).tolist()
    told = [one.group for one in high[:top]]
    ranks = tuple(
        Rank(
            names[codes[one.group]],
            None,
            codes[one.group],
            output[one.group],
            *_amounts(low[one.group], one),
        )
        for one in high[:top]
    )
    among = tuple(map(tuple, matrix[np.ix_(told, told)].tolist()))
    return Found(ranks, len(codes), among)


def _amounts(low: Alone, high: Alone) -> tuple[Amount, Amount, Amount]:
    """What all lose, what the others lose, and what other countries lose."""
    return (
        Amount(low.total, high.total),
        Amount(low.total - low.own, high.total - high.own),
        Amount(low.total - low.home, high.total - high.home),
    )
