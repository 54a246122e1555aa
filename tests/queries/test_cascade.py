"""Are verdicts right: against brute force, and on shares that are unknown, denied or repeated."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Entity
from spillover.graph.stake import WHOLE, Stake
from spillover.queries.blocked import FLAGS, VERDICTS, blocked
from spillover.queries.conditions import conditions
from tests.graphs import opened
from tests.queries import oracle
from tests.queries.asking import DAY, ask, verdicts_of
from tests.queries.worlds import HALF, World, holds, world

SEEDS = st.integers(0, 2**32)
WORLDS = SEEDS.map(world)
LOOSE = SEEDS.map(lambda seed: world(seed, consistent=False))


def percent(low: float, high: float | None = None) -> Stake:
    return Stake(round(low * 10**6), round((low if high is None else high) * 10**6))


@given(WORLDS)
@settings(max_examples=300, deadline=None)
def test_verdicts_equal_those_of_every_completion(case: World) -> None:
    expected = oracle.verdicts(case.claims, case.targets, HALF)
    assume(expected)
    assert verdicts_of(case) == expected


def test_the_oracle_knows_the_examples_that_tell_methods_apart() -> None:
    # RULES.md: A owns 50 % of B and 15 % of C, B owns 70 % of C. OFAC attributes 85 of C to A.
    claims = [holds("A", "B", percent(50)), holds("A", "C", percent(15))]
    claims.append(holds("B", "C", percent(70)))
    assert oracle.verdicts(claims, ["A"], HALF) == {"B": "blocked", "C": "blocked"}
    assert ask(claims, "A")["C"].share == percent(85)
    # A closed circle of cross-holdings never blocks itself: the least fixpoint.
    circle = [holds("B", "C", percent(100)), holds("C", "B", percent(90))]
    circle.append(holds("A", "B", percent(10)))
    assert oracle.verdicts(circle, ["A"], HALF) == {"B": "not_blocked", "C": "not_blocked"}


@given(LOOSE)
@settings(max_examples=150, deadline=None)
def test_contradictory_stakes_are_flagged_and_widen_what_is_possible(case: World) -> None:
    # 60 + 60 of one asset: one of the claims is wrong. Leaving any of them out must not turn a
    # verdict from "not blocked" into "blocked".
    answer = ask(case.claims, *case.targets, of=case.others)
    over = {entity for entity, result in answer.items() if "over_100" in result.flags}
    for entity, result in answer.items():
        share = result.share
        assert 0 <= share.low <= share.high <= WHOLE
        declared = oracle.hulls(case.claims)
        floor = sum(low for (_, asset), (low, _) in declared.items() if asset == entity)
        assert (entity in over) == (floor > WHOLE)
        for owner in case.targets if entity in over else ():
            assert share.high >= min(WHOLE, declared.get((owner, entity), (0, 0))[1])


def test_contradictory_stakes_leave_the_others_no_limit() -> None:
    # Z's 80 % and X's 30 to 60 % cannot both stand. Whichever is wrong, X may hold 60 %.
    result = ask("X > A 30-60\nZ > A 80", "X")["A"]
    assert (result.verdict, result.share) == ("undetermined", percent(30, 60))
    assert "over_100" in result.flags
    # Without the contradiction the rest limits X: 100 less 41 is 59, 100 less 51 is 49.
    assert ask("X > A 30-60\nZ > A 41", "X")["A"].share == percent(30, 59)
    assert ask("X > A 30-60\nZ > A 51", "X")["A"].verdict == "not_blocked"


@pytest.mark.parametrize(
    ("share", "verdict", "boundary"),
    [
        ("50", "blocked", True),
        ("49.999999", "not_blocked", False),
        ("50.000001", "blocked", False),
        ("more than 50", "blocked", False),
        ("less than 50", "not_blocked", False),
        ("25-50", "undetermined", True),
        ("about 50", "undetermined", False),
        ("", "undetermined", False),
    ],
)
def test_the_threshold_is_exact(share: str, verdict: str, boundary: bool) -> None:
    result = ask(f"X > A {share}", "X")["A"]
    assert (result.verdict, "boundary" in result.flags) == (verdict, boundary)


class TestDisagreement:
    def test_claims_of_one_pair_widen_to_their_hull(self) -> None:
        result = ask("X > A 60\nX > A 40", "X")["A"]
        assert (result.verdict, result.share) == ("undetermined", percent(40, 60))
        assert [claim.stake_text for claim in result.proof] == ["60"]

    def test_a_certain_verdict_holds_whichever_is_right(self) -> None:
        result = ask("X > A 60\nX > A 55", "X")["A"]
        assert (result.verdict, result.share) == ("blocked", percent(55, 60))
        assert [claim.stake_text for claim in result.proof] == ["55"]

    def test_a_stated_share_stands_beside_one_that_is_not_stated(self) -> None:
        assert ask("X > A\nX > A 40", "X")["A"].share == percent(40)
        assert ask("X > A", "X")["A"].share == percent(0, 100)

    def test_a_denial_lowers_the_floor_to_zero(self) -> None:
        result = ask("X > A 100\nX > A denies", "X")["A"]
        assert (result.verdict, result.share) == ("undetermined", percent(0, 100))
        assert "denied" in result.flags

    def test_a_denial_alone_is_no_holding(self) -> None:
        assert ask("X > A denies\nX > B 60", "X")["A"].share == percent(0)

    def test_a_denial_of_anothers_holding_leaves_more_room(self) -> None:
        assert ask("X > A\nZ > A 60", "X")["A"].verdict == "not_blocked"
        assert ask("X > A\nZ > A 60\nZ > A denies", "X")["A"].verdict == "undetermined"

    def test_shares_of_votes_say_only_that_there_is_a_holding(self) -> None:
        assert ask("X > A 60 basis=votes", "X")["A"].share == percent(0, 100)
        assert ask("X > A 60 basis=votes\nX > A 30", "X")["A"].share == percent(30)

    def test_stated_control_says_only_that_there_may_be_a_holding(self) -> None:
        result = ask("X CONTROLS A", "X")["A"]
        assert (result.verdict, result.share) == ("undetermined", percent(0, 100))
        assert "caution_control" in result.flags
        assert ask("X CONTROLS A\nX > A 30", "X")["A"].verdict == "not_blocked"
        assert ask("X CONTROLS A\nZ > A 60", "X")["A"].verdict == "not_blocked"
        assert ask("X CONTROLS A denies\nX > A 1", "X")["A"].share == percent(1)


class TestRepeatedChains:
    """``reported_indirect``: another route to the same share."""

    def test_it_is_never_summed_with_a_direct_holding(self) -> None:
        # X holds A's 30 % through B; the report repeats them. 30 + 30 would block.
        assert ask("X > B 100\nB > A 30\nX > A 30 indirect", "X")["A"].verdict == "not_blocked"

    def test_the_larger_of_the_two_counts(self) -> None:
        held = ask("X > B 100\nB > A 30\nX > A 60 indirect", "X")["A"]
        assert (held.verdict, held.share.low) == ("blocked", 60_000_000)
        assert ask("X > B 100\nB > A 60\nX > A 30 indirect", "X")["A"].share.low == 60_000_000

    def test_layers_of_one_block_count_once(self) -> None:
        layers = "X > A 40 indirect block=b\nY > A 40 indirect block=b"
        assert ask(layers, "X", "Y")["A"].share == percent(40)

    def test_different_blocks_may_be_different_shares(self) -> None:
        layers = "X > A 40 indirect block=b\nY > A 40 indirect block=c"
        result = ask(layers, "X", "Y")["A"]
        assert (result.verdict, result.share) == ("undetermined", percent(40, 80))
        assert len(result.proof) == 2

    def test_without_a_block_each_owner_is_its_own(self) -> None:
        result = ask("X > A 30 indirect\nY > A 30 indirect", "X", "Y")["A"]
        assert (result.verdict, result.share) == ("undetermined", percent(30, 60))

    def test_a_pair_in_two_blocks_is_in_neither(self) -> None:
        text = "X > A 30 indirect block=b\nX > A 40 indirect block=c\nY > A 30 indirect block=b"
        assert ask(text, "X", "Y")["A"].share.high == 70_000_000

    def test_it_takes_no_room_from_others(self) -> None:
        assert ask("X > A\nZ > A 60 indirect", "X")["A"].verdict == "undetermined"


class TestAnswer:
    TEXT = "X > A 60\nX > B 40-60\nX > C 10\nA > D 100\nX > E 60-70"

    def test_results_come_by_verdict_then_share_and_counts_are_of_all(self) -> None:
        with opened(self.TEXT) as graph:
            when = conditions(DAY)
            answer = blocked(graph, ["X"], when)
            two = blocked(graph, ["X"], when, limit=2)
        assert [result.entity.id for result in answer.results] == ["D", "E", "A", "B", "C"]
        assert answer.counts == dict(zip(VERDICTS, (3, 1, 1), strict=True)) == two.counts
        assert [result.entity.id for result in two.results] == ["D", "E"]

    def test_only_those_asked_for(self) -> None:
        assert set(ask(self.TEXT, "X", of=["D", "C"])) == {"D", "C"}

    def test_targets_are_no_results(self) -> None:
        assert set(ask("X > Y 100\nY > X 100\nX > A 50", "X", "Y")) == {"A"}

    def test_nobody_reached(self) -> None:
        assert ask("A > B 50\nX > X 10", "X") == {}
        assert ask([Entity("X", "Person", "X")], "X") == {}

    def test_an_undetermined_proof_names_what_would_suffice(self) -> None:
        result = ask("X > A 60\nA > B 20-40\nX > B 15-30\nZ > B 5", "X")["B"]
        assert (result.verdict, result.share) == ("undetermined", percent(35, 70))
        assert [claim.stake_text for claim in result.proof] == ["60", "20-40", "15-30"]

    def test_every_flag_is_declared_in_words(self) -> None:
        assert all(text and not text.endswith(".") for text in FLAGS.values())


def test_deep_chains_and_wide_sums_end() -> None:
    chain = [holds(f"N{n}", f"N{n + 1}", percent(50)) for n in range(200)]
    deep = ask(chain, "N0", of=["N200"])["N200"]
    assert (deep.verdict, len(deep.proof)) == ("blocked", 200)
    wide = [holds(f"T{n}", "A", percent(0.5)) for n in range(100)]
    result = ask(wide, *(f"T{n}" for n in range(100)))["A"]
    assert (result.verdict, len(result.proof)) == ("blocked", 100)


def test_the_generator_makes_what_the_oracle_needs() -> None:
    cases = [world(seed) for seed in range(300)]
    claims = [claim for case in cases for claim in case.claims]
    assert any(claim.source == claim.target for claim in claims)
    assert any(claim.stake and not claim.stake.exact for claim in claims)
    assert any(len({claim[1:3] for claim in case.claims}) < len(case.claims) for case in cases)
    sums = [
        sum(claim.stake.low for claim in case.claims if claim.target == asset and claim.stake)
        for case in cases
        for asset in case.others
    ]
    assert sum(total == HALF for total in sums) > len([total for total in sums if total]) / 5
