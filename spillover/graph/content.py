"""Do two graphs hold the same: one digest of each dataset, and one of all of them.

A digest covers what a load says of itself and everything that it holds, in its order, but none of
the numbers that a file gives out. Two files whose datasets have equal digests say the same.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from spillover.graph.rows import Load
from spillover.graph.sqlite import unreadable
from spillover.graph.store import Store

_CHUNK: Final = 20_000
_DESCRIBED: Final = (
    "d.schema, d.name, d.folded, d.names, d.countries, d.identifiers, d.topics, d.properties"
)
_CLAIMED: Final = (
    "r.kind, r.low, r.high, r.stake_text, r.basis, r.start, r.end, r.observed, r.confidence,"
    " r.stance, r.reported_indirect, r.block, r.record, r.note, r.properties, s.publisher,"
    " s.title, s.url"
)
_DESCRIPTIONS: Final = (
    "FROM description d JOIN entity e ON e.num = d.entity"
    " WHERE d.num BETWEEN ? AND ? AND d.load = ? ORDER BY d.num"
)
_SOME: Final = (
    "FROM relation r JOIN entity a ON a.num = r.source JOIN entity b ON b.num = r.target"
    " JOIN source s ON s.num = r.evidence"
)
_CLAIMS: Final = f"{_SOME} WHERE r.num BETWEEN ? AND ? AND r.load = ? ORDER BY r.num"
_LINES: Final = msgspec.json.Encoder().encode_lines


@dataclass(frozen=True, slots=True)
class Content:
    """What a graph holds, as digests (SHA-256, hexadecimal)."""

    total: str
    """Digest of the names and digests of all datasets."""
    datasets: tuple[tuple[str, str], ...]
    """Name and digest of each dataset, in the order in which they first came."""


def content(store: Store) -> Content:
    """What this version of a graph file holds.

    Raises:
        StoreError: the file is damaged.
    """
    loads = {load.dataset.name: load.num for load in store.loads}
    found = [(name, digest(store, loads[name])) for name in came(store.history()) if name in loads]
    return Content(total(found), tuple(found))


def total(datasets: Iterable[tuple[str, str]]) -> str:
    """The digest of these names and digests of datasets, in the order in which they came."""
    return hashlib.sha256(_LINES(list(datasets))).hexdigest()


def came(history: Iterable[Load]) -> list[str]:
    """Names of datasets in the order in which they first came; replaced loads count."""
    return list(dict.fromkeys(load.dataset.name for load in sorted(history)))


def digest(store: Store, load: int) -> str:
    """The digest of what one load holds.

    Args:
        store: the graph file.
        load: number of the load.

    Raises:
        StoreError: the file is damaged.
    """
    found = hashlib.sha256()
    for part in told(store, load):
        found.update(_LINES([part]))
    # SQLite writes the rows as JSON: that takes half the time of handing them to Python.
    described = f"SELECT json_array(e.id, {_DESCRIBED}) {_DESCRIPTIONS}"
    claimed = f"SELECT json_array(a.id, b.id, {_CLAIMED}) {_CLAIMS}"
    for table, query in (("description", described), ("relation", claimed)):
        for rows in _chunks(store, (load, *span(store, table, load)), query):
            found.update("".join(f"{text}\n" for (text,) in rows).encode())
        found.update(b"\n")
    return found.hexdigest()


def told(store: Store, load: int) -> tuple[list[tuple[Any, ...]], ...]:
    """What a load says of itself: its row, its files, its audits, and what it set aside.

    The row is without its number and without the load that removed it.
    """
    return (
        store.rows(
            "SELECT dataset, title, publisher, url, licence, commercial_use, date, loader, started,"
            " finished, read, loaded, merged, ignored, quarantined, entities, relations FROM load"
            " WHERE num = ?",
            (load,),
        ),
        store.rows(
            "SELECT path, sha256, bytes FROM load_file WHERE load = ? ORDER BY rowid", (load,)
        ),
        store.rows(
            "SELECT what, key, count, example FROM audit WHERE load = ? ORDER BY rowid", (load,)
        ),
        store.rows(
            "SELECT file, position, reason, value FROM quarantine WHERE load = ? ORDER BY rowid",
            (load,),
        ),
    )


def descriptions(
    store: Store, load: int, part: tuple[int, int] | None = None
) -> Iterator[list[tuple[Any, ...]]]:
    """Descriptions of one load in their order, some thousands at a time.

    Each is its number, number and id of the entity, schema, name, folded names, names, countries,
    identifiers, topics and properties, as they stand in the file.

    Args:
        store: the graph file.
        load: number of the load.
        part: first and last number of those that are wanted; None for all.
    """
    return _chunks(
        store,
        (load, *(part or span(store, "description", load))),
        f"SELECT d.num, d.entity, e.id, {_DESCRIBED} {_DESCRIPTIONS}",
    )


def claims(store: Store, load: int) -> Iterator[list[tuple[Any, ...]]]:
    """Claims of one load in their order, some thousands at a time.

    Each is its number, number and id of the source end, number and id of the target end, and the
    columns of :data:`spillover.graph.neo4j.encoding.Claim`, as they stand in the file.
    """
    return _chunks(
        store,
        (load, *span(store, "relation", load)),
        f"SELECT r.num, r.source, a.id, r.target, b.id, {_CLAIMED} {_CLAIMS}",
    )


def pairs(store: Store, load: int) -> Iterator[tuple[str, int, int, int]]:
    """Kind, source, target and number of each claim of a load, in this order."""
    sql = (
        "SELECT kind, source, target, num FROM relation WHERE load = ?"
        " ORDER BY kind, source, target, num"
    )
    try:
        yield from store.connection.execute(sql, (load,))
    except sqlite3.Error as error:
        raise unreadable(store.path, error) from error


def claims_of(store: Store, numbers: Iterable[int]) -> list[tuple[Any, ...]]:
    """Some thousand claims by their numbers, in the order of :func:`pairs`, like `claims`."""
    return store.rows(
        f"SELECT r.num, r.source, a.id, r.target, b.id, {_CLAIMED} {_SOME}"
        f" WHERE r.num IN ({','.join(map(str, numbers))})"
        " ORDER BY r.kind, r.source, r.target, r.num"
    )


def span(store: Store, table: str, load: int) -> tuple[int, int]:
    """First and last number of what a load has in a table; (1, 0) when it has nothing there."""
    sql = f"SELECT coalesce(min(num), 1), coalesce(max(num), 0) FROM {table} WHERE load = ?"  # noqa: S608 - own table names
    ((first, last),) = store.rows(sql, (load,))
    return first, last


def _chunks(
    store: Store, part: tuple[int, int, int], query: str
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a query on a load and a range of numbers, by smaller ranges."""
    load, first, last = part
    for start in range(first, last + 1, _CHUNK):
        rows = store.rows(query, (start, min(start + _CHUNK - 1, last), load))
        if rows:
            yield rows
