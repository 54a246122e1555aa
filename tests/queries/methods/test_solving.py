"""Is v = b + M v solved to the last digits on any graph, and never where there is no solution?"""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.methods import remains
from spillover.queries.methods.network import Network
from spillover.queries.methods.solving import Plan, Solution, System, solve, system
from tests.queries.methods.elimination import matrix, networks, reachable, walks

Edges = list[tuple[int, int, int]]
"""Tail, head and units."""


def made(size: int, edges: Edges) -> System:
    tail, head, units = np.array(edges, np.int64).reshape(-1, 3).T
    return system(size, (tail, head), units)


def from_one(size: int, edges: Edges, row: int) -> Solution:
    return solve(made(size, edges), np.array([row]), np.ones((1, 1)))


def full(found: Solution, size: int) -> npt.NDArray[np.float64]:
    value = np.zeros((size, found.value.shape[1]))
    value[found.row] = found.value
    return value


def left_over(size: int, edges: Edges, rows: list[int], found: Solution) -> float:
    """Largest element of b + M v - v, by plain loops."""
    value = full(found, size)[:, 0]
    rest = -value
    rest[rows] += 1
    for tail, head, units in edges:
        rest[head] += value[tail] * units / WHOLE
    return float(np.abs(rest).max())


def down(network: Network, *, most: bool = False) -> System:
    units = network.high if most else network.low
    return system(network.size, (network.owner, network.asset), units)


@settings(deadline=None)
@given(networks(exact=True), st.data())
def test_it_agrees_with_exact_elimination(network: Network, data: st.DataObject) -> None:
    source = data.draw(st.integers(0, network.size - 1))
    found = solve(down(network), np.array([source]), np.ones((1, 1)))
    value = full(found, network.size)[:, 0]
    expected = walks(matrix(network), source)
    own = value[source] - 1 if math.isfinite(value[source]) else value[source]
    for row, exact in enumerate(expected):
        mine = own if row == source else value[row]
        if exact is None:
            assert mine == math.inf
        else:
            assert mine == pytest.approx(float(exact), rel=1e-9, abs=1e-12)
    assert found.residual <= 1e-9


@settings(deadline=None)
@given(networks(exact=True))
def test_closed_cycles_are_those_whose_members_hold_all_of_each_other(network: Network) -> None:
    shares = matrix(network)
    expected = set()
    for row in range(network.size):
        members = reachable(shares, row)
        core = frozenset(other for other in members if row in reachable(shares, other))
        if core and all(sum(shares[owner][asset] for owner in core) == 1 for asset in core):
            expected.add(core)
    found = solve(down(network), np.arange(network.size), np.ones((network.size, 1)))
    assert {frozenset(members.tolist()) for members in found.closed} == expected


