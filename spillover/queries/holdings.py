"""Who holds how much of these assets on a day: claims put together, pair by pair.

Claims of one pair that disagree widen to their hull; a denial lowers the floor to zero; a claim
that states no share, or is too old, says only that there is one. Claims that repeat a chain
(``reported_indirect``) stand apart from direct ones and are never added to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import BASIS_CODES, KIND_CODES
from spillover.graph.index import Index
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES, INDIRECT, UNSTATED
from spillover.queries.conditions import Conditions

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

OWNS: Final = KIND_CODES["OWNS"]


@dataclass(frozen=True, slots=True)
class Holdings:
    """One element for each (asset, owner, direct or indirect), in order of the index."""

    asset: Ints
    owner: Ints
    low: Ints
    """Least share in millionths of a percent."""
    high: Ints
    indirect: Flags
    block: Ints
    """The block that an indirect holding repeats; 0 for none."""
    binding: Ints
    """Position in the index of the claim that sets the least share."""


def holdings(
    index: Index, assets: npt.NDArray[Any], when: Conditions, bases: tuple[str, ...]
) -> Holdings:
    """Holdings in these assets, of shares on any of these bases (or on none that is stated)."""
    at, asset = index.into(assets)
    codes = [0, *(BASIS_CODES[basis] for basis in bases)]
    keep = (index.kind[at] == OWNS) & np.isin(index.basis[at], codes) & when.valid(index, at)
    return _by_pair(index, at[keep], asset[keep], when)


def _by_pair(index: Index, at: Ints, asset: Ints, when: Conditions) -> Holdings:
    flags = index.flags[at]
    denial = flags & DENIES != 0
    indirect = flags & INDIRECT != 0
    pair = index.pair[at]
    denied = np.isin(pair, pair[denial])
    claim = ~denial
    at, asset, pair, denied = at[claim], asset[claim], pair[claim], denied[claim]
    indirect = indirect[claim]
    if not len(at):
        none, no = np.empty(0, np.int64), np.empty(0, bool)
        return Holdings(none, none, none, none, no, none, none)
    stated = (index.flags[at] & UNSTATED == 0) & ~when.stale(index, at)
    group = np.flatnonzero(
        np.concatenate(([True], (pair[1:] != pair[:-1]) | (indirect[1:] != indirect[:-1])))
    )
    low = np.where(stated, index.low[at], WHOLE + 1).astype(np.int64)
    high = np.where(stated, index.high[at], -1).astype(np.int64)
    least, most = np.minimum.reduceat(low, group), np.maximum.reduceat(high, group)
    unknown = most < 0
    floor = np.where(unknown | denied[group], 0, least)
    return Holdings(
        asset[group],
        index.source[at[group]].astype(np.int64),
        floor,
        np.where(unknown, WHOLE, most),
        indirect[group],
        index.block[at[group]].astype(np.int64),
        at[_first_least(low, group)],
    )


def _first_least(low: Ints, group: Ints) -> Ints:
    """Position in ``low`` of the first least element of each group."""
    sizes = np.diff(np.append(group, len(low)))
    number = np.repeat(np.arange(len(group)), sizes)
    order = np.lexsort((np.arange(len(low)), low, number))
    return order[group]
