"""What do two versions of a graph not have in common: datasets, entities, relations and joins.

Only datasets of which different loads stand are compared, by what their rows say: a load writes
all rows anew, whether they changed or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from spillover.graph.store import Store
from spillover.queries.changes.contents import Row, Rows, Table, Told, apart
from spillover.queries.changes.differences import (
    ADDED,
    CHANGED,
    REMOVED,
    RESTATED,
    WHAT,
    WORDING,
    DatasetChange,
    EntityChange,
    JoinChange,
    Pair,
    RelationChange,
    Said,
    entity_fields,
    key_of,
    paired,
    relation_fields,
    united,
)
from spillover.queries.changes.naming import Found, Namer

_ORDER: Final = (CHANGED, REMOVED, ADDED)
_ENTITY: Final[Table] = "description"
_RELATION: Final[Table] = "relation"


@dataclass(frozen=True, slots=True)
class Contents:
    """The difference of what two versions say. Counts are of all, shown or not."""

    datasets: tuple[DatasetChange, ...]
    entities: tuple[EntityChange, ...]
    relations: tuple[RelationChange, ...]
    joins: tuple[JoinChange, ...]
    entity_counts: Mapping[tuple[str, str], int]
    """By dataset and ``added``, ``removed``, ``changed``, ``restated``."""
    relation_counts: Mapping[tuple[str, str], int]
    join_count: int

    @property
    def none(self) -> bool:
        """Whether both say the same, in whatever words."""
        counted = (*self.entity_counts.items(), *self.relation_counts.items())
        return not self.join_count and not any(n for (_, what), n in counted if what != RESTATED)


def contents(
    before: Store, after: Store, *, of: Iterable[int] | None = None, limit: int | None = None
) -> Contents:
    """What two versions of one graph file do not have in common.

    Args:
        before: one version.
        after: another one of the same file.
        of: numbers of entities; only what speaks of them. None for everything.
        limit: at most so many of each table are shown.
    """
    about = None if of is None else _members((before, after), of)
    datasets = _datasets(before, after)
    found: dict[Table, list[Found]] = {_ENTITY: [], _RELATION: []}
    counts: dict[Table, Counter[tuple[str, str]]] = {_ENTITY: Counter(), _RELATION: Counter()}
    for dataset in datasets:
        for table in found:
            sides = _sides((before, after), dataset, table, about)
            for what, number, pairs in _compared(table, *sides, limit):
                if number:
                    counts[table][dataset.name, what] += number
                found[table] += [Found(what, dataset.name, *pair) for pair in pairs]
    shown = {
        table: sorted(rows, key=lambda row: (_ORDER.index(row[0]), row[1]))[:limit]
        for table, rows in found.items()
    }
    namer = Namer(before, after)
    joins = _joins(before, after, about)
    return Contents(
        datasets,
        tuple(namer.entity(*row) for row in shown[_ENTITY]),
        tuple(namer.relations(shown[_RELATION])),
        tuple(namer.join(*join) for join in joins[:limit]),
        dict(sorted(counts[_ENTITY].items())),
        dict(sorted(counts[_RELATION].items())),
        len(joins),
    )


def _members(stores: tuple[Store, Store], of: Iterable[int]) -> frozenset[int]:
    """These entities and all that are one with them in either version."""
    wanted = set(of)
    return frozenset(
        n for s in stores for group in s.joined.members(wanted).values() for n in group
    )


def _datasets(before: Store, after: Store) -> tuple[DatasetChange, ...]:
    one = {load.dataset.name: load for load in before.loads}
    other = {load.dataset.name: load for load in after.loads}
    changes = (
        DatasetChange(name, one.get(name), other.get(name)) for name in sorted({*one, *other})
    )
    return tuple(c for c in changes if (c.before and c.before.num) != (c.after and c.after.num))


def _sides(
    stores: tuple[Store, Store],
    dataset: DatasetChange,
    table: Table,
    about: frozenset[int] | None,
) -> tuple[Rows | None, Rows | None]:
    loads = (dataset.before, dataset.after)
    before, after = (
        Rows(store, table, load.num, about) if load else None
        for store, load in zip(stores, loads, strict=True)
    )
    return before, after


def _compared(
    table: Table, before: Rows | None, after: Rows | None, limit: int | None
) -> Iterator[tuple[str, int, list[Pair]]]:
    """What, how many, and the first of them, of one dataset."""
    if before is None or after is None:
        if before is not None:
            yield REMOVED, before.count(), [(row, None) for row in _some(table, before, limit)]
        if after is not None:
            yield ADDED, after.count(), [(None, row) for row in _some(table, after, limit)]
        return
    several = (_descriptions if table == _ENTITY else _claims)(before, after)
    of_what: dict[str, list[Pair]] = {what: [] for what in WHAT}
    for pair in several:
        of_what[_what(table, *pair)].append(pair)
    for what, pairs in of_what.items():
        yield what, len(pairs), [] if what == RESTATED else pairs[:limit]


def _some(table: Table, rows: Rows, limit: int | None) -> Sequence[Said]:
    some = [Told(table, row) for row in rows.some(limit)]
    return united(some) if table == _ENTITY else some


def _descriptions(before: Rows, after: Rows) -> list[Pair]:
    """The entities of which not all descriptions are the same."""
    left, right = apart(before, after)
    entities = {row.columns[0] for row in (*left, *right)}
    one, other = (
        united([Told(_ENTITY, row) for row in rows.about(int(e or 0) for e in entities)])
        for rows in (before, after)
    )
    return paired(one, other, lambda row: row["entity"])


def _all_told(*sides: list[Row]) -> Iterator[list[Told]]:
    """What the rows say; their texts are let go of one by one, as there can be a million."""
    for side in sides:
        told = []
        while side:
            told.append(Told(_RELATION, side.pop()))
        yield told[::-1]


def _claims(before: Rows, after: Rows) -> list[Pair]:
    """The claims that are not the same; of one thing those of one record first."""
    left, right = _all_told(*apart(before, after))
    before.with_records(left)
    after.with_records(right)
    return paired(left, right, lambda row: (key_of(row), row["record"]), key_of)


def _what(table: Table, before: Said | None, after: Said | None) -> str:
    if before is None or after is None:
        return ADDED if before is None else REMOVED
    if table == _ENTITY:
        return CHANGED if entity_fields(before, after) else RESTATED
    fields = relation_fields(before, after)
    return CHANGED if any(field.name not in WORDING for field in fields) else RESTATED


def _joins(
    before: Store, after: Store, about: frozenset[int] | None
) -> list[tuple[int, int | None, int | None]]:
    """Entities for which another one stands than before, with both."""
    one, other = dict(before.joined.every()), dict(after.joined.every())
    return [
        (number, one.get(number), other.get(number))
        for number in sorted({*one, *other})
        if one.get(number) != other.get(number) and (about is None or number in about)
    ]
