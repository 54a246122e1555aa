"""How much of each asset does one owner hold when the shares along each chain are multiplied?

The products of the shares along every chain from the owner are added up::

    share(x, y) = sum over chains x -> ... -> y of the product of W[i, j]

A chain may go round in circles below the owner, and does not come back to it: a circle counts as
the geometric series that it is. Indirect ownership of Regulation (EU) 2024/1624 (Article 52: the
shares along the chain multiplied, the chains added up) and of constructive ownership in tax law is
counted so.

Up to :data:`FEW` holdings the shares are exact fractions, and both bounds are attained by some
completion of the unknown shares (see :mod:`spillover.queries.methods.exact_products`). Beyond,
they are floating-point numbers, and the greatest share encloses: it is network control.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from spillover.queries.methods.exact_products import chain_sums
from spillover.queries.methods.network import Network
from spillover.queries.methods.network_control import network_control
from spillover.queries.methods.shares import Shares

FEW: Final = 2000
"""Networks with no more holdings are answered exactly."""


def products(network: Network, row: int) -> Shares:
    """Products along chains of one owner, added up for each other entity that it reaches.

    The network must hold every direct owner of what the owner reaches.
    """
    if len(network.owner) > FEW:
        return network_control(network, row)
    sums = chain_sums(network, row)
    low, high = np.empty(len(sums.low), object), np.empty(len(sums.high), object)
    low[:], high[:] = sums.low, sums.high
    return Shares(network.rows(np.array(sums.entity, np.int64)), low, high)
