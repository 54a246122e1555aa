"""Do samples of firm cascades say what arithmetic says, and keep to the certain bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.truths import Source, supplies
from spillover.graph.errors import InputError
from spillover.graph.stake import WHOLE
from spillover.queries.conditions import conditions
from spillover.queries.contagion.classes import ALL
from spillover.queries.contagion.losses import losses
from spillover.queries.contagion.supplied import supplied
from spillover.queries.markets.lost import Part
from spillover.queries.markets.struck import struck
from spillover.queries.uncertainty.cascades import sample_systemic
from spillover.queries.uncertainty.drawing import die
from spillover.queries.uncertainty.owning import stakes
from spillover.queries.uncertainty.priors import Priors, default_priors
from spillover.queries.uncertainty.sampled import SampledFirms, Spread
from spillover.queries.uncertainty.supplying import drawn_parts
from tests.graphs import opened
from tests.queries.asking import Items

WHEN = conditions("2024-06-30")


def sample(
    items: Items, target: str, *, rule: str = "", replaceable: bool = False, seed: int = 1
) -> tuple[SampledFirms, dict[str, Spread]]:
    """The sample, and the spread of each firm by its id."""
    with opened(items) as graph:
        net = supplied(graph, WHEN, ALL)
        fallen = struck(graph, WHEN, [target], rule=rule)
        owned = stakes(graph, WHEN, fallen)
        found = sample_systemic(
            net, fallen, draws=4000, seed=seed, replaceable=replaceable, owned=owned
        )
        ids = {number: entity.id for number, entity in graph.store.entities(found.firms).items()}
        return found, {ids[number]: spread for number, spread in found.firms.items()}


def test_what_is_known_exactly_has_no_spread() -> None:
    """B buys 60 % of its steel from A, C 50 % of its wire from B: 30 % of C with A."""
    known = "A SUPPLIES B 60 product=steel basis=supply\nB SUPPLIES C 50 product=wire basis=supply"
    found, firms = sample(known, "A")
    assert firms["B"][:3] == pytest.approx((0.6, 0.6, 0.6))
    assert firms["C"][:3] == pytest.approx((0.3, 0.3, 0.3))
    assert found.index.p50 == pytest.approx((1 + 0.6 + 0.3) / 3)


def test_a_range_is_even() -> None:
    found, firms = sample("A SUPPLIES B 20-40 product=steel basis=supply", "A")
    assert firms["B"][:3] == pytest.approx((0.21, 0.3, 0.39), abs=0.005)
    assert firms["B"].bounds == Part(19_999_999, 40_000_001)  # rounded outward
    assert found.drivers[0].input.what == "purchase"
    assert found.drivers[0].rank == pytest.approx(1)


def test_an_unstated_purchase_is_a_part_of_what_the_stated_ones_leave() -> None:
    """C has 70 %, so A has at most 30 % of B's steel."""
    items = "A SUPPLIES B product=steel basis=supply\nC SUPPLIES B 70 product=steel basis=supply"
    found, firms = sample(items, "A")
    assert firms["B"].bounds == Part(0, 30_000_001)
    assert 0 <= firms["B"].p5 < firms["B"].p50 < firms["B"].p95 <= 0.3
    assert [name for name, _ in found.used] == ["unevenness", "unnamed_partners"]


def test_others_stand_in_to_a_degree_that_is_drawn() -> None:
    """All steel of B comes from A: the loss is what nobody makes up for, evenly 0 to 100 %."""
    items = "A SUPPLIES B 100 product=steel basis=supply"
    found, firms = sample(items, "A", replaceable=True)
    assert firms["B"][:3] == pytest.approx((0.05, 0.5, 0.95), abs=0.02)
    assert firms["B"].bounds == Part(0, WHOLE)
    assert found.drivers[0].input.what == "replacement"
    assert found.drivers[0].rank == pytest.approx(-1)


