"""Through whose hands does the power over each company run, when majorities decide at every step?

At every company a vote is drawn: its owners come in random order and the one whose shares complete
more than half of the votes, the pivot, decides. Owners that are themselves decided by the same
ultimate owner come together, as one. The company is then decided by whoever decides the pivot. So
an ultimate owner of 51 % has all the power, and three owners of a third each have a third. The
share of ``i`` in the power over ``j`` is the probability that ``i`` stands on the line of pivots
above ``j``; for an ultimate owner, that it stands at its end::

    NPI[i] = sum over j of value[j] * P(label of j = i)

the Network Power Index (Mizuno, Doi, Kurizaki, "The power of corporate control in the global
ownership network", PLoS ONE 15(8), 2020, e0237862; with one company it is the index of Shapley and
Shubik, 1954), and for an owner between, its Network Power Flow before it is scaled to the values
(the same authors, "The flow of corporate control in the global ownership network", PLoS ONE 18(8),
2023, e0290229). The procedure is that of the sample program which the authors publish with the
second paper: quota above one half, owners with one label voting together, the first rounds in a
circle thrown away. Here every drawing starts anew and takes the labels after :data:`ROUNDS` rounds;
the program goes on from them, and starts anew with a small probability. The text of the papers was
not compared.

Probabilities are sampled, with the same numbers for the same question. They do not rise with
shares, so no corner of the intervals bounds them. Two readings are given instead, least first:
shares at their least, where what nobody declares votes as one stranger; and shares at their
greatest, where it does not vote. For exact and fully declared shares they agree.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.errors import InputError
from spillover.graph.stake import WHOLE
from spillover.queries.holdings import Flags, Ints
from spillover.queries.methods.network import Network
from spillover.queries.methods.shares import Shares, room

SAMPLES: Final = 10_000
"""Drawings; a probability then has a standard error of half a percent at most."""
ROUNDS: Final = 15
"""Rounds in which the labels of a circle settle."""
MOST: Final = 3000
"""Companies that can be drawn for at once."""

_BATCH: Final = 2000
_Words = npt.NDArray[np.uint64]


class Drawn(NamedTuple):
    """What the drawings gave: a line for each row of the network, a column for each drawing."""

    label: Ints
    """Row of whoever decides it in the end; below zero for undeclared holders."""
    through: Flags
    """Whether the owner asked for is on the line of pivots above it, or is the row itself."""


class _Vote(NamedTuple):
    """The votes at one company."""

    row: int
    voter: Ints
    """Rows of its owners; below zero for the undeclared rest."""
    votes: Ints
    circle: int
    """Number of the circle that it stands on; below zero for none."""


def power_flow(network: Network, row: int, assets: Ints) -> Shares:
    """Share of one owner in the power over each of these companies.

    Args:
        network: direct holdings, with everything above the companies.
        row: the owner.
        assets: rows of the companies, ascending.

    Raises:
        InputError: there are more than :data:`MOST` companies at and above these.
    """
    readings = []
    for spread in (False, True):
        votes = _votes(network, assets, spread=spread)
        parts = [
            draw(network, votes, row, start=start).through[assets]
            for start in range(0, SAMPLES, _BATCH)
        ]
        readings.append(np.concatenate(parts, axis=1).mean(axis=1))
    low, high = np.minimum(*readings), np.maximum(*readings)
    kept = high > 0
    spread_out = max(float((share * (1 - share)).max(initial=0)) for share in readings)
    error = (spread_out / SAMPLES) ** 0.5
    return Shares(assets[kept], low[kept], high[kept], error=error)


def draw(network: Network, votes: list[_Vote], row: int, *, start: int) -> Drawn:
    """One batch of drawings, from this number on."""
    label = np.repeat(np.arange(network.size)[:, None], _BATCH, axis=1)
    through = np.zeros(label.shape, bool)
    through[row] = True
    drawing = np.arange(start, start + _BATCH)
    at = 0
    while at < len(votes):
        end, circle = at + 1, votes[at].circle
        while circle >= 0 and end < len(votes) and votes[end].circle == circle:
            end += 1
        for turn in range(ROUNDS if circle >= 0 else 1):
            for vote in votes[at:end]:
                _decide(vote, label, through, _noise(drawing, vote.row * ROUNDS + turn))
                through[row] = True
        at = end
    return Drawn(label, through)


def _decide(vote: _Vote, label: Ints, through: Flags, seed: _Words) -> None:
    """Draw one company's vote in every drawing of the batch."""
    declared = vote.voter >= 0
    labels = np.where(declared[:, None], label[vote.voter], vote.voter[:, None])
    alone = np.repeat(vote.voter[:, None], len(seed), axis=1)
    order = np.lexsort((_noise(alone, ~seed), _noise(labels, seed)), axis=0)
    reached = np.cumsum(vote.votes[order], axis=0)
    pivot = np.argmax(2 * reached > vote.votes.sum(), axis=0)
    columns = np.arange(len(seed))
    chosen = order[pivot, columns]
    label[vote.row] = labels[chosen, columns]
    through[vote.row] = through[vote.voter[chosen], columns] & declared[chosen]


