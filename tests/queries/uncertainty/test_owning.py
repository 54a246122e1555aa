"""Does who falls follow from drawn stakes, by the rule, and keep to the certain bounds."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.session import Graph
from spillover.queries.conditions import conditions
from spillover.queries.markets.struck import struck
from spillover.queries.uncertainty.drawing import die
from spillover.queries.uncertainty.falling import Falls
from spillover.queries.uncertainty.owning import stakes
from spillover.queries.uncertainty.priors import default_priors
from tests.graphs import opened
from tests.queries.asking import Items

WHEN: Final = conditions("2024-06-30")
DRAWS: Final = 4000


def fallen(graph: Graph, *, rule: str = "us-ofac-50", target: str = "T") -> dict[str, float]:
    """In what part of the draws each falls who can, by id."""
    who = struck(graph, WHEN, [target], rule=rule)
    falls = Falls(who, die(DRAWS, 1), default_priors(), stakes(graph, WHEN, who))
    open_ = sorted(who.possible - who.certain)
    entities = graph.store.entities(open_)
    return {entities[number].id: float(falls.drawn(number).mean()) for number in open_}


def falling(items: Items, *, rule: str = "us-ofac-50") -> dict[str, float]:
    with opened(items) as graph:
        return fallen(graph, rule=rule)


@pytest.mark.parametrize(("share", "part"), [("40-60", 1 / 2), ("30-55", 1 / 5), ("49-50", 0)])
def test_a_range_falls_as_far_as_it_reaches_the_threshold(share: str, part: float) -> None:
    """Even between 40 and 60 %: half of it is at least 50. Of 49 to 50 one point only is."""
    assert falling(f"T > A {share}")["A"] == pytest.approx(part, abs=0.03)


def test_two_owners_that_fall_are_added_up() -> None:
    """T's 20 to 40 % and B's 20 % are enough from 30 % on; T has all of B."""
    found = falling("T > A 20-40\nT > B 100\nB > A 20")
    assert found == {"A": pytest.approx(1 / 2, abs=0.03)}


def test_those_who_hang_on_one_stake_fall_together() -> None:
    with opened("T > A 40-60\nA > B 100\nA > C 80") as graph:
        who = struck(graph, WHEN, ["T"], rule="us-ofac-50")
        falls = Falls(who, die(DRAWS, 1), default_priors(), stakes(graph, WHEN, who))
        first, second, third = (
            falls.drawn(number) for number in sorted(graph.find(["A", "B", "C"]))
        )
        assert (first == second).all()
        assert (first == third).all()
        assert [item.what for item, _ in falls.unknowns()] == ["stake"] * 3


def test_a_circle_does_not_hold_itself() -> None:
    """A and B hold each other; only T's 40 to 60 % of A can bring them down."""
    found = falling("T > A 40-60\nA > B 60\nB > A 10")
    assert found["A"] == found["B"]
    assert found["A"] < 0.6


def test_an_unstated_stake_is_a_part_of_what_the_others_leave() -> None:
    """80 % are X's: T cannot have half. With 40 % X's, it can."""
    assert falling("X > A 80\nT > A") == {}
    assert 0 < falling("X > A 40\nT > A")["A"] < 0.6


def test_where_something_else_can_decide_whoever_can_does_so_with_a_probability() -> None:
    """Under the EU's rule control counts, so that no sum of shares decides alone."""
    with opened("T > A 40-60") as graph:
        who = struck(graph, WHEN, ["T"], rule="eu-asset-freeze")
        assert stakes(graph, WHEN, who) is None
        none = struck(graph, WHEN, ["T"], rule="")
        assert stakes(graph, WHEN, none) is None
        assert fallen(graph, rule="eu-asset-freeze")["A"] == pytest.approx(0.5, abs=0.03)


def test_a_share_that_repeats_a_chain_is_left_to_a_probability() -> None:
    with opened("T > A 40-60\nT > A 30 indirect") as graph:
        who = struck(graph, WHEN, ["T"], rule="us-ofac-50")
        found = stakes(graph, WHEN, who)
        assert found is not None
        assert found.of == {}


NAMES: Final = "TABCD"
LINES = st.lists(
    st.tuples(
        st.sampled_from(NAMES), st.sampled_from(NAMES[1:]), st.integers(0, 45), st.integers(0, 45)
    ),
    min_size=1,
    max_size=7,
    unique_by=lambda line: line[:2],
)


@given(LINES)
@settings(max_examples=30, deadline=None)
def test_every_draw_is_the_least_solution_of_the_rule(
    lines: list[tuple[str, str, int, int]],
) -> None:
    """Beside plain loops over the draws, on the stakes that were drawn."""
    items = "T > Z 1\n" + "\n".join(
        f"{owner} > {asset} {low}-{low + more}"
        for owner, asset, low, more in lines
        if owner != asset
    )
    with opened(items) as graph:
        who = struck(graph, WHEN, ["T"], rule="us-ofac-50")
        known = stakes(graph, WHEN, who)
        falls = Falls(who, die(100, 1), default_priors(), known)
        if known is None:
            return
        drawn = {(i.product, i.subject): part for i, part in falls.unknowns()}
        for draw in range(0, 100, 10):
            down = {*who.certain}
            while True:
                more = {
                    asset
                    for asset, some in known.of.items()
                    if sum(drawn[asset, s.owner][draw] for s in some if s.owner in down)
                    >= 0.5 - 1e-12
                }
                if more <= down:
                    break
                down |= more
            found = {n for n in known.of if falls.drawn(n)[draw]}
            assert found == down - who.certain
        assert isinstance(next(iter(drawn.values()), np.zeros(1)), np.ndarray)
