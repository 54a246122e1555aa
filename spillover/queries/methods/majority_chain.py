"""Which share of each asset counts as one person's, through entities in which it has a majority?

A person holds what it holds directly, and all that is held by an entity in which it has a majority
(more than 50 %, held directly and through entities already so held)::

    share(p, y) = W[p, y] + sum of W[z, y] over the entities z with share(p, z) > 50 %

The whole stake of such an entity counts, not a product, and a stake through an entity below counts
nothing. Persons are not added up: each is asked alone. Source: the chain of majority stakes of
Schedule 1 to the Sanctions regulations of the United Kingdom (SI 2019/855, regulation 7) and of
the register of people with significant control (Companies Act 2006, Schedule 1A, Part 3).
"""

from __future__ import annotations

from dataclasses import dataclass

from spillover.queries.methods.majorities import HALF, Majorities
from spillover.queries.methods.network import Network


@dataclass(frozen=True, slots=True)
class Attributed:
    """The person's share of one asset, in millionths of a percent."""

    asset: int
    """Entity number."""
    low: int
    """At least, for every completion of the unknown shares."""
    high: int
    """At most, for some completion."""

    @property
    def certain(self) -> bool:
        """Whether it is a majority for every completion."""
        return self.low > HALF

    @property
    def possible(self) -> bool:
        """Whether it is a majority for some completion."""
        return self.high > HALF


@dataclass(frozen=True, slots=True)
class MajorityChain:
    """The answer for one person."""

    person: int
    """Entity number."""
    shares: tuple[Attributed, ...]
    """For each asset in which the person possibly has a share, by entity number."""


def majority_chain(net: Network, person: int) -> MajorityChain:
    """Shares of every asset that count as one person's.

    Args:
        net: direct holdings with all owners of each asset that the person can reach
            (:func:`spillover.queries.methods.majorities.below`).
        person: row of the person, or of any other owner.
    """
    majorities = Majorities(net)
    least, most = (majorities.of(person, most=bound).share for bound in (False, True))
    shares = tuple(
        Attributed(int(net.entity[row]), least.get(row, 0), most[row]) for row in sorted(most)
    )
    return MajorityChain(int(net.entity[person]), shares)
