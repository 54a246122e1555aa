"""Who are the ultimate owners of an entity, and how much of it does each hold through all chains?

Ownership is followed upward. Shares along a chain are multiplied, chains are added up, and an
owner is ultimate where the search ends: at a person, or at an entity that declares no owner. What
goes round in a cycle is the geometric series that it is. What enters a closed cycle, whose members
hold all of each other, never comes out: it has no ultimate owner, and the cycle is named with it.
What no declared owner accounts for is unattributed. For every completion of the unknown shares::

    sum of ultimate owners + closed cycles + unattributed = 1

The least share of an owner is exact: some completion has it. The greatest encloses. Up to
:data:`FEW` holdings and owners shares are exact fractions, and both bounds of an owner are
attained. Source of the counting: Regulation (EU) 2024/1624, Article 52.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np

from spillover.queries.holdings import Flags, Ints
from spillover.queries.methods.exact_products import chain_sums
from spillover.queries.methods.network import Network
from spillover.queries.methods.shares import overstated, room
from spillover.queries.methods.solving import Plan, Reals, Solution, System, system

FEW: Final = 300
"""Up to so many holdings, and a tenth of it ultimate owners, shares are exact."""

Part = Fraction | float


@dataclass(frozen=True, slots=True)
class Share:
    """Share of one ultimate owner, as parts of 1."""

    row: int
    low: Part
    high: Part


@dataclass(frozen=True, slots=True)
class Cycle:
    """Entities that hold parts of each other on the way up."""

    rows: tuple[int, ...]
    low: Part
    """Least part of the subject that enters it and never comes out; 0 where it is not closed."""
    high: Part


@dataclass(frozen=True, slots=True)
class Beneficial:
    """The answer for one entity."""

    owners: tuple[Share, ...]
    """By greatest share, then by row."""
    cycles: tuple[Cycle, ...]
    unattributed: tuple[Part, Part]
    """Least and greatest part of the subject that no declared owner accounts for."""
    overstated: tuple[int, ...]
    """Rows whose owners are said to hold over 100 %, at the least: nothing is sure above them."""


def beneficial(network: Network, row: int, persons: Flags) -> Beneficial:
    """Ultimate owners of one entity.

    Args:
        network: direct holdings with all owners of everything above the entity.
        row: the entity.
        persons: for each row whether it is a person, with whom the search ends.
    """
    network = _without_owners(network, persons)
    highest = room(network)
    reached = Plan(_up(network, highest), np.array([row])).reached
    owned = np.zeros(network.size, bool)
    owned[network.asset[network.high > 0]] = True
    ends = reached[~owned[reached] & (reached != row)]
    least, most = _Walk(network, row, network.low), _Walk(network, row, highest)
    cycles = _cycles(least, most)
    low, high = least.value[ends].tolist(), most.endless[ends].tolist()
    exact = _exact(network, row, ends)
    sums = exact if exact is not None else list(zip(ends.tolist(), low, high, strict=True))
    faults = reached[overstated(network)[reached]]
    closed = sum(cycle.low for cycle in cycles)
    certain = sum((share for _, share, _ in sums), start=closed)
    shares = []
    for at, share, greatest in sums:
        left = 1 - certain + share
        capped = greatest if len(faults) else min(greatest, max(share, left))
        shares.append(Share(at, share, capped))
    possible = sum((share.high for share in shares), start=sum(cycle.high for cycle in cycles))
    return Beneficial(
        tuple(sorted(shares, key=lambda share: (-share.high, -share.low, share.row))),
        cycles,
        (max(0, 1 - possible), min(1, max(0, 1 - certain))),
        tuple(faults.tolist()),
    )


class _Walk:
    """The way up from an entity for one choice of the shares."""

    def __init__(self, network: Network, row: int, units: Ints) -> None:
        start, one = np.array([row]), np.ones((1, 1))
        plan = Plan(_up(network, units), start)
        found = plan.solve(start, one)
        self.cycles, self.closed = plan.cycles(), found.closed
        self.endless = _on_rows(network, found)
        """Value of each row; infinite above a closed cycle."""
        if self.closed:
            # A closed cycle ends the way: its members pass nothing on, and keep what they get.
            inside = np.isin(network.asset, np.concatenate(self.closed))
            found = Plan(_up(network, np.where(inside, 0, units)), start).solve(start, one)
        self.value = _on_rows(network, found)
        """The same where closed cycles end the way."""


def _on_rows(network: Network, found: Solution) -> Reals:
    value = np.zeros(network.size)
    value[found.row] = found.value[:, 0]
    return value


def _cycles(least: _Walk, most: _Walk) -> tuple[Cycle, ...]:
    """Every cycle on the way up; those that are or may be closed with what enters them."""
    sure, maybe = (
        {tuple(rows.tolist()): min(1.0, float(walk.value[rows].sum())) for rows in walk.closed}
        for walk in (least, most)
    )
    every = {tuple(rows.tolist()) for rows in most.cycles} | sure.keys()
    found = []
    for rows in sorted(every):
        low = sure.get(rows, 0)
        found.append(Cycle(rows, low, max(low, maybe.get(rows, 0))))
    return tuple(found)


def _exact(network: Network, row: int, ends: Ints) -> list[tuple[int, Fraction, Fraction]] | None:
    """Least and greatest share of each of these owners; None where they are too many."""
    if len(network.owner) > FEW or len(ends) > FEW // 10:
        return None
    entity = int(network.entity[row])
    found = []
    for end in ends.tolist():
        sums = chain_sums(network, end)
        at = sums.entity.index(entity)
        found.append((end, sums.low[at], sums.high[at]))
    return found


def _without_owners(network: Network, persons: Flags) -> Network:
    kept = ~persons[network.asset]
    columns = (network.owner, network.asset, network.low, network.high, network.claim)
    owner, asset, low, high, claim = (column[kept] for column in columns)
    return replace(network, owner=owner, asset=asset, low=low, high=high, claim=claim)


def _up(network: Network, units: Ints) -> System:
    """The system in which a part of an asset goes to each of its owners."""
    return system(network.size, (network.asset, network.owner), units)
