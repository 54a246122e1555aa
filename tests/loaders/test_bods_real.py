"""The standard's own examples and test files give the totals that a plain reading gives."""

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from spillover.graph.schema import Relation
from spillover.graph.stake import Stake
from spillover.loaders.context import Options
from spillover.loaders.run import Report, run
from tests.graph.small import content
from tests.loaders.hostile import assert_one_line

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "bods"
GLEIF = REAL.parent / "gleif" / "golden_copy_samples" / "fixtures"
INVALID = REAL / "v0.4" / "tests" / "data" / "invalid-statements"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real files of BODS are not here")


def plain(*paths: Path) -> list[dict[str, Any]]:
    """Every statement of the files, by the standard library's JSON."""
    found: list[dict[str, Any]] = []
    for path in paths:
        for file in sorted(path.rglob("*.json")) if path.is_dir() else [path]:
            data = json.loads(file.read_text(encoding="utf-8"))
            found += data if isinstance(data, list) else [data]
    return found


def loaded(folder: Path, *paths: Path, tolerance: float = 0.0) -> tuple[Report, list[Relation]]:
    graph = folder / "graph.db"
    report = run(graph, "bods", paths, options=Options(tolerance=tolerance))
    return report, [relation for relation, _ in content(graph)[2]]


def claims(statements: list[dict[str, Any]]) -> int:
    """How many claims relationship statements make: one for each interest, or one."""
    return sum(len(s.get("interests") or [1]) for s in statements)


