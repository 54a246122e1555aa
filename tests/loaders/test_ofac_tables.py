"""The code tables of the OFAC loader fit each other, the rules and the sample files."""

from pathlib import Path

import pytest

from spillover.graph.schema import KINDS, SCHEMATA
from spillover.loaders.detect import detect
from spillover.loaders.manifest import manifest
from spillover.loaders.ofac.dates import american, dated, iso, period, period_of, printed
from spillover.queries.rulebook import rule
from tests.loaders.ofac_loads import DATA, REAL

TABLES = manifest("ofac").tables
LABELS = ("identifiers", "properties", "countries", "dates", "families")


def test_every_programme_that_is_used_has_a_title() -> None:
    used = {*TABLES["lists"].values(), *TABLES["specific"].values(), *TABLES["directives"].values()}
    assert used == set(TABLES["programmes"])


def test_rules_start_from_the_keys_that_the_loader_writes() -> None:
    """Every key of OFAC's rules is one of the loader; other rules may start from other lists."""
    for name in ("us-ofac-50", "us-ofac-ssi", "us-ns-cmic", "us-ns-mbs", "us-ethiopia"):
        assert set(rule(name).programmes) <= set(TABLES["programmes"])
    affiliates = rule("us-bis-affiliates")
    own = {key for key in affiliates.programmes if not key.startswith("US-BIS-")}
    assert own == set(TABLES["specific"].values()) - {"US-ETHIOPIA"}


def test_a_label_stands_in_one_table_and_a_spelling_leads_to_a_label() -> None:
    known = [label for table in LABELS for label in TABLES[table]]
    assert len(known) == len(set(known))
    assert set(TABLES["spellings"].values()) <= set(known)
    assert not set(TABLES["spellings"]) & set(known)
    for table in ("legacy_labels", "legacy_measures", "legacy_values", "ties"):
        assert set(TABLES[table]) <= set(known), table
    assert set(TABLES["legacy_dates"]) <= set(TABLES["legacy_labels"])


def test_every_list_that_a_legacy_file_implies_is_a_list() -> None:
    implied = [
        TABLES[table].values() for table in ("legacy_tags", "legacy_measures", "legacy_labels")
    ]
    implied += [starts.values() for starts in TABLES["legacy_values"].values()]
    assert {name for names in implied for name in names} <= set(TABLES["lists"])
    assert TABLES["umbrella"] in TABLES["lists"]


def test_kinds_and_schemata_exist() -> None:
    kinds = {entry["kind"] for entry in TABLES["relations"].values()} | set(TABLES["ties"].values())
    assert kinds | {"DESIGNATES"} == set(manifest("ofac").emits)
    assert kinds <= set(KINDS)
    assert {*TABLES["kinds"].values(), *TABLES["targets"].values()} <= set(SCHEMATA)
    assert {entry["source"] for entry in TABLES["relations"].values()} == {"from", "to"}


@pytest.mark.parametrize("folder", [DATA, REAL], ids=["samples", "real"])
def test_the_files_are_known_by_their_content(folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here")
    found = detect([folder])
    assert {taken.loader for taken in found.found} == {"ofac"}
    assert {part.name for part, _ in found.unknown} <= {"dat_spec.txt"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 Dec 1948", "1948-12-10"),
        ("1 Sept 2001", "2001-09-01"),
        ("Dec 1948", "1948-12"),
        ("1948", "1948"),
        ("1948-12-10", "1948-12-10"),
        ("31 Feb 2001", ""),
        ("10 Foo 1948", ""),
        ("10 1948", ""),
        ("1948 to 1950", ""),
        ("१९४८", ""),
        ("", ""),
    ],
)
def test_dates_as_ofac_prints_them(text: str, expected: str) -> None:
    assert iso(text) == expected
    assert dated(text) is (bool(expected) or text == "1948 to 1950")


def test_ranges_and_estimates_keep_their_words() -> None:
    assert printed("circa 1970") == "circa 1970"
    assert printed("circa 03 Mar 1970 to Apr 1972") == "circa 1970-03-03 to 1972-04"
    assert printed("long ago") == "long ago"
    assert american("3/4/2022") == "2022-03-04"
    assert american("13/13/2022") == american("2022-03-04") == ""


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("1962-01-01", "1962-12-31", "1962"),
        ("1962-05-01", "1962-05-31", "1962-05"),
        ("1962-05-07", "1962-05-07", "1962-05-07"),
        ("1958-01-01", "1962-12-31", "1958 to 1962"),
        ("1958-01-01", "1962-12-30", "1958-01-01 to 1962-12-30"),
    ],
)
def test_a_period_is_the_shortest_date_that_covers_it(low: str, high: str, expected: str) -> None:
    def day(text: str) -> list[dict[str, list[str]]]:
        return [dict(zip(("Year", "Month", "Day"), ([p] for p in text.split("-")), strict=True))]

    bounds = {"Start": [{"From": day(low)}], "End": [{"To": day(high)}]}
    assert period(bounds) == expected
    assert period_of({"fromDateBegin": [low], "toDateEnd": [high]}) == expected
    assert period({}) == period_of({}) == ""
