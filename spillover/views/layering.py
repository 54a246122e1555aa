"""In which column, and at which place in it, does each box of a chart stand?

The classical layered drawing (Sugiyama, Tagawa and Toda 1981): cycles are broken, columns are
longest paths, long links pass through the columns between, and each column is
sorted by the mean place of its neighbours.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Box(NamedTuple):
    """What is to be placed: a node's size in pixels. Layout may make it higher."""

    id: str
    width: int
    height: int


class Link(NamedTuple):
    """What is to be routed. Links of one source and ``bundle`` leave on one trunk."""

    id: str
    source: str
    target: str
    bundle: str
    label_width: int
    mark_width: int = 0
    """What the label needs beside its width when the link closes a cycle."""


class Rect(NamedTuple):
    """A rectangle: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int


@dataclass(slots=True, eq=False)
class Item:
    """A place in a column: a box, or (``box`` None) a link on its way through."""

    rank: int
    box: Box | None
    place: int = 0
    y: float = 0.0
    height: int = 10
    before: list[Item] = field(default_factory=list)
    after: list[Item] = field(default_factory=list)
    ports_in: list[Port] = field(default_factory=list)
    trunks: list[Trunk] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Port:
    """Where one link enters a box: ``offset`` from the box's middle."""

    link: int
    item: Item
    origin: Item
    cyclic: bool = False
    offset: float = 0.0

    @property
    def y(self) -> float:
        """The height at which the link enters."""
        return self.item.y + self.offset


@dataclass(slots=True, eq=False)
class Trunk:
    """The lines that leave one item together: to boxes, or on through the next column."""

    source: Item
    ports: list[Port] = field(default_factory=list)
    onward: Item | None = None
    cyclic: bool = False
    y: float = 0.0
    lane: int = -1

    def ends(self) -> list[float]:
        """The heights at which the trunk's branches go on."""
        ends = [port.y for port in self.ports]
        return ends if self.onward is None else [*ends, self.onward.y]


@dataclass(slots=True)
class Layers:
    """The columns, the trunks of each link in order, and which links close a cycle."""

    columns: list[list[Item]]
    paths: list[list[Trunk]]
    cyclic: list[bool]
    ports: list[Port]


def layers_of(boxes: Sequence[Box], links: Sequence[Link]) -> Layers:
    """Columns with every link threaded through them, sorted for few crossings."""
    index = {box.id: position for position, box in enumerate(boxes)}
    ends = [(index[link.source], index[link.target]) for link in links]
    cyclic = closing_links(len(boxes), ends)
    forward = [pair for pair, closes in zip(ends, cyclic, strict=True) if not closes]
    ranks = longest_path_ranks(len(boxes), forward)
    items = [Item(rank, box, height=box.height) for rank, box in zip(ranks, boxes, strict=True)]
    layers = _thread(items, links, ends, cyclic)
    sort_columns(layers.columns)
    return layers


def closing_links(count: int, ends: Sequence[tuple[int, int]]) -> list[bool]:
    """Which links close a cycle: those that lead back onto the path of a depth-first search.

    The search starts at nodes that nothing points to: an owner outside a ring is left of it.
    """
    leaving: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    entered = [False] * count
    for link, (source, target) in enumerate(ends):
        leaving[source].append((link, target))
        entered[target] = entered[target] or source != target
    closes = [False] * len(ends)
    state = [0] * count  # 0 unseen, 1 on the path, 2 done
    for root in sorted(range(count), key=lambda node: (entered[node], node)):
        if state[root] == 0:
            _search(root, leaving, state, closes)
    return closes


def _search(
    root: int, leaving: list[list[tuple[int, int]]], state: list[int], closes: list[bool]
) -> None:
    """Walk depth first from a root without recursion; mark the links that lead back."""
    state[root] = 1
    path = [(root, iter(leaving[root]))]
    while path:
        node, rest = path[-1]
        for link, target in rest:
            if state[target] == 1:
                closes[link] = True
            elif state[target] == 0:
                state[target] = 1
                path.append((target, iter(leaving[target])))
                break
        else:
            state[node] = 2
            path.pop()


