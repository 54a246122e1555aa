"""How much control and how much cash flow of each asset does one owner have through its chains?

Along a chain control is worth its weakest link, and cash flow the product of its shares; chains
are added up::

    control(x, y)   = sum over simple paths x -> ... -> y of the smallest W[i, j] on the path
    cash flow(x, y) = sum over simple paths x -> ... -> y of the product of W[i, j]

Sources: La Porta, Lopez-de-Silanes, Shleifer, "Corporate Ownership Around the World", Journal of
Finance 54 (1999); Claessens, Djankov, Lang, "The separation of ownership and control in East Asian
Corporations", Journal of Financial Economics 58 (2000). The wedge between the two is their measure
of separated control.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from spillover.graph.index import Index
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import BASES
from spillover.queries.methods.corridor import Ends
from spillover.queries.methods.path_search import Limits
from spillover.queries.methods.path_sums import PathSum, path_sums
from spillover.queries.methods.paths import LIMITS


@dataclass(frozen=True, slots=True)
class Rights:
    """Rights of the owner in one asset, as parts of the whole."""

    asset: int
    """Entity number."""
    control_low: Fraction
    """Sum of the weakest links at least. Chains that share a holding count it each, so the sum may
    be above 1: it is a measure, not a share."""
    control_high: Fraction | None
    """The same at most; None when longer chains are left out, because nothing bounds their sum."""
    cash_low: Fraction
    """Sum of the products at least."""
    cash_high: Fraction
    """The same at most, what was left out included; never more than 1."""
    chains: int
    """Number of chains in the sums."""
    cut: int
    """At most so many chains within the hops are left out."""


@dataclass(frozen=True, slots=True)
class WeakestLinks:
    """The answer for one owner."""

    owner: int
    """Entity number."""
    rights: tuple[Rights, ...]
    """For each asset that a chain within the hops reaches, by entity number."""
    limits: Limits
    truncated: bool
    """True: the limits left chains out, or may have."""
    beyond: Fraction
    """Cash flow that longer chains can add in any one asset at the most; 0 when there are none."""


def weakest_link(
    index: Index,
    ends: Ends,
    when: Conditions,
    *,
    limits: Limits = LIMITS,
    bases: tuple[str, ...] = BASES,
) -> WeakestLinks:
    """Control and cash flow of one owner in one asset, or in each that it reaches.

    When there are more chains than the limit, those with the largest weakest links count.

    Args:
        index: the index of the graph.
        ends: entity numbers of the owner and the asset; None for every asset.
        when: day, age and confidence of the claims.
        limits: hops and number of chains.
        bases: what the shares are shares of.
    """
    limits = replace(limits, strongest="minimum")
    found = path_sums(index, ends, when, limits=limits, bases=bases)
    rights = tuple(_rights(asset, found.beyond) for asset in found.sums)
    truncated = found.beyond > 0 or any(right.cut for right in rights)
    return WeakestLinks(ends[0], rights, limits, truncated, found.beyond)


def _rights(asset: PathSum, beyond: Fraction) -> Rights:
    (control_low, control_high), (cash_low, cash_high) = asset.minimum, asset.product
    return Rights(
        asset.asset,
        control_low,
        None if beyond else control_high + asset.minimum_cut,
        cash_low,
        max(cash_low, min(Fraction(1), cash_high + asset.product_cut + beyond)),
        asset.chains,
        asset.cut,
    )
