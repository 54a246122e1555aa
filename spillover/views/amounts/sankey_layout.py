"""Where do the boxes and bands of a flow picture stand?

Layers from left to right by the longest way to a box; boxes that only send stand next to whom they
send to. Bands that pass a layer have a place of their own in it. What would close a circle is set
apart first, in the order of the boxes as given. The same flows get the same places.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from spillover.views.amounts.figures import Flow, Knot

BOX: Final = 150
SPACE: Final = 104
"""Width of a box, and between two boxes."""
_GAP: Final = 12
_LAYER_HEIGHT: Final = 400
_BAND_HEIGHT: Final = 64
_THIN: Final = 1.5
_SWEEPS: Final = 12


class Spot(NamedTuple):
    """Where a box stands."""

    x: float
    y: float
    height: float


class Band(NamedTuple):
    """A flow with its width, its core's width, and its course."""

    flow: Flow
    width: float
    core: float
    course: tuple[tuple[float, float], ...]
    """Points of the middle line, in pairs: the right edge of a layer, the left edge of the next."""


class Placed(NamedTuple):
    """A whole picture."""

    spots: dict[str, Spot]
    bands: tuple[Band, ...]
    circles: tuple[Flow, ...]
    """Flows that are not drawn."""
    size: tuple[float, float]


@dataclass(slots=True)
class _Cell:
    """A box, or the place of a passing band, in its layer."""

    layer: int
    height: float
    before: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    place: float = 0.0
    """First its number in the layer, then its upper edge."""

    @property
    def middle(self) -> float:
        return self.place + self.height / 2


def place(
    knots: Sequence[Knot], flows: Sequence[Flow], height_of: Callable[[Knot], float]
) -> Placed:
    """Places for these boxes, each at least as high as ``height_of`` says."""
    number = {knot.id: n for n, knot in enumerate(knots)}
    ends = [(number[flow.source], number[flow.target]) for flow in flows]
    closing = _closing(len(knots), ends)
    kept = [n for n in range(len(flows)) if n not in closing]
    layers = _layers(len(knots), [ends[n] for n in kept])
    widths = _widths([flows[n] for n in kept], [ends[n] for n in kept], layers)
    cells = [_Cell(layer, 0.0) for layer in layers]
    courses = [_threaded(cells, ends[n], width) for n, (width, _) in zip(kept, widths, strict=True)]
    for n, knot in enumerate(knots):
        sums = _sums(n, courses, widths)
        cells[n].height = max(height_of(knot), *(total + 6 for total in sums))
    _arrange(cells)
    step = BOX + SPACE
    spots = {
        knot.id: Spot(cells[n].layer * step, round(cells[n].place, 1), round(cells[n].height, 1))
        for n, knot in enumerate(knots)
    }
    bands = _bands([flows[n] for n in kept], courses, widths, cells)
    right = max((cell.layer for cell in cells), default=0) * step + BOX
    bottom = max((spot.y + spot.height for spot in spots.values()), default=0.0)
    bottom = max([bottom, *(y + band.width / 2 for band in bands for _, y in band.course)])
    return Placed(spots, bands, tuple(flows[n] for n in sorted(closing)), (right, bottom))


def _closing(count: int, ends: Sequence[tuple[int, int]]) -> set[int]:
    """Numbers of the flows that close a circle, as a search in depth meets them."""
    outof: list[list[int]] = [[] for _ in range(count)]
    for n, (source, _) in enumerate(ends):
        outof[source].append(n)
    state = [0] * count  # 1: on the way, 2: done
    closing: set[int] = set()
    for root in range(count):
        if state[root]:
            continue
        state[root] = 1
        way: list[tuple[int, Iterator[int]]] = [(root, iter(outof[root]))]
        while way:
            node, rest = way[-1]
            flow = next(rest, None)
            if flow is None:
                state[node] = 2
                way.pop()
            elif state[target := ends[flow][1]] == 1:
                closing.add(flow)
            elif not state[target]:
                state[target] = 1
                way.append((target, iter(outof[target])))
    return closing