def _noise(first: Ints, second: int | _Words) -> _Words:
    """A random word for each pair of numbers, the same one every time (splitmix64, twice)."""
    return _mix(_mix(first.astype(np.uint64)) + np.asarray(second, np.uint64))


def _mix(word: _Words) -> _Words:
    word = word + np.uint64(0x9E3779B97F4A7C15)
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: _Words = word ^ (word >> np.uint64(31))
    return mixed


def _votes(network: Network, assets: Ints, *, spread: bool) -> list[_Vote]:
    """The votes at and above these companies, owners before what they own."""
    units = room(network) if spread else network.low
    starts = np.searchsorted(network.asset, np.arange(network.size + 1))
    order, circle = _order(network, units, starts, assets)
    found = []
    for row in order:
        edges = np.arange(starts[row], starts[row + 1])
        rest = WHOLE - int(units[edges].sum())
        edges = edges[(units[edges] > 0) & (network.owner[edges] != row)]
        voter, votes = network.owner[edges], units[edges]
        if not spread and rest > 0:
            voter, votes = np.append(voter, -1 - row), np.append(votes, rest)
        if len(voter):
            found.append(_Vote(row, voter, votes, circle[row]))
    return found


def _order(
    network: Network, units: Ints, starts: Ints, assets: Ints
) -> tuple[list[int], dict[int, int]]:
    """Companies at and above these, owners first where they do not own each other."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    seen = np.zeros(network.size, bool)
    frontier = assets
    while len(frontier):
        seen[frontier] = True
        into = np.isin(network.asset, frontier) & (units > 0)
        above = np.unique(network.owner[into])
        frontier = above[~seen[above]]
    held = seen & (starts[1:] > starts[:-1])
    if held.sum() > MOST:
        raise InputError(
            f"{held.sum()} companies stand at and above the assets, more than {MOST}; ask for fewer"
        )
    edges = seen[network.asset] & (units > 0) & (network.owner != network.asset)
    ends = network.owner[edges], network.asset[edges]
    graph = csr_array((np.ones(len(ends[0])), ends), (network.size, network.size))
    count, part = connected_components(graph, connection="strong")
    size = np.bincount(part, minlength=count)
    level = _levels(part, ends, count)
    rows = np.flatnonzero(held)
    rows = rows[np.lexsort((rows, part[rows], level[part[rows]]))]
    circle = np.where(size[part[rows]] > 1, part[rows], -1)
    return rows.tolist(), dict(zip(rows.tolist(), circle.tolist(), strict=True))


def _levels(part: npt.NDArray[np.int32], ends: tuple[Ints, Ints], count: int) -> Ints:
    """For each part the length of the longest line of other parts above it."""
    above, below = part[ends[0]], part[ends[1]]
    other = above != below
    above, below = above[other], below[other]
    level = np.zeros(count, np.int64)
    while True:
        deeper = level.copy()
        np.maximum.at(deeper, below, level[above] + 1)
        if (deeper == level).all():
            return level
        level = deeper
