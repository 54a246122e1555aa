"""How does what a server holds, or a part of it, become a graph file again?

The file has the numbers of the server, so that every question gets the same answer from both. It
appears whole or not at all.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from spillover.graph.batches import BATCH, Batches
from spillover.graph.claims import packed, prepare
from spillover.graph.errors import StoreError
from spillover.graph.identifiers import normal
from spillover.graph.interned import Interned
from spillover.graph.neo4j.encoding import Claim, Description
from spillover.graph.rows import as_relation
from spillover.graph.sqlite import connect, make_tables, unreadable
from spillover.graph.tables import OLDEST
from spillover.graph.turnover import Turnover

_PACKING: Final = (
    "CREATE TEMP TABLE packing (num INTEGER PRIMARY KEY, load INTEGER, record BLOB) STRICT"
)
_RECORDS: Final = "SELECT num, load, record FROM packing ORDER BY num"
_NAMED: Final = (
    "SELECT entity, load, identifiers FROM description WHERE identifiers IS NOT NULL ORDER BY num"
)
_PAIRS: Final = msgspec.json.Decoder(list[tuple[str, str]]).decode


class Loaded(NamedTuple):
    """One load of the history: its row in the table ``load``, and what belongs to it."""

    row: tuple[Any, ...]
    files: Sequence[tuple[Any, ...]] = ()
    audits: Sequence[tuple[Any, ...]] = ()
    set_aside: Sequence[tuple[Any, ...]] = ()


class Told(NamedTuple):
    """An entity with what the standing loads say of it; a stub when they say nothing."""

    num: int
    id: str
    said: Sequence[tuple[int, Description]] = ()
    """Number of the load, and what it says."""


class Claimed(NamedTuple):
    """A claim between two entities, by their numbers."""

    num: int
    load: int
    source: int
    target: int
    claim: Claim


@dataclass(frozen=True, slots=True)
class Holding:
    """What a server holds, or a part of it: each read once, in this order."""

    meta: Mapping[str, str]
    """Rows of the table ``meta``; ``identity`` is one of them."""
    loads: Iterable[Loaded]
    """All loads of the history by number."""
    entities: Iterable[Told]
    claims: Iterable[Claimed]
    same: Iterable[tuple[int, int]] = field(default=())
    """(entity, the one that stands for it) wherever the two differ."""
    conflicts: Iterable[tuple[str, str, str]] = field(default=())
    """Identifier, why, and ids of entities, parted by comma and space."""


def build(
    path: Path,
    holding: Holding,
    *,
    check: Callable[[Path], None] | None = None,
) -> None:
    """Write a graph file with this content in place of what is there.

    Args:
        path: the file; a journal of an earlier one must not be left beside it.
        holding: what it is to hold.
        check: sees the whole file before it gets its name; what it raises keeps it from that.

    Raises:
        StoreError: the file cannot be written, or ``holding`` does not fit together.
    """
    scratch = path.with_name(f".{path.name}.{uuid.uuid4().hex}.building")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.unlink(missing_ok=True)
        connection = connect(scratch, writable=True)
        try:
            _fill(connection, scratch, holding)
        except sqlite3.Error as error:
            raise unreadable(path, error) from error
        finally:
            connection.close()
        if check:
            check(scratch)
        with scratch.open("rb") as stream:
            os.fsync(stream.fileno())
        scratch.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from error
    finally:
        scratch.unlink(missing_ok=True)


def _fill(connection: sqlite3.Connection, path: Path, holding: Holding) -> None:
    execute = connection.execute
    for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -65536"):
        execute(f"PRAGMA {setting}")  # nobody sees the file before it is whole
    execute(_PACKING)
    execute("BEGIN")
    make_tables(connection, path)
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", holding.meta.items())
    _loads(connection, holding.loads)
    batches = Batches(connection)
    for entity in holding.entities:
        _entity(batches, entity)
    _claims(connection, batches, holding.claims)
    batches.flush()
    _identifiers(connection, batches)
    for row in _segments(connection):
        batches.add("segment", row)
    batches.flush()
    ((version,),) = execute("SELECT coalesce(max(num), 0) FROM load")
    Turnover(connection, version).searchable(0)
    _joined(connection, holding, version)
    execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (OLDEST, str(version)))
    execute("COMMIT")


def _loads(connection: sqlite3.Connection, loads: Iterable[Loaded]) -> None:
    """Enter the history."""
    for load in loads:
        num, *row = load.row
        one = Turnover(connection, num)
        one.record(*row)
        one.remember("load_file", load.files)
        one.remember("audit", load.audits)
        one.remember("quarantine", load.set_aside)


def _entity(batches: Batches, entity: Told) -> None:
    batches.add("entity", (entity.num, entity.id))
    for load, (num, *columns) in entity.said:
        row = (num, load, entity.num, *(column or "" for column in columns))
        batches.add("description", row)


def _claims(connection: sqlite3.Connection, batches: Batches, claims: Iterable[Claimed]) -> None:
    """Enter the claims, and keep their packed records in the order of their numbers."""
    interned = Interned(connection, batches)
    waiting: list[tuple[int, int, bytes]] = []
    for num, load, source, target, claim in claims:
        (kind, low, high, text, basis, start, end, observed, confidence, stance, *rest) = claim
        indirect, block, record, note, properties, *origin = rest
        # What is checked and packed of the ends is that there are some: numbers do for ids.
        ends = (num, kind, str(source), str(target))
        dates = (low, high, basis, start, end, observed, confidence, stance)
        more = (indirect, block, text, properties, record, note, *origin, None)
        record_of = packed(
            prepare(as_relation((*ends, *dates, *more))), source, target, interned.term
        )
        waiting.append((num, load, record_of))
        batches.add(
            "relation",
            (
                *(num, load, kind, source, target),
                *("" if share is None else share for share in (low, high)),
                *(text or "", basis or "", start or "", end or "", observed or ""),
                *(confidence, stance, indirect, block or "", interned.source(*origin)),
                *(record or "", note or "", properties or ""),
            ),
        )
        if len(waiting) >= BATCH:
            _pack(connection, waiting)
    _pack(connection, waiting)


def _pack(connection: sqlite3.Connection, waiting: list[tuple[int, int, bytes]]) -> None:
    connection.executemany("INSERT INTO packing VALUES (?, ?, ?)", waiting)
    waiting.clear()


def _segments(connection: sqlite3.Connection) -> Iterator[tuple[int, int, int, bytes]]:
    """Load, first number, count and packed records of each run of claims of one load."""
    first = last = of = 0
    run: list[bytes] = []
    for num, load, record in connection.execute(_RECORDS):
        if run and (num != last + 1 or load != of or len(run) >= BATCH):
            yield of, first, len(run), b"".join(run)
            run.clear()
        if not run:
            first, of = num, load
        run.append(record)
        last = num
    if run:
        yield of, first, len(run), b"".join(run)


def _identifiers(connection: sqlite3.Connection, batches: Batches) -> None:
    """Let entities be found by what their descriptions name, in the order of these."""
    for entity, load, column in connection.execute(_NAMED):
        for scheme, value in _PAIRS(column):
            batches.add("identifier", (normal(scheme, value), scheme, entity, load))


def _joined(connection: sqlite3.Connection, holding: Holding, version: int) -> None:
    """Take over what identifiers join, as of the newest version."""
    same = sorted((*pair, version) for pair in holding.same)
    connection.executemany("INSERT INTO same VALUES (?, ?, ?, NULL)", same)
    conflicts = sorted((*row, version) for row in holding.conflicts)
    connection.executemany("INSERT INTO conflict VALUES (?, ?, ?, ?, NULL)", conflicts)
