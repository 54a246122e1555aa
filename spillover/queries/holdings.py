"""Who holds how much of these assets on a day: claims put together, pair by pair.

Claims of one pair that disagree widen to their hull; a denial lowers the floor to zero; a claim
that states no share, or is too old, says only that there is one. Claims that repeat a chain
(``reported_indirect``) stand apart from direct ones and are never added to them, and so do shares
that several owners hold jointly: each of them is said to hold the same shares.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import BASIS_CODES, KIND_CODES
from spillover.graph.index import Index
from spillover.graph.schema import KINDS
from spillover.graph.stake import WHOLE
from spillover.graph.tables import DENIES, INDIRECT, UNSTATED
from spillover.queries.conditions import Conditions

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BASES: Final = KINDS["OWNS"].bases
"""What a share may be a share of."""
OWNS: Final = KIND_CODES["OWNS"]
CONTROLS: Final = KIND_CODES["CONTROLS"]


@dataclass(frozen=True, slots=True)
class Holdings:
    """One element for each (asset, owner, direct or indirect, joint holding)."""

    asset: Ints
    owner: Ints
    low: Ints
    """Least share in millionths of a percent."""
    high: Ints
    indirect: Flags
    block: Ints
    """The block that all its claims repeat; 0 for none."""
    joint: Ints
    """Which joint holding of the asset it is a part in; 0 for shares held alone."""
    binding: Ints
    """Position in the index of the claim that sets the least share."""
    widest: Ints
    """Position of the claim that sets the greatest share."""

    @property
    def plain(self) -> Flags:
        """Which are direct shares that their owner holds alone."""
        plain: Flags = ~self.indirect & (self.joint == 0)
        return plain

    def joint_groups(self, row: Ints) -> dict[tuple[int, int], list[int]]:
        """Positions of the holders of each joint holding, by the row of the asset and its key."""
        at = np.flatnonzero((self.joint > 0) & ~self.indirect)
        groups: dict[tuple[int, int], list[int]] = {}
        columns = at.tolist(), row[at].tolist(), self.joint[at].tolist()
        for position, asset, joint in zip(*columns, strict=True):
            groups.setdefault((asset, joint), []).append(position)
        return groups

    def joined(self, other: Holdings) -> Holdings:
        """These, and then the others."""
        return Holdings(
            *(
                np.concatenate((getattr(self, field.name), getattr(other, field.name)))
                for field in fields(Holdings)
            )
        )


def holdings(
    index: Index, assets: npt.NDArray[Any], when: Conditions, bases: tuple[str, ...]
) -> Holdings:
    """Holdings in these assets, as shares on any of these bases.

    Whoever is said to hold on another basis, or on none that is stated, holds an unknown share.
    Votes follow the shares unless a source says otherwise: among several bases, a share of the
    votes that is stated takes the place of what else is said of the holding.
    """
    at, asset = index.into(assets)
    keep = (index.kind[at] == OWNS) & when.valid(index, at)
    return _by_pair(index, at[keep], asset[keep], when, bases=bases)


def with_control(
    index: Index, assets: npt.NDArray[Any], when: Conditions, held: Holdings
) -> Holdings:
    """The same, and as unknown shares the entities whose stated controllers state no holding.

    "Parent of" says that there is probably a share, and not how large it is. Control of which the
    means are stated (contracts, a right to appoint the board) says nothing of a share.
    """
    at, asset = index.into(assets)
    keep = (index.kind[at] == CONTROLS) & (index.basis[at] == 0)
    at, asset = at[keep], asset[keep]
    keep = when.valid(index, at) & (index.flags[at] & DENIES == 0)
    at, asset = at[keep], asset[keep]
    if not len(at):
        return held
    owner = index.source[at].astype(np.int64)
    pair = asset * index.rows + owner
    _, first = np.unique(pair, return_index=True)
    first = first[~np.isin(pair[first], held.asset * index.rows + held.owner)]
    none, position = np.zeros(len(first), np.int64), at[first]
    unknown = Holdings(
        asset[first], owner[first], none, none + WHOLE, none > 0, none, none, position, position
    )
    return held.joined(unknown)


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
    index: Index, at: Ints, asset: Ints, when: Conditions, *, bases: tuple[str, ...]
) -> Holdings:
    flags = index.flags[at]
    denial = flags & DENIES != 0
    pair = index.pair[at]
    denied = np.isin(pair, pair[denial]) if denial.any() else denial
    claim = ~denial
    at, asset, pair, denied = at[claim], asset[claim], pair[claim], denied[claim]
    indirect, joint = flags[claim] & INDIRECT != 0, index.key[at]
    if not len(at):
        none, no = np.empty(0, np.int64), np.empty(0, bool)
        return Holdings(none, none, none, none, no, none, none, none, none)
    stated = (index.flags[at] & UNSTATED == 0) & ~when.stale(index, at)
    stated &= np.isin(index.basis[at], [BASIS_CODES[basis] for basis in bases])
    new = (pair[1:] != pair[:-1]) | (indirect[1:] != indirect[:-1]) | (joint[1:] != joint[:-1])
    group = np.flatnonzero(np.concatenate(([True], new)))
    if "votes" in bases and len(bases) > 1:
        votes = stated & (index.basis[at] == BASIS_CODES["votes"])
        voting = np.logical_or.reduceat(votes, group)
        stated &= votes | ~np.repeat(voting, np.diff(np.append(group, len(at))))
    low = np.where(stated, index.low[at], WHOLE + 1).astype(np.int64)
    high = np.where(stated, index.high[at], -1).astype(np.int64)
    least, most = np.minimum.reduceat(low, group), np.maximum.reduceat(high, group)
    unknown = most < 0
    floor = np.where(unknown | denied[group], 0, least)
    block = index.block[at]
    one_block = np.minimum.reduceat(block, group) == np.maximum.reduceat(block, group)
    together = joint[group].astype(np.int64)
    if together.any():
        together = _of_several(asset[group], together, indirect[group])
    return Holdings(
        asset[group],
        index.source[at[group]].astype(np.int64),
        floor,
        np.where(unknown, WHOLE, most),
        indirect[group],
        np.where(one_block, block[group], 0).astype(np.int64),
        together,
        at[_first_least(index, at, low, group)],
        at[_first_least(index, at, -high, group)],
    )


def _of_several(asset: Ints, joint: Ints, indirect: Flags) -> Ints:
    """Joint holdings that have several holders; what one owner alone is named for is his alone."""
    key = np.stack((asset, joint, indirect))
    _, which, times = np.unique(key, axis=1, return_inverse=True, return_counts=True)
    return np.where(times[which.ravel()] > 1, joint, 0)


def _first_least(index: Index, at: Ints, value: Ints, group: Ints) -> Ints:
    """Position of the least element of each group; of equal ones that which was observed last.

    What else the claims say comes next, so that the order in which they were loaded never matters.
    """
    if len(group) == len(value):
        return group
    sizes = np.diff(np.append(group, len(value)))
    number = np.repeat(np.arange(len(group)), sizes)
    said = [column[at] for column in (index.high, index.low, index.basis, index.confidence)]
    order: Ints = np.lexsort((*said, -index.observed[at], value, number))
    return order[group]
