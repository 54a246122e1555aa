"""What would change if: verdicts, listings and exposures before and after a scenario.

A scenario is asked about one day. Its changes make a supposed graph
(:meth:`spillover.graph.session.Graph.supposing`); the answer is the difference between a snapshot
of the graph as it is and one of the supposed graph, both on that day. The store is only read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from spillover.graph.dates import as_day
from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Party, Reporter, Sources, sources
from spillover.queries.changes.change import Changes, ExposureChange, Stood, VerdictChange
from spillover.queries.changes.comparing import changes
from spillover.queries.changes.snapshot import Snapshot, snapshot
from spillover.queries.conditions import Conditions
from spillover.queries.rulebook import Rule, listing_rules, rule
from spillover.queries.scenarios.changes import applied
from spillover.queries.scenarios.file import Scenario
from spillover.queries.scenarios.made import Made
from spillover.queries.shocks.search import Strength

Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scenario changes."""

    name: str
    """Names of the scenarios that it stacks."""
    when: Conditions
    rules: tuple[Rule, ...]
    targets: tuple[Party, ...]
    """Who is taken as listed, beside those whom programmes list."""
    made: tuple[Made, ...]
    """Every change in the order in which it was made."""
    supposed: tuple[Claim, ...]
    """Claims that only the scenario makes and that count on the day."""
    ended: tuple[Claim, ...]
    """Claims that count on the day without the scenario, and not with it."""
    changes: Changes
    sources: Sources


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """How an entity stands under a rule as things are and under two scenarios."""

    rule: str
    entity: Party
    base: Stood
    first: Stood
    second: Stood

    @property
    def differs(self) -> bool:
        """Whether the scenarios differ."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """The strongest path to an entity as things are and under two scenarios; None: no path."""

    entity: Party
    base: Strength | None
    first: Strength | None
    second: Strength | None

    @property
    def differs(self) -> bool:
        """Whether the scenarios differ."""
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class Compared:
    """Two scenarios side by side: what either changes, and where they differ."""

    first: Outcome
    second: Outcome
    verdicts: tuple[VerdictRow, ...]
    """Where the scenarios differ comes first."""
    exposures: tuple[ExposureRow, ...]


def conditions_of(scenarios: Iterable[Scenario], when: Conditions, at: str | None) -> Conditions:
    """The conditions of the question: its day is ``at``, else the latest day of the scenarios.

    Raises:
        DateError: a day that is none.
    """
    days = [as_day(at)] if at else [as_day(one.at) for one in scenarios if one.at]
    return replace(when, day=max(days)) if days else when


def run(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    scenarios: Sequence[Scenario],
    when: Conditions,
    *,
    rules: Sequence[str] = (),
    targets: Iterable[str] = (),
    limit: int | None = None,
    explore: int = 10_000,
) -> Outcome:
    """What the scenarios change, stacked in their order.

    Args:
        graph: the graph; it is only read.
        scenarios: what is supposed.
        when: day, age and confidence of the claims.
        rules: ids of the rules to ask; else those that the scenarios name, else all that lists
            start.
        targets: whom to take as listed beside those whom programmes list and those whom the
            scenarios name.
        limit: at most so many changes of each kind are shown (the counts are of all).
        explore: the search for exposure paths explores at most so many places.

    Raises:
        NotFoundError, AmbiguousError: a target, or a name that a change uses.
        InputError: a change that is impossible.
    """
    question = _Question(graph, when, [scenarios], (rules, targets, explore))
    return question.outcome(scenarios, limit)


def compare(  # noqa: PLR0913 - the first four are the question, the rest by keyword
    graph: Graph,
    first: Sequence[Scenario],
    second: Sequence[Scenario],
    when: Conditions,
    *,
    rules: Sequence[str] = (),
    targets: Iterable[str] = (),
    explore: int = 10_000,
) -> Compared:
    """What two scenarios change, side by side, under the same rules and on the same day.

    Args:
        graph: the graph; it is only read.
        first: scenarios, stacked.
        second: others, stacked.
        when: day, age and confidence of the claims.
        rules: as of :func:`run`.
        targets: as of :func:`run`.
        explore: as of :func:`run`.

    Raises:
        NotFoundError, AmbiguousError, InputError: see :func:`run`.
    """
    question = _Question(graph, when, [first, second], (rules, targets, explore))
    one, other = question.outcome(first, None), question.outcome(second, None)
    return Compared(one, other, _verdict_rows(one, other), _exposure_rows(one, other))


class _Question:
    """Rules, targets and the snapshot of the graph as it is."""

    def __init__(
        self,
        graph: Graph,
        when: Conditions,
        several: Sequence[Sequence[Scenario]],
        asked: tuple[Sequence[str], Iterable[str], int],
    ) -> None:
        rules, targets, self.explore = asked
        everything = [one for scenarios in several for one in scenarios]
        if not everything:
            raise InputError(
                "no change is given; name a scenario file, or a change such as --divest"
            )
        named = list(dict.fromkeys(name for one in everything for name in one.rules))
        self.graph, self.when = graph, when
        self.laws = tuple(rule(name) for name in rules or named or listing_rules())
        names = [*targets, *(name for one in everything for name in one.targets)]
        self.targets = graph.find(names)
        self.base = self._snapshot(graph)

    def _snapshot(self, graph: Graph) -> Snapshot:
        return snapshot(
            graph,
            self.when,
            rules=[law.id for law in self.laws],
            targets=self.targets,
            limit=self.explore,
        )

    def outcome(self, scenarios: Sequence[Scenario], limit: int | None) -> Outcome:
        """What these scenarios change."""
        supposed, made = applied(self.graph, scenarios, self.when, self.laws)
        found = changes(self.base, self._snapshot(supposed), limit=limit)
        reporter = Reporter(self.graph, self.when)
        return Outcome(
            " + ".join(one.name for one in scenarios if one.name),
            self.when,
            self.laws,
            tuple(reporter.party(number) for number in self.targets),
            made,
            *self._claims(supposed, reporter),
            found,
            sources(supposed),
        )

    def _claims(
        self, supposed: Graph, reporter: Reporter
    ) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
        """Claims that count with the scenario alone, and without it alone."""
        before, after = (self._counting(one) for one in (self.graph, supposed))
        new = np.flatnonzero(~np.isin(supposed.index.relation, before) & self._valid(supposed))
        gone = np.flatnonzero(~np.isin(self.graph.index.relation, after) & self._valid(self.graph))
        made = Reporter(supposed, self.when).claims(new.tolist()).values()
        return tuple(made), tuple(reporter.claims(gone.tolist()).values())

    def _counting(self, graph: Graph) -> Ints:
        """Numbers of the claims that count on the day."""
        found: Ints = graph.index.relation[self._valid(graph)]
        return found

    def _valid(self, graph: Graph) -> Flags:
        return self.when.valid(graph.index, np.arange(graph.index.claims))


def _verdict_rows(first: Outcome, second: Outcome) -> tuple[VerdictRow, ...]:
    """How everybody stands of whom either scenario changes a verdict or a share."""
    sides = [
        {(one.rule, one.entity.id): one for one in outcome.changes.verdicts}
        for outcome in (first, second)
    ]
    rows = []
    for key in {**sides[0], **sides[1]}:
        found: list[VerdictChange | None] = [side.get(key) for side in sides]
        known = next(change for change in found if change is not None)
        stood = [known.before if change is None else change.after for change in found]
        rows.append(VerdictRow(known.rule, known.entity, known.before, *stood))
    order = {law.id: number for number, law in enumerate(first.rules)}
    return tuple(sorted(rows, key=lambda row: (not row.differs, order[row.rule], row.entity.id)))


def _exposure_rows(first: Outcome, second: Outcome) -> tuple[ExposureRow, ...]:
    """The strongest paths to everybody of whom either scenario changes it."""
    sides = [
        {one.entity.id: one for one in outcome.changes.exposures} for outcome in (first, second)
    ]
    rows = []
    for key in {**sides[0], **sides[1]}:
        found: list[ExposureChange | None] = [side.get(key) for side in sides]
        known = next(change for change in found if change is not None)
        base = known.before.strength if known.before else None
        strengths = [base if c is None else c.after.strength if c.after else None for c in found]
        rows.append(ExposureRow(known.entity, base, *strengths))
    return tuple(sorted(rows, key=lambda row: (not row.differs, row.entity.id)))
