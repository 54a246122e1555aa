"""What are the entities, claims and sources called that differ between two versions?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from spillover.graph.store import Store
from spillover.queries.changes.differences import (
    End,
    EntityChange,
    Field,
    JoinChange,
    RelationChange,
    Said,
    Stated,
    entity_fields,
    relation_fields,
    share_words,
)


class Found(NamedTuple):
    """One difference of rows."""

    what: str
    dataset: str
    before: Said | None
    after: Said | None


class Namer:
    """Turns rows into differences with names."""

    def __init__(self, before: Store, after: Store) -> None:
        self._stores = (before, after)

    def _ends(self, numbers: Iterable[int]) -> dict[int, End]:
        """The entities, each by its own id, as the later version names them if it knows them."""
        wanted = json.dumps(sorted(set(numbers)))
        before, after = self._stores
        sql = "SELECT num, id FROM entity WHERE num IN (SELECT value FROM json_each(?))"
        found = {number: End(one, one) for number, one in after.rows(sql, (wanted,))}
        for store in (before, after):
            loads = json.dumps([load.num for load in store.loads])
            rows = store.rows(
                "SELECT entity, name FROM description"
                " WHERE entity IN (SELECT value FROM json_each(?))"
                " AND load IN (SELECT value FROM json_each(?)) ORDER BY num DESC",
                (wanted, loads),
            )
            for number, name in rows:
                found[number] = found[number]._replace(name=name)
        return found

    def entity(
        self, what: str, dataset: str, before: Said | None, after: Said | None
    ) -> EntityChange:
        """A difference of what is said of an entity."""
        row = after or before
        assert row is not None
        end = self._ends([row["entity"]])[row["entity"]]._replace(name=row["name"])
        fields = entity_fields(before, after) if before and after else ()
        return EntityChange(what, dataset, end, fields)

    def relations(self, rows: list[Found]) -> Iterator[RelationChange]:
        """Differences of claims, with the names of their ends and sources."""
        known = [row for one in rows for row in (one.before, one.after) if row is not None]
        ends = self._ends(number for row in known for number in (row["source"], row["target"]))
        sources = self._sources(row["evidence"] for row in known)
        for what, dataset, before, after in rows:
            row = after or before
            assert row is not None
            yield RelationChange(
                what,
                dataset,
                row["kind"],
                ends[row["source"]],
                ends[row["target"]],
                _stated(before, sources, dataset) if before else None,
                _stated(after, sources, dataset) if after else None,
                _named(relation_fields(before, after), sources) if before and after else (),
            )

    def join(self, number: int, before: int | None, after: int | None) -> JoinChange:
        """An entity for which another one stands than before."""
        ends = self._ends({number, before or number, after or number})
        sides = (ends[one] if one is not None else None for one in (before, after))
        return JoinChange(ends[number], *sides)

    def _sources(self, numbers: Iterable[int]) -> dict[int, tuple[str, str, str]]:
        sql = (
            "SELECT num, publisher, title, url FROM source"
            " WHERE num IN (SELECT value FROM json_each(?))"
        )
        rows = self._stores[1].rows(sql, (json.dumps(sorted(set(numbers))),))
        return {number: (publisher, title, url) for number, publisher, title, url in rows}


def _named(fields: Iterable[Field], sources: dict[int, tuple[str, str, str]]) -> tuple[Field, ...]:
    """The fields, with sources in words."""
    return tuple(
        Field(name, *(" ".join(filter(None, sources[int(n)])) for n in values))
        if name == "source"
        else Field(name, *values)
        for name, *values in fields
    )


def _stated(row: Said, sources: dict[int, tuple[str, str, str]], dataset: str) -> Stated:
    publisher, _, url = sources[row["evidence"]]
    return Stated(
        share_words(row["low"], row["high"]),
        row["basis"] or "",
        row["start"] or "",
        row["end"] or "",
        row["observed"] or "",
        row["confidence"],
        row["stance"],
        publisher,
        url,
        dataset,
        row.get("record") or "",
    )
