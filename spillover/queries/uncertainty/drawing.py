"""How are unknown parts of one whole drawn, all draws at once?

Each unknown has a stream of random numbers of its own, named by the seed and by what it is about:
entities by keys that go by their ids (:mod:`spillover.queries.uncertainty.keys`). So the same seed
gives the same draws in whatever order a graph lists its claims, and the draws of one market do not
depend on which others are asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from spillover.graph.errors import InputError

if TYPE_CHECKING:
    from spillover.queries.uncertainty.priors import Prior

Reals = npt.NDArray[np.float64]

FEWEST: Final = 100
"""Fewer draws say nothing of a 5th percentile."""
MOST: Final = 20_000
_SWEEPS: Final = 20
_HAIR: Final = 1e-12
"""What is nearer to the whole than this is the whole: a sum of floating-point numbers."""


class Die(NamedTuple):
    """How many draws, and the seed that they come from."""

    draws: int
    seed: int

    def stream(self, *about: int | str) -> np.random.Generator:
        """Random numbers for one unknown."""
        words = (self.seed, *(crc32(a.encode()) if isinstance(a, str) else a for a in about))
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words)))

    def uniform(self, prior: Prior, *about: int | str) -> Reals:
        """One value from the range of an assumption for each draw."""
        return prior.low + (prior.high - prior.low) * self.stream(*about).random(self.draws)


def die(draws: int, seed: int) -> Die:
    """How many draws, and the seed that they come from.

    Raises:
        InputError: too few or too many draws, or a negative seed.
    """
    if not FEWEST <= draws <= MOST:
        raise InputError(f"draws {draws} cannot be taken; write a number from {FEWEST} to {MOST}")
    if seed < 0:
        raise InputError(f"seed {seed} cannot be used; write a whole number from 0")
    return Die(draws, seed)


def within(stream: np.random.Generator, low: Reals, high: Reals, draws: int) -> Reals:
    """Parts of one whole, evenly drawn from all that lie in their intervals and fit together.

    Where intervals alone could exceed the whole, the first point is shrunk into the room that there
    is, and then moved by Gibbs' sampler: each part in turn is drawn anew from what the others
    leave. Where the least values alone exceed the whole, they are returned.

    Args:
        stream: random numbers.
        low: least value of each part, 0 to 1; shape [parts].
        high: greatest values.
        draws: how many.

    Returns:
        Shape [parts, draws]; each column adds up to at most 1 where that is possible.
    """
    room = max(1.0 - float(low.sum()), 0.0)
    free = np.minimum(high - low, room)
    extra = free[:, None] * stream.random((len(low), draws))
    if free.sum() > room + _HAIR:
        total = extra.sum(axis=0)
        extra *= np.minimum(1.0, room / np.maximum(total, _HAIR))
        for _ in range(_SWEEPS):
            _moved(stream, extra, free, room)
    return low[:, None] + extra


def _moved(stream: np.random.Generator, extra: Reals, free: Reals, room: float) -> None:
    """Draw each part anew from what the others leave, in place."""
    total = extra.sum(axis=0)
    for row in np.flatnonzero(free > 0).tolist():
        others = total - extra[row]
        most = np.clip(room - others, 0.0, free[row])
        extra[row] = stream.random(extra.shape[1]) * most
        total = others + extra[row]


def dealt(
    stream: np.random.Generator, weights: Sequence[Reals | float], unevenness: Reals
) -> Reals:
    """How a whole is dealt out, by a Dirichlet distribution of which each draw has its own.

    Args:
        stream: random numbers.
        weights: by how many each of the parts counts; a number, or one for each draw.
        unevenness: the parameter of the distribution in each draw; shape [draws].

    Returns:
        Shape [parts, draws]; each column adds up to 1.
    """
    drawn = np.stack([stream.standard_gamma(unevenness * weight) for weight in weights])
    total = drawn.sum(axis=0)
    # Of gamma variates with a small parameter all can underflow: then one part has everything.
    drawn[0, total <= 0] = 1.0
    result: Reals = drawn / drawn.sum(axis=0)
    return result


def log_uniform(stream: np.random.Generator, prior: Prior, draws: int) -> Reals:
    """Values from a range of positive numbers, evenly on a logarithmic scale."""
    lowest, highest = np.log(prior.low), np.log(prior.high)
    drawn: Reals = np.exp(lowest + (highest - lowest) * stream.random(draws))
    return drawn


class Pieces(NamedTuple):
    """Parts of one whole as claims state them: some in intervals, some not at all."""

    low: Reals
    """0 to 1; shape [parts]."""
    high: Reals
    open: npt.NDArray[np.bool_]
    """Of which nothing is stated."""


def whole(
    stream: np.random.Generator, pieces: Pieces, unevenness: Prior, others: Reals
) -> tuple[Reals, Reals]:
    """All parts of a whole: those that are stated, then the others out of what these leave.

    Args:
        stream: random numbers.
        pieces: the parts.
        unevenness: the range of the Dirichlet parameter.
        others: by how many parts those count that nobody names; shape [draws].

    Returns:
        The parts, shape [parts, draws], and what nobody named has, shape [draws].
    """
    draws = len(others)
    parts = np.zeros((len(pieces.low), draws))
    said = ~pieces.open
    parts[said] = within(stream, pieces.low[said], pieces.high[said], draws)
    left = np.maximum(1.0 - parts[said].sum(axis=0), 0.0)
    left[left < _HAIR] = 0.0
    count = int(pieces.open.sum())
    if not count:
        return parts, left
    alpha = log_uniform(stream, unevenness, draws)
    shares = dealt(stream, [*[1.0] * count, others], alpha)
    parts[pieces.open] = left * shares[:-1]
    return parts, left * shares[-1]
