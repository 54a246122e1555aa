"""How does one load of one dataset get into a graph file, whole or not at all.

:class:`Writer` holds one transaction. Until :meth:`Writer.commit` nothing that it wrote can be
seen, and a process that dies at any moment leaves the file as it was. One process writes at a
time; a second one is told who it is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import sqlite3
import sys
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from spillover.graph.claims import BASIS_CODES, KIND_CODES, Prepared, key_text
from spillover.graph.errors import StoreError
from spillover.graph.evidence import CONFIDENCES, Dataset
from spillover.graph.rows import Audit, Quarantined
from spillover.graph.schema import Entity
from spillover.graph.sqlite import connect, unreadable
from spillover.graph.stake import WHOLE
from spillover.graph.store import fold
from spillover.graph.tables import PACKED

_BATCH: Final = 20_000


class File(NamedTuple):
    """One input file of a load."""

    path: str
    sha256: str
    bytes: int


class Tally(NamedTuple):
    """What became of the records of a load: read = loaded + merged + ignored + quarantined."""

    read: int
    loaded: int
    merged: int
    ignored: int
    quarantined: int


class Writer:
    """One load into one graph file, as a context manager; leaving it without commit undoes it.

    Args:
        path: the graph file; it is made when it is not there.

    Raises:
        StoreError: the file cannot be written, or another process is writing it.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._holder = Path(f"{self.path}.writer")
        self.connection = self._begin()
        self._entities: dict[str, int] = {}
        self._described: dict[int, int] = {}  # number: hash of its last description
        self._sources: dict[tuple[str, str, str], int] = {}
        self._terms: dict[str, int] = dict(self.connection.execute("SELECT text, num FROM term"))
        self.num = self._next("load")
        self._next_entity = self._next("entity")
        self._next_description = self._next("description")
        self._next_relation = self._segment_first = self._next("relation")
        self._first_description, self._first_relation = self._next_description, self._next_relation
        self._grown = self._next_entity > 1
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _INSERTS}
        self._packed: list[bytes] = []

    def _begin(self) -> sqlite3.Connection:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be made ({error.strerror})") from error
        connection = connect(self.path, writable=True)
        try:
            connection.execute("PRAGMA busy_timeout = 500")
            connection.execute("PRAGMA cache_size = -65536")
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            connection.close()
            if "locked" in str(error):
                raise StoreError(f"{self.path}: in use; {self._who()}") from error
            raise unreadable(self.path, error) from error
        holder = {"pid": os.getpid(), "command": " ".join(sys.argv)[:200], "since": now()}
        with contextlib.suppress(OSError):
            self._holder.write_text(json.dumps(holder), encoding="utf-8")
        return connection

    def _who(self) -> str:
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            return (
                f"process {holder['pid']} ({holder['command']}) has been writing it since"
                f" {holder['since']}; wait for it or stop it"
            )
        except (OSError, ValueError, KeyError):
            return "another process is writing it; wait for it or stop it"

    def _next(self, table: str) -> int:
        ((last,),) = self.connection.execute(f"SELECT coalesce(max(num), 0) FROM {table}")  # noqa: S608 - own table names
        return int(last) + 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Undo what was not committed, release the file, let readers open it without leftovers."""
        with contextlib.suppress(sqlite3.Error):
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            with contextlib.suppress(OSError):
                self._holder.unlink(missing_ok=True)
        self.connection.close()

    # -- writing ----------------------------------------------------------------------------

    def number(self, entity_id: str) -> int:
        """Number of the entity with this id; a new one when nobody has named it yet."""
        number = self._entities.get(entity_id)
        if number is None and self._grown:
            row = self.connection.execute(
                "SELECT num FROM entity WHERE id = ?", (entity_id,)
            ).fetchone()
            number = self._entities[entity_id] = row[0] if row else None  # type: ignore[assignment] # None: made just below
        if number is None:
            number = self._entities[entity_id] = self._next_entity
            self._next_entity += 1
            self._add("entity", (number, entity_id))
        return number

    def knows(self, entity_id: str) -> bool:
        """Whether this file or this load already has an entity of this id."""
        if self._entities.get(entity_id) is not None:
            return True
        sql = "SELECT 1 FROM entity WHERE id = ?"
        return self.connection.execute(sql, (entity_id,)).fetchone() is not None

    @property
    def written(self) -> tuple[int, int]:
        """Number of descriptions and of claims that this load has written."""
        return (
            self._next_description - self._first_description,
            self._next_relation - self._first_relation,
        )

    def entity(self, entity: Entity) -> str:
        """Describe an entity: ``loaded``, ``merged`` (same again) or ``conflict`` (another description)."""
        names = dict.fromkeys((entity.name, *(name.text for name in entity.names)))
        row = (
            entity.schema,
            entity.name,
            "\n".join(fold(name) for name in names),
            _json(entity.names),
            _json(entity.countries),
            _json(entity.identifiers),
            _json(entity.topics),
            _json(entity.properties),
        )
        number, digest = self.number(entity.id), hash(row)
        known = self._described.get(number)
        if known == digest:
            return "merged"
        self._described[number] = digest
        self._add("description", (self._next_description, self.num, number, *row))
        self._next_description += 1
        for scheme, value in entity.identifiers:
            self._add("identifier", (fold(value), scheme, number, self.num))
        return "loaded" if known is None else "conflict"

    def relation(self, prepared: Prepared) -> None:
        """Add a claim; an end that nothing has described yet becomes a stub."""
        relation, first, last, observed, flags = prepared
        evidence, stake = relation.evidence, relation.stake
        source, target = self.number(relation.source), self.number(relation.target)
        low, high = stake if stake else (0, WHOLE)
        self._packed.append(
            PACKED.pack(
                source,
                target,
                low,
                high,
                first,
                last,
                observed,
                self._term(key_text(relation)),
                self._term(relation.block),
                KIND_CODES[relation.kind],
                BASIS_CODES[relation.basis],
                CONFIDENCES.index(evidence.confidence),
                flags,
            )
        )
        self._add(
            "relation",
            (
                self._next_relation,
                self.num,
                relation.kind,
                source,
                target,
                None if stake is None else low,
                None if stake is None else high,
                relation.stake_text or None,
                relation.basis or None,
                relation.start,
                relation.end,
                evidence.observed,
                evidence.confidence,
                evidence.stance,
                relation.reported_indirect,
                relation.block or None,
                self._source(evidence.publisher, evidence.title, evidence.url),
                evidence.record or None,
                evidence.note or None,
                _json(relation.properties),
            ),
        )
        self._next_relation += 1
        if len(self._packed) >= _BATCH:
            self._flush_segment()

    def _term(self, text: str) -> int:
        if not text:
            return 0
        number = self._terms.get(text)
        if number is None:
            number = self._terms[text] = len(self._terms) + 1
            self._add("term", (number, text))
        return number

    def _source(self, publisher: str, title: str, url: str) -> int:
        key = (publisher, title, url)
        number = self._sources.get(key)
        if number is None:
            self.connection.execute(
                "INSERT OR IGNORE INTO source (publisher, title, url) VALUES (?, ?, ?)", key
            )
            ((number,),) = self.connection.execute(
                "SELECT num FROM source WHERE publisher = ? AND title = ? AND url = ?", key
            )
            self._sources[key] = number
        return int(number)

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        rows = self._rows[table]
        rows.append(row)
        if len(rows) >= _BATCH:
            self._flush(table)

    def _flush(self, table: str) -> None:
        try:
            self.connection.executemany(_INSERTS[table], self._rows[table])
        except sqlite3.Error as error:
            raise unreadable(self.path, error) from error
        self._rows[table].clear()

    def _flush_segment(self) -> None:
        if self._packed:
            row = (self.num, self._segment_first, len(self._packed), b"".join(self._packed))
            self._add("segment", row)
        self._segment_first = self._next_relation
        self._packed.clear()

    # -- the end ----------------------------------------------------------------------------

    def stubs(self) -> list[str]:
        """Ids that relations of this load name and no dataset describes."""
        for table in _INSERTS:
            self._flush(table)
        missing = [i for i, number in self._entities.items() if number not in self._described]
        sql = (
            "SELECT 1 FROM description d JOIN load l ON l.num = d.load"
            " WHERE d.entity = ? AND l.removed_by IS NULL"
        )
        known = (self.connection.execute(sql, (self._entities[i],)).fetchone() for i in missing)
        return [entity_id for entity_id, row in zip(missing, known, strict=True) if not row]

    def commit(  # noqa: PLR0913 - the columns of one row, all by keyword
        self,
        dataset: Dataset,
        *,
        loader: str,
        started: str,
        tally: Tally,
        files: tuple[File, ...] = (),
        audits: tuple[Audit, ...] = (),
        quarantined: tuple[Quarantined, ...] = (),
    ) -> int:
        """Replace the dataset by what this load wrote, in one step; returns the load's number."""
        self._flush_segment()
        for table in _INSERTS:
            self._flush(table)
        execute = self.connection.execute
        try:
            execute(
                "UPDATE load SET removed_by = ? WHERE dataset = ? AND removed_by IS NULL",
                (self.num, dataset.name),
            )
            execute(
                "INSERT INTO name_search (rowid, folded)"
                " SELECT num, folded FROM description WHERE num >= ?",
                (self._first_description,),
            )
            row = (self.num, *dataset, loader, started, now(), *tally, *self.written)
            execute(f"INSERT INTO load VALUES ({','.join('?' * len(row))}, NULL)", row)  # noqa: S608 - marks only
            self._many("load_file", files)
            self._many("audit", audits)
            self._many("quarantine", quarantined)
            execute("COMMIT")
        except sqlite3.Error as error:
            raise unreadable(self.path, error) from error
        return self.num

    def _many(self, table: str, rows: tuple[tuple[Any, ...], ...]) -> None:
        if rows:
            marks = ",".join("?" * (len(rows[0]) + 1))
            sql = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - own table names
            self.connection.executemany(sql, [(self.num, *row) for row in rows])


def now() -> str:
    """The present second in UTC, as loads record it."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(value: object) -> str | None:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({','.join('?' * columns)})"


_INSERTS: Final = {
    "entity": _insert("entity", 2),
    "description": _insert("description", 11),
    "identifier": _insert("identifier", 4),
    "relation": _insert("relation", 20),
    "term": _insert("term", 2),
    "segment": "INSERT INTO segment (load, first_relation, count, packed) VALUES (?, ?, ?, ?)",
}
