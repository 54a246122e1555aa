"""Are the facts named that would settle a verdict, and ranked by how many they settle?"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.schema import Relation
from spillover.graph.stake import Stake
from spillover.queries.conditions import conditions
from spillover.queries.gaps import Gaps, gaps
from tests.graphs import opened, relations
from tests.queries.asking import DAY, ask
from tests.queries.worlds import World, world


def asked(items: str | tuple[Relation, ...], *targets: str, rule_id: str = "us-ofac-50") -> Gaps:
    with opened(items) as graph:
        return gaps(graph, targets, conditions(DAY), rule_id=rule_id, limit=1000)


def told(answer: Gaps) -> list[tuple[tuple[str, ...], list[str], list[str], list[str]]]:
    return [
        (
            tuple(f"{fact.owner.id}>{fact.asset.id}" for fact in gap.facts),
            [party.id for party in gap.settles],
            [party.id for party in gap.always],
            [party.id for party in gap.may_settle],
        )
        for gap in answer.gaps
    ]


def test_one_missing_share_settles_everything_below_it() -> None:
    # A's 40 of B and 60 of C count only if A is blocked, and that hangs on X's share of A alone.
    answer = asked("X > A\nA > B 40\nX > B 40\nA > C 60", "X")
    assert [party.id for party in answer.undetermined] == ["A", "B", "C"]
    assert told(answer) == [(("X>A",), ["A", "B", "C"], ["A", "B", "C"], [])]


def test_an_innocent_owners_share_can_settle_a_verdict_too() -> None:
    # X has at least 45, so Y can have no more than 55. With 55 of Y, X has 45: not blocked. With
    # 20 of Y, X can have 60: open as before. X's own share decides whatever it is.
    answer = asked("X > A 45-60\nY > A 20-60", "X")
    assert told(answer) == [
        (("X>A",), ["A"], ["A"], []),
        (("Y>A",), [], [], ["A"]),
    ]


def test_where_one_fact_is_not_enough_a_pair_is_named() -> None:
    # With X's 30 the sum is 50 to 70: blocked; with its 15 it is 35 to 55: open. With Y's 40 it is
    # 55 to 70; with its 20 it is 35 to 50: open. Each settles at one end only; both together do.
    answer = asked("X > B 15-30\nY > B 20-40", "X", "Y")
    assert told(answer)[-1] == (("X>B", "Y>B"), ["B"], [], [])
    assert all(not settles for _, settles, _, _ in told(answer)[:-1])


def test_facts_are_told_apart_by_what_they_settle_alone_and_together() -> None:
    # A passes on its 30 from 50 % on, so no value of X's share of A leaves B (20 + 30) open.
    whole = asked("X > A\nA > B 30\nX > B 20", "X")
    assert told(whole)[0][2] == ["A", "B"]
    # C needs both A and D, of which each is open: A's share settles A alone.
    two = asked("X > A\nX > D\nA > C 30\nD > C 30", "X")
    assert told(two)[:2] == [(("X>A",), ["A"], ["A"], ["C"]), (("X>D",), ["D"], ["D"], ["C"])]
    assert told(two)[2] == (("X>A", "X>D"), ["C"], [], [])


def test_what_the_law_leaves_open_is_settled_by_no_fact() -> None:
    # SEMA section 2.1 speaks of "the person": 30 and 25 of two persons may or may not be added up.
    answer = asked("X > A 30\nY > A 25", "X", "Y", rule_id="ca-sema")
    assert ([p.id for p in answer.unsettled], answer.undetermined, answer.gaps) == (["A"], (), ())


@given(st.integers(0, 2**32).map(world))
@settings(max_examples=40, deadline=None)
def test_a_fact_that_settles_does_so_when_it_becomes_known(case: World) -> None:
    """Replace the claims of a fact by its least and by its greatest share, and ask again."""
    for gap in asked(case.claims, *case.targets).gaps:
        if len(gap.facts) > 1:
            continue
        (fact,) = gap.facts
        pair = fact.owner.id, fact.asset.id
        rest = [claim for claim in case.claims if claim[1:3] != pair]
        for end in fact.share:
            known = Relation("OWNS", *pair, Stake(end, end), "capital")
            verdicts = ask([*rest, known], *case.targets, of=case.others)
            assert all(verdicts[p.id].verdict != "undetermined" for p in gap.settles)


def test_the_same_question_has_the_same_answer_in_any_order() -> None:
    claims = relations("X > A\nX > D\nA > C 30\nD > C 30\nX > E 20-80\nE > C 5-10")
    assert told(asked(tuple(claims), "X")) == told(asked(tuple(reversed(claims)), "X"))
