"""Which sectors and countries lose output when some sectors are hit, directly and further on?

Each measure is told beside another one, so that the two ends of what is assumed stand together:
who loses demand (Leontief) beside who loses supply (Ghosh), and what is lost with a sector
(hypothetical extraction) when nobody takes its place beside when the same industry elsewhere does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.queries.answer import sources
from spillover.queries.conditions import Conditions
from spillover.queries.sectors import asked
from spillover.queries.sectors.answer import (
    Amount,
    CountryLoss,
    Pair,
    Pattern,
    SectorLoss,
    SectorLosses,
)
from spillover.queries.sectors.direct import directs
from spillover.queries.sectors.economy import BESIDE, LOSSES, Economy, Model, Shock, economy
from spillover.queries.sectors.printed import Flags, Ints, Reals, chosen, summed
from spillover.queries.sectors.table import Table, read
from spillover.queries.sectors.wording import Words, wording

_PATTERN: Final = 12
"""Countries and industries that the pattern shows."""


def sector_losses(  # noqa: PLR0913 - the question, and by keyword its conditions
    graph: Graph,
    targets: Iterable[str],
    when: Conditions,
    *,
    country: str = "",
    measure: str = "extraction",
    lost: str = "100",
    dataset: str = "",
    top: int = 50,
) -> SectorLosses:
    """Output that all sectors lose with these ones, by the input-output table of the graph.

    Args:
        graph: the graph.
        targets: ids or names of sectors.
        when: day, age and confidence of the table.
        country: all its sectors are targets, too: alpha-2 code, or the table's label of a region.
        measure: ``extraction``, ``leontief`` or ``ghosh``.
        lost: part of their sales, demand or value added that targets lose: percent, or a range.
        dataset: the table, where the graph holds several.
        top: sectors and countries to tell at most.

    Raises:
        NotFoundError, AmbiguousError: a target, the country or the table.
        InputError: no target, an unknown measure, a bad percentage, several tables, or a table
            that cannot be solved.
    """
    measured, part = asked.known(measure), asked.part(lost)
    table = read(graph, chosen(graph.store, dataset), when)
    rows = asked.rows(graph, table, targets, country)
    if not len(rows):
        raise InputError("no sector is named; name one, or a country with --country")
    found = economy(table)
    first, second = (_both(found, model, rows, part) for model in BESIDE[measured])
    losses = Losses(np.stack(first), np.stack(second))
    hit = np.zeros(table.size, bool)
    hit[rows] = True
    words = wording(table.sectors)
    lines, left_out = _sectors(table, losses, hit, top)
    countries = _countries(table, losses, hit, words)
    suppliers, customers = directs(graph, table, hit, when)
    return SectorLosses(
        when=when,
        measure=measured,
        models=BESIDE[measured],
        part=part,
        targets=tuple(table.sectors[row] for row in rows.tolist()),
        all_sectors=losses.of(np.ones(table.size, bool)),
        own=losses.of(hit),
        sectors=lines,
        sectors_left_out=left_out,
        countries=countries[:top],
        countries_left_out=max(0, len(countries) - top),
        suppliers=suppliers,
        customers=customers,
        itself=float(table.flows.value[hit[table.flows.seller] & hit[table.flows.buyer]].sum()),
        pattern=_pattern(table, np.where(hit, 0, losses.first[1]), hit, words),
        basis=asked.basis(found),
        sources=sources(graph),
    )


class Losses(NamedTuple):
    """Losses of all sectors by two models: a line when the least part is lost, one for most."""

    first: Reals
    second: Reals

    def of(self, rows: Flags | Ints) -> Pair:
        """What these sectors lose together."""
        first, second = (Amount(*one[:, rows].sum(axis=1).tolist()) for one in self)
        return first, second


def _both(found: Economy, model: Model, rows: Ints, part: Stake) -> tuple[Reals, Reals]:
    """The losses when the least and when the greatest part is lost."""
    least, most = asked.fractions(part)
    greatest = LOSSES[model](found, Shock(rows, most))
    return (greatest if least == most else LOSSES[model](found, Shock(rows, least))), greatest


def _sectors(
    table: Table, losses: Losses, hit: Flags, top: int
) -> tuple[tuple[SectorLoss, ...], int]:
    """The sectors that lose or gain, the largest loss first; and how many are not told."""
    touched = np.flatnonzero(np.concatenate(losses).any(axis=0))
    first, second = losses.first[1][touched], losses.second[1][touched]
    order = touched[np.lexsort((touched, -second, -first))]
    lines = tuple(
        SectorLoss(
            table.sectors[row],
            float(table.output[row]),
            losses.of(np.array([row])),
            bool(hit[row]),
        )
        for row in order[:top].tolist()
    )
    return lines, len(order) - len(lines)


def _countries(table: Table, losses: Losses, hit: Flags, words: Words) -> tuple[CountryLoss, ...]:
    """The countries, the largest loss first; without the targets."""
    names, number = asked.countries(table)
    lines = []
    for at, name in enumerate(names):
        others = (number == at) & ~hit
        if others.any():
            output = float(table.output[others].sum())
            pair = losses.of(others)
            lines.append(CountryLoss(name, words.countries[name], int(others.sum()), output, pair))
    lines.sort(key=lambda line: (-line.losses[0].most, -line.losses[1].most, line.country))
    return tuple(lines)


def _pattern(table: Table, loss: Reals, hit: Flags, words: Words) -> Pattern:
    """The countries and industries that lose most, and what each pair of them loses."""
    countries, place = asked.countries(table)
    codes, kind = np.unique([sector.industry for sector in table.sectors], return_inverse=True)
    shape = len(countries), len(codes)
    cell = place * shape[1] + kind
    lost, output = (
        summed(cell, values, shape[0] * shape[1]).reshape(shape)
        for values in (loss, np.where(hit, 0, table.output))
    )
    rows, columns = (np.argsort(-lost.sum(axis=axis), kind="stable")[:_PATTERN] for axis in (1, 0))
    return Pattern(
        tuple(words.countries[countries[at]] for at in rows.tolist()),
        tuple(words.industries[str(codes[at])] for at in columns.tolist()),
        tuple(map(tuple, lost[np.ix_(rows, columns)].tolist())),
        tuple(map(tuple, output[np.ix_(rows, columns)].tolist())),
        sum(shape) - len(rows) - len(columns),
    )
