"""Which entities carry the identifiers of a row, and how much that proves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from spillover.graph.identifiers import STRONG, forms, normal, valid
from spillover.graph.schema import Entity
from spillover.graph.session import Graph
from spillover.queries.matching.asked import Asked

_CHUNK: Final = 5000
_ID: Final = "id"
"""Scheme of the ids of the graph itself."""
_NAME: Final = "name"
"""Stands for the scheme where a row's name is looked for among the ids: an entity that datasets
only relate, and none describes, has no other name."""


@dataclass(frozen=True, slots=True, order=True)
class Carried:
    """An identifier of a row that an entity carries."""

    entity: int
    scheme: str
    """That of the graph."""
    value: str
    proves: bool
    """Whether one authority gives it to one thing, its check digit is right, and the row says of
    which scheme it is (or the check digit does)."""

    @property
    def words(self) -> str:
        """As a reason names it."""
        if self.scheme == _NAME:
            return "same name"
        return f"same {spoken(self.scheme)}: {self.value}"

    @property
    def national(self) -> bool:
        """Whether it belongs to one country."""
        return self.scheme in STRONG and STRONG[self.scheme].national


class _Wanted(NamedTuple):
    """A text to look for, and what the row calls it."""

    scheme: str
    value: str


def spoken(scheme: str) -> str:
    """A scheme as a sentence names it."""
    return scheme.upper() if scheme in STRONG else scheme


def carried(graph: Graph, rows: Sequence[Asked]) -> list[list[Carried]]:
    """For each row the entities that carry one of its identifiers, in order."""
    wanted = [set(_wanted(row)) for row in rows]
    values = {one.value for row in wanted for one in row}
    holders = _holders(graph, sorted(values))
    every = {entity for found in holders.values() for _, entity in found}
    stands = graph.store.joined.canonical(every)
    return [
        sorted(
            {
                Carried(stands[entity], held, one.value, _proves(one.scheme, held, one.value))
                for one in row
                for held, entity in holders.get(one.value, ())
                if _means(one, held)
            }
        )
        for row in wanted
    ]


def _wanted(row: Asked) -> Iterator[_Wanted]:
    """Every text to look for of a row."""
    if _is_text(row.name):
        yield _Wanted(_NAME, row.name)
    for called, value in row.identifiers:
        scheme = called.strip().lower()
        if not _is_text(value):
            continue
        if scheme in ("", _ID):
            yield _Wanted(_ID, value.strip())
        written = {normal(scheme, value)} if scheme in STRONG else forms(value)
        yield from (_Wanted(scheme, text) for text in written if text)


def _is_text(value: str) -> bool:
    """Whether a text can be asked for: half of a pair of surrogates is none."""
    try:
        return bool(value.encode())
    except UnicodeEncodeError:
        return False


def _means(one: _Wanted, held: str) -> bool:
    """Whether an identifier of the graph can be the one that the row means."""
    if one.scheme in STRONG or one.scheme in (_ID, _NAME) or held in (_ID, _NAME):
        return one.scheme == held
    return held not in STRONG or normal(held, one.value) == one.value


def _proves(scheme: str, held: str, value: str) -> bool:
    """Whether this identifier alone says which entity is meant."""
    if held in (_ID, _NAME):
        return True
    if held not in STRONG or not valid(held, value):
        return False
    return scheme == held or bool(STRONG[held].check)


def _holders(graph: Graph, values: Sequence[str]) -> Mapping[str, list[tuple[str, int]]]:
    """(scheme, entity) of everybody who carries each value, or has it as id."""
    loads = ",".join(str(load.num) for load in graph.store.loads) or "0"
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for start in range(0, len(values), _CHUNK):
        chunk = values[start : start + _CHUNK]
        marks = ",".join("?" * len(chunk))
        for value, scheme, entity in graph.store.rows(
            "SELECT DISTINCT value, scheme, entity FROM identifier"  # noqa: S608 - marks and integers
            f" WHERE value IN ({marks}) AND load IN ({loads})",
            chunk,
        ):
            found[value].append((scheme, entity))
        for value, entity, described in graph.store.rows(
            "SELECT e.id, e.num, EXISTS (SELECT 1 FROM description d"  # noqa: S608 - as above
            f" WHERE d.entity = e.num AND d.load IN ({loads})) FROM entity e"
            f" WHERE e.id IN ({marks})",
            chunk,
        ):
            if described or _related(graph, entity):
                found[value] += [(_ID, entity)] if described else [(_ID, entity), (_NAME, entity)]
    return found


def _related(graph: Graph, entity: int) -> bool:
    """Whether a claim of this version names the entity."""
    starts = (graph.index.into_start, graph.index.out_start)
    return any(entity + 1 < len(start) and start[entity] < start[entity + 1] for start in starts)


def contradictions(row: Asked, entity: Entity) -> list[str]:
    """Identifiers of which one thing has only one, and which differ between row and entity."""
    found = []
    for called, value in row.identifiers:
        scheme = called.strip().lower()
        if scheme not in STRONG or not STRONG[scheme].single or not valid(scheme, value):
            continue
        held = [v for s, v in entity.identifiers if s == scheme and valid(s, v)]
        others = sorted({normal(scheme, v) for v in held})
        if others and normal(scheme, value) not in others:
            asked = normal(scheme, value)
            found.append(f"{spoken(scheme)} differs: {asked} / {', '.join(others)}")
    return found
