"""Which match of a row is certain, and why the others are questions.

An answer is certain only where nothing speaks against it and no other entity carries the same
identifier or name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from spillover.graph.folding import bare
from spillover.graph.schema import Entity, Name, is_a
from spillover.queries.matching.asked import Asked, Match
from spillover.queries.matching.identifiers import Carried, contradictions
from spillover.queries.matching.score import LEAST, Agreement
from spillover.queries.matching.words import script

_STRANGERS: Final = 30
"""Names that agree less have nothing to do with each other."""
_DOUBTED, _ONE_VALUE, _CONTRADICTED = 95, 80, 70
"""Most that a match can have against which anything speaks, least by an identifier that does not
prove anything alone, most where another identifier contradicts."""
_CLOSE: Final = 90
"""Names that agree so much stay a question beside a certain match: a list may spell the same firm
with its legal form."""
_OTHER_COUNTRY: Final = 8
"""What another country takes off a match by name."""
_SHOWN: Final = 5
_ABBREVIATION: Final = 4
"""Further names of so many signs fit many firms."""


@dataclass(frozen=True, slots=True)
class Named:
    """An entity, the name by which it was found, and how far that agrees with an asked one."""

    entity: int
    line: str
    agreement: Agreement

    def __lt__(self, other: Named) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[bool, int, str, int]:
        return not self.agreement.same, -self.agreement.score, self.line, self.entity


def decided(
    row: Asked,
    by_name: Mapping[int, Named],
    by_number: Sequence[Carried],
    entities: Mapping[int, Entity],
    *,
    limit: int,
) -> tuple[Match, ...]:
    """The matches of one row, best first.

    Args:
        row: the row.
        by_name: entities whose names were compared, by number.
        by_number: entities that carry identifiers of the row.
        entities: all of them by number.
        limit: most of them; those of the very same name or identifier are not cut off.
    """
    case = _Case(row, by_name, by_number)
    judged = (case.judged(number, entities[number]) for number in sorted(case.numbers))
    found = [match for match in judged if match.score >= LEAST or match.entity in case.held]
    if any(match.certain for match in found):
        found = [match for match in found if match.certain or match.entity in case.rivals]
    ids = {number: (entities[number].name, entities[number].id) for number in case.numbers}
    found.sort(key=lambda match: (not match.certain, -match.score, ids[match.entity]))
    kept = case.same | case.held.keys()
    return (*found[:limit], *(match for match in found[limit:] if match.entity in kept))


class _Case:
    """One row, and whom it may mean."""

    def __init__(
        self, row: Asked, by_name: Mapping[int, Named], by_number: Sequence[Carried]
    ) -> None:
        self.row, self.named = row, by_name
        self.held: dict[int, list[Carried]] = {}
        for one in by_number:
            self.held.setdefault(one.entity, []).append(one)
        self.proven = {one.entity for one in by_number if one.proves}
        self.same = {number for number, named in by_name.items() if named.agreement.same}
        close = {number for number, named in by_name.items() if named.agreement.score >= _CLOSE}
        self.rivals = close | self.held.keys()
        """Those that stand as questions beside a certain match."""
        self.numbers = self.held.keys() | by_name.keys()

    def judged(self, number: int, entity: Entity) -> Match:
        """One of the entities as a match."""
        reasons = list(dict.fromkeys(one.words for one in self.held.get(number, ())))
        named = self.named.get(number)
        agree = named.agreement if named else None
        if named and named.agreement.score >= LEAST:
            reasons += [told for told in named.agreement.reasons if told not in reasons]
            reasons += _further(entity, named.line)
        against = contradictions(self.row, entity)
        country, differs = self._country(number, entity)
        doubts = [*against, *differs, *self._several(number)]
        if number in self.proven:
            doubts += self._strangers(entity, agree)
        elif named:
            doubts += _weak(entity, named.line, agreed=bool(country))
        score = self._score(number, agree)
        if doubts:
            score = min(score, _CONTRADICTED if against else _DOUBTED)
        score -= _OTHER_COUNTRY * bool(differs)
        certain = not doubts and (number in self.proven or number in self.same)
        return Match(number, score, certain, (*reasons, *country, *doubts))

    def _score(self, number: int, agree: Agreement | None) -> int:
        if number in self.proven:
            return 100
        score = agree.score if agree else 0
        return max(score, _ONE_VALUE) if number in self.held else score

    def _several(self, number: int) -> list[str]:
        """Whether the identifiers or the name of the row belong to others as well."""
        others = self.proven - {number}
        if number in self.proven:
            return [f"identifiers of the row name {len(self.proven)} entities"] if others else []
        if others:
            return ["an identifier of the row names another entity"]
        if number in self.same and len(self.same) > 1:
            return [f"{len(self.same)} entities carry this name"]
        return []

    def _country(self, number: int, entity: Entity) -> tuple[list[str], list[str]]:
        """What the countries say for the entity, and against it."""
        asked, known = {code.lower() for code in self.row.countries}, set(entity.countries)
        if not asked or not known:
            return [], []
        if asked & known:
            return [f"same country: {', '.join(sorted(asked & known))}"], []
        told = f"country differs: asked {', '.join(sorted(asked))}, graph {_some(sorted(known))}"
        held = [one for one in self.held.get(number, ()) if one.proves]
        if held and not any(one.national for one in held):
            return [told], []  # ships change flags, and lists print addresses
        return [], [told]

    def _strangers(self, entity: Entity, agree: Agreement | None) -> list[str]:
        """Whether the names have nothing to do with each other, where they can be compared."""
        if agree is None or agree.same or agree.score >= _STRANGERS:
            return []
        own = {letters for name in _names(entity) for letters in _scripts(name.text)}
        if not own & _scripts(self.row.name):
            return []
        return [f"names differ: {self.row.name} / {entity.name}"]


def _weak(entity: Entity, line: str, *, agreed: bool) -> list[str]:
    """Why a name says too little, unless the country agrees."""
    roles = {name.role for name in _names(entity) if bare(name.text) == line}
    if roles == {"weak"}:
        return ["such a name fits many"]
    if agreed:
        return []
    if is_a(entity.schema, "Person"):
        return ["the name of a person, and no country to confirm it"]
    if roles == {"previous"}:
        return ["a former name, and no country to confirm it"]
    if roles == {"alias"} and len(line) <= _ABBREVIATION:
        return ["an abbreviation, and no country to confirm it"]
    return []


def _further(entity: Entity, line: str) -> list[str]:
    """Which of its names agrees, when it is not the first one."""
    names = _names(entity)
    if bare(entity.name) == line:
        return []
    told = [name for name in names if bare(name.text) == line]
    return [f"{_ROLES.get(told[0].role, 'further name')}: {told[0].text}"] if told else []


_ROLES: Final = {"previous": "former name", "weak": "name that its source calls weak"}


def _names(entity: Entity) -> tuple[Name, ...]:
    return (Name(entity.name), *entity.names)


def _scripts(text: str) -> set[str]:
    return {letters for word in bare(text).split() if (letters := script(word))}


def _some(codes: Sequence[str]) -> str:
    """The first few of many countries."""
    more = [f"and {len(codes) - _SHOWN} more"] if len(codes) > _SHOWN else []
    return ", ".join([*codes[:_SHOWN], *more])
