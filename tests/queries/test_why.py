"""Does the answer to "why" lead step by step to the verdict?"""

from __future__ import annotations

import pytest

from spillover.graph.errors import InputError
from spillover.queries.conditions import conditions
from spillover.queries.why import Why, why
from tests.graphs import opened
from tests.queries.asking import DAY

# OFAC FAQ 401, example 3: 10 directly and 40 through A, of which X owns half.
FAQ_401_3 = "X > A 50\nX > B 10\nA > B 40"


def steps(answer: Why) -> list[tuple[str, list[str]]]:
    return [
        (step.about.id, [f"{c.source.id} {c.stake_text}" for c in step.claims])
        for step in answer.steps
    ]


def asked(items: str, entity: str, rule_id: str = "us-ofac-50", *, open_world: bool = False) -> Why:
    with opened(items) as graph:
        return why(graph, entity, ["X"], conditions(DAY), rule_id=rule_id, open_world=open_world)


def test_owners_are_proved_before_what_they_own() -> None:
    answer = asked(FAQ_401_3, "B")
    assert answer.verdict.verdict == "blocked"
    assert steps(answer) == [("A", ["X 50"]), ("B", ["A 40", "X 10"])]


def test_a_claim_that_is_not_needed_is_in_no_step() -> None:
    answer = asked("X > A 60\nX > C 70\nC > A 30", "A")
    assert steps(answer) == [("A", ["X 60"])]


def test_undetermined_shows_two_completions_that_disagree() -> None:
    # X holds 15 to 30 of B, and A, which X owns, 20 to 40: with all at their least 35 < 50;
    # 50 is reached when A's share is 35.
    answer = asked("X > A 60\nA > B 20-40\nX > B 15-30", "B")
    (value,) = answer.verdict.completions
    assert value.owner is not None
    assert (value.owner.id, value.asset.id) == ("A", "B")
    assert (value.lower, value.upper) == (20_000_000, 35_000_000)


def test_not_blocked_shows_the_most_that_can_be_held() -> None:
    # Y holds at least 55, so X holds at most 45 although its own claim says up to 60.
    answer = asked("X > A 10-60\nY > A 55", "A")
    assert answer.verdict.verdict == "not_blocked"
    assert answer.verdict.share.high == 45_000_000
    assert steps(answer) == [("A", ["X 10-60"])]


def test_undisclosed_owners_can_be_anybody_where_that_is_asked() -> None:
    closed, free = asked("X > A 40", "A"), asked("X > A 40", "A", open_world=True)
    assert closed.verdict.verdict == "not_blocked"
    assert closed.verdict.undisclosed.low == closed.verdict.undisclosed.high == 60_000_000
    assert free.verdict.verdict == "undetermined"
    (value,) = free.verdict.completions
    assert (value.owner, value.lower, value.upper) == (None, 0, 10_000_000)


def test_control_is_a_ground_of_its_own() -> None:
    # SI 2019/855, regulation 7(2)(c): the right to appoint most of the board is enough.
    answer = asked("X CONTROLS A basis=board\nA > B 51", "B", "uk-ofsi")
    assert [(s.about.id, s.claims[0].kind) for s in answer.steps] == [
        ("A", "CONTROLS"),
        ("B", "OWNS"),
    ]
    assert asked("X CONTROLS A basis=board", "A", "uk-ofsi").verdict.ground == "control"


def test_whoever_acts_for_a_listed_person_comes_after_the_proof_of_that_person() -> None:
    answer = asked("X > A 60\nB REPRESENTS A", "B", "eu-833-art5")
    assert answer.verdict.ground == "acting for"
    assert [step.about.id for step in answer.steps] == ["A", "B"]


def test_a_target_is_designated_and_not_reached() -> None:
    with pytest.raises(InputError, match="X is one of the targets"):
        asked(FAQ_401_3, "X")
