"""What the tests of the US lists share: one load to look at, hostile texts, files cut anywhere."""

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Options
from spillover.loaders.run import Report, run
from tests.graph.small import content
from tests.loaders.hostile import DATA, naughty, truncations
from tests.loaders.listed import cuts

REAL = Path(__file__).parents[2].parent / "shared" / "data"

__all__ = ["DATA", "NAUGHTY", "REAL", "Loaded", "accepted_cuts", "rows", "table"]

NAUGHTY = [text for text in naughty() if "\x00" not in text]
"""Hostile texts that a table can hold."""


class Loaded:
    """One load into a graph of its own, and all that stands in it."""

    def __init__(self, folder: Path, loader: str, *files: Path, tolerance: float = 1.0) -> None:
        graph = folder / "graph.db"
        self.report: Report = run(graph, loader, files, options=Options(tolerance=tolerance))
        _, entities, claims, _ = content(graph)
        self.entities: dict[str, Entity] = {entity.id: entity for entity in entities}
        self.relations: list[Relation] = [relation for relation, _ in claims]
        self.signals = {(a.what, a.key): a.count for a in self.report.audits}

    def of(self, kind: str) -> list[Relation]:
        """Every claim of a kind."""
        return [relation for relation in self.relations if relation.kind == kind]

    def ends(self, *kinds: str) -> list[tuple[str, str, str]]:
        """(kind, source, target) of every claim of these kinds."""
        return [(r.kind, r.source, r.target) for r in self.relations if r.kind in kinds]


def table(file: Path, columns: list[str], said: Iterable[dict[str, str]]) -> Path:
    """A table with these rows; what a row does not say is empty."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(said)
    return file


def rows(data: bytes) -> list[list[str]]:
    """The rows of a table, by the csv module alone."""
    return list(csv.reader(StringIO(data.decode(), newline="")))


def accepted_cuts(folder: Path, loader: str, sample: Path) -> list[bytes]:
    """The cuts through the last three rows of a sample that a load over the whole one accepts."""
    run(folder / "graph.db", loader, [sample])
    data = sample.read_bytes()
    return cuts(folder, loader, list(truncations(data))[:-1], suffix=sample.suffix)
