"""Where does the graph live, and what did it say on a past day.

One SQLite file in WAL mode is the system of record. :class:`Store` reads one *version* of it: the
newest, or with ``known_at`` the one that stood at the end of a past day. Writing goes through
:mod:`spillover.graph.writer`, one transaction for each load of a dataset.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from spillover.graph.dates import day_range, iso
from spillover.graph.errors import AmbiguousError, InputError, NotFoundError
from spillover.graph.folding import bare, fold
from spillover.graph.identifiers import forms
from spillover.graph.joined import Joined
from spillover.graph.rows import (
    Audit,
    Hit,
    Load,
    Quarantined,
    as_entity,
    as_load,
    as_relation,
    texts,
    together,
    united,
)
from spillover.graph.schema import Entity, Relation
from spillover.graph.sqlite import connect, unreadable
from spillover.graph.tables import LAST, OLDEST


class Store:
    """One version of a graph file, open for reading.

    Args:
        path: the graph file.
        known_at: last day (ISO date) whose loads count; None for the newest version.
        name: what the graph is called; its path if unset.

    Raises:
        DateError: ``known_at`` is no date.
        InputError: the file does not reach back to that day.
        StoreError: no such file, not a graph, damaged, or written by a newer version.
    """

    def __init__(
        self, path: str | os.PathLike[str], known_at: str | None = None, *, name: str = ""
    ) -> None:
        self.path = Path(path)
        self.name = name or str(self.path)
        last = "~" if known_at is None else iso(day_range(known_at)[1]) + "U"  # "U": after all "T…"
        self.connection = connect(self.path, writable=False)
        try:
            self.version = self._version(last)
            self.loads = self._loads()
            self._came = {load.dataset.name: load.num for load in reversed(self.history())}
        except BaseException:
            self.close()
            raise
        self._active = ",".join(str(load.num) for load in self.loads) or "0"
        self.joined = Joined(self.rows, self.version)
        """What identifiers join under this version."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        self.connection.close()

    @property
    def key(self) -> str:
        """Name of this version: it changes whenever the content can have changed."""
        ((identity,),) = self.rows("SELECT value FROM meta WHERE key = 'identity'")
        return f"{identity[:12]}-{self.version}"

    def rows(
        self, sql: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[Any, ...]]:
        """Rows of a query.

        Raises:
            StoreError: the file is damaged.
            InputError: a value is no Unicode text, as half-decoded command lines are.
        """
        try:
            return self.connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise unreadable(self.path, error) from error
        except UnicodeEncodeError as error:
            raise InputError(
                f"{error.object[:40]!r} is no Unicode text; write it in UTF-8"
            ) from error

    # -- loads ------------------------------------------------------------------------------

    def _version(self, last: str) -> int:
        sql = "SELECT coalesce(max(num), 0) FROM load WHERE finished < ?"
        ((version,),) = self.rows(sql, (last,))
        self._reaches(version, last)
        return int(version)

    def _reaches(self, version: int, last: str) -> None:
        """See that what stood then is in the file.

        Raises:
            InputError: the file came from a server, which keeps no earlier versions.
        """
        for (oldest,) in self.rows(
            "SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?", (OLDEST,)
        ):
            sql = "SELECT count(*) FROM load WHERE num <= ? AND finished >= ?"
            ((later,),) = self.rows(sql, (oldest, last))
            if 0 < version < oldest or later:
                raise InputError(
                    f"{self.name}: holds no version before v{oldest}, for a server keeps only the"
                    " newest; ask the file that was pushed, or leave the earlier version out"
                )

    def _loads(self, *, replaced: bool = False) -> tuple[Load, ...]:
        rows = self.rows(
            "SELECT num, dataset, title, publisher, url, licence, commercial_use, date, loader,"
            " started, finished, read, loaded, merged, ignored, quarantined, entities, relations,"
            " removed_by FROM load WHERE num <= :version"
            " AND (:replaced OR removed_by IS NULL OR removed_by > :version) ORDER BY num",
            {"version": self.version, "replaced": replaced},
        )
        return tuple(as_load(row) for row in rows)

    def history(self) -> tuple[Load, ...]:
        """Every load up to this version, replaced ones included."""
        return self._loads(replaced=True)

    def audits(self, load: int) -> tuple[Audit, ...]:
        """What the load ignored, stubbed or wants looked at."""
        rows = self.rows(
            "SELECT what, key, count, example FROM audit WHERE load = ? ORDER BY what, key", (load,)
        )
        return tuple(Audit(*row) for row in rows)

    def quarantined(self, load: int) -> tuple[Quarantined, ...]:
        """The records that the load set aside."""
        rows = self.rows(
            "SELECT file, position, reason, value FROM quarantine WHERE load = ? ORDER BY rowid",
            (load,),
        )
        return tuple(Quarantined(*row) for row in rows)

    # -- entities ---------------------------------------------------------------------------

    def entity_count(self) -> int:
        """Highest entity number that the file has given out (numbers start at 1)."""
        return self._given_out("entity")

    def _given_out(self, table: str) -> int:
        sql = (
            f"SELECT coalesce(max(num), 0) FROM {table}"  # noqa: S608 - own table names
            " UNION ALL SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?"
        )
        return max(int(number) for (number,) in self.rows(sql, (LAST + table,)))

    def number(self, entity_id: str) -> int | None:
        """Number of the entity with exactly this id, or None when this version has none.

        That of the one which stands for it, when identifiers join it with others. An id that no
        dataset describes is looked for in the links, without an index: it is rare.
        """
        rows = self.rows(
            "SELECT e.num FROM entity e WHERE e.id = :id AND ("  # noqa: S608 - integers
            " EXISTS (SELECT 1 FROM description d"
            f" WHERE d.entity = e.num AND d.load IN ({self._active}))"
            " OR EXISTS (SELECT 1 FROM relation r"
            f" WHERE (r.source = e.num OR r.target = e.num) AND r.load IN ({self._active})))",
            {"id": entity_id},
        )
        return self.joined.canonical([rows[0][0]])[rows[0][0]] if rows else None

    def entities(self, numbers: Iterable[int]) -> dict[int, Entity]:
        """Entities by number, each put together from every dataset that describes it.

        The dataset that came into the file first names it, the others add to that. An entity
        that is only named by relations comes back as a stub: its name is its id. One that
        stands for others tells their ids in the property ``same_as``.
        """
        wanted = sorted({int(number) for number in numbers})
        groups = self.joined.members(wanted)
        described = self._described(sorted({n for group in groups.values() for n in group}))
        return {number: together([described[n] for n in group]) for number, group in groups.items()}

    def _described(self, wanted: list[int]) -> dict[int, Entity]:
        """Entities by number, each by what is said of its own id."""
        found: dict[int, Entity] = {}
        for chunk in _chunks(wanted, 5000):
            marks = ",".join(map(str, chunk))
            ids = dict(self.rows(f"SELECT num, id FROM entity WHERE num IN ({marks})"))  # noqa: S608 - integers
            rows = self.rows(
                "SELECT d.entity, d.schema, d.name, d.names, d.countries, d.identifiers, d.topics,"  # noqa: S608 - integers
                " d.properties, l.dataset FROM description d JOIN load l ON l.num = d.load"
                f" WHERE d.entity IN ({marks}) AND d.load IN ({self._active})"
                " ORDER BY d.num"
            )
            rows.sort(key=lambda row: self._came[row[-1]])
            for number, *row in rows:
                described = as_entity(ids[number], row)
                found[number] = united(found[number], described) if number in found else described
            for number, entity_id in ids.items():
                found.setdefault(number, Entity(entity_id, "Thing", entity_id))
        return found

    def entity(self, number: int) -> Entity:
        """The entity with this number."""
        return self.entities([number])[number]

    def entity_numbers(self) -> list[int]:
        """Numbers of all entities that a dataset of this version describes, in order."""
        rows = self.rows(
            f"SELECT DISTINCT entity FROM description WHERE load IN ({self._active})"  # noqa: S608 - integers
            " ORDER BY entity"
        )
        joined = dict(self.joined.every())
        return [number for (number,) in rows if number not in joined]

    def search(self, text: str, limit: int = 20) -> list[Hit]:
        """Entities one of whose names contains ``text`` (any script), best match first.

        Case, accents and the number of spaces do not count.
        """
        folded = bare(text)
        if not folded:
            return []
        hits: dict[int, tuple[tuple[int, int, str, str], Hit]] = {}
        for number, entity_id, name, schema, countries, names in self._named(folded):
            line = min(
                (line for line in names.split("\n") if folded in line),
                key=lambda line: (line != folded, not line.startswith(folded), len(line), line),
                default=None,
            )
            if line is None:
                continue
            rank = (line != folded) + (not line.startswith(folded))
            entry = (
                (rank, len(line), name, entity_id),
                Hit(number, entity_id, name, schema, texts(countries), line),
            )
            if number not in hits or entry[0] < hits[number][0]:
                hits[number] = entry
        best = [hit for _, hit in sorted(hits.values())[:limit]]
        ids = self._ids({hit.num for hit in best})
        return [hit._replace(id=ids[hit.num]) for hit in best]

    def _named(self, folded: str) -> list[tuple[int, str, str, str, str | None, str]]:
        """Number, id, name, schema, countries and folded names of whoever may have this name."""
        match = _trigrams(folded)
        source = "name_search s JOIN description d ON d.num = s.rowid" if match else "description d"
        rows = self.rows(
            f"SELECT d.entity, e.id, d.name, d.schema, d.countries, d.folded FROM {source}"  # noqa: S608 - integers
            " JOIN entity e ON e.num = d.entity WHERE "
            + ("name_search MATCH ? AND " if match else "")
            + f"instr(d.folded, ?) AND d.load IN ({self._active})",
            (match, folded) if match else (folded,),
        )
        one = self.joined.canonical(row[0] for row in rows)
        return [(one[member], *said) for member, *said in rows]

    def find(self, text: str) -> int:
        """The one entity that ``text`` names: by id, by identifier, or by exact name.

        Raises:
            NotFoundError: none; similar names are suggested.
            AmbiguousError: several; all candidates are listed.
        """
        number = self.number(text)
        if number is not None:
            return number
        numbers = self._identified(forms(text))
        hits = self.search(text, limit=1000)
        if not numbers:
            numbers = {hit.num for hit in hits if hit.matched == bare(text)}
        if len(numbers) > 1:
            numbers = self._so_spelled(text, numbers) or numbers
        if len(numbers) == 1:
            return int(numbers.pop())
        if numbers:
            raise self._ambiguous(text, numbers)
        raise _not_found(text, hits)

    def _identified(self, written: Iterable[str]) -> set[int]:
        """The entities that have an identifier which is written so."""
        values = sorted(written)
        rows = self.rows(
            f"SELECT entity FROM identifier WHERE value IN ({','.join('?' * len(values))})"  # noqa: S608 - marks and integers
            f" AND load IN ({self._active})",
            values,
        )
        return set(self.joined.canonical(number for (number,) in rows).values())

    def _so_spelled(self, text: str, numbers: set[int]) -> set[int]:
        """Those of the entities that have a name with these very accents."""
        folded = fold(text)
        return {
            number
            for number, entity in self.entities(numbers).items()
            if folded in {fold(entity.name), *(fold(name.text) for name in entity.names)}
        }

    def _ambiguous(self, text: str, numbers: set[int]) -> AmbiguousError:
        entities = sorted(self.entities(numbers).values(), key=lambda entity: entity.id)
        candidates = tuple((e.id, e.name, ",".join(e.countries)) for e in entities)
        listed = "; ".join(f"{i} ({n}{', ' + c if c else ''})" for i, n, c in candidates[:10])
        return AmbiguousError(
            f"{text!r} names {len(candidates)} entities; use an id: {listed}", candidates
        )

    # -- relations --------------------------------------------------------------------------

    def relations(self, numbers: Iterable[int]) -> dict[int, tuple[Relation, str]]:
        """Claims by number, each with the name of its dataset.

        At their ends stand those that stand for several which identifiers join.
        """
        found: dict[int, tuple[Relation, str]] = {}
        for chunk in _chunks(sorted({int(number) for number in numbers}), 5000):
            rows = self.rows(
                "SELECT r.num, r.kind, r.source, r.target, r.low, r.high, r.basis, r.start, r.end,"  # noqa: S608 - integers
                " r.observed, r.confidence, r.stance, r.reported_indirect, r.block, r.stake_text,"
                " r.properties, r.record, r.note, s.publisher, s.title, s.url, l.dataset"
                " FROM relation r"
                " JOIN source s ON s.num = r.evidence JOIN load l ON l.num = r.load"
                f" WHERE r.num IN ({','.join(map(str, chunk))})"
            )
            ids = self._ids({number for row in rows for number in row[2:4]})
            for number, kind, source, target, *row in rows:
                ends = (number, kind, ids[source], ids[target])
                found[number] = as_relation((*ends, *row)), row[-1]
        return found

    def _ids(self, numbers: set[int]) -> dict[int, str]:
        """Id of the one that stands for each of these entities."""
        one = self.joined.canonical(numbers)
        marks = ",".join(map(str, one.values()))
        ids = dict(self.rows(f"SELECT num, id FROM entity WHERE num IN ({marks})"))  # noqa: S608 - integers
        return {number: ids[canonical] for number, canonical in one.items()}

    def segments(self) -> list[tuple[int, int, bytes]]:
        """(first relation number, count, packed records) of every segment of this version."""
        return self.rows(
            "SELECT first_relation, count, packed FROM segment"  # noqa: S608 - integers
            f" WHERE load IN ({self._active}) ORDER BY first_relation"
        )

    def relation_count(self) -> int:
        """Highest number of a claim that the file has given out."""
        return self._given_out("relation")

    def term_count(self) -> int:
        """Highest number of an interned text that the file has given out."""
        ((count,),) = self.rows("SELECT coalesce(max(num), 0) FROM term")
        return int(count)

    def term(self, text: str) -> int | None:
        """Number of an interned text, None when no claim has used it."""
        rows = self.rows("SELECT num FROM term WHERE text = ?", (text,))
        return int(rows[0][0]) if rows else None

    def terms(self) -> dict[int, str]:
        """Interned texts (claim keys and blocks) by number."""
        return dict(self.rows("SELECT num, text FROM term"))


def _not_found(text: str, hits: list[Hit]) -> NotFoundError:
    near = "; ".join(f"{hit.name} ({hit.id})" for hit in hits[:5])
    hint = f"did you mean: {near}" if near else "try `spillover search` with a part of the name"
    return NotFoundError(f"no entity is named {text!r}; {hint}")


def _trigrams(text: str) -> str:
    """Full-text query for all trigrams of a text; empty when it is shorter than one.

    SQLite reads a query as a C string, so that trigrams with a NUL cannot stand in it.
    """
    found = {text[i : i + 3] for i in range(len(text) - 2)}
    return " ".join(
        '"' + part.replace('"', '""') + '"' for part in sorted(found) if "\0" not in part
    )


def _chunks(numbers: list[int], size: int) -> Iterator[list[int]]:
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]
