"""By which steps does knowledge lead from organs to partners, over the fewest steps to each?

Breadth first over places: an entity and the channel by which a way comes to it (searched from an
organ) or leaves it (searched from a partner).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from spillover.queries.shocks.hops import Channels, Hop
from spillover.queries.ties.organs import Organs

Place = tuple[int, str]
Ways = tuple[tuple[Hop, ...], ...]

CHANNELS: Final = ("state", "ownership", "control", "demand", "knowledge", "equity")
"""Channels of a way; ``demand`` leads from a customer to its supplier."""
START: Final = ("state", "ownership", "control", "demand", "knowledge")
"""Channels by which a way leaves an organ."""
_ON: Final = ("ownership", "control", "knowledge", "equity")
FOLLOWS: Final = {
    "state": _ON,
    "ownership": _ON,
    "control": _ON,
    "demand": _ON,
    "equity": ("equity",),
    "knowledge": (),
}
"""Which channels may follow each; through a programme knowledge follows knowledge."""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a search found."""

    ways: Ways
    """From an organ on: the way with the fewest steps for each last step."""
    explored: int
    truncated: bool


def allowed(before: str, after: str, *, programme: bool) -> bool:
    """Whether one channel may follow another at an entity that is, or is not, a programme."""
    return after in FOLLOWS[before] or (programme and before == after == "knowledge")


class _Search:
    """What both directions share."""

    def __init__(self, known: Organs, asked: Iterable[int], bounds: tuple[int, int]) -> None:
        self.known = known
        self.channels = Channels(known.graph.index, known.when, CHANNELS)
        self.asked = sorted(set(asked))
        self.max_hops, self.limit = bounds
        below = known.below(self.asked, self.max_hops)
        self.organs = {*self.asked, *below}
        """Those asked about, and those under them."""
        bodies = known.entities(self.asked).values()
        self.home = frozenset(code for body in bodies for code in known.known.home(body))

    def hops(self, entities: Iterable[int], *, onward: bool) -> dict[int, list[Hop]]:
        """The steps from (or to) each of these entities, in a fixed order."""
        numbers = sorted(set(entities))
        columns = self.channels.onward(numbers) if onward else self.channels.toward(numbers)
        self.known.entities((*numbers, *(() if onward else columns.source.tolist())))
        found: dict[int, list[Hop]] = {number: [] for number in numbers}
        for row in range(len(columns)):
            hop = columns.hop(row)
            if hop.source != hop.target:
                found[hop.source if onward else hop.target].append(hop)
        for steps in found.values():
            steps.sort(key=lambda hop: (hop.source, hop.target, hop.channel, hop.positions))
        return found

    def may(self, hop: Hop) -> bool:
        """Whether a step may be taken: investors are looked for in what is not known as foreign."""
        if hop.channel != "equity":
            return True
        invested = self.known.known.home(self.known.entities([hop.source])[hop.source])
        return not (invested and self.home) or bool(invested & self.home)

    def programme(self, entity: int) -> bool:
        """Whether an entity is a programme."""
        return self.known.entities([entity])[entity].schema == "Programme"


def from_organs(known: Organs, asked: Iterable[int], bounds: tuple[int, int]) -> Searched:
    """Ways from organs to everybody, one for each last step.

    Args:
        known: the organs of the graph.
        asked: from which organs; those under them count, too.
        bounds: steps of a way, and places explored, at most.
    """
    search = _Search(known, asked, bounds)
    before: dict[Place, tuple[Place, Hop] | None] = {(n, ""): None for n in sorted(search.organs)}
    frontier: list[Place] = list(before)
    links: dict[tuple[int, ...], tuple[Place, Hop]] = {}
    truncated = False
    for _ in range(search.max_hops):
        steps = search.hops((entity for entity, _ in frontier), onward=True)
        new: list[Place] = []
        for place in frontier:
            for hop in _on(search, place, steps[place[0]]):
                links.setdefault((hop.source, *hop.positions, hop.target), (place, hop))
                reached = (hop.target, hop.channel)
                if reached in before:
                    continue
                if len(before) >= search.limit:
                    truncated = True
                    continue
                before[reached] = (place, hop)
                new.append(reached)
        frontier = sorted(new)
    ways = []
    known.entities(hop.target for _, hop in links.values())
    for place, hop in links.values():
        chain = [hop]
        at = before[place]
        while at is not None:
            chain.append(at[1])
            at = before[at[0]]
        if hop.target not in {step.source for step in chain} and not search.programme(hop.target):
            ways.append(tuple(chain[::-1]))
    return Searched(tuple(ways), len(before), truncated)


def _on(search: _Search, place: Place, steps: list[Hop]) -> list[Hop]:
    """The steps by which a way may go on from a place; never back into an organ."""
    entity, channel = place
    fits = [hop for hop in steps if hop.target not in search.organs and search.may(hop)]
    if not channel:
        return [hop for hop in fits if hop.channel in START]
    programme = channel == "knowledge" and search.programme(entity)
    return [hop for hop in fits if allowed(channel, hop.channel, programme=programme)]


def to_entity(
    known: Organs, asked: Iterable[int], entity: int, bounds: tuple[int, int]
) -> Searched:
    """Ways from organs to one entity: for each organ and each last step the shortest.

    Args:
        known: the organs of the graph.
        asked: from which organs; those under them count, too.
        entity: number of the entity.
        bounds: steps of a way, and places explored, at most.
    """
    search = _Search(known, asked, bounds)
    explored, truncated = 0, False
    ways: list[tuple[Hop, ...]] = []
    for last in search.hops([entity], onward=False)[entity]:
        found, seen, cut = _back(search, last, search.limit - explored)
        ways += found
        explored, truncated = explored + seen, truncated or cut
    return Searched(tuple(ways), explored, truncated)


def _back(search: _Search, last: Hop, limit: int) -> tuple[list[tuple[Hop, ...]], int, bool]:
    """Shortest ways that end with a step, one for each organ at which they begin."""
    if not search.may(last):
        return [], 1, False
    if last.source in search.organs:
        return ([(last,)] if last.channel in START else []), 1, False
    after: dict[Place, tuple[Place, Hop] | None] = {(last.source, last.channel): None}
    frontier: list[Place] = list(after)
    begun: dict[int, tuple[Hop, ...]] = {}
    for _ in range(search.max_hops - 1):
        steps = search.hops((entity for entity, _ in frontier), onward=False)
        new: list[Place] = []
        for place in frontier:
            for hop in _leading(search, place, steps[place[0]]):
                reached = (hop.source, hop.channel)
                if hop.source in search.organs:
                    begun.setdefault(hop.source, _chain(after, place, hop, last))
                elif reached not in after and hop.source != last.target:
                    if len(after) >= limit:
                        return list(begun.values()), len(after), True
                    after[reached] = (place, hop)
                    new.append(reached)
        frontier = sorted(new)
    return list(begun.values()), len(after), False


def _leading(search: _Search, place: Place, steps: list[Hop]) -> list[Hop]:
    """The steps by which a way may come to a place."""
    entity, after = place
    programme = after == "knowledge" and search.programme(entity)
    return [
        hop
        for hop in steps
        if allowed(hop.channel, after, programme=programme)
        and search.may(hop)
        and (hop.source not in search.organs or hop.channel in START)
    ]


def _chain(
    after: dict[Place, tuple[Place, Hop] | None], place: Place, first: Hop, last: Hop
) -> tuple[Hop, ...]:
    chain = [first]
    at = after[place]
    while at is not None:
        chain.append(at[1])
        at = after[at[0]]
    return (*chain, last)
