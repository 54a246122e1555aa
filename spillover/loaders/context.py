"""What does a loader write to, and does every record add up.

A record is loaded, merged (it repeats another or was folded into it), ignored (by name), or
quarantined with the reason; their sum is the number read, to the record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol, cast

from spillover.graph.claims import Prepared, prepare
from spillover.graph.dates import day_range
from spillover.graph.errors import InputError
from spillover.graph.evidence import CONFIDENCES, Confidence, Dataset, Evidence
from spillover.graph.folding import fold
from spillover.graph.identifiers import STRONG, normal, valid
from spillover.graph.rows import Audit, Quarantined
from spillover.graph.schema import SCHEMATA, Entity, Relation
from spillover.graph.writer import Tally, Writer
from spillover.loaders.manifest import Manifest
from spillover.loaders.reading.countries import alpha2
from spillover.loaders.reading.files import Part
from spillover.loaders.reading.text import CutOff, Ragged

EXAMPLE: Final = 200
REASON: Final = 500
KEYS: Final = 1000
"""Most things of one kind that a load signals by name; the others are counted together."""
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
    encoding: str = ""
    """Of text; empty for the one that the source declares."""
    mapping: Path | None = None
    """A file that says which foreign column is which; for tables only."""
    allow_shrink: bool = False
    """Whether a dataset may shrink by more than its manifest expects."""

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


class Loader(Protocol):
    """What a loader module offers."""

    def read(self, parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, str, Any]]:
        """Get: every record of the files as (file, position, raw record)."""

    def transform(self, record: Any, context: Context) -> Iterable[Entity | Relation]:
        """Transform: what one record says; empty only after ``context.ignore`` or ``merge``."""


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
        self._kinds: Counter[str] = Counter()
        self._fields = {table: _Fields(known) for table, known in source.fields.items()}
        self._outcome = ""
        self.renewed: set[str] = set()
        """The records of which a delta speaks; empty for a load that replaces everything."""
        self.state: dict[str, Any] = {}
        """For the loader's own use during this load."""
        self.quarantine: list[Quarantined] = []
        self.counts = {"read": 0, "loaded": 0, "merged": 0, "ignored": 0, "quarantined": 0}

    def evidence(self, record: str, **said: Any) -> Evidence:
        """Evidence in the dataset's name, with what the record itself says in its place."""
        given = {key: value for key, value in said.items() if value}
        return self._evidence._replace(record=record, **given)

    def dated(self, day: str) -> None:
        """Say as of when a file speaks; the latest of several counts, and the user's word first."""
        if (
            day
            and not self.options.date
            and (not self.dataset.date or day_range(day) > day_range(self.dataset.date))
        ):
            self.dataset = self.dataset._replace(date=day)
            self._evidence = self._evidence._replace(observed=day)

    def known(self, entity_id: str) -> bool:
        """Whether this load or another dataset of the graph has an entity of this id."""
        return self._writer.knows(entity_id, self.dataset.name)

    @cached_property
    def held(self) -> frozenset[str]:
        """The records that the dataset has so far, for a delta: of entities their ids."""
        from spillover.graph.carry import held

        return held(self._writer, self.dataset.name)

    def renew(self, record: str) -> None:
        """Let a delta speak anew of a record of the dataset; all others will stay."""
        self.renewed.add(record)

    def ignore(self, name: str, example: str) -> None:
        """Leave this record out on purpose, under a name that the report counts."""
        self._outcome = "ignored"
        self.note("ignored", name, example)

    def merge(self, name: str, example: str) -> None:
        """Say that this record was folded into another one, under a name that is counted."""
        self._outcome = "merged"
        self.note("merged", name, example)

    def survey(self, record: Mapping[str, Any], table: str = "") -> None:
        """Signal every field of a record of which the manifest's ``fields`` do not speak."""
        known = self._fields[table]
        nested = any(isinstance(value, (Mapping, list)) for value in record.values())
        if not nested and record.keys() <= known.plain:
            return
        for path, value in leaves(record):
            if not known.covers(path):
                self.note("unknown field", f"{table}: {path}" if table else path, str(value))

    def code(self, table: str, value: str, example: str = "") -> Any:
        """What the manifest's table makes of a code; None, and a signal, when nothing."""
        found = self.manifest.tables[table].get(_text(value, table))
        if found is None:
            self.note(f"unknown {table}", value, example)
        return found

    def country(self, text: str) -> str:
        """Alpha-2 code of a country's name or code; empty, and a signal, when it is unknown."""
        code = alpha2(text) if text.strip() else ""
        if not code and text.strip():
            self.note("unknown country", text, text)
        return code

    def encoding(self, declared: str = "utf-8") -> str:
        """The encoding of text: what the user says, else what the format declares."""
        return self.options.encoding or declared

    def note(self, what: str, key: str, example: str) -> None:
        """Signal something that the load met: it is counted, with its first example."""
        short = key[:EXAMPLE]
        if (what, short) not in self._audits:
            self._kinds[what] += 1
            short = short if self._kinds[what] <= KEYS else "(others)"
        entry = self._audits.setdefault((what, short), [0, example[:EXAMPLE]])
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
        if isinstance(record, Ragged):
            if isinstance(record, CutOff):
                raise InputError("cut off in the middle; fetch the file again")
            raise InputError(
                f"{len(record)} cells where the header has {record.width}; quote cells that hold"
                " the delimiter"
            )
        self._outcome = ""
        items = [_checked(item) for item in transform(record, self)]
        if not items:
            if not self._outcome:
                raise InputError("says nothing that this loader knows; expected an entity or link")
            return self._outcome
        outcomes = set()
        for item in items:
            if isinstance(item, Entity):
                self._check(item.identifiers, item.id)
                outcome = self._writer.entity(item)
                if outcome == "conflict":
                    self.note("two descriptions of one id", item.id, item.name)
                outcomes.add(outcome)
            else:
                self._writer.relation(item)
                outcomes.add("loaded")
        return "loaded" if "loaded" in outcomes else "merged"

    def _check(self, identifiers: tuple[tuple[str, str], ...], entity_id: str) -> None:
        """Signal strong identifiers that are wrong, or of which there are too many."""
        seen: dict[str, str] = {}
        for scheme, value in identifiers:
            strong = STRONG.get(scheme)
            if strong is None:
                continue
            if not valid(scheme, value):
                self.note(f"invalid {scheme}", value, entity_id)
            elif strong.single and seen.setdefault(scheme, text := normal(scheme, value)) != text:
                self.note(f"two identifiers {scheme} on one record", entity_id, value)


