"""Are the ultimate owners of an entity found, with every part of it accounted for?"""

from __future__ import annotations

from fractions import Fraction

import pytest

from spillover.graph.errors import NotFoundError
from spillover.graph.schema import Entity, Relation
from spillover.queries.attribution import Interval, attribution
from spillover.queries.beneficial_owners import Beneficial, beneficial
from spillover.queries.conditions import conditions
from tests.graphs import opened, relations
from tests.queries.asking import DAY, Items

Bounds = tuple[float, float | None]


def ask(items: Items, entity: str) -> Beneficial:
    with opened(items) as graph:
        return beneficial(graph, entity, conditions(DAY))


def told(answer: Beneficial) -> dict[str, Bounds]:
    found: dict[str, Bounds] = {}
    for owner in answer.owners:
        low, high = owner.share
        found[owner.party.id] = (
            round(float(low), 6),
            None if high is None else round(float(high), 6),
        )
    return found


def test_arachnys_1_flat() -> None:
    # Arachnys backend test, README, example 1
    assert told(ask("b > a 50\nc > a 30\nd > a 20", "a")) == {
        "b": (50, 50),
        "c": (30, 30),
        "d": (20, 20),
    }


def test_arachnys_2_an_unrelated_holding_changes_nothing() -> None:
    # Arachnys backend test, README, example 2
    text = "b > a 50\nc > a 30\nd > a 20\nf > e 100"
    assert told(ask(text, "a")) == {"b": (50, 50), "c": (30, 30), "d": (20, 20)}


def test_arachnys_3_an_intermediate_owner_is_passed() -> None:
    # Arachnys backend test, README, example 3
    answer = ask("b > a 50\nc > a 50\nd > c 100", "a")
    assert told(answer) == {"b": (50, 50), "d": (50, 50)}
    assert answer.unattributed == Interval(0, 0)
    assert all(isinstance(end, Fraction) for owner in answer.owners for end in owner.share)


def test_two_chains_to_one_owner_are_added_up() -> None:
    # 60 % x 50 % + 40 % x 25 % = 40 %, and 10 % directly
    answer = ask("A > T 50\nB > T 25\nX > A 60\nX > B 40\nX > T 10", "T")
    assert told(answer) == {"X": (50, 50)}
    assert answer.unattributed == Interval(50, 50)


def test_unknown_and_banded_shares() -> None:
    # Y has 25 to 75 % of T. X's share of A is not stated: up to all of the 20 % that A holds.
    answer = ask("Y > T 25-75\nA > T 20\nX > A", "T")
    assert told(answer) == {"Y": (25, 75), "X": (0, 20)}
    assert answer.unattributed == Interval(5, 75)


def test_the_search_ends_at_persons() -> None:
    items: list[Entity | Relation] = [Entity("P", "Person", "A person")]
    items += relations("P > T 60\nQ > P 100")
    assert told(ask(items, "T")) == {"P": (60, 60)}


def test_a_closed_cycle_is_named_with_what_it_takes() -> None:
    answer = ask("A > T 50\nX > T 40\nA > B 100\nB > A 100", "T")
    assert told(answer) == {"X": (40, 40)}
    (circle,) = answer.circles
    assert ([party.id for party in circle.members], circle.closed) == (["A", "B"], True)
    assert circle.share == Interval(50, 50)
    assert [float(end or 0) for end in answer.unattributed] == pytest.approx([10, 10])


def test_an_open_cycle_is_shown_and_takes_nothing() -> None:
    # X has 0.5 + 0.5 * 0.02 + ... = 0.5 / (1 - 0.1 * 0.2) of T
    answer = ask("T > A 10\nX > T 50\nA > T 20", "T")
    assert answer.owners[0].share == Interval(Fraction(2500, 49), Fraction(2500, 49))
    (circle,) = answer.circles
    assert ({party.id for party in circle.members}, circle.closed) == ({"A", "T"}, False)
    assert circle.share == Interval(0, 0)


def test_an_entity_without_owners() -> None:
    answer = ask("T > A 10", "T")
    assert (answer.owners, answer.circles) == ((), ())
    assert answer.unattributed == Interval(100, 100)
    assert [load.dataset.name for load in answer.sources.datasets] == ["test"]


def test_claims_over_the_whole_are_named() -> None:
    answer = ask("X > T 80\nY > T 80", "T")
    assert [party.id for party in answer.overstated] == ["T"]
    assert told(answer) == {"X": (80, 80), "Y": (80, 80)}


def test_nobody_by_that_name() -> None:
    with pytest.raises(NotFoundError):
        ask("X > T 80", "Z")


def test_it_is_the_product_method_read_upward() -> None:
    text = "X > A 60\nA > B 30-60\nB > A 10\nY > B 20\nB > T 70\nX > T 5\nA > T 10"
    with opened(text) as graph:
        when = conditions(DAY)
        upward = {o.party.id: o.share for o in beneficial(graph, "T", when).owners}
        for owner, share in upward.items():
            (row,) = attribution(graph, owner, when, method="products", of=["T"]).rows
            assert row.share == share