@settings(deadline=None)
@given(networks(exact=True), st.data())
def test_many_right_hand_sides_are_solved_as_each_alone(
    network: Network, data: st.DataObject
) -> None:
    rows = np.array(
        data.draw(st.lists(st.integers(0, network.size - 1), min_size=1, unique=True)), np.int64
    )
    together = full(solve(down(network), rows, np.eye(len(rows))), network.size)
    for column, row in enumerate(rows.tolist()):
        alone = full(solve(down(network), np.array([row]), np.ones((1, 1))), network.size)
        np.testing.assert_allclose(together[:, column], alone[:, 0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("leak", [10_000, 100, 1])
def test_a_nearly_closed_cycle_is_solved(leak: int) -> None:
    # A and B hold each other but for the leak: v = 1 / (1 - p^2) at A, with p = 1 - leak.
    edges = [(0, 1, WHOLE - leak), (1, 0, WHOLE - leak), (1, 2, WHOLE // 2)]
    found = from_one(3, edges, 0)
    part = (WHOLE - leak) / WHOLE
    one_minus_square = leak / WHOLE * (2 - leak / WHOLE)
    expected = [1 / one_minus_square, part / one_minus_square, part / one_minus_square / 2]
    np.testing.assert_allclose(found.value[:, 0], expected, rtol=1e-13)
    assert found.residual <= 1e-9
    assert found.closed == ()


def test_a_long_ring_that_nearly_closes() -> None:
    # 3,000 entities, each the only owner of the next, but for 0.01 % of the first
    size = 3000
    edges = [(row, (row + 1) % size, WHOLE) for row in range(size - 1)]
    edges.append((size - 1, 0, WHOLE - 10_000))
    found = from_one(size, edges, 0)
    np.testing.assert_allclose(found.value, 10_000, rtol=1e-9)
    edges[-1] = (size - 1, 0, WHOLE)
    closed = from_one(size, edges, 0)
    assert [members.tolist() for members in closed.closed] == [list(range(size))]
    assert np.isinf(closed.value).all()


def _core(size: int, owners: int, leak: int) -> Edges:
    """Everybody holds of everybody: random owners of equal shares, less a leak."""
    rng = np.random.default_rng(size)
    edges = {}
    for asset in range(size):
        for owner in rng.choice(size, owners, replace=False).tolist():
            edges[owner, asset] = (WHOLE - leak) // owners
    return [(owner, asset, units) for (owner, asset), units in edges.items()]


@pytest.mark.parametrize(
    ("size", "owners", "leak"),
    [
        (150, 5, 10_000),  # eliminated row by row
        (300, 250, 10_000),  # nearly everybody of everybody
        (2500, 3, 20_000_000),  # eliminated in rounds, then row by row
        (6000, 5, 20_000_000),  # eliminated in part, then summed walk by walk
        (6000, 5, 10_000),  # where walks hardly lose anything
    ],
)
def test_large_cores_are_solved_whatever_their_kind(size: int, owners: int, leak: int) -> None:
    edges = _core(size, owners, leak)
    found = from_one(size, edges, 0)
    largest = float(found.value.max())
    assert left_over(size, edges, [0], found) <= 1e-9 * largest
    # Nothing is lost: what leaks at all rows together is what was put in.
    held = np.zeros(size)
    for owner, _, units in edges:
        held[owner] += units / WHOLE
    loss = (1 - held) @ full(found, size)[:, 0]
    assert loss == pytest.approx(1, rel=1e-6)


def test_where_gmres_gets_stuck_an_lu_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scipy.sparse.linalg.gmres", lambda *given, **_: (0 * given[1], 1))
    monkeypatch.setattr(remains, "_SMALL", 10)
    edges = _core(600, 5, 10_000)
    found = solve(made(600, edges), np.array([0, 1]), np.eye(2))
    alone = Solution(found.row, found.value[:, :1], (), 0.0)
    assert left_over(600, edges, [0], alone) <= 1e-9 * float(found.value.max())
    assert found.residual <= 1e-9


def test_an_answer_that_is_not_good_enough_is_refined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remains, "_SMALL", 10)
    monkeypatch.setattr(remains, "_PRECISION", 1e-7)
    edges = _core(600, 5, 20_000_000)
    found = from_one(600, edges, 0)
    assert found.residual <= 1e-12
    assert left_over(600, edges, [0], found) <= 1e-9


def test_shares_over_the_whole_are_solved_where_walks_still_end() -> None:
    # 150 % of A is held. A -> B -> A returns a half: v(A) = 1 / (1 - 1/2).
    found = from_one(3, [(0, 1, WHOLE), (1, 0, WHOLE // 2), (2, 0, WHOLE)], 2)
    np.testing.assert_allclose(found.value[:, 0], [2, 2, 1])
    assert found.closed == ()


def test_shares_over_the_whole_are_named_where_walks_grow() -> None:
    # 200 % of each is held inside the cycle: no sum exists, and no negative number is printed.
    edges = [(0, 1, WHOLE), (1, 0, WHOLE), (0, 0, WHOLE), (1, 1, WHOLE), (2, 0, WHOLE), (2, 3, 7)]
    found = from_one(4, edges, 2)
    assert [members.tolist() for members in found.closed] == [[0, 1]]
    np.testing.assert_allclose(found.value[:, 0], [math.inf, math.inf, 1, 7 / WHOLE])


def test_what_a_closed_cycle_does_not_reach_is_right_all_the_same() -> None:
    # 0 <-> 1 closed; 1 -> 2 -> 4, 3 -> 2. From 3 nothing is infinite, from 0 everything is.
    edges = [(0, 1, WHOLE), (1, 0, WHOLE), (1, 2, 50_000_000), (3, 2, 25_000_000)]
    edges.append((2, 4, 50_000_000))
    found = solve(made(5, edges), np.array([0, 3]), np.eye(2))
    value = full(found, 5)
    assert value[:, 0].tolist() == [math.inf, math.inf, math.inf, 0, math.inf]
    assert value[:, 1].tolist() == [0, 0, 0.25, 1, 0.125]
    assert [members.tolist() for members in found.closed] == [[0, 1]]


def test_a_share_in_oneself_is_a_cycle_of_one() -> None:
    found = from_one(2, [(0, 0, 10_000_000), (0, 1, 50_000_000)], 0)
    np.testing.assert_allclose(found.value[:, 0], [10 / 9, 5 / 9])
    assert [m.tolist() for m in from_one(1, [(0, 0, WHOLE)], 0).closed] == [[0]]


def test_cores_are_told_from_what_connects_them() -> None:
    # 0 <-> 1 -> 2 -> 3 <-> 4 -> 5, and 6 holds of itself
    edges = [(0, 1, 5), (1, 0, 5), (1, 2, 5), (2, 3, 5), (3, 4, 5), (4, 3, 5), (4, 5, 5), (6, 6, 5)]
    plan = Plan(made(7, edges), np.array([0, 6]))
    assert [rows.tolist() for rows in plan.cycles()] == [[0, 1], [3, 4], [6]]
    assert plan.above_cores().tolist() == [True] * 5 + [False, True]


def test_nothing_outside_the_cone_is_touched() -> None:
    found = from_one(6, [(0, 1, 5), (3, 1, 5), (3, 4, 5), (4, 3, 5)], 0)
    assert found.row.tolist() == [0, 1]


def test_empty_shares_and_empty_systems() -> None:
    assert from_one(2, [(0, 1, 0)], 0).row.tolist() == [0]
    assert solve(made(3, []), np.array([], np.int64), np.empty((0, 1))).row.tolist() == []


def test_scipy_is_imported_for_cycles_only() -> None:
    code = (
        "import sys, numpy as np\n"
        "import spillover.queries.attribution\n"
        "from spillover.queries.methods.solving import solve, system\n"
        "ends = np.array([0, 1]), np.array([1, 2])\n"
        "solve(system(3, ends, np.array([5, 5])), np.array([0]), np.ones((1, 1)))\n"
        "assert not [name for name in sys.modules if name.startswith('scipy')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_larger_random_systems_leave_no_residual(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(2, 400))
    count = int(rng.integers(1, 3 * size))
    tail, head = rng.integers(size, size=(2, count))
    _, first = np.unique(head * size + tail, return_index=True)
    tail, head = tail[first], head[first]
    weight = rng.random(len(tail)) ** 4
    units = (weight / np.bincount(head, weight, size)[head] * (WHOLE - 10_000)).astype(np.int64)
    edges = list(zip(tail.tolist(), head.tolist(), units.tolist(), strict=True))
    rows = np.unique(rng.integers(size, size=3))
    found = solve(made(size, edges), rows, np.ones((len(rows), 1)))
    largest = float(found.value.max())
    assert found.residual <= 1e-9
    assert left_over(size, edges, rows.tolist(), found) <= 1e-9 * largest
