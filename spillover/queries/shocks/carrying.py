"""How much of what reaches a subject passes through each entity on the way?

An entity carries by how much the subject's total exposure falls when nothing passes through it any
more. Where several routes together hit the subject more than wholly, an entity can carry less than
passes through it: the others make up for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.shocks.bounds import Reals
from spillover.queries.shocks.hops import Ints
from spillover.queries.shocks.propagation import Total, total_exposure
from spillover.queries.shocks.region import Region
from spillover.queries.shocks.sharing import Spreading

_MEASURED: Final = 30
"""Entities whose loss is worked out at most, beside those that every path crosses."""
_WORK: Final = 20_000
"""Hops times entities, where there are so many hops that fewer must do."""
_STEPS: Final = 32


class Carried(NamedTuple):
    """What one entity carries."""

    entity: int
    without: Total
    """Total exposure of the subject without it."""
    carried: Total
    """The part by which the least and the greatest total exposure falls."""


@dataclass(frozen=True, slots=True)
class Carrying:
    """What the entities between the starts and a subject carry."""

    total: Total
    """Total exposure of the subject."""
    inner: tuple[Carried, ...]
    """Those whom every path crosses first, in the order given; then by what they carry."""
    between: int
    """Entities there are."""


def carrying(part: Region, subject: int, between: Ints, crossed: Iterable[int]) -> Carrying:
    """What each of these entities carries, as far as they matter most.

    Args:
        part: a region from whose places the subject can be reached.
        subject: who is hit.
        between: the entities between.
        crossed: those of them that every path crosses.
    """
    spreading = Spreading(part)
    row = int(np.searchsorted(part.entities, subject))
    first = list(crossed)
    count = min(_MEASURED, max(2, _WORK // (len(part.hops) + 1)))
    others = [e for e in _by_flow(part, subject, between).tolist() if e not in first][:count]

    def total(without: int | None) -> Total:
        ends = []
        for shares, upper in ((part.hops.low, False), (part.hops.high, True)):
            touched = (part.hops.source == without) | (part.hops.target == without)
            kept = np.where(touched, 0, shares)
            ends.append(float(total_exposure(spreading, kept, upper=upper)[row]))
        return Total(*ends)

    whole = total(None)
    nothing = Total(0.0, 0.0)
    needed = [Carried(entity, nothing, _fall(whole, nothing)) for entity in first]
    measured = [Carried(entity, left := total(entity), _fall(whole, left)) for entity in others]
    measured.sort(key=lambda c: (-c.carried.high, -c.carried.low, c.entity))
    return Carrying(whole, (*needed, *measured), len(between))


def _fall(whole: Total, left: Total) -> Total:
    ends = [
        max(0.0, 1 - after / before) if before > 0 else 0.0
        for before, after in zip(whole, left, strict=True)
    ]
    return Total(*ends)


def _by_flow(part: Region, subject: int, between: Ints) -> Ints:
    """The entities by what passes through them at most, caps left aside; the largest first."""
    weight = part.hops.high[part.hop] / WHOLE
    ends = part.entity == subject
    after: Reals = ends.astype(np.float64)
    starts: Reals = np.isin(part.entity, part.starts).astype(np.float64)
    before = starts.copy()
    size = len(part.entity)
    for _ in range(_STEPS):
        following = np.bincount(part.tail, weight * after[part.head], size)
        after = np.where(ends, 1.0, np.minimum(1.0, following))
        before = np.minimum(1.0, starts + np.bincount(part.head, weight * before[part.tail], size))
    rows = np.searchsorted(between, part.entity)
    inside = np.isin(part.entity, between)
    flow = np.bincount(rows[inside], (before * after)[inside], len(between))
    found: Ints = between[np.lexsort((between, -flow))]
    return found
