"""Is every proof enough for its verdict, with nothing to spare."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.queries.asking import ask
from tests.queries.checker import flaws, overstated
from tests.queries.worlds import HALF, World, world

SEEDS = st.integers(0, 2**32)
RICH = SEEDS.map(lambda seed: world(seed, rich=True, consistent=seed % 2 == 0))


@given(RICH)
@settings(max_examples=300, deadline=None)
def test_every_proof_proves_and_nothing_in_it_can_be_dropped(case: World) -> None:
    for result in ask(case.claims, *case.targets, of=case.others).values():
        if result.verdict == "blocked":
            assert flaws(result, case.targets, HALF) == []
            assert overstated(result.proof, case.claims) == []


@given(RICH)
@settings(max_examples=100, deadline=None)
def test_an_undetermined_proof_stands_on_claims_that_count(case: World) -> None:
    for result in ask(case.claims, *case.targets, of=case.others).values():
        if result.verdict == "undetermined":
            assert result.proof
            assert {claim.target.id for claim in result.proof} >= {result.entity.id}
            assert all(claim.standing == "counted" for claim in result.proof)


def test_the_proof_runs_from_the_target_down() -> None:
    # X -60-> A -30-> C, X -70-> B -40-> C: neither chain alone is enough.
    text = "A > C 30\nB > C 40\nX > A 60\nX > B 70\nX > C 10"
    proof = ask(text, "X")["C"].proof
    assert [(claim.source.id, claim.target.id) for claim in proof] == [
        ("X", "A"),
        ("X", "B"),
        ("B", "C"),
        ("A", "C"),
    ]


def test_one_repeated_chain_is_a_shorter_proof_than_the_chain() -> None:
    text = "X > A 60\nA > B 30\nX > B 30\nX > B 51 indirect"
    assert [claim.stake_text for claim in ask(text, "X")["B"].proof] == ["51"]


def test_of_equally_many_holdings_those_nearest_to_the_target_are_taken() -> None:
    text = "X > A 60\nA > B 60\nX > C 60\nB > C 60"
    assert [claim.source.id for claim in ask(text, "X")["C"].proof] == ["X"]


def test_a_circle_is_no_part_of_its_own_proof() -> None:
    # A -40-> B -100-> A, X -50-> A: B follows from A, and A must not follow from B.
    answer = ask("X > A 50\nB > A 50\nA > B 100", "X")
    assert [claim.source.id for claim in answer["A"].proof] == ["X"]
    assert [claim.source.id for claim in answer["B"].proof] == ["X", "A"]
    assert answer["A"].share == (100_000_000, 100_000_000)


def test_a_claim_that_two_proofs_need_is_in_both() -> None:
    answer = ask("X > A 60\nA > B 60\nA > C 60", "X")
    assert answer["B"].proof[0] == answer["C"].proof[0]


def test_without_a_verdict_the_holdings_of_blocked_persons_are_shown() -> None:
    result = ask("X > A 60\nA > B 20-30\nX > B 10\nZ > B 60", "X")["B"]
    assert result.verdict == "not_blocked"
    assert {claim.stake_text for claim in result.proof} == {"20-30", "10"}
