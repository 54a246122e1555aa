"""How much does one owner hold of each asset through all chains, exactly and at both bounds?

The products of the direct shares along every chain from the source are added up. A chain may go
round in circles and through holdings of an asset in itself; it does not come back to the source
(first passage). Integers and fractions only: a verdict may hang on the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Flags, Ints
from spillover.queries.methods.interval_chain import Chain, Holding, eliminate, rank, values, worth
from spillover.queries.methods.network import Network


@dataclass(frozen=True, slots=True)
class ChainSums:
    """What one source holds through all chains, as parts of 1."""

    entity: tuple[int, ...]
    """Numbers of the entities to which a chain is possible, ascending; never the source."""
    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]
    enclosed: frozenset[int]
    """Entities whose bounds need not be attained: the true ones lie inside."""


_Edge = tuple[int, Holding]
"""A row and one holding in it."""


def chain_sums(network: Network, source_row: int) -> ChainSums:
    """Least and greatest sum over all chains from the source, for every asset below it.

    The network must hold every direct owner of these assets: their least shares limit what is left
    for the source. Where those of one asset sum over the whole they contradict each other; then
    only 1 limits the sum.
    """
    chain = _chain(network, source_row)
    order = _parts(chain.holdings, chain.holdings)
    least, most = values(chain, order, most=False), values(chain, order, most=True)
    rows = sorted(row for row in chain.holdings if most.value[row])
    number = network.entity.tolist()
    return ChainSums(
        tuple(number[row] for row in rows),
        tuple(least.value[row] for row in rows),
        tuple(most.value[row] for row in rows),
        frozenset(number[row] for row in (least.enclosed | most.enclosed).intersection(rows)),
    )


def chain_claims(
    network: Network, source_row: int, asset_row: int, enough: Fraction, *, strict: bool
) -> list[int] | None:
    """Claims of holdings whose least shares alone suffice, none to spare, from source to asset.

    None where they do not. Across a circle too large to solve they suffice, and may be to spare.
    """
    whole = _chain(network, source_row, asset_row)

    def passes(edges: Iterable[_Edge]) -> bool:
        some = Chain(source_row, _by_asset(edges), whole.room)
        share = values(some, _parts(some.holdings, [asset_row]), most=False).value[asset_row]
        return share > enough or (share == enough and not strict)

    edges = [(asset, held) for asset, some in whole.holdings.items() for held in some if held.low]
    if asset_row == source_row or not passes(edges):
        return None
    kept, doubtful = _without_surplus(whole, asset_row, edges, enough, strict=strict)
    chunk = len(doubtful)
    while chunk:
        at = 0
        while at < len(doubtful):
            fewer = doubtful[:at] + doubtful[at + chunk :]
            if passes(kept + fewer):
                doubtful = fewer
            else:
                at += chunk
        chunk //= 2
    needed = _by_asset(kept + doubtful)
    return [
        int(network.claim[held.edge])
        for part in _parts(needed, [asset_row])
        for asset in part
        for held in sorted(needed[asset])
    ]


def chain_completion(
    network: Network, source_row: int, asset_row: int
) -> list[tuple[int, int, int]]:
    """Owner, asset and share (in units) of the holdings that must lie above their least.

    With these shares, and all others at their least, the sum for the asset is the greatest. Empty
    where the asset is enclosed: no completion is known that attains its bound.
    """
    chain = _chain(network, source_row, asset_row)
    most = values(chain, _parts(chain.holdings, (asset_row,)), most=True)
    if asset_row in most.enclosed:
        return []
    used = {
        asset: [held for held in some if most.shares[asset][held.owner] and most.value[held.owner]]
        for asset, some in chain.holdings.items()
    }
    number = network.entity.tolist()
    return [
        (number[held.owner], number[asset], most.shares[asset][held.owner])
        for part in _parts(used, (asset_row,))
        for asset in part
        for held in used[asset]
        if most.shares[asset][held.owner] > held.low
    ]


def _without_surplus(
    whole: Chain, asset: int, edges: list[_Edge], enough: Fraction, *, strict: bool
) -> tuple[list[_Edge], list[_Edge]]:
    """Drop holdings while what runs through them is to spare: those needed, and those to try.

    No more is lost than what runs through what is dropped. Through a holding outside all circles
    a chain runs once: then as much is lost, and a holding that is not to spare is needed.
    """
    while True:
        chain = Chain(whole.source, _by_asset(edges), whole.room)
        order = _parts(chain.holdings, [asset])
        part_of = {row: number for number, part in enumerate(order) for row in part}
        found = values(chain, order, most=False)
        edges = [edge for edge in edges if edge[0] in part_of and found.value[edge[1].owner]]
        if found.enclosed or any(chain.room[row] < 0 for row in part_of):
            return [], edges
        onward = _onward(edges, order, asset)
        through = {
            held.edge: found.value[held.owner] * held.low * onward[row] / WHOLE
            for row, held in edges
        }
        edges.sort(key=lambda edge: (*rank(through[edge[1].edge]), edge[1].edge))
        spare, dropped = found.value[asset] - enough, 0
        for _, held in edges:
            spare -= through[held.edge]
            if spare < 0 or (strict and spare == 0):
                break
            dropped += 1
        edges = edges[dropped:]
        if not dropped:
            split: tuple[list[_Edge], list[_Edge]] = ([], [])
            for row, held in edges:
                split[part_of.get(held.owner) == part_of[row]].append((row, held))
            return split


def _onward(
    edges: Iterable[_Edge], order: Sequence[Sequence[int]], asset: int
) -> dict[int, Fraction]:
    """What 1 of each row is of the asset, through all chains from it, at the least."""
    held_by: dict[int, dict[int, int]] = {row: {} for part in order for row in part}
    for row, held in edges:
        held_by.setdefault(held.owner, {})[row] = held.low
    onward: dict[int, Fraction] = {}
    for part in reversed(order):
        within = {row: {at: s for at, s in held_by[row].items() if at in part} for row in part}
        onward |= eliminate(
            within, {row: worth(held_by[row], onward) + (row == asset) for row in part}
        )
    return onward


def _chain(network: Network, source: int, asset: int | None = None) -> Chain:
    """What lies below the source; or between the source and one asset."""
    possible = np.flatnonzero((network.high > 0) & (network.asset != source))
    owner, owned = network.owner[possible], network.asset[possible]
    inside = _reached(owner, owned, source, network.size)
    if asset is not None:
        inside &= _reached(owned, owner, asset, network.size)
    at = possible[inside[owner] & inside[owned]]
    rows = network.asset[at].tolist()
    columns = (network.owner[at], network.low[at], network.high[at], at)
    held = map(Holding, *(column.tolist() for column in columns))
    room = np.full(network.size, WHOLE)
    np.subtract.at(room, network.asset, network.low)
    left = dict(zip(rows, room[rows].tolist(), strict=True))
    return Chain(source, _by_asset(zip(rows, held, strict=True)), left)


def _by_asset(edges: Iterable[_Edge]) -> dict[int, list[Holding]]:
    holdings: dict[int, list[Holding]] = {}
    for asset, held in edges:
        holdings.setdefault(asset, []).append(held)
    return holdings


def _reached(tail: Ints, head: Ints, start: int, size: int) -> Flags:
    """Which rows arcs from tail to head lead to from the start, itself among them."""
    order = np.argsort(tail, kind="stable")
    ahead, first = head[order], np.searchsorted(tail[order], np.arange(size + 1)).tolist()
    seen = np.zeros(size, bool)
    seen[start] = True
    stack = [start]
    while stack:
        row = stack.pop()
        found = ahead[first[row] : first[row + 1]]
        found = np.unique(found[~seen[found]])
        seen[found] = True
        stack += found.tolist()
    return seen


def _parts(holdings: Mapping[int, Sequence[Holding]], roots: Iterable[int]) -> list[list[int]]:
    """Assets at and above the roots; those that hold each other together, owners first.

    The strongly connected components of R. Tarjan, SIAM J. Comput. 1 (1972), 146-160.
    """
    number: dict[int, int] = {}
    lowest: dict[int, int] = {}
    waiting: list[int] = []
    path: list[tuple[int, Iterator[Holding]]] = []
    found: list[list[int]] = []

    def enter(row: int) -> None:
        number[row] = lowest[row] = len(number)
        waiting.append(row)
        path.append((row, iter(holdings[row])))

    for root in roots:
        if root in holdings and root not in number:
            enter(root)
        while path:
            row, owners = path[-1]
            for held in owners:
                if held.owner in holdings and held.owner not in number:
                    enter(held.owner)
                    break
                lowest[row] = min(lowest[row], number.get(held.owner, len(holdings)))
            else:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[row])
                if lowest[row] == number[row]:
                    part = [waiting.pop()]
                    while part[-1] != row:
                        part.append(waiting.pop())
                    number |= dict.fromkeys(part, len(holdings))
                    found.append(part)
    return found
