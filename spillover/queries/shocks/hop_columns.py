"""How are some hops taken out of many, and the hops of several answers put together?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spillover.queries.shocks.hops import Hops, Ints

_COLUMNS = ("source", "target", "kind", "channel", "low", "high")


def chosen(hops: Hops, rows: Ints) -> Hops:
    """These rows, in this order, with their claims."""
    counts = hops.starts[rows + 1] - hops.starts[rows]
    starts = np.append(0, np.cumsum(counts))
    at = np.repeat(hops.starts[rows] - starts[:-1], counts) + np.arange(starts[-1])
    source, target, kind, channel, low, high = (getattr(hops, name)[rows] for name in _COLUMNS)
    return Hops(source, target, kind, channel, low, high, starts, hops.claims[at])


def together(parts: Sequence[Hops]) -> Hops:
    """The hops of all parts, one after another; there is at least one part."""
    ends = np.cumsum([0, *(len(part.claims) for part in parts)])
    starts = [part.starts[:-1] + end for part, end in zip(parts, ends, strict=False)]
    source, target, kind, channel, low, high = (
        np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS
    )
    claims = np.concatenate([part.claims for part in parts])
    return Hops(
        source, target, kind, channel, low, high, np.concatenate([*starts, ends[-1:]]), claims
    )
