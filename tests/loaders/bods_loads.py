"""What the tests of the bods loader share: its samples, statements, and loads of them."""

import json
from pathlib import Path
from typing import Any

from spillover.graph.schema import Relation
from spillover.loaders.context import Options
from spillover.loaders.run import Report, run
from tests.graph.small import content

SAMPLES = Path(__file__).parents[1] / "data" / "bods"
MODERN, OLDER = SAMPLES / "bods_0_4.json", SAMPLES / "bods_0_2.jsonl"
FIRM = "lei:TEST00HOLDING0000129"


class Loaded:
    """The files given, loaded into a graph of their own."""

    def __init__(self, folder: Path, *files: Path, options: Options | None = None) -> None:
        self.graph = folder / "graph.db"
        self.report: Report = run(self.graph, "bods", files, options=options)
        _, entities, claims, _ = content(self.graph)
        self.entities = {entity.id: entity for entity in entities}
        self.relations: list[Relation] = [relation for relation, _ in claims]

    def audits(self) -> dict[tuple[str, str], int]:
        return {(a.what, a.key): a.count for a in self.report.audits}

    def between(self, owner: str, asset: str) -> list[Relation]:
        return [r for r in self.relations if (r.source, r.target) == (owner, asset)]


def loaded(folder: Path, *statements: object, tolerance: float = 1.0) -> Loaded:
    file = folder / "statements.json"
    file.write_text(json.dumps(statements), encoding="utf-8")
    return Loaded(folder, file, options=Options(tolerance=tolerance))


def statement(kind: str, record: str, details: dict[str, Any], **said: Any) -> dict[str, Any]:
    """A statement of 0.4."""
    return {
        "statementId": f"statement-{record}",
        "statementDate": "2025-02-20",
        "recordId": record,
        "recordType": kind,
        "recordDetails": {"isComponent": False, **details},
        **said,
    }


def relationship(*interests: dict[str, Any], **said: Any) -> dict[str, Any]:
    details = {"subject": "b", "interestedParty": "a", "interests": list(interests), **said}
    return statement("relationship", "rel", details)