class _Fields:
    """The fields of which a manifest speaks; ``.*`` at the end of one covers all below it."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.plain = {path for path in known if not path.endswith(".*")}
        self._below = tuple(path[:-1] for path in known if path.endswith(".*"))

    def covers(self, path: str) -> bool:
        """Whether the manifest speaks of this field; the answer is kept."""
        if path in self.plain:
            return True
        if f"{path}.".startswith(self._below):
            self.plain.add(path)
            return True
        return False


def leaves(record: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """(dotted path, value) of every value in a nested record; lists are looked through."""
    for key, value in record.items():
        path = above + key
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, Mapping):
                yield from leaves(item, path + ".")
            else:
                yield path, item


def name_id(name: str, prefix: str = "name") -> str:
    """Id of something of which only the name is known; different names have different ids.

    A space becomes a hyphen, so a hyphen is doubled; one beside a space is written as its code.
    """
    text = fold(name).replace("%", "%25")
    text = text.replace("- ", "%2d ").replace(" -", " %2d")
    return f"{prefix}:{text.replace('-', '--').replace(' ', '-')}"


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{what} is {str(value)[:80]!r}, which is no text")
    return value


def _checked(item: Entity | Relation) -> Entity | Prepared:
    if isinstance(item, Relation):
        said = item.evidence
        for value in (said.publisher, said.title, said.url, said.record, said.note):
            _text(value, "what the evidence says")
        return prepare(item)
    for value in (item.id, item.name, *(code for _, code in item.identifiers)):
        _text(value, "an id, name or identifier")
    if item.schema not in SCHEMATA:
        raise InputError(f"unknown schema {item.schema!r}; known: {', '.join(SCHEMATA)}")
    if not item.id:
        raise InputError("an entity without an id")
    return item
