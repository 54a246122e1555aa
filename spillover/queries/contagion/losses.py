"""What does each firm lose when some close, for one or for many draws of the amounts?

The cascade of the Economic Systemic Risk Index (Diem, Borsos, Reisch, Kertesz, Thurner, Scientific
Reports 12:7719, 2022). A firm loses output *downstream* as inputs fail to arrive: of each essential
good the part that is lost, the largest of these counts; of the other inputs their sum. What a
supplier loses is passed on only as far as nobody of its industry stands in: by its size over what
is left of the industry, at most 1. *Upstream* it loses the sales to customers who lose output.

Both are monotone in the losses and in every part, so the rounds from the closed firms upward reach
the least fixpoint from below, and parts at their least (greatest) give the least (greatest) loss.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.queries.contagion.network import Floats, Ints, Network, Parts, group_of


class Losses(NamedTuple):
    """Part of its output that each firm loses, 0 to 1: ``[n]``, or ``[n, draws]``."""

    down: Floats
    """For want of inputs."""
    up: Floats
    """For want of customers."""
    rounds: int
    """Rounds of the longer of the two."""
    settled: bool
    """False: the rounds ran out before the changes fell below the tolerance."""

    @property
    def both(self) -> Floats:
        """The larger loss of each firm."""
        return np.maximum(self.down, self.up)


def losses(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    network: Network,
    parts: Parts,
    closed: npt.ArrayLike,
    *,
    replaceable: bool = True,
    tolerance: float = 1e-9,
    rounds: int = 10_000,
) -> Losses:
    """Losses of every firm when these close, in every draw.

    Args:
        network: the network.
        parts: its amounts as parts, of one shape: one column for each draw.
        closed: positions of the firms that close.
        replaceable: whether others of its industry stand in for a supplier.
        tolerance: rounds end when no loss changes by more.
        rounds: and after so many at the latest.
    """
    wide = parts.sales.shape[1:]
    own = np.zeros((len(network), *wide))
    own[np.asarray(closed, np.int64)] = 1.0
    if not len(network.supplier):
        return Losses(own, own.copy(), 0, settled=True)
    down, first, done = _settle(_Down(network, parts, replaceable), own, tolerance, rounds)
    up, second, also = _settle(_Up(network, parts), own, tolerance, rounds)
    return Losses(down, up, max(first, second), settled=done and also)


def score(loss: Floats, size: Floats) -> Floats:
    """The index: loss of all output as a part of it, ``[]`` or ``[draws]``."""
    whole = size.sum(axis=0)
    lost: Floats = (size * loss).sum(axis=0)
    found: Floats = np.divide(lost, whole, out=np.zeros_like(lost), where=whole > 0)
    return found


def passed_on(
    network: Network, parts: Parts, found: Losses, *, replaceable: bool = True
) -> tuple[Floats, Floats]:
    """What each edge adds to the losses: to that of its customer, and to that of its supplier."""
    if not len(network.supplier):
        return np.zeros_like(parts.sales), np.zeros_like(parts.sales)
    down = found.down * _Down(network, parts, replaceable).unreplaced(found.down)
    inputs = np.maximum(parts.essential, parts.linear) * down[network.supplier]
    return inputs, parts.sales * found.up[network.customer]


class _Down:
    """One round of lost inputs."""

    def __init__(self, network: Network, parts: Parts, replaceable: bool) -> None:  # noqa: FBT001 - private
        self.network, self.parts, self.replaceable = network, parts, replaceable
        group = group_of(network)
        self.groups = _begins(group)
        self.of_customer = _begins(network.customer[self.groups])
        self.customers = _begins(network.customer)
        self.hit = network.customer[self.customers]
        count = int(network.industry.max()) + 1
        self.supply = np.zeros((count, *parts.size.shape[1:]))
        np.add.at(self.supply, network.industry, parts.size)

    def __call__(self, loss: Floats) -> Floats:
        network, parts = self.network, self.parts
        passed = (loss * self.unreplaced(loss))[network.supplier]
        essential = np.add.reduceat(parts.essential * passed, self.groups, axis=0)
        most = np.maximum.reduceat(essential, self.of_customer, axis=0)
        linear = np.add.reduceat(parts.linear * passed, self.customers, axis=0)
        found = np.zeros_like(loss)
        found[self.hit] = np.minimum(np.maximum(most, linear), 1.0)
        return found

    def unreplaced(self, loss: Floats) -> Floats:
        """How far nobody stands in for each supplier."""
        if not self.replaceable:
            return np.ones_like(loss)
        size, industry = self.parts.size, self.network.industry
        lost = np.zeros_like(self.supply)
        np.add.at(lost, industry, size * loss)
        left = (self.supply - lost)[industry]
        found: Floats = np.divide(size, left, out=np.ones_like(loss), where=left > size)
        return found


class _Up:
    """One round of lost sales."""

    def __init__(self, network: Network, parts: Parts) -> None:
        order = np.argsort(network.supplier, kind="stable")
        self.sales, self.customer = parts.sales[order], network.customer[order]
        self.suppliers = _begins(network.supplier[order])
        self.hit = network.supplier[order][self.suppliers]

    def __call__(self, loss: Floats) -> Floats:
        found = np.zeros_like(loss)
        lost = np.add.reduceat(self.sales * loss[self.customer], self.suppliers, axis=0)
        found[self.hit] = np.minimum(lost, 1.0)
        return found


def _settle(
    step: _Down | _Up, own: Floats, tolerance: float, rounds: int
) -> tuple[Floats, int, bool]:
    loss = own
    for made in range(1, rounds + 1):
        found = np.maximum(own, step(loss))
        change = float((found - loss).max())
        loss = found
        if change <= tolerance:
            return loss, made, True
    return loss, rounds, False


def _begins(keys: Ints) -> Ints:
    """Where each run of equal keys begins."""
    return np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
