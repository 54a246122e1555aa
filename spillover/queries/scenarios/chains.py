"""Which claims repeat a chain of holdings that a scenario changes?"""

from __future__ import annotations

from typing import Final

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.tables import DENIES, INDIRECT
from spillover.queries.scenarios.draft import Draft, Ints

_HOLDING: Final = (KIND_CODES["OWNS"], KIND_CODES["CONTROLS"])


def repeated(draft: Draft, owner: int, asset: int) -> Ints:
    """Positions of claims that repeat a chain of holdings in which the owner holds the asset.

    Their source is the owner or stands above it, and their target is the asset or stands below it,
    by direct holdings and stated control that count on the day.
    """
    while True:
        above, below = _reach(draft, owner, upward=True), _reach(draft, asset, upward=False)
        if draft.look_along(above, below):
            break
    index = draft.index
    at = index.out_of(above)
    at = at[np.isin(index.kind[at], _HOLDING) & (index.flags[at] & INDIRECT != 0)]
    at = at[np.isin(index.target(at), below) & (index.last[at] >= draft.day)]
    own = (index.source[at] == owner) & (index.target(at) == asset)
    found: Ints = at[~own]
    return found


def _reach(draft: Draft, start: int, *, upward: bool) -> Ints:
    """An entity and everybody above (or below) it; sorted."""
    index, when = draft.index, draft.conditions
    found = frontier = np.array([start], np.int64)
    while len(frontier):
        at = index.into(frontier)[0] if upward else index.out_of(frontier)
        at = at[np.isin(index.kind[at], _HOLDING)]
        at = at[index.flags[at] & (DENIES | INDIRECT) == 0]
        at = at[when.valid(index, at)]
        ends = index.source[at].astype(np.int64) if upward else index.target(at)
        frontier = np.setdiff1d(ends, found)
        found = np.union1d(found, frontier)
    return found
