"""Do sampled ranges contain a truth that was made up and then hidden, nine times in ten.

``python -m benchmarks.sampling`` does the same on 500 worlds of every source of truth.
"""

from __future__ import annotations

import pytest

from benchmarks.sampling import Sampler, coverage, of_markets, of_supplies
from benchmarks.truths import Source, supplies
from spillover.queries.contagion.losses import losses


@pytest.mark.parametrize(
    ("sampler", "source", "worlds"),
    [
        (of_markets, "prior", 500),
        (of_markets, "rank-size", 100),
        (of_markets, "lognormal", 100),
        (of_supplies, "rank-size", 30),
        (of_supplies, "lognormal", 30),
    ],
)
def test_ranges_contain_the_truth_nine_times_in_ten(
    sampler: Sampler, source: Source, worlds: int
) -> None:
    found = coverage(sampler, source, range(1000, 1000 + worlds))
    assert found.part >= 0.9
    assert found.outside == 0
    assert found.width < 0.8  # of the certain bounds: the ranges say more than these


def test_ranges_miss_the_truth_where_the_assumptions_do() -> None:
    """Nobody stands in for anybody, where the sampler takes every degree as likely."""
    found = coverage(of_supplies, "stubborn", range(1000, 1030))
    assert found.part < 0.9
    assert found.above > found.below
    assert found.outside == 0


def test_the_truth_is_reckoned_as_the_kernel_does() -> None:
    """Where nobody stands in for anybody and all is known, plain loops and arrays agree."""
    world = supplies(3, "stubborn")
    known = world.net.low.essential == world.net.high.essential
    assert not known.all()
    net = world.net.network
    nothing = losses(net, world.net.low, [], replaceable=False).both
    assert nothing.max() == 0
    closed = sorted(world.fallen.possible)
    most = losses(net, world.net.high, closed, replaceable=False).both
    assert all(world.loss[firm] <= most[firm] + 1e-9 for firm in range(len(net)))
