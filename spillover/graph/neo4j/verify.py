"""Does a server hold what a graph file holds, to the last claim, and shown as it should be?

Nothing that the server says of its own content is believed: all of it is read.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from spillover.graph.canonical import resolve
from spillover.graph.content import content
from spillover.graph.errors import StoreError
from spillover.graph.neo4j import encoding, held
from spillover.graph.neo4j.address import Address
from spillover.graph.neo4j.connection import Server
from spillover.graph.neo4j.labels import LABELS
from spillover.graph.neo4j.mirror import Claimed, Holding, build
from spillover.graph.neo4j.reading import Reading
from spillover.graph.neo4j.standing import as_pushed, complete, unmoved
from spillover.graph.store import Store

_EXAMPLES: Final = 3
"""Entities or claims that are named of each way in which some are not as they should be."""
_TAGS: Final = ("key", "num", "load", "dataset")
"""Properties of a claim's relationship beside what the claim says."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one side holds of a dataset."""

    digest: str = ""
    """Empty when it has no such dataset."""
    entities: int = 0
    """Descriptions and claims, as the load that stands counted them; the digest covers them."""
    relations: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """One dataset in the file and on the server."""

    name: str
    file: Counted
    server: Counted

    @property
    def equal(self) -> bool:
        """Whether both say the same."""
        return self.file.digest == self.server.digest


@dataclass(frozen=True, slots=True)
class Verification:
    """How a graph file and a server compare."""

    address: str
    path: str
    tag: str
    """Of the push that the server held."""
    file: str
    """Digest of all that the file holds."""
    server: str
    """Digest of all that was read from the server."""
    datasets: tuple[Checked, ...]
    findings: tuple[str, ...]
    """What is not as it should be on the server, whatever the file says; mostly nothing."""

    @property
    def equal(self) -> bool:
        """Whether both hold the same, and nothing is amiss."""
        return self.file == self.server and not self.findings


def verify(
    where: Address,
    path: str | os.PathLike[str],
    *,
    progress: Callable[[int], None] | None = None,
) -> Verification:
    """Compare the newest version of a graph file with what a server holds.

    Args:
        where: the server.
        path: the graph file.
        progress: told how many claims have been read.

    Raises:
        StoreError: the file or the server cannot be read, or a push is or was under way.
    """
    with Store(path) as store, Server(where) as server, TemporaryDirectory() as folder:
        before = complete(server)
        read, amiss = Reading(server), _Amiss()
        mirrored = Path(folder) / "server.db"
        claims = _claims(read.relationships(), amiss, progress)
        holding = Holding({}, read.loads(), read.entities(), claims, read.same(), read.conflicts())
        with as_pushed(server):
            build(mirrored, holding)
        with Store(mirrored) as there:
            _nodes(read, there, amiss)
            _joined(there, amiss)
            own, other = content(store), content(there)
            if before.content != other.total:
                amiss.add("the graph", "its digest is not that of what the server holds")
            names = sorted({*dict(own.datasets), *dict(other.datasets)})
            counted = _counted(store, own.datasets), _counted(there, other.datasets)
            datasets = tuple(
                Checked(name, *(side.get(name, Counted()) for side in counted)) for name in names
            )
        if not unmoved(server, before):
            raise StoreError(f"{where}: a push changed the graph while it was compared; ask again")
        return Verification(
            *(str(where), str(store.path), before.tag, own.total, other.total),
            datasets,
            amiss.findings(),
        )


class _Amiss:
    """What is not as it should be, counted, with some examples."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def add(self, what: str, how: str) -> None:
        """Note that something is amiss with an entity, a claim or the whole."""
        self._counts[how] += 1
        examples = self._examples.setdefault(how, [])
        if len(examples) < _EXAMPLES:
            examples.append(what)

    def findings(self) -> tuple[str, ...]:
        """A sentence for each way."""
        return tuple(
            f"{', '.join(self._examples[how])}"
            f"{f' and {count - _EXAMPLES:,} more' if count > _EXAMPLES else ''}: {how}"
            for how, count in sorted(self._counts.items())
        )


def _claims(
    rows: Iterable[list[Any]], amiss: _Amiss, progress: Callable[[int], None] | None
) -> Iterator[Claimed]:
    """The claims of these relationships, each once."""
    seen: set[int] = set()
    for kind, source, target, values in rows:
        num, claim = values["num"], encoding.claim(kind, values)
        shown = {name: value for name, value in values.items() if name not in _TAGS}
        if shown != encoding.properties(claim):
            amiss.add(f"claim {num}", "its share or another property is not what the claim says")
        if num in seen:
            amiss.add(f"claim {num}", "it is there twice")
        else:
            yield Claimed(num, values["load"], source, target, claim)
        seen.add(num)
        if progress and not len(seen) % 1000:
            progress(len(seen))


def _nodes(read: Reading, there: Store, amiss: _Amiss) -> None:
    """See that the nodes of entities have the labels and properties that belong to them."""
    expected = held.entities(there)
    wanted = next(expected, None)
    for num, labels, values in read.nodes():
        if wanted is None or wanted.num != num:
            amiss.add(_shown(values), "nobody says anything of it")
            continue
        if sorted(wanted.labels) != sorted(label for label in labels if label in LABELS):
            amiss.add(_shown(values), "its labels are not those of its schema")
        if any(values.get(name) != value for name, value in wanted.properties.items()):
            amiss.add(_shown(values), "its properties are not what is said of it")
        wanted = next(expected, None)


def _shown(values: Mapping[str, Any]) -> str:
    return f"entity {values.get('id')!r}"


def _joined(there: Store, amiss: _Amiss) -> None:
    """See that the server joins whom identifiers join."""
    same, conflicts = resolve(there.connection, [load.num for load in there.loads])
    if sorted(same.items()) != there.joined.every():
        amiss.add("the graph", "SAME_AS does not join whom the identifiers join")
    if {str(one) for one in conflicts} != {str(one) for one in there.joined.conflicts()}:
        amiss.add("the graph", "it names other contradictions than its identifiers have")


def _counted(store: Store, digests: Iterable[tuple[str, str]]) -> dict[str, Counted]:
    """What a graph file holds of each dataset."""
    by = dict(digests)
    return {
        load.dataset.name: Counted(by[load.dataset.name], load.entities, load.relations)
        for load in store.loads
    }
