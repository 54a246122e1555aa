"""Which companies does each of these owners control by majority?

The company control problem of the Datalog literature::

    x controls y  when  W[x, y] + sum of W[z, y] over all z that x controls  >  0.5

strictly more than half, each controlled owner counted once, the least fixpoint. Sources: Ceri,
Gottlob, Tanca, "Logic Programming and Databases" (1990); Gulino, Ceri, Gottlob, Sallinger,
Bellomarini, "Distributed Company Control in Company Shareholding Graphs", ICDE 2021.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spillover.queries.methods.majorities import Majorities
from spillover.queries.methods.network import Network


@dataclass(frozen=True, slots=True)
class Control:
    """One pair in which there is control, for certain or possibly."""

    controller: int
    """Entity number."""
    controlled: int
    certain: bool
    """True: for every completion of the unknown shares; False: for some."""
    low: int
    """What the controller and all that it controls hold of it at least, in millionths of a
    percent."""
    high: int
    """The same at most."""


def majority_control(net: Network, owners: Iterable[int] | None = None) -> tuple[Control, ...]:
    """All pairs of control, by entity numbers of controller and controlled.

    Args:
        net: direct holdings with all owners of each asset that the owners can reach
            (:func:`spillover.queries.methods.majorities.below`).
        owners: rows; None for every owner of the network.
    """
    majorities = Majorities(net)
    rows = set(net.owner.tolist()) if owners is None else set(owners)
    found = []
    for row in sorted(rows):
        least, most = (majorities.of(row, most=bound) for bound in (False, True))
        certain = set(least.majority)
        found += [
            Control(
                int(net.entity[row]),
                int(net.entity[asset]),
                asset in certain,
                least.share.get(asset, 0),
                most.share[asset],
            )
            for asset in sorted(most.majority)
        ]
    return tuple(found)
