"""What does a method of ownership answer for one owner: its share of each asset, at both bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Flags, Ints
from spillover.queries.methods.network import Network


@dataclass(frozen=True, slots=True)
class Shares:
    """One element for each asset, in order of row; shares are parts of 1."""

    row: Ints
    low: npt.NDArray[Any]
    """Least share: floats, or fractions where the method is exact; infinite where unbounded."""
    high: npt.NDArray[Any]
    closed: tuple[Ints, ...] = ()
    """Rows of each closed cycle from which on a bound is infinite."""
    residual: float = 0.0
    """Residual of the solution, relative to its largest value; 0 for exact shares."""
    error: float = 0.0
    """Greatest standard error of a share that is sampled; 0 for shares that are computed."""


def joined(
    least: tuple[Ints, npt.NDArray[Any]], most: tuple[Ints, npt.NDArray[Any]]
) -> tuple[Ints, npt.NDArray[Any], npt.NDArray[Any]]:
    """Rows with a greatest share above zero, with their least and greatest shares.

    Args:
        least: rows, ascending, and their values on least shares.
        most: the same on greatest shares; whatever has a least share is among them.
    """
    row, high = most[0][most[1] > 0], most[1][most[1] > 0]
    low = np.zeros(len(row))
    kept = np.isin(least[0], row)
    low[np.searchsorted(row, least[0][kept])] = least[1][kept]
    return row, low, np.maximum(high, low)


def room(network: Network) -> Ints:
    """Greatest share of each holding: at most what the asset's other owners leave over.

    Each one is attained by some completion, but not all of one asset at once, where they sum to
    more than the whole. Where least shares already do, they contradict each other and nobody
    knows which is wrong: then they limit nothing.

    The network must hold every direct owner of the assets.
    """
    taken = np.zeros(network.size, np.int64)
    np.add.at(taken, network.asset, network.low)
    total = taken[network.asset]
    left = np.where(total > WHOLE, WHOLE, WHOLE - total + network.low)
    return np.maximum(network.low, np.minimum(network.high, left))


def overstated(network: Network) -> Flags:
    """For each row whether its owners are said to hold more than the whole of it, at the least."""
    taken = np.zeros(network.size, np.int64)
    np.add.at(taken, network.asset, network.low)
    return taken > WHOLE
