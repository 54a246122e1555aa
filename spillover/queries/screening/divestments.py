"""Did somebody give up a holding of late in favour of family or staff?

A holding is given up when its claim ends, or when a later observation says less. The buyer is
whoever holds a share since about that time and is family of the seller, employed by the seller, or
directs the seller, or the other way round.
"""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.tables import DENIES
from spillover.queries.holdings import BASES, Ints
from spillover.queries.ledger import Ledger

YEARS: Final = 2
"""How long ago a sale may lie: 24 months."""
SLACK: Final = 31
"""Days by which the buyer's holding may be dated before the seller's end."""
_OWNS: Final = KIND_CODES["OWNS"]
_TIES: Final = tuple(KIND_CODES[kind] for kind in ("FAMILY_OF", "EMPLOYS", "DIRECTS"))


class Sale(NamedTuple):
    """A holding that was given up, who took one, and the claims that say so."""

    asset: int
    seller: int
    buyer: int
    positions: tuple[int, ...]


def sales(ledger: Ledger, assets: Ints, sellers: Ints) -> list[Sale]:
    """What these sellers gave up of these (sorted) assets in the time before the day.

    Returns:
        One for each asset, seller and related buyer, in this order.
    """
    given = _given_up(ledger, assets, sellers)
    if not given:
        return []
    found: dict[tuple[int, int, int], Sale] = {}
    bought = _bought(ledger, np.array(sorted({asset for asset, *_ in given}), np.int64))
    related = _related(ledger, np.array(sorted({seller for _, seller, *_ in given}), np.int64))
    for asset, seller, sold, position in given:
        for buyer, since, other in bought.get(asset, ()):
            ties = related.get((seller, buyer))
            if buyer == seller or not ties or since < sold - SLACK:
                continue
            key = asset, seller, buyer
            before = found[key].positions if key in found else ()
            positions = tuple(dict.fromkeys((*before, position, other, *ties)))
            found[key] = Sale(*key, positions)
    return [found[key] for key in sorted(found)]


def window(day: int) -> int:
    """The first day of the time that counts as of late."""
    date = dt.date.fromordinal(day)
    year = max(date.year - YEARS, 1)
    last = 28 if (date.month, date.day) == (2, 29) else date.day
    return date.replace(year=year, day=last).toordinal()


def _given_up(ledger: Ledger, assets: Ints, sellers: Ints) -> list[tuple[int, int, int, int]]:
    """Asset, seller, last day and position of each holding that ended or shrank of late."""
    index, when = ledger.index, ledger.when
    at, about = index.into(assets)
    keep = (index.kind[at] == _OWNS) & np.isin(index.source[at], sellers)
    keep &= (index.flags[at] & DENIES == 0) & (index.confidence[at] >= when.level)
    at, about = at[keep], about[keep]
    last = np.minimum(index.last[at], index.until[when.level][at]).astype(np.int64)
    late = (last >= window(when.day)) & (last < when.day) & (index.first[at] <= when.day)
    at, about, last = at[late], about[late], last[late]
    now = ledger.held(np.unique(about), BASES, parents=False)
    still = {
        (asset, owner): high
        for asset, owner, high in zip(
            now.asset.tolist(), now.owner.tolist(), now.high.tolist(), strict=True
        )
    }
    rows = zip(about.tolist(), index.source[at].tolist(), last.tolist(), at.tolist(), strict=True)
    return [row for row in rows if still.get(row[:2], -1) < int(index.low[row[3]])]


def _bought(ledger: Ledger, assets: Ints) -> dict[int, list[tuple[int, int, int]]]:
    """By asset: owner, first day and position of each holding that counts on the day."""
    index, when = ledger.index, ledger.when
    at, about = index.into(assets)
    keep = (index.kind[at] == _OWNS) & (index.flags[at] & DENIES == 0)
    keep &= when.valid(index, at)
    found: dict[int, list[tuple[int, int, int]]] = {}
    for asset, position in zip(about[keep].tolist(), at[keep].tolist(), strict=True):
        owner, since = int(index.source[position]), int(index.first[position])
        found.setdefault(asset, []).append((owner, since, position))
    return found


def _related(ledger: Ledger, sellers: Ints) -> dict[tuple[int, int], list[int]]:
    """Claims by which each seller and another are family, employer and employee, or directors."""
    index, when = ledger.index, ledger.when
    into, _ = index.into(sellers)
    at = np.union1d(into, index.out_of(sellers))
    at = at[np.isin(index.kind[at], _TIES) & (index.flags[at] & DENIES == 0)]
    counts = (index.first[at] <= when.day) & (index.last[at] >= window(when.day))
    at = at[counts & (index.confidence[at] >= when.level)]
    found: dict[tuple[int, int], list[int]] = {}
    ends = zip(index.source[at].tolist(), index.target(at).tolist(), at.tolist(), strict=True)
    for source, target, position in ends:
        found.setdefault((source, target), []).append(position)
        found.setdefault((target, source), []).append(position)
    return found
