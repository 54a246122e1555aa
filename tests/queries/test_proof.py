"""Is every proof enough for its verdict, with nothing to spare."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.queries.blocked import Verdict
from spillover.queries.rulebook import rule, rule_ids
from tests.graphs import relations
from tests.queries import checker, stated
from tests.queries.asking import ask
from tests.queries.many import UNSHRUNK, islands, worlds_for
from tests.queries.worlds import World, world

SEEDS = st.integers(0, 2**32)
RICH = SEEDS.map(lambda seed: world(seed, rich=True, consistent=seed % 2 == 0))


@pytest.mark.parametrize("rule_id", rule_ids())
@given(seed=SEEDS)
@settings(max_examples=6, deadline=None, phases=UNSHRUNK, derandomize=True)
def test_every_verdict_of_every_rule_proves_what_it_says(rule_id: str, seed: int) -> None:
    worlds = worlds_for(rule_id, (f"{seed}-{number}" for number in range(15)))
    checked = 0
    for case, island in zip(worlds, islands(worlds, rule_id), strict=True):
        for name, result in island.verdicts.items():
            try:
                flaws = checker.flaws(result, island.world, rule(rule_id), island.first)
            except stated.DoubtfulError:
                continue
            assert not flaws, (flaws, name, case)
            checked += 1
    assert checked


@given(RICH)
@settings(max_examples=300, deadline=None)
def test_every_proof_proves_and_nothing_in_it_can_be_dropped(case: World) -> None:
    law = rule("us-ofac-50")
    for result in ask(case.claims, *case.targets, of=case.others).values():
        assert checker.flaws(result, case, law) == []


@given(RICH)
@settings(max_examples=100, deadline=None)
def test_an_undetermined_proof_stands_on_claims_that_count(case: World) -> None:
    for result in ask(case.claims, *case.targets, of=case.others).values():
        if result.verdict == "undetermined":
            assert result.proof
            assert {claim.target.id for claim in result.proof} >= {result.entity.id}
            assert all(claim.standing == "counted" for claim in result.proof)


class TestTheCheckerFinds:
    """What is wrong on purpose: a checker that finds nothing proves nothing."""

    TEXT = "X > A 60\nA > B 60\nX > B 10\nZ > B 20\nX > C 40-60\nX > D 30"

    def flaws(self, result: Verdict, *, text: str = TEXT) -> list[str]:
        case = World(tuple(relations(text)), ("X",))
        return checker.flaws(result, case, rule("us-ofac-50"))

    def test_nothing_in_true_verdicts(self) -> None:
        found = ask(self.TEXT, "X")
        words = [found[name].verdict for name in "ABCD"]
        assert words == ["blocked", "blocked", "undetermined", "not_blocked"]
        assert not [flaw for result in found.values() for flaw in self.flaws(result)]

    def test_a_proof_that_is_too_small_or_too_large(self) -> None:
        found = ask(self.TEXT, "X")
        short = replace(found["B"], proof=found["B"].proof[1:])
        assert "the proof does not suffice" in self.flaws(short)
        spare = (*found["B"].proof, *found["D"].proof)
        assert any(
            "can be dropped" in flaw for flaw in self.flaws(replace(found["B"], proof=spare))
        )

    def test_a_proof_that_another_claim_contradicts(self) -> None:
        result = ask("X > A 60", "X")["A"]
        for other in ("X > A 40", "X > A denies"):
            assert self.flaws(result, text=f"X > A 60\n{other}") == [
                "another claim says less than one of the proof, or denies it"
            ]

    def test_a_verdict_that_should_be_another(self) -> None:
        found = ask(self.TEXT, "X")
        denied = replace(found["C"], verdict="not_blocked")
        assert self.flaws(denied) == ["it may be reached"]
        doubted = replace(found["A"], verdict="undetermined", completions=())
        assert self.flaws(doubted) == ["the first completion reaches it"]

    def test_completions_that_cannot_be(self) -> None:
        result = ask(self.TEXT, "X")["C"]
        (difference,) = result.completions
        assert (difference.lower, difference.upper) == (40_000_000, 50_000_000)
        for upper in (49_999_999, 60_000_001):
            wrong = (replace(difference, upper=upper),)
            assert self.flaws(replace(result, completions=wrong)) == [
                "the second completion does not reach it"
            ]


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
