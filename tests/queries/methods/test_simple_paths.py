"""Is the sum over simple paths right, and what it says of chains that the limits leave out?"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.session import Graph
from spillover.queries.conditions import conditions
from spillover.queries.methods.path_search import Limits
from spillover.queries.methods.simple_paths import PathShare, SimplePaths, simple_paths
from tests.graphs import opened
from tests.queries.asking import DAY
from tests.queries.methods.dense import capped, claims, completed, dense, products
from tests.queries.worlds import seeded

SEEDS = st.integers(0, 2**32)
SOME = settings(max_examples=150, deadline=None)
ALL = Limits()


def ask(graph: Graph, owner: str, asset: str | None, limits: Limits = ALL) -> SimplePaths:
    find = graph.store.find
    ends = find(owner), None if asset is None else find(asset)
    return simple_paths(graph.index, ends, conditions(DAY), limits=limits)


def by_name(graph: Graph, found: SimplePaths) -> dict[str, PathShare]:
    entities = graph.store.entities([share.asset for share in found.shares])
    return {entities[share.asset].id: share for share in found.shares}


def share(text: str, owner: str, asset: str, limits: Limits = ALL) -> PathShare:
    with opened(text) as graph:
        found = ask(graph, owner, asset, limits)
        return by_name(graph, found)[asset]


DIAMOND = "A > B 50\nA > C 15\nB > C 70"
"""A owns 50 % of B and 15 % of C; B owns 70 % of C."""


def test_products_of_all_chains_are_added_up() -> None:
    # 15 + 0.5 x 70 = 50: OFAC's cascade would attribute 85.
    found = share(DIAMOND, "A", "C")
    assert (found.low, found.high, found.chains) == (Fraction(50, 100), Fraction(50, 100), 2)


def test_a_cycle_adds_nothing() -> None:
    # Integrated ownership would give A 50 / (1 - 0.4 x 0.3) of B.
    with opened("A > B 50\nB > C 40\nC > B 30") as graph:
        found = by_name(graph, ask(graph, "A", None))
    assert {name: one.low for name, one in found.items()} == {
        "B": Fraction(50, 100),
        "C": Fraction(20, 100),
    }


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("A > B 40\nB > C 50", "close"),  # exactly 20 %
        ("A > B 40\nB > C 49.999999", "not_close"),
        ("A > B 40-50\nB > C 50", "close"),
        ("A > B 30-50\nB > C 50", "undetermined"),
        ("A > B\nB > C 100", "undetermined"),
        ("A > B\nD > B 85\nB > C 100", "not_close"),  # D leaves A 15 %
        ("A > B 10-30\nB > C 50\nA > C 5", "undetermined"),  # 10 to 20 %
    ],
)
def test_a_close_link_is_twenty_percent_or_more(text: str, verdict: str) -> None:
    assert share(text, "A", "C").close == verdict


def test_longer_chains_are_bounded_and_said() -> None:
    # One hop: 15 %. What goes on passes through B, of which A has 50 %.
    with opened(DIAMOND) as graph:
        found = ask(graph, "A", "C", Limits(hops=1))
    (one,) = found.shares
    assert found.truncated
    assert found.beyond == Fraction(50, 100)
    assert (one.low, one.high, one.cut) == (Fraction(15, 100), Fraction(65, 100), 0)


def test_chains_within_the_hops_that_are_cut_are_bounded_and_said() -> None:
    with opened(DIAMOND) as graph:
        found = ask(graph, "A", "C", Limits(chains=1))
    (one,) = found.shares
    assert found.truncated
    assert (one.low, one.high) == (Fraction(35, 100), Fraction(50, 100))
    assert (one.chains, one.cut, one.missing) == (1, 1, Fraction(15, 100))


def test_no_longer_chain_means_that_nothing_is_missing() -> None:
    # A and B hold each other, but no chain passes an entity twice: none has more than 2 hops.
    with opened("X > A 60\nA > B 50\nB > A 20") as graph:
        assert not ask(graph, "X", "B", Limits(hops=2)).truncated
        assert not ask(graph, "X", None, Limits(hops=2)).truncated
        assert ask(graph, "X", "B", Limits(hops=1)).truncated


@given(SEEDS)
@SOME
def test_sums_equal_those_over_the_paths_of_networkx(seed: int) -> None:
    shares = dense(seeded(seed))
    least = {pair: low for pair, (low, _) in shares.items()}
    greatest = capped(shares)
    names = sorted({name for pair in shares for name in pair})
    with opened(claims(shares)) as graph:
        everything = by_name(graph, ask(graph, names[0], None))
        for asset in names:
            low = products(least, names[0], asset)
            high = min(Fraction(1), products(greatest, names[0], asset))
            one = by_name(graph, ask(graph, names[0], asset)).get(asset)
            assert everything.get(asset) == one
            assert ((one.low, one.high) if one else (Fraction(0), Fraction(0))) == (low, high)


@given(SEEDS, st.integers(1, 4), st.integers(1, 6), st.booleans())
@SOME
def test_limits_keep_every_completion_between_low_and_high(
    seed: int, hops: int, most: int, one: bool
) -> None:
    draw = seeded(seed)
    shares = dense(draw)
    true = completed(shares, draw)
    names = sorted({name for pair in shares for name in pair})
    limits = Limits(hops=hops, chains=most)
    with opened(claims(shares)) as graph:
        for asset in names[1:]:
            found = ask(graph, names[0], asset if one else None, limits)
            answer = by_name(graph, found).get(asset)
            value = products(true, names[0], asset)
            low, high = (answer.low, answer.high) if answer else (0, found.beyond)
            assert low <= value <= high
            complete = by_name(graph, ask(graph, names[0], asset)).get(asset)
            if not found.truncated:
                assert answer == complete
