"""What changed between two versions of a graph, two days or two scenarios?

First what the datasets say: entities, relations, and what identifiers join. Then what follows from
it: listings, verdicts under each rule, and exposures, each with the claims that brought it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from spillover.graph.errors import NotFoundError
from spillover.graph.session import Graph
from spillover.queries.answer import Party, Reporter, Sources, sources
from spillover.queries.changes.change import Changes
from spillover.queries.changes.comparing import changes
from spillover.queries.changes.days import Counted, counting
from spillover.queries.changes.snapshot import snapshot
from spillover.queries.changes.versions import Contents, contents
from spillover.queries.conditions import Conditions
from spillover.queries.costly import MOST
from spillover.queries.rulebook import Rule, listing_rules, rule

if TYPE_CHECKING:
    from spillover.queries.scenarios.file import Scenario

Between = Literal["versions", "days", "scenarios"]
Sides = tuple[tuple[Graph, Conditions], tuple[Graph, Conditions]]
NOTHING: Final = 0
CHANGED: Final = 10
QUESTIONS: Final = 11
"""Exit codes: nothing changed; something did; only questions came or went."""


class Asked(NamedTuple):
    """What both sides are asked."""

    rules: Sequence[str] = ()
    """Ids; all that lists start if none are named."""
    targets: Sequence[str] = ()
    """Whom to take as listed beside those whom programmes list."""
    of: Sequence[str] = ()
    """Only about these entities; everybody if none are named."""
    exposures: bool = True
    limit: int | None = None
    """At most so many of each table are shown (the counts are of all)."""
    explore: int = 10_000
    """The search for exposure paths explores at most so many places on each side."""


_Question = tuple[Asked, Contents]
"""What is asked, and what the datasets say otherwise."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    label: str
    when: Conditions
    version: int
    """Number of the version of the graph file."""
    sources: Sources


@dataclass(frozen=True, slots=True)
class Diff:
    """The answer."""

    between: Between
    before: Side
    after: Side
    rules: tuple[Rule, ...]
    targets: tuple[Party, ...]
    of: tuple[Party, ...]
    contents: Contents
    changes: Changes

    @property
    def none(self) -> bool:
        """Whether nothing changed."""
        return self.contents.none and self.changes.none

    @property
    def exit_code(self) -> int:
        """0: nothing changed; 11: nothing but verdicts that are or were undetermined; else 10."""
        if self.none:
            return NOTHING
        return QUESTIONS if self.contents.none and self.changes.only_questions else CHANGED


def between_versions(before: Graph, after: Graph, when: Conditions, asked: Asked) -> Diff:
    """What changed from one version of a graph file to another, asked about the same day.

    Raises:
        NotFoundError, AmbiguousError: a rule; or a target or entity that neither version knows.
    """
    sides = (before, when), (after, when)
    of = [_numbers(graph, asked.of) for graph, _ in sides]
    about = {*of[0], *of[1]} if asked.of else None
    said = contents(before.store, after.store, of=about, limit=asked.limit)
    labels = [_version(graph) for graph, _ in sides]
    return _diff("versions", (labels[0], labels[1]), sides, (asked, said))


def between_days(graph: Graph, before: Conditions, after: Conditions, asked: Asked) -> Diff:
    """What changed from one day to another, in one version of a graph.

    Raises:
        NotFoundError, AmbiguousError: a rule, a target or an entity.
    """
    sides = (graph, before), (graph, after)
    of = graph.find(asked.of) if asked.of else None
    said = _only_claims(counting(*sides, of=of, limit=asked.limit))
    return _diff("days", (before.as_of, after.as_of), sides, (asked, said))


def between_scenarios(
    graph: Graph, scenarios: tuple[Scenario, Scenario], when: Conditions, asked: Asked
) -> Diff:
    """What is otherwise under one scenario than under another, on the same day.

    The rules are those that the question names, else those that the scenarios name; their targets
    are taken as listed on both sides.

    Raises:
        NotFoundError, AmbiguousError: a rule, a target, an entity, or a name in a scenario.
        InputError: a change that is impossible.
    """
    from spillover.queries.scenarios.changes import applied

    rules = asked.rules or list(dict.fromkeys(name for one in scenarios for name in one.rules))
    targets = [*asked.targets, *(name for one in scenarios for name in one.targets)]
    asked = asked._replace(rules=rules, targets=targets)
    laws = [rule(name) for name in rules or listing_rules()]
    first, second = (applied(graph, [one], when, laws)[0] for one in scenarios)
    sides = (first, when), (second, when)
    of = sorted({*_numbers(first, asked.of), *_numbers(second, asked.of)}) if asked.of else None
    said = _only_claims(counting(*sides, of=of, limit=asked.limit))
    return _diff("scenarios", (scenarios[0].name, scenarios[1].name), sides, (asked, said))


def _only_claims(counted: Counted) -> Contents:
    return Contents((), (), counted.relations, (), {}, counted.counts, 0)


def _version(graph: Graph) -> str:
    number = f"v{graph.store.version}"
    return f"{number} (as known on {graph.known_at})" if graph.known_at else number


def _numbers(graph: Graph, names: Iterable[str]) -> list[int]:
    """Numbers of the entities of these names that the graph knows."""
    found = []
    for name in names:
        try:
            found.append(graph.store.find(name))
        except NotFoundError:
            continue
    return list(dict.fromkeys(found))


def _diff(between: Between, labels: tuple[str, str], sides: Sides, question: _Question) -> Diff:
    asked, said = question
    rules = list(dict.fromkeys(asked.rules)) or listing_rules()
    for name in (*asked.targets, *asked.of):
        _known(sides, name)
    taken = [
        snapshot(
            graph,
            when,
            rules=rules,
            targets=_numbers(graph, asked.targets),
            of=_numbers(graph, asked.of) if asked.of else None,
            exposures=asked.exposures,
            limit=asked.explore,
            most=None if asked.rules else MOST,
        )
        for graph, when in sides
    ]
    before, after = (
        Side(label, when, graph.store.version, sources(graph))
        for label, (graph, when) in zip(labels, sides, strict=True)
    )
    return Diff(
        between,
        before,
        after,
        tuple(rule(name) for name in rules),
        _parties(sides, asked.targets),
        _parties(sides, asked.of),
        said,
        changes(*taken, limit=asked.limit),
    )


def _known(sides: Sides, name: str) -> None:
    """See that one side at least knows an entity of this name."""
    refused: NotFoundError | None = None
    for graph, _ in reversed(sides):
        try:
            graph.store.find(name)
        except NotFoundError as error:
            refused = refused or error
        else:
            return
    if refused is not None:
        raise refused


def _parties(sides: Sides, names: Iterable[str]) -> tuple[Party, ...]:
    """The entities of these names, as the later side knows them, else as the earlier one did."""
    found: dict[str, Party] = {}
    for name in names:
        for graph, when in reversed(sides):
            numbers = _numbers(graph, [name])
            if numbers:
                party = Reporter(graph, when).party(numbers[0])
                found.setdefault(party.id, party)
                break
    return tuple(found.values())
