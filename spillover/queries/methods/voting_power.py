"""How often does each shareholder decide the vote?

A coalition wins when its weights reach the quota. A shareholder decides a coalition (a *swing*)
that wins with it and loses without. With ``n`` shareholders and ``s(k)`` swings in which ``k``
others take part::

    absolute Banzhaf   = sum of s(k) / 2^(n-1)
    normalised Banzhaf = own swings / swings of all
    Shapley-Shubik     = sum of s(k) * k! * (n-1-k)! / n!

Swings are counted by subset sums, exactly: in a table of the number of coalitions by size and
weight (Crama and Leruth, "Control and voting power in corporate networks", European Journal of
Operational Research 178, 2007), or coalition by coalition where shareholders are few. The indices:
Banzhaf, Rutgers Law Review 19 (1965); Shapley and Shubik, American Political Science Review 48
(1954).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial, gcd
from typing import Final, NamedTuple

import numpy as np

from spillover.graph.errors import InputError
from spillover.queries.holdings import Flags, Ints

FEW: Final = 16
"""So many shareholders are counted coalition by coalition; unknown shares allow no more."""
MOST_BYTES: Final = 32_000_000
"""The table of coalitions may not be larger: (n + 1) * quota * (n + 8) / 8 bytes."""


class Power(NamedTuple):
    """Power of one shareholder."""

    banzhaf: Fraction
    """Absolute: part of the coalitions of the others that it decides."""
    normalised: Fraction
    """Its part of all swings; 0 when nobody decides anything."""
    shapley: Fraction
    """Part of the orders of arrival in which it decides."""


def voting_power(weights: Sequence[int], quota: int) -> tuple[Power, ...]:
    """Power of each voter of a weighted vote, exactly.

    Args:
        weights: whole numbers of votes, not negative; any common divisor is taken out first.
        quota: a coalition with at least so many votes wins; above 0.

    Raises:
        InputError: weights or quota that are none, or more voters and finer weights than the
            table of coalitions may have (:data:`MOST_BYTES`).
    """
    if quota <= 0 or min(weights, default=0) < 0:
        raise InputError(
            f"quota {quota}, least weight {min(weights, default=0)}: give a quota above 0"
            " and weights that are not negative"
        )
    divisor = gcd(*weights) or 1
    reduced, needed = [weight // divisor for weight in weights], -(-quota // divisor)
    if len(weights) <= FEW and sum(reduced) < 2**62 and needed < 2**62:
        won = coalition_weights(reduced) >= needed
        swings = count_swings(won, won)
    else:
        swings = _by_table(reduced, needed)
    total = sum(sum(counts) for counts in swings)
    return tuple(indices(counts, total) for counts in swings)


def indices(counts: list[int], total: int) -> Power:
    """Indices of a voter from its swings by number of others, and the swings of all."""
    voters = len(counts)
    orders = sum(
        number * factorial(size) * factorial(voters - 1 - size)
        for size, number in enumerate(counts)
    )
    own = sum(counts)
    return Power(
        Fraction(own, 2 ** (voters - 1)),
        Fraction(own, total) if total else Fraction(0),
        Fraction(orders, factorial(voters)),
    )


def coalition_weights(weights: Sequence[int]) -> Ints:
    """Weight of every coalition; bit ``i`` of its number says whether voter ``i`` is in it."""
    found = np.zeros(1, np.int64)
    for weight in weights:
        found = np.append(found, found + weight)
    return found


def count_swings(won: Flags, kept: Flags) -> list[list[int]]:
    """For each voter, by number of others, the coalitions that win with it and lose without.

    Args:
        won: for each coalition whether it wins.
        kept: the same for the coalition that is left without the voter; differs from ``won``
            where shares are not known.
    """
    voters = len(won).bit_length() - 1
    coalition = np.arange(len(won))
    size = np.bitwise_count(coalition)
    found = []
    for voter in range(voters):
        without = coalition[coalition >> voter & 1 == 0]
        swing = won[without | 1 << voter] & ~kept[without]
        found.append(np.bincount(size[without[swing]], minlength=voters).tolist())
    return found


def _by_table(weights: list[int], quota: int) -> list[list[int]]:
    """The same from the number of coalitions of each size and of less than each weight.

    Row ``k`` of the table is one whole number: the coalitions of ``k`` voters that weigh ``w`` are
    counted in its digit ``w``, so that adding a voter is a shift and a sum. A coalition without
    voter ``i`` is one of all, less those with it, which are one smaller and lighter by its weight.
    """
    voters = len(weights)
    width = (voters + 8) // 8
    size = (voters + 1) * quota * width
    if size > MOST_BYTES:
        raise InputError(
            f"{voters} voters with a quota of {quota:,} units need a table of {size:,} bytes,"
            f" more than {MOST_BYTES:,}; round the weights, or join the smallest voters"
        )
    digit, mask = 8 * width, (1 << 8 * width * quota) - 1
    rows = [1] + [0] * voters
    for number, weight in enumerate(weights):
        if weight >= quota:
            continue  # in no coalition that loses
        for taken in range(number, -1, -1):
            rows[taken + 1] += rows[taken] << digit * weight & mask
    lighter = [_summed(row, digit, quota, mask).to_bytes(quota * width, "little") for row in rows]

    def below(taken: int, weight: int) -> int:
        """Coalitions of so many voters that weigh less."""
        end = min(weight, quota) * width
        return int.from_bytes(lighter[taken][end - width : end], "little") if weight > 0 else 0

    def swings(weight: int) -> list[int]:
        """Swings of one voter: coalitions without it that lose, but not by so much."""
        found = [0] * voters
        for taken in range(voters if weight else 0):
            for fewer in range(min(taken, quota // weight) + 1):
                rest = quota - fewer * weight
                number = below(taken - fewer, rest) - below(taken - fewer, rest - weight)
                found[taken] += -number if fewer % 2 else number
        return found

    known = {weight: swings(weight) for weight in set(weights)}
    return [known[weight] for weight in weights]


def _summed(row: int, digit: int, quota: int, mask: int) -> int:
    """The number whose every digit is the sum of that digit of the row and all lower ones."""
    shift = 1
    while shift < quota:
        row += row << digit * shift & mask
        shift *= 2
    return row
