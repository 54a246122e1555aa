"""Are control and cash flow along chains those of the published example and of brute force?"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.session import Graph
from spillover.queries.conditions import conditions
from spillover.queries.methods.path_search import Limits
from spillover.queries.methods.weakest_link import Rights, WeakestLinks, weakest_link
from tests.graphs import opened
from tests.queries.asking import DAY
from tests.queries.methods.dense import capped, claims, dense, minima, products
from tests.queries.worlds import seeded

ALL = Limits()
SEEDS = st.integers(0, 2**32)
SOME = settings(max_examples=150, deadline=None)


def ask(graph: Graph, owner: str, asset: str | None, limits: Limits = ALL) -> WeakestLinks:
    find = graph.store.find
    ends = find(owner), None if asset is None else find(asset)
    return weakest_link(graph.index, ends, conditions(DAY), limits=limits)


def rights(text: str, owner: str, asset: str, limits: Limits = ALL) -> Rights:
    with opened(text) as graph:
        (found,) = ask(graph, owner, asset, limits).rights
        return found


def percent(value: Fraction | None) -> float | None:
    return None if value is None else float(value * 100)


def test_wlp_30_20() -> None:
    # Case wlp-30-20, "Published family-firm definition (Family A, B, C)": the family holds 30 % of
    # B and of C, B holds 20 % of C: voting 30 + min(30, 20) = 50, cash flow 30 + 6 = 36.
    found = rights("Family > B 30\nB > C 20\nFamily > C 30", "Family", "C")
    assert (percent(found.control_low), percent(found.control_high)) == (50.0, 50.0)
    assert (percent(found.cash_low), percent(found.cash_high)) == (36.0, 36.0)


def test_a_shared_holding_counts_on_each_chain() -> None:
    # Through A and through B, each chain ends in C's 60 % of D: 60 + 40, more than C has.
    found = rights("X > A 80\nX > B 40\nA > C 50\nB > C 50\nC > D 60", "X", "D")
    assert percent(found.control_low) == 50 + 40
    assert percent(found.cash_low) == 24 + 12


def test_what_is_cut_is_said() -> None:
    text = "X > A 60\nA > C 40\nX > B 50\nB > C 30\nX > C 5"
    found = rights(text, "X", "C", Limits(chains=1))
    # The chain through A stays; two are left out, none of which is worth more than 30.
    assert (percent(found.control_low), percent(found.control_high)) == (40, 40 + 2 * 30)
    assert (percent(found.cash_low), percent(found.cash_high)) == (24, 24 + 15 + 5)
    assert (found.chains, found.cut) == (1, 2)


def test_nothing_bounds_the_control_of_longer_chains() -> None:
    with opened("X > C 5\nX > A 60\nA > C 40") as graph:
        found = ask(graph, "X", "C", Limits(hops=1))
    (one,) = found.rights
    assert found.truncated
    assert (percent(one.control_low), one.control_high) == (5, None)
    assert (percent(one.cash_low), percent(one.cash_high)) == (5, 5 + 40)  # A has 40 % of C


@given(SEEDS)
@SOME
def test_sums_equal_those_over_the_paths_of_networkx(seed: int) -> None:
    shares = dense(seeded(seed))
    least = {pair: low for pair, (low, _) in shares.items()}
    greatest = capped(shares)
    names = sorted({name for pair in shares for name in pair})
    with opened(claims(shares)) as graph:
        everything = {right.asset: right for right in ask(graph, names[0], None).rights}
        for asset in names:
            one = next(iter(ask(graph, names[0], asset).rights), None)
            assert everything.get(graph.store.find(asset)) == one
            control = minima(least, names[0], asset), minima(greatest, names[0], asset)
            cash = products(least, names[0], asset), products(greatest, names[0], asset)
            found = (one.control_low, one.control_high) if one else (0, 0)
            assert found == control
            found = (one.cash_low, one.cash_high) if one else (0, 0)
            assert found == (cash[0], min(Fraction(1), cash[1]))


@given(SEEDS, st.integers(1, 5))
@SOME
def test_limits_keep_the_sums_between_low_and_high(seed: int, most: int) -> None:
    shares = dense(seeded(seed), exact=True)
    true = {pair: low for pair, (low, _) in shares.items()}
    names = sorted({name for pair in shares for name in pair})
    with opened(claims(shares)) as graph:
        for asset in names[1:]:
            for right in ask(graph, names[0], asset, Limits(chains=most)).rights:
                control, cash = minima(true, names[0], asset), products(true, names[0], asset)
                assert right.control_high is not None
                assert right.control_low <= control <= right.control_high
                assert right.cash_low <= cash <= right.cash_high
                assert right.cut or right.control_low == control
