"""Which entities are organs of states and parties, what are they, and under whom do they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from spillover.graph.claims import KIND_CODES
from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.graph.tables import DENIES
from spillover.queries.answer import Claim, Party, Reporter
from spillover.queries.conditions import Conditions
from spillover.queries.described import described
from spillover.queries.ties.rules import Categories, categories

Ints = npt.NDArray[np.int64]

UNKNOWN_ROLE: Final = "other"
"""Role of what only a claim of a state tie calls an organ."""
_ABOVE: Final = tuple(KIND_CODES[kind] for kind in ("STATE_TIE", "CONTROLS", "OWNS"))
"""Kinds by which one organ stands under another."""


@dataclass(frozen=True, slots=True)
class Organ:
    """An organ of a state or a party."""

    party: Party
    role: str
    """Id of its role in ``categories.yml``; ``other`` when only a claim says that it is one."""
    title: str
    """The role in words."""
    under: tuple[Claim, ...]
    """Claims that count on the day and put it under another organ."""


class Organs:
    """The organs of one graph, each looked up once."""

    def __init__(self, graph: Graph, when: Conditions) -> None:
        self.graph, self.when = graph, when
        self.known: Categories = categories()
        self._entities: dict[int, Entity] = {}
        self._roles: dict[int, str] = {}

    def entities(self, numbers: Iterable[int]) -> dict[int, Entity]:
        """What is said of these entities."""
        wanted = {int(number) for number in numbers}
        missing = {number for number in wanted if number not in self._entities}
        if missing:
            self._entities.update(self.graph.store.entities(missing))
        return {number: self._entities[number] for number in wanted}

    def role(self, number: int) -> str:
        """Id of the role of an entity, an organ or not; ``other`` when nothing tells it."""
        if number not in self._roles:
            if number not in self._entities:
                self.entities([number])
            role = self.known.role(self._entities[number])
            self._roles[number] = role.id if role else UNKNOWN_ROLE
        return self._roles[number]

    def among(self, numbers: Iterable[int]) -> set[int]:
        """Those of the entities that are organs by what is said of themselves."""
        alone = {role.id for role in self.known.roles if role.alone}
        return {number for number in self.entities(numbers) if self.role(number) in alone}

    def military(self) -> list[int]:
        """Every organ of armed forces that the graph describes; sorted."""
        roles = [role for role in self.known.roles if role.id in self.known.military]
        schemata = [schema for role in roles for schema in role.schemata]
        words = [word for role in roles for word in (*role.words, *role.folded)]
        topics = [topic for role in roles for topic in role.topics]
        tests = (
            *("schema = ?" for _ in schemata),
            *("instr(folded, ?)" for _ in words),
            *("instr(topics, ?)" for _ in topics),
        )
        found = described(self.graph, tests, (*schemata, *words, *topics))
        self.entities(found)
        return [
            number
            for number in found
            if self.role(number) in self.known.military or self._entities[number].schema in schemata
        ]

    def defence_tied(self, numbers: Iterable[int]) -> set[int]:
        """Universities among these that an organ of defence owns, controls or has a tie to."""
        entities = self.entities(numbers)
        schools = np.array(sorted(n for n, e in entities.items() if e.schema == "University"))
        if not len(schools):
            return set()
        at, school = self._above(schools.astype(np.int64))
        index = self.graph.index
        return {
            of
            for of, organ in zip(school.tolist(), index.source[at].tolist(), strict=True)
            if self.role(organ) in self.known.defence
        }

    def _above(self, numbers: Ints) -> tuple[Ints, Ints]:
        """Claims that count and put these entities under others; and about which each is."""
        index = self.graph.index
        at, about = index.into(numbers)
        keep = np.isin(index.kind[at], _ABOVE) & (index.flags[at] & DENIES == 0)
        keep &= self.when.valid(index, at)
        return at[keep], about[keep]

    def organs(self, numbers: Iterable[int], reporter: Reporter) -> dict[int, Organ]:
        """These entities as organs."""
        wanted = sorted({int(number) for number in numbers})
        if not wanted:
            return {}
        parties = reporter.parties(wanted)
        at, about = self._above(np.array(wanted, np.int64))
        above = self.graph.index.source[at].tolist()
        self.entities(above)
        organs = self.among(above)
        rows = list(zip(about.tolist(), above, at.tolist(), strict=True))
        claims = reporter.claims(position for _, organ, position in rows if organ in organs)
        titles = {role.id: role.title for role in self.known.roles}
        return {
            number: Organ(
                parties[number],
                self.role(number),
                titles.get(self.role(number), "organ by a claim alone"),
                tuple(
                    claims[position]
                    for of, organ, position in rows
                    if of == number and organ in organs and organ != number
                ),
            )
            for number in wanted
        }

    def below(self, starts: Iterable[int], max_hops: int) -> dict[int, int]:
        """Organs that stand under these organs, each with the position of the claim that says so.

        Of several the first by number counts; fewest steps first.
        """
        index = self.graph.index
        found: dict[int, int] = {}
        seen = set(starts)
        frontier = sorted(seen)
        for _ in range(max_hops):
            at = index.out_of(np.array(frontier, np.int64)) if frontier else np.empty(0, np.int64)
            at = at[np.isin(index.kind[at], _ABOVE) & (index.flags[at] & DENIES == 0)]
            at = np.sort(at[self.when.valid(index, at)])
            targets = index.target(at).tolist()
            organs = self.among(targets)
            new: dict[int, int] = {}
            for target, position in zip(targets, at.tolist(), strict=True):
                if target in organs and target not in seen:
                    new.setdefault(target, position)
            found.update(new)
            seen |= new.keys()
            frontier = sorted(new)
        return found
