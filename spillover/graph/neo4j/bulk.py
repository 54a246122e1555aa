"""How does a whole graph become a folder from which an empty server is filled at once?

The folder holds CSV files for ``neo4j-admin database import``, the command that imports them, and
the constraints and indexes. A server filled so holds what a push would have put there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from spillover.graph.content import content
from spillover.graph.errors import InputError
from spillover.graph.neo4j import encoding, held
from spillover.graph.neo4j.csv_files import Column, Group
from spillover.graph.neo4j.labels import CONFLICT, LOAD, SAME_AS, STATE, statements
from spillover.graph.schema import KINDS, Entity
from spillover.graph.store import Store

COMMAND: Final = "import.sh"
"""The import as a command of the shell."""
SCHEMA: Final = "schema.cypher"
"""Constraints and indexes, to be made when the server has started."""

_FORBIDDEN: Final = frozenset("(){}\n\r")
"""What neo4j-admin takes for something else in the name of a column."""
_DELIMITERS: Final = tuple(map(chr, (*range(0x1F, 0x0D, -1), *range(0x07, 0, -1))))
"""Control characters that JSON writes by their number; any of them can part the texts of a list."""
_BUFFER: Final = 4 << 20
"""Bytes of a row that neo4j-admin reads when it is told nothing."""
_NUMBERS: Final = frozenset({"num", "load", "low", "high", "reported_indirect"})
_LISTS: Final = frozenset({"names", "countries", "identifiers", "topics", "datasets"})
_SOURCE: Final = Column(":START_ID(Entity)", "")
_TARGET: Final = Column(":END_ID(Entity)", "")
_OF_CLAIM: Final = ("key", "num", "load", "dataset", *encoding.COLUMNS, "share")
_EVERY: Final = 100_000
"""Rows after which it is said how many there are."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A folder that was written."""

    folder: Path
    entities: int
    relations: int


def export(
    store: Store, folder: Path, *, progress: Callable[[str], None] | None = None
) -> Exported:
    """Write the files of a graph; the folder appears whole or not at all.

    Args:
        store: the graph.
        folder: a new folder.
        progress: told how far it is, now and then.

    Raises:
        InputError: the folder is there or cannot be written, or a dataset has a name that no
            column can have.
        StoreError: the graph cannot be read.
    """
    for load in store.loads:
        _check(load.dataset.name)
    with _whole(folder) as scratch:
        files = _Files(store, scratch, progress)
        with files:
            files.write()
        (scratch / COMMAND).write_text(files.command(), encoding="utf-8", newline="\n")
        schema = "".join(f"{statement};\n" for statement in statements())
        (scratch / SCHEMA).write_text(schema, encoding="utf-8", newline="\n")
    return Exported(folder, files.entities, files.relations)


