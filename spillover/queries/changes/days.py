"""Which claims of a graph count on one day and not on another, or in one graph and not in another?

Nothing is loaded between two days: claims begin and end, and later observations take the place of
earlier ones. A scenario ends claims and makes others.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.schema import Relation
from spillover.graph.session import Graph
from spillover.graph.tables import INDIRECT
from spillover.queries.changes.differences import (
    ADDED,
    CHANGED,
    REMOVED,
    End,
    RelationChange,
    Stated,
    relation_fields,
    share_words,
)
from spillover.queries.conditions import Conditions

Ints = npt.NDArray[np.int64]
Counts = dict[tuple[str, str], int]
Sides = tuple[tuple[Graph, Conditions], tuple[Graph, Conditions]]
Told = tuple[Relation, str]
"""A claim, and its dataset."""

_ORDER: Final = (CHANGED, REMOVED, ADDED)


class Counted(NamedTuple):
    """Differences that are shown, and how many there are of all."""

    relations: tuple[RelationChange, ...]
    counts: Counts
    """By dataset and ``added``, ``removed``, ``changed``."""


class _Claim(NamedTuple):
    """A claim of one side, by its number in the store, and what it is a claim of."""

    number: int
    thing: tuple[int, ...]


_Pair = tuple[_Claim | None, _Claim | None]


def counting(
    before: tuple[Graph, Conditions],
    after: tuple[Graph, Conditions],
    *,
    of: Iterable[int] | None = None,
    limit: int | None = None,
) -> Counted:
    """Claims that count on one side alone.

    Args:
        before: a graph, and the day on which it is looked at.
        after: the same graph on another day, or one that supposes something of it.
        of: numbers of entities; only claims about them. None for all.
        limit: at most so many are shown.
    """
    sides = (before, after)
    about = None if of is None else np.array(sorted(of), np.int64)
    found = [_valid(*side, about) for side in sides]
    numbers = [side[0].index.relation[at] for side, at in zip(sides, found, strict=True)]
    highest = min(graph.store.relation_count() for graph, _ in sides)
    waiting: dict[tuple[int, ...], tuple[list[_Claim], list[_Claim]]]
    waiting = defaultdict(lambda: ([], []))
    for side, (graph, _) in enumerate(sides):
        # What two scenarios add has the same numbers, whatever it says.
        own = ~np.isin(numbers[side], numbers[1 - side]) | (numbers[side] > highest)
        for claim in _claims(graph, found[side][own]):
            waiting[claim.thing][side].append(claim)
    pairs = [pair for group in waiting.values() for pair in _paired(*group)]
    if numbers[0].max(initial=0) > highest and numbers[1].max(initial=0) > highest:
        pairs = _unlike(sides, pairs, highest)
    return _told(sides, pairs, limit)


def _unlike(sides: Sides, pairs: list[_Pair], highest: int) -> list[_Pair]:
    """The pairs without those of which two scenarios add the same.

    Entities that only the scenarios know have the same numbers, too, whoever they are.
    """
    known = _known(sides, [pair for pair in pairs if all(c and c.number > highest for c in pair)])
    found: list[_Pair] = []
    for old, new in pairs:
        one, other = (
            side.get(c.number) if c else None for side, c in zip(known, (old, new), strict=True)
        )
        if one is None or other is None:
            found.append((old, new))
        elif one[0][:3] != other[0][:3]:
            found += [(old, None), (None, new)]
        elif relation_fields(_row(one), _row(other)):
            found.append((old, new))
    return found


def _known(sides: Sides, pairs: list[_Pair]) -> list[dict[int, Told]]:
    """The claims of each side among these, by number."""
    columns = ((old for old, _ in pairs), (new for _, new in pairs))
    return [
        graph.store.relations(claim.number for claim in column if claim)
        for (graph, _), column in zip(sides, columns, strict=True)
    ]


def _valid(graph: Graph, when: Conditions, about: Ints | None) -> Ints:
    index = graph.index
    at = np.arange(index.claims)
    if about is not None:
        at = np.flatnonzero(np.isin(index.source, about) | np.isin(index.target(at), about))
    return at[when.valid(index, at)]


def _claims(graph: Graph, at: Ints) -> Iterable[_Claim]:
    index = graph.index
    columns = (index.kind, index.source, index.basis, index.key, index.flags & INDIRECT)
    things = zip(index.target(at).tolist(), *(c[at].tolist() for c in columns), strict=True)
    yield from map(_Claim, index.relation[at].tolist(), things)


def _paired(gone: list[_Claim], new: list[_Claim]) -> list[_Pair]:
    """Claims of one thing: one that takes another's place, or that comes or goes alone."""
    both = min(len(gone), len(new))
    return [
        *zip(gone[:both], new[:both], strict=True),
        *((claim, None) for claim in gone[both:]),
        *((None, claim) for claim in new[both:]),
    ]


