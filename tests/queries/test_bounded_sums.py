"""Do the bounds of x = min(most, b + W x) enclose its least solution, and meet."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.queries.shocks import bounds
from spillover.queries.shocks.bounds import Reals, System, enclosed, walks
from tests.queries.worlds import seeded

CASES: Final = Path(__file__).parents[2].parent / "shared" / "cases" / "published_cases.json"
ONE: Final = np.array([1.0, 0.0, 0.0])
SEEDS = st.integers(0, 2**32)


def drawn(seed: int, *, cyclic: bool = True, whole: float = 0.95) -> System:
    """A random system; what leaves each row sums to ``whole`` at most."""
    draw = seeded(seed)
    size = draw.randint(1, 8)
    pairs = [(i, j) for i in range(size) for j in range(size) if (cyclic and i != j) or i < j]
    arcs = draw.sample(pairs, draw.randint(0, min(len(pairs), 14)))
    weight = np.array([draw.random() for _ in arcs])
    tail, head = (np.array([arc[end] for arc in arcs], np.int64) for end in (0, 1))
    out = np.bincount(tail, weight, size)
    weight *= whole / np.maximum(whole, out[tail])
    right = np.array([draw.choice((0.0, 0.0, draw.random())) for _ in range(size)])
    return System(right, tail, head, weight)


def dense(system: System) -> Reals:
    matrix = np.zeros((system.size, system.size))
    np.add.at(matrix, (system.head, system.tail), system.weight)
    return matrix


@given(SEEDS, st.booleans())
@settings(max_examples=50, deadline=None)
def test_below_the_cap_it_is_the_dense_linear_solution(seed: int, cyclic: bool) -> None:
    system = drawn(seed, cyclic=cyclic)
    expected = np.linalg.solve(np.eye(system.size) - dense(system), system.right)
    found = enclosed(system, most=1000)
    assert found.low == pytest.approx(expected, abs=1e-8)
    assert found.high == pytest.approx(expected, abs=1e-8)


@given(SEEDS)
@settings(max_examples=50, deadline=None)
def test_with_the_cap_the_bounds_meet_at_a_fixed_point(seed: int) -> None:
    system = drawn(seed, whole=3)
    found = enclosed(system)
    assert (found.low <= found.high + 1e-12).all()
    assert (found.high - found.low <= bounds.TOLERANCE).all()
    again = np.minimum(1, system.right + dense(system) @ found.low)
    assert found.low == pytest.approx(again, abs=1e-8)
    # The sums over walks rise to it, and never above it.
    assert (walks(system, 10_000) <= found.high + 1e-12).all()


@given(SEEDS)
@settings(max_examples=50, deadline=None)
def test_solving_what_is_apart_gives_what_many_steps_give(seed: int) -> None:
    system = drawn(seed, whole=1.5)
    slow = walks(system, 1_000_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "_STEPS", 1)
        found = enclosed(system)
    assert found.low == pytest.approx(slow, abs=1e-7)
    assert found.high == pytest.approx(slow, abs=1e-7)


@given(SEEDS, st.integers(0, 13))
@settings(max_examples=60, deadline=None)
def test_a_larger_weight_nowhere_makes_it_smaller(seed: int, arc: int) -> None:
    system = drawn(seed, whole=2)
    if not len(system.weight):
        return
    more = system.weight.copy()
    more[arc % len(more)] *= 1.5
    before, after = enclosed(system), enclosed(replace(system, weight=more))
    assert (after.low >= before.low - 1e-8).all()
    assert (after.high >= before.high - 1e-8).all()


def test_a_cycle_that_returns_everything_fills_up() -> None:
    # A millionth enters A; A and B hold all of each other. The sum over walks has no bound.
    system = System(ONE, np.array([0, 1, 2]), np.array([1, 2, 1]), np.array([1e-6, 1.0, 1.0]))
    found = enclosed(system)
    assert found.low.tolist() == [1, 1, 1]
    assert found.high.tolist() == [1, 1, 1]


def test_a_cycle_that_nothing_enters_stays_empty() -> None:
    system = System(ONE, np.array([0, 1, 2]), np.array([1, 2, 1]), np.array([0.0, 1.0, 1.0]))
    found = enclosed(system)
    assert found.high.tolist() == [1, 0, 0]


def test_a_cycle_that_returns_almost_everything_is_solved() -> None:
    # x1 = 1e-5 + 0.9999 x2 and x2 = x1, so x1 = 0.1; step by step that takes 200,000 steps.
    system = System(ONE, np.array([0, 1, 2]), np.array([1, 2, 1]), np.array([1e-5, 1.0, 0.9999]))
    found = enclosed(system)
    assert found.low == pytest.approx([1, 0.1, 0.1], abs=1e-9)
    assert found.high == pytest.approx([1, 0.1, 0.1], abs=1e-9)


@pytest.mark.parametrize("room", [0, 3])
def test_stopped_early_both_bounds_still_hold(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    # Too much to be solved, and no time left: lower and upper stay apart, the solution between.
    monkeypatch.setattr(bounds, "_SOLVED", 0)
    monkeypatch.setattr(bounds, "_WORK", room)
    system = System(ONE, np.array([0, 1, 2]), np.array([1, 2, 1]), np.array([0.1, 0.9, 0.5]))
    exact = np.linalg.solve(np.eye(3) - dense(system), ONE)
    found = enclosed(system)
    assert (found.low[1:] < exact[1:]).all()
    assert (found.high[1:] > exact[1:]).all()


@pytest.mark.skipif(not CASES.exists(), reason=f"the published cases are not there: {CASES}")
def test_the_published_index_of_katz() -> None:
    case = next(c for c in json.loads(CASES.read_text("utf-8")) if c["id"] == "katz-p3")
    ends = [(a, b) for pair in case["edges"] for a, b in (pair, pair[::-1])]
    tail, head = np.array(ends).T
    system = System(np.ones(3), tail, head, np.full(len(ends), case["alpha"]))
    found = enclosed(system, most=1000).low
    expected = [case["expected"][str(n)] for n in range(3)]
    assert found / np.linalg.norm(found) == pytest.approx(expected, abs=1e-9)
