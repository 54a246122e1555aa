"""Through whom, and over which relations, must a shock pass to reach these subjects?

Three answers. *Every path*: the entities and relations that every path from any target to a
subject crosses (dominators). *Cuts*: the smallest and the weakest set of entities, and of
relations, without which no path leads from any target to any subject. *Carried*: how far the
subject's total exposure falls without an entity.

A relation is everything that is claimed of one pair and kind, in both directions and for all
products. Its strength is the greatest share that it carries (of several products together, at most
the whole); that of an entity is what can enter it at most, and at most the whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.answer import Reporter, sources
from spillover.queries.conditions import Conditions
from spillover.queries.shocks.carrying import Carrying, carrying
from spillover.queries.shocks.choke_answer import Chokepoints, Cut, Inner, Link, Way
from spillover.queries.shocks.hitting import Hitting, hitting
from spillover.queries.shocks.hops import Channels, Ints
from spillover.queries.shocks.propagation import Total
from spillover.queries.shocks.region import Region, region
from spillover.queries.shocks.routes import Routes, narrowed, routes

_SHOWN: Final = 120
"""Relations of the network that are reported."""


def chokepoints(  # noqa: PLR0913 - the first four are the question, the rest by keyword
    graph: Graph,
    targets: Iterable[str],
    subjects: Iterable[str],
    when: Conditions,
    *,
    channels: Iterable[str] = (),
    kinds: Iterable[str] = (),
    max_hops: int | None = None,
    limit: int = 10_000,
    repeats: bool = True,
) -> Chokepoints:
    """What every path from any of the targets to the subjects crosses, and what cuts them all.

    Args:
        graph: the graph.
        targets: ids, identifiers or names.
        subjects: those who are to be freed, likewise.
        when: day, age and confidence of the claims.
        channels: channels to follow; those that carry a shock if none are named.
        kinds: kinds of relation to follow; all if none are named.
        max_hops: paths of more hops do not count.
        limit: at most so many entities are explored from the targets.
        repeats: a relation of which every claim repeats a chain of others is a path of its own.

    Raises:
        NotFoundError, AmbiguousError: a target or a subject.
        InputError: a subject that is a target; a channel or kind that there is not.
    """
    starts, ends = graph.find(targets), graph.find(subjects)
    for number in set(starts) & set(ends):
        name = graph.store.entity(number).name
        raise InputError(f"{name!r} is a target and a subject; name it on one side only")
    followed = Channels(graph.index, when, channels, kinds)
    found = region(followed, starts, limit=limit, max_hops=max_hops, repeats=repeats)
    asked = _Asked(graph, when, found)
    everything = routes(graph.index, found, np.array(sorted(ends)))
    return Chokepoints(
        when,
        tuple(asked.reporter.party(number) for number in starts),
        tuple(asked.reporter.party(number) for number in ends),
        max_hops,
        repeats,
        tuple(asked.way(number) for number in ends),
        asked.entities(everything, fewest=True),
        asked.entities(everything, fewest=False),
        asked.links(everything, fewest=True),
        asked.links(everything, fewest=False),
        asked.network(everything),
        len(np.unique(everything.relation)),
        len(found.entities),
        found.left_out,
        sources(graph),
    )


class _Asked:
    """One question: the region, and who reports on it."""

    def __init__(self, graph: Graph, when: Conditions, found: Region) -> None:
        self.index, self.found = graph.index, found
        self.reporter = Reporter(graph, when)

    def way(self, subject: int) -> Way:
        """What lies between the targets and one subject."""
        part = narrowed(self.found, np.array([subject]))
        made = routes(self.index, part, np.array([subject]))
        first = made.route()
        if first is None:
            carried = Carrying(Total(0.0, 0.0), (), 0)
            crossed, relations, direct = [], [], False
        else:
            crossed = [e for e in _once(made.passed(first)) if made.route(_one(e)) is None]
            pairs = _once(made.relation[first])
            relations = [p for p in pairs if made.route(relations=_one(p)) is None]
            direct = len(first) == 1
            carried = carrying(part, subject, _between(made), crossed)
        parties = self.reporter.parties(item.entity for item in carried.inner)
        inner = tuple(
            Inner(parties[item.entity], item.entity in crossed, item.without, item.carried)
            for item in carried.inner
        )
        strengths = _strengths(made, part)
        return Way(
            self.reporter.party(subject),
            first is not None,
            direct,
            carried.total,
            not self.found.truncated,
            inner,
            carried.between,
            tuple(self._link(pair, strengths[pair], made, part) for pair in relations),
        )

    def entities(self, made: Routes, *, fewest: bool) -> Cut | None:
        """The set of entities that frees the subjects."""
        weights = _entering(made, _strengths(made, self.found))
        inner = set(_between(made).tolist())

        def find(without: tuple[int, ...]) -> tuple[int, ...] | None:
            arcs = made.route(np.array(without, np.int64))
            return (
                None if arcs is None else tuple(e for e in _once(made.passed(arcs)) if e in inner)
            )

        cut = hitting(find, _costs({e: weights[e] for e in sorted(inner)}, fewest=fewest))
        if cut is None:
            return None
        parties = self.reporter.parties(cut.members)
        chosen = tuple(parties[number] for number in cut.members)
        return Cut(chosen, (), _strength(cut, fewest=fewest), cut.proven)

    def links(self, made: Routes, *, fewest: bool) -> Cut:
        """The set of relations that frees the subjects."""
        strengths = _strengths(made, self.found)

        def find(without: tuple[int, ...]) -> tuple[int, ...] | None:
            arcs = made.route(relations=np.array(without, np.int64))
            return None if arcs is None else tuple(_once(made.relation[arcs]))

        cut = hitting(find, _costs(strengths, fewest=fewest))
        assert cut is not None, "every route crosses a relation"
        links = tuple(self._link(p, strengths[p], made, self.found) for p in cut.members)
        return Cut((), links, _strength(cut, fewest=fewest), cut.proven)

    def network(self, made: Routes) -> tuple[Link, ...]:
        """The relations on the shortest routes."""
        strengths = _strengths(made, self.found)
        shortest: dict[int, int] = {}
        for pair, length in zip(made.relation.tolist(), made.lengths().tolist(), strict=True):
            shortest[pair] = min(length, shortest.get(pair, length))
        ranked = sorted(shortest, key=lambda pair: (shortest[pair], -strengths[pair], pair))
        return tuple(
            self._link(pair, strengths[pair], made, self.found) for pair in ranked[:_SHOWN]
        )

    def _link(self, pair: int, strength: int, made: Routes, part: Region) -> Link:
        hops = np.unique(made.hop[made.relation == pair])
        rows = [part.hops.hop(int(row)) for row in hops]
        at = sorted({position for hop in rows for position in hop.positions})
        claims = self.reporter.claims(at)
        first = claims[at[0]]
        said = tuple(claims[position] for position in at)
        return Link(first.kind, first.source, first.target, strength, said)


def _once(values: Ints) -> list[int]:
    return list(dict.fromkeys(values.tolist()))


def _one(value: int) -> Ints:
    return np.array([value], np.int64)


def _between(made: Routes) -> Ints:
    """Entities between the starts and the subjects."""
    outer = made.entity[made.starts | made.ends]
    found: Ints = np.setdiff1d(made.entity, outer)
    return found


def _strengths(made: Routes, part: Region) -> dict[int, int]:
    """Strength of each relation: the greatest share on one channel, of all products together."""
    rows, first = np.unique(made.hop, return_index=True)
    hops = part.hops
    ways = np.stack((made.relation[first], hops.channel[rows], hops.source[rows]))
    keys, number = np.unique(ways, axis=1, return_inverse=True)
    return _greatest(keys[0], _summed(number.ravel(), hops.high[rows], keys.shape[1]))


def _entering(made: Routes, strengths: dict[int, int]) -> dict[int, int]:
    """Strength of each entity: that of the relations that enter it, at most the whole."""
    entity, pair = np.unique(np.stack((made.entity[made.head], made.relation)), axis=1)
    entities, number = np.unique(entity, return_inverse=True)
    values = np.array([strengths[one] for one in pair.tolist()], np.int64)
    return _greatest(entities, _summed(number, values, len(entities)))


def _summed(number: Ints, values: Ints, size: int) -> Ints:
    found = np.zeros(size, np.int64)
    np.add.at(found, number, values)
    return np.minimum(found, WHOLE)


def _greatest(keys: Ints, values: Ints) -> dict[int, int]:
    found: dict[int, int] = {}
    for key, value in zip(keys.tolist(), values.tolist(), strict=True):
        found[key] = max(value, found.get(key, 0))
    return found


def _costs(weights: dict[int, int], *, fewest: bool) -> dict[int, tuple[int, int]]:
    return {key: (1, weight) if fewest else (weight, 1) for key, weight in weights.items()}


def _strength(cut: Hitting, *, fewest: bool) -> int:
    return cut.cost[1] if fewest else cut.cost[0]
