"""Which shares count as one person's through entities in which it has a majority?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.conditions import conditions
from spillover.queries.methods.majorities import below
from spillover.queries.methods.majority_chain import Attributed, majority_chain
from tests.graphs import opened
from tests.queries.asking import DAY, Items
from tests.queries.methods.dense import Exact, claims, dense
from tests.queries.methods.test_majority_control import completions, controlled, narrowed
from tests.queries.worlds import seeded

SEEDS = st.integers(0, 2**32)


def attributed(items: Items, person: str) -> dict[str, Attributed]:
    """What counts as this person's, by id of the asset."""
    with opened(items) as graph:
        owner = np.array([graph.store.find(person)])
        net = below(graph.index, owner, conditions(DAY))
        found = majority_chain(net, int(net.rows(owner)[0]))
        assert found.person == owner[0]
        entities = graph.store.entities([share.asset for share in found.shares])
        return {entities[share.asset].id: share for share in found.shares}


def percents(items: Items, person: str) -> dict[str, tuple[float, float]]:
    found = attributed(items, person)
    return {name: (share.low / 10**6, share.high / 10**6) for name, share in found.items()}


def test_the_whole_stake_of_a_majority_holding_counts() -> None:
    # P has 51 % of A, and A's 60 % of B count whole: not 30.6 %.
    assert percents("P > A 51\nA > B 60\nP > B 5", "P") == {"A": (51, 51), "B": (65, 65)}


def test_exactly_half_passes_nothing_on() -> None:
    found = attributed("P > A 50\nA > B 60", "P")
    assert found.keys() == {"A"}
    assert not found["A"].possible


def test_persons_are_not_added_up() -> None:
    # OFAC would add P's and Q's 30 % up.
    text = "P > A 30\nQ > A 30\nA > B 100"
    assert percents(text, "P") == percents(text, "Q") == {"A": (30, 30)}


@pytest.mark.parametrize(
    ("text", "low", "high", "certain", "possible"),
    [
        ("P > A 40-60", 40, 60, False, True),
        ("P > A 40-60\nQ > A 50", 40, 50, False, False),  # Q leaves 50
        ("P > A", 0, 100, False, True),
        ("P > B 60\nB > A 30-45\nP > A 25", 55, 70, True, True),
        ("P > B 50-60\nB > A 30-45\nP > A 25", 25, 70, False, True),
    ],
)
def test_unknown_shares(text: str, low: int, high: int, *, certain: bool, possible: bool) -> None:
    found = attributed(text, "P")["A"]
    assert (found.low, found.high) == (low * 10**6, high * 10**6)
    assert (found.certain, found.possible) == (certain, possible)


def shares_of(shares: Exact, person: str) -> dict[str, int]:
    """Shares of the person and of all that the naive fixpoint says it holds."""
    holders = controlled(shares, person) | {person}
    found: dict[str, int] = {}
    for (holder, asset), share in shares.items():
        if holder in holders and asset not in (holder, person):
            found[asset] = found.get(asset, 0) + share
    return found


@given(SEEDS)
@settings(max_examples=100, deadline=None)
def test_shares_are_the_least_and_greatest_of_all_completions(seed: int) -> None:
    shares = narrowed(dense(seeded(seed)))
    person = min(shares)[0]
    tried = [shares_of(exact, person) for exact in completions(shares)]
    found = attributed(claims(shares), person)
    assert found.keys() >= set().union(*tried)
    for asset, share in found.items():
        values = [one.get(asset, 0) for one in tried]
        assert (share.low, share.high) == (min(values), max(values))
        assert 0 <= share.low <= share.high <= WHOLE
