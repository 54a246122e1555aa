"""Who is exposed to these targets, through which path, and how strongly.

An *exposure path* is an ordered chain of relations from a target to an exposed entity. A shock
crosses a relation on a channel that the schema declares for its kind; which channel may follow
which is declared there too. The strength of a hop is the share that the relation states for that
channel (an interval; unknown is 0 to 100 %); the strength of a path is the product of its hops.
It ranks paths. It is no estimate of loss.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, NamedTuple

from spillover.graph.channels import FOLLOWERS
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions
from spillover.queries.hops import Channels, Hop


class Strength(NamedTuple):
    """Least and greatest product of shares along a path, exact."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Step:
    """One hop of a path, with every claim that it stands on."""

    kind: str
    channel: str
    carries: str
    """What the hop means, in words: the second party ``carries`` the first."""
    source: Party
    """The party from which the shock comes."""
    target: Party
    """The party that it reaches."""
    low: int
    high: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """One exposure path."""

    target: Party
    entity: Party
    strength: Strength
    hops: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """The answer: the strongest path to each exposed entity, or the strongest to one."""

    when: Conditions
    targets: tuple[Party, ...]
    to: Party | None
    paths: tuple[Path, ...]
    explored: int
    """Entities (or, with ``to``, partial paths) that were looked at."""
    truncated: bool
    """True: the search stopped at its limit, and weaker paths can be missing."""
    bound: Fraction
    """No entity (with ``to`` no path) is missing whose greatest strength is above this; 0 when
    none is missing."""
    sources: Sources

    @property
    def claims(self) -> list[Claim]:
        """Every claim that a hop of a path stands on, path after path."""
        return [claim for path in self.paths for step in path.hops for claim in step.claims]


class _Partial(NamedTuple):
    """A path while it is searched: the last hop and the path before it."""

    hop: Hop
    before: _Partial | None
    low: Fraction
    high: Fraction

    def hops(self) -> list[Hop]:
        """All hops, from the target on."""
        found, at = [], self
        while True:
            found.append(at.hop)
            if at.before is None:
                return found[::-1]
            at = at.before


_ONE: Final = Fraction(1)


class _Onward:
    """The hops from each entity, worked out once."""

    def __init__(self, channels: Channels) -> None:
        self._channels = channels
        self._known: dict[int, list[Hop]] = {}

    def of(self, entity: int, channel: str) -> list[Hop]:
        """Hops from an entity that was reached on this channel (empty for a target)."""
        if entity not in self._known:
            found = self._channels.onward([entity])
            self._known[entity] = [found.hop(row) for row in range(len(found))]
        hops = self._known[entity]
        return [hop for hop in hops if not channel or hop.channel in FOLLOWERS[channel]]


def exposure(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    targets: Iterable[str],
    when: Conditions,
    *,
    to: str | None = None,
    limit: int = 10_000,
    alternatives: int = 10,
) -> Exposure:
    """Ranked exposure paths from targets.

    Without ``to``: for each target and each entity that it reaches the strongest path; the
    strongest by least strength where that is above zero, else by greatest. With ``to``: up to
    ``alternatives`` simple paths to that entity, found in order of greatest strength.

    Args:
        graph: the graph.
        targets: ids, identifiers or names.
        when: day, age and confidence of the claims.
        to: one entity.
        limit: from each target at most so many places are explored, a place being an entity and
            the channel on which it was reached (with ``to`` so many partial paths).
        alternatives: with ``to`` at most so many paths for each target.

    Raises:
        NotFoundError, AmbiguousError: a target or ``to``.
    """
    numbers = graph.find(targets)
    subject = graph.store.find(to) if to is not None else None
    hops = _Onward(Channels(graph.index, when))
    found: list[tuple[int, _Partial]] = []
    explored, bound = 0, Fraction(0)
    for number in numbers:
        if subject is None:
            paths, seen, cut = _strongest(hops, number, limit)
        else:
            paths, seen, cut = _alternatives(hops, number, subject, (limit, alternatives))
        found += [(number, path) for path in paths]
        explored, bound = explored + seen, max(bound, cut)
    reporter = Reporter(graph, when)
    ranked = _ranked(found)
    reporter.claims({at for _, path in ranked for hop in path.hops() for at in hop.positions})
    return Exposure(
        when,
        tuple(reporter.party(number) for number in numbers),
        reporter.party(subject) if subject is not None else None,
        tuple(_reported(reporter, number, path) for number, path in ranked),
        explored,
        bound > 0,
        bound,
        sources(graph),
    )


