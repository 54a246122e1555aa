"""How long does the index of every closure of a production network take, and in which memory?

``python -m benchmarks.systemic --firms 10000 --threads 2``. The network is generated from a seed as
the published runs describe theirs: out-degrees from a power law with exponent 2.3, cut at 128, of 8
on average, customers drawn at random, amounts uniform. Firms are spread over 80 industries; a
seeded table says which industry's goods are essential (2), linear (1) or negligible (0) for which.
A network is built and its parts are worked out before the clock starts, as there.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from typing import Final

import numpy as np

from spillover.queries.contagion.esri import TOLERANCE, esri
from spillover.queries.contagion.losses import losses, score
from spillover.queries.contagion.network import Network, network, parts

INDUSTRIES: Final = 80
_CHECKED: Final = 3
"""Closures that the plain kernel works out again."""


def generated(firms: int, seed: int = 42, mean: int = 8, most: int = 128) -> Network:
    """A scale-free production network."""
    rng = np.random.default_rng(seed)
    degrees = np.arange(1, most + 1)
    odds = degrees**-2.3
    sold = rng.choice(degrees, size=firms, p=odds / odds.sum())
    np.add.at(sold, rng.integers(0, firms, size=max(0, firms * mean - int(sold.sum()))), 1)
    supplier = np.repeat(np.arange(firms), sold)
    customer = rng.integers(0, firms - 1, size=len(supplier))
    customer += customer >= supplier  # nobody supplies itself
    supplier, customer = np.divmod(np.unique(supplier * firms + customer), firms)
    classes = rng.integers(0, 3, size=(INDUSTRIES, INDUSTRIES))
    edges = supplier, customer, rng.random(len(supplier))
    return network(edges, rng.integers(0, INDUSTRIES, size=firms), classes)


def main() -> None:
    """Parse, generate, measure, print one line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.systemic", description=__doc__)
    parser.add_argument("--firms", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--closures", type=int, help="a random sample of so many; all if unset")
    parser.add_argument("--tolerance", type=float, default=TOLERANCE)
    parser.add_argument("--irreplaceable", action="store_true")
    asked = parser.parse_args()
    made = generated(asked.firms)
    amounts = parts(made)
    chosen = np.arange(asked.firms)
    if asked.closures:
        chosen = np.random.default_rng(1).choice(chosen, asked.closures, replace=False)
    closed = [[int(firm)] for firm in chosen]
    replaceable, tolerance = not asked.irreplaceable, asked.tolerance
    wall, cpu = time.perf_counter(), time.process_time()
    found = esri(
        made,
        closed,
        amounts=amounts,
        replaceable=replaceable,
        tolerance=tolerance,
        threads=asked.threads,
    )
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for number in range(min(_CHECKED, len(closed))):
        plain = losses(
            made, amounts, closed[number], replaceable=replaceable, tolerance=tolerance, rounds=300
        )
        assert abs(score(plain.both, amounts.size) - found.score[number]) < 1e-9
    print(
        f"| {asked.firms:,} | {len(made.supplier):,} | {len(closed):,} | {tolerance:g} |"
        f" {asked.threads} | {wall:.1f} s | {cpu:.1f} s | {1000 * cpu / len(closed):.2f} ms |"
        f" {peak:.0f} MB | {found.rounds.mean():.1f} |"
    )


if __name__ == "__main__":
    main()
