"""How much of each asset does one owner command through all chains, but never through itself?

Network control cuts the holdings in the owner before the chains are summed, so that no walk comes
back to it::

    control of i = W_i (I - B)^-1        with B = W but column i zero

(Vitali, Glattfelder, Battiston, "The network of global corporate control", PLoS ONE 6(10), 2011,
supporting information, section 3). Off the diagonal it equals corrected integrated ownership, and
it exists in closed cycles, too. It is the probability that a walk from the asset up to a random
owner, each as likely as its share, ever meets the one, and so never above 1.

It rises with every share: the bound on least shares is exact, and the bound on greatest shares
encloses.
"""

from __future__ import annotations

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Ints
from spillover.queries.methods.network import Network
from spillover.queries.methods.shares import Shares, joined, overstated, room
from spillover.queries.methods.solving import Solution, solve, system


def network_control(network: Network, row: int) -> Shares:
    """Network control of one owner over each other entity that it reaches.

    Infinite only where least shares sum to more than the whole, and go round. The network must
    hold every direct owner of what the owner reaches.
    """
    least = controlled(network, row, network.low)
    highest = room(network)
    most = least if (highest == network.low).all() else controlled(network, row, highest)
    rows, low, high = joined((least.row, least.value[:, 0]), (most.row, most.value[:, 0]))
    if not overstated(network).any():
        high = np.minimum(high, 1)
    closed = () if np.isfinite(high).all() else most.closed
    return Shares(rows, low, high, closed, max(least.residual, most.residual))


def controlled(network: Network, row: int, units: Ints) -> Solution:
    """The same for these shares of the holdings."""
    units = np.where(network.asset == row, 0, units)
    mine = (network.owner == row) & (units > 0)
    made = system(network.size, (network.owner, network.asset), units)
    return solve(made, network.asset[mine], units[mine, None] / WHOLE)
