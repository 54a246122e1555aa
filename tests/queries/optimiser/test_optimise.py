"""Designations that cut a market: small graphs whose answers are counted by hand."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError, NotFoundError
from spillover.graph.schema import Entity, Relation
from spillover.queries.conditions import conditions
from spillover.queries.optimiser.answer import Choice, Optimum, Wish
from spillover.queries.optimiser.optimise import optimise
from tests.graphs import opened, relations

PERCENT = 1_000_000
DAY = "2024-06-30"

MARKETS = """
A PRODUCES chips 40
B PRODUCES chips 30
C PRODUCES chips 20
A PRODUCES drones 50
B PRODUCES drones 10
B PRODUCES glass 5
C PRODUCES glass 60
"""
"""To cut 50 % of chips: A and B cost 50 + 10 + 5 = 65 points, B and C 10 + 5 + 60 = 75, A and C
50 + 60 = 110."""

COUNTRIES = {"A": "us", "B": "nl", "C": "us", "P": "cn"}


def items(text: str) -> list[Entity | Relation]:
    claims = [c._replace(basis="market") if c.kind == "PRODUCES" else c for c in relations(text)]
    names = {end for claim in claims for end in (claim.source, claim.target)}
    products = {c.target for c in claims if c.kind in {"PRODUCES", "INPUT_TO", "KIND_OF"}}
    products |= {c.source for c in claims if c.kind in {"INPUT_TO", "KIND_OF"}}
    entities = [
        Entity(
            name,
            "Product" if name in products else "Country" if len(name) == 2 else "Company",
            name,
            countries=(COUNTRIES.get(name, name.lower() if len(name) == 2 else ""),)
            if name in COUNTRIES or len(name) == 2
            else (),
        )
        for name in sorted(names)
    ]
    return [*entities, *claims]


def ask(text: str, product: str = "chips", **wish: Any) -> Optimum:
    with opened(items(text)) as graph:
        return optimise(graph, product, conditions(DAY), Wish(**{"points": 0, **wish}))


def names(choice: Choice) -> list[str]:
    return [member.name for member in choice.members]


def points(choice: Choice) -> tuple[float, float]:
    return choice.collateral.low / PERCENT, choice.collateral.high / PERCENT


def test_the_cheapest_pair_and_the_next_best() -> None:
    answer = ask(MARKETS, cut=50 * PERCENT)
    assert [names(choice) for choice in answer.choices] == [["A", "B"], ["B", "C"], ["A", "C"]]
    assert [points(choice)[1] for choice in answer.choices] == [65, 75, 110]
    assert [choice.effect.low for choice in answer.choices] == [
        70 * PERCENT,
        50 * PERCENT,
        60 * PERCENT,
    ]
    assert all(choice.proven for choice in answer.choices)
    first = answer.choices[0]
    assert [(loss.product.name, loss.part.high) for loss in first.losses] == [
        ("drones", 60 * PERCENT),
        ("glass", 5 * PERCENT),
    ]


def test_a_budget_buys_the_greatest_effect() -> None:
    """B alone costs 15 points and cuts 30 %; A alone costs 50; A and B 65."""
    cheap, dear = (ask(MARKETS, budget=cap * PERCENT, top=1).choices[0] for cap in (20, 65))
    assert (names(cheap), cheap.effect.low) == (["B"], 30 * PERCENT)
    assert (names(dear), dear.effect.low) == (["A", "B"], 70 * PERCENT)
    nothing = ask(MARKETS, budget=0).choices
    assert [(choice.members, choice.effect.high) for choice in nothing] == [((), 0)]


def test_the_frontier_leaves_out_what_is_dearer_and_weaker() -> None:
    """Of 30, 60 and 90 %: B costs 15 points; A and B cut 70 % for 65; all cost 60 + 65 = 125."""
    answer = ask(MARKETS, cut=50 * PERCENT, points=3)
    found = [(p.need // PERCENT, p.collateral.high // PERCENT) for p in answer.points]
    assert found == [(30, 15), (60, 65), (90, 125)]
    flat = ask("A PRODUCES chips 90", cut=50 * PERCENT, points=3)
    assert [point.need for point in flat.points] == [90 * PERCENT]


def test_only_what_spared_countries_lose_is_counted() -> None:
    """US firms are A and C. B alone of NL costs them nothing and cuts 30 %."""
    (choice,) = ask(MARKETS, cut=30 * PERCENT, spare=("US",), top=1).choices
    assert (names(choice), points(choice)) == (["B"], (0, 0))
    both = ask(MARKETS, cut=60 * PERCENT, spare=("us",), top=1).choices[0]
    # A and B: A of the US loses 40 of chips and 50 of drones; B's losses are not counted.
    assert (names(both), points(both)) == (["A", "B"], (90, 90))


JOINT = (
    MARKETS.replace("A PRODUCES chips 40", "X PRODUCES chips 55")
    + """
