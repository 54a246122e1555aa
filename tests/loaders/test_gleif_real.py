"""The real files of GLEIF give the totals that a plain reading of them gives."""

import json
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from spillover.graph.schema import Relation
from spillover.loaders.run import Report, run
from tests.graph.small import content

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "gleif"
XML = REAL / "golden_copy_samples" / "fixtures"
GOLDEN = REAL / "20240505-0000-gleif-goldencopy-lei2-intra-day.json"
API = REAL / "api" / "tests" / "data"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real files of GLEIF are not here")


def loaded(folder: Path, *paths: Path) -> tuple[Report, list[Relation]]:
    graph = folder / "graph.db"
    report = run(graph, "gleif", paths)
    return report, [relation for relation, _ in content(graph)[2]]


def test_the_golden_copy_as_json(tmp_path: Path) -> None:
    """Counted by grep: records, entity categories, and names that are previous ones."""
    text = GOLDEN.read_text(encoding="utf-8")
    records = len(re.findall(r'"LEI": \{', text))
    report, _ = loaded(tmp_path, GOLDEN)
    assert report.tally == (records, records, 0, 0, 0) == (577, 577, 0, 0, 0)
    _, entities, _, _ = content(tmp_path / "graph.db")
    assert report.audits == ()
    schemata = Counter(entity.schema for entity in entities)
    categories = Counter(re.findall(r'"EntityCategory": \{\s*"\$": "(\w+)"', text))
    assert schemata["Person"] == categories["SOLE_PROPRIETOR"] == 28
    assert schemata["PublicBody"] == categories["RESIDENT_GOVERNMENT_ENTITY"] == 2
    assert schemata["Organization"] == categories["GENERAL"] + categories["FUND"] == 547
    previous = sum(name.role == "previous" for entity in entities for name in entity.names)
    assert previous == text.count('"@type": "PREVIOUS_LEGAL_NAME"') == 34
    numbers = sum(len(entity.identifiers) - 1 for entity in entities)
    assert numbers == text.count('"RegistrationAuthorityEntityID"') == 553


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        *((name, "LEIRecord") for name in ("lei-data", "lei-updates-data2")),
        ("lei-updates-data2-new", "LEIRecord"),
        *((name, "RelationshipRecord") for name in ("rr-data", "rr-updates-data2")),
        ("rr-updates-data2-new", "RelationshipRecord"),
        *((name, "Exception") for name in ("repex-data", "repex-updates-data2")),
        ("repex-updates-data2-new", "Exception"),
    ],
)
def test_each_xml_file(tmp_path: Path, name: str, tag: str) -> None:
    """Records counted by ElementTree; withdrawn exceptions are the ones ignored."""
    tree = ET.parse(XML / f"{name}.xml")  # noqa: S314 - a file of our own machine
    found = [one for one in tree.iter() if one.tag.endswith("}" + tag)]
    withdrawn = [one for one in found if "DeletedAt" in ET.tostring(one, encoding="unicode")]
    ignored = len(withdrawn) if tag == "Exception" else 0
    report, relations = loaded(tmp_path, XML / f"{name}.xml")
    assert report.tally == (len(found), len(found) - ignored, 0, ignored, 0)
    kinds = Counter(one.text for one in tree.iter() if one.tag.endswith("}RelationshipType"))
    told = Counter(
        r.properties["level"][0] if r.kind == "CONSOLIDATES" else r.kind for r in relations
    )
    assert told == {
        key: count
        for key, count in (
            ("direct", kinds["IS_DIRECTLY_CONSOLIDATED_BY"]),
            ("ultimate", kinds["IS_ULTIMATELY_CONSOLIDATED_BY"]),
            ("REPRESENTS", kinds["IS_FUND-MANAGED_BY"]),
            ("LINKED_TO", kinds["IS_SUBFUND_OF"]),
        )
        if count
    }


def test_all_xml_files_of_a_folder_at_once(tmp_path: Path) -> None:
    """92 records; 26 of the repeated ones say the same again or stand with their entity."""
    report, relations = loaded(tmp_path, *sorted(XML.glob("*.xml")))
    assert report.tally.read == 13 + 12 + 12 + 10 + 11 + 10 + 10 + 7 + 7
    assert report.tally.quarantined == 0
    assert len(relations) == 10 + 11 + 10
    managed = "lei:001GPB6A9XPE8XJICC14"
    assert {(r.kind, r.source, r.start) for r in relations if r.target == managed} == {
        ("REPRESENTS", "lei:5493001Z012YSB2A0K51", "2012-11-29")
    }


def test_the_answers_of_the_api(tmp_path: Path) -> None:
    """Counted by plain JSON: one entity for each LEI, one claim for each relationship."""
    records = []
    for path in sorted(API.rglob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8")).get("data")
        records += data if isinstance(data, list) else [data]
    kinds = Counter(record["type"] for record in records)
    leis = {record["id"] for record in records if record["type"] == "lei-records"}
    report, relations = loaded(tmp_path, API)
    assert report.tally.read == len(records) == 1351
    added = kinds["isins"] + kinds["reporting-exceptions"]
    again = kinds["lei-records"] - len(leis)
    claims = kinds["relationship-records"]
    ours = len(leis) + claims + again + added
    assert report.tally == (len(records), len(leis) + claims, again + added, len(records) - ours, 0)
    assert (len(leis), claims, added, again) == (94, 121, 67, 63)
    (shell,) = (
        r for r in relations if r.target == "lei:2138009AGE4DW1J76R35" and not r.reported_indirect
    )
    assert (shell.kind, shell.source) == ("CONSOLIDATES", "lei:21380068P1DRHMJ8KU70")
    entities = {entity.id: entity for entity in content(tmp_path / "graph.db")[1]}
    assert entities["lei:529900GRZ2BQY5ZM9N49"].name == "PUMA SE"
    assert [v for s, v in entities["lei:529900GRZ2BQY5ZM9N49"].identifiers if s == "isin"] == [
        "US7458782072",
        "US7458781082",
        "DE0006969603",
    ]
    assert (
        entities["lei:21380068P1DRHMJ8KU70"]
        .properties["noDirectParent"][0]
        .startswith("NO_KNOWN_PERSON: ")
    )
