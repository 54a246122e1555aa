"""Short ways to ask which entities of a tiny graph a name means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from spillover.graph.schema import Entity, Name, Relation
from spillover.queries.matching import Asked, match
from tests.graphs import opened


class Found(NamedTuple):
    """A match, by the id of its entity."""

    id: str
    certain: bool
    score: int
    reasons: tuple[str, ...]


def firm(
    text: str,
    *countries: str,
    id: str = "",  # noqa: A002 - the field of an entity
    schema: str = "Company",
    names: Iterable[tuple[str, str, str]] = (),
    identifiers: Iterable[tuple[str, str]] = (),
) -> Entity:
    """A firm whose id is its name unless told otherwise; further names are (text, lang, role)."""
    further = tuple(Name(*name) for name in names)
    return Entity(id or text, schema, text, further, countries, tuple(identifiers))


def asked(name: str, *countries: str, **identifiers: str) -> Asked:
    """A row; ``gb_coh`` stands for the scheme ``gb-coh``, ``unknown`` for none."""
    called = {"unknown": ""}
    schemes = ((called.get(s, s.replace("_", "-")), v) for s, v in identifiers.items())
    return Asked("1", name, (), countries, tuple(schemes))


def found_all(items: Iterable[Entity | Relation], rows: Sequence[Asked]) -> list[tuple[Found, ...]]:
    """What each row may mean, best first."""
    with opened(items) as graph:
        answer = match(graph, rows)
        entities = graph.store.entities(m.entity for matches in answer for m in matches)
        return [
            tuple(Found(entities[m.entity].id, m.certain, m.score, m.reasons) for m in matches)
            for matches in answer
        ]


def found(items: Iterable[Entity | Relation], row: Asked | str) -> tuple[Found, ...]:
    """What one row may mean, best first."""
    return found_all(items, [asked(row) if isinstance(row, str) else row])[0]


def one(items: Iterable[Entity | Relation], row: Asked | str) -> Found:
    """The only entity that a row may mean."""
    (match,) = found(items, row)
    return match