X PRODUCES salt 1
P > X 30
Q > X 30
P PRODUCES tea 2
Q PRODUCES oil 3
"""
)


def test_owners_who_only_together_reach_the_threshold() -> None:
    """P and Q hold 30 % of X each: both are named for 2 + 3 points, X falls with 1 point more."""
    answer = ask(JOINT, cut=55 * PERCENT, names=("P", "Q", "B"), top=2)
    (choice,) = answer.choices
    assert (names(choice), points(choice)) == (["P", "Q"], (6, 6))
    assert [(fall.party.name, fall.certain) for fall in choice.falls] == [("X", True)]
    assert {claim.kind for claim in answer.claims} == {"OWNS", "PRODUCES"}
    assert not ask(JOINT, cut=55 * PERCENT, names=("P", "Q"), rule="").choices
    assert names(ask(JOINT, cut=55 * PERCENT, owners=True, top=1).choices[0]) == ["X"]


def test_joint_falls_are_counted_as_collateral() -> None:
    """Y, whom P and Q own together, makes all of the tea: with both it is lost, with one not."""
    text = """
    P PRODUCES chips 30
    Q PRODUCES chips 30
    R PRODUCES chips 30
    P > Y 25
    Q > Y 25
    Y PRODUCES tea 100
    R PRODUCES tea 0
    """
    answer = ask(text, cut=60 * PERCENT)
    assert [names(choice) for choice in answer.choices] == [["P", "R"], ["Q", "R"], ["P", "Q"]]
    assert [points(choice)[1] for choice in answer.choices] == [0, 0, 100]


def test_a_share_that_nobody_states_is_nothing_for_the_effect_and_all_for_the_cost() -> None:
    text = """
    A PRODUCES chips
    B PRODUCES chips 40
    A PRODUCES tea 10
    B PRODUCES oil
    C PRODUCES oil 30
    """
    sure = ask(text, cut=30 * PERCENT)
    assert [(names(c), points(c)) for c in sure.choices] == [(["B"], (0, 70))]
    able = ask(text, cut=30 * PERCENT, sure=False, top=1).choices[0]
    assert (names(able), able.effect.high, points(able)) == (["A"], 60 * PERCENT, (10, 10))
    unreachable = ask(text, cut=50 * PERCENT)
    assert (unreachable.choices, unreachable.most) == ((), (40 * PERCENT, 100 * PERCENT))


def test_a_product_is_cut_through_an_essential_input() -> None:
    """All of the lens is Z's, and the chips need it: Z costs the 100 % of the lens market."""
    text = MARKETS + "Z PRODUCES lens 100\nlens INPUT_TO chips"
    answer = ask(text, cut=80 * PERCENT, inputs=True)
    assert [(names(c), points(c)[1]) for c in answer.choices] == [
        (["Z"], 100),
        (["A", "B", "C"], 125),
    ]
    assert any(claim.kind == "INPUT_TO" for claim in answer.claims)
    assert names(ask(text, cut=80 * PERCENT).choices[0]) == ["A", "B", "C"]


def test_shares_finer_than_the_solver_can_tell_apart_are_worked_out_exactly() -> None:
    """A costs a millionth of a percent more than B; "more than 30 %" is 30.000001 at least."""
    text = """
    A PRODUCES chips 30.000001
    B PRODUCES chips 30
    C PRODUCES chips more than 30 %
    A PRODUCES tea 10.000001
    B PRODUCES tea 10
    C PRODUCES oil 10.000002
    """
    assert names(ask(text, cut=30 * PERCENT, top=1).choices[0]) == ["B"]
    sharp = ask(text, cut=30 * PERCENT + 1, top=2).choices
    assert [(names(choice), choice.collateral.high) for choice in sharp] == [
        (["A"], 10 * PERCENT + 1),
        (["C"], 10 * PERCENT + 2),
    ]
    assert all(choice.proven for choice in sharp)


def test_kinds_of_the_product_are_no_collateral_and_finest_leaves_wider_ones_out() -> None:
    """A makes half of the logic chips, a kind of chips, and of the parts, of which chips are one;
    the drones come in quadcopters."""
    text = (
        MARKETS
        + """
    A PRODUCES logic 50
    A PRODUCES parts 7
    A PRODUCES quadcopters 9
    logic KIND_OF chips
    chips KIND_OF parts
    quadcopters KIND_OF drones
    """
    )
    asked: dict[str, Any] = {"cut": 40 * PERCENT, "names": ("A",)}
    assert points(ask(text, **asked).choices[0])[1] == 50 + 7 + 9
    assert points(ask(text, **asked, finest=True).choices[0])[1] == 7 + 9


