"""Are rules set side by side, and is the reason for each difference the right one?"""

from __future__ import annotations

import pytest

from spillover.queries.compare import FIRST, PARTS, Comparison, compare
from spillover.queries.conditions import conditions
from spillover.queries.rulebook import rule, rule_ids
from tests.graphs import opened


def asked(items: str, *targets: str, day: str = "2026-08-01") -> Comparison:
    with opened(items) as graph:
        return compare(graph, targets, conditions(day))


def cell(answer: Comparison, entity: str, rule_id: str) -> tuple[str, tuple[str, ...]]:
    row = next(row for row in answer.rows if row.entity.id == entity)
    found = next(cell for cell in row.cells if cell.rule == rule_id)
    return found.verdict, found.reasons


def test_every_sanctions_rule_has_a_column_and_the_first_explains_nothing() -> None:
    answer = asked("X > A 60", "X")
    sanctions = {known for known in rule_ids() if rule(known).purpose == "sanctions"}
    assert answer.rules[0].id == FIRST
    assert {law.id for law in answer.rules} == sanctions
    assert cell(answer, "A", FIRST) == ("blocked", ())


@pytest.mark.parametrize(
    ("items", "targets", "rule_id", "verdict", "reasons"),
    [
        # Exactly 50 % is not more than 50 % (SI 2019/855, regulation 7(2)(a)).
        ("X > A 50", "X", "uk-ofsi", "not_blocked", ("threshold",)),
        # 30 and 25 are added up by OFAC (FAQ 399) and not by OFSI (guidance, 4.14).
        ("X > A 30\nY > A 25", "X Y", "uk-ofsi", "not_blocked", ("aggregation",)),
        # A controller of the board owns nothing (FAQ 398), and controls (regulation 7(2)(c)).
        ("X CONTROLS A basis=board", "X", "uk-ofsi", "blocked", ("control",)),
        # The restrictions do not flow down at any share (FAQ 857).
        ("X > A 100", "X", "us-ns-cmic", "not_blocked", ("method",)),
    ],
)
def test_the_reason_is_the_part_that_turns_the_verdict(
    items: str, targets: str, rule_id: str, verdict: str, reasons: tuple[str, ...]
) -> None:
    answer = asked(items, *targets.split())
    assert cell(answer, "A", rule_id) == (verdict, reasons)


def test_a_dated_threshold_differs_before_and_not_after() -> None:
    # Council best practices: more than 50 % until 2 July 2024, 50 % or more from 3 July 2024. Two
    # owners, so that no control is presumed.
    items = "X > A 25\nY > A 25"
    before = asked(items, "X", "Y", day="2024-07-02")
    after = asked(items, "X", "Y", day="2024-07-03")
    assert cell(before, "A", "eu-asset-freeze") == ("not_blocked", ("threshold",))
    assert cell(after, "A", "eu-asset-freeze") == ("blocked", ())


def test_rules_of_unknown_or_other_state_say_so_first() -> None:
    answer = asked("X > A 60", "X", day="2026-11-22")
    assert any("us-bis-affiliates: its state is unknown" in remark for remark in answer.remarks)
    assert not any("us-ofac-50" in remark for remark in answer.remarks)


def test_every_difference_has_a_reason() -> None:
    items = (
        "X > A 50\nX > B 30\nY > B 25\nA > C 20-60\nX CONTROLS D\nX CONTROLS E basis=contract\n"
        "X > F 10\nF > G 90\nX REPRESENTS H\nI REPRESENTS X"
    )
    answer = asked(items, "X", "Y")
    for row in answer.rows:
        for found in row.cells[1:]:
            differs = found.verdict != row.cells[0].verdict
            assert bool(found.reasons) == differs, (row.entity.id, found)
            assert set(found.reasons) <= set(PARTS)
