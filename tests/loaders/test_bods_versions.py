"""Only the last version of a record stands, whatever the order of its statements."""

from pathlib import Path
from typing import Any

import pytest

from spillover.graph.stake import Stake
from tests.loaders.bods_loads import loaded, relationship


def versions(*dates: tuple[str, str, int]) -> list[dict[str, Any]]:
    """Statements of one relationship: (date, status, share)."""
    return [
        {
            **relationship({"type": "shareholding", "share": {"exact": share}}),
            "statementId": f"version-{number}",
            "statementDate": date,
            "recordStatus": status,
        }
        for number, (date, status, share) in enumerate(dates)
    ]


@pytest.mark.parametrize(
    ("dates", "share", "end"),
    [
        ([("2020-01-01", "new", 10), ("2021-01-01", "updated", 20)], 20, None),
        ([("2021-01-01", "updated", 20), ("2020-01-01", "new", 10)], 20, None),  # any order
        ([("2021-01-01", "updated", 20), ("2021-01-01", "new", 10)], 20, None),  # one day
        ([("2021-01-01", "updated", 20), ("2021-01-01", "updated", 30)], 30, None),  # the last
        ([("2021-01-01T10:00:00Z", "new", 1), ("2021-01-01T09:00:00Z", "new", 2)], 1, None),
        ([("2020-01-01", "new", 10), ("2021-01-01", "closed", 20)], 20, "2021-01-01"),
        ([("2021-01-01", "closed", 10), ("2021-01-01", "updated", 20)], 10, "2021-01-01"),
    ],
)
def test_only_the_last_version_of_a_record_stands(
    tmp_path: Path, dates: list[tuple[str, str, int]], share: int, end: str | None
) -> None:
    found = loaded(tmp_path, *versions(*dates))
    assert found.report.tally == (2, 1, 1, 0, 0)
    (claim,) = found.relations
    assert (claim.stake, claim.end) == (Stake(share * 1_000_000, share * 1_000_000), end)


def older_statement(name: str, *replaces: str) -> dict[str, Any]:
    return {
        "statementID": name,
        "statementType": "entityStatement",
        "entityType": "registeredEntity",
        "name": name,
        "replacesStatements": list(replaces),
    }


def test_statements_that_replace_each_other_all_stand(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, older_statement("a", "b"), older_statement("b", "a"), older_statement("c", "c")
    )
    assert found.report.tally.merged == 0
    assert {e.id: e.name for e in found.entities.values()} == {
        "bods:a": "a",
        "bods:b": "b",
        "bods:c": "c",
    }
    assert found.audits() == {("statements replace each other", key): 1 for key in "abc"}


def test_a_chain_of_statements_is_one_entity_and_a_split_is_two(tmp_path: Path) -> None:
    """a, then b, then c are one; d became e and f, which are two others."""
    found = loaded(
        tmp_path,
        older_statement("c", "b"),
        older_statement("b", "a"),
        older_statement("a"),
        older_statement("d"),
        older_statement("e", "d"),
        older_statement("f", "d"),
    )
    assert {e.id: e.name for e in found.entities.values()} == {
        "bods:a": "c",
        "bods:e": "e",
        "bods:f": "f",
    }


def test_two_statements_under_one_id_are_both_kept(tmp_path: Path) -> None:
    """As in the standard's own example of joint ownership in 0.2."""
    first = older_statement("firm")
    links = [
        {
            "statementID": "twice",
            "statementType": "ownershipOrControlStatement",
            "subject": {"describedByEntityStatement": "firm"},
            "interestedParty": {"describedByPersonStatement": person},
            "interests": [{"type": "shareholding", "share": {"exact": 50}}],
        }
        for person in ("ann", "bob")
    ]
    found = loaded(tmp_path, first, *links)
    assert [r.source for r in found.relations] == ["bods:ann", "bods:bob"]


def test_a_long_chain_of_replacements_does_not_crash(tmp_path: Path) -> None:
    chain = [older_statement("0"), *(older_statement(str(n), str(n - 1)) for n in range(1, 3000))]
    found = loaded(tmp_path, *chain)
    assert found.report.tally == (3000, 1, 2999, 0, 0)
    assert found.entities["bods:0"].name == "2999"
