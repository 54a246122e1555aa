"""Do verdicts under us-ofac-50 equal those that OFAC and others published.

The tables of the FAQs stand in tests/data, written by hand in the format that users write.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from spillover.graph.schema import Relation
from spillover.graph.session import Graph
from spillover.graph.stake import parse_stake
from spillover.loaders.run import run
from spillover.queries.blocked import Blocked, blocked
from spillover.queries.conditions import conditions
from tests.queries.asking import ask

DATA: Final = Path(__file__).parents[1] / "data"
CASES: Final = Path(__file__).parents[2].parent / "shared" / "cases" / "published_cases.json"
X: Final = "Blocked Person X"


def answer(
    tmp_path: Path, *tables: str, targets: tuple[str, ...] = (X,), day: str = "2024-01-01"
) -> Blocked:
    """The answer on tables of tests/data, loaded as a user loads them."""
    path = tmp_path / "graph.db"
    run(path, "table", [DATA / f"{table}.csv" for table in tables])
    with Graph(path) as graph:
        return blocked(graph, targets, conditions(day))


def said(found: Blocked) -> dict[str, tuple[str, int]]:
    """Verdict and least attributed share in percent, by name."""
    return {
        result.entity.name: (result.verdict, result.share.low // 10**6) for result in found.results
    }


class TestFaq401:
    """ "Indirectly": ownership through entities that are 50 percent or more owned."""

    def test_example_1_halves_of_halves_are_not_multiplied(self, tmp_path: Path) -> None:
        found = answer(tmp_path, "ofac_faq_401_1")
        assert said(found) == {"Entity A": ("blocked", 50), "Entity B": ("blocked", 50)}
        assert all("boundary" in result.flags for result in found.results)

    def test_example_2_two_quarters_through_two_blocked_entities(self, tmp_path: Path) -> None:
        found = answer(tmp_path, "ofac_faq_401_2")
        assert said(found)["Entity C"] == ("blocked", 50)
        assert found.counts == {"blocked": 3, "undetermined": 0, "not_blocked": 0}

    def test_example_3_ten_directly_and_forty_through_a_blocked_entity(
        self, tmp_path: Path
    ) -> None:
        found = answer(tmp_path, "ofac_faq_401_3")
        assert said(found)["Entity B"] == ("blocked", 50)
        proof = {r.entity.name: [c.stake_text for c in r.proof] for r in found.results}
        assert proof["Entity B"] == ["50", "40", "10"]

    def test_entities_below_half_pass_nothing_on(self, tmp_path: Path) -> None:
        # X "is not considered to indirectly own any of Entity C through its part ownership of
        # Entities A or B" (FAQ 401, quoted in lexology.com g=5610d602).
        found = answer(tmp_path, "ofac_faq_401_below")
        assert said(found) == {"Entity A": ("not_blocked", 25), "Entity B": ("not_blocked", 25)}


def test_faq_399_blocked_persons_are_added_up(tmp_path: Path) -> None:
    found = answer(tmp_path, "ofac_faq_399", targets=(X, "Blocked Person Y"))
    assert said(found) == {"Entity A": ("blocked", 50)}
    alone = answer(tmp_path, "ofac_faq_399")
    assert said(alone) == {"Entity A": ("not_blocked", 25)}


def test_faq_398_control_without_ownership_calls_for_caution(tmp_path: Path) -> None:
    found = answer(tmp_path, "ofac_faq_398", "ofac_faq_398_links").results[0]
    assert (found.verdict, found.entity.name) == ("not_blocked", "Entity A")
    assert {"caution_control", "caution_minority"} <= set(found.flags)
    assert [claim.kind for claim in found.cautions] == ["CONTROLS"]


def test_faq_400_a_blocked_signatory_does_not_block_the_entity(tmp_path: Path) -> None:
    found = answer(tmp_path, "ofac_faq_400_links").results[0]
    assert (found.verdict, found.share.high, found.flags) == (
        "not_blocked",
        0,
        ("caution_representation",),
    )
    assert {claim.kind for claim in found.cautions} == {"DIRECTS", "REPRESENTS"}


@pytest.mark.parametrize(
    ("day", "verdict"), [("2016-06-30", "blocked"), ("2016-07-01", "not_blocked")]
)
def test_faq_402_a_sale_below_half_ends_it(tmp_path: Path, day: str, verdict: str) -> None:
    assert answer(tmp_path, "ofac_faq_402", day=day).results[0].verdict == verdict


def test_faq_573_the_interest_of_the_blocked_person_is_blocked(tmp_path: Path) -> None:
    found = answer(tmp_path, "ofac_faq_573").results[0]
    assert (found.verdict, found.share.low) == ("not_blocked", 49_000_000)
    assert "interest_blocked" in found.flags


def published() -> list[dict[str, Any]]:
    """The rows of this rule; none where the file is not there."""
    if not CASES.exists():
        return []
    rows: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))
    return [row for row in rows if row["rule"] == "OFAC-50"]


def claims(row: dict[str, Any]) -> list[Relation]:
    """The claims that a published case states."""
    found = [
        Relation("OWNS", link["owner"], link["owned"], parse_stake(link["percent"]), "capital")
        for link in row["owners"]
    ]
    found += [
        Relation("CONTROLS", link["controller"], link["controlled"])
        for link in row.get("controls", ())
    ]
    found += [
        Relation("REPRESENTS", link["person"], link["entity"]) for link in row.get("acts_for", ())
    ]
    return found


EXPECTED_FLAGS: Final = {
    "ofac-398-control": "caution_control",
    "ofac-400-signatory": "caution_representation",
    "ofac-573-us-company": "interest_blocked",
}


@pytest.mark.skipif(not CASES.exists(), reason=f"no {CASES}: it stands beside the checkout")
def test_all_published_cases_are_there() -> None:
    assert len(published()) == 13
    assert EXPECTED_FLAGS.keys() == {row["id"] for row in published() if "expected_flags" in row}


@pytest.mark.parametrize("row", published(), ids=lambda row: f"{row['id']}: {row['source_title']}")
def test_published_case(row: dict[str, Any]) -> None:
    found = ask(claims(row), *row["designated"])
    assert {name: found[name].verdict for name in row["expected"]} == row["expected"]
    for name, percent in row.get("expected_attributed", {}).items():
        assert found[name].share == parse_stake(str(percent))
    if row["id"] in EXPECTED_FLAGS:
        (result,) = found.values()
        assert EXPECTED_FLAGS[row["id"]] in result.flags
    for moment, expected in row.get("expected_at", {}).items():
        history = [
            claim for claim in row["history"] if ("until" in claim) == (moment == "before_t1")
        ]
        then = ask(claims({"owners": history}), *row["designated"])
        assert {name: then[name].verdict for name in expected} == expected
