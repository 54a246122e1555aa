"""What are the least and greatest values of holdings that lead up to one owner, exactly?

The owner is worth 1 of itself, and an asset what its owners are worth: x[asset] = sum of
share[owner, asset] * x[owner], least solution; the probability that a walk from the asset up to a
random owner, each as likely as its share, ever meets the one. Where a share is an interval, and
the shares of an asset sum to at most the whole, these are the values of an interval Markov chain.
The greatest is found by policy iteration (Puterman, Markov Decision Processes, 1994, section 7.2),
one strongly connected part of the holdings after the other. Integers and fractions only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Final, NamedTuple

from spillover.graph.stake import WHOLE

LARGEST_PART: Final = 60
"""Assets that hold each other and are solved exactly; a larger part is enclosed."""
LARGEST_BITS: Final = 1 << 13
"""Bits of a denominator that is kept; a longer one is rounded outward, and enclosed."""
_GRID: Final = 10**18
_SWEEPS: Final = 50
_ROUNDS: Final = 500
_ONE: Final = Fraction(1)


class Holding(NamedTuple):
    """A share between two bounds, in units; ``edge`` is its place in the network."""

    owner: int
    low: int
    high: int
    edge: int


_Worth = Mapping[int, Fraction] | Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Chain:
    """Holdings of each asset that may lead up to the source."""

    source: int
    holdings: Mapping[int, Sequence[Holding]]
    """By asset; none of the source, which ends every walk."""
    room: Mapping[int, int]
    """What the least shares of all direct owners leave of an asset; negative: they contradict."""

    def shares(self, asset: int, value: _Worth, *, most: bool) -> dict[int, int]:
        """By owner: the least shares, or those that make the asset worth the most.

        What the least shares leave goes to the most valuable owners first. Least shares that
        contradict each other limit nothing.
        """
        room = self.room[asset]
        shares = {held.owner: held.low for held in self.holdings[asset]}
        if not most:
            return shares
        spread = {held.owner: held.high - held.low for held in self.holdings[asset]}
        if room < 0 or sum(spread.values()) <= room:
            return {held.owner: held.high for held in self.holdings[asset]}
        for owner in sorted(spread, key=lambda owner: rank(value[owner]), reverse=True):
            more = min(room, spread[owner])
            shares[owner] += more
            room -= more
        return shares


@dataclass(frozen=True, slots=True)
class Values:
    """Values of rows, the shares of each asset that attain them, and rows with a mere bound."""

    value: dict[int, Fraction]
    shares: dict[int, dict[int, int]]
    enclosed: set[int]


def values(chain: Chain, parts: Sequence[Sequence[int]], *, most: bool) -> Values:
    """Least or greatest values of the assets, given with those that hold each other together.

    ``parts`` are strongly connected parts of the holdings, owners before what they hold.
    """
    found = Values(defaultdict(Fraction, {chain.source: _ONE}), {}, set())
    for part in parts:
        exact = len(part) <= LARGEST_PART and _iterate(chain, part, found, most=most)
        if not exact:
            found.value.update(_enclosure(chain, part, found.value, most=most))
        for row in part:
            if found.value[row].denominator.bit_length() > LARGEST_BITS:
                found.value[row] = Fraction(_on_grid(found.value[row], most=most), _GRID)
                exact = False
            exact = exact and found.enclosed.isdisjoint(held.owner for held in chain.holdings[row])
        if not exact:
            found.enclosed.update(part)
    return found


def _iterate(chain: Chain, part: Sequence[int], found: Values, *, most: bool) -> bool:
    """Improve the shares of a part until none can be; whether that came to an end.

    Shares change only where that is strictly better, and values rise by the least solution above
    the last: so a circle that is cut off from the source stays at 0.
    """
    value = found.value
    circular = len(part) > 1 or any(held.owner == part[0] for held in chain.holdings[part[0]])
    for row in part:
        value[row] = Fraction(0)
        found.shares[row] = chain.shares(row, value, most=False)
    for _ in range(_ROUNDS):
        gain: dict[int, Fraction] = {}
        for row in part:
            shares = chain.shares(row, value, most=most)
            more = min(worth(shares, value), _ONE) - value[row]
            if more > 0:
                gain[row] = more
                found.shares[row] = shares
        if not gain:
            return True
        if not circular:
            value |= gain
            return True
        within = {
            row: {o: s for o, s in found.shares[row].items() if s and o in part} for row in part
        }
        limit = {row: _ONE - value[row] for row in part if chain.room[row] < 0}
        for row, more in _rise(gain, within, limit).items():
            value[row] += more
    return False


def _rise(
    gain: Mapping[int, Fraction],
    within: Mapping[int, Mapping[int, int]],
    limit: Mapping[int, Fraction],
) -> dict[int, Fraction]:
    """Least rise = min(limit, gain + sum of share * rise of the owner), where it is not 0.

    Beyond the rows that a gain reaches it is 0. Among them the solution is unique: rows with a
    limit start at it, and are let go one after the other where they come out lower.
    """
    rows, size = set(gain), 0
    while len(rows) > size:
        size = len(rows)
        rows |= {row for row in within if limit.get(row, 1) and not rows.isdisjoint(within[row])}
    held = {row: limit[row] for row in sorted(rows) if row in limit}
    while True:
        ahead = {
            row: gain.get(row, 0) + worth(within[row], held) for row in sorted(rows - held.keys())
        }
        rise = held | eliminate(within, ahead)
        lower = [row for row in held if gain.get(row, 0) + worth(within[row], rise) < held[row]]
        if not lower:
            return rise
        for row in lower:
            del held[row]


def eliminate(
    within: Mapping[int, Mapping[int, int]], ahead: Mapping[int, Fraction]
) -> dict[int, Fraction]:
    """Solve x[row] = ahead[row] + sum of within[row][other] * x[other] over the rows of ``ahead``.

    In integers, without fractions (E. Bareiss, Math. Comp. 22 (1968), 565-578); no pivot is 0,
    for the matrix is a nonsingular M-matrix.
    """
    rows = list(ahead)
    unit = gcd(WHOLE, *(share for row in rows for share in within[row].values()))
    common = lcm(*(value.denominator for value in ahead.values()))
    table = [
        [(WHOLE * (row == other) - within[row].get(other, 0)) // unit for other in rows]
        + [WHOLE // unit * int(ahead[row] * common)]
        for row in rows
    ]
    last = 1
    for at, pivot in enumerate(table):
        for line in table[at + 1 :]:
            factor = line[at]
            for column in range(at, len(rows) + 1):
                line[column] = (line[column] * pivot[at] - factor * pivot[column]) // last
        last = pivot[at]
    solved: list[int] = [0] * len(rows)
    for at in reversed(range(len(rows))):
        known = sum(table[at][other] * solved[other] for other in range(at + 1, len(rows)))
        solved[at] = (table[at][-1] * last - known) // table[at][at]
    return {row: Fraction(top, last * common) for row, top in zip(rows, solved, strict=True)}


def _enclosure(
    chain: Chain, part: Sequence[int], value: Mapping[int, Fraction], *, most: bool
) -> dict[int, Fraction]:
    """A lower bound of the least values, or an upper bound of the greatest: a few sweeps.

    Sweeps that start from 0 and round down stay below every solution, and those that start from 1
    and round up stay above the least.
    """
    owners = {held.owner for row in part for held in chain.holdings[row]}
    on_grid = {row: _on_grid(value[row], most=most) for row in owners}
    on_grid |= dict.fromkeys(part, _GRID if most else 0)
    for _ in range(_SWEEPS):
        before = dict(on_grid)
        for row in part:
            shares = chain.shares(row, on_grid, most=most)
            total = sum(share * on_grid[owner] for owner, share in shares.items())
            on_grid[row] = min(_GRID, -(-total // WHOLE) if most else total // WHOLE)
        if on_grid == before:
            break
    return {row: Fraction(on_grid[row], _GRID) for row in part}


def _on_grid(value: Fraction, *, most: bool) -> int:
    sign = -1 if most else 1
    return sign * (sign * value.numerator * _GRID // value.denominator)


def rank(value: Fraction | int) -> tuple[int, Fraction | int]:
    """What sorts as the value does, and quicker than a long fraction."""
    return value.numerator * _GRID // value.denominator, value


def worth(shares: Mapping[int, int], value: Mapping[int, Fraction]) -> Fraction:
    """Sum of shares in units times the values of those owners that have one."""
    each = [(share, value[owner]) for owner, share in shares.items() if share and owner in value]
    common = lcm(*(part.denominator for _, part in each))
    total = sum(share * part.numerator * (common // part.denominator) for share, part in each)
    return Fraction(total, common * WHOLE)
