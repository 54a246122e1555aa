"""How much of all output is lost with each firm: the index of every closure of a network.

The cascade is that of :mod:`spillover.queries.contagion.losses`, here for many closures at once. A
block holds the losses of all firms (rows) in some closures (columns), so that one product of a
sparse matrix with the block makes a round of all of them. Three things keep a round small:

- as long as few firms have lost anything, only their columns of the matrix take part;
- a closure whose largest change falls to the tolerance is taken out of its block;
- blocks are as wide as fits the processor's cache, and are spread over threads.

None of this changes a bit of the answer: a firm that has lost nothing would add exact zeros, and
the columns of a block never meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from spillover.queries.contagion.blocks import Downstream, Upstream, settled
from spillover.queries.contagion.network import Floats, Ints, Network, Parts, parts

TOLERANCE: Final = 1e-2
"""That of the published runs. Where all that firms sell stays among them the losses of customers
come to everything in the end, so the index is that of the rounds until nothing changes by more."""
_BYTES: Final = 800_000
"""Of a block: with a row of its matrix it fits the cache of a core."""

Sides = Literal["both", "downstream", "upstream"]


@dataclass(frozen=True, slots=True)
class Esri:
    """The index of some closures."""

    score: Floats
    """Part of all output that is lost, 0 to 1: one for each closure."""
    rounds: Ints
    """Rounds until it settled."""
    settled: bool
    """False: for some of them the rounds ran out."""


def esri(  # noqa: PLR0913 - the first two are the question, the rest by keyword
    network: Network,
    closed: Sequence[Iterable[int]] | None = None,
    *,
    amounts: Parts | None = None,
    replaceable: bool = True,
    sides: Sides = "both",
    weights: Floats | None = None,
    tolerance: float = TOLERANCE,
    rounds: int = 300,
    threads: int = 1,
    width: int | None = None,
) -> Esri:
    """The index of each closure.

    Args:
        network: the network.
        closed: for each closure the positions of its firms; every firm alone if missing.
        amounts: the parts to use, shape ``[edges]``; those of the network's weights if missing.
        replaceable: whether others of its industry stand in for a supplier.
        sides: whether lost inputs, lost customers or the larger loss of each firm counts.
        weights: what the output of each firm counts; its sales if missing.
        tolerance: a closure has settled when no loss changes by more.
        rounds: and is stopped after so many.
        threads: blocks that are worked on at the same time.
        width: closures of a block; fitted to the size of the network if missing.
    """
    from scipy.sparse import csr_array

    known = parts(network) if amounts is None else amounts
    counts = known.size if weights is None else np.asarray(weights, np.float64)
    asked = [[firm] for firm in range(len(network))] if closed is None else [*map(list, closed)]
    wide = width or max(4, min(256, _BYTES // (8 * max(len(network), 1))))
    down = Downstream(network, known, replaceable) if sides != "upstream" else None
    up = Upstream(network, known) if sides != "downstream" else None
    operators = [operator for operator in (down, up) if operator is not None]
    # A sparse row: its product adds up in one order, however wide the block is.
    share = csr_array((counts / counts.sum() if counts.sum() > 0 else counts)[None, :])

    def block(begin: int) -> tuple[Floats, Ints]:
        some = asked[begin : begin + wide]
        found = [settled(one, some, tolerance, rounds) for one in operators]
        lost: Any = found[0].loss
        for other in found[1:]:
            lost = np.maximum(lost, other.loss, out=lost)
        return (share @ lost)[0], np.max([one.rounds for one in found], axis=0)

    with ThreadPoolExecutor(threads) as pool:
        made = list(pool.map(block, range(0, len(asked), wide)))
    scores = np.concatenate([score for score, _ in made]) if made else np.zeros(0)
    taken = np.concatenate([count for _, count in made]) if made else np.zeros(0, np.int64)
    return Esri(scores, taken, bool((taken <= rounds).all()))
