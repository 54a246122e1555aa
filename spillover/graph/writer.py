"""How does one load of one dataset get into a graph file, whole or not at all.

:class:`Writer` holds one transaction. Until :meth:`Writer.commit` nothing that it wrote can be
seen, and a process that dies at any moment leaves the file as it was. One process writes at a
time; a second one is told who it is.
"""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import msgspec

from spillover.graph.batches import BATCH, Batches
from spillover.graph.claims import Prepared, packed
from spillover.graph.dates import now
from spillover.graph.digests import Digests
from spillover.graph.errors import InputError, StoreError
from spillover.graph.evidence import Dataset
from spillover.graph.folding import bare
from spillover.graph.identifiers import normal
from spillover.graph.interned import Interned
from spillover.graph.lease import Lease
from spillover.graph.rows import Audit, Quarantined
from spillover.graph.schema import Entity
from spillover.graph.sqlite import connect, make_tables, unreadable
from spillover.graph.turnover import Turnover

_ENCODE: Final = msgspec.json.Encoder().encode
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
        self._entities: dict[str, int] = {}
        self._variants: set[tuple[int, int]] = set()  # (number, hash) of further descriptions
        self._packed: list[bytes] = []
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{self.path}: cannot be made ({error.strerror})") from error
        self.connection = connect(self.path, writable=True)
        self._lease = Lease(self.path, self.connection)
        self._batches = Batches(self.connection)
        self._add = self._batches.add
        try:
            self._begin()
        except BaseException as error:
            self.__exit__(type(error), error)
            raise

    def _begin(self) -> None:
        """Take the one right to write, and continue the numbers of the file."""
        self._lease.take()
        make_tables(self.connection, self.path)
        self._interned = Interned(self.connection, self._batches)
        self.num = self._next("load")
        self._next_entity = self._first_entity = self._next("entity")
        self._described = Digests(self._first_entity)
        self._next_description = self._first_description = self._next("description")
        self._next_relation = self._first_relation = self._next("relation")
        self._segment_first = self._next_relation

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
        self._lease.give_up()

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
        relation = prepared.relation
        evidence, stake = relation.evidence, relation.stake
        source, target = self.number(relation.source), self.number(relation.target)
        row = (
            relation.kind,
            source,
            target,
            "" if stake is None else stake.low,
            "" if stake is None else stake.high,
            relation.stake_text,
            relation.basis,
            relation.start or "",
            relation.end or "",
            evidence.observed or "",
            evidence.confidence,
            evidence.stance,
            int(relation.reported_indirect),
            relation.block,
            self._interned.source(evidence.publisher, evidence.title, evidence.url),
            evidence.record,
            evidence.note,
            _json(relation.properties),
        )
        self.claim(row, packed(prepared, source, target, self._interned.term))

    def claim(self, row: tuple[Any, ...], record: bytes) -> None:
        """Add a claim by the columns of its row, from its kind on, and its packed record."""
        self._packed.append(record)
        self._add("relation", (self._next_relation, self.num, *row))
        self._next_relation += 1
        if len(self._packed) >= BATCH:
            self._flush_segment()

    def _flush_segment(self) -> None:
        if self._packed:
            row = (self.num, self._segment_first, len(self._packed), b"".join(self._packed))
            self._add("segment", row)
        self._segment_first = self._next_relation
        self._packed.clear()

    # -- the end ----------------------------------------------------------------------------

    def stubs(self, dataset: str) -> list[str]:
        """Ids that this load of ``dataset`` names and neither it nor another dataset describes."""
        self._batches.flush()
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
        self._batches.flush()
        turnover = Turnover(self.connection, self.num)
        audits += turnover.settle(dataset.name, self.num)
        turnover.searchable(self._first_description)
        turnover.record(*dataset, loader, started, now(), *tally, *self.written, None)
        turnover.remember("load_file", files)
        turnover.remember("audit", audits)
        turnover.remember("quarantine", quarantined)
        self._lease.keep()
        return self.num

    def unload(self, dataset: str) -> int:
        """Take a dataset away, in one step; earlier versions keep it.

        Returns:
            The number of the new version.

        Raises:
            NotFoundError: the graph has no such dataset.
        """
        turnover = Turnover(self.connection, self.num)
        said = turnover.standing(dataset)
        audits = turnover.settle(dataset)
        turnover.record(*said, "unload", now(), now(), *(0,) * 7, self.num)
        turnover.remember("audit", audits)
        self._lease.keep()
        return self.num


def _json(value: object) -> str:
    return _ENCODE(value).decode() if value else ""
