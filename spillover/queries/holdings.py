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
CONTROLS: Final = KIND_CODES["CONTROLS"]


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
    """The block that all its claims repeat; 0 for none."""
    binding: Ints
    """Position in the index of the claim that sets the least share."""
    widest: Ints
    """Position of the claim that sets the greatest share."""


def holdings(
    index: Index, assets: npt.NDArray[Any], when: Conditions, bases: tuple[str, ...]
) -> Holdings:
    """Holdings in these assets, as shares on any of these bases.

    Whoever is said to hold on another basis, or on none that is stated, holds an unknown share.
    """
    at, asset = index.into(assets)
    keep = (index.kind[at] == OWNS) & when.valid(index, at)
    codes = np.array([BASIS_CODES[basis] for basis in bases])
    return _by_pair(index, at[keep], asset[keep], when, codes=codes)


def with_control(
    index: Index, assets: npt.NDArray[Any], when: Conditions, bases: tuple[str, ...]
) -> Holdings:
    """The same, and as unknown shares the entities whose stated controllers state no holding.

    "Parent of" says that there is probably a share, and not how large it is.
    """
    held = holdings(index, assets, when, bases)
    at, asset = index.into(assets)
    keep = (index.kind[at] == CONTROLS) & when.valid(index, at) & (index.flags[at] & DENIES == 0)
    at, asset = at[keep], asset[keep]
    if not len(at):
        return held
    owner = index.source[at].astype(np.int64)
    pair = asset * index.rows + owner
    _, first = np.unique(pair, return_index=True)
    first = first[~np.isin(pair[first], held.asset * index.rows + held.owner)]
    none = np.zeros(len(first), np.int64)
    return Holdings(
        np.append(held.asset, asset[first]),
        np.append(held.owner, owner[first]),
        np.append(held.low, none),
        np.append(held.high, none + WHOLE),
        np.append(held.indirect, none > 0),
        np.append(held.block, none),
        np.append(held.binding, at[first]),
        np.append(held.widest, at[first]),
    )


def largest(held: Holdings, which: Flags, *, most: bool) -> Flags:
    """Which of these indirect holdings count for each asset: the largest that repeats a chain.

    At the most, holdings of different blocks (or of different owners, where no block is named) may
    be different shares: then the largest of each counts.
    """
    at = np.flatnonzero(which)
    share = (held.high if most else held.low)[at]
    block = np.where(held.block[at] > 0, held.block[at], -held.owner[at]) if most else at * 0
    order = np.lexsort((-at, share, block, held.asset[at]))
    asset, block = held.asset[at][order], block[order]
    last = np.append((asset[1:] != asset[:-1]) | (block[1:] != block[:-1]), True)[: len(at)]
    found = np.zeros_like(which)
    found[at[order[last]]] = True
    return found


def _by_pair(
    index: Index, at: Ints, asset: Ints, when: Conditions, *, codes: npt.NDArray[Any]
) -> Holdings:
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
        return Holdings(none, none, none, none, no, none, none, none)
    stated = (index.flags[at] & UNSTATED == 0) & ~when.stale(index, at)
    stated &= np.isin(index.basis[at], codes)
    group = np.flatnonzero(
        np.concatenate(([True], (pair[1:] != pair[:-1]) | (indirect[1:] != indirect[:-1])))
    )
    low = np.where(stated, index.low[at], WHOLE + 1).astype(np.int64)
    high = np.where(stated, index.high[at], -1).astype(np.int64)
    least, most = np.minimum.reduceat(low, group), np.maximum.reduceat(high, group)
    unknown = most < 0
    floor = np.where(unknown | denied[group], 0, least)
    block = index.block[at]
    one_block = np.minimum.reduceat(block, group) == np.maximum.reduceat(block, group)
    return Holdings(
        asset[group],
        index.source[at[group]].astype(np.int64),
        floor,
        np.where(unknown, WHOLE, most),
        indirect[group],
        np.where(one_block, block[group], 0).astype(np.int64),
        at[_first_least(low, group, index.observed[at])],
        at[_first_least(-high, group, index.observed[at])],
    )


def _first_least(value: Ints, group: Ints, observed: npt.NDArray[Any]) -> Ints:
    """Position of the least element of each group; of equal ones that which was observed last."""
    if len(group) == len(value):
        return group
    sizes = np.diff(np.append(group, len(value)))
    number = np.repeat(np.arange(len(group)), sizes)
    order: Ints = np.lexsort((-observed, value, number))
    return order[group]
