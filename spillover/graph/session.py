"""What does every question take as its first argument: one version of a graph, opened."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Self

from spillover.graph.store import Store

if TYPE_CHECKING:
    from spillover.graph.index import Index
    from spillover.graph.schema import Entity, Relation


class Graph:
    """A store and its index.

    Args:
        path: the graph file.
        known_at: last day (ISO date) whose loads count; None for the newest version.
        progress: told when the index has to be compiled first.

    Raises:
        StoreError: no such file, or it cannot be read.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        known_at: str | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> None:
        self.store = Store(path, known_at)
        self.known_at = known_at
        self._progress = progress

    @cached_property
    def index(self) -> Index:
        """The compiled arrays; opened when the first question needs them."""
        from spillover.graph.index import open_index

        return open_index(self.store, progress=self._progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.store.close()

    def numbers(self) -> list[int]:
        """Numbers of all entities of this version: those described, and those that claims name."""
        index = self.index
        named = {*index.source.tolist(), *index.target(slice(None)).tolist()}
        return sorted(named.union(self.store.entity_numbers()))

    def find(self, names: Iterable[str]) -> list[int]:
        """Numbers of the entities that these ids, identifiers or names mean, without repeats.

        Raises:
            NotFoundError, AmbiguousError: see :meth:`Store.find`.
        """
        return list(dict.fromkeys(self.store.find(name) for name in names))

    def supposing(
        self,
        ended: Mapping[int, str],
        added: Sequence[Relation],
        *,
        entities: Sequence[Entity] = (),
        name: str = "",
    ) -> Graph:
        """The same graph if these claims had ended and others were made; nothing is stored.

        It can be asked as long as this one is open, and can itself suppose more.

        Args:
            ended: last day (ISO date) of claims by their number in the store, or ``gone``: as if
                nobody had made it.
            added: claims to add. Their dataset is ``scenario``, whatever their evidence says.
            entities: entities to add, or to describe further.
            name: what the supposition is called; it stands as the publisher of what is added.

        Raises:
            InputError: an added claim is not well formed, or a claim to end is not there.
            DateError: a last day is no date.
        """
        from spillover.graph.supposed import SupposedStore

        return _Supposed(
            self, SupposedStore(self.store, ended, added, entities=entities, name=name)
        )


class _Supposed(Graph):
    """A graph of which a part is supposed: its arrays stay in memory."""

    def __init__(self, below: Graph, store: Store) -> None:
        self.store, self.known_at, self._progress = store, below.known_at, None

    @cached_property
    def index(self) -> Index:
        """The arrays, compiled when the first question needs them."""
        from spillover.graph.index import Index, compile_arrays

        return Index(compile_arrays(self.store))