def _layers(count: int, ends: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of each box; the flows have no circle."""
    after: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for source, target in ends:
        after[source].append(target)
        waiting[target] += 1
    sources = [n for n in range(count) if not waiting[n]]
    layers, ready = [0] * count, list(sources)
    while ready:
        node = ready.pop()
        for target in after[node]:
            layers[target] = max(layers[target], layers[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for node in sources:
        layers[node] = min((layers[target] for target in after[node]), default=1) - 1
    return layers


def _widths(
    flows: Sequence[Flow], ends: Sequence[tuple[int, int]], layers: Sequence[int]
) -> list[tuple[float, float]]:
    """Widths of the bands and of their cores, so that the fullest layer fits."""
    finite = [flow.span.high for flow in flows if math.isfinite(flow.span.high)]
    most = max([*finite, *(flow.span.low for flow in flows), 0]) or 1.0
    highs = [max(min(flow.span.high, most), 0.0) for flow in flows]
    fullest: dict[tuple[int, bool], float] = {}
    for high, pair in zip(highs, ends, strict=True):
        for end, entering in zip(pair, (False, True), strict=True):
            key = (layers[end], entering)
            fullest[key] = fullest.get(key, 0.0) + high
    total = max(fullest.values(), default=0.0) or 1.0
    scale = min(_LAYER_HEIGHT / total, _BAND_HEIGHT / most)
    return [
        (max(high * scale, _THIN), max(min(flow.span.low, high), 0.0) * scale)
        for flow, high in zip(flows, highs, strict=True)
    ]


def _threaded(cells: list[_Cell], ends: tuple[int, int], width: float) -> list[int]:
    """The cells along a flow, with a new one in each layer that it passes."""
    source, target = ends
    course = [source]
    for layer in range(cells[source].layer + 1, cells[target].layer):
        cells.append(_Cell(layer, width))
        course.append(len(cells) - 1)
    course.append(target)
    for one, other in pairwise(course):
        cells[one].after.append(other)
        cells[other].before.append(one)
    return course


def _sums(
    node: int, courses: Sequence[Sequence[int]], widths: Sequence[tuple[float, float]]
) -> tuple[float, float]:
    """Widths of everything that enters a box, and of everything that leaves it."""
    entering = sum(w for course, (w, _) in zip(courses, widths, strict=True) if course[-1] == node)
    leaving = sum(w for course, (w, _) in zip(courses, widths, strict=True) if course[0] == node)
    return entering, leaving


# -- order and height --------------------------------------------------------------------------


def _arrange(cells: list[_Cell]) -> None:
    """Order each layer by what its cells hang on, then stack it, close to what it hangs on."""
    layers: dict[int, list[int]] = {}
    for n, cell in enumerate(cells):
        layers.setdefault(cell.layer, []).append(n)
    for members in layers.values():
        _number(cells, members)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for layer in sorted(layers, reverse=not forward):
            members = layers[layer]
            members.sort(key=lambda n: _mean(cells, n, forward=forward))
            _number(cells, members)
    full = max(map(sum, ([cells[n].height + _GAP for n in m] for m in layers.values())), default=0)
    for members in layers.values():
        used = sum(cells[n].height + _GAP for n in members)
        y = (full - used) / 2
        for n in members:
            cells[n].place = y
            y += cells[n].height + _GAP
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        for layer in sorted(layers, reverse=not forward):
            _settle(cells, layers[layer], full, forward=forward)


def _number(cells: list[_Cell], members: Sequence[int]) -> None:
    for place, n in enumerate(members):
        cells[n].place = float(place)


def _mean(cells: list[_Cell], n: int, *, forward: bool) -> float:
    """The mean place of what a cell hangs on; its own where it hangs on nothing."""
    beside = cells[n].before if forward else cells[n].after
    return sum(cells[m].place for m in beside) / len(beside) if beside else cells[n].place


def _settle(cells: list[_Cell], members: Sequence[int], full: float, *, forward: bool) -> None:
    """Move a layer's cells toward what they hang on, without an overlap or a change of order."""
    y = 0.0
    for n in members:
        cell = cells[n]
        beside = cell.before if forward else cell.after
        middle = sum(cells[m].middle for m in beside) / len(beside) if beside else cell.middle
        cell.place = max(middle - cell.height / 2, y)
        y = cell.place + cell.height + _GAP
    limit = full
    for n in reversed(members):
        cell = cells[n]
        cell.place = min(cell.place, limit - cell.height - _GAP)
        limit = cell.place


def _bands(
    flows: Sequence[Flow],
    courses: Sequence[Sequence[int]],
    widths: Sequence[tuple[float, float]],
    cells: Sequence[_Cell],
) -> tuple[Band, ...]:
    """The courses as points: bands that meet at a box lie side by side, in their order there."""
    leaving = _ports(courses, widths, cells, first=True)
    entering = _ports(courses, widths, cells, first=False)
    step = BOX + SPACE
    made = []
    for n, (flow, course) in enumerate(zip(flows, courses, strict=True)):
        points = [(cells[course[0]].layer * step + BOX + 0.0, leaving[n])]
        for inner in course[1:-1]:
            x, y = cells[inner].layer * step + 0.0, round(cells[inner].middle, 1)
            points += [(x, y), (x + BOX, y)]
        points.append((cells[course[-1]].layer * step + 0.0, entering[n]))
        made.append(Band(flow, round(widths[n][0], 1), round(widths[n][1], 1), tuple(points)))
    return tuple(made)


def _ports(
    courses: Sequence[Sequence[int]],
    widths: Sequence[tuple[float, float]],
    cells: Sequence[_Cell],
    *,
    first: bool,
) -> dict[int, float]:
    """The height at which each band leaves its first box, or enters its last."""
    at: dict[int, list[int]] = {}
    for n, course in enumerate(courses):
        at.setdefault(course[0] if first else course[-1], []).append(n)
    found: dict[int, float] = {}
    for node, bands in at.items():
        bands.sort(key=lambda n: (cells[courses[n][1 if first else -2]].middle, n))
        y = cells[node].middle - sum(widths[n][0] for n in bands) / 2
        for n in bands:
            found[n] = round(y + widths[n][0] / 2, 1)
            y += widths[n][0]
    return found