def _check(dataset: str) -> None:
    bad = sorted(_FORBIDDEN.intersection(dataset))
    if bad:
        raise InputError(
            f"dataset {dataset[:40]!r} has {bad[0]!r} in its name, which neo4j-admin cannot carry;"
            " use `spillover neo4j push`, or load the dataset under another name"
        )


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A folder beside it, which takes its place when everything has been written."""
    if os.path.lexists(folder):
        raise InputError(f"{folder}: is there already; name a new folder with -o, or remove it")
    scratch = folder.with_name(f".{folder.name}.{os.getpid()}.writing")
    try:
        scratch.mkdir(parents=True)
        yield scratch
        scratch.rename(folder)
    except OSError as error:
        raise InputError(
            f"{folder}: cannot be written ({error.strerror}); name another folder with -o"
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class _Files:
    """All files of one export, as a context manager."""

    def __init__(self, store: Store, folder: Path, progress: Callable[[str], None] | None) -> None:
        self._store, self._folder, self._progress = store, folder, progress
        self._delimiter = _delimiter(store)
        self._nodes: list[tuple[str, Group]] = []
        self._links: list[tuple[str, Group]] = []
        self._open = ExitStack()
        self.entities = self.relations = 0

    def __enter__(self) -> None:
        self._open.__enter__()

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def write(self) -> None:
        """Write nodes, then relationships."""
        self._entities()
        self._claims()
        self._same()
        found = content(self._store)
        self._few("loads", LOAD, held.loads(self._store, dict(found.datasets)))
        self._few("conflicts", CONFLICT, held.conflicts(self._store))
        counts = {"entities": self.entities, "relations": self.relations}
        self._few("state", STATE, [held.state(self._store, found.total, **counts)])

    def command(self) -> str:
        """The import, as a script that stands in the folder."""
        groups = [group for _, group in (*self._nodes, *self._links)]
        longest = max((4 * group.longest for group in groups), default=0)
        words = [
            f"--array-delimiter=U+{ord(self._delimiter):04X}",
            "--bad-tolerance=0",
            f"--read-buffer-size={max(_BUFFER, longest)}",
        ]
        if any(group.lines for group in groups):
            words.append("--multiline-fields=true")
        words += [f"--nodes={_files(label, group)}" for label, group in self._nodes]
        words += [f"--relationships={_files(kind, group)}" for kind, group in self._links]
        return _SCRIPT.format(" \\\n    ".join((*words, '"$@"')))

    def _group(self, name: str, columns: Sequence[Column]) -> Group:
        group = Group(self._folder, name, columns, delimiter=self._delimiter)
        return self._open.enter_context(group)

    def _entities(self) -> None:
        names = [load.dataset.name for load in self._store.loads]
        columns = [Column(":LABEL", ""), Column("num:ID(Entity){id-type:long}", "")]
        columns += map(_column, ("id", "listing", *encoding.shown(Entity("", "Thing", ""), "")))
        columns += [Column(encoding.SAID + name, "string[]") for name in names]
        columns += [Column(encoding.OF_LOAD + name, "long") for name in names]
        group = self._group("entities", columns)
        self._nodes.append(("", group))
        label, number = (column.name for column in columns[:2])
        for entity in held.entities(self._store):
            group.add({label: list(entity.labels), number: entity.num, **entity.properties})
            self.entities += 1
            self._say(self.entities, "entities")

    def _claims(self) -> None:
        groups: dict[str, Group] = {}
        for kind, source, target, values in held.claims(self._store):
            if kind not in groups:
                told = dict.fromkeys((*_OF_CLAIM, *KINDS[kind].key))
                groups[kind] = self._group(kind.lower(), [_SOURCE, _TARGET, *map(_column, told)])
                self._links.append((kind, groups[kind]))
            groups[kind].add({_SOURCE.name: source, _TARGET.name: target, **values})
            self.relations += 1
            self._say(self.relations, "relations")

    def _same(self) -> None:
        pairs = self._store.joined.every()
        if pairs:
            group = self._group("same_as", [_SOURCE, _TARGET])
            self._links.append((SAME_AS, group))
            for entity, canonical in pairs:
                group.add({_SOURCE.name: entity, _TARGET.name: canonical})

    def _few(self, name: str, label: str, rows: Iterable[dict[str, Any]]) -> None:
        """Write nodes of which there are few, each property in a column of its own type."""
        found = [{k: v for k, v in row.items() if v is not None} for row in rows]
        types = {key: _type(value) for row in found for key, value in row.items()}
        if found:
            group = self._group(name, [Column(key, types[key]) for key in sorted(types)])
            self._nodes.append((label, group))
            for row in found:
                group.add(row)

    def _say(self, count: int, what: str) -> None:
        if self._progress and count % _EVERY == 0:
            self._progress(f"{count:,} {what} written")


def _files(name: str, group: Group) -> str:
    return f"{name}{'=' if name else ''}{group.header},{group.file}"


def _column(name: str) -> Column:
    if name in _LISTS:
        return Column(name, "string[]")
    return Column(name, "long" if name in _NUMBERS else "string")


def _type(value: object) -> str:
    if isinstance(value, list):
        return "string[]"
    if isinstance(value, bool):
        return "boolean"
    return "long" if isinstance(value, int) else "string"


def _delimiter(store: Store) -> str:
    """A control character that stands in no text of a list.

    JSON writes such characters as escapes, so that texts which are JSON never hold one.
    """
    names = "".join(load.dataset.name for load in store.loads)
    for character in _DELIMITERS:
        like = f"%\\u{ord(character):04x}%"
        ((found,),) = store.rows(
            "SELECT EXISTS (SELECT 1 FROM description WHERE names LIKE :like"
            " OR countries LIKE :like OR identifiers LIKE :like OR topics LIKE :like)",
            {"like": like},
        )
        if not found and character not in names:
            return character
    raise InputError(
        "the names in this graph hold every control character, so that none is left to part lists"
        " for neo4j-admin; use `spillover neo4j push`"
    )


_SCRIPT: Final = """\
#!/bin/sh
# Fills an empty database of a Neo4j server that does not run yet. NEO4J_HOME is its folder;
# DATABASE names the database, neo4j if unset. Further words go to neo4j-admin, for example
# --overwrite-destination. When the server has started, make the constraints and indexes:
#     "$NEO4J_HOME/bin/cypher-shell" -u neo4j -d "${{DATABASE:-neo4j}}" -f schema.cypher
set -e
cd "$(dirname "$0")"
exec "${{NEO4J_HOME:?set it to the folder of the server}}/bin/neo4j-admin" \\
    database import full "${{DATABASE:-neo4j}}" \\
    {}
"""
