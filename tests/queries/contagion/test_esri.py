"""Is the index that of the published runs, and do all of its kernels agree?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.queries.contagion.esri import esri
from spillover.queries.contagion.losses import _Down, losses, score
from spillover.queries.contagion.network import ESSENTIAL, LINEAR, Parts, network, parts
from tests.queries.contagion.nets import PARITY, Drawn, dense, networks


def test_the_published_value_of_fastcascade() -> None:
    net = PARITY.built
    amounts = parts(net)
    found = losses(net, amounts, [0], tolerance=1e-13)
    published = [0.0, 0.6, 0.789406819748348, 0.0, 0.611111111111111, 0.878667056068598]
    assert 1 - found.down == pytest.approx(published, abs=1e-9)
    assert score(found.down, amounts.size) == pytest.approx(0.5068798821474254, abs=1e-9)
    assert esri(net, [[0]], sides="downstream", tolerance=1e-13).score[0] == pytest.approx(
        0.5068798821474254, abs=1e-9
    )


def test_the_published_kernels() -> None:
    """ESRIcascade.jl, test "Propagation kernels": sigma 0.8, 0.4, 1; levels 0.55, 0.5, 0.3."""
    net = network(([0, 1, 0, 1], [0, 0, 1, 2], [1, 1, 1, 1]), [0, 0, 1])
    size = np.array([2.0, 1.0, 3.0])
    made = Parts(
        essential=np.array([1.0, 0.5, 0.0, 0.0]),
        linear=np.array([0.0, 0.0, 0.2, 1.0]),
        sales=np.zeros(4),
        size=size,
    )
    level = np.array([1.0, 0.5, 0.25])
    sigma = _Down(net, made, replaceable=True).unreplaced(1 - level)
    assert sigma == pytest.approx([0.8, 0.4, 1.0], abs=1e-12)
    # Their sigmas 0.5, 1, 0.2 and levels 0.8, 0.3, 1 pass on 0.5 * 0.2, 1 * 0.7 and 0.2 * 0.
    step = _Down(net, made, replaceable=False)(np.array([0.1, 0.7, 0.0]))
    own = 1 - np.array([1.0, 0.5, 0.9])
    assert 1 - np.maximum(step, own) == pytest.approx([0.55, 0.5, 0.3], abs=1e-12)


def test_parts_are_of_a_good_of_all_purchases_and_of_sales() -> None:
    """ESRIcascade.jl, test "Per-customer input classifications": 2/5, 3/5 and 5/17."""
    classes = [[0, 0, 2], [0, 0, 1], [1, 0, 0]]
    net = network(([0, 1, 2, 3], [3, 3, 3, 3], [2.0, 3.0, 5.0, 7.0]), [0, 0, 1, 2], classes)
    found = parts(net)
    assert found.essential == pytest.approx([2 / 5, 3 / 5, 0, 0])
    assert found.linear == pytest.approx([0, 0, 5 / 17, 0])
    assert found.sales == pytest.approx([1, 1, 1, 1])


def test_a_chain_by_hand() -> None:
    """A sells all to B, B half to C and half to D, who both need it; nobody stands in.

    Without B: C and D lose all input, A all sales. With sales 4, 2 and nothing of C and D, and B's
    own, all of the output is lost. Without C: B loses half of its sales, A half of that loss.
    """
    net = network(([0, 1, 1], [1, 2, 3], [4.0, 1.0, 1.0]), [0, 1, 2, 3])
    without_b = losses(net, parts(net), [1])
    assert without_b.both.tolist() == [1, 1, 1, 1]
    without_c = losses(net, parts(net), [2])
    assert without_c.up.tolist() == [0.5, 0.5, 1, 0]
    assert without_c.down.tolist() == [0, 0, 1, 0]
    assert esri(net, tolerance=1e-9).score.tolist() == [1, 1, 0.5, 0.5]


def test_half_of_an_industry_stands_in_for_a_supplier() -> None:
    """A and B are one industry and sell 1 each; C buys from A alone, D from B alone.

    What is left of the industry without A is B's 1: sigma of A is 1/1, so C loses all. With a third
    seller E, who sells 1 elsewhere, 2 are left, sigma is 1/2, and C loses half.
    """
    two = network(([0, 1], [2, 3], [1.0, 1.0]), [0, 0, 1, 1])
    assert losses(two, parts(two), [0]).down.tolist() == [1, 0, 1, 0]
    three = network(([0, 1, 4], [2, 3, 5], [1.0, 1.0, 1.0]), [0, 0, 1, 1, 0, 1])
    assert losses(three, parts(three), [0]).down.tolist() == [1, 0, 0.5, 0, 0, 0]
    alone = losses(three, parts(three), [0], replaceable=False)
    assert alone.down.tolist() == [1, 0, 1, 0, 0, 0]


def test_losses_are_not_monotone_in_amounts() -> None:
    """C buys 1 from A and 1 from B (one good): without A it loses 1/2; of 3 from B, 1/4."""
    for bought, lost in ((1.0, 0.5), (3.0, 0.25)):
        net = network(([0, 1], [2, 2], [1.0, bought]), [0, 0, 1])
        assert losses(net, parts(net), [0], replaceable=False).down[2] == lost


@settings(deadline=None, max_examples=120)
@given(networks(), st.sets(st.integers(0, 5), min_size=1), st.booleans())
def test_the_kernels_equal_the_plain_formula(net: Drawn, some: set[int], replaceable: bool) -> None:
    closed = sorted(firm % len(net.industry) for firm in some)
    built = net.built
    found = losses(
        built, parts(built), closed, replaceable=replaceable, tolerance=1e-300, rounds=40
    )
    down, up = dense(net, closed, rounds=40, replaceable=replaceable)
    assert found.down == pytest.approx(down, abs=1e-12)
    assert found.up == pytest.approx(up, abs=1e-12)
    batched = esri(built, [closed], replaceable=replaceable, tolerance=1e-300, rounds=40)
    whole = score(found.both, parts(built).size)
    assert batched.score[0] == pytest.approx(whole, abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(networks(), st.booleans())
def test_a_block_gives_what_each_closure_gives_alone(net: Drawn, replaceable: bool) -> None:
    built = net.built
    together = esri(built, replaceable=replaceable)
    for firm in range(len(built)):
        alone = esri(built, [[firm]], replaceable=replaceable)
        assert alone.score[0] == together.score[firm]  # to the last bit
        assert alone.rounds[0] == together.rounds[firm]
    threads = esri(built, replaceable=replaceable, threads=2, width=2)
    assert (threads.score == together.score).all()


def test_a_wide_block_of_a_large_network_gives_what_each_closure_gives_alone() -> None:
    """300 firms, so that rounds with few losses and with many both happen."""
    rng = np.random.default_rng(5)
    supplier, customer = rng.integers(0, 300, (2, 1500))
    edges = supplier, customer, rng.random(1500)
    net = network(edges, rng.integers(0, 12, 300), rng.integers(0, 3, (12, 12)))
    together = esri(net, tolerance=1e-6, width=64)
    for firm in range(0, 300, 7):
        alone = esri(net, [[firm]], tolerance=1e-6)
        assert alone.score[0] == together.score[firm]
        plain = losses(net, parts(net), [firm], tolerance=1e-6, rounds=300)
        assert together.score[firm] == pytest.approx(score(plain.both, parts(net).size), abs=1e-12)


@settings(deadline=None, max_examples=60)
@given(networks(), st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)), st.booleans())
def test_more_closures_lose_no_less(
    net: Drawn, first: set[int], more: set[int], replaceable: bool
) -> None:
    count = len(net.industry)
    built, some = net.built, sorted({firm % count for firm in first})
    every = sorted({firm % count for firm in first | more})
    one, other = (
        losses(built, parts(built), closed, replaceable=replaceable, rounds=60)
        for closed in (some, every)
    )
    assert (one.both >= 0).all()
    assert (other.both <= 1).all()
    assert (one.down <= other.down + 1e-9).all()
    assert (one.up <= other.up + 1e-9).all()


@settings(deadline=None, max_examples=60)
@given(networks(), st.randoms(use_true_random=False), st.booleans())
def test_no_completion_of_the_parts_leaves_the_bounds(
    net: Drawn, chance: st.DataObject, replaceable: bool
) -> None:
    built = net.built
    exact = parts(built)

    def scaled(low: float, high: float) -> Parts:
        factor = np.array([chance.uniform(low, high) for _ in built.supplier])  # type: ignore[attr-defined] # a Random
        return Parts(
            exact.essential * factor, exact.linear * factor, exact.sales * factor, exact.size
        )

    low, middle, high = scaled(0.0, 0.3), scaled(0.3, 0.7), scaled(0.7, 1.0)
    runs = [losses(built, p, [0], replaceable=replaceable, rounds=60) for p in (low, middle, high)]
    for less, greater in ((runs[0], runs[1]), (runs[1], runs[2])):
        assert (less.both <= greater.both + 1e-9).all()


@settings(deadline=None, max_examples=40)
@given(networks(), st.permutations(range(6)))
def test_the_order_of_firms_changes_nothing(net: Drawn, order: list[int]) -> None:
    count = len(net.industry)
    new = [firm for firm in order if firm < count]
    turned = Drawn(net.weights[np.ix_(new, new)], [net.industry[firm] for firm in new], net.classes)
    before, after = (esri(one.built, tolerance=1e-9, rounds=60) for one in (net, turned))
    assert after.score == pytest.approx(before.score[new], abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(networks())
def test_with_everything_closed_everything_is_lost(net: Drawn) -> None:
    built = net.built
    found = esri(built, [range(len(built))])
    assert found.score[0] == pytest.approx(1.0 if net.weights.any() else 0.0)


@settings(deadline=None, max_examples=30)
@given(networks(), st.integers(1, 4))
def test_draws_are_what_each_draw_gives_alone(net: Drawn, draws: int) -> None:
    built = net.built
    rng = np.random.default_rng(draws)
    weights = built.weight[:, None] * rng.random((len(built.weight), draws))
    together = losses(built, parts(built, weights), [0], tolerance=1e-300, rounds=30)
    for draw in range(draws):
        alone = losses(built, parts(built, weights[:, draw]), [0], tolerance=1e-300, rounds=30)
        found = together.both if together.both.ndim == 2 else together.both[:, None]
        assert found[:, draw] == pytest.approx(alone.both, abs=1e-12)


@pytest.mark.parametrize(
    ("edges", "said"),
    [
        (([0], [1], [-1.0]), "negative or not finite"),
        (([0], [1], [np.nan]), "negative or not finite"),
        (([0], [2], [1.0]), "names a firm that is not one of 2"),
    ],
)
def test_what_is_no_network_is_refused(
    edges: tuple[list[int], list[int], list[float]], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        network(edges, [0, 0])


def test_kinds_of_edges_take_the_place_of_a_table() -> None:
    net = network(([1, 0], [2, 2], [1.0, 1.0]), [0, 1, 2], kind=[LINEAR, ESSENTIAL])
    assert net.supplier.tolist() == [0, 1]
    assert net.kind.tolist() == [ESSENTIAL, LINEAR]


def test_rounds_that_run_out_are_said() -> None:
    """B sells all to A, A half to B and half to C: without C, all is lost, slowly."""
    net = network(([0, 0, 1], [1, 2, 0], [1.0, 1.0, 1.0]), [0, 1, 2])
    short = losses(net, parts(net), [2], rounds=3)
    assert not short.settled
    assert short.up.tolist() == [0.75, 0.5, 1]  # A: 1/2, 1/2, then 1/2 + 1/4; B follows A
    assert not esri(net, [[2]], tolerance=1e-9, rounds=3).settled
    long = losses(net, parts(net), [2])
    assert long.settled
    assert long.up == pytest.approx([1, 1, 1], abs=1e-8)
