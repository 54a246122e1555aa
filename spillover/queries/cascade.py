"""Which entities does a cascade from one group of persons reach, for certain and possibly.

An entity that the group's persons hold far enough passes on its *whole* stake; stakes through
others count zero (OFAC, guidance of 13 August 2014 and FAQ 401; the United Kingdom's chain of
majority stakes is the same from one person). The answer is the least fixpoint, so a closed cycle
of cross-holdings never reaches itself.

Shares are intervals. *Certain* is the fixpoint on least shares: it holds for every completion of
the unknowns. *Possible* is the fixpoint on greatest shares, where those who are reached can hold
of an asset at most what its other owners do not hold at least: some completion reaches it.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.queries.holdings import Ints
from spillover.queries.judging import Bound, Fixpoint, Rounds, Test, judged
from spillover.queries.ledger import Ledger
from spillover.queries.push import can_push, pushed

_CARRIES: Final = np.zeros(256, bool)
_CARRIES[[KIND_CODES[kind] for kind in ("OWNS", "CONTROLS", "ACTS_JOINTLY")]] = True


def fixpoint(ledger: Ledger, group: Ints, test: Test) -> Fixpoint:
    """Everything that a group of targets reaches, on least and then on greatest shares."""
    way = pushed if can_push(ledger, test) else gathered
    return way(ledger, group, test)


def gathered(ledger: Ledger, group: Ints, test: Test) -> Fixpoint:
    """The same for any reading: in every round from all claims about what those reached own."""
    # Zeros are not touched before they are written, so a small cascade costs little in a large
    # graph; the search on greatest shares goes on from that on least shares, in later rounds.
    rounds = np.zeros(ledger.index.rows, np.int32)
    rounds[group] = 1
    reached = _spread(ledger, group, rounds, test, most=False)
    certain = _bound(ledger, reached, rounds, test, most=False)
    last = int(rounds[reached].max(initial=1))
    reached = np.unique(np.append(reached, _spread(ledger, reached, rounds, test, most=True)))
    possible = _bound(ledger, reached, rounds, test, most=True)
    return Fixpoint(Rounds.of(reached, rounds[reached]), last, certain, possible)


def _spread(
    ledger: Ledger, frontier: Ints, rounds: npt.NDArray[np.int32], test: Test, *, most: bool
) -> Ints:
    """Mark everyone who passes on, round by round; who was found, in that order."""
    found = [frontier[:0] if most else frontier]
    number = int(rounds[frontier].max(initial=1))
    assets = np.arange(1, len(rounds)) if most and ledger.open_world else None
    while len(frontier):
        number += 1
        assets = owned(ledger, frontier) if assets is None else assets
        assets = assets[rounds[assets] == 0]
        judgement = judged(ledger, assets, lambda some: rounds[some] > 0, test, most=most)
        frontier = assets[judgement.passes(test.passes_on)]
        rounds[frontier] = number
        found.append(frontier)
        assets = None
    return np.concatenate(found)


def _bound(
    ledger: Ledger, reached: Ints, rounds: npt.NDArray[np.int32], test: Test, *, most: bool
) -> Bound:
    """What the fixpoint comes to for everything that somebody who was reached has a stake in."""
    everywhere = most and ledger.open_world
    assets = np.arange(1, len(rounds)) if everywhere else owned(ledger, reached)
    assets = assets[rounds[assets] != 1]
    judgement = judged(ledger, assets, lambda some: rounds[some] > 0, test, most=most)
    return Bound(
        most, assets, judgement.share, judgement.passes(test.enough) | (rounds[assets] > 0)
    )


def owned(ledger: Ledger, owners: npt.NDArray[Any]) -> Ints:
    """Assets that any of these holds, is said to control, or votes in jointly; sorted."""
    index = ledger.index
    at = index.out_of(owners)
    at = at[_CARRIES[index.kind[at]]]
    assets = np.sort(index.target(at[ledger.when.valid(index, at)]))
    return assets[np.append(True, assets[1:] != assets[:-1])] if len(assets) else assets


def below(ledger: Ledger, entities: npt.NDArray[Any]) -> Ints:
    """These and everything that hangs on them by any holding or tie of control; sorted."""
    seen = np.zeros(ledger.index.rows, bool)
    frontier = np.asarray(entities, np.int64)
    while len(frontier):
        seen[frontier] = True
        frontier = owned(ledger, frontier)
        frontier = frontier[~seen[frontier]]
    return np.flatnonzero(seen)
