"""Where exactly does everything in a left-to-right chart stand, and how do the lines run?

Columns come from :mod:`spillover.views.layering`, heights from :mod:`spillover.views.stacking`.
Here lines get their lanes, and labels a zone of their own just left of the box that they enter,
where nothing else is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spillover.views.layering import Box, Layers, Link, Rect, Trunk, layers_of
from spillover.views.routing import assign_lanes
from spillover.views.stacking import LABEL_HEIGHT, place_vertically

LANE_GAP = 9
CHANNEL_PAD = 12
ARROW = 9
CYCLE_GAP = 20

Points = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A link's way: corner points from source to target, and where its label goes."""

    id: str
    points: Points
    label: Rect
    cyclic: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Rectangles of the boxes in the order given, routes in the order given, and the extent."""

    boxes: tuple[Rect, ...]
    routes: tuple[Route, ...]
    width: int
    height: int


def lay_out(boxes: Sequence[Box], links: Sequence[Link]) -> Layout:
    """Place boxes in columns from left to right and route links at right angles.

    Every link that closes no cycle runs rightwards; those that do return below the boxes. No two
    boxes overlap, and no label overlaps a box or another label. The same input gives the
    same layout.
    """
    layers = layers_of(boxes, links)
    place_vertically(layers)
    return _Drawing(layers, boxes, links).layout()


class _Drawing:
    """Horizontal places and the corner points of every link."""

    def __init__(self, layers: Layers, boxes: Sequence[Box], links: Sequence[Link]) -> None:
        self.layers = layers
        self.boxes = boxes
        self.links = links
        self.items = {i.box.id: i for c in layers.columns for i in c if i.box}
        self.widths = {box.id: box.width for box in boxes}
        items = [item for column in layers.columns for item in column]
        self.bottom = int(max((item.y + item.height / 2 for item in items), default=0))
        self.returns: dict[int, float] = {}
        for number, closes in enumerate(layers.cyclic):
            if closes:
                self.returns[number] = self.bottom + CYCLE_GAP * (len(self.returns) + 1)
        self.back_trunks: dict[int, Trunk] = {}
        self._make_channels()

    def _make_channels(self) -> None:
        """Lanes and label zones between the columns; then the columns' left edges."""
        count = len(self.layers.columns)
        channels: list[list[tuple[Trunk, list[float]]]] = [[] for _ in range(count + 1)]
        zones = [0] * (count + 1)
        for column in self.layers.columns:
            for item in column:
                for trunk in item.trunks:
                    if not trunk.cyclic:
                        channels[item.rank + 1].append((trunk, trunk.ends()))
        for number, (link, port) in enumerate(zip(self.links, self.layers.ports, strict=True)):
            rank = port.item.rank
            if self.layers.cyclic[number]:
                zones[rank] = max(zones[rank], ARROW + 4)
                self._add_return(number, channels)
            else:
                zones[rank] = max(zones[rank], link.label_width + ARROW + 8)
        lanes = [assign_lanes(channel) for channel in channels]
        self._measure(lanes, zones)

    def _add_return(self, number: int, channels: list[list[tuple[Trunk, list[float]]]]) -> None:
        """The two vertical lines of a link that closes a cycle: down, and up again."""
        out, port = self.layers.paths[number][0], self.layers.ports[number]
        back = self.back_trunks[number] = Trunk(port.item, y=self.returns[number])
        channels[out.source.rank + 1].append((out, [self.returns[number]]))
        channels[port.item.rank].append((back, [port.y]))

    def _measure(self, lanes: list[int], zones: list[int]) -> None:
        """Left edges of the channels' lanes and of the columns, and the whole width."""
        self.channel_x: list[int] = []
        self.column_x: list[int] = []
        least = [0] * len(self.layers.columns)
        for number in self.returns:
            rank = self.layers.ports[number].item.rank
            link = self.links[number]
            least[rank] = max(least[rank], link.label_width + link.mark_width + 8)
        x = 0
        for rank, (count, zone) in enumerate(zip(lanes, zones, strict=True)):
            self.channel_x.append(x + CHANNEL_PAD)
            if count or zone:
                x += 2 * CHANNEL_PAD + max(count - 1, 0) * LANE_GAP + zone
            if rank < len(self.layers.columns):
                self.column_x.append(x)
                boxes = [item.box.width for item in self.layers.columns[rank] if item.box]
                x += max([least[rank], *boxes])
        self.width = x

    def layout(self) -> Layout:
        """The finished drawing."""
        routes = tuple(self._route(number) for number in range(len(self.links)))
        height = self.bottom + (CYCLE_GAP * len(self.returns) + 6 if self.returns else 0)
        return Layout(tuple(map(self._rect, self.boxes)), routes, self.width, height)

    def _rect(self, box: Box) -> Rect:
        """Where a box stands."""
        item = self.items[box.id]
        top = int(item.y - item.height / 2)
        return Rect(self.column_x[item.rank], top, box.width, item.height)

    def _lane_x(self, trunk: Trunk, channel: int) -> int:
        """Where a trunk's vertical line stands."""
        return self.channel_x[channel] + max(trunk.lane, 0) * LANE_GAP

    def _route(self, number: int) -> Route:
        """One link's corner points and label."""
        link, port = self.links[number], self.layers.ports[number]
        start = self.layers.paths[number][0]
        origin = self.items[link.source]
        right = self.column_x[origin.rank] + self.widths[link.source]
        end = (self.column_x[port.item.rank], int(port.y))
        points = [(right, int(start.y))]
        if self.layers.cyclic[number]:
            label = self._return(number, points)
        else:
            self._forward(number, points)
            left = end[0] - ARROW - 4 - link.label_width
            label = Rect(left, end[1] - LABEL_HEIGHT - 2, link.label_width, LABEL_HEIGHT)
        points += [(points[-1][0], end[1]), end]
        return Route(link.id, _corners(points), label, self.layers.cyclic[number])

    def _forward(self, number: int, points: list[tuple[int, int]]) -> None:
        """Append the corners of a link that runs rightwards."""
        for trunk in self.layers.paths[number]:
            points.append((self._lane_x(trunk, trunk.source.rank + 1), int(trunk.y)))
            if trunk is not self.layers.paths[number][-1] and trunk.onward is not None:
                points.append((points[-1][0], int(trunk.onward.y)))

    def _return(self, number: int, points: list[tuple[int, int]]) -> Rect:
        """Append the corners of a link that closes a cycle; its label lies on the way back."""
        out, back = self.layers.paths[number][0], self.back_trunks[number]
        lane, y = self._lane_x(out, out.source.rank + 1), int(self.returns[number])
        home = self._lane_x(back, back.source.rank)
        points += [(lane, int(out.y)), (lane, y), (home, y)]
        width = self.links[number].label_width + self.links[number].mark_width
        left = self.column_x[back.source.rank] + 4
        return Rect(left, y - LABEL_HEIGHT - 2, width, LABEL_HEIGHT)


def _corners(points: Sequence[tuple[int, int]]) -> Points:
    """The points without repeats and without those in the middle of a straight line."""
    kept: list[tuple[int, int]] = []
    for point in points:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and (
            kept[-2][0] == kept[-1][0] == point[0] or kept[-2][1] == kept[-1][1] == point[1]
        ):
            kept.pop()
        kept.append(point)
    return tuple(kept)
