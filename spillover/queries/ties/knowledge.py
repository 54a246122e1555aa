"""Which foreign partners and investors lead to an organ, through whom, and in which form?

A way begins at the organ: its tie, holding or control, its supplier, or its own work with others.
It goes down to what those hold, and ends at who works with one of them, is in one programme with
it or has invested in it, or at a foreign firm among them. Work with others follows other work only
through a programme: a partner's other partners learn nothing by it. Investors are asked for where
the money went: who else holds a firm abroad is no way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions
from spillover.queries.shocks.hops import Hop
from spillover.queries.shocks.paths import Step, as_step, fetch
from spillover.queries.ties.organs import Organ, Organs
from spillover.queries.ties.tie import word
from spillover.queries.ties.ways import from_organs, to_entity

FOREIGN, UNKNOWN, DOMESTIC = "foreign", "country unknown", "same country"
FORMS = {
    "equity": "investment",
    "ownership": "owned",
    "control": "controlled",
    "demand": "supply",
    "state": "state tie",
}
"""What the last step of a way is where it is no work together."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way from an organ to a partner."""

    organ: Organ
    partner: Party
    standing: str
    """``foreign``, ``country unknown`` or ``same country``, seen from the organ."""
    forms: tuple[str, ...]
    """What the last step is: ``partnership``, ``licence``, ``programme``, ``investment``, ..."""
    programmes: tuple[Party, ...]
    """Programmes on the way."""
    links: tuple[Step, ...]
    """From the organ to the partner."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The answer."""

    when: Conditions
    organs: tuple[Organ, ...]
    entity: Party | None
    """The one whose ways to the organs were asked for; None for everybody foreign."""
    ways: tuple[Way, ...]
    """Foreign ends first, partners and investors before others, then by steps and id."""
    counts: dict[str, int]
    """Foreign partners by form."""
    unplaced: int
    """Entities on the organs' side whose country nobody states; they are not listed."""
    explored: int
    truncated: bool
    sources: Sources

    @property
    def claims(self) -> list[Claim]:
        """Every claim that a way stands on, without repeats."""
        shown = [claim for way in self.ways for step in way.links for claim in step.claims]
        return list({claim.relation: claim for claim in shown}.values())


def knowledge(  # noqa: PLR0913 - the first two are the question, the rest by keyword
    graph: Graph,
    when: Conditions,
    *,
    entity: str | None = None,
    organs: Iterable[str] = (),
    countries: Iterable[str] = (),
    max_hops: int = 6,
    limit: int = 10_000,
) -> Knowledge:
    """Ways between organs and those who work with, invest in or are held by who is tied to them.

    Args:
        graph: the graph.
        when: day, age and confidence of the claims; less sure claims make no way.
        entity: only its ways, whatever its country; id, identifier or name.
        organs: the organs, by id, identifier or name; every military organ if none is named.
        countries: only partners of these countries, alpha-2.
        max_hops: at most so many steps.
        limit: at most so many places are explored, a place being an entity and how it was reached.

    Raises:
        NotFoundError, AmbiguousError: the entity or an organ.
    """
    known = Organs(graph, when)
    asked = graph.find(organs) or known.military()
    number = graph.store.find(entity) if entity is not None else None
    bounds = (max_hops, limit)
    searched = [
        from_organs(known, group, bounds)
        if number is None
        else to_entity(known, group, number, bounds)
        for group in _by_country(known, asked)
    ]
    reporter = Reporter(graph, when)
    found = [hops for part in searched for hops in part.ways]
    bodies = known.organs({*asked, *(hops[0].source for hops in found)}, reporter)
    sorting = _Sorting(known, {code.lower() for code in countries}, everybody=number is None)
    shown = [(hops, standing) for hops in found if (standing := sorting.standing(hops))]
    fetch((hops for hops, _ in shown), reporter)
    ways = [_way(bodies[hops[0].source], hops, standing, reporter) for hops, standing in shown]
    ways.sort(key=_rank)
    foreign = {(w.partner.num, form) for w in ways if w.standing == FOREIGN for form in w.forms}
    return Knowledge(
        when,
        tuple(bodies[organ] for organ in asked),
        reporter.party(number) if number is not None else None,
        tuple(ways),
        dict(sorted(Counter(form for _, form in foreign).items())),
        len(sorting.unplaced),
        sum(part.explored for part in searched),
        any(part.truncated for part in searched),
        sources(graph),
    )


def _by_country(known: Organs, organs: list[int]) -> list[list[int]]:
    """The organs of each country together: what is foreign to one is not to another."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, body in sorted(known.entities(organs).items()):
        groups.setdefault(tuple(sorted(known.known.home(body))), []).append(number)
    return [groups[home] for home in sorted(groups)]


_SHARED = ("knowledge", "equity")
_STANDINGS = (FOREIGN, UNKNOWN, DOMESTIC)


class _Sorting:
    """Which ways are shown."""

    def __init__(self, known: Organs, land: set[str], *, everybody: bool) -> None:
        self._known, self._everybody, self._land = known, everybody, land
        self.unplaced: set[int] = set()
        """Ends of ways that are left out because nobody states their country."""

    def standing(self, hops: tuple[Hop, ...]) -> str:
        """How the end of a way stands to its organ; empty for a way that is not shown."""
        first, last = hops[0].source, hops[-1]
        ends = self._known.entities((first, last.target))
        organ, partner = (self._known.known.home(ends[n]) for n in (first, last.target))
        if self._land and self._land.isdisjoint((*partner, *ends[last.target].countries)):
            return ""
        if organ and partner:
            standing = DOMESTIC if organ & partner else FOREIGN
            return "" if self._everybody and standing == DOMESTIC else standing
        if self._everybody and last.channel not in _SHARED:
            self.unplaced.add(last.target)
            return ""
        return UNKNOWN


def _way(organ: Organ, hops: tuple[Hop, ...], standing: str, reporter: Reporter) -> Way:
    links = tuple(as_step(hop, reporter) for hop in hops)
    inner = [step.target for step in links[:-1] if step.target.schema == "Programme"]
    last = links[-1]
    if last.channel != "knowledge":
        forms = {FORMS[last.channel]}
    elif last.source.schema == "Programme":
        forms = {"programme"}
    else:
        forms = {word(claim) for claim in last.claims if claim.stance == "asserts"}
    return Way(organ, last.target, standing, tuple(sorted(forms)), tuple(inner), links)


def _rank(way: Way) -> tuple[int, int, int, str, str, tuple[str, ...]]:
    last = way.links[-1].channel
    through = (*(step.source.id for step in way.links), *way.forms)
    place, shared = _STANDINGS.index(way.standing), 0 if last in _SHARED else 1
    return place, shared, len(way.links), way.partner.id, way.organ.party.id, through
