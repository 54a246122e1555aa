"""Which listed entities can matter for a verdict on these entities at all?

A verdict on an entity rests on who holds it, controls it or is represented by it, and on theirs in
turn. Whoever stands nowhere up there can be left out of the question: the answer is the same, and
a rule that looks at each listed person alone has thousands of persons less to look at.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.graph.index import Index
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import Ints

_HOLDS: Final = tuple(KIND_CODES[kind] for kind in ("OWNS", "CONTROLS", "ACTS_JOINTLY"))
_SPEAKS: Final = (KIND_CODES["REPRESENTS"], KIND_CODES["DIRECTS"])


def above(index: Index, entities: npt.NDArray[Any], when: Conditions) -> Ints:
    """These entities and everybody on whom a verdict about them can rest; sorted."""
    seen = np.zeros(index.rows, bool)
    frontier = np.unique(np.asarray(entities, np.int64))
    while len(frontier):
        seen[frontier] = True
        into, _ = index.into(frontier)
        into = into[np.isin(index.kind[into], (*_HOLDS, *_SPEAKS))]
        out = index.out_of(frontier)
        out = out[np.isin(index.kind[out], _SPEAKS)]
        holders = index.source[into[when.valid(index, into)]].astype(np.int64)
        clients = index.target(out[when.valid(index, out)])
        ends = np.unique(np.concatenate((holders, clients)))
        frontier = ends[~seen[ends]]
    return np.flatnonzero(seen)