def test_a_firm_that_may_be_blocked_closes_in_some_draws() -> None:
    """T holds 40 to 60 % of A: under the rule of 50 % A can fall."""
    items = "T > A 40-60\nA SUPPLIES B 50 product=steel basis=supply\nT SUPPLIES D 1 basis=supply"
    found, firms = sample(items, "T", rule="us-ofac-50")
    assert (firms["B"].p5, firms["B"].p95) == (0.0, 0.5)
    assert found.drivers[0].input.what == "stake"


def test_who_is_sure_to_close_is_no_bystander() -> None:
    _, firms = sample("A SUPPLIES B 50 product=steel basis=supply", "A")
    assert [*firms] == ["B"]


WORLDS = st.tuples(st.integers(0, 10**6), st.sampled_from(["prior", "rank-size", "lognormal"]))


@given(WORLDS)
@settings(max_examples=40, deadline=None)
def test_every_part_and_loss_lies_within_the_certain_bounds(made: tuple[int, Source]) -> None:
    world = supplies(*made)
    net = world.net
    drawn = drawn_parts(net, die(100, 1), default_priors(), replaced=False).parts
    for name in ("essential", "linear", "sales"):
        part = getattr(drawn, name)
        assert (part >= getattr(net.low, name)[:, None] - 1e-9).all()
        assert (part <= getattr(net.high, name)[:, None] + 1e-9).all()
    closed = sorted(world.fallen.possible)
    found = losses(net.network, drawn, closed, replaceable=False).both
    low, high = (
        losses(net.network, end, closed, replaceable=False).both for end in (net.low, net.high)
    )
    assert (found >= low[:, None] - 1e-6).all()
    assert (found <= high[:, None] + 1e-6).all()
    for spread in sample_systemic(net, world.fallen, draws=100).firms.values():
        assert spread.bounds.low / WHOLE <= spread.p5 <= spread.p50 <= spread.p95
        assert spread.p95 <= spread.bounds.high / WHOLE


@given(WORLDS)
@settings(max_examples=15, deadline=None)
def test_draws_go_by_patterns_as_they_would_one_by_one(made: tuple[int, Source]) -> None:
    """The index of one draw is that of the cascade of its parts, when everybody surely closes."""
    world = supplies(*made)
    sure = replace(world.fallen, certain=world.fallen.possible)
    priors = default_priors()
    drawn = drawn_parts(world.net, die(100, 1), priors, replaced=True).parts
    closed = sorted(sure.certain)
    index = [
        losses(
            world.net.network,
            type(drawn)(*(part[:, draw] for part in drawn)),
            closed,
            replaceable=False,
        ).both.mean()
        for draw in range(100)
    ]
    found = sample_systemic(world.net, sure, draws=100).index
    assert found[:3] == pytest.approx(np.quantile(index, (0.05, 0.5, 0.95)), abs=1e-6)


def test_the_same_seed_gives_the_same_and_another_does_not() -> None:
    items = "A SUPPLIES B product=steel basis=supply\nB SUPPLIES C product=wire basis=supply"
    lines = items.split("\n")
    first, _ = sample(items, "A")
    assert sample("\n".join(lines), "A")[0] == first
    assert sample(items, "A", seed=2)[0].index != first.index


def test_a_network_too_large_for_so_many_draws_is_refused() -> None:
    net = supplies(1, "prior").net
    wide = replace(net.network, supplier=np.zeros(3_000, np.int64))
    with pytest.raises(InputError, match=r"10000 draws of 3000 supplies .* ask for 6666 draws"):
        sample_systemic(replace(net, network=wide), supplies(1, "prior").fallen, draws=10_000)


def test_assumptions_can_be_replaced() -> None:
    """Where nobody stands in, replacement 0 says as much as if it were not asked for."""
    data = default_priors().model_dump()
    data["replacement"] |= {"low": 0, "high": 0}
    world = supplies(1, "lognormal")
    found = sample_systemic(world.net, world.fallen, draws=200, priors=Priors.model_validate(data))
    alone = sample_systemic(world.net, world.fallen, draws=200, replaceable=False)
    assert found.index[:3] == alone.index[:3]
    assert "replacement" not in dict(found.used)
