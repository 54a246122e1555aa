"""What does a loader write to, and does every record add up.

:func:`run` drives one load: the loader reads and transforms, the context counts. A record is
loaded, merged (it repeats another), ignored (by name), or quarantined with the reason; their sum
is the number read, to the record. Too many unreadable records, or too few records at all, and
nothing is changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, cast

from spillover.graph.claims import Prepared, prepare
from spillover.graph.dates import day_range
from spillover.graph.errors import InputError, LoadRefusedError
from spillover.graph.evidence import CONFIDENCES, Confidence, Dataset, Evidence
from spillover.graph.folding import fold
from spillover.graph.rows import Audit, Quarantined
from spillover.graph.schema import SCHEMATA, Entity, Relation
from spillover.graph.writer import File, Tally, Writer, now
from spillover.loaders.manifest import Manifest, manifest
from spillover.loaders.reading import shown

_EXAMPLE: Final = 200
_REASON: Final = 500
"""Most characters of an example and of a reason that are kept: a record may be 16 MiB long."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user says about a load beside its files; None leaves it to the manifest."""

    name: str | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    licence: str | None = None
    date: str | None = None
    confidence: str | None = None
    tolerance: float | None = None
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        """Refuse a value that no load can be made with."""
        if self.name is not None and not self.name.strip():
            raise InputError("an empty name for the dataset; give a short key")
        if self.tolerance is not None and not 0 <= self.tolerance <= 1:
            raise InputError(f"tolerance {self.tolerance}; give a share from 0 to 1")
        if self.confidence is not None and self.confidence not in CONFIDENCES:
            raise InputError(f"confidence {self.confidence!r}; use {', '.join(CONFIDENCES)}")
        if self.date:
            day_range(self.date)

    def dataset(self, source: Manifest) -> Dataset:
        """The manifest's dataset with what the user says in its place."""
        dataset = source.dataset()
        said = {
            field: getattr(self, field)
            for field in ("name", "title", "publisher", "url", "licence", "date")
            if getattr(self, field) is not None
        }
        if "licence" in said:
            said["commercial_use"] = None
        return dataset._replace(**said)


class Report(NamedTuple):
    """What a load did."""

    load: int
    dataset: Dataset
    tally: Tally
    entities: int
    relations: int
    audits: tuple[Audit, ...]
    quarantined: tuple[Quarantined, ...]


class Loader(Protocol):
    """What a loader module offers."""

    def read(self, paths: tuple[Path, ...], context: Context) -> Iterator[tuple[str, str, Any]]:
        """Get: every record of the files as (file, position, raw record)."""

    def transform(self, record: Any, context: Context) -> Iterable[Entity | Relation]:
        """Transform: what one record says; empty only after ``context.ignore``."""


class Context:
    """Counts, audits and quarantine of one load, and what loaders may ask of it."""

    def __init__(self, source: Manifest, options: Options, writer: Writer) -> None:
        self.manifest = source
        self.options = options
        self.dataset = options.dataset(source)
        said = cast("Confidence | None", options.confidence)  # Options takes no other word
        self.confidence = said or source.confidence
        self._evidence = Evidence(
            publisher=self.dataset.publisher,
            title=self.dataset.title,
            url=self.dataset.url,
            observed=self.dataset.date or None,
            confidence=self.confidence,
        )
        self._writer = writer
        self._audits: dict[tuple[str, str], list[Any]] = {}
        self._ignored = False
        self.quarantine: list[Quarantined] = []
        self.counts = {"read": 0, "loaded": 0, "merged": 0, "ignored": 0, "quarantined": 0}

    def evidence(self, record: str, **said: Any) -> Evidence:
        """Evidence in the dataset's name, with what the record itself says in its place."""
        given = {key: value for key, value in said.items() if value}
        return self._evidence._replace(record=record, **given)

    def known(self, entity_id: str) -> bool:
        """Whether this load or another dataset of the graph has an entity of this id."""
        return self._writer.knows(entity_id, self.dataset.name)

    def ignore(self, name: str, example: str) -> None:
        """Leave this record out on purpose, under a name that the report counts."""
        self._ignored = True
        self.note("ignored", name, example)

    def note(self, what: str, key: str, example: str) -> None:
        """Signal something that the load met: it is counted, with its first example."""
        entry = self._audits.setdefault((what, key[:_EXAMPLE]), [0, example[:_EXAMPLE]])
        entry[0] += 1

    def audits(self) -> tuple[Audit, ...]:
        """Everything signalled, sorted."""
        return tuple(
            Audit(what, key, count, example)
            for (what, key), (count, example) in sorted(self._audits.items())
        )

    def tally(self) -> Tally:
        """The reconciliation."""
        return Tally(**self.counts)

    def take(self, transform: Callable[..., Iterable[Entity | Relation]], record: object) -> str:
        """Transform one record and write all of it, or nothing; returns what became of it.

        Raises:
            InputError: the record cannot be read; nothing of it was written.
        """
        self._ignored = False
        items = [_checked(item) for item in transform(record, self)]
        if not items:
            if not self._ignored:
                raise InputError("says nothing that this loader knows; expected an entity or link")
            return "ignored"
        outcomes = set()
        for item in items:
            if isinstance(item, Entity):
                outcome = self._writer.entity(item)
                if outcome == "conflict":
                    self.note("two descriptions of one id", item.id, item.name)
                outcomes.add(outcome)
            else:
                self._writer.relation(item)
                outcomes.add("loaded")
        return "loaded" if "loaded" in outcomes else "merged"


