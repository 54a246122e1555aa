"""What the tests of the gleif loader share: its samples, and files loaded into a graph."""

from pathlib import Path

from spillover.graph.schema import Relation
from spillover.loaders.context import Options
from spillover.loaders.run import Report, run
from tests.graph.small import content

SAMPLES = Path(__file__).parents[1] / "data" / "gleif"
HOLDING, DAUGHTER = "lei:TEST00HOLDING0000129", "lei:TEST00DAUGHTER000127"
GRANDCHILD, HANZI = "lei:TEST00GRANDCHILD0108", "lei:TEST00HANZI000000165"
FUND, MANAGER = "lei:TEST00FUND0000000143", "lei:TEST00MANAGER0000108"
REASONS = {
    "NATURAL_PERSONS": (
        "natural persons control it, with no legal entity that consolidates it between"
    ),
    "NO_KNOWN_PERSON": (
        "no one is known to control it, for example as its shares are spread widely"
    ),
}
OLD, DUPLICATE = "lei:TEST00OLD00000000179", "lei:TEST00DUP00000000188"


class Loaded:
    """The files given, loaded into a graph of their own."""

    def __init__(self, folder: Path, *files: Path, tolerance: float | None = None) -> None:
        self.graph = folder / "graph.db"
        self.report: Report = run(self.graph, "gleif", files, options=Options(tolerance=tolerance))
        _, entities, claims, _ = content(self.graph)
        self.entities = {entity.id: entity for entity in entities}
        self.relations = [relation for relation, _ in claims]

    def audits(self) -> dict[tuple[str, str], int]:
        return {(a.what, a.key): a.count for a in self.report.audits}

    def one(self, source: str, target: str, **said: tuple[str, ...]) -> Relation:
        (found,) = (
            r
            for r in self.relations
            if (r.source, r.target) == (source, target)
            and all(r.properties.get(key) == value for key, value in said.items())
        )
        return found


def samples(*names: str) -> list[Path]:
    return [SAMPLES / name for name in names]
