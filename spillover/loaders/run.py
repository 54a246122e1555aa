"""How do files become one load of one dataset, whole or not at all.

:func:`run` drives the load: the loader reads and transforms, the context counts. Too many
unreadable records, too few records at all, or far fewer than last time, and nothing is changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple, cast

from spillover.graph.carry import carry
from spillover.graph.dates import now
from spillover.graph.errors import InputError, LoadRefusedError
from spillover.graph.evidence import Dataset
from spillover.graph.rows import Audit, Quarantined
from spillover.graph.writer import File, Tally, Writer
from spillover.loaders.context import EXAMPLE, REASON, Context, Loader, Options
from spillover.loaders.manifest import manifest
from spillover.loaders.reading.files import Part, parts, shown
from spillover.loaders.reading.text import CutOff

_ASIDE: Final = 100_000
"""Most records that one load sets aside."""


class Report(NamedTuple):
    """What a load did."""

    load: int
    dataset: Dataset
    tally: Tally
    entities: int
    relations: int
    audits: tuple[Audit, ...]
    quarantined: tuple[Quarantined, ...]


def loader(name: str) -> Loader:
    """The module of a source."""
    return cast("Loader", import_module(f"spillover.loaders.{manifest(name).name}"))


def run(
    graph: str | os.PathLike[str],
    name: str,
    paths: Iterable[Path | Part],
    *,
    options: Options | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Load files with the loader of this name into a graph file, whole or not at all.

    Args:
        graph: the graph file; made when it is not there.
        name: a loader.
        paths: its files, archives or folders; sources with built-in data take none.
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
    found = parts(paths)
    files = list(dict.fromkeys(part.path for part in found))
    if len({(part.path.resolve(), part.member) for part in found}) < len(found):
        raise InputError(f"{name}: a file is named twice; name each once")
    inputs = tuple(_file(path) for path in files)
    started = now()
    with Writer(graph) as writer:
        context = Context(source, options, writer)
        counts = context.counts
        for file, position, record in module.read(found, context):
            if isinstance(record, CutOff) and options.tolerance is None:
                raise InputError(
                    f"{file}: {position}: cut off in the middle of a record; fetch it again, or"
                    " accept the loss with --tolerance"
                )
            counts["read"] += 1
            try:
                counts[context.take(module.transform, record)] += 1
            except InputError as error:
                counts["quarantined"] += 1
                value = record if isinstance(record, str) else repr(record)
                reason = str(error)[:REASON]
                context.quarantine.append(Quarantined(file, position, reason, value[:EXAMPLE]))
                if len(context.quarantine) > _ASIDE:
                    raise LoadRefusedError(
                        f"more than {_ASIDE:,} records cannot be read; the last: {file}:"
                        f" {position}: {reason}; is it a file of {name}?"
                    ) from None
            if progress and counts["read"] % 2000 == 0:
                progress(counts["read"])
        if context.renewed:
            carry(writer, context.dataset.name, frozenset(context.renewed))
        _accept(context, writer.records(context.dataset.name))
        for stub in writer.stubs(context.dataset.name):
            context.note("described by nobody", "entities that relations name", stub)
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


def _accept(context: Context, before: int) -> None:
    """Refuse a load that does not reconcile or leaves its expected bounds.

    Args:
        context: of the load.
        before: how many records the dataset has had so far.
    """
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
    least = before * (1 - source.expected.shrink)
    if tally.read < least and not context.options.allow_shrink and not context.renewed:
        raise LoadRefusedError(
            f"{context.dataset.name}: {tally.read} records after {before} of the last load, a"
            f" shrink above {source.expected.shrink:.0%}; is the file complete? If it is right,"
            " say --allow-shrink"
        )


def _file(path: Path) -> File:
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return File(shown(path), digest, path.stat().st_size)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