def loader(name: str) -> Loader:
    """The module of a source."""
    return cast("Loader", import_module(f"spillover.loaders.{manifest(name).name}"))


def name_id(name: str, prefix: str = "name") -> str:
    """Id of something of which only the name is known; different names have different ids.

    A space becomes a hyphen, so a hyphen is doubled; one beside a space is written as its code.
    """
    text = fold(name).replace("%", "%25")
    text = text.replace("- ", "%2d ").replace(" -", " %2d")
    return f"{prefix}:{text.replace('-', '--').replace(' ', '-')}"


def _checked(item: Entity | Relation) -> Entity | Prepared:
    if isinstance(item, Relation):
        return prepare(item)
    if item.schema not in SCHEMATA:
        raise InputError(f"unknown schema {item.schema!r}; known: {', '.join(SCHEMATA)}")
    if not item.id:
        raise InputError("an entity without an id")
    return item


def run(
    graph: str | os.PathLike[str],
    name: str,
    paths: Iterable[Path],
    *,
    options: Options | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Load files with the loader of this name into a graph file, whole or not at all.

    Args:
        graph: the graph file; made when it is not there.
        name: a loader.
        paths: its files; sources with built-in data take none.
        options: what the user says about the load.
        progress: called now and then with the number of records read.

    Raises:
        InputError: a file cannot be read as what it should be.
        LoadRefusedError: too many unreadable records, or too few records.
        StoreError: the graph is in use or cannot be written.
    """
    source = manifest(name)
    module = loader(name)
    options = options or Options()
    paths = tuple(paths)
    inputs = tuple(_file(path) for path in paths)
    if len({path.resolve() for path in paths}) < len(paths):
        raise InputError(f"{name}: a file is named twice; name each once")
    started = now()
    with Writer(graph) as writer:
        context = Context(source, options, writer)
        counts = context.counts
        for file, position, record in module.read(paths, context):
            counts["read"] += 1
            try:
                counts[context.take(module.transform, record)] += 1
            except InputError as error:
                counts["quarantined"] += 1
                value = record if isinstance(record, str) else repr(record)
                reason = str(error)[:_REASON]
                context.quarantine.append(Quarantined(file, position, reason, value[:_EXAMPLE]))
            if progress and counts["read"] % 2000 == 0:
                progress(counts["read"])
        _accept(context)
        for stub in writer.stubs(context.dataset.name):
            context.note("named by relations, described by nobody", stub, stub)
        entities, relations = writer.written
        number = writer.commit(
            context.dataset,
            loader=name,
            started=started,
            tally=context.tally(),
            files=inputs,
            audits=context.audits(),
            quarantined=tuple(context.quarantine),
        )
    return Report(
        number,
        context.dataset,
        context.tally(),
        entities,
        relations,
        context.audits(),
        tuple(context.quarantine),
    )


def _accept(context: Context) -> None:
    """Refuse a load that does not reconcile or leaves its expected bounds."""
    tally, source = context.tally(), context.manifest
    if tally.read != tally.loaded + tally.merged + tally.ignored + tally.quarantined:
        raise LoadRefusedError(f"{source.name}: the records do not add up ({tally})")
    tolerance = context.options.tolerance
    tolerance = source.tolerance if tolerance is None else tolerance
    if tally.quarantined > tolerance * tally.read:
        first = context.quarantine[0]
        where = f"{first.file}: {first.position}: {first.reason} (in {first.value!r})"
        if tally.quarantined == tally.read or not tolerance:
            more = tally.quarantined - 1
            raise InputError(where + (f"; and {more} more unreadable records" if more else ""))
        raise LoadRefusedError(
            f"{tally.quarantined} of {tally.read} records cannot be read, more than the tolerance"
            f" of {tolerance:.2%}; first {where}; mend the file or raise --tolerance"
        )
    low, high = source.expected.min, source.expected.max
    if tally.read < low or (high is not None and tally.read > high):
        raise LoadRefusedError(
            f"{source.name}: {tally.read} records, expected {low} to {high or 'any number'};"
            " is the file complete?"
        )


def _file(path: Path) -> File:
    try:
        if path.exists() and not path.is_file():  # hashing would empty a pipe before it is read
            raise InputError(f"{path}: a folder or a stream; name a regular file")
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return File(shown(path), digest, path.stat().st_size)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
