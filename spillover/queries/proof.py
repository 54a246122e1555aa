"""Which sourced relations are enough for a verdict, with none to spare.

The proof of an entity takes from its owners that were reached in earlier rounds the largest
holdings until the rule's test passes, or one holding that repeats a chain; then the proofs of
those owners. Each holding taken is needed for its sum, each owner for the holding above it, so no
relation can be dropped.
"""

from __future__ import annotations

import numpy as np

from spillover.graph.index import Index
from spillover.queries.cascade import Reach, Test
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import Holdings, holdings


def proof(  # noqa: PLR0913 - the graph, the entity, the fixpoint, the conditions, the bound
    index: Index, entity: int, reached: Reach, when: Conditions, test: Test, *, most: bool
) -> list[int]:
    """Positions of the claims, from the target down to the entity; empty for a target."""
    chosen: dict[int, list[tuple[int, int]]] = {}
    waiting = [entity]
    while waiting:
        asset = waiting.pop()
        if asset in chosen or reached.rounds.get(asset, 0) == 0:
            continue
        chosen[asset] = _sufficient(index, asset, reached, when, test, most=most)
        waiting += [owner for owner, _ in chosen[asset]]
    order = sorted(chosen, key=lambda asset: (reached.rounds[asset], asset))
    return [position for asset in order for _, position in chosen[asset]]


def _sufficient(  # noqa: PLR0913 - see proof
    index: Index, asset: int, reached: Reach, when: Conditions, test: Test, *, most: bool
) -> list[tuple[int, int]]:
    """(owner, position) of holdings that together pass the test, largest first."""
    before = reached.rounds[asset]
    for bases in test.bases:
        held = holdings(index, np.array([asset]), when, bases)
        share = held.high if most else held.low
        usable = [
            n
            for n in np.lexsort((held.owner, -share)).tolist()
            if reached.rounds.get(int(held.owner[n]), before) < before and share[n] > 0
        ]
        direct = _taken([n for n in usable if not held.indirect[n]], held, share, test)
        repeated = _taken([n for n in usable if held.indirect[n]][:1], held, share, test)
        for taken in sorted(filter(None, (repeated, direct)), key=len):
            return taken
    return _everything(index, asset, reached, when, test)


def _taken(
    usable: list[int], held: Holdings, share: np.ndarray[tuple[int], np.dtype[np.int64]], test: Test
) -> list[tuple[int, int]]:
    """The first of these holdings whose sum passes the test; none when all together do not."""
    total, taken = 0, []
    for n in usable:
        total += int(share[n])
        taken.append((int(held.owner[n]), int(held.binding[n])))
        if test.passes(np.array([total]))[0]:
            return taken
    return []


def _everything(
    index: Index, asset: int, reached: Reach, when: Conditions, test: Test
) -> list[tuple[int, int]]:
    """Every holding of an owner reached earlier: only together with others' floors do they pass."""
    before = reached.rounds[asset]
    found = {}
    for bases in test.bases:
        held = holdings(index, np.array([asset]), when, bases)
        for owner, position in zip(held.owner.tolist(), held.binding.tolist(), strict=True):
            if reached.rounds.get(owner, before) < before:
                found[position] = owner
    return [(owner, position) for position, owner in sorted(found.items())]
