"""Which flows, coefficients and final demand has one input-output table, ready to compute with?

The index holds every flow as a share of its buyer's output, between two neighbouring millionths of
a percent. Times the printed output that is the flow to within a hundred-millionth of the output;
where the table prints so few decimals that only one number fits, that is the printed flow itself.
Each buyer's flows are added up and compared with what its inputs are printed to be, so that the
answer can say for how many sectors the flows are proven to be exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.graph.errors import InputError
from spillover.graph.rows import Load
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES, UNSTATED
from spillover.queries.conditions import Conditions
from spillover.queries.sectors.printed import Ints, Printed, Reals, Sector, printed, summed

_INPUT_TO: Final = KIND_CODES["INPUT_TO"]
_HALF: Final = 0.5
"""Sums of printed numbers that differ by less than this part of the last place are the same."""
_MARGIN: Final = 2.1
"""A printed number is told from its neighbours when they stand more than two errors apart."""


class Flows(NamedTuple):
    """Flows between sectors that buy with an output above 0."""

    seller: Ints
    """Row of the sector that sells."""
    buyer: Ints
    value: Reals
    """In the unit of the table."""
    position: Ints
    """Its claim in the index."""


class Signals(NamedTuple):
    """What must be said of a table before its figures are used."""

    idle: tuple[int, ...]
    """Rows of sectors with an output of 0: what they buy counts as final demand."""
    negative_cells: int
    """Cells of final demand below 0."""
    negative_demand: tuple[int, ...]
    """Rows of sectors whose whole final demand is below 0."""
    negative_added: tuple[int, ...]
    """Rows of sectors that buy for more than their output."""
    unshared: int
    """Flows below 0 or above the buyer's output: they are in the model as they are printed."""
    into_idle: float
    """What sectors without an output are printed to buy."""
    demand_printed: bool
    """False: the table prints no final demand, so that it is what output leaves over."""
    sales_gap: Reals
    """By sector: output less what it is printed to sell. It counts as final demand that no shock
    hits."""
    costs_gap: Reals | None
    """By sector: output less what it is printed to buy and to add; None where nothing is printed
    of value added. It counts as value added."""
    exact: int
    """Sectors whose flows add up to the inputs that are printed."""
    error: float
    """The most by which a flow of another sector can differ from what is printed."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One table of n sectors."""

    load: Load
    period: str
    sectors: tuple[Sector, ...]
    output: Reals
    """x, as printed."""
    demand: Reals
    """Final demand of each sector, as printed."""
    cells: tuple[Ints, Ints, Reals]
    """Sector, column and value of the cells of final demand; one column where none is printed."""
    added: Reals
    """Output less inputs: value added, with taxes and whatever else is paid."""
    flows: Flows
    signals: Signals

    @property
    def size(self) -> int:
        """Number of sectors."""
        return len(self.sectors)

    def coefficients(self) -> Reals:
        """A, for each flow: the flow by its buyer's output."""
        found: Reals = self.flows.value / self.output[self.flows.buyer]
        return found


def read(graph: Graph, load: Load, when: Conditions) -> Table:
    """The table of one load.

    Raises:
        InputError: the table speaks of a later day, is too old or less sure than was asked for;
            or several tables are in one dataset; or an output is below 0.
    """
    said = printed(graph, load)
    flows, unshared, into_idle, error = _flows(graph, load, when, said)
    size = len(said.sectors)
    bought = summed(flows.buyer, flows.value, size)
    sold = summed(flows.seller, flows.value, size)
    printed_demand = summed(said.demand[0], said.demand[2], size)
    demand = printed_demand if said.columns else said.output - sold
    idle = said.output == 0
    proven = idle | ((error == 0) & (np.abs(bought - said.inputs) * 10.0**said.places < _HALF))
    signals = Signals(
        idle=_rows(idle),
        negative_cells=int((said.demand[2] < 0).sum()),
        negative_demand=_rows(demand < 0),
        negative_added=_rows((said.output - bought < 0) & ~idle),
        unshared=unshared,
        into_idle=into_idle,
        demand_printed=bool(said.columns),
        sales_gap=said.output - sold - demand,
        costs_gap=None if said.below is None else said.output - bought - said.below,
        exact=int(proven.sum()),
        error=float(error.max(initial=0.0)),
    )
    added = np.where(idle, 0.0, said.output - bought)
    cells = said.demand
    if not said.columns:  # one column, of the whole world
        wanted = np.flatnonzero(demand)
        cells = (wanted, np.zeros(len(wanted), np.int64), demand[wanted])
    return Table(load, said.period, said.sectors, said.output, demand, cells, added, flows, signals)


