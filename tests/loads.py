"""Graph files with a history: datasets that are loaded again, with something else in them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from spillover.graph.evidence import Dataset
from spillover.graph.schema import Entity, Relation
from spillover.graph.writer import Writer
from tests.graphs import build

Items = Iterable[Entity | Relation] | str


def load(path: Path, items: Items, dataset: str = "test", date: str = "") -> Path:
    """One more load of a dataset; entities, then claims, or the claims of a text."""
    return build(path, items, Dataset(dataset, dataset.title(), date=date))


def unload(path: Path, dataset: str) -> None:
    """Take a dataset away."""
    with Writer(path) as writer:
        writer.unload(dataset)
