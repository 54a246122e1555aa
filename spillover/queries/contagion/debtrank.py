"""What equity is left everywhere when some equity is lost, by the linear DebtRank?

Whoever holds a claim on a firm, or a share in it, writes it down in proportion to the equity that
the firm has lost::

    E = E0 - shock - W (1 - max(E, 0) / E0)          (W[i, j]: what i would lose with all of j)

(Bardoscia, Battiston, Caccioli, Caldarelli, "DebtRank: a microscopic foundation for shock
propagation", PLoS ONE 10(6), 2015, e0130406; the fixpoint as in Barucca and others, "Network
valuation in financial systems", Mathematical Finance 30, 2020). Losses start at the shock and rise
round by round to the least that bears itself out: stopped early, they are understated.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.errors import InputError
from spillover.queries.contagion.network import Floats, Ints

Exposures = tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]


class Equity(NamedTuple):
    """Equity after a shock."""

    left: Floats
    """``[n]`` or ``[n, shocks]``, in the unit of what was given; below 0: insolvent."""
    rounds: int
    settled: bool
    """False: the rounds ran out before the changes fell below the tolerance."""


def debtrank(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    exposures: Exposures,
    equity: npt.ArrayLike,
    shock: npt.ArrayLike,
    *,
    repeats: Exposures | None = None,
    tolerance: float = 1e-12,
    rounds: int = 10_000,
) -> Equity:
    """Equity that is left.

    Args:
        exposures: position of each holder, position of what it holds, and the amount of it.
        equity: equity of each firm before, above 0.
        shock: amount that each loses from outside, ``[n]``; ``[n, shocks]`` for several at once.
        repeats: exposures that are another route to those of a chain: of a holder's loss along
            its exposures and its largest loss along one of these, the larger counts.
        tolerance: a shock has settled when no loss changes by more than this part of its largest.
        rounds: and after so many at the latest.

    Raises:
        InputError: equity that is not above 0, or exposures that are negative or not finite.
    """
    from scipy.sparse import csr_array

    before, lost = np.asarray(equity, np.float64), np.asarray(shock, np.float64)
    amount = np.asarray(exposures[2], np.float64)
    if not (np.isfinite(before) & (before > 0)).all():
        raise InputError("equity must be above 0 before the shock; leave firms without equity out")
    if not (np.isfinite(amount) & (amount >= 0)).all():
        raise InputError("an exposure is negative or not finite; correct the exposure")
    columns = lost.reshape(len(before), -1)
    whole = before[:, None]
    ends = np.asarray(exposures[0], np.int64), np.asarray(exposures[1], np.int64)
    held = csr_array((amount, ends), shape=(len(before), len(before)))
    again = _repeated(repeats) if repeats is not None else None
    loss = columns
    settled = np.zeros(columns.shape[1], bool)
    made = 0
    while made < rounds and not settled.all():
        made += 1
        gone: Floats = np.minimum(loss / whole, 1.0)
        found: Floats = columns + np.asarray(held @ gone)
        if again is not None:
            holder, begins, asset, part = again
            most = np.maximum.reduceat(part[:, None] * gone[asset], begins, axis=0)
            found[holder] = np.maximum(found[holder], most)
        change = np.abs(found - loss).max(axis=0, initial=0.0)
        # What has settled stays: a shock loses the same whatever others are reckoned with it.
        loss = np.where(settled, loss, found)
        settled |= change <= tolerance * found.max(axis=0, initial=0.0)
    left: Floats = (whole - loss).reshape(lost.shape)
    return Equity(left, made, settled=bool(settled.all()))


def _repeated(repeats: Exposures) -> tuple[Ints, Ints, Ints, Floats] | None:
    """Holders, where those of each begin, what is held and the amounts; sorted by holder."""
    holder, asset = (np.asarray(end, np.int64) for end in repeats[:2])
    if not len(holder):
        return None
    order = np.argsort(holder, kind="stable")
    holder = holder[order]
    begins = np.flatnonzero(np.append(True, holder[1:] != holder[:-1]))
    return holder[begins], begins, asset[order], np.asarray(repeats[2], np.float64)[order]