def _ranked(found: list[tuple[int, _Partial]]) -> list[tuple[int, _Partial]]:
    def rank(item: tuple[int, _Partial]) -> tuple[Fraction, Fraction, int, list[int], int]:
        hops = item[1].hops()
        return -item[1].low, -item[1].high, len(hops), [hop.target for hop in hops], item[0]

    return sorted(found, key=rank)


def _strongest(hops: _Onward, target: int, limit: int) -> tuple[list[_Partial], int, Fraction]:
    """The strongest path to each entity; how many were explored; what can be missing at most."""
    surest, seen, _ = _best(hops, target, limit, least=True)
    widest, also, cut = _best(hops, target, limit, least=False)
    return list((widest | surest).values()), len(seen | also), cut


def _best(
    hops: _Onward, target: int, limit: int, *, least: bool
) -> tuple[dict[int, _Partial], set[int], Fraction]:
    """Best-first search by least (or greatest) strength over (entity, channel) states.

    Strength never grows along a path, so the first path that reaches a state is its strongest.
    """
    done: set[tuple[int, str]] = set()
    best: dict[int, _Partial] = {}
    queue: list[tuple[Fraction, int, int, str, _Partial | None]] = [(-_ONE, 0, target, "", None)]
    order = 0
    while queue:
        strength, _, entity, channel, path = heapq.heappop(queue)
        if (entity, channel) in done:
            continue
        if len(done) >= limit:
            return best, {place for place, _ in done}, -strength
        done.add((entity, channel))
        if path is not None and entity != target:
            best.setdefault(entity, path)
        for hop in hops.of(entity, channel):
            if hop.target == target or (hop.target, hop.channel) in done:
                continue
            extended = _extended(path, hop)
            reached = extended.low if least else extended.high
            if reached > 0:
                order += 1
                heapq.heappush(queue, (-reached, order, hop.target, hop.channel, extended))
    return best, {place for place, _ in done}, Fraction(0)


def _alternatives(
    hops: _Onward, target: int, subject: int, limits: tuple[int, int]
) -> tuple[list[_Partial], int, Fraction]:
    """Simple paths to one entity in order of greatest strength, then fewest hops."""
    limit, wanted = limits
    found: list[_Partial] = []
    queue: list[tuple[Fraction, int, int, int, _Partial | None]] = [(-_ONE, 0, 0, target, None)]
    expanded = order = 0
    while queue:
        strength, length, _, entity, path = heapq.heappop(queue)
        if entity == subject and path is not None:
            if len(found) == wanted:
                return found, expanded, -strength
            found.append(path)
            continue
        if expanded >= limit:
            return found, expanded, -strength
        expanded += 1
        before = {target, *(hop.target for hop in path.hops())} if path else {target}
        for hop in hops.of(entity, path.hop.channel if path else ""):
            extended = _extended(path, hop)
            if hop.target not in before and extended.high > 0:
                order += 1
                heapq.heappush(queue, (-extended.high, length + 1, order, hop.target, extended))
    return found, expanded, Fraction(0)


def _extended(path: _Partial | None, hop: Hop) -> _Partial:
    low, high = (path.low, path.high) if path else (_ONE, _ONE)
    return _Partial(hop, path, low * Fraction(hop.low, WHOLE), high * Fraction(hop.high, WHOLE))


def _reported(reporter: Reporter, target: int, path: _Partial) -> Path:
    hops = path.hops()
    claims = reporter.claims(position for hop in hops for position in hop.positions)
    steps = []
    for hop in hops:
        ends = reporter.parties((hop.source, hop.target))
        steps.append(
            Step(
                hop.kind,
                hop.channel,
                hop.carries,
                ends[hop.source],
                ends[hop.target],
                hop.low,
                hop.high,
                tuple(claims[position] for position in hop.positions),
            )
        )
    return Path(
        reporter.party(target),
        reporter.party(hops[-1].target),
        Strength(path.low, path.high),
        tuple(steps),
    )