def _rows(found: npt.NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(np.flatnonzero(found).tolist())


def _flows(
    graph: Graph, load: Load, when: Conditions, said: Printed
) -> tuple[Flows, int, float, Reals]:
    """The flows; how many state no share, what idle sectors buy, and the most each can be off."""
    index = graph.index
    at = _claims(graph, load, when, said)
    row_of = np.zeros(index.rows, np.int64)
    row_of[[sector.number for sector in said.sectors]] = np.arange(len(said.sectors))
    seller, buyer = row_of[index.source[at]], row_of[index.target(at)]
    unstated = index.flags[at] & UNSTATED != 0
    value, error = _values(index.low[at], index.high[at], buyer, said)
    value[unstated] = _as_printed(graph, index.relation[at[unstated]].tolist())
    busy = said.output[buyer] > 0
    flows = Flows(seller[busy], buyer[busy], value[busy], at[busy])
    return (
        flows,
        int((unstated & busy).sum()),
        float(value[~busy].sum()),
        error,
    )


def _claims(graph: Graph, load: Load, when: Conditions, said: Printed) -> Ints:
    """Positions of the claims of this load that count on the day.

    What another dataset observed later does not take their place: a table counts as a whole.
    """
    index = graph.index
    found, _ = index.into(np.array([sector.number for sector in said.sectors], np.int64))
    at: Ints = found[(index.kind[found] == _INPUT_TO) & (index.flags[found] & DENIES == 0)]
    segments = graph.store.rows(
        "SELECT first_relation, count FROM segment WHERE load = ? ORDER BY first_relation",
        (load.num,),
    )
    first, count = np.array(segments or [(0, 0)], np.int64).T
    place = np.searchsorted(first, index.relation[at], side="right") - 1
    at = at[(place >= 0) & (index.relation[at] < (first + count)[place])]
    counts = (index.first[at] <= when.day) & (index.last[at] >= when.day)
    counts &= (index.confidence[at] >= when.level) & ~when.stale(index, at)
    if len(at) and not counts.all():
        raise InputError(
            f"{load.dataset.name} speaks of {said.period or 'an unknown day'}, which does not"
            f" count on {when.as_of} for this age and confidence; change --as-of, --max-age or"
            " --min-confidence"
        )
    return at


def _values(
    low: npt.NDArray[np.int32], high: npt.NDArray[np.int32], buyer: Ints, said: Printed
) -> tuple[Reals, Reals]:
    """Flows rebuilt from shares of the output, and by buyer the most that one can be wrong."""
    output = said.output[buyer]
    value = (low.astype(np.float64) + high) / 2 / WHOLE * output
    unit = said.output / WHOLE
    scale = 10.0**said.places
    told = unit * scale * _MARGIN < 1
    rounded = np.rint(value * scale[buyer]) / scale[buyer]
    return np.where(told[buyer], rounded, value), np.where(told, 0.0, unit)


def _as_printed(graph: Graph, numbers: list[int]) -> list[float]:
    """The printed flows of these claims."""
    relations = graph.store.relations(numbers)
    return [float(relations[number][0].properties["flow"][0]) for number in numbers]
