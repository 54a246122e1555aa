"""How much power have the direct owners of an asset, where more than half of the votes decide?

The indices are those of :mod:`spillover.queries.methods.voting_power`; here stands what the votes
are: the declared shares, exact or as intervals, and what becomes of the undeclared rest.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

import numpy as np

from spillover.graph.errors import InputError
from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Ints
from spillover.queries.methods.network import Network
from spillover.queries.methods.voting_power import (
    FEW,
    coalition_weights,
    count_swings,
    indices,
    voting_power,
)

Undisclosed = Literal["absent", "silent"]
Range = tuple[Fraction, Fraction]


class Shareholder(NamedTuple):
    """Power of one direct owner of an asset; each index at least and at most."""

    owner: int
    """Entity number."""
    low: int
    """Least share in millionths of a percent."""
    high: int
    banzhaf: tuple[Fraction, Fraction]
    normalised: tuple[Fraction, Fraction]
    shapley: tuple[Fraction, Fraction]


def shareholder_power(
    net: Network, asset: int, *, undisclosed: Undisclosed = "absent"
) -> tuple[Shareholder, ...]:
    """Power of the direct owners of an asset where more than half of the votes decide.

    With exact shares both ends of each index are the same. Shares that are intervals give bounds:
    a swing counts at least when it is one for every completion, at most when it is one for some.
    Bounds at single corners would be wrong, because a share in between can decide where neither
    end does. What the asset holds in itself does not vote.

    Args:
        net: direct holdings with all owners of the asset.
        asset: its row.
        undisclosed: what becomes of shares that no declared owner holds. ``absent``: they do not
            vote, and more than half of the declared votes decide (so it is, too, when they belong
            to very many who vote this way and that independently). ``silent``: they never agree,
            and it takes more than half of all shares.

    Raises:
        InputError: least shares of over 100 %, more than :data:`FEW` owners of which some hold an
            unknown share, or too large a table (:func:`voting_power`).
    """
    of = slice(*np.searchsorted(net.asset, (asset, asset + 1)))
    voting = net.owner[of] != asset
    owner, low, high = (column[of][voting] for column in (net.owner, net.low, net.high))
    total = int(low.sum())
    if total > WHOLE:
        raise InputError(
            f"entity {net.entity[asset]}: its owners hold at least {total / WHOLE:.2%}; correct"
            " the shares"
        )
    if (low == high).all():
        quota = (total if undisclosed == "absent" else WHOLE) // 2 + 1
        exact = voting_power(low.tolist(), quota)
        ranges = [[(value, value) for value in power] for power in exact]
    elif len(owner) > FEW:
        raise InputError(
            f"entity {net.entity[asset]}: {len(owner)} owners, some of unknown share; with more"
            f" than {FEW} every share has to be known"
        )
    else:
        ranges = _ranges(low, high, undisclosed)
    ends = net.entity[owner].tolist(), low.tolist(), high.tolist()
    return tuple(Shareholder(*end, *power) for *end, power in zip(*ends, ranges, strict=True))


def _ranges(low: Ints, high: Ints, undisclosed: Undisclosed) -> list[list[Range]]:
    """Each index of each voter at least and at most."""
    least, most = coalition_weights(low.tolist()), coalition_weights(high.tolist())
    others_least, others_most = least[::-1], most[::-1]
    most, others_most = (
        np.minimum(most, WHOLE - others_least),
        np.minimum(others_most, WHOLE - least),
    )
    if undisclosed == "absent":
        certain, possible = least > others_most, most > others_least
    else:
        certain, possible = least > WHOLE // 2, most > WHOLE // 2
    few, many = count_swings(certain, possible), count_swings(possible, certain)
    fewest, greatest = sum(map(sum, few)), sum(map(sum, many))
    found = []
    for at_least, at_most in zip(few, many, strict=True):
        # Its own swings beside the fewest, or the most, of the others.
        bottom = indices(at_least, sum(at_least) + greatest - sum(at_most))
        top = indices(at_most, sum(at_most) + fewest - sum(at_least))
        found.append(list(zip(bottom, top, strict=True)))
    return found
