"""To which organs of states and parties is an entity tied: itself, and through whom else?

The answer is a profile and never a score. What was not found in the datasets is not thereby untrue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from spillover.graph.claims import KIND_CODES
from spillover.graph.session import Graph
from spillover.graph.stake import UNKNOWN
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions
from spillover.queries.shocks.hops import Channels, Hop
from spillover.queries.shocks.paths import Step, as_step, fetch
from spillover.queries.ties.claims import ends, found, listings, ties
from spillover.queries.ties.organs import Organ, Organs
from spillover.queries.ties.rules import Categories, Category
from spillover.queries.ties.tie import Tie
from spillover.queries.ties.walk import HELD, walk

OWN: Final = "own"
OWNERS: Final = "owners"
SUBSIDIARIES: Final = "subsidiaries"
PARTNERS: Final = "partners"
ROUTES: Final = {
    OWN: "Its own ties",
    OWNERS: "Ties of its owners and stated controllers",
    SUBSIDIARIES: "Ties of its subsidiaries",
    PARTNERS: "Ties of its partners",
}
"""Through whom an entity comes to a tie, in the order of the answer."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A tie, and through whom it is the entity's."""

    route: str
    hops: int
    """Steps from the entity to whoever has the tie; 0 for its own."""
    chain: tuple[Step, ...]
    """The steps in between, from the entity on."""
    tie: Tie

    @property
    def counted(self) -> bool:
        """Whether the tie is stated on the day, and every step to it, too."""
        return self.tie.counted and all(step.counted for step in self.chain)

    @property
    def at_least(self) -> bool:
        """Whether a step only repeats a chain, so that there are more steps than are named."""
        return any(step.repeats for step in self.chain)


@dataclass(frozen=True, slots=True)
class Ties:
    """The profile of one entity."""

    when: Conditions
    entity: Party
    organ: Organ | None
    """The entity itself, when it is an organ."""
    ties: tuple[Reached, ...]
    """By route, steps and category; ended, unsure and denied ones among them."""
    beside: tuple[Claim, ...]
    """Claims of other kinds between it and organs, which are no ties."""
    listings: tuple[Claim, ...]
    """Claims that a programme lists it."""
    partners: tuple[Step, ...]
    """Its work with others, also claims that do not count on the day."""
    counts: dict[str, dict[str, int]]
    """By route and category: how many pairs of entity and organ are tied on the day."""
    categories: Categories
    asked: tuple[Category, ...]
    """Categories to which the answer is narrowed; empty for all."""
    explored: int
    """Entities whose ties were looked at."""
    truncated: bool
    """The search among owners or subsidiaries was cut short."""
    sources: Sources

    @property
    def claims(self) -> list[Claim]:
        """Every claim that the answer shows, without repeats."""
        shown = [
            *(claim for item in self.ties for claim in item.tie.every),
            *(claim for item in self.ties for step in item.chain for claim in step.claims),
            *(claim for item in self.ties for claim in item.tie.organ.under),
            *(claim for step in self.partners for claim in step.claims),
            *self.beside,
            *self.listings,
        ]
        return list({claim.relation: claim for claim in shown}.values())


