"""What does the graph say while the changes of a scenario are made, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import BASES, BASIS_CODES, KIND_CODES, prepare
from spillover.graph.dates import as_day, iso
from spillover.graph.errors import InputError
from spillover.graph.evidence import Evidence
from spillover.graph.folding import bare
from spillover.graph.index import Index
from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.supposed import GONE
from spillover.graph.tables import DENIES, INDIRECT
from spillover.queries.conditions import Conditions
from spillover.queries.scenarios.file import New
from spillover.queries.scenarios.made import Made

Ints = npt.NDArray[np.int64]
LAYERS: Final = 200
"""So many supposed graphs may stand over each other: a question goes through all of them."""


class Draft:
    """A graph on which changes are made; what was already changed is seen by the next change.

    Changes are gathered, and the arrays are compiled anew only when a change looks at claims of
    which an earlier one made or ended some. So a change says first at whom it looks (:meth:`look`),
    then reads positions in the index, and then changes something.

    Args:
        graph: the graph; it is not changed.
        when: day and confidence of the question.
    """

    def __init__(self, graph: Graph, when: Conditions) -> None:
        self._graph, self._when = graph, when
        self._ended: dict[int, str] = {}
        self._added: list[Relation] = []
        self._touched: set[tuple[int, int]] = set()
        self._layers = 0
        self.made = Made("", 0, "", when.as_of)
        """The change that is being made."""
        self.notes: list[str] = []
        """What else had to be supposed for it, and what to beware of."""

    @property
    def graph(self) -> Graph:
        """The graph with every change so far."""
        self._flush()
        return self._graph

    @property
    def index(self) -> Index:
        """The arrays; right about everybody at whom was looked."""
        return self._graph.index

    @property
    def day(self) -> int:
        """Day of the change that is being made."""
        return self.conditions.day

    @property
    def conditions(self) -> Conditions:
        """Which claims the change finds: those that count on its day, however old."""
        return replace(self._when, day=as_day(self.made.day), max_age=None)

    def begin(self, made: Made) -> None:
        """Make this change next."""
        if made.scenario != self.made.scenario:
            self._flush()
        self.made, self.notes = made, []

    def refuse(self, why: str) -> InputError:
        """The error of a change that cannot be made."""
        return InputError(f"{self.where}: {why}")

    @property
    def where(self) -> str:
        """Where the change stands, for messages."""
        named = f"{self.made.scenario}: " if self.made.scenario else ""
        return f"{named}change {self.made.number} ({self.made.verb})"

    def _flush(self) -> None:
        if self._ended or self._added:
            self._suppose()

    def _suppose(self, entities: Sequence[Entity] = ()) -> None:
        self._layers += 1
        if self._layers > LAYERS:
            raise self.refuse(
                f"more than {LAYERS} changes build on each other; load what is known as data"
            )
        self._graph = self._graph.supposing(
            self._ended, self._added, entities=entities, name=self.made.scenario
        )
        self._ended, self._added, self._touched = {}, [], set()

    # -- who ------------------------------------------------------------------------------------

    def party(self, said: str | New) -> int:
        """Number of the entity that is meant; a new one comes into the graph.

        Raises:
            NotFoundError, AmbiguousError: see :meth:`spillover.graph.store.Store.find`.
            InputError: a new entity has a name that the graph knows.
        """
        if isinstance(said, str):
            return self._graph.store.find(said)
        store, name = self._graph.store, said.new
        entity_id = f"scenario:{bare(name)}"
        number = store.number(entity_id)
        if number is not None:  # an earlier change has brought it
            return number
        known = [hit for hit in store.search(name) if hit.matched == bare(name)]
        if known:
            raise self.refuse(
                f"the graph knows {name!r} already ({known[0].id}); name it without 'new'"
            )
        countries = (said.country.lower(),) if said.country else ()
        return self._enter(Entity(entity_id, said.schema_, name, countries=countries))

    def programme(self, said: str, *, known: Iterable[str]) -> int:
        """Number of a programme; one from which a rule starts comes into the graph by its key.

        Raises:
            NotFoundError, AmbiguousError: neither the graph nor a rule knows it.
        """
        if said in known:
            there = self._graph.store.number(said)
            return self._enter(Entity(said, "Programme", said)) if there is None else there
        number = self._graph.store.find(said)
        if self._graph.store.entity(number).schema != "Programme":
            raise self.refuse(f"{said!r} is no programme")
        return number

    def _enter(self, entity: Entity) -> int:
        self._suppose([entity])
        number = self._graph.store.number(entity.id)
        assert number is not None
        return number

    def names(self, numbers: Iterable[int]) -> list[str]:
        """Names of these entities, in order."""
        wanted = list(numbers)
        entities = self._graph.store.entities(wanted)
        return [entities[number].name for number in wanted]

    # -- what is there --------------------------------------------------------------------------

    def look(self, *about: int) -> None:
        """See to it that the arrays are right about who has what claim on these entities."""
        if any(target in about for _, target in self._touched):
            self._flush()

    def look_along(self, above: Ints, below: Ints) -> bool:
        """See to it that they are right about chains from some entities down to others.

        Args:
            above: entities about which claims were read, upward.
            below: entities whose claims on others were read, downward.

        Returns:
            Whether they were right; else read again.
        """
        if not self._touched:
            return True
        upper, lower = set(above.tolist()), set(below.tolist())
        for source, target in self._touched:
            if target in upper or source in lower or (source in upper and target in lower):
                self._flush()
                return False
        return True

    def between(self, source: int, target: int, kind: str) -> Ints:
        """Positions of all claims of a kind from one entity to another."""
        index = self._graph.index
        at, _ = index.into(np.array([target]))
        found: Ints = at[(index.kind[at] == KIND_CODES[kind]) & (index.source[at] == source)]
        return found

    def on_basis(self, at: Ints, basis: str) -> Ints:
        """Those of these claims that speak of one basis.

        Raises:
            InputError: there is no such basis.
        """
        if basis not in BASIS_CODES:
            raise self.refuse(f"{basis!r} is no basis; there are: {', '.join(BASES[1:])}")
        found: Ints = at[self._graph.index.basis[at] == BASIS_CODES[basis]]
        return found

    def alone(self, at: Ints) -> Ints:
        """Those of these claims that speak of shares held directly and alone."""
        index = self._graph.index
        found: Ints = at[(index.flags[at] & INDIRECT == 0) & (index.key[at] == 0)]
        return found

    def about(self, target: int, kind: str) -> Ints:
        """Positions of the claims of a kind about an entity that count on the day, no denials."""
        index = self._graph.index
        at, _ = index.into(np.array([target]))
        at = at[(index.kind[at] == KIND_CODES[kind]) & (index.flags[at] & DENIES == 0)]
        found: Ints = at[self.conditions.valid(index, at)]
        return found

    def counting(self, at: Ints) -> tuple[list[Relation], bool]:
        """Those of these claims that count on the day and deny nothing, and whether one denies."""
        index = self._graph.index
        at = at[self.conditions.valid(index, at)]
        denial = index.flags[at] & DENIES != 0
        return self.relations(at[~denial]), bool(denial.any())

    def relations(self, at: Ints) -> list[Relation]:
        """Claims at these positions, in order of their numbers."""
        numbers = sorted(self._graph.index.relation[at].tolist())
        found = self._graph.store.relations(numbers)
        return [found[number][0] for number in numbers]

    def sources(self, at: Ints) -> list[int]:
        """Source ends of the claims at these positions."""
        return [int(number) for number in self._graph.index.source[at]]

    # -- what is changed ------------------------------------------------------------------------

    def cut(self, at: Ints) -> None:
        """Let the claims at these positions end on the day before.

        What was to begin on the day or later never does: a scenario holds whatever was said later.
        """
        index, before = self._graph.index, iso(self.day - 1) if self.day > 1 else GONE
        at = at[index.last[at] >= self.day]
        for position in at.tolist():
            later = index.first[position] >= self.day
            self._ended[int(index.relation[position])] = GONE if later else before
        self._touched.update(zip(index.source[at].tolist(), index.target(at).tolist(), strict=True))
        later = int((index.first[at] > self.day).sum())
        if later:
            self.notes.append(f"claims that sources make of a later day are set aside: {later}")

    def cut_repeats(self, at: Ints) -> None:
        """Let claims that repeat a chain end, because a holding in the chain has changed."""
        if len(at):
            said = "; ".join(f"{source} → {target}" for source, target in self._ends(at))
            self.notes.append(f"claims that repeat a chain through it end, too: {said}")
        self.cut(at)

    def _ends(self, at: Ints) -> list[tuple[str, str]]:
        """Names of both ends of the claims at these positions, each pair once."""
        index = self._graph.index
        sources, targets = index.source[at].tolist(), index.target(at).tolist()
        names = {n: e.name for n, e in self._graph.store.entities([*sources, *targets]).items()}
        pairs = dict.fromkeys(zip(sources, targets, strict=True))
        return [(names[source], names[target]) for source, target in pairs]

    def add(self, relation: Relation, source: int, target: int) -> None:
        """Let a claim be made on the day.

        Args:
            relation: the claim.
            source: number of its source end.
            target: number of its target end.

        Raises:
            InputError: it is not well formed.
        """
        evidence = Evidence(observed=self.made.day, record=f"change {self.made.number}")
        claim = relation._replace(start=self.made.day, end=None, evidence=evidence)
        try:
            prepare(claim)
        except InputError as error:
            raise self.refuse(str(error)) from error
        self._added.append(claim)
        self._touched.add((source, target))

    def id(self, number: int) -> str:
        """Id of an entity."""
        return self._graph.store.entity(number).id
