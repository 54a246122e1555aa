"""What a scenario changes: each kind of change on a tiny graph, with the arithmetic beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from spillover.graph.errors import AmbiguousError, InputError, NotFoundError, SpilloverError
from spillover.graph.schema import Entity, Relation
from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.queries.conditions import conditions
from spillover.queries.scenarios.file import Change, Scenario
from spillover.queries.scenarios.scenario import Outcome, compare, conditions_of, run
from spillover.queries.scenarios.words import in_words
from tests.graph.test_supposed import contents
from tests.graphs import build, opened, relations
from tests.queries.asking import Items

DAY = "2024-06-30"
PERCENT = 1_000_000
SDN = "US-OFAC-SDN"


def of(*changes: Change, **said: object) -> Scenario:
    return Scenario.model_validate({"changes": changes, **said})


def words(*said: tuple[str, str], **other: object) -> Scenario:
    return of(*(in_words(verb, text) for verb, text in said), **other)


def ask(
    items: Items,
    *scenarios: Scenario,
    targets: tuple[str, ...] = ("X",),
    rules: tuple[str, ...] = ("us-ofac-50",),
) -> Outcome:
    with opened(items) as graph:
        when = conditions_of(scenarios, conditions(DAY), None)
        return run(graph, scenarios, when, rules=rules, targets=targets)


def verdicts(answer: Outcome) -> dict[str, tuple[str, str]]:
    """Word before and after of each entity whose verdict or share changes."""
    return {one.entity.id: (one.before.word, one.after.word) for one in answer.changes.verdicts}


def shares(answer: Outcome) -> dict[tuple[str, str], str]:
    """The holdings that the scenario makes."""
    made = [claim for claim in answer.supposed if claim.kind == "OWNS"]
    return {(claim.source.id, claim.target.id): str(claim.stake) for claim in made}


def test_a_sale_frees_what_the_seller_no_longer_holds_to_half() -> None:
    # X holds 60 - 20 = 40 of A; A passes nothing on, so B is free, too.
    answer = ask("X > A 60\nA > B 80", words(("divest", "X > A = 20")))
    assert verdicts(answer) == {"A": ("blocked", "not_blocked"), "B": ("blocked", "not_blocked")}
    (a,) = [one for one in answer.changes.verdicts if one.entity.id == "A"]
    assert (a.before.share.low, a.after.share.low) == (60 * PERCENT, 40 * PERCENT)
    assert [str(claim.stake) for claim in a.causes.gone] == ["60 %"]
    assert [str(claim.stake) for claim in a.causes.new] == ["40 %"]
    assert answer.made[0].words == "X gives up 20 % of A"
    assert answer.changes.verdict_counts == {("us-ofac-50", "blocked", "not_blocked"): 2}


def test_a_buyer_holds_what_it_held_and_what_it_takes() -> None:
    # Left of [40, 60] after [10, 15]: [40 - 15, 60 - 10]; Y: [20 + 10, 20 + 15].
    answer = ask("X > A 40-60\nY > A 20", words(("divest", "X > A = 10-15 > Y")))
    assert shares(answer) == {("X", "A"): "25–50 %", ("Y", "A"): "30–35 %"}


@pytest.mark.parametrize(
    ("held", "sold", "left"),
    [
        ("60", "60", None),  # 60 - 60: nothing is left, and no claim is made
        ("40-60", "50", "up to 10 %"),  # [max(0, 40 - 50), 60 - 50]
        ("", "25", "up to 75 %"),  # a missing share: [max(0, 0 - 25), 100 - 25]
    ],
)
def test_what_is_left(held: str, sold: str, left: str | None) -> None:
    answer = ask(f"X > A {held}", words(("divest", f"X > A = {sold}")))
    assert shares(answer).get(("X", "A")) == left


def test_all_of_an_unknown_share_is_an_unknown_share() -> None:
    answer = ask("X > A\nY > Q 5", words(("divest", "X > A > Y")), targets=("Y",))
    (claim,) = answer.supposed
    assert (claim.source.id, claim.stake) == ("Y", None)
    assert verdicts(answer) == {"A": ("not_blocked", "undetermined")}


def test_capital_and_votes_are_both_sold_unless_one_is_named() -> None:
    items = "X > A 60\nX > A 40 basis=votes"
    answer = ask(items, words(("divest", "X > A = 30")))
    assert sorted((c.basis, str(c.stake)) for c in answer.supposed) == [
        ("capital", "30 %"),
        ("votes", "10 %"),
    ]
    change = in_words("divest", "X > A = 30").model_copy(update={"basis": "votes"})
    assert [(c.basis, str(c.stake)) for c in ask(items, of(change)).supposed] == [("votes", "10 %")]


def test_a_denied_holding_can_be_nothing_after_the_sale() -> None:
    # The denial makes [0, 60]; after 10: [0, 50]. The denial is taken into it.
    answer = ask("X > A 60\nX > A denies", words(("divest", "X > A = 10")))
    assert shares(answer) == {("X", "A"): "up to 50 %"}
    assert {claim.stance for claim in answer.ended} == {"asserts", "denies"}


def test_claims_that_repeat_a_sold_chain_end_with_it() -> None:
    """X > A > B; "X holds 60 of B indirectly" repeats the chain, and so does P's claim above X.

    Z's is another chain and stays.
    """
    items = """
    P > X 90
    X > A 60
    A > B 100
    X > B 60 indirect
    P > B 54 indirect
    Z > B 55 indirect
    """
    answer = ask(items, words(("divest", "X > A")))
    assert verdicts(answer)["B"] == ("blocked", "not_blocked")
    assert {(c.source.id, c.target.id) for c in answer.ended} == {
        ("X", "A"),
        ("X", "B"),
        ("P", "B"),
    }
    (note,) = answer.made[0].notes
    assert note.startswith("claims that repeat a chain through it end, too: ")
    assert "Z" not in note


def test_who_sells_everything_is_no_parent_either() -> None:
    # "Parent of" is an unknown share; after the sale it would leave A undetermined.
    answer = ask("X CONTROLS A\nX > A 60", words(("divest", "X > A")))
    assert verdicts(answer) == {"A": ("blocked", "not_blocked")}
    assert {claim.kind for claim in answer.ended} == {"OWNS", "CONTROLS"}
    kept = ask("X CONTROLS A basis=contract\nX > A 60", words(("divest", "X > A")))
    assert {claim.kind for claim in kept.ended} == {"OWNS"}


def test_a_share_is_acquired_from_somebody_or_from_nobody() -> None:
    items = "X > A 30\nY > A 40"
    bought = ask(items, words(("acquire", "X > A = 25 from Y")))
    assert shares(bought) == {("X", "A"): "55 %", ("Y", "A"): "15 %"}
    assert verdicts(bought) == {"A": ("not_blocked", "blocked")}
    found = ask(items, words(("acquire", "X > A = 25")))
    assert shares(found) == {("X", "A"): "55 %"}
    with pytest.raises(InputError, match=r"60\.5 % of A is not there.*at least 40 %"):
        ask(items, words(("acquire", "X > A = 30.5")))


def test_a_vague_share_is_assumed() -> None:
    answer = ask("X > A 30-60", words(("assume", "X > A = 50")))
    assert verdicts(answer) == {"A": ("undetermined", "blocked")}
    parent = ask("X CONTROLS A", words(("assume", "X > A = 20")))
    assert verdicts(parent) == {"A": ("undetermined", "not_blocked")}
    with pytest.raises(InputError, match="holds 30–60 % of A, and 70 % lies outside"):
        ask("X > A 30-60", words(("assume", "X > A = 70")))


def test_relations_end_and_start() -> None:
    ended = ask("X > A 60", words(("end", "X OWNS A")))
    assert verdicts(ended) == {"A": ("blocked", "not_blocked")}
    started = ask("X > A 60\nB > C 70", words(("start", "A OWNS B = 51")))
    assert verdicts(started) == {"B": ("not_blocked", "blocked"), "C": ("not_blocked", "blocked")}
    supplied = ask("X > A 60\nU > V", words(("start", "A SUPPLIES U = 40")))
    # 60 % of A, of which U buys 40 % of its input: 0.6 x 0.4 = 24 %.
    (change,) = supplied.changes.exposures
    assert change.entity.id == "U"
    assert change.after is not None
    assert change.after.strength.low * 100 == 24


def test_programmes_list_and_list_no_longer() -> None:
    listed = ask("X > A 60", words(("designate", "X")), targets=())
    assert verdicts(listed) == {
        "X": ("not_blocked", "listed"),
        "A": ("not_blocked", "blocked"),
    }
    assert listed.made[0].words == f"X is listed by {SDN}"
    items = f"{SDN} DESIGNATES X start=2020\nUK-OFSI DESIGNATES X start=2021\nX > A 60"
    free = ask(items, words(("delist", "X")), targets=(), rules=("us-ofac-50", "uk-ofsi"))
    assert {(one.rule, one.entity.id) for one in free.changes.verdicts} == {
        ("us-ofac-50", "X"),
        ("us-ofac-50", "A"),
        ("uk-ofsi", "X"),
        ("uk-ofsi", "A"),
    }
    one = of(in_words("delist", "X", [SDN]))
    half = ask(items, one, targets=(), rules=("us-ofac-50", "uk-ofsi"))
    assert {change.rule for change in half.changes.verdicts} == {"us-ofac-50"}


def test_several_authorities_list_at_once() -> None:
    rules = ("us-ofac-50", "eu-asset-freeze", "uk-ofsi")
    answer = ask("X > A 60", words(("designate", "X")), targets=(), rules=rules)
    assert {claim.source.id for claim in answer.supposed} == {SDN, "EU-FSF", "UK-OFSI"}
    assert {one.rule for one in answer.changes.verdicts if one.entity.id == "A"} == set(rules)


def test_an_unknown_buyer_is_introduced_once() -> None:
    items: list[Entity | Relation] = [Entity("X", "Company", "Ex")]
    items += relations("X > A 60\nX > B 60")
    sold = words(("divest", "X > A = 30 > new:Käufer GmbH"))
    again = words(("divest", "X > B > new:Käufer GmbH"), ("divest", "Käufer GmbH > A = 10"))
    answer = ask(items, sold, again)
    buyers = {
        c.source.name: str(c.stake) for c in answer.supposed if c.source.id[:9] == "scenario:"
    }
    assert buyers == {"Käufer GmbH": "60 %"} | {"Käufer GmbH": "60 %"}
    assert ("scenario:kaufer gmbh", "A") in shares(answer)
    with pytest.raises(InputError, match="the graph knows 'Ex' already"):
        ask(items, words(("divest", "X > A > new:Ex")))


def test_changes_stack_in_order_of_their_days() -> None:
    # 60 - 20 on 1 June, then all of the 40 that are left on 15 June, whatever the files' order.
    late = words(("divest", "X > A > Y"), at="2024-06-15", name="late")
    early = words(("divest", "X > A = 20"), at="2024-06-01", name="early")
    answer = ask("X > A 60\nY > B 1", late, early)
    assert [(one.scenario, one.day) for one in answer.made] == [
        ("early", "2024-06-01"),
        ("late", "2024-06-15"),
    ]
    assert shares(answer) == {("Y", "A"): "40 %"}
    assert answer.when.as_of == "2024-06-15"
    assert [claim.publisher for claim in answer.supposed] == ["scenario late"]


def test_a_supposition_holds_whatever_is_said_later() -> None:
    sold = words(("divest", "X > A = 20"), at="2024-06-01")
    with opened("X > A 60 observed=2020\nX > A 70 observed=2024-06-20") as graph:
        answer = run(graph, [sold], conditions(DAY), rules=["us-ofac-50"], targets=["X"])
    assert verdicts(answer) == {"A": ("blocked", "not_blocked")}
    assert answer.made[0].notes == ("claims that sources make of a later day are set aside: 1",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("divest", "X > A = 70"), "X holds 60 % of A; it cannot give up 70 %"),
        (("divest", "A > X"), "nobody says on 2024-06-30 that A holds a share of X"),
        (("divest", "X > A > X"), "seller and buyer are the same entity"),
        (("assume", "A > X = 5"), "nobody says on 2024-06-30 that A holds a share of X"),
        (("end", "A OWNS X"), "nobody says that A owns X on 2024-06-30"),
        (("start", "X OWNS A = 5"), "sources say already that X owns A"),
        (("start", "Y OWNS A = 41"), "41 % of A is not there to be held"),
        (("start", "X DIRECTS A = 5"), "DIRECTS has no share"),
        (("delist", "A"), "no programme lists A on 2024-06-30"),
        (("designate", "L"), f"L is listed by {SDN} already"),
        (("divest", "nobody > A"), "no entity is named 'nobody'"),
    ],
)
def test_impossible_changes_say_which_and_why(change: tuple[str, str], reason: str) -> None:
    items = f"X > A 60 basis=interest\nY > B 5\n{SDN} DESIGNATES L"
    with pytest.raises(SpilloverError, match=reason.replace("(", r"\(")) as error:
        ask(items, words(change, name="file"))
    if not isinstance(error.value, (NotFoundError, AmbiguousError)):
        assert str(error.value).startswith(f"file: change 1 ({change[0]}): ")


def test_a_change_after_the_day_of_the_question_is_refused() -> None:
    late = of(in_words("divest", "X > A").model_copy(update={"on": "2024-07-01"}))
    with pytest.raises(InputError, match="after the day of the question"):
        ask("X > A 60", late)


def test_programmes_that_nobody_knows_are_refused() -> None:
    with pytest.raises(NotFoundError, match="US-OFAC-SDNN"):
        ask("X > A 60", of(in_words("designate", "A", ["US-OFAC-SDNN"])))
    items = f"{SDN} DESIGNATES X\nUK-OFSI DESIGNATES M"
    with pytest.raises(
        InputError, match="UK-OFSI does not list X on 2024-06-30; it is listed by US-"
    ):
        ask(items, of(in_words("delist", "X", ["UK-OFSI"])))


def test_two_scenarios_side_by_side() -> None:
    with opened("X > A 60\nX > B 60") as graph:
        some, more = (
            words(("divest", "X > A = 20")),
            words(("divest", "X > A = 20"), ("end", "X OWNS B")),
        )
        answer = compare(
            graph, [some], [more], conditions(DAY), rules=["us-ofac-50"], targets=["X"]
        )
    assert [
        (r.entity.id, r.base.word, r.first.word, r.second.word, r.differs) for r in answer.verdicts
    ] == [
        ("B", "blocked", "blocked", "not_blocked", True),
        ("A", "blocked", "not_blocked", "not_blocked", False),
    ]
    assert [(r.entity.id, r.second is None) for r in answer.exposures] == [
        ("B", True),
        ("A", False),
    ]
    assert answer.verdicts[1].first.share == Stake(40 * PERCENT, 40 * PERCENT)


def test_the_store_is_not_touched(tmp_path: Path) -> None:
    path = build(tmp_path / "graph.db", "X > A 60\nA > B 60")
    with Graph(path) as graph:
        graph.index  # noqa: B018 - the folder of the graph itself
    before = contents(tmp_path)
    with Graph(path) as graph:
        said = words(
            ("divest", "X > A = 20 > new:Z"), ("designate", "B"), ("start", "B CONTROLS X")
        )
        run(graph, [said], conditions(DAY), targets=["X"])
    after = contents(tmp_path)
    assert after == before


def test_a_scenario_of_the_first_day_there_is() -> None:
    answer = ask("X > A 60", words(("divest", "X > A"), at="0001-01-01"))
    assert verdicts(answer) == {"A": ("blocked", "not_blocked")}


def test_too_many_changes_that_build_on_each_other_are_refused() -> None:
    bits = [("divest", "X > A = 0.1 > Y")] * 250
    with pytest.raises(InputError, match="more than 200 changes build on each other"):
        ask("X > A 60\nY > B 1", words(*bits))


def test_many_changes_that_do_not_are_one_supposed_graph() -> None:
    items = "\n".join(f"X > A{number} 60" for number in range(300))
    bits = [("divest", f"X > A{number} = 20") for number in range(300)]
    answer = ask(items, words(*bits))
    assert answer.changes.verdict_counts == {("us-ofac-50", "blocked", "not_blocked"): 300}
