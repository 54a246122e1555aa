"""Small networks of holdings, and their sums over walks by exact fractions: the oracle."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.methods.network import Network
from spillover.queries.methods.shares import Shares

Matrix = list[list[Fraction]]
"""W[i][j]: what i holds directly of j."""

_GRID = (0, 0, 1, 9999, 10_000, 25 * 10**6, 50 * 10**6, 33_333_333, 99_990_000, WHOLE)


def network_of(size: int, held: dict[tuple[int, int], tuple[int, int]]) -> Network:
    """The network of these holdings: (owner, asset) to least and greatest share in units."""
    pairs = sorted(held, key=lambda pair: pair[::-1])
    rows = np.array([(*pair, *held[pair]) for pair in pairs], np.int64).reshape(-1, 4)
    owner, asset, low, high = rows.T
    return Network(np.arange(size), owner, asset, low, high, np.arange(len(pairs)))


@st.composite
def networks(draw: st.DrawFn, *, exact: bool = False, largest: int = 6) -> Network:
    """A network in which no asset's least shares sum over the whole; cycles and self-holdings."""
    size = draw(st.integers(1, largest))
    held: dict[tuple[int, int], tuple[int, int]] = {}
    for asset in range(size):
        left = WHOLE
        for owner in draw(st.lists(st.integers(0, size - 1), unique=True, max_size=4)):
            low = min(left, draw(st.sampled_from((*_GRID, left))))
            left -= low
            high = low if exact else max(low, draw(st.sampled_from((low, low, *_GRID))))
            held[owner, asset] = (low, high)
    return network_of(size, held)


def matrix(network: Network, *, most: bool = False) -> Matrix:
    """W on least or on greatest shares."""
    found = [[Fraction(0)] * network.size for _ in range(network.size)]
    units = network.high if most else network.low
    for owner, asset, share in zip(
        network.owner.tolist(), network.asset.tolist(), units.tolist(), strict=True
    ):
        found[owner][asset] = Fraction(share, WHOLE)
    return found


def solved(rows: Matrix, right: list[Fraction]) -> list[Fraction]:
    """x with rows x = right, by Gaussian elimination. Raises StopIteration when singular."""
    table = [[*row, side] for row, side in zip(rows, right, strict=True)]
    size = len(table)
    for at in range(size):
        pivot = next(row for row in range(at, size) if table[row][at])
        table[at], table[pivot] = table[pivot], table[at]
        table[at] = [value / table[at][at] for value in table[at]]
        for row in range(size):
            if row != at and table[row][at]:
                factor = table[row][at]
                table[row] = [a - factor * b for a, b in zip(table[row], table[at], strict=True)]
    return [row[-1] for row in table]


def walks(shares: Matrix, source: int) -> list[Fraction | None]:
    """Row ``source`` of W + W W + ...; None where the sum is infinite.

    It is infinite from an asset on that a walk reaches and whose owners, theirs and so on are all
    fully held and held by it in turn: what goes in comes round again, and nothing is lost.
    """
    size = len(shares)
    reach = reachable(shares, source)
    upward = [list(column) for column in zip(*shares, strict=True)]
    closed = {
        row
        for row in reach
        if row in (above := reachable(upward, row))
        and all(sum(upward[asset]) == 1 and asset in reachable(shares, row) for asset in above)
    }
    endless = closed.union(*(reachable(shares, row) for row in closed))
    kept = [row for row in range(size) if row in reach and row not in endless]
    inner = [[(i == j) - shares[i][j] for i in kept] for j in kept]
    values = solved(inner, [shares[source][j] for j in kept])
    found: list[Fraction | None] = [Fraction(0)] * size
    for row, value in zip(kept, values, strict=True):
        found[row] = value
    for row in endless:
        found[row] = None
    return found


def reachable(shares: Matrix, source: int) -> set[int]:
    """Everything that one or more steps along positive shares lead to."""
    found: set[int] = set()
    waiting = [source]
    while waiting:
        row = waiting.pop()
        new = {column for column, share in enumerate(shares[row]) if share} - found
        found |= new
        waiting += new
    return found


def opened_at(shares: Matrix, source: int) -> Matrix:
    """The same with nothing held in the source."""
    return [[Fraction(0) if j == source else share for j, share in enumerate(r)] for r in shares]


def by_row(shares: Shares, size: int, *, most: bool = False) -> list[float]:
    """Shares of all rows."""
    found = [0.0] * size
    for row, value in zip(
        shares.row.tolist(), (shares.high if most else shares.low).tolist(), strict=True
    ):
        found[row] = value
    return found


def relabelled(network: Network, order: list[int]) -> Network:
    """The same network with row ``order[i]`` in place of row ``i``."""
    columns = zip(
        network.owner.tolist(),
        network.asset.tolist(),
        network.low.tolist(),
        network.high.tolist(),
        strict=True,
    )
    held = {(order[o], order[a]): (low, high) for o, a, low, high in columns}
    return network_of(network.size, held)
