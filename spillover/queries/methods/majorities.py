"""What does one owner hold together with everything of which it so holds a majority?

The least fixpoint from one owner: an asset is held when the owner's direct share and the shares of
what is already held add up to more than half; each holder counts once, and a company's holding in
itself counts for nobody. Because it is the least fixpoint, a circle of cross-holdings never holds
itself. Shares are intervals: *certain* is the fixpoint on least shares; *possible* the one on
greatest shares, where the holders can have at most what the asset's other owners leave.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.index import Index
from spillover.graph.stake import WHOLE
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import BASES, OWNS
from spillover.queries.methods.network import Network, network, reachable

HALF: Final = WHOLE // 2
"""A majority is more than this."""


class Held(NamedTuple):
    """The fixpoint from one owner on one bound."""

    share: dict[int, int]
    """By row of the asset: what owner and holders have together, in millionths of a percent."""
    majority: list[int]
    """Rows of which that is a majority, in the order in which they were reached."""


class Majorities:
    """The same network, asked for several owners."""

    def __init__(self, net: Network) -> None:
        others = np.flatnonzero(net.owner != net.asset)
        order = others[np.argsort(net.owner[others], kind="stable")]
        self._start = np.searchsorted(net.owner[order], np.arange(net.size + 1))
        self._asset, self._low, self._high = net.asset[order], net.low[order], net.high[order]
        self._total = np.zeros(net.size, np.int64)
        np.add.at(self._total, net.asset, net.low)

    def of(self, owner: int, *, most: bool) -> Held:
        """The fixpoint from this row, on greatest shares or on least ones."""
        low: dict[int, int] = {}
        high: dict[int, int] = {}
        share: dict[int, int] = {}
        majority: list[int] = []
        counted = {owner}
        waiting = [owner]
        while waiting:
            holder = waiting.pop()
            part = slice(self._start[holder], self._start[holder + 1])
            columns = (column[part].tolist() for column in (self._asset, self._low, self._high))
            for asset, least, greatest in zip(*columns, strict=True):
                if asset == owner:
                    continue
                low[asset] = low.get(asset, 0) + least
                high[asset] = high.get(asset, 0) + greatest
                share[asset] = self._most(asset, low[asset], high[asset]) if most else low[asset]
                if share[asset] > HALF and asset not in counted:
                    counted.add(asset)
                    waiting.append(asset)
                    majority.append(asset)
        return Held(share, majority)

    def _most(self, asset: int, low: int, high: int) -> int:
        """What holders can have at most beside the least shares of the others.

        Least shares over the whole contradict each other, and nobody knows which of them is wrong:
        then they leave no limit.
        """
        total = int(self._total[asset])
        room = WHOLE if total > WHOLE else WHOLE - total + low
        return max(min(high, room), low)


def below(
    index: Index,
    owners: npt.NDArray[Any],
    when: Conditions,
    *,
    bases: tuple[str, ...] = BASES,
) -> Network:
    """The network that a question about these owners needs: all that they reach, and its owners."""
    reached = reachable(index, owners, when, "down")
    at, _ = index.into(reached)
    at = at[index.kind[at] == OWNS]
    at = at[when.valid(index, at)]
    return network(index, when, bases=bases, among=np.append(reached, index.source[at]))
