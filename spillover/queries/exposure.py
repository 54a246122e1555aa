"""Who is exposed to these targets (or: what hits these subjects), through which path, how strongly.

An *exposure path* is an ordered chain of relations from a target to an exposed entity. A shock
crosses a relation on a channel that the schema declares for its kind; which channel may follow
which is declared there too. The strength of a hop is the share that the relation states for that
channel (an interval; unknown is 0 to 100 %); the strength of a path is the product of its hops.
It ranks paths. It is no estimate of loss.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions
from spillover.queries.shocks.diverse import paths_between, strength
from spillover.queries.shocks.hops import Channels
from spillover.queries.shocks.paths import Found, Path, Step, rank, told
from spillover.queries.shocks.search import Bounds, Reached, Strength, spreading
from spillover.queries.shocks.spread import Spread

if TYPE_CHECKING:
    from spillover.queries.shocks.propagation import Totals

__all__ = ["Exposure", "Path", "Step", "Strength", "Terms", "exposure"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a question about exposure is limited to."""

    channels: tuple[str, ...] = ()
    """Channels that are followed; empty: all that carry a shock."""
    kinds: tuple[str, ...] = ()
    """Kinds of relation that are followed; empty: all."""
    min_strength: Fraction = Fraction(0)
    """Paths count whose greatest strength is at least this."""
    max_hops: int | None = None
    countries: tuple[str, ...] = ()
    """Only entities of these countries are listed (alpha-2); paths may pass anywhere."""
    limit: int = 10_000
    alternatives: int = 10
    diverse: bool = False
    top: int | None = None
    """At most so many of the strongest paths are told, the others counted; None: all."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """The answer: the strongest path of each entity, or the strongest between some."""

    when: Conditions
    terms: Terms
    backward: bool
    """True: it was asked what hits the subjects."""
    targets: tuple[Party, ...]
    """From whom the shocks come that were asked for; none if anybody counts."""
    subjects: tuple[Party, ...]
    """To whom they go that were asked for; none if anybody counts."""
    paths: tuple[Path, ...]
    left_out: int
    """Paths that are weaker than these and beyond ``top``."""
    explored: int
    """Entities (between some: partial paths) that were looked at."""
    bound: Fraction
    """No entity (between some: no path) is missing whose greatest strength is above this; 0 when
    none is missing."""
    surer: Fraction
    """No path is told in place of one whose least strength is greater, and above this."""
    sources: Sources

    @property
    def asked(self) -> tuple[Party, ...]:
        """Those around whom it was asked."""
        return self.subjects if self.backward else self.targets

    @property
    def between(self) -> bool:
        """Whether it was asked for the paths between some."""
        return bool(self.targets and self.subjects)

    @property
    def to(self) -> Party | None:
        """The subject, where it was asked for the paths to one."""
        return self.subjects[0] if self.between and len(self.subjects) == 1 else None

    @property
    def truncated(self) -> bool:
        """True: the search stopped at its limit, and weaker paths can be missing."""
        return self.bound > 0

    @property
    def claims(self) -> list[Claim]:
        """Every claim that a hop of a path stands on, path after path, and what is denied there."""
        return [
            claim
            for path in self.paths
            for claim in (*(c for step in path.hops for c in step.claims), *path.denials)
        ]


class _Result(NamedTuple):
    """What a search found."""

    paths: list[Found]
    left_out: int
    explored: int
    bound: Fraction
    surer: Fraction


def exposure(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    targets: Iterable[str],
    when: Conditions,
    *,
    to: Iterable[str] = (),
    channels: Iterable[str] = (),
    kinds: Iterable[str] = (),
    min_strength: Fraction = Fraction(0),
    max_hops: int | None = None,
    countries: Iterable[str] = (),
    backward: bool = False,
    limit: int = 10_000,
    alternatives: int = 10,
    diverse: bool = False,
    top: int | None = None,
    total: bool = True,
) -> Exposure:
    """Ranked exposure paths.

    Without ``to``: for each target and each entity that it reaches the strongest path; the
    strongest by least strength where that is above zero, else by greatest. With ``to``: from each
    target to each of these up to ``alternatives`` simple paths, found in order of greatest
    strength (see :mod:`spillover.queries.shocks.diverse`).

    Args:
        graph: the graph.
        targets: ids, identifiers or names; backward those who are hit.
        when: day, age and confidence of the claims.
        to: the other ends: ids, identifiers or names.
        channels: channels to follow; those that carry a shock if none are named.
        kinds: kinds of relation to follow; all if none are named.
        min_strength: only paths whose greatest strength is at least this, from 0 to 1.
        max_hops: only paths of at most so many hops.
        countries: only entities of these countries (alpha-2); paths may pass anywhere.
        backward: what hits the entities that are named first?
        limit: from each target at most so many places are explored, a place being an entity and
            the channel on which it was reached (with ``to`` so many partial paths).
        alternatives: with ``to`` at most so many paths for each pair.
        diverse: with ``to`` only paths that are no variants of stronger ones.
        top: without ``to`` at most so many paths; the others are counted.
        total: whether to work out the exposure over all paths, too.

    Raises:
        NotFoundError, AmbiguousError: a target, or one of ``to``.
        InputError: an unknown channel or kind, or ``diverse`` without ``to``.
    """
    if isinstance(to, str):
        to = (to,)
    numbers, others = graph.find(targets), graph.find(to)
    if diverse and not others:
        raise InputError("diverse paths lead from a target to an entity; name that one with --to")
    lands = tuple(sorted({code.lower() for code in countries}))
    terms = Terms(
        tuple(channels),
        tuple(kinds),
        min_strength,
        max_hops,
        lands,
        limit,
        alternatives,
        diverse,
        top,
    )
    ask = _Question(graph, when, terms, backward=backward, total=total)
    found = ask.between(numbers, others) if others else ask.strongest(numbers)
    ends = (others, numbers) if backward else (numbers, others)
    reporter = Reporter(graph, when)
    paths = told(graph, reporter, found.paths)
    origins, subjects = (tuple(reporter.party(number) for number in end) for end in ends)
    return Exposure(when, terms, backward, origins, subjects, paths, *found[1:], sources(graph))


class _Question:
    """One question, with the hops that its searches share."""

    def __init__(
        self, graph: Graph, when: Conditions, terms: Terms, *, backward: bool, total: bool
    ) -> None:
        self._graph, self._terms, self._backward, self._total = graph, terms, backward, total
        self._channels = Channels(graph.index, when, terms.channels, terms.kinds)
        self._bounds = Bounds(terms.limit, terms.min_strength, terms.max_hops)

    def strongest(self, starts: list[int]) -> _Result:
        """The strongest path of each entity, from (or to) each start."""
        spread = Spread(self._channels, backward=self._backward)
        searched = [spreading(spread, [start], self._bounds) for start in starts]
        listed = self._listed({entity for found in searched for entity in found.entities})
        ranked = sorted(
            (found.rank(entity), number)
            for number, found in enumerate(searched)
            for entity in found.entities
            if listed is None or entity in listed
        )
        shown = [(rank[3], searched[number]) for rank, number in ranked[: self._terms.top]]
        totals = self._totals(
            start for start, found in zip(starts, searched, strict=True) if not found.bound
        )
        return _Result(
            [self._of(entity, found, totals) for entity, found in shown],
            len(ranked) - len(shown),
            sum(found.explored for found in searched),
            max((found.bound for found in searched), default=Fraction(0)),
            max((found.surer for found in searched), default=Fraction(0)),
        )

    def _of(self, entity: int, found: Reached, totals: dict[int, Totals]) -> Found:
        start = found.start(entity)
        ends = (entity, start) if self._backward else (start, entity)
        total = totals[start].of(entity) if start in totals else None
        return Found(*ends, found.strength(entity), found.hops(entity), total)

    def between(self, starts: list[int], others: list[int]) -> _Result:
        """The strongest paths between each two."""
        spreads = Spread(self._channels), Spread(self._channels, backward=True)
        listed = self._listed(set(others))
        others = [other for other in others if listed is None or other in listed]
        targets, subjects = (others, starts) if self._backward else (starts, others)
        totals = self._totals(starts)
        paths: list[Found] = []
        explored, bound = 0, Fraction(0)
        for ends in ((target, subject) for target in targets for subject in subjects):
            wanted, diverse = self._terms.alternatives, self._terms.diverse
            found = paths_between(spreads, ends, self._bounds, wanted=wanted, diverse=diverse)
            start, other = ends[::-1] if self._backward else ends
            total = totals[start].of(other) if start in totals else None
            paths += [Found(*ends, strength(hops), hops, total) for hops in found.paths]
            explored, bound = explored + found.explored, max(bound, found.bound)
        return _Result(sorted(paths, key=rank), 0, explored, bound, Fraction(0))

    def _listed(self, entities: set[int]) -> set[int] | None:
        """Those of the countries that are asked for; None if they do not matter."""
        if not self._terms.countries:
            return None
        wanted = set(self._terms.countries)
        known = self._graph.store.entities(entities)
        return {number for number, entity in known.items() if wanted & {*entity.countries}}

    def _totals(self, starts: Iterable[int]) -> dict[int, Totals]:
        """Exposure over all paths from (or to) each start from which not too much is reached."""
        from spillover.queries.shocks.propagation import totals
        from spillover.queries.shocks.region import region

        found = {}
        for start in starts if self._total else ():
            part = region(
                self._channels,
                [start],
                limit=self._terms.limit,
                max_hops=self._terms.max_hops,
                backward=self._backward,
            )
            if not part.truncated:
                found[start] = totals(part)
        return found
