"""How much of each asset does one owner hold when every chain counts, cycles and all?

Integrated ownership is the sum of the products of the shares along every walk::

    Y = W + W W + W W W + ... = W (I - W)^-1        (W[i, j]: i's direct share of j)

(Brioschi, Buzzacchi, Colombo, "Risk capital financing and the separation of ownership and control
in business groups", Journal of Banking and Finance 13, 1989). A walk may pass its own start again,
so an owner that holds a part of itself, through others or directly, is counted several times and
may come out above 100 %. The correction divides by how often it is met::

    corrected = diag((I - W)^-1)^-1 W (I - W)^-1

(Baldone, Brioschi, Paleari, "Ownership measures among firms connected by cross-shareholdings and a
further analogy with input-output theory", 1998; Chapelle, Szafarz, "Controlling firms through the
majority voting rule", Physica A 355, 2005). Its diagonal is the part of itself that the owner
holds; drop it for network control.

Both rise with every share. The bound on least shares is therefore exact: the completion in which
nobody holds more has it. The bound on greatest shares encloses: no completion is above, and it is
attained where those of an asset sum to no more than the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Ints
from spillover.queries.methods.network import Network
from spillover.queries.methods.network_control import network_control
from spillover.queries.methods.shares import Shares, joined, overstated, room
from spillover.queries.methods.solving import Plan, Solution, System, solve, system

BLOCK: Final = 16
"""So many owners are solved for together where they reach a core."""
_WIDE: Final = 64


def integrated(network: Network, row: int) -> Shares:
    """Integrated ownership of one owner, itself among the assets where it holds of itself.

    Infinite from a closed cycle on. The network must hold every direct owner of what the owner
    reaches.
    """
    least = _solved(network, row, network.low)
    highest = room(network)
    most = least if (highest == network.low).all() else _solved(network, row, highest)
    values = joined((least.row, least.value[:, 0]), (most.row, most.value[:, 0]))
    return Shares(*values, most.closed, max(least.residual, most.residual))


def corrected(network: Network, row: int) -> Shares:
    """Integrated ownership of one owner with its ownership of itself taken out.

    Where the owner stands on a closed cycle the formula divides infinity by infinity; its limit,
    which is network control, stands in its place. No share is above 1 unless the least shares of
    some asset sum to more than the whole.
    """
    raw, control = integrated(network, row), network_control(network, row)
    own = np.flatnonzero(raw.row == row)
    ends = []
    for value, limit in ((raw.low, control.low), (raw.high, control.high)):
        itself = float(value[own[0]]) if len(own) else 0.0
        share = np.zeros(len(value))
        share[np.isin(raw.row, control.row)] = limit
        share[own] = 1
        ends.append(value / (1 + itself) if np.isfinite(itself) else share)
    if not overstated(network).any():
        ends[1] = np.minimum(ends[1], 1)
    endless = not np.isfinite(ends[1]).all()
    return Shares(
        raw.row,
        ends[0],
        ends[1],
        raw.closed if endless else (),
        max(raw.residual, control.residual),
    )


def outside_claims(network: Network, row: int) -> Shares:
    """What the outside holders of one organization have of the value of each, its own included.

    A = Chat (I - C)^-1, where C[i, j] is the part of j that i holds and Chat[i, i] what no
    organization holds of i (Elliott, Golub, Jackson, "Financial Networks and Contagion", American
    Economic Review 104, 2014). The claims on one organization add up to 1. The bounds enclose:
    more held of ``row`` leaves less of it outside.
    """
    shares = integrated(network, row)
    ends = []
    into = network.asset == row
    for value, units in ((shares.low, room(network)), (shares.high, network.low)):
        outside = max(0, WHOLE - int(units[into].sum())) / WHOLE
        whole = dict(zip(shares.row.tolist(), value.tolist(), strict=True))
        whole[row] = whole.get(row, 0.0) + 1
        ends.append({at: outside * share if outside else 0.0 for at, share in whole.items()})
    rows = np.array(sorted(ends[1]))
    low, high = (np.array([end[at] for at in rows.tolist()]) for end in ends)
    return Shares(rows, low, np.minimum(high, 1), shares.closed, shares.residual)


def integrated_each(made: System, rows: Ints) -> Iterator[tuple[Ints, Solution]]:
    """Integrated ownership of many owners: some of them at a time, with a column for each.

    Owners above a core are solved for together, because its elimination then is done once, and
    apart from those who hold little.

    Args:
        made: the system of :func:`down`.
        rows: the owners.
    """
    rows = rows[made.out[rows + 1] > made.out[rows]]
    few = len(rows) <= BLOCK
    above = np.ones(made.size, bool) if few else Plan(made, rows).above_cores()
    for owners, block in ((rows[~above[rows]], _WIDE), (rows[above[rows]], BLOCK)):
        if not len(owners):
            continue
        plan = Plan(made, owners)
        for start in range(0, len(owners), block):
            some = owners[start : start + block]
            found = plan.solve(some, np.eye(len(some)))
            own = np.searchsorted(found.row, some)
            # Walks of no step at all are none.
            found.value[own, np.arange(len(some))] -= 1
            yield some, found


def down(network: Network, units: Ints) -> System:
    """The system in which what an owner holds goes on to what its assets hold."""
    return system(network.size, (network.owner, network.asset), units)


def _solved(network: Network, row: int, units: Ints) -> Solution:
    made, mine = down(network, units), (network.owner == row) & (units > 0)
    return solve(made, network.asset[mine], units[mine, None] / WHOLE)
