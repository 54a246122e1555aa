"""How much of each asset does one owner hold through all chains together?

The share is the sum, over all simple paths (chains that pass no entity twice) from the owner to
the asset, of the products of the shares along the path::

    share(x, y) = sum over simple paths x -> ... -> y of the product of W[i, j]

It is how a *close link* is measured: an owner and an asset are closely linked at 20 % or more
(Guideline (EU) 2015/510 of the European Central Bank, Article 138; the sum over simple paths
follows Atzeni, Bellomarini, Iezzi, Sallinger, Vlad, "Weaving Enterprise Knowledge Graphs: The Case
of Company Ownership Graphs", EDBT 2020). A cycle adds nothing, unlike in integrated ownership.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from spillover.graph.index import Index
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import BASES
from spillover.queries.methods.corridor import Ends
from spillover.queries.methods.path_search import Limits
from spillover.queries.methods.path_sums import PathSum, path_sums
from spillover.queries.methods.paths import LIMITS

CLOSE: Final = Fraction(20, 100)
"""From this share on there is a close link."""

Closeness = Literal["close", "not_close", "undetermined"]


@dataclass(frozen=True, slots=True)
class PathShare:
    """The owner's share of one asset, as a part of the whole."""

    asset: int
    """Entity number."""
    low: Fraction
    """At least, whatever the unknown shares are and whatever the limits left out."""
    high: Fraction
    """At most, what was left out included; never more than 1."""
    chains: int
    """Number of chains in the sums."""
    cut: int
    """At most so many chains within the hops are left out."""
    missing: Fraction
    """What chains that are left out, within the hops or longer, add to ``high`` at the most."""

    @property
    def close(self) -> Closeness:
        """Whether owner and asset are closely linked, for certain, possibly or not."""
        if self.low >= CLOSE:
            return "close"
        return "not_close" if self.high < CLOSE else "undetermined"


@dataclass(frozen=True, slots=True)
class SimplePaths:
    """The answer for one owner."""

    owner: int
    """Entity number."""
    shares: tuple[PathShare, ...]
    """For each asset that a chain within the hops reaches, by entity number."""
    limits: Limits
    truncated: bool
    """True: the limits left chains out, or may have."""
    beyond: Fraction
    """What longer chains can give of any one asset at the most, those not listed included."""


def simple_paths(
    index: Index,
    ends: Ends,
    when: Conditions,
    *,
    limits: Limits = LIMITS,
    bases: tuple[str, ...] = BASES,
) -> SimplePaths:
    """Shares of one owner in one asset, or in each that it reaches.

    Bounds hold for every completion of the unknown shares in which no asset has more than the
    whole.

    Args:
        index: the index of the graph.
        ends: entity numbers of the owner and the asset; None for every asset.
        when: day, age and confidence of the claims.
        limits: hops and number of chains.
        bases: what the shares are shares of.
    """
    found = path_sums(index, ends, when, limits=limits, bases=bases)
    shares = tuple(_share(asset, found.beyond) for asset in found.sums)
    truncated = found.beyond > 0 or any(share.cut for share in shares)
    return SimplePaths(ends[0], shares, limits, truncated, found.beyond)


def _share(asset: PathSum, beyond: Fraction) -> PathShare:
    low, high = asset.product
    missing = asset.product_cut + beyond
    return PathShare(
        asset.asset,
        low,
        max(low, min(Fraction(1), high + missing)),
        asset.chains,
        asset.cut,
        missing,
    )
