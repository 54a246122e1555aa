"""What the tests of OFAC's lists share: one load to look at, and small files of each format."""

from pathlib import Path
from typing import Final

from spillover.graph.schema import Entity, Relation
from spillover.loaders.context import Options
from spillover.loaders.run import Report, run
from tests.graph.small import content

DATA: Final = Path(__file__).parents[1] / "data" / "ofac"
REAL: Final = Path(__file__).parents[2].parent / "shared" / "data" / "ofac"
NULL: Final = "-0- "
LEGACY: Final = "http://tempuri.org/sdnList.xsd"
NEW: Final = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/"
Said = tuple[str, str, str, str | None]


class Loaded:
    """One load into a graph of its own, and all that stands in it."""

    def __init__(self, folder: Path, *files: Path, tolerance: float = 1.0, date: str = "") -> None:
        self.graph = folder / "graph.db"
        options = Options(tolerance=tolerance, date=date or None, allow_shrink=True)
        self.report: Report = run(self.graph, "ofac", files, options=options)
        _, entities, claims, _ = content(self.graph)
        self.entities: dict[str, Entity] = {entity.id: entity for entity in entities}
        self.relations: list[Relation] = [relation for relation, _ in claims]
        self.noted = {(a.what, a.key): a.count for a in self.report.audits}

    def party(self, uid: int) -> Entity:
        return self.entities[f"ofac:{uid}"]

    def listed(self, uid: int) -> list[tuple[str, str | None]]:
        """(programme, start) of every listing of a party."""
        return [(r.source, r.start) for r in self.of("DESIGNATES") if r.target == f"ofac:{uid}"]

    def of(self, kind: str) -> list[Relation]:
        return [relation for relation in self.relations if relation.kind == kind]

    def ties(self) -> list[tuple[str, str, str]]:
        """(kind, source, target) of everything but listings, without the prefix of the ids."""
        return [
            (r.kind, r.source.removeprefix("ofac:"), r.target.removeprefix("ofac:"))
            for r in self.relations
            if r.kind != "DESIGNATES"
        ]

    def reasons(self) -> list[str]:
        return [quarantined.reason for quarantined in self.report.quarantined]


def entry(
    uid: object, name: str, kind: str = "", program: str = "SDGT", remarks: str = "", **cells: str
) -> str:
    """A line of ``sdn.csv``."""
    columns = ("title", "call_sign", "vessel_type", "tonnage", "grt", "flag", "owner")
    values = [str(uid), name, kind, program, *(cells.get(c, "") for c in columns), remarks]
    return line(*values)


def line(*cells: str) -> str:
    quoted = ('"' + cell.replace('"', '""') + '"' if cell else NULL for cell in cells)
    return ",".join(quoted) + "\r\n"


def table(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("".join(lines), encoding="utf-8", newline="")
    return path


def sdn_xml(folder: Path, *entries: str, name: str = "sdn.xml", namespace: str = LEGACY) -> Path:
    path = folder / name
    path.write_text(
        f'<sdnList xmlns="{namespace}"><publshInformation><Publish_Date>03/24/2022</Publish_Date>'
        f"<Record_Count>{len(entries)}</Record_Count></publshInformation>"
        + "".join(f"<sdnEntry>{entry}</sdnEntry>" for entry in entries)
        + "</sdnList>",
        encoding="utf-8",
    )
    return path


def changed(folder: Path, sample: str, *changes: tuple[str, str]) -> Path:
    """A sample with some of its words replaced, each of which stands in it."""
    text = (DATA / sample).read_text("utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / sample
    path.write_text(text, encoding="utf-8")
    return path
