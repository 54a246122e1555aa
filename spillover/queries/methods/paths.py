"""Which chains of holdings lead from an owner to an asset, hop by hop with their claims?

A chain passes no entity twice. When there are more chains than the limit, the strongest are kept,
and the answer says how many are left out at most (walks are easy to count, and each chain is one)
and how strong the strongest of those can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.index import Index
from spillover.graph.stake import WHOLE
from spillover.graph.tables import INDIRECT
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import BASES, OWNS
from spillover.queries.methods.corridor import Ends, corridor, walk_sums
from spillover.queries.methods.network import Network
from spillover.queries.methods.path_search import Limits, Rows, every, strongest


class Link(NamedTuple):
    """One holding on a chain."""

    owner: int
    """Entity number."""
    asset: int
    low: int
    """Least share in millionths of a percent."""
    high: int
    """Greatest share, at most what the asset's other owners leave."""
    claims: tuple[int, ...]
    """Positions in the index of all its claims that count on the day, denials among them."""


Chain = tuple[Link, ...]
"""Holdings from the owner to the asset, each holding the next."""


@dataclass(frozen=True, slots=True)
class Chains:
    """Chains between two entities (or from one), and what the limits left out."""

    chains: tuple[Chain, ...]
    """Those of fewest hops first, then by entity numbers; in order of strength if some are cut."""
    cut: int
    """At most so many chains within the hops are left out; 0 when none is."""
    strength_cut: Fraction
    """None of those is stronger than this, by the measure of the limits."""
    network: Network
    """The holdings that were looked at."""


LIMITS: Final = Limits()


def chains(
    index: Index,
    ends: Ends,
    when: Conditions,
    *,
    limits: Limits = LIMITS,
    bases: tuple[str, ...] = BASES,
) -> Chains:
    """All chains between the ends; the strongest, when there are more than the limit.

    Args:
        index: the index of the graph.
        ends: entity numbers of the owner and the asset; None for every asset.
        when: day, age and confidence of the claims.
        limits: hops and number of chains.
        bases: what the shares are shares of.
    """
    net = corridor(index, ends, when, hops=limits.hops, bases=bases)
    rows = _rows(net, ends)
    found, cut, strength = every(net, rows, limits.hops, most=limits.looked), 0, Fraction(0)
    if found is None or len(found) > limits.chains:
        found, bound = strongest(net, rows, limits)
        cut = _walks(net, rows, limits.hops) - len(found) if bound else 0
        strength = Fraction(bound, WHOLE ** (limits.hops if limits.strongest == "product" else 1))
        if not cut:
            found.sort(key=lambda taken: (len(taken), net.asset[taken].tolist()))
    return Chains(tuple(_linked(index, net, found, when)), cut, strength, net)


def product(chain: Chain) -> tuple[Fraction, Fraction]:
    """Least and greatest product of the shares along a chain, as parts of the whole."""
    whole = WHOLE ** len(chain)
    low, high = prod(link.low for link in chain), prod(link.high for link in chain)
    return Fraction(low, whole), Fraction(high, whole)


def _rows(net: Network, ends: Ends) -> Rows:
    source, target = ends
    found = net.rows(np.array([source, source if target is None else target])).tolist()
    return found[0], None if target is None else found[1]


def _walks(net: Network, rows: Rows, hops: int) -> int:
    """Number of walks between the ends (or from the source): at least that of chains."""
    source, target = rows
    sums = walk_sums(net, source, np.ones(len(net.owner), object), hops=hops)[1:]
    return int(sum(level.sum() if target is None else level[target] for level in sums))


def _linked(index: Index, net: Network, found: list[list[int]], when: Conditions) -> list[Chain]:
    """Chains of links from chains of numbers of holdings."""
    used = sorted({holding for taken in found for holding in taken})
    claims: dict[int, list[int]] = {}
    at, _ = index.into(np.unique(net.entity[net.asset[used]]))
    at = at[(index.kind[at] == OWNS) & (index.flags[at] & INDIRECT == 0)]
    at = at[when.valid(index, at)]
    for pair, position in zip(index.pair[at].tolist(), at.tolist(), strict=True):
        claims.setdefault(pair, []).append(position)
    ends = net.entity[net.owner[used]].tolist(), net.entity[net.asset[used]].tolist()
    shares = net.low[used].tolist(), net.high[used].tolist()
    pairs = index.pair[net.claim[used]].tolist()
    evidence = [tuple(claims[pair]) for pair in pairs]
    links = dict(zip(used, map(Link, *ends, *shares, evidence), strict=True))
    return [tuple(links[holding] for holding in taken) for taken in found]
