"""What do whole chains of holdings come to, exactly; for the oracle.

A chain is as large as the product of its shares. ``products`` adds up every walk from a target, by
solving the system of equations that the walks obey; ``simple_paths`` every path that passes nobody
twice, one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

Shares = Mapping[tuple[str, str], Fraction]
"""Share of the whole by owner and asset."""


def chains(method: str, shares: Shares, start: str) -> dict[str, Fraction]:
    """What the start holds of everybody else over all chains."""
    if method == "products":
        return walked(shares, start)
    found: dict[str, Fraction] = {}
    _follow(shares, (start,), Fraction(1), found)
    return found


def walked(shares: Shares, start: str) -> dict[str, Fraction]:
    """Sum over all walks that never come back to the start: x[a] = sum of x[i] * share[i, a]."""
    assets = sorted(_below(shares, start) - {start})
    rows = []
    for asset in assets:
        row = [
            Fraction(owner == asset) - shares.get((owner, asset), Fraction(0)) for owner in assets
        ]
        rows.append([*row, shares.get((start, asset), Fraction(0))])
    return dict(zip(assets, solved(rows), strict=True))


def solved(rows: list[list[Fraction]]) -> list[Fraction]:
    """Gaussian elimination; the last column is the right-hand side."""
    for n in range(len(rows)):
        swap = next(m for m in range(n, len(rows)) if rows[m][n])
        rows[n], rows[swap] = rows[swap], rows[n]
        rows[n] = [value / rows[n][n] for value in rows[n]]
        for m, row in enumerate(rows):
            if m != n and row[n]:
                rows[m] = [a - row[n] * b for a, b in zip(row, rows[n], strict=True)]
    return [row[-1] for row in rows]


def _below(shares: Shares, start: str) -> set[str]:
    found = {start}
    while True:
        more = {a for (owner, a), share in shares.items() if owner in found and share} - found
        if not more:
            return found
        found |= more


def _follow(
    shares: Shares, path: tuple[str, ...], held: Fraction, found: dict[str, Fraction]
) -> None:
    for (owner, asset), share in shares.items():
        if owner == path[-1] and asset not in path and share:
            found[asset] = found.get(asset, Fraction(0)) + held * share
            _follow(shares, (*path, asset), held * share, found)
