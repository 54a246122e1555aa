"""Which sourced relations are enough for a verdict, with none to spare.

The proof of an entity takes from its owners that were reached in earlier rounds the largest
holdings until the rule's test passes, or one holding that repeats a chain; then the proofs of
those owners. Each holding taken is needed for its sum, each owner for the holding above it, so no
relation can be dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import numpy as np

from spillover.graph.index import Index
from spillover.queries.cascade import Reach, Test
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import Flags, Holdings, Ints, largest, with_control

Taken = list[tuple[int, int]]
"""(owner, position of the claim) of holdings that pass together."""


def proofs(
    index: Index, entities: Iterable[int], reached: Reach, when: Conditions, *, test: Test
) -> dict[int, list[int]]:
    """Positions of claims for each entity that was reached, from the target down to the entity.

    Assets are looked at wave by wave: all entities, then all owners that their proofs need.
    """
    entities = list(entities)
    chosen: dict[int, Taken] = {}
    waiting = np.unique(np.array(entities, np.int64))
    while len(waiting):
        waiting = waiting[reached.rounds[waiting] > 0]
        found = _sufficient(index, waiting, reached, when, test=test)
        chosen.update(found)
        owners = {owner for taken in found.values() for owner, _ in taken} - chosen.keys()
        waiting = np.array(sorted(owners), np.int64)
    return {entity: _collected(entity, chosen, reached) for entity in entities}


def _collected(entity: int, chosen: dict[int, Taken], reached: Reach) -> list[int]:
    """Claims that the proof of one entity needs, those of earlier rounds first."""
    needed: set[int] = set()
    waiting = [entity]
    while waiting:
        asset = waiting.pop()
        if asset in chosen and asset not in needed:
            needed.add(asset)
            waiting += [owner for owner, _ in chosen[asset]]
    order = sorted(needed, key=lambda asset: (int(reached.rounds[asset]), asset))
    return [position for asset in order for _, position in chosen[asset]]


def _sufficient(
    index: Index, assets: Ints, reached: Reach, when: Conditions, *, test: Test
) -> dict[int, Taken]:
    """For each asset the fewest holdings that pass the test; of equally few the shortest chain."""
    options: dict[int, list[tuple[int, int, bool, Taken]]] = {}
    for bases in test.bases:
        held = with_control(index, assets, when, bases)
        usable = reached.rounds[held.owner] >= 0
        usable &= reached.rounds[held.owner] < reached.rounds[held.asset]
        direct = usable & ~held.indirect
        repeated = largest(held, usable & held.indirect, most=reached.most)
        for indirect, which in ((False, direct), (True, repeated)):
            for asset, taken in _taken(held, which, reached, test):
                depth = max(int(reached.rounds[owner]) for owner, _ in taken)
                options.setdefault(asset, []).append((len(taken), depth, indirect, taken))
    return {asset: min(found, key=lambda option: option[:3])[3] for asset, found in options.items()}


def _taken(held: Holdings, usable: Flags, reached: Reach, test: Test) -> list[tuple[int, Taken]]:
    """For each asset its largest holdings among these until their sum passes; others fall out."""
    share, claim = (held.high, held.widest) if reached.most else (held.low, held.binding)
    at = np.flatnonzero(usable & (share > 0))
    order = np.lexsort((held.owner[at], reached.rounds[held.owner[at]], -share[at], held.asset[at]))
    at = at[order]
    columns = (held.asset[at], held.owner[at], claim[at], share[at])
    rows = zip(*(column.tolist() for column in columns), strict=True)
    found = []
    for asset, group in groupby(rows, key=lambda row: int(row[0])):
        total, taken = 0, []
        for _, owner, position, size in group:
            total += size
            taken.append((owner, position))
            if test.enough(total):
                found.append((asset, taken))
                break
    return found
