"""What the tests of the UN, UK, EU, Swiss and Canadian lists share."""

from pathlib import Path

from spillover.graph.errors import SpilloverError
from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Options
from spillover.loaders.run import Report, run
from tests.graph.small import content
from tests.loaders.hostile import DATA, assert_one_line, naughty, written

REAL = Path(__file__).parents[2].parent / "shared" / "data"

__all__ = ["DATA", "REAL", "Loaded", "audits", "cuts", "texts"]


class Loaded:
    """Files loaded into a graph of their own."""

    def __init__(
        self, folder: Path, loader: str, *files: Path, options: Options | None = None
    ) -> None:
        self.graph = folder / "graph.db"
        options = options or Options(tolerance=1.0)
        self.report: Report = run(self.graph, loader, files, options=options)
        _, entities, claims, _ = content(self.graph)
        self.entities: dict[str, Entity] = {entity.id: entity for entity in entities}
        self.relations: list[Relation] = [relation for relation, _ in claims]

    def ends(self, kind: str) -> list[tuple[str, str]]:
        """(source, target) of every claim of a kind."""
        return [(r.source, r.target) for r in self.relations if r.kind == kind]

    def listings(self, entity: str) -> list[tuple[str, str | None, str | None]]:
        """(programme, start, end) of every listing of an entity."""
        found = [r for r in self.relations if r.kind == "DESIGNATES" and r.target == entity]
        return [(r.source, r.start, r.end) for r in found]

    def names(self, entity: str) -> list[tuple[str, str, str]]:
        """(text, language, role) of every further name of an entity."""
        return [(name.text, name.lang, name.role) for name in self.entities[entity].names]


def audits(report: Report) -> dict[tuple[str, str], int]:
    """How often each thing was signalled."""
    return {(audit.what, audit.key): audit.count for audit in report.audits}


def texts(form: str) -> dict[str, str]:
    """Hostile texts by how a file of this form writes them."""
    found = {}
    for text in naughty():
        as_written = written(text, form)  # type: ignore[arg-type] # one of the forms
        if as_written:
            found[as_written] = text
    return found


def cuts(folder: Path, loader: str, data: list[bytes], *, suffix: str) -> list[bytes]:
    """The cut files that a load accepts; every other one is refused in one line.

    Each is loaded over a whole one, of which nothing changes when the cut one is refused.
    """
    graph, file = folder / "graph.db", folder / f"cut{suffix}"
    accepted = []
    before = content(graph)
    for cut in data:
        file.write_bytes(cut)
        try:
            run(graph, loader, [file], options=Options(allow_shrink=True))
        except SpilloverError as error:
            assert_one_line(str(error).replace(str(file), file.name))
        else:
            accepted.append(cut)
            before = content(graph)
    assert content(graph) == before
    return accepted
