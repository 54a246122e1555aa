"""At which height does everything in a chart stand?

Every column keeps its order and its gaps; within these, items move to where their lines run
straight. A box is made high enough for the links that enter it, each with a label above.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from spillover.views.layering import Item, Layers

PORT_GAP: Final = 16
"""Pixels between two links that enter a box: room for a label above each."""
LABEL_HEIGHT: Final = 13
TRUNK_GAP: Final = 10
BOX_GAP: Final = 14
PASS_GAP: Final = 9
SMALL_STEP: Final = 24
_SWEEPS: Final = 8


def place_vertically(layers: Layers) -> None:
    """Give every item its height and its middle, every port and trunk its offset."""
    for column in layers.columns:
        for item in column:
            _place_ports(item)
    _stack(layers.columns)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for column in layers.columns if forward else reversed(layers.columns):
            _settle(column, forward=forward)
    top = min((item.y - item.height / 2 for c in layers.columns for item in c), default=0.0)
    for column in layers.columns:
        _snap(column, top)
    for column in layers.columns:
        _straighten(column)
    for column in layers.columns:
        for item in column:
            _place_trunks(item)


def _place_ports(item: Item) -> None:
    """Sort a box's incoming links by where they come from; make the box high enough."""
    if item.box is None:
        return
    item.ports_in.sort(key=lambda port: (port.cyclic, port.origin.place, port.link))
    count = len(item.ports_in)
    for position, port in enumerate(item.ports_in):
        port.offset = (position - (count - 1) / 2) * PORT_GAP
    needed = max(count * PORT_GAP + LABEL_HEIGHT, len(item.trunks) * TRUNK_GAP + 10)
    item.height = max(item.height, needed + needed % 2)


def _gap(above: Item, below: Item) -> float:
    """The least distance between the middles of two neighbours in a column."""
    space = BOX_GAP if above.box and below.box else PASS_GAP
    return (above.height + below.height) / 2 + space


def _stack(columns: Sequence[list[Item]]) -> None:
    """A first placing: every column packed around one middle line."""
    for column in columns:
        y = 0.0
        for above, item in zip([None, *column], column, strict=False):
            y += _gap(above, item) if above else 0.0
            item.y = y
        for item in column:
            item.y -= y / 2


def _settle(column: list[Item], *, forward: bool) -> None:
    """Move a column's items to where their lines run straight, as far as the gaps allow."""
    wishes = [_wish(item, forward=forward) for item in column]
    weights = [1.0 if item.box else 3.0 for item in column]
    gaps = [_gap(above, below) for above, below in pairwise(column)]
    for item, y in zip(column, spread(wishes, gaps, weights), strict=True):
        item.y = y


def _wish(item: Item, *, forward: bool) -> float:
    """The height at which an item's lines to one side would be straight, on average."""
    if forward:
        ports = [port for port in item.ports_in if not port.cyclic]
        heights = [port.origin.y - port.offset for port in ports]
        heights = heights or [other.y for other in item.before]
    else:
        heights = [end for trunk in item.trunks for end in trunk.ends() if not trunk.cyclic]
    return sum(heights) / len(heights) if heights else item.y


def spread(wishes: Sequence[float], gaps: Sequence[float], weights: Sequence[float]) -> list[float]:
    """The places closest to the wishes (least squares) that keep order and gaps.

    Pool-adjacent-violators on the wishes less the gaps before them: linear time.
    """
    shifts = [0.0]
    for gap in gaps:
        shifts.append(shifts[-1] + gap)
    blocks: list[tuple[float, float, int]] = []  # mean, weight, count
    for wish, shift, weight in zip(wishes, shifts, weights, strict=False):
        mean, total, count = wish - shift, weight, 1
        while blocks and blocks[-1][0] >= mean:
            other, other_total, other_count = blocks.pop()
            mean = (mean * total + other * other_total) / (total + other_total)
            total, count = total + other_total, count + other_count
        blocks.append((mean, total, count))
    flat = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + shift for mean, shift in zip(flat, shifts, strict=False)]


def _snap(column: list[Item], top: float) -> None:
    """Round to whole pixels from the chart's top on, never closer than the gaps."""
    above: Item | None = None
    for item in column:
        item.y = float(round(item.y - top))
        if above is not None:
            item.y = max(item.y, float(-int(-(above.y + _gap(above, item)) // 1)))
        above = item


def _straighten(column: list[Item]) -> None:
    """Level links on their way through with where they come from, when only a small step is off."""
    for place, item in enumerate(column):
        if item.box is not None or item.before[0].box is not None:
            continue
        y = item.before[0].y
        above = column[place - 1] if place else None
        below = column[place + 1] if place + 1 < len(column) else None
        free_above = above is None or y - above.y >= _gap(above, item)
        free_below = below is None or below.y - y >= _gap(item, below)
        if abs(y - item.y) <= SMALL_STEP and free_above and free_below:
            item.y = y


def _place_trunks(item: Item) -> None:
    """Let trunks leave a box level with what they reach, if they can; else near its middle."""
    if item.box is None:
        for trunk in item.trunks:
            trunk.y = item.y
        return
    reach = item.height / 2 - 6
    item.trunks.sort(key=lambda t: (t.cyclic, sum(t.ends()) / max(len(t.ends()), 1)))
    wishes = []
    for trunk in item.trunks:
        near = min(trunk.ends(), key=lambda end: abs(end - item.y), default=item.y + reach)
        wishes.append(near if abs(near - item.y) <= reach else item.y)
    gaps = [float(TRUNK_GAP)] * (len(wishes) - 1)
    placed = spread(wishes, gaps, [1.0] * len(wishes))
    first, last = (item.y - reach, item.y + reach)
    for position, (trunk, y) in enumerate(zip(item.trunks, placed, strict=True)):
        low = first + TRUNK_GAP * position
        high = last - TRUNK_GAP * (len(placed) - 1 - position)
        trunk.y = float(round(max(low, min(y, high))))
