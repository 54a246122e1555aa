"""Do samples of markets say what arithmetic says, and keep to the certain bounds."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from benchmarks.truths import Source, chains
from spillover.graph.stake import UNITS_PER_PERCENT, WHOLE
from spillover.queries.markets.chain import Arc, Chain, carried
from spillover.queries.markets.hit import hit, own_losses, part_lost
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market import Market
from spillover.queries.markets.struck import Struck
from spillover.queries.uncertainty import carrying
from spillover.queries.uncertainty.drawing import die
from spillover.queries.uncertainty.falling import Falls
from spillover.queries.uncertainty.losing import Setting, loss
from spillover.queries.uncertainty.priors import Priors, default_priors
from spillover.queries.uncertainty.sampled import Ranges, Sampled, Spread
from spillover.queries.uncertainty.sampling import sample_markets
from spillover.queries.uncertainty.summing import noise, ranks
from tests.queries.markets.selling import PRODUCT, falls, market, share

CHIPS, LOGIC, PHONES = 201, 202, 203
NEEDS = ("INPUT_TO", WHOLE, WHOLE, ())
UNKNOWN_PART = ("KIND_OF", 0, WHOLE, ())


def sample(
    *counts: Market, fallen: Struck, arcs: tuple[Arc, ...] = (), priors: Priors | None = None
) -> Sampled:
    products = {count.product for count in counts} | {n for arc in arcs for n in arc[:2]}
    chain = Chain(tuple(sorted(products)), tuple(sorted(arcs)), 0)
    of = {p: [c for c in counts if c.product == p] for p in {c.product for c in counts}}
    return sample_markets(chain, of, fallen, draws=4000, priors=priors)


def lost(*counts: Market, fallen: Struck) -> Spread:
    return sample(*counts, fallen=fallen).products[PRODUCT].lost


def assumed(**ranges: tuple[float, float]) -> Priors:
    priors = default_priors()
    given = {
        name: priors.assumption(name).model_copy(update={"low": low, "high": high})
        for name, (low, high) in ranges.items()
    }
    return priors.model_copy(update=given)


def test_a_share_that_is_stated_exactly_stays_as_it_is_printed() -> None:
    found = lost(market(share(1, 60), share(2, 30)), fallen=falls(1))
    assert found == Spread(0.6, 0.6, 0.6, Part(60_000_000, 60_000_000))


def test_a_range_is_even() -> None:
    """20 to 40 %: the 5th percentile is 21, the 95th 39."""
    found = lost(market(share(1, 20, 40), share(2, 50)), fallen=falls(1))
    assert found[:3] == pytest.approx((0.21, 0.3, 0.39), abs=0.005)
    assert found.bounds == Part(20_000_000, 40_000_000)


def test_who_states_nothing_has_a_part_of_what_is_left() -> None:
    """70 % are taken: at most 30 % are lost, and on average half of it, if no others are."""
    said = market(share(1, 0, 100), share(2, 70), share(3, 0, 100))
    priors = assumed(unnamed_producers=(0, 0), unevenness=(1, 1))
    found = sample(said, fallen=falls(1), priors=priors).products[PRODUCT].lost
    assert found.bounds == Part(0, 30_000_000)
    assert found[:3] == pytest.approx((0.015, 0.15, 0.285), abs=0.01)


def test_who_can_fall_does_so_in_some_draws() -> None:
    """Half of the draws on average: 40 % are lost in these, nothing in the others."""
    found = sample(market(share(1, 40)), fallen=falls(possible=(1,)))
    assert (found.products[PRODUCT].lost.p5, found.products[PRODUCT].lost.p95) == (0.0, 0.4)
    surely = sample(market(share(1, 40)), fallen=falls(possible=(1,)), priors=assumed(falls=(1, 1)))
    assert surely.products[PRODUCT].lost.p5 == 0.4


def test_one_share_that_two_report_counts_once() -> None:
    said = market(share(1, 30, block=5), share(2, 40, block=5), share(3, 50))
    assert lost(said, fallen=falls(1, 2)).p50 == 0.4
    assert lost(said, fallen=falls(1)).p50 == 0.3


def test_a_share_that_repeats_others_is_not_added() -> None:
    said = market(share(1, 30), share(2, 45, repeats=True), share(3, 50))
    assert lost(said, fallen=falls(1, 2)).p50 == 0.45


def test_contradictory_shares_stay_within_the_certain_bounds() -> None:
    """60 and 70 % cannot both be: at least 60, and at most 60."""
    found = lost(market(share(1, 60), share(2, 70)), fallen=falls(1))
    assert (found.p5, found.p95, found.bounds) == (0.6, 0.6, Part(60_000_000, 60_000_000))


def test_of_two_counts_each_is_right_as_often_as_it_states_the_market() -> None:
    """Firms state 20 of 100 %, countries 80: in one draw of five the loss is 20 %."""
    firms = market(share(1, 20))
    countries = market(share(9, 80), side="country")
    fallen = replace(falls(1, 9, abroad=True), states=frozenset({9}))
    found = sample(firms, countries, fallen=fallen)
    assert found.products[PRODUCT].lost.bounds == Part(20_000_000, 100_000_000)
    assert found.products[PRODUCT].lost.p50 == 0.8
    assert {driver.input.what for driver in found.drivers[PRODUCT]} == {"count", "unnamed"}


def test_risk_comes_along_essential_inputs() -> None:
    arcs = (Arc(PRODUCT, CHIPS, *NEEDS), Arc(CHIPS, PHONES, *NEEDS))
    found = sample(market(share(1, 60)), fallen=falls(1), arcs=arcs).products
    assert found[PHONES].risk[:3] == (0.6, 0.6, 0.6)
    assert found[PHONES].lost[:3] == (0.0, 0.0, 0.0)


def test_a_kind_hits_within_its_part_as_far_as_others_do_not_make_up() -> None:
    """All of the kind is lost; of two equal kinds without others each is half on average."""
    arcs = (Arc(PRODUCT, CHIPS, *UNKNOWN_PART), Arc(LOGIC, CHIPS, *UNKNOWN_PART))
    priors = assumed(unnamed_kinds=(0, 0), unevenness=(1, 1), substitution=(0.5, 0.5))
    found = sample(market(share(1, 100)), fallen=falls(1), arcs=arcs, priors=priors)
    assert found.products[CHIPS].risk[:3] == pytest.approx((0.025, 0.25, 0.475), abs=0.015)
    assert found.products[CHIPS].risk.bounds == Part(0, WHOLE)


def test_a_stated_part_of_a_kind_is_lost_without_substitutes() -> None:
    part = 30 * UNITS_PER_PERCENT
    arcs = (Arc(PRODUCT, CHIPS, "KIND_OF", part, part, ()),)
    found = sample(market(share(1, 50)), fallen=falls(1), arcs=arcs).products[CHIPS].risk
    assert found == Spread(0.15, 0.15, 0.15, Part(15_000_000, 15_000_000))


def test_a_denied_input_is_essential_in_some_draws() -> None:
    arcs = (Arc(PRODUCT, CHIPS, "INPUT_TO", 0, WHOLE, (4,)),)
    found = sample(market(share(1, 50)), fallen=falls(1), arcs=arcs)
    risk = found.products[CHIPS].risk
    assert (risk.p5, risk.p95, risk.bounds) == (0.0, 0.5, Part(0, 50_000_000))
    (driver,) = found.drivers[CHIPS]
    assert (driver.input.what, driver.input.positions) == ("denied", (4,))
    assert driver.rank == pytest.approx(1)


def test_products_that_need_each_other_settle() -> None:
    arcs = (
        Arc(PRODUCT, CHIPS, *NEEDS),
        Arc(CHIPS, PHONES, *UNKNOWN_PART),
        Arc(PHONES, CHIPS, *NEEDS),
        Arc(PHONES, PRODUCT, *NEEDS),
    )
    found = sample(market(share(1, 20, 40)), fallen=falls(1), arcs=arcs)
    assert found.settled
    assert found.products[CHIPS].risk == found.products[PRODUCT].risk


def test_bystanders_are_those_whose_inputs_are_at_risk() -> None:
    said = [market(share(1, 60), share(2, 40)), market(share(1, 5), share(3, 95), product=CHIPS)]
    found = sample(*said, fallen=falls(1), arcs=(Arc(PRODUCT, CHIPS, *NEEDS),))
    assert found.makers == {3: Spread(0.6, 0.6, 0.6, Part(60_000_000, 60_000_000))}


def test_the_share_that_is_not_known_drives_its_loss() -> None:
    said = market(share(1, 20, 40), share(2, 10, 20))
    found = sample(said, fallen=falls(1))
    (driver,) = found.drivers[PRODUCT]
    assert (driver.input.what, driver.input.subject) == ("share", 1)
    assert driver.rank == pytest.approx(1)
    assert found.inputs == 2


def test_an_unknown_elsewhere_drives_nothing() -> None:
    said = [market(share(1, 20, 40)), market(share(2, 20, 40), product=CHIPS)]
    found = sample(*said, fallen=falls(1, 2))
    assert [d.input.product for d in found.drivers[PRODUCT]] == [PRODUCT]


def test_only_the_assumptions_that_matter_are_told() -> None:
    names = [name for name, _ in sample(market(share(1, 20, 40)), fallen=falls(1)).used]
    assert names == []
    some = sample(market(share(1, 0, 100), share(2, 0, 100)), fallen=falls(possible=(1,)))
    assert [name for name, _ in some.used] == ["unevenness", "unnamed_producers", "falls"]


@given(st.lists(st.integers(0, 5), min_size=3, max_size=40), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_rank_correlations_are_those_of_scipy(values: list[int], source: random.Random) -> None:
    other = [source.randint(0, 4) for _ in values]
    first, second = (np.array(some, float) for some in (values, other))
    if np.ptp(first) and np.ptp(second):
        expected = spearmanr(first, second).statistic
        assert ranks(first) @ ranks(second) == pytest.approx(expected, abs=1e-12)


def test_correlations_that_chance_makes_are_left_out() -> None:
    """Of 200 unknowns without any connection none is named at 1,000 draws."""
    drawn = die(1000, 5).stream("x").random((201, 1000))
    found = [abs(ranks(drawn[0]) @ ranks(row)) for row in drawn[1:]]
    assert max(found) < noise(1000)


WORLDS = st.tuples(st.integers(0, 10**6), st.sampled_from(["prior", "rank-size", "lognormal"]))


def spread_bounds(ranges: Ranges) -> list[Spread]:
    return [ranges.lost, ranges.risk]


@given(WORLDS)
@settings(max_examples=60, deadline=None)
def test_every_draw_lies_within_the_certain_bounds(made: tuple[int, Source]) -> None:
    world = chains(*made)
    priors, cast = default_priors(), die(300, made[0])
    setting = Setting(cast, priors, world.fallen, Falls(world.fallen, cast, priors))
    own = {}
    for product, (count,) in world.markets.items():
        if hit(count, world.fallen).possible:
            own[product] = loss(count, setting).lost
            low, high = part_lost(count, world.fallen)
            assert own[product].min() >= low / WHOLE - 1e-12
            assert own[product].max() <= high / WHOLE + 1e-12
    weights = carrying.weights(world.chain, cast, priors)
    risks = carrying.at_risk(world.chain, own, weights.arcs)
    bounds = carried(world.chain, own_losses(world.markets, world.fallen))
    for product, drawn in risks.whole.items():
        assert drawn.min() >= bounds[product].low / WHOLE - 1e-9
        assert drawn.max() <= bounds[product].high / WHOLE + 1e-9


@given(WORLDS)
@settings(max_examples=40, deadline=None)
def test_shares_that_fit_together_need_no_holding(made: tuple[int, Source]) -> None:
    """The draws are within the bounds by themselves, not because they are cut off there."""
    world = chains(*made)
    priors, cast = default_priors(), die(200, 1)
    setting = Setting(cast, priors, world.fallen, Falls(world.fallen, cast, priors))
    for (count,) in world.markets.values():
        low, high = part_lost(count, world.fallen)
        drawn = loss(count, setting).drawn
        assert drawn.min() >= low / WHOLE - 1e-9
        assert drawn.max() <= high / WHOLE + 1e-9


ENDS = st.tuples(st.integers(0, 40), st.integers(0, 100)).map(sorted)
MANY = st.lists(
    st.tuples(ENDS, st.integers(0, 2), st.sampled_from(["stays", "falls", "can fall"])),
    min_size=1,
    max_size=6,
)


@given(MANY, st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_blocks_and_unnamed_producers_keep_to_the_bounds(
    made: list[tuple[list[int], int, str]], abroad: bool, unnamed: bool
) -> None:
    """Shares of block 1 and of block 2 are one share each; all fit into the whole."""
    shares = [
        share(number, *ends, block=block) for number, (ends, block, _) in enumerate(made, start=1)
    ]
    fate = dict(enumerate((how for *_, how in made), start=1))
    fallen = falls(
        *[number for number, how in fate.items() if how == "falls"],
        possible=tuple(number for number, how in fate.items() if how == "can fall"),
        abroad=abroad,
    )
    if unnamed:
        shares.append(share(len(made) + 1, 0, 100))
    count = market(*shares)
    least = sum(max(one.low for one in block) for block in count.blocks())
    assume(least <= WHOLE)
    priors, cast = default_priors(), die(150, 1)
    setting = Setting(cast, priors, fallen, Falls(fallen, cast, priors))
    low, high = part_lost(count, fallen)
    drawn = loss(count, setting).drawn
    assert drawn.min() >= low / WHOLE - 1e-9
    assert drawn.max() <= high / WHOLE + 1e-9


@given(WORLDS, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_same_seed_gives_the_same_whatever_the_order(
    made: tuple[int, Source], source: random.Random
) -> None:
    world = chains(*made)
    items, arcs = [*world.markets.items()], [*world.chain.arcs]
    source.shuffle(items)
    source.shuffle(arcs)
    shuffled = replace(world.chain, arcs=tuple(arcs))
    first = sample_markets(world.chain, world.markets, world.fallen, draws=200)
    assert sample_markets(shuffled, dict(items), world.fallen, draws=200) == first
    other = sample_markets(world.chain, world.markets, world.fallen, draws=200, seed=2)
    varies = any(spread.varies for r in first.products.values() for spread in spread_bounds(r))
    assert (other.products != first.products) == varies or not varies
