"""Which rows do two loads of a dataset not have in common?

A load writes every row of its dataset anew, also those that did not change, mostly in the order of
the load before. So long blocks of both are mostly the same, which SQLite finds out without handing
over a row; where they are not, rows are read side by side, and one that stands elsewhere waits
until its like comes. Rows are compared by all that they say; the record of the dataset from which
a claim was read is no part of it, since one new line moves all others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from sys import intern
from typing import Any, Final, Literal, NamedTuple

from spillover.graph.store import Store

Table = Literal["description", "relation"]

COLUMNS: Final[dict[Table, tuple[str, ...]]] = {
    "description": (
        *("entity", "schema", "name", "names", "countries", "identifiers", "topics"),
        "properties",
    ),
    "relation": (
        *("kind", "source", "target", "low", "high", "stake_text", "basis", "start", "end"),
        *("observed", "confidence", "stance", "reported_indirect", "block", "evidence", "note"),
        "properties",
    ),
}
"""What a row says, in the order of its text."""
_ENDS: Final[dict[Table, tuple[str, ...]]] = {
    "description": ("entity",),
    "relation": ("source", "target"),
}
_LONG: Final = 32_768
"""Rows that are compared at once where much is the same."""
_SHORT: Final = 128
"""Rows that are read where something differs."""


class Row(NamedTuple):
    """One row: its number, and what it says as the text of a JSON list."""

    num: int
    text: str

    @property
    def columns(self) -> list[str | int | None]:
        """What it says, column by column."""
        said: list[str | int | None] = json.loads(self.text)
        return said


class Told(Mapping[str, Any]):
    """What a row says, by the names of its columns; small, because all rows can differ.

    Args:
        table: of the row.
        row: the row.
    """

    __slots__ = ("_at", "_values")

    def __init__(self, table: Table, row: Row) -> None:
        self._at = _PLACES[table]
        columns = (intern(value) if isinstance(value, str) else value for value in row.columns)
        self._values: list[Any] = [row.num, *columns, None]

    def __getitem__(self, name: str) -> Any:
        return self._values[self._at[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)

    def read_from(self, record: str | None) -> None:
        """Add the record of the dataset from which it was read."""
        self._values[-1] = record


_PLACES: Final = {
    table: {name: place for place, name in enumerate(("num", *columns, "record"))}
    for table, columns in COLUMNS.items()
}


class Rows:
    """The rows of one load in one table.

    Args:
        store: any version of the file.
        table: ``description`` or ``relation``.
        load: number of the load.
        of: numbers of entities that they must speak of; None for all.
    """

    def __init__(self, store: Store, table: Table, load: int, of: frozenset[int] | None) -> None:
        self._store, self._table = store, table
        # A load has all numbers between its first and its last.
        self.first, self.end = self._bound(load), self._bound(load + 1)
        self.filtered = of is not None
        ends = " OR ".join(f"{end} IN (SELECT value FROM json_each(:of))" for end in _ENDS[table])  # noqa: S608 - own names
        self._where = "num >= :first AND num < :end" + (f" AND ({ends})" if self.filtered else "")
        self._of = {} if of is None else {"of": json.dumps(sorted(of))}

    def _bound(self, load: int) -> int:
        """The first row that this load or a later one wrote."""
        ((last,),) = self._store.rows(f"SELECT coalesce(max(num), 0) FROM {self._table}")  # noqa: S608 - own table names
        low, high = 1, int(last) + 1
        while low < high:
            middle = (low + high) // 2
            sql = f"SELECT load FROM {self._table} WHERE num >= ? ORDER BY num LIMIT 1"  # noqa: S608 - as above
            ((found,),) = self._store.rows(sql, (middle,))
            low, high = (low, middle) if found >= load else (middle + 1, high)
        return low

    def __iter__(self) -> Iterator[Row]:
        for first in range(self.first, self.end, _LONG):
            yield from self.read(first, min(first + _LONG, self.end))

    def read(self, first: int, end: int) -> list[Row]:
        """The rows from one number up to another."""
        columns = ", ".join(COLUMNS[self._table])
        sql = (
            f"SELECT num, json_array({columns}) FROM {self._table} WHERE {self._where}"  # noqa: S608 - own names
            " ORDER BY num"
        )
        values = {"first": max(first, self.first), "end": min(end, self.end), **self._of}
        return list(map(Row._make, self._store.rows(sql, values)))

    def about(self, entities: Iterable[int]) -> list[Row]:
        """The rows that describe these entities."""
        columns = ", ".join(COLUMNS[self._table])
        sql = (
            f"SELECT num, json_array({columns}) FROM {self._table} WHERE num >= ? AND num < ?"  # noqa: S608 - own names
            " AND entity IN (SELECT value FROM json_each(?)) ORDER BY num"
        )
        values = (self.first, self.end, json.dumps(sorted(set(entities))))
        return list(map(Row._make, self._store.rows(sql, values)))

    def some(self, limit: int | None) -> list[Row]:
        """The first of them; all without a limit."""
        found: list[Row] = []
        for row in self:
            if limit is not None and len(found) >= limit:
                break
            found.append(row)
        return found

    def with_records(self, rows: Iterable[Told]) -> None:
        """Add to claims, by their ``num``, the record from which each was read."""
        known = {row["num"]: row for row in rows}
        sql = "SELECT num, record FROM relation WHERE num IN (SELECT value FROM json_each(?))"
        for number, record in self._store.rows(sql, (json.dumps(list(known)),)):
            known[number].read_from(record)

    def alike(self, first: int, other: int, length: int) -> bool:
        """Whether as many rows from one number on say the same as those from another on."""
        same = " AND ".join(f"a.{column} IS b.{column}" for column in COLUMNS[self._table])
        sql = (
            f"SELECT count(*) FROM {self._table} a JOIN {self._table} b"  # noqa: S608 - own names
            f" ON b.num = a.num + ? WHERE a.num >= ? AND a.num < ? AND {same}"
        )
        ((count,),) = self._store.rows(sql, (other - first, first, first + length))
        return bool(count == length)

    def count(self) -> int:
        """How many things they speak of: entities, or claims."""
        what = "DISTINCT entity" if self._table == "description" else "*"
        sql = f"SELECT count({what}) FROM {self._table} WHERE {self._where}"  # noqa: S608 - own names
        ((count,),) = self._store.rows(sql, {"first": self.first, "end": self.end, **self._of})
        return int(count)


def apart(before: Rows, after: Rows) -> tuple[list[Row], list[Row]]:
    """The rows that only one of them has, each as often as it has more of them; in order."""
    waiting = _Waiting()
    if before.filtered or after.filtered:
        waiting.take(before, after)
    else:
        _by_blocks(before, after, waiting)
    return waiting.left(0), waiting.left(1)


def _by_blocks(before: Rows, after: Rows, waiting: _Waiting) -> None:
    one, other, length = before.first, after.first, _LONG
    while one < before.end and other < after.end:
        size = min(length, before.end - one, after.end - other)
        if before.alike(one, other, size):
            one, other, length = one + size, other + size, min(size * 8, _LONG)
            continue
        if size > _SHORT:
            length = size // 8
            continue
        waiting.take(before.read(one, one + size), after.read(other, other + size))
        one, other, length = one + size, other + size, _SHORT
        # Behind a row that is new, the next ones are those that wait on the other side.
        other += waiting.next(1, after.read(other, other + _SHORT))
        one += waiting.next(0, before.read(one, one + _SHORT))
    waiting.take(before.read(one, before.end), after.read(other, after.end))


class _Waiting:
    """Rows of either side whose like has not come yet."""

    def __init__(self) -> None:
        self._numbers: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})

    def take(self, before: Iterable[Row], after: Iterable[Row]) -> None:
        """Rows of both sides."""
        for one, other in zip_longest(before, after):
            if one is not None and other is not None and one.text == other.text:
                continue
            if one is not None:
                self._take(0, one)
            if other is not None:
                self._take(1, other)

    def next(self, side: int, rows: list[Row]) -> int:
        """Take those of the next rows of one side, up to the first that nobody waits for."""
        for taken, row in enumerate(rows):
            if row.text not in self._numbers[1 - side]:
                return taken
            self._take(side, row)
        return len(rows)

    def _take(self, side: int, row: Row) -> None:
        there = self._numbers[1 - side].get(row.text)
        if there is None:
            self._numbers[side].setdefault(row.text, []).append(row.num)
            return
        there.pop()
        if not there:
            del self._numbers[1 - side][row.text]

    def left(self, side: int) -> list[Row]:
        """Those of one side that are left."""
        rows = self._numbers[side].items()
        return sorted(Row(number, text) for text, numbers in rows for number in numbers)
