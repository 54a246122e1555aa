"""What changed between two days, two graphs, two questions: each with the claims that did it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE, Stake
from spillover.queries.blocked import blocked
from spillover.queries.changes.change import Changes, ListingChange, VerdictChange
from spillover.queries.changes.comparing import changes
from spillover.queries.changes.snapshot import Snapshot, snapshot
from spillover.queries.conditions import conditions
from spillover.queries.rulebook import listing_rules
from tests.graphs import opened
from tests.queries.asking import DAY
from tests.queries.worlds import World, broad

RULE = "us-ofac-50"
SDN = "US-OFAC-SDN DESIGNATES X"


def taken(
    graph: Graph,
    *targets: str,
    day: str = DAY,
    rules: Iterable[str] = (RULE,),
    of: Iterable[str] | None = None,
    limit: int = 10_000,
) -> Snapshot:
    about = None if of is None else graph.find(of)
    return snapshot(
        graph,
        conditions(day),
        rules=list(rules),
        targets=graph.find(targets),
        of=about,
        limit=limit,
    )


def between(before: str, after: str, *targets: str, rules: Iterable[str] = (RULE,)) -> Changes:
    """What changed from one graph to the other."""
    with opened(before) as one, opened(after) as other:
        return changes(taken(one, *targets, rules=rules), taken(other, *targets, rules=rules))


def verdicts(found: Changes) -> dict[str, tuple[str, str]]:
    return {change.entity.id: (change.before.word, change.after.word) for change in found.verdicts}


def said(change: VerdictChange | ListingChange) -> tuple[list[str], list[str]]:
    """The claims behind a change: those that went, and those that came."""
    sides = (change.causes.gone, change.causes.new)
    gone, new = ([f"{c.source.id} {c.target.id} {c.stake_text}".strip() for c in s] for s in sides)
    return gone, new


def test_a_stake_that_was_sold_down_frees_the_asset() -> None:
    # X held 60 % of A and holds 40 %: below one half.
    found = between(f"{SDN}\nX > A 60", f"{SDN}\nX > A 40")
    (change,) = found.verdicts
    assert change.before.word == "blocked"
    assert change.before.share == Stake(60 * 10**6, 60 * 10**6)
    assert change.after.word == "not_blocked"
    assert change.after.share == Stake(40 * 10**6, 40 * 10**6)
    assert said(change) == (["X A 60"], ["X A 40"])
    assert change.causes.datasets == ("test",)
    assert found.verdict_counts == {(RULE, "blocked", "not_blocked"): 1}
    assert not found.listings


def test_a_stake_that_changes_below_the_threshold_changes_only_the_share() -> None:
    found = between(f"{SDN}\nX > A 10", f"{SDN}\nX > A 20")
    (change,) = found.verdicts
    assert (change.what, change.before.word, change.after.word) == (
        "share",
        "not_blocked",
        "not_blocked",
    )


def test_a_new_listing_is_the_cause_of_what_it_blocks() -> None:
    found = between("X > A 60\nA > B 50", f"{SDN} start=2024-01-15\nX > A 60\nA > B 50")
    (listing,) = found.listings
    assert (listing.what, listing.entity.id, listing.programme.id) == ("added", "X", "US-OFAC-SDN")
    assert listing.before == ()
    assert listing.after == (("test", "2024-01-15"),)
    assert verdicts(found) == {
        "X": ("not_blocked", "listed"),
        "A": ("not_blocked", "blocked"),
        "B": ("not_blocked", "blocked"),
    }
    # Neither holding is new: what is new is that X is listed.
    causes = {change.entity.id: said(change)[1] for change in found.verdicts}
    assert causes["B"] == ["US-OFAC-SDN X"]
    assert causes["X"] == ["US-OFAC-SDN X"]


def test_between_two_days_a_holding_ends_and_a_listing_begins() -> None:
    graph = """
        US-OFAC-SDN DESIGNATES X start=2020-01-01
        US-OFAC-SDN DESIGNATES Y start=2023-05-01
        X > A 50 start=2019-01-01 end=2022-12-31
        Y > C 75 start=2019-01-01
    """
    with opened(graph) as one:
        found = changes(taken(one, day="2022-06-01"), taken(one, day="2023-06-01"))
    assert verdicts(found) == {
        "A": ("blocked", "not_blocked"),
        "C": ("not_blocked", "blocked"),
        "Y": ("not_blocked", "listed"),
    }
    (a,) = (change for change in found.verdicts if change.entity.id == "A")
    assert said(a) == (["X A 50"], [])
    assert [(one.what, one.entity.id) for one in found.listings] == [("added", "Y")]


def test_a_share_of_somebody_else_can_be_the_cause() -> None:
    # Of A nothing is known but that X holds some: at most 100 less the 60 that Z holds.
    found = between(f"{SDN}\nX > A\nZ > A 40", f"{SDN}\nX > A\nZ > A 60")
    (change,) = found.verdicts
    assert (change.before.word, change.after.word) == ("undetermined", "not_blocked")
    assert said(change) == (["Z A 40"], ["Z A 60"])


def test_a_programme_that_two_datasets_state_on_other_days_is_one_listing() -> None:
    found = between(f"{SDN} start=2020", f"{SDN} start=2021")
    (listing,) = found.listings
    assert listing.what == "changed"
    assert (listing.before, listing.after) == ((("test", "2020"),), (("test", "2021"),))
    assert found.listing_counts == {"added": 0, "removed": 0, "changed": 1}


def test_exposures_begin_end_and_grow() -> None:
    before = f"{SDN}\nX > A 50\nA SUPPLIES B 40 basis=supply\nX SUPPLIES C 10 basis=supply"
    after = f"{SDN}\nX > A 80\nA SUPPLIES B 40 basis=supply\nX SUPPLIES D 10 basis=supply"
    found = between(before, after)
    strengths = {
        change.entity.id: (
            change.what,
            change.before.strength.low if change.before else None,
            change.after.strength.low if change.after else None,
        )
        for change in found.exposures
    }
    assert strengths == {
        "A": ("changed", Fraction(50, 100), Fraction(80, 100)),
        "B": ("changed", Fraction(20, 100), Fraction(32, 100)),  # 0.5 x 0.4, 0.8 x 0.4
        "C": ("removed", Fraction(10, 100), None),
        "D": ("added", None, Fraction(10, 100)),
    }
    (b,) = (change for change in found.exposures if change.entity.id == "B")
    assert [claim.stake_text for claim in b.causes.gone] == ["50"]
    assert [claim.stake_text for claim in b.causes.new] == ["80"]
    assert b.after is not None
    assert [(channel, to.id) for channel, to, _ in b.after.hops] == [
        ("ownership", "A"),
        ("supply", "B"),
    ]


def test_a_search_that_was_cut_short_claims_no_change() -> None:
    # The first search stops after one place: it cannot know whether B was exposed.
    graph = f"{SDN}\nX > A 90\nX > B 50"
    with opened(graph) as one:
        found = changes(taken(one, limit=1), taken(one))
    assert not found.exposures
    assert found.not_compared == 1
    assert found.bound == Fraction(1, 2)


def test_a_question_about_one_entity_speaks_only_of_it() -> None:
    graph = "X > A 60\nX > B 70\nUS-OFAC-SDN DESIGNATES Y"
    with opened(graph) as one:
        found = changes(taken(one, of=["B"]), taken(one, "X", of=["B"]))
    assert verdicts(found) == {"B": ("not_blocked", "blocked")}
    assert [change.entity.id for change in found.exposures] == ["B"]


def test_counts_are_of_all_and_rows_of_the_weightiest() -> None:
    before = f"{SDN}\n" + "\n".join(f"X > A{n} 10" for n in range(9))
    after = f"{SDN}\n" + "\n".join(f"X > A{n} {20 if n else 90}" for n in range(9))
    with opened(before) as one, opened(after) as other:
        found = changes(taken(one), taken(other), limit=2)
    assert [change.entity.id for change in found.verdicts] == ["A0", "A1"]
    assert sum(found.verdict_counts.values()) == 9
    assert found.exposure_counts["changed"] == 9
    assert len(found.exposures) == 2


def test_a_rule_that_reads_otherwise_on_the_second_day_is_remarked_on() -> None:
    # The EU's threshold: more than 50 % until 2 July 2024, at least 50 % from 3 July 2024. (30 and
    # 20, because control is presumed from 50 that one holds alone.)
    listed = "EU-FSF DESIGNATES X\nEU-FSF DESIGNATES Y\n"
    with opened(f"{listed}X > A 30\nY > A 20") as one:
        sides = [
            taken(one, day=day, rules=["eu-asset-freeze"]) for day in ("2024-07-02", "2024-07-03")
        ]
        found = changes(*sides)
    assert verdicts(found) == {"A": ("not_blocked", "blocked")}
    assert any("the rule itself is another" in remark for remark in found.remarks)


def test_a_rule_that_would_sum_too_many_chains_is_left_out_and_named() -> None:
    # Under au-asr shares are multiplied along chains: 0.6 x 0.6.
    listed = "AU-DFAT DESIGNATES X\n"
    with opened(f"{listed}X > A 60\nA > B 60") as one, opened(f"{listed}X > A 60") as other:
        sides = [
            snapshot(graph, conditions(DAY), rules=["au-asr"], exposures=False, most=1)
            for graph in (one, other)
        ]
        found = changes(*sides)
        assert (found.verdicts, found.verdict_counts) == ((), {})
        assert found.remarks[0].startswith("au-asr: not asked, because it sums chains")
        asked = changes(taken(one, rules=["au-asr"]), taken(other, rules=["au-asr"]))
    assert [change.entity.id for change in asked.verdicts] == ["B"]


# -- properties -----------------------------------------------------------------------------------

SEEDS = st.integers(0, 10**6)


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_every_rule_stands_as_if_it_had_been_asked_alone(seed: int) -> None:
    """The oracle is `blocked`, asked rule by rule about the entities that are touched."""
    world = broad(seed)
    with opened(world.claims) as graph:
        one = taken(graph, *world.targets, rules=listing_rules())
        for ruled in one.rules:
            targets = [one.graph.store.entity(n).id for n in ruled.targets.tolist()]
            answer = blocked(graph, targets, one.when, rule_id=ruled.law.id)
            expected = {r.entity.num: (r.verdict, r.share) for r in answer.results}
            words = zip(
                ruled.entity.tolist(),
                ruled.word.tolist(),
                ruled.low.tolist(),
                ruled.high.tolist(),
                strict=True,
            )
            names = ("listed", "target", "blocked", "undetermined", "not_blocked")
            stood = {n: (names[w], Stake(low, high)) for n, w, low, high in words}
            found = {n: s for n, s in stood.items() if s[0] not in names[:2]}
            assert found == expected, ruled.law.id
            assert {n for n, s in stood.items() if s[0] in names[:2]} == {*ruled.targets.tolist()}


@given(SEEDS)
@settings(max_examples=15, deadline=None)
def test_asked_about_some_they_stand_as_when_everybody_is_asked_about(seed: int) -> None:
    world = broad(seed)
    with opened(world.claims) as graph:
        everybody = taken(graph, *world.targets, rules=listing_rules())
        some = sorted(world.others)[:2]
        few = taken(graph, *world.targets, rules=listing_rules(), of=some)
        numbers = graph.find(some)
        for whole, part in zip(everybody.rules, few.rules, strict=True):
            stood = [
                {
                    n: (*states, bool(unsettled))
                    for n, *states, unsettled in zip(
                        *(column.tolist() for column in (one.entity, one.word, one.low, one.high)),
                        one.unsettled.tolist(),
                        strict=True,
                    )
                }
                for one in (whole, part)
            ]
            untouched = (4, 0, 0, False)  # nobody holds anything of it
            for number in numbers:
                assert stood[0].get(number, untouched) == stood[1].get(number, untouched)


@given(SEEDS, st.sampled_from([(), ("X",)]))
@settings(max_examples=15, deadline=None)
def test_nothing_changes_from_a_snapshot_to_itself(seed: int, targets: tuple[str, ...]) -> None:
    world = broad(seed)
    named = targets if targets and "X" in {end for c in world.claims for end in c[1:3]} else ()
    with opened(world.claims) as graph:
        one = taken(graph, *named, rules=listing_rules())
        assert changes(one, one).none


def mirrored(found: Changes) -> list[tuple[object, ...]]:
    """All changes, with before and after swapped."""
    swap = {"added": "removed", "removed": "added", "changed": "changed"}
    return [
        *((swap[c.what], c.entity.id, c.programme.id, c.after, c.before) for c in found.listings),
        *((c.rule, c.entity.id, c.after, c.before) for c in found.verdicts),
        *(
            (
                swap[c.what],
                c.entity.id,
                c.after and c.after.strength,
                c.before and c.before.strength,
            )
            for c in found.exposures
        ),
    ]


def straight(found: Changes) -> list[tuple[object, ...]]:
    return [
        *((c.what, c.entity.id, c.programme.id, c.before, c.after) for c in found.listings),
        *((c.rule, c.entity.id, c.before, c.after) for c in found.verdicts),
        *(
            (
                c.what,
                c.entity.id,
                c.before and c.before.strength,
                c.after and c.after.strength,
            )
            for c in found.exposures
        ),
    ]


def altered(world: World, seed: int) -> World:
    """Another graph of the same entities."""
    return World((*world.claims[seed % 3 :], *broad(seed + 1).claims[:2]), world.targets)


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_the_way_back_is_the_mirror_of_the_way_there(seed: int) -> None:
    world = broad(seed)
    rules = (RULE, "uk-ofsi", "eu-asset-freeze")
    with opened(world.claims) as one, opened(altered(world, seed).claims) as other:
        before, after = taken(one, rules=rules), taken(other, rules=rules)
        there, back = changes(before, after), changes(after, before)
    assert straight(there) == mirrored(back)
    for left, right in zip(there.verdicts, back.verdicts, strict=True):
        assert len(left.causes.gone) == len(right.causes.new)
        assert len(left.causes.new) == len(right.causes.gone)


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_a_change_of_a_verdict_names_a_claim_that_did_it(seed: int) -> None:
    world = broad(seed)
    with opened(world.claims) as one, opened(altered(world, seed).claims) as other:
        found = changes(taken(one), taken(other))
    for change in found.verdicts:
        assert change.causes.gone or change.causes.new, change
        assert max(change.before.share.high, change.after.share.high) <= WHOLE


def test_rules_must_be_known() -> None:
    from spillover.graph.errors import NotFoundError

    with opened("X > A 50") as graph, pytest.raises(NotFoundError, match="no rule is named"):
        taken(graph, rules=["none"])
