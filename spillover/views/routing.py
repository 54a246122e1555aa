"""In which lane of a channel between two columns does each vertical line run?

Two lines whose spans touch never share a lane. The order of the lanes saves crossings: of
lines that go down, the lowest is leftmost; of lines that go up, the highest.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from spillover.views.layering import Trunk

CLEARANCE = 5
"""Pixels that two lines in one lane keep apart; lines nearer than this would read as one."""


def assign_lanes(channel: Sequence[tuple[Trunk, list[float]]]) -> int:
    """Write ``trunk.lane`` for each trunk with its ends; return how many lanes there are.

    A trunk that runs straight through needs none and keeps -1.
    """
    bent = [(trunk, ends) for trunk, ends in channel if any(end != trunk.y for end in ends)]
    spans = [
        (min(trunk.y, *ends) - CLEARANCE, max(trunk.y, *ends) + CLEARANCE) for trunk, ends in bent
    ]
    placed: list[tuple[float, float, int]] = []
    count = 0
    for position in _order(bent):
        low, high = spans[position]
        lane = 1 + max((at for a, b, at in placed if a < high and low < b), default=-1)
        bent[position][0].lane = lane
        placed.append((low, high, lane))
        count = max(count, lane + 1)
    return count


def _order(bent: Sequence[tuple[Trunk, list[float]]]) -> list[int]:
    """Positions from the leftmost lane on.

    Where one trunk leaves at the height at which another arrives, the first must be left of the
    other, or the two would lie on one line; where such demands form a ring, the ring is cut.
    """

    def rank(position: int) -> tuple[int, float, int]:
        trunk, ends = bent[position]
        rise = sum(ends) / len(ends) - trunk.y
        return (0, -trunk.y, position) if rise >= 0 else (1, trunk.y, position)

    keys = [rank(position) for position in range(len(bent))]
    after, waiting = _demands(bent)
    ready = [(keys[p], p) for p in range(len(bent)) if not waiting[p]]
    heapq.heapify(ready)
    cut = iter(sorted(range(len(bent)), key=keys.__getitem__))
    done: dict[int, None] = {}
    while len(done) < len(bent):
        position = heapq.heappop(ready)[1] if ready else next(cut)
        if position in done:
            continue
        done[position] = None
        for other in after[position]:
            waiting[other] -= 1
            if not waiting[other]:
                heapq.heappush(ready, (keys[other], other))
    return list(done)


def _demands(bent: Sequence[tuple[Trunk, list[float]]]) -> tuple[list[list[int]], list[int]]:
    """For each trunk those that must be right of it, and how many must be left of it."""
    starts = sorted((trunk.y, position) for position, (trunk, _) in enumerate(bent))
    heights = [y for y, _ in starts]
    after: list[list[int]] = [[] for _ in bent]
    waiting = [0] * len(bent)
    for position, (_, ends) in enumerate(bent):
        near = {
            starts[at][1]
            for end in ends
            for at in range(
                bisect_left(heights, end - CLEARANCE + 1),
                bisect_right(heights, end + CLEARANCE - 1),
            )
        }
        for other in sorted(near - {position}):
            after[other].append(position)
            waiting[position] += 1
    return after, waiting
