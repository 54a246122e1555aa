"""Graph files with a history: datasets that are loaded again, with something else in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from spillover.graph.claims import prepare
from spillover.graph.dates import now
from spillover.graph.evidence import Dataset
from spillover.graph.schema import Entity, Relation
from spillover.graph.writer import Tally, Writer
from tests.graphs import relations

Items = Iterable[Entity | Relation] | str


def load(path: Path, items: Items, dataset: str = "test", date: str = "") -> Path:
    """One more load of a dataset; entities, then claims, or the claims of a text."""
    items = relations(items) if isinstance(items, str) else list(items)
    with Writer(path) as writer:
        for item in items:
            if isinstance(item, Entity):
                writer.entity(item)
            else:
                writer.relation(prepare(item))
        writer.commit(
            Dataset(dataset, dataset.title(), date=date),
            loader="table",
            started=now(),
            tally=Tally(len(items), len(items), 0, 0, 0),
        )
    return path


def unload(path: Path, dataset: str) -> None:
    """Take a dataset away."""
    with Writer(path) as writer:
        writer.unload(dataset)
