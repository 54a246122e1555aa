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
from array import array
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import msgspec

from spillover.graph.canonical import update
from spillover.graph.claims import BASIS_CODES, KIND_CODES, Prepared, key_text
from spillover.graph.errors import InputError, NotFoundError, StoreError
from spillover.graph.evidence import CONFIDENCES, Dataset
from spillover.graph.folding import bare
from spillover.graph.identifiers import normal
from spillover.graph.rows import Audit, Quarantined
from spillover.graph.schema import Entity
from spillover.graph.sqlite import busy, connect, make_tables, unreadable
from spillover.graph.stake import WHOLE
from spillover.graph.tables import PACKED

_ENCODE: Final = msgspec.json.Encoder().encode
_BATCH: Final = 20_000
_CHUNK: Final = 5000
_IDENTIFIERS: Final = 5
"""Where the identifiers stand in the columns of a description."""


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
        self._entities: dict[str, int] = {}
        self._variants: set[tuple[int, int]] = set()  # (number, hash) of further descriptions
        self._sources: dict[tuple[str, str, str], int] = {}
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _INSERTS}
        self._packed: list[bytes] = []
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be made ({error.strerror})") from error
        self.connection = connect(self.path, writable=True)
        try:
            self._begin()
        except BaseException as error:
            self.__exit__(type(error), error)
            raise

    def _begin(self) -> None:
        """Take the one right to write, leave word of it, and continue the numbers of the file."""
        execute = self.connection.execute
        execute("PRAGMA busy_timeout = 500")
        execute("PRAGMA cache_size = -65536")
        try:
            execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            if busy(error):
                raise StoreError(f"{self.path}: in use; {self._who()}") from error
            raise
        holder = {"pid": os.getpid(), "command": " ".join(sys.argv)[:200], "since": now()}
        with contextlib.suppress(OSError):
            self._holder.write_text(json.dumps(holder), encoding="utf-8")
        make_tables(self.connection, self.path)
        self._terms: dict[str, int] = dict(execute("SELECT text, num FROM term"))
        self.num = self._next("load")
        self._next_entity = self._first_entity = self._next("entity")
        self._described = _Digests(self._first_entity)
        self._next_description = self._first_description = self._next("description")
        self._next_relation = self._first_relation = self._next("relation")
        self._segment_first = self._next_relation

    def _who(self) -> str:
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            return (
                f"process {holder['pid']} ({holder['command']}) has been writing it since"
                f" {holder['since']}; wait for it or stop it"
            )
        except (OSError, ValueError, KeyError, TypeError):
            return "another process is writing it; wait for it or stop it"

    def _next(self, table: str) -> int:
        ((last,),) = self.connection.execute(f"SELECT coalesce(max(num), 0) FROM {table}")  # noqa: S608 - own table names
        return int(last) + 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, error: BaseException | None, *__: object
    ) -> None:
        self.close()
        if isinstance(error, sqlite3.Error):
            raise unreadable(self.path, error) from error
        if isinstance(error, UnicodeEncodeError):
            raise InputError(
                f"{error.object[:40]!r} holds half a character (a lone surrogate), which no file"
                " can store; mend it at the source"
            ) from error

    def close(self) -> None:
        """Undo what was not committed and release the file."""
        with contextlib.suppress(sqlite3.Error):
            if self.connection.in_transaction:
                self._release()
                self.connection.execute("ROLLBACK")
        self.connection.close()

    def _release(self) -> None:
        """Take the holder file away; done only inside the transaction, while it is surely ours."""
        with contextlib.suppress(OSError):
            self._holder.unlink(missing_ok=True)

    # -- writing ----------------------------------------------------------------------------

    def number(self, entity_id: str) -> int:
        """Number of the entity with this id; a new one when nobody has named it yet."""
        number = self._entities.get(entity_id)
        if number is None:
            number = self._stored(entity_id) if self._first_entity > 1 else None
            if number is None:
                number = self._next_entity
                self._next_entity += 1
                self._add("entity", (number, entity_id))
            self._entities[entity_id] = number
        return number

    def _stored(self, entity_id: str) -> int | None:
        sql = "SELECT num FROM entity WHERE id = ?"
        row = self.connection.execute(sql, (entity_id,)).fetchone()
        return int(row[0]) if row else None

    def knows(self, entity_id: str, dataset: str) -> bool:
        """Whether this load, or the graph without ``dataset``, has an entity of this id.

        Earlier versions of the dataset do not count: a load means the same whether or not it
        replaces one.
        """
        number = self._entities.get(entity_id)
        if number is not None and self._described.of(number) is not None:
            return True
        rows = self.connection.execute(
            "SELECT d.num IS NULL OR l.removed_by IS NULL AND l.dataset <> ? FROM entity e"
            " LEFT JOIN description d ON d.entity = e.num LEFT JOIN load l ON l.num = d.load"
            " WHERE e.id = ?",
            (dataset, entity_id),
        )
        return any(known for (known,) in rows)

    def _described_elsewhere(self, numbers: list[int], dataset: str) -> set[int]:
        """Which of these entities other datasets describe."""
        found: set[int] = set()
        for start in range(0, len(numbers), _CHUNK):
            marks = ",".join(map(str, numbers[start : start + _CHUNK]))
            rows = self.connection.execute(
                "SELECT d.entity FROM description d JOIN load l ON l.num = d.load"  # noqa: S608 - integers
                f" WHERE d.entity IN ({marks}) AND l.removed_by IS NULL AND l.dataset <> ?",
                (dataset,),
            )
            found.update(number for (number,) in rows)
        return found

    def records(self, dataset: str) -> int:
        """How many records the last load of a dataset read; 0 when it has none."""
        rows = self.connection.execute(
            "SELECT read FROM load WHERE dataset = ? AND removed_by IS NULL", (dataset,)
        ).fetchall()
        return sum(int(read) for (read,) in rows)

    @property
    def written(self) -> tuple[int, int]:
        """Number of descriptions and of claims that this load has written."""
        return (
            self._next_description - self._first_description,
            self._next_relation - self._first_relation,
        )

    def entity(self, entity: Entity) -> str:
        """Describe an entity.

        Returns:
            ``loaded``, ``merged`` (the same again) or ``conflict`` (another description of it).
        """
        folded = bare(entity.name)
        if entity.names:
            others = {bare(name.text): None for name in entity.names}
            folded = "\n".join({folded: None} | others)
        row = (
            entity.schema,
            entity.name,
            folded,
            _json(entity.names),
            _json(entity.countries),
            _json(entity.identifiers),
            _json(entity.topics),
            _json(entity.properties),
        )
        return self._describe(entity.id, row, entity.identifiers)

    def describe(self, entity_id: str, row: tuple[Any, ...]) -> str:
        """Describe an entity by the columns of its description; the same answers."""
        identifiers = json.loads(row[_IDENTIFIERS]) if row[_IDENTIFIERS] else ()
        return self._describe(entity_id, tuple(column or "" for column in row), identifiers)

    def _describe(
        self, entity_id: str, row: tuple[str, ...], identifiers: tuple[tuple[str, str], ...]
    ) -> str:
        number, digest = self.number(entity_id), hash(row)
        first = self._described.of(number)
        if first is None:
            self._described.add(number, digest)
        elif first == digest or (number, digest) in self._variants:
            return "merged"
        else:
            self._variants.add((number, digest))
        self._add("description", (self._next_description, self.num, number, *row))
        self._next_description += 1
        for scheme, value in identifiers:
            self._add("identifier", (normal(scheme, value), scheme, number, self.num))
        return "loaded" if first is None else "conflict"

    def relation(self, prepared: Prepared) -> None:
        """Add a claim; an end that nothing has described yet becomes a stub."""
        relation, first, last, observed, flags = prepared
        evidence, stake = relation.evidence, relation.stake
        source, target = self.number(relation.source), self.number(relation.target)
        low, high = stake or (0, WHOLE)
        packed = PACKED.pack(
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
        row = (
            relation.kind,
            source,
            target,
            "" if stake is None else low,
            "" if stake is None else high,
            relation.stake_text,
            relation.basis,
            relation.start or "",
            relation.end or "",
            evidence.observed or "",
            evidence.confidence,
            evidence.stance,
            int(relation.reported_indirect),
            relation.block,
            self._source(evidence.publisher, evidence.title, evidence.url),
            evidence.record,
            evidence.note,
            _json(relation.properties),
        )
        self.claim(row, packed)

    def claim(self, row: tuple[Any, ...], packed: bytes) -> None:
        """Add a claim by the columns of its row, from its kind on, and its packed record."""
        self._packed.append(packed)
        self._add("relation", (self._next_relation, self.num, *row))
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
        self.connection.executemany(_INSERTS[table], self._rows[table])
        self._rows[table].clear()

    def _flush_segment(self) -> None:
        if self._packed:
            row = (self.num, self._segment_first, len(self._packed), b"".join(self._packed))
            self._add("segment", row)
        self._segment_first = self._next_relation
        self._packed.clear()

    # -- the end ----------------------------------------------------------------------------

    def stubs(self, dataset: str) -> list[str]:
        """Ids that this load of ``dataset`` names and neither it nor another dataset describes."""
        for table in _INSERTS:
            self._flush(table)
        named = {
            entity_id: number
            for entity_id, number in self._entities.items()
            if self._described.of(number) is None
        }
        older = [number for number in named.values() if number < self._first_entity]
        elsewhere = self._described_elsewhere(older, dataset)
        return [entity_id for entity_id, number in named.items() if number not in elsewhere]

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
        audits += self._settle(dataset.name, self.num)
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
        self._release()
        execute("COMMIT")
        return self.num

    def _settle(self, dataset: str, *added: int) -> tuple[Audit, ...]:
        """Take the dataset's last load away and join anew; what the identifiers contradict."""
        execute = self.connection.execute
        execute(
            "UPDATE load SET removed_by = ? WHERE dataset = ? AND removed_by IS NULL",
            (self.num, dataset),
        )
        standing = [num for (num,) in execute("SELECT num FROM load WHERE removed_by IS NULL")]
        return tuple(
            Audit("identifiers contradict", found.identifier, len(found.entities), str(found))
            for found in update(self.connection, self.num, (*standing, *added))
        )

    def unload(self, dataset: str) -> int:
        """Take a dataset away, in one step; earlier versions keep it.

        Returns:
            The number of the new version.

        Raises:
            NotFoundError: the graph has no such dataset.
        """
        execute = self.connection.execute
        rows = execute(
            "SELECT title, publisher, url, licence, commercial_use, date FROM load"
            " WHERE dataset = ? AND removed_by IS NULL",
            (dataset,),
        ).fetchall()
        if not rows:
            known = "SELECT DISTINCT dataset FROM load WHERE removed_by IS NULL ORDER BY dataset"
            names = ", ".join(name for (name,) in execute(known)) or "none"
            raise NotFoundError(f"no dataset is named {dataset!r}; the graph has: {names}")
        audits = self._settle(dataset)
        row = (self.num, dataset, *rows[0], "unload", now(), now(), *(0,) * 7, self.num)
        execute(f"INSERT INTO load VALUES ({','.join('?' * len(row))})", row)  # noqa: S608 - marks only
        self._many("audit", audits)
        self._release()
        execute("COMMIT")
        return self.num

    def _many(self, table: str, rows: tuple[tuple[Any, ...], ...]) -> None:
        if rows:
            marks = ",".join("?" * (len(rows[0]) + 1))
            sql = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - own table names
            self.connection.executemany(sql, [(self.num, *row) for row in rows])


class _Digests:
    """Hash of the first description of each entity, in eight bytes where the entity is new.

    Args:
        first: number of the first new entity.
    """

    def __init__(self, first: int) -> None:
        self._first = first
        self._new = array("q")  # -1, which is no hash of anything, where there is none
        self._old: dict[int, int] = {}

    def of(self, number: int) -> int | None:
        """The hash of an entity; None when nothing has described it."""
        place = number - self._first
        if place < 0:
            return self._old.get(number)
        digest = self._new[place] if place < len(self._new) else -1
        return None if digest == -1 else digest

    def add(self, number: int, digest: int) -> None:
        """Keep the hash of an entity that has none yet."""
        place = number - self._first
        if place < 0:
            self._old[number] = digest
            return
        while len(self._new) <= place:
            self._new.append(-1)
        self._new[place] = digest


def now() -> str:
    """The present second in UTC, as loads record it."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(value: object) -> str:
    return _ENCODE(value).decode() if value else ""


def _insert(table: str, columns: str) -> str:
    """How a row gets into a table; ``-`` is a column that is NULL for an empty text.

    Python looks for an adapter of each None that it hands to SQLite, which takes longer than all
    the rest of the column.
    """
    marks = ",".join("?" if column == "?" else "nullif(?, '')" for column in columns)
    return f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 - own table names


_INSERTS: Final = {
    "entity": _insert("entity", "??"),
    "description": _insert("description", "??????-----"),
    "identifier": _insert("identifier", "????"),
    "relation": _insert("relation", "?????-------???-?---"),
    "term": _insert("term", "??"),
    "segment": "INSERT INTO segment (load, first_relation, count, packed) VALUES (?, ?, ?, ?)",
}