def _told(sides: Sides, pairs: list[_Pair], limit: int | None) -> Counted:
    whats = [CHANGED if old and new else REMOVED if old else ADDED for old, new in pairs]
    last = np.array([[c.number for c in pair if c][-1] for pair in pairs], np.int64)
    datasets = _datasets(sides[1][0], last)
    counts = Counter(zip(datasets, whats, strict=True))
    order = sorted(range(len(pairs)), key=lambda n: (_ORDER.index(whats[n]), datasets[n], n))
    chosen = order[:limit]
    known = _known(sides, [pairs[n] for n in chosen])
    names = _names(sides, [relation for side in known for relation, _ in side.values()])
    rows = []
    for n in chosen:
        told = [side[c.number] if c else None for side, c in zip(known, pairs[n], strict=True)]
        rows.append(_change((whats[n], datasets[n]), names, *told))
    return Counted(tuple(rows), dict(sorted(counts.items())))


def _datasets(graph: Graph, numbers: Ints) -> list[str]:
    """The dataset of each claim; what a scenario adds stands in no segment of the file."""
    rows = graph.store.rows(
        "SELECT s.first_relation, s.count, l.dataset FROM segment s JOIN load l ON l.num = s.load"
        " ORDER BY s.first_relation"
    )
    first = np.array([row[0] for row in rows], np.int64)
    end = first + np.array([row[1] for row in rows], np.int64)
    at = np.searchsorted(first, numbers, side="right") - 1
    return [
        rows[place][2] if place >= 0 and number < end[place] else "scenario"
        for place, number in zip(at.tolist(), numbers.tolist(), strict=True)
    ]


def _names(sides: Sides, relations: list[Relation]) -> dict[str, End]:
    """The ends of these claims, as the second side names them if it knows them."""
    ids = {one for relation in relations for one in (relation.source, relation.target)}
    found = {}
    for graph, _ in sides:
        numbers = (graph.store.number(one) for one in sorted(ids))
        known = graph.store.entities(number for number in numbers if number is not None)
        found.update({entity.id: End(entity.id, entity.name) for entity in known.values()})
    return found


def _change(
    kind: tuple[str, str],
    names: dict[str, End],
    before: Told | None,
    after: Told | None,
) -> RelationChange:
    told = after or before
    assert told is not None
    relation = told[0]
    fields = relation_fields(_row(before), _row(after)) if before and after else ()
    return RelationChange(
        *kind,
        relation.kind,
        names[relation.source],
        names[relation.target],
        _stated(before) if before else None,
        _stated(after) if after else None,
        fields,
    )


def _row(told: Told) -> dict[str, Any]:
    """A claim by the names of the columns of the graph file."""
    relation, dataset = told
    evidence, stake = relation.evidence, relation.stake
    low, high = stake or (None, None)
    return {
        "low": low,
        "high": high,
        "stake_text": relation.stake_text,
        "start": relation.start,
        "end": relation.end,
        "observed": evidence.observed,
        "confidence": evidence.confidence,
        "stance": evidence.stance,
        "reported_indirect": relation.reported_indirect,
        "block": relation.block,
        "evidence": " ".join(filter(None, (evidence.publisher or dataset, evidence.title))),
        "note": evidence.note,
        "properties": json.dumps({key: list(v) for key, v in relation.properties.items()}),
    }


def _stated(told: Told) -> Stated:
    relation, dataset = told
    evidence, (low, high) = relation.evidence, relation.stake or (None, None)
    return Stated(
        share_words(low, high),
        relation.basis,
        relation.start or "",
        relation.end or "",
        evidence.observed or "",
        evidence.confidence,
        evidence.stance,
        evidence.publisher,
        evidence.url,
        dataset,
        evidence.record,
    )
