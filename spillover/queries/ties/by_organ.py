"""Who is tied to an organ of a state or a party: directly, and below those over owned chains?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions
from spillover.queries.shocks.hops import Channels, Hop
from spillover.queries.shocks.paths import Step, as_step, fetch
from spillover.queries.ties.claims import Ends, ends, found, ties
from spillover.queries.ties.organs import Organ, Organs
from spillover.queries.ties.rules import Categories, Category
from spillover.queries.ties.tie import Tie
from spillover.queries.ties.walk import HELD, walk


@dataclass(frozen=True, slots=True)
class Tied:
    """One entity that is tied to an organ."""

    entity: Party
    of: Party
    """Who has the ties: the entity itself, or one that it hangs below."""
    hops: int
    """Steps of ownership or control from there to the entity; 0 for the entity itself."""
    chain: tuple[Step, ...]
    """These steps."""
    ties: tuple[Tie, ...]

    @property
    def counted(self) -> bool:
        """Whether one of the ties is stated on the day."""
        return any(tie.counted for tie in self.ties)


@dataclass(frozen=True, slots=True)
class OrganTies:
    """The answer."""

    when: Conditions
    organs: tuple[Organ, ...]
    """Those that were asked about."""
    under: tuple[Organ, ...]
    """Organs that stand under these; their ties count, too."""
    results: tuple[Tied, ...]
    """By steps, then by id; ended, unsure and denied ties of the entities themselves among them."""
    counts: dict[str, dict[str, int]]
    """By ``direct`` and ``through``, then by category: entities that are tied on the day."""
    categories: Categories
    asked: tuple[Category, ...]
    countries: tuple[str, ...]
    explored: int
    truncated: bool
    sources: Sources

    @property
    def claims(self) -> list[Claim]:
        """Every claim that the answer shows, without repeats."""
        shown = [
            *(claim for item in self.results for tie in item.ties for claim in tie.every),
            *(claim for item in self.results for step in item.chain for claim in step.claims),
            *(claim for organ in (*self.organs, *self.under) for claim in organ.under),
        ]
        return list({claim.relation: claim for claim in shown}.values())


def organ_ties(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    organs: Iterable[str],
    when: Conditions,
    *,
    category: Iterable[str] = (),
    countries: Iterable[str] = (),
    max_hops: int = 10,
    limit: int = 1000,
) -> OrganTies:
    """Everybody who is tied to these organs.

    Args:
        graph: the graph.
        organs: ids, identifiers or names.
        when: day, age and confidence of the claims.
        category: only by ties of these categories, by id.
        countries: only entities of these countries, alpha-2.
        max_hops: at most so many steps below those who are tied themselves.
        limit: at most so many who are tied themselves, and so many below them.

    Raises:
        NotFoundError, AmbiguousError: an organ or a category.
    """
    numbers = graph.find(organs)
    known = Organs(graph, when)
    asked = tuple(known.known.category(name) for name in dict.fromkeys(category))
    land = tuple(sorted({code.lower() for code in countries}))
    reporter = Reporter(graph, when)
    under = sorted(known.below(numbers, max_hops))
    asking = {*numbers, *under}
    direct, cut = _direct(known, asking, reporter, limit)
    if asked:
        kept = {n: [t for t in said if t.category in asked] for n, said in direct.items()}
        direct = {n: said for n, said in kept.items() if said}
    starts = [n for n, said in direct.items() if any(tie.counted for tie in said)]
    held = Channels(graph.index, when, HELD)
    down = walk(held, starts, down=True, limit=limit, max_hops=max_hops)
    home = {n: set(e.countries) for n, e in known.entities((*direct, *down.entities)).items()}
    wanted = [n for n in (*direct, *down.entities) if not land or home[n] & set(land)]
    chains = {n: down.chain(n) for n in wanted}
    fetch(chains.values(), reporter)
    reporter.parties(wanted)
    results = [_tied(n, chains[n], direct, reporter) for n in wanted if n not in asking]
    results.sort(key=lambda item: (item.hops, not item.counted, item.entity.id))
    shown = known.organs((*numbers, *under), reporter)
    return OrganTies(
        when,
        tuple(shown[number] for number in numbers),
        tuple(shown[number] for number in under),
        tuple(results),
        _counts(results),
        known.known,
        asked,
        land,
        len(direct) + len(down.entities),
        cut or down.truncated,
        sources(graph),
    )


def _direct(
    known: Organs, organs: set[int], reporter: Reporter, limit: int
) -> tuple[dict[int, list[Tie]], bool]:
    """The ties of those who are tied to these organs themselves; whether some were left out."""
    seen = ends(known, organs)
    turned = Ends(seen.at, seen.other, seen.entity, ~seen.inward)
    ways, beside = found(known, turned, organs=organs)
    tied = sorted({way.entity for way in ways} - organs)
    kept = set(tied[:limit])
    mine = [way for way in ways if way.entity in kept]
    denials = [at for at in beside if _touches(known, at, kept)]
    made = ties(known, mine, denials, reporter)
    return {number: made[number] for number in sorted(made)}, len(tied) > limit


def _touches(known: Organs, position: int, entities: set[int]) -> bool:
    index = known.graph.index
    target = int(index.target(np.array([position]))[0])
    return int(index.source[position]) in entities or target in entities


def _tied(number: int, hops: list[Hop], direct: dict[int, list[Tie]], reporter: Reporter) -> Tied:
    start = hops[0].source if hops else number
    chain = tuple(as_step(hop, reporter) for hop in hops)
    said = [tie for tie in direct[start] if tie.counted or not hops]
    return Tied(reporter.party(number), reporter.party(start), len(hops), chain, tuple(said))


def _counts(results: list[Tied]) -> dict[str, dict[str, int]]:
    made: dict[str, dict[str, int]] = {}
    for route, direct in (("direct", True), ("through", False)):
        counted = Counter(
            category
            for item in results
            if (item.hops == 0) == direct
            for category in {tie.category.id for tie in item.ties if tie.counted}
        )
        made[route] = dict(sorted(counted.items()))
    return made