@pytest.mark.parametrize(
    ("version", "level"), [("0.2", "interestLevel"), ("0.3", "directOrIndirect")]
)
def test_examples_before_0_4(tmp_path: Path, version: str, level: str) -> None:
    """99 statements; the one that is replaced stands in two files, some stand in several."""
    found = plain(REAL / f"v{version}-examples")
    once = {json.dumps(s, sort_keys=True): s for s in found}
    replaced = {i for s in found for i in s.get("replacesStatements", [])}
    standing = [s for s in once.values() if s["statementID"] not in replaced]
    links = [s for s in standing if s["statementType"] == "ownershipOrControlStatement"]
    report, relations = loaded(tmp_path, REAL / f"v{version}-examples")
    assert report.tally.read == len(found) == 99
    assert report.tally.quarantined == 0
    assert len(relations) == claims(links)
    indirect = sum(
        i.get(level) == "indirect" or (i.get(level) != "direct" and "componentStatementIDs" in s)
        for s in links
        for i in s.get("interests", [])
    )
    assert sum(r.reported_indirect for r in relations) == indirect > 0
    exact = Counter(
        i["share"]["exact"]
        for s in links
        for i in s.get("interests", [])
        if "exact" in i.get("share", {})
    )
    assert (
        Counter(r.stake.low // 1_000_000 for r in relations if r.stake and r.stake.exact) == exact
    )
    denied = [r for r in relations if r.evidence.stance == "denies"]
    reasons = [s["interestedParty"].get("unspecified", {}).get("reason", "") for s in links]
    assert len(denied) == sum("eneficial" in reason for reason in reasons) == 1


def test_examples_of_0_4(tmp_path: Path) -> None:
    """The last statement of each record stands: by its date, then by its place."""
    found = plain(REAL / "v0.4" / "examples")
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for s in found:
        key = (s["recordType"], s["recordId"])
        if key not in last or s["statementDate"] >= last[key]["statementDate"]:
            last[key] = s
    report, relations = loaded(tmp_path, REAL / "v0.4" / "examples")
    assert report.tally == (119, len(last), 119 - len(last), 0, 0) == (119, 97, 22, 0, 0)
    links = [s["recordDetails"] for s in last.values() if s["recordType"] == "relationship"]
    assert len(relations) == claims(links)
    interests = Counter(i["type"] for s in links for i in s.get("interests", []) if "type" in i)
    assert sum(r.basis == "capital" for r in relations) == interests["shareholding"]
    assert sum(r.basis == "votes" for r in relations) == interests["votingRights"]
    assert (
        sum(r.kind == "DIRECTS" for r in relations)
        == interests["boardMember"] + interests["boardChair"]
    )
    assert {r.evidence.record for r in relations if r.end} == {
        s["statementId"]
        for s in last.values()
        if s["recordType"] == "relationship" and s["recordStatus"] == "closed"
    }


def test_a_state_owned_firm_of_finland(tmp_path: Path) -> None:
    """76.5 % through a holding and 23.5 % directly; the state's 100 % repeats both."""
    _, relations = loaded(tmp_path, REAL / "v0.4" / "examples" / "bods-package-fi-soe.json")
    found = {(r.source, r.target, r.reported_indirect): r.stake for r in relations}
    firm, holding = "bods:19f1c5afe9d7", "bods:0199c515a699"
    ministry, state = "bods:7ff95ba3682c", "bods:05ce06ec97b1"
    assert found == {
        (holding, firm, False): Stake(76_500_000, 76_500_000),
        (ministry, holding, False): Stake(100_000_000, 100_000_000),
        (ministry, firm, False): Stake(23_500_000, 23_500_000),
        (state, ministry, False): None,
        (state, firm, True): Stake(100_000_000, 100_000_000),
    }


def test_300_statements(tmp_path: Path) -> None:
    file = REAL / "v0.4" / "lib-cove-bods_sample_300_statements.json"
    kinds = Counter(s["recordType"] for s in plain(file))
    report, relations = loaded(tmp_path, file)
    assert report.tally == (300, 300, 0, 0, 0)
    assert report.entities == kinds["entity"] + kinds["person"] == 200
    assert len(relations) == kinds["relationship"] == 100
    assert {r.stake for r in relations} == {Stake(100_000_000, 100_000_000)}


def test_gleif_as_bods_goes_by_the_lei(tmp_path: Path) -> None:
    folder = REAL / "v0.4-gleif" / "tests" / "data" / "valid-statements"
    names = ("LEI_retired", "Relationship_updated", "Relationship_deleted", "Repex_deletion")
    report, relations = loaded(tmp_path, *(folder / f"{name}.json" for name in names))
    assert report.tally.quarantined == 0
    found = {(r.source, r.target): (r.end, r.evidence.stance) for r in relations}
    assert found["lei:784F5XWPLTWKTBV3E584", "lei:OFIZ7W1WYFJC3YYSG330"] == (
        "2024-07-07",
        "asserts",
    )
    entities = {e.id: e for e in content(tmp_path / "graph.db")[1]}
    assert entities["lei:984500F41LD86971HC57"].properties["recordStatus"] == ("closed 2024-07-07",)


@pytest.mark.skipif(not GLEIF.is_dir(), reason="the real files of GLEIF are not here")
def test_gleif_as_bods_of_0_2(tmp_path: Path) -> None:
    """As another programme wrote it from the same files that the gleif loader reads."""
    files = sorted(GLEIF.glob("*-out.json"))
    report, _ = loaded(tmp_path, *files)
    assert report.tally.read == len(plain(*files))
    assert report.tally.quarantined == 0


def test_valid_statements_are_read_without_a_complaint(tmp_path: Path) -> None:
    """Each file by itself: nothing is set aside, no code and no field is unknown."""
    folder = REAL / "v0.4" / "tests" / "data" / "valid-statements"
    for number, file in enumerate(sorted(folder.glob("*.json"))):
        (tmp_path / str(number)).mkdir()
        report, _ = loaded(tmp_path / str(number), file)
        assert report.tally.quarantined == report.tally.ignored == 0, file.name
        odd = [a for a in report.audits if a.what.startswith(("unknown", "not a"))]
        assert odd == [], file.name


ACCEPTED = {
    "not asked for here": (
        "entity_isComponent_missing entity_missing_declarationSubject"
        " entity_public_listing_has_public_listing_missing"
        " entity_recordDetails_missing_isComponent entity_statementDate_missing"
        " entity_unspecified_entity_no_reason person_isComponent_missing"
        " person_politicalExposure_no_status publication_details_publisher_no_bods_version"
        " publication_details_publisher_no_publication_date"
        " publication_details_publisher_no_publisher relationship_isComponent_missing"
        " statement_declarationSubject_missing statement_statementDate_missing"
        " entity_security_listing_no_jurisdiction entity_security_listing_no_security"
        " entity_security_listing_no_stock_exchange entity_address_country_no_name"
        " entity_jurisdiction_missing_name"
    ),
    "ignored by name": (
        "publication_details_date_not_date publication_details_date_not_string"
        " publication_details_license_not_string publication_details_license_not_uri"
        " publication_details_publisher_url_not_string publication_details_publisher_url_not_uri"
        " publication_details_version_not_string publication_details_version_not_version"
        " statement_annotations.statementPointerTarget_missing"
        " statement_annotations_createdBy_name_string statement_annotations_createdBy_no_object"
        " statement_annotations_createdBy_uri statement_annotations_creationDate"
        " statement_annotations_motivation_missing"
        " statement_annotations_statementPointerTarget_type"
        " statement_annotations_transformedContent_not_string"
        " statement_annotations_transformedContent_wrong_motivation"
        " statement_annotations_url_linking_missing statement_declarationSubject_string"
        " statement_declaration_not_string person_PepStatusDetails_source_no_object"
    ),
    "kept as it is printed": (
        "entity_identifiers_uri_format entity_public_listing_company_filings_not_uri"
        " entity_uri_format statement_annotations_url_format statement_source_assertedBy_uri"
        " statement_source_url entity_security_stock_jurisdiction_too_long"
        " entity_security_stock_jurisdiction_too_short statement_statementId_too_long"
        " statement_statementId_too_short publication_details_publisher_name_not_string"
    ),
    "read as another version or form writes it": (
        "entity_type_not_object entity_address_country_no_object statements_not_array"
        " entity_address_country_code_3chars entity_jurisdiction_code_3chars"
        " person_names_fullName_missing"
    ),
    "an address of the other kind": (
        "entity_addressType_placeOfBirth person_addresses_birthplace person_addresses_type"
    ),
    "a year where a day belongs": (
        "entity_formed_by_statute_date_year_only entity_founding_date_not_date"
        " entity_statementDate_format relationship_interests_end_date_dateformat"
        " statement_statementDate_not_date_string"
    ),
}
"""Files that the standard's schema refuses and this loader has a reason to read in silence."""


BESIDE = {"described by nobody", "entity without a name", "person without a name"}
"""Signals of what most of these files leave out and the standard lets them."""


def test_invalid_statements_are_set_aside_or_signalled(tmp_path: Path) -> None:
    """Every file that the standard's own list calls invalid, but those that are accepted above."""
    with (INVALID / "expected_errors.csv").open(encoding="utf-8", newline="") as stream:
        named = {row[0].strip() for row in csv.reader(stream)}
    silent = set()
    for number, file in enumerate(sorted(INVALID.glob("*.json"))):
        (tmp_path / str(number)).mkdir()
        report, _ = loaded(tmp_path / str(number), file, tolerance=1.0)
        for one in report.quarantined:
            assert_one_line(one.reason)
        told = [a for a in report.audits if a.what not in BESIDE]
        if not report.quarantined and not told:
            silent.add(file.stem)
    assert {path.name for path in INVALID.glob("*.json")} <= named | {"statements_not_array.json"}
    accepted = {name for names in ACCEPTED.values() for name in names.split()}
    assert silent == accepted
