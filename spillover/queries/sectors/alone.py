"""Which sectors, or countries, would cost all others most, each taken alone?

The loss of every sector alone needs the diagonal of the inverse, which for large tables is as dear
as the inverse itself. But its column sums m come from one solution, and a bound of the rest from
the table: with no coefficient below 0 the diagonal is at least 1 / (1 - a_jj), so that the loss by
extraction is at most p x_j m_j / ((1 - p) + p / (1 - a_jj)). Sectors are worked out in order of
that bound until no other can come among the top: the ranking is exact, and few columns are solved
for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from spillover.queries.sectors.economy import LOSSES, Economy, Measure, Shock
from spillover.queries.sectors.printed import Ints, Reals, summed

_BATCH: Final = 32


class Alone(NamedTuple):
    """What one sector or country costs when it alone is hit."""

    group: int
    """Row of the sector, or number of the country."""
    total: float
    """Output that all sectors lose."""
    own: float
    """Of it, what the sector itself loses, or the country itself."""
    home: float
    """Of it, what its country loses."""


def sectors_alone(
    found: Economy, measure: Measure, part: float, *, country: Ints, top: int
) -> tuple[tuple[Alone, ...], int]:
    """The sectors whose loss is largest, and for how many it was worked out.

    No other can stand among them. Of equal ones the first in the table comes first.

    Args:
        found: the table and its system.
        measure: the model.
        part: what each loses, from 0 to 1.
        country: number of each sector's country.
        top: how many.
    """
    bound = _bound(found, measure, part)
    order = np.argsort(-bound, kind="stable")
    rows: list[Alone] = []
    solved = 0
    while solved < len(order):
        best = sorted((row.total for row in rows), reverse=True)[:top]
        if len(best) == top and best[-1] >= bound[order[solved]]:
            break
        batch = order[solved : solved + _BATCH]
        rows += worked_out(found, measure, Shock(batch, part), country)
        solved += len(batch)
    rows.sort(key=lambda row: (-row.total, row.group))
    return tuple(rows[:top]), solved


def _bound(found: Economy, measure: Measure, part: float) -> Reals:
    """The most that each sector alone can cost; exact but for extraction."""
    table = found.table
    if measure == "leontief":
        return part * np.maximum(table.demand, 0) * found.calls
    if measure == "ghosh":
        reached = found.system.solve(table.output)
        added = np.maximum(table.added, 0)
        zeros = np.zeros(table.size)
        return part * np.divide(added, table.output, out=zeros, where=table.output > 0) * reached
    if (found.coefficients < 0).any():
        return np.full(table.size, np.inf)
    seller, buyer = found.ends
    own = seller == buyer
    itself = summed(seller[own], found.coefficients[own], table.size)
    return part * table.output * found.calls / ((1 - part) + part / (1 - itself))


def worked_out(found: Economy, measure: Measure, shock: Shock, country: Ints) -> Iterator[Alone]:
    """Each of these sectors alone: its column of the inverse, or its row, times what it loses."""
    table, (rows, part) = found.table, shock
    if measure == "ghosh":
        lines = found.system.lines(rows)
        lost = np.divide(
            np.maximum(table.added[rows], 0),
            table.output[rows],
            out=np.zeros(len(rows)),
            where=table.output[rows] > 0,
        )
        losses = part * lines * table.output[:, None] * lost
    else:
        columns = found.system.columns(rows)
        direct = np.maximum(table.demand[rows], 0)
        if measure == "extraction":
            itself = columns[rows, np.arange(len(rows))]
            direct = table.output[rows] / ((1 - part) + part * itself)
        losses = columns * (part * direct)
    for at, row in enumerate(rows.tolist()):
        loss = losses[:, at]
        home = float(loss[country == country[row]].sum())
        yield Alone(row, float(loss.sum()), float(loss[row]), home)


def countries_alone(
    found: Economy, measure: Measure, part: float, *, country: Ints
) -> tuple[tuple[Alone, ...], Reals]:
    """Every country with all its sectors, the most costly first; and who loses with whom.

    Returns:
        The countries, and a matrix: what the country of each column loses with that of the row.
    """
    count = int(country.max(initial=-1)) + 1
    matrix = np.zeros((count, count))
    for one in range(count):
        loss = LOSSES[measure](found, Shock(np.flatnonzero(country == one), part))
        matrix[one] = summed(country, loss, count)
    rows = [
        Alone(one, float(matrix[one].sum()), float(matrix[one, one]), float(matrix[one, one]))
        for one in range(count)
    ]
    rows.sort(key=lambda row: (-row.total, row.group))
    return tuple(rows), matrix