def longest_path_ranks(count: int, forward: Sequence[tuple[int, int]]) -> list[int]:
    """A column for each node, right of all that lead to it; sources close to what they own."""
    after: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for source, target in forward:
        after[source].append(target)
        waiting[target] += 1
    sources = [node for node in range(count) if waiting[node] == 0]
    ranks = [0] * count
    ready = list(sources)
    for node in ready:  # grows while it is walked
        for target in after[node]:
            ranks[target] = max(ranks[target], ranks[node] + 1)
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    for node in sources:
        if after[node]:
            ranks[node] = min(ranks[target] for target in after[node]) - 1
    return ranks


def _thread(
    items: list[Item],
    links: Sequence[Link],
    ends: Sequence[tuple[int, int]],
    cyclic: list[bool],
) -> Layers:
    """Give every link its port and its trunks through the columns between its ends."""
    columns: list[list[Item]] = [[] for _ in range(max((i.rank for i in items), default=-1) + 1)]
    for item in items:
        columns[item.rank].append(item)
    trunks: dict[tuple[int, str, int], Trunk] = {}
    paths: list[list[Trunk]] = []
    ports: list[Port] = []
    for number, (link, (source, target)) in enumerate(zip(links, ends, strict=True)):
        if cyclic[number]:
            trunk = Trunk(items[source], cyclic=True)
            items[source].trunks.append(trunk)
            port = Port(number, items[target], items[source], cyclic=True)
            paths.append([trunk])
        else:
            bundle = (source, link.bundle)
            path = _path(columns, trunks, bundle, (items[source], items[target].rank))
            port = Port(number, items[target], path[-1].source)
            path[-1].ports.append(port)
            path[-1].source.after.append(items[target])
            items[target].before.append(path[-1].source)
            paths.append(path)
        items[target].ports_in.append(port)
        ports.append(port)
    return Layers(columns, paths, cyclic, ports)


def _path(
    columns: list[list[Item]],
    trunks: dict[tuple[int, str, int], Trunk],
    bundle: tuple[int, str],
    ends: tuple[Item, int],
) -> list[Trunk]:
    """The trunks from a source to the column before a rank, made where they are missing."""
    path: list[Trunk] = []
    item, rank = ends
    while True:
        key = (*bundle, item.rank)
        if key not in trunks:
            trunks[key] = Trunk(item)
            item.trunks.append(trunks[key])
        path.append(trunks[key])
        if item.rank + 1 >= rank:
            return path
        onward = trunks[key].onward
        if onward is None:
            onward = trunks[key].onward = Item(item.rank + 1, None, before=[item])
            item.after.append(onward)
            columns[item.rank + 1].append(onward)
        item = onward


SWEEPS = 12
_LARGE = 4000  # places; beyond, fewer sweeps keep a dense picture under a second


def sort_columns(columns: list[list[Item]]) -> None:
    """Order every column for few crossings: the best of some barycentre sweeps."""
    _first_order(columns)
    best, kept = crossings(columns), [list(column) for column in columns]
    sweeps = SWEEPS if sum(map(len, columns)) <= _LARGE else 2
    for sweep in range(sweeps):
        if best == 0:
            break
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            _sort_by_mean(column, forward=forward)
        found = crossings(columns)
        if found < best:
            best, kept = found, [list(column) for column in columns]
    columns[:] = kept
    _number(columns)


def _first_order(columns: list[list[Item]]) -> None:
    """Order columns as a depth-first walk from the left meets them: trees have no crossing."""
    seen: dict[int, int] = {}
    stack = [item for column in reversed(columns) for item in reversed(column)]
    while stack:
        item = stack.pop()
        if id(item) not in seen:
            seen[id(item)] = len(seen)
            stack.extend(reversed(item.after))
    for column in columns:
        column.sort(key=lambda item: seen[id(item)])
    _number(columns)


def _number(columns: Iterable[list[Item]]) -> None:
    """Write each item's place in its column."""
    for column in columns:
        for place, item in enumerate(column):
            item.place = place


def _sort_by_mean(column: list[Item], *, forward: bool) -> None:
    """Sort one column by the mean place of its neighbours on the side already sorted."""

    def mean(item: Item) -> float:
        near = item.before if forward else item.after
        return sum(other.place for other in near) / len(near) if near else item.place

    column.sort(key=mean)
    _number([column])


def crossings(columns: Iterable[list[Item]]) -> int:
    """How many pairs of lines cross between neighbouring columns (each trunk counted by branch)."""
    total = 0
    for column in columns:
        seen: list[int] = []
        for item in column:
            places = sorted(other.place for other in item.after)
            total += sum(len(seen) - bisect_right(seen, place) for place in places)
            for place in places:
                insort(seen, place)
    return total