def profile(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    entity: str,
    when: Conditions,
    *,
    organs: Iterable[str] = (),
    category: Iterable[str] = (),
    countries: Iterable[str] = (),
    max_hops: int = 10,
    limit: int = 1000,
) -> Ties:
    """The ties of one entity.

    Args:
        graph: the graph.
        entity: id, identifier or name.
        when: day, age and confidence of the claims.
        organs: only ties to these.
        category: only ties of these categories, by id.
        countries: only ties to organs of these countries, alpha-2.
        max_hops: at most so many steps up to owners and down to subsidiaries.
        limit: at most so many owners and so many subsidiaries are looked at.

    Raises:
        NotFoundError, AmbiguousError: the entity, an organ or a category.
    """
    number = graph.store.find(entity)
    wanted = set(graph.find(organs))
    known = Organs(graph, when)
    asked = tuple(known.known.category(name) for name in dict.fromkeys(category))
    land = {code.lower() for code in countries}
    reporter = Reporter(graph, when)
    held = Channels(graph.index, when, HELD)
    up = walk(held, [number], down=False, limit=limit, max_hops=max_hops, closed=known.among)
    down = walk(held, [number], down=True, limit=limit, max_hops=max_hops)
    partners = _partners(graph, number, reporter)
    bodies = known.among((*up.entities, *partners))
    above = [n for n in up.entities if n not in bodies]
    below = [n for n in down.entities if n not in up.last]
    beyond = [n for n in partners if n not in bodies]
    looked = {number, *above, *below, *beyond}
    ways, denials = found(known, ends(known, looked), beside=False)
    _, beside = found(known, ends(known, [number]))
    tied = ties(known, ways, sorted({*beside, *denials}), reporter)
    chains = {
        OWNERS: {n: up.chain(n) for n in above if n in tied},
        SUBSIDIARIES: {n: down.chain(n) for n in below if n in tied},
    }
    reached = [Reached(OWN, 0, (), tie) for tie in tied.get(number, [])]
    reached += _over(chains, tied, reporter)
    reached += [
        Reached(PARTNERS, 1, (partners[n],), tie) for n in beyond for tie in tied.get(n, [])
    ]
    shown = [
        item
        for item in reached
        if (not wanted or item.tie.organ.party.num in wanted)
        and (not asked or item.tie.category in asked)
        and (not land or item.tie.organ.party.country in land)
    ]
    order = {known_one.id: place for place, known_one in enumerate(known.known.every)}
    shown.sort(key=lambda item: _rank(item, order))
    claims = reporter.claims(beside)
    party = reporter.party(number)
    return Ties(
        when,
        party,
        known.organs([number], reporter)[number] if known.among([number]) else None,
        tuple(shown),
        tuple(claims[position] for position in beside if claims[position].kind != "DESIGNATES"),
        tuple(listings(known, [number], reporter).get(number, [])),
        tuple(step for _, step in sorted(partners.items())),
        _counts(shown),
        known.known,
        asked,
        len(looked),
        up.truncated or down.truncated,
        sources(graph),
    )


def _over(
    chains: dict[str, dict[int, list[Hop]]], tied: dict[int, list[Tie]], reporter: Reporter
) -> list[Reached]:
    """The ties of those at the ends of chains, by route."""
    fetch((steps for held in chains.values() for steps in held.values()), reporter)
    found = []
    for route, held in chains.items():
        for number, steps in held.items():
            chain = tuple(as_step(hop, reporter) for hop in steps)
            found += [Reached(route, len(steps), chain, tie) for tie in tied[number]]
    return found


def _partners(graph: Graph, number: int, reporter: Reporter) -> dict[int, Step]:
    """Its work with each other entity, also where no claim counts on the day."""
    index = graph.index
    at, _ = index.into(np.array([number]))
    at = np.concatenate([at, index.out_of(np.array([number]))])
    at = np.unique(at[index.kind[at] == KIND_CODES["COLLABORATES"]])
    groups: dict[int, list[Claim]] = {}
    for claim in reporter.claims(at.tolist()).values():
        ends = {claim.source.num: claim.source, claim.target.num: claim.target}
        for other in ends.keys() - {number}:
            groups.setdefault(other, []).append(claim)
    made = {}
    for other, claims in groups.items():
        if any(claim.stance == "asserts" for claim in claims):
            ordered = tuple(sorted(claims, key=lambda c: (c.standing != "counted", c.relation)))
            made[other] = Step(
                *("COLLABORATES", "knowledge", "collaborates with"),
                reporter.party(number),
                reporter.party(other),
                *UNKNOWN,
                ordered,
            )
    return made


def _rank(item: Reached, order: dict[str, int]) -> tuple[int, int, str, int, int, str, str]:
    tie = item.tie
    return (
        tuple(ROUTES).index(item.route),
        item.hops,
        tie.entity.id,
        0 if item.counted else 1,
        order[tie.category.id],
        tie.organ.party.id,
        f"{tie.kind} {tie.word}",
    )


def _counts(shown: list[Reached]) -> dict[str, dict[str, int]]:
    pairs = {
        (item.route, item.tie.category.id, item.tie.entity.num, item.tie.organ.party.num)
        for item in shown
        if item.counted
    }
    counted = Counter((route, category) for route, category, _, _ in pairs)
    made: dict[str, dict[str, int]] = {route: {} for route in ROUTES}
    for (route, category), number in sorted(counted.items()):
        made[route][category] = number
    return made
