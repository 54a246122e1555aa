"""Who holds how much directly on a day, as the arrays that the methods of ownership run on.

Rows of a network are its entities, numbered from 0; edges are direct holdings, one for each owner
and asset. Holdings that repeat a chain (``reported_indirect``) are no edges: the chain is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from spillover.graph.index import Index
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import BASES, OWNS, Flags, Ints, holdings

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Network:
    """Direct holdings among some entities, in order of (asset, owner)."""

    entity: Ints
    """Entity number of each row, ascending."""
    owner: Ints
    """Row of the owner of each holding."""
    asset: Ints
    """Row of the asset of each holding."""
    low: Ints
    """Least share in millionths of a percent."""
    high: Ints
    """Greatest share; all of the asset where no share is stated."""
    claim: Ints
    """Position in the index of the claim that sets the least share."""

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.entity)

    def rows(self, entities: npt.NDArray[Any]) -> Ints:
        """Rows of these entity numbers, all of which must be in the network."""
        return np.searchsorted(self.entity, entities)


def network(
    index: Index,
    when: Conditions,
    *,
    bases: tuple[str, ...] = BASES,
    among: npt.NDArray[Any] | None = None,
) -> Network:
    """The direct holdings that count on the day; of the whole graph, or among some entities.

    Shares on a basis that is not asked for count as unknown shares, as in every question.
    """
    everyone = np.arange(index.rows) if among is None else np.unique(np.asarray(among, np.int64))
    held = holdings(index, everyone, when, bases)
    inside: Flags = ~held.indirect
    if among is not None:
        inside &= np.isin(held.owner, everyone)
    asset, owner = held.asset[inside], held.owner[inside]
    entity = everyone if among is not None else np.union1d(asset, owner)
    order = np.lexsort((owner, asset))
    return Network(
        entity,
        np.searchsorted(entity, owner[order]),
        np.searchsorted(entity, asset[order]),
        held.low[inside][order],
        held.high[inside][order],
        held.binding[inside][order],
    )


def reachable(
    index: Index, entities: npt.NDArray[Any], when: Conditions, direction: Direction
) -> Ints:
    """These entities and all their owners' owners (up), or all that they hold (down)."""
    seen = np.zeros(index.rows, bool)
    frontier = np.unique(np.asarray(entities, np.int64))
    while len(frontier):
        seen[frontier] = True
        at = index.into(frontier)[0] if direction == "up" else index.out_of(frontier)
        at = at[(index.kind[at] == OWNS)]
        at = at[when.valid(index, at)]
        ends = index.source[at].astype(np.int64) if direction == "up" else index.target(at)
        frontier = np.unique(ends[~seen[ends]])
    return np.flatnonzero(seen)
