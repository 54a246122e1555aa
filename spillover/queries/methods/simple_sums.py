"""How much does one owner hold of each asset through chains that pass nobody twice, exactly?

The products of the direct shares along every simple path from the source are added up, as the
Eurosystem's test of close links does. Integers and fractions only: a verdict may hang on the
result. The least sum is exact; the greatest is an outer bound, the smaller of two: all shares on
the paths at their greatest, as far as those in one asset fit beside each other; and the
greatest sum over all walks (each simple path is a walk).

The number of simple paths can grow beyond all bounds in dense cores: beyond ``STEPS`` the search
stops, the least sum holds what was found, and only the walks bound the greatest.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Ints
from spillover.queries.methods import exact_products
from spillover.queries.methods.exact_products import ChainSums
from spillover.queries.methods.network import Network
from spillover.queries.methods.shares import room

STEPS: Final = 100_000
"""Hops that the search takes at most."""
_PASSES: Final = 20
"""Times that greatest sums are lowered at most; they are true after each."""


def chain_sums(network: Network, source_row: int) -> ChainSums:
    """Bounds of the sum over simple paths from the source, for every asset below it."""
    walks = exact_products.chain_sums(network, source_row)
    found, whole = _sums(network, source_row, network.low.tolist())
    low = {row: sum(parts.values(), Fraction(0)) for row, parts in found.items()}
    greatest = room(network)
    found, _ = _sums(network, source_row, greatest.tolist())
    high = _fitted(network, greatest, source_row, found)
    rows = network.rows(np.array(walks.entity, np.int64)).tolist()
    none = Fraction(0)
    return ChainSums(
        walks.entity,
        tuple(low.get(row, none) for row in rows),
        tuple(
            max(low.get(row, none), min(most, high.get(row, none)) if whole else most)
            for row, most in zip(rows, walks.high, strict=True)
        ),
        walks.enclosed if whole else frozenset(walks.entity),
    )


def chain_claims(
    network: Network, source_row: int, asset_row: int, enough: Fraction, *, strict: bool
) -> list[int] | None:
    """Positions of claims whose least shares alone make the sum pass, none of them to spare."""
    kept = [n for n, low in enumerate(network.low.tolist()) if low > 0]
    if not _passes(network, source_row, asset_row, kept, enough, strict=strict):
        return None
    for n in list(kept):
        fewer = [other for other in kept if other != n]
        if _passes(network, source_row, asset_row, fewer, enough, strict=strict):
            kept = fewer
    return [int(network.claim[n]) for n in kept]


def chain_completion(
    network: Network, source_row: int, asset_row: int
) -> list[tuple[int, int, int]]:
    """Shares above their least in the completion that is best for all walks: mostly the best.

    A path passes no holding of an asset in itself, and ends where it reaches the asset that is
    asked about, so such holdings stay at their least.
    """
    own = (network.owner == network.asset) | (network.owner == asset_row)
    apart = replace(network, high=np.where(own, network.low, network.high))
    return exact_products.chain_completion(apart, source_row, asset_row)


def _passes(  # noqa: PLR0913, PLR0917 - the question, and the holdings that are left
    network: Network,
    source_row: int,
    asset_row: int,
    kept: list[int],
    enough: Fraction,
    *,
    strict: bool,
) -> bool:
    some = replace(
        network,
        owner=network.owner[kept],
        asset=network.asset[kept],
        low=network.low[kept],
        high=network.high[kept],
        claim=network.claim[kept],
    )
    parts = _sums(some, source_row, some.low.tolist())[0].get(asset_row, {})
    total = sum(parts.values(), Fraction(0))
    return total > enough if strict else total >= enough


def _fitted(
    network: Network, greatest: Ints, source_row: int, found: dict[int, dict[int, Fraction]]
) -> dict[int, Fraction]:
    """The most that each sum can be when the shares in every asset have to fit the whole.

    What comes to an asset through an owner is no more than the owner's own sum, so each pass over
    the assets can lower the sums of those below them.

    Args:
        network: the holdings.
        greatest: the greatest share of each.
        source_row: the source.
        found: what each owner of each asset contributes with the greatest shares.
    """
    held: dict[int, list[_Held]] = {row: [] for row in found}
    columns = (network.asset, network.owner, network.low, greatest)
    for asset, *rest in zip(*(column.tolist() for column in columns), strict=True):
        if asset in held:
            held[asset].append(_Held(*rest))
    sums = {row: sum(parts.values(), Fraction(0)) for row, parts in found.items()}
    sums[source_row] = Fraction(1)
    for _ in range(_PASSES):
        lower = {row: _fitting(held[row], parts, sums, sums[row]) for row, parts in found.items()}
        if all(lower[row] == sums[row] for row in found):
            break
        sums |= lower
    return sums


class _Held(NamedTuple):
    """One holding in an asset."""

    owner: int
    low: int
    high: int


def _fitting(
    held: list[_Held], parts: dict[int, Fraction], sums: dict[int, Fraction], known: Fraction
) -> Fraction:
    """The most that one sum can be, where each owner's is known to be no more than so much."""
    left = WHOLE - sum(one.low for one in held)
    if left < 0:  # least shares over the whole contradict each other, and limit nothing
        return known
    total, spare = Fraction(0), []
    for one in held:
        if one.high and one.owner in parts:
            weight = min(parts[one.owner] / one.high, sums[one.owner] / WHOLE)
            total += weight * one.low
            spare.append((weight, one.high - one.low))
    for weight, more in sorted(spare, reverse=True):
        taken = min(more, left)
        total, left = total + weight * taken, left - taken
    return min(total, known)


def _sums(
    network: Network, source_row: int, shares: list[int]
) -> tuple[dict[int, dict[int, Fraction]], bool]:
    """Products over simple paths to each row, added up by the last owner; whether all are in."""
    below: dict[int, list[tuple[int, int]]] = {}
    for owner, asset, share in zip(
        network.owner.tolist(), network.asset.tolist(), shares, strict=True
    ):
        if share and owner != asset:
            below.setdefault(owner, []).append((asset, share))
    found: dict[int, dict[int, Fraction]] = {}
    on_path = {source_row}
    stack = [(source_row, Fraction(1), iter(below.get(source_row, ())))]
    steps = 0
    while stack:
        row, product, rest = stack[-1]
        for asset, share in rest:
            if asset in on_path:
                continue
            steps += 1
            if steps > STEPS:
                return found, False
            value = product * share / WHOLE
            parts = found.setdefault(asset, {})
            parts[row] = parts.get(row, Fraction(0)) + value
            on_path.add(asset)
            stack.append((asset, value, iter(below.get(asset, ()))))
            break
        else:
            stack.pop()
            on_path.discard(row)
    return found, True
