"""Which elements of one column are equal to which of another?"""

from __future__ import annotations

import numpy as np

from spillover.queries.shocks.hops import Ints


def joined(column: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Every pair of equal elements: their places in ``column``, and in ``wanted``.

    In order of ``wanted``; ``column`` is sorted.
    """
    first = np.searchsorted(column, wanted, side="left")
    counts = np.searchsorted(column, wanted, side="right") - first
    asked = np.repeat(np.arange(len(wanted)), counts)
    within = np.arange(len(asked)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(first, counts) + within, asked
