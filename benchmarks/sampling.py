"""Do sampled ranges contain the truth, and how long does a sample take?

``python -m benchmarks.sampling`` draws 500 worlds from each source of truth in
:mod:`benchmarks.truths`, samples what is hidden of them, and counts how often the range from the
5th to the 95th percentile contains what is true. Only amounts that the certain bounds leave open
are counted: the others are contained always. The assumptions were settled with worlds 0 to 59.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from benchmarks.truths import SOURCES, Source, chains, supplies
from spillover.graph.stake import WHOLE
from spillover.queries.uncertainty.cascades import sample_systemic
from spillover.queries.uncertainty.sampled import Spread
from spillover.queries.uncertainty.sampling import sample_markets

_HAIR: Final = 1e-7
"""Rounding of made-up shares to millionths of a percent."""


class Coverage(NamedTuple):
    """How often ranges contain the truth."""

    open: int
    """Amounts that the certain bounds leave open."""
    inside: int
    """Of these: in the sampled range."""
    below: int
    above: int
    outside: int
    """Amounts, open or not, that lie outside the certain bounds."""
    width: float
    """Mean width of the sampled ranges, as a part of that of the certain ones."""
    seconds: float

    @property
    def part(self) -> float:
        """The part of open amounts that the sampled range contains."""
        return self.inside / self.open


def of_markets(seed: int, source: Source, draws: int) -> Iterator[tuple[Spread, float]]:
    """Parts lost and at risk of each product, and the truth."""
    world = chains(seed, source)
    sampled = sample_markets(world.chain, world.markets, world.fallen, draws=draws)
    for product, (lost, risk) in sampled.products.items():
        yield lost, world.lost[product]
        yield risk, world.risk[product]


def of_supplies(seed: int, source: Source, draws: int) -> Iterator[tuple[Spread, float]]:
    """The index and what each firm loses, and the truth."""
    world = supplies(seed, source)
    sampled = sample_systemic(world.net, world.fallen, draws=draws)
    yield sampled.index, world.index
    for firm, spread in sampled.firms.items():
        yield spread, world.loss[firm]


Sampler = Callable[[int, Source, int], Iterable[tuple[Spread, float]]]


def coverage(sampler: Sampler, source: Source, worlds: range, draws: int = 1000) -> Coverage:
    """Of the worlds with these seeds."""
    begin = time.perf_counter()
    inside = below = above = outside = 0
    widths = []
    for seed in worlds:
        for spread, true in sampler(seed, source, draws):
            low, high = (end / WHOLE for end in spread.bounds)
            outside += not low - _HAIR <= true <= high + _HAIR
            if low < high:
                under, over = true < spread.p5 - _HAIR, true > spread.p95 + _HAIR
                below, above, inside = below + under, above + over, inside + (not under | over)
                widths.append((spread.p95 - spread.p5) / (high - low))
    mean = sum(widths) / len(widths)
    seconds = time.perf_counter() - begin
    return Coverage(len(widths), inside, below, above, outside, mean, seconds)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=500)
    parser.add_argument("--first", type=int, default=1000, help="seed of the first world")
    parser.add_argument("--draws", type=int, default=1000)
    asked = parser.parse_args()
    worlds = range(asked.first, asked.first + asked.worlds)
    samplers = {"markets": of_markets, "supplies": of_supplies}
    for name, sampler in samplers.items():
        for source in SOURCES:
            found = coverage(sampler, source, worlds, asked.draws)
            print(
                f"{name:9} {source:10} {found.open:6} open, {100 * found.part:.1f} % inside,"
                f" {100 * found.below / found.open:.1f} % below,"
                f" {100 * found.above / found.open:.1f} % above, {found.outside} out of bounds,"
                f" width {found.width:.2f}, {found.seconds:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
