"""What counts in a question: the claims of the day, shares that are assumed, undisclosed owners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.graph.index import Index
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import BASES, Flags, Holdings, Ints, holdings, with_control


@dataclass(frozen=True, slots=True)
class Ledger:
    """A graph, and under which conditions it is read."""

    graph: Graph
    when: Conditions
    assumed: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """Direct share of an (owner, asset) that is taken for granted, in millionths of a percent."""
    open_world: bool = False
    """Whether the share that no declared owner holds can be anybody's."""

    @property
    def index(self) -> Index:
        """The arrays of the graph."""
        return self.graph.index

    def held(
        self, assets: npt.NDArray[Any], bases: tuple[str, ...], *, parents: bool = True
    ) -> Holdings:
        """Holdings in these assets; with ``parents`` stated ones without a holding, too."""
        found = holdings(self.index, assets, self.when, bases)
        if parents:
            found = with_control(self.index, assets, self.when, found)
        return self._assuming(found) if self.assumed else found

    def _assuming(self, held: Holdings) -> Holdings:
        wanted = np.array([asset * self.index.rows + owner for owner, asset in self.assumed])
        shares = np.array(list(self.assumed.values()), np.int64)
        pair = held.asset * self.index.rows + held.owner
        order = np.argsort(wanted)
        place = np.minimum(np.searchsorted(wanted[order], pair), len(wanted) - 1)
        hit = (wanted[order][place] == pair) & held.plain
        value = shares[order][place]
        return Holdings(
            held.asset,
            held.owner,
            np.where(hit, value, held.low),
            np.where(hit, value, held.high),
            *(held.indirect, held.block, held.joint, held.binding, held.widest),
        )

    def ties(self, kind: str, entities: npt.NDArray[Any]) -> tuple[Ints, Ints, Flags]:
        """Claims of one kind about these entities that count on the day.

        Returns:
            Position, entity and whether another claim of the pair denies it, of each that asserts.
        """
        index = self.index
        at, about = index.into(entities)
        keep = index.kind[at] == KIND_CODES[kind]
        at, about = at[keep], about[keep]
        keep = self.when.valid(index, at)
        at, about = at[keep], about[keep]
        denial = index.flags[at] & DENIES != 0
        same = index.pair[at].astype(np.int64)
        if kind == "ACTS_JOINTLY":  # who denies one arrangement does not deny another
            same = same * (int(index.key[at].max(initial=0)) + 1) + index.key[at]
        denied = np.isin(same, same[denial])
        return at[~denial], about[~denial], denied[~denial]

    def undisclosed(self, assets: Ints) -> tuple[Ints, Ints]:
        """What the declared direct owners of each (sorted) asset leave over: least and greatest."""
        held = self.held(assets, BASES, parents=False)
        row = np.searchsorted(assets, held.asset)
        alone = held.plain
        low, high = np.zeros(len(assets), np.int64), np.zeros(len(assets), np.int64)
        np.add.at(low, row[alone], held.low[alone])
        np.add.at(high, row[alone], held.high[alone])
        for (asset, _), same in held.joint_groups(row).items():
            low[asset] += held.low[same].max()
            high[asset] += held.high[same].max()
        return np.maximum(0, WHOLE - high), np.maximum(0, WHOLE - low)