def test_countries_are_candidates_on_their_own_count() -> None:
    text = """
    US PRODUCES chips 45
    NL PRODUCES chips 30
    CN PRODUCES chips 25
    US PRODUCES tea 9
    NL PRODUCES tea 1
    CN PRODUCES tea 2
    """
    choice = ask(text, cut=50 * PERCENT, top=1).choices[0]
    assert (names(choice), points(choice)) == (["all of CN", "all of NL"], (3, 3))
    firms = ask(MARKETS, cut=60 * PERCENT, countries=True, top=1).choices[0]
    # All of the US are A and C: 50 + 60 points. A and B cost 65.
    assert names(firms) == ["A", "B"]


def test_of_several_markets_the_world_is_meant_unless_one_is_named() -> None:
    text = """
    A PRODUCES chips 60 scope=world
    B PRODUCES chips 70 scope=China
    """
    assert names(ask(text, cut=50 * PERCENT).choices[0]) == ["A"]
    assert names(ask(text, cut=50 * PERCENT, reach="China").choices[0]) == ["B"]
    with pytest.raises(InputError, match="its markets are 'China', 'world'"):
        ask(text, cut=50 * PERCENT, reach="Mars")


def test_the_same_question_gives_the_same_answer() -> None:
    assert ask(JOINT, cut=30 * PERCENT, points=4) == ask(JOINT, cut=30 * PERCENT, points=4)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        ({}, "--cut"),
        ({"cut": PERCENT, "budget": 1}, "--cut"),
        ({"cut": 0}, "more than 0 %"),
        ({"cut": 101 * PERCENT}, "at most 100 %"),
        ({"budget": -1}, "0 points or more"),
        ({"cut": PERCENT, "spare": ("USA",)}, "'USA' is no country"),
        ({"cut": PERCENT, "side": "country"}, "ask for --side firm"),
    ],
)
def test_a_wish_that_cannot_be_read_is_refused(wish: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        ask(MARKETS, **wish)


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="name a product with producers"):
        ask(MARKETS, "A", cut=PERCENT)
    with pytest.raises(NotFoundError):
        ask(MARKETS, "ships", cut=PERCENT)
    with pytest.raises(NotFoundError):
        ask(MARKETS, cut=PERCENT, rule="no-such-rule")


# -- against every subset ------------------------------------------------------------------------

FIRMS = "ABCDEF"
Shares = st.dictionaries(
    st.tuples(st.sampled_from(FIRMS), st.sampled_from(["chips", "tea", "oil"])),
    st.integers(0, 30),
    min_size=3,
)
Stakes = st.dictionaries(
    st.tuples(st.sampled_from(FIRMS), st.sampled_from(FIRMS)).filter(
        lambda pair: pair[0] != pair[1]
    ),
    st.sampled_from([20, 30, 50]),
    max_size=5,
)


def _blocked(stakes: dict[tuple[str, str], int], chosen: set[str]) -> set[str]:
    """Who is blocked by the 50 % rule: rounds until nobody is added."""
    while True:
        more = {
            asset for asset in FIRMS
            if sum(s for (owner, held), s in stakes.items() if held == asset and owner in chosen)
            >= 50
        } - chosen  # fmt: skip
        if not more:
            return chosen
        chosen = chosen | more


@given(Shares, Stakes, st.integers(1, 60))
@settings(max_examples=40, deadline=None)
def test_the_cheapest_of_all_subsets_under_joint_ownership(
    shares: dict[tuple[str, str], int], stakes: dict[tuple[str, str], int], percent: int
) -> None:
    """Exact shares: what is lost is their sum, up to the whole."""
    stakes = {
        pair: share for pair, share in stakes.items()
        if sum(s for (_, asset), s in stakes.items() if asset == pair[1]) <= 100
    }  # fmt: skip
    if not any(product == "chips" for _, product in shares):
        return

    def lost(fallen: set[str], product: str) -> int:
        made = sum(s for (firm, what), s in shares.items() if what == product and firm in fallen)
        return min(made, 100)

    able = []
    for size in range(len(FIRMS) + 1):
        for chosen in combinations(FIRMS, size):
            fallen = _blocked(stakes, set(chosen))
            if lost(fallen, "chips") >= percent:
                able.append((lost(fallen, "tea") + lost(fallen, "oil"), size))
    text = "\n".join(f"{firm} PRODUCES {what} {s}" for (firm, what), s in shares.items())
    text += "\n" + "\n".join(f"{owner} > {asset} {s}" for (owner, asset), s in stakes.items())
    there = [firm for firm in FIRMS if any(firm in pair for pair in (*shares, *stakes))]
    answer = ask(text, cut=percent * PERCENT, names=tuple(there), top=1)
    if not able:
        assert answer.choices == ()
        return
    (choice,) = answer.choices
    assert (points(choice)[1], len(choice.members)) == min(able)
    assert choice.proven
