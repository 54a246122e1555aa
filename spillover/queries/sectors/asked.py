"""What is asked of a table: which sectors are hit, by how much, and in which country each is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from spillover.graph.errors import InputError, NotFoundError
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE, Stake, parse_stake
from spillover.queries.sectors.answer import Basis
from spillover.queries.sectors.economy import MEASURES, Economy, Measure
from spillover.queries.sectors.printed import Ints, Reals
from spillover.queries.sectors.table import Table


def known(measure: str) -> Measure:
    """The measure of this name.

    Raises:
        InputError: none is.
    """
    for one in MEASURES:
        if one == measure:
            return one
    raise InputError(f"measure {measure!r} is unknown; use {', '.join(MEASURES)}")


def part(text: str) -> Stake:
    """The part that is lost: ``30``, or a range ``20-40``, in percent.

    Raises:
        StakeError: the text is no share.
        InputError: nothing would be lost.
    """
    share = parse_stake(text)
    if not share.high:
        raise InputError(f"lost {text!r} is nothing; write a percentage above 0, or a range 20-40")
    return share


def fractions(share: Stake) -> tuple[float, float]:
    """The ends of a share as parts of one."""
    return share.low / WHOLE, share.high / WHOLE


def rows(graph: Graph, table: Table, names: Iterable[str], country: str = "") -> Ints:
    """Rows of the sectors that are named, and of all sectors of a country; sorted.

    Args:
        graph: where the names are looked up.
        table: the table.
        names: ids or names of sectors.
        country: alpha-2 code, or the table's own label of a region; empty for none.

    Raises:
        NotFoundError, AmbiguousError: a name means no entity, or several; or no sector of this
            table, or the table knows no such country.
    """
    place = {sector.number: row for row, sector in enumerate(table.sectors)}
    found: set[int] = set()
    for name in names:
        number = graph.store.find(name)
        if number not in place:
            raise NotFoundError(
                f"{name!r} is no sector of {table.load.dataset.name}; name one by its id, for"
                f" example {table.sectors[0].id if table.sectors else 'io_table:TWN_26'}"
            )
        found.add(place[number])
    if country:
        wanted = country.upper()
        of_it = {
            row
            for row, sector in enumerate(table.sectors)
            if wanted in {sector.country.upper(), sector.region.upper()}
        }
        if not of_it:
            there = ", ".join(sorted({sector.country for sector in table.sectors}))
            raise NotFoundError(
                f"{table.load.dataset.name} has no sector of {country!r}; it has: {there}"
            )
        found |= of_it
    return np.array(sorted(found), np.int64)


def countries(table: Table) -> tuple[list[str], Ints]:
    """The countries of a table, sorted, and the number of each sector's country among them."""
    names, number = np.unique([sector.country for sector in table.sectors], return_inverse=True)
    return names.tolist(), number.astype(np.int64)


def basis(found: Economy) -> Basis:
    """What an answer must say of its table."""
    table, said = found.table, found.table.signals

    def ids(some: Iterable[int]) -> tuple[str, ...]:
        return tuple(table.sectors[row].id for row in some)

    def gap(sizes: Reals) -> tuple[str, float, float]:
        row = int(np.abs(sizes).argmax())
        return table.sectors[row].id, float(sizes[row]), float(np.abs(sizes).sum())

    return Basis(
        load=table.load,
        period=table.period,
        sectors=table.size,
        flows=len(table.flows.value),
        output=float(table.output.sum()),
        idle=ids(said.idle),
        negative_cells=said.negative_cells,
        negative_demand=ids(said.negative_demand),
        negative_added=ids(said.negative_added),
        unshared=said.unshared,
        into_idle=said.into_idle,
        demand_printed=said.demand_printed,
        added_printed=said.costs_gap is not None,
        sales_gap=gap(said.sales_gap),
        costs_gap=None if said.costs_gap is None else gap(said.costs_gap),
        exact=said.exact,
        error=said.error,
        solver=found.system.words,
        residual=found.residual,
    )
