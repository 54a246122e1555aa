"""How strongly is each entity exposed over all paths together?

The strongest path is one path; an entity can be hit along several. What hits the starts is
propagated through the places of a region (:mod:`spillover.queries.shocks.region`). For each place
p, and for each entity e and set C of channels that may go before the same hops::

    x[p]    = start[p] + sum over the hops into p of share * y[entity that it leaves, C of the hop]
    y[e, C] = min(1, sum of x[p] over the places p of e whose channel is in C)

The total exposure of an entity is the sum over its places, at most 1. The least solution is meant:
what comes from the starts along all walks, where an entity is never hit more than whole, and
passes on along a relation at most the share of that relation. A walk does not turn round, and
claims that repeat a chain are not added to it (:mod:`spillover.queries.shocks.sharing`). Where no
cap is reached and nothing is repeated, this is the linear system x = s + W'x, as in input-output
analysis, in integrated ownership and in the index of Katz.

Shares are intervals. The least shares give a lower and the greatest an upper bound, because a
larger share nowhere makes an exposure smaller. The numbers are floats, as an estimate may be:
the lower bound is computed from below, the upper bound from above, to within 1e-9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from spillover.queries.shocks.bounds import Reals, enclosed, walks
from spillover.queries.shocks.hops import Ints
from spillover.queries.shocks.region import Region
from spillover.queries.shocks.sharing import Spreading

_STEPS: Final = 64
"""Steps along walks through a region that was cut: a longer walk adds next to nothing to it."""


class Total(NamedTuple):
    """Least and greatest total exposure over all paths, from 0 to 1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Totals:
    """Total exposure of the entities of a region."""

    entities: Ints
    """Numbers of the entities; sorted."""
    low: Reals
    high: Reals
    complete: bool
    """False: the region was cut at its limit. Then ``low`` is still a lower bound; ``high`` is no
    upper bound, but what the explored part gives with the greatest shares, counted from below."""

    def of(self, entity: int) -> Total:
        """Of one entity; nothing where no path leads."""
        row = int(np.searchsorted(self.entities, entity))
        if row == len(self.entities) or self.entities[row] != entity:
            return Total(0.0, 0.0)
        return Total(float(self.low[row]), float(self.high[row]))


def totals(region: Region) -> Totals:
    """Total exposure over all paths of a region, of its starts and all entities that they reach.

    In a region of at most so many hops only walks of so many hops count. Counted backward, from
    those who are hit, the total of an entity is what its own loss would bring to them together;
    where a cap is reached it need not be the number that counting forward gives.
    """
    spreading = Spreading(region)
    low = total_exposure(spreading, region.hops.low, upper=False)
    high = total_exposure(spreading, region.hops.high, upper=True)
    return Totals(region.entities, low, high, not region.truncated)


def total_exposure(spreading: Spreading, shares: Ints, *, upper: bool) -> Reals:
    """Total exposure of each entity of the region with these shares, from above or from below.

    Args:
        spreading: the gates of the region.
        shares: one for each hop, in millionths of a percent.
        upper: an upper bound; else a lower one.
    """
    made, most = spreading.with_shares(shares, upper=upper), spreading.region.max_hops
    if most == 0:
        arrived = spreading.start
    elif most is not None:
        arrived = made.arriving(walks(made, most - 1))
    elif spreading.region.truncated:
        arrived = made.arriving(walks(made, _STEPS))
    else:
        arrived = made.arriving(enclosed(made)[upper])
    summed = np.bincount(spreading.entity, arrived, spreading.entities)
    found: Reals = np.minimum(1.0, summed)
    return found
