"""Do integrated ownership, its correction and network control follow their formulas exactly?"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.methods.integrated import (
    corrected,
    down,
    integrated,
    integrated_each,
    outside_claims,
)
from spillover.queries.methods.network import Network
from spillover.queries.methods.network_control import network_control
from spillover.queries.methods.shares import Shares, overstated, room
from tests.queries.methods.elimination import (
    Matrix,
    by_row,
    matrix,
    network_of,
    networks,
    opened_at,
    relabelled,
    walks,
)

SOME = settings(max_examples=150, deadline=None)


def close(mine: list[float], exact: list[Fraction | None]) -> None:
    for value, expected in zip(mine, exact, strict=True):
        if expected is None:
            assert value == math.inf
        else:
            assert value == pytest.approx(float(expected), rel=1e-9, abs=1e-12)


def any_row(data: st.DataObject, network: Network) -> int:
    return int(data.draw(st.integers(0, network.size - 1)))


@SOME
@given(networks(), st.data())
def test_least_shares_are_the_sum_over_all_walks(network: Network, data: st.DataObject) -> None:
    row = any_row(data, network)
    shares = integrated(network, row)
    close(by_row(shares, network.size), walks(matrix(network), row))
    assert shares.residual <= 1e-9


@SOME
@given(networks(exact=True), st.data())
def test_the_truncated_series_comes_close(network: Network, data: st.DataObject) -> None:
    # W + W W + ..., 2^31 terms, by doubling: never above, and close where nothing is left to come.
    row = any_row(data, network)
    power = np.array([[float(share) for share in line] for line in matrix(network)])
    total, direct = np.eye(network.size), power[row]
    for _ in range(31):
        total, power = total + power @ total, power @ power
    series, rest = direct @ total, direct @ power @ total
    shares = np.array(by_row(integrated(network, row), network.size))
    assert (series <= shares * (1 + 1e-6) + 1e-12).all()
    done = np.isfinite(shares) & (rest <= 1e-9 * series)
    np.testing.assert_allclose(series[done], shares[done], rtol=1e-6, atol=1e-12)


@SOME
@given(networks(), st.data())
def test_network_control_is_the_sum_with_the_owners_column_at_zero(
    network: Network, data: st.DataObject
) -> None:
    row = any_row(data, network)
    exact = walks(opened_at(matrix(network), row), row)
    exact[row] = Fraction(0)
    shares = network_control(network, row)
    close(by_row(shares, network.size), exact)
    assert max(by_row(shares, network.size, most=True)) <= 1


@SOME
@given(networks(), st.data())
def test_network_control_is_corrected_ownership_less_its_diagonal(
    network: Network, data: st.DataObject
) -> None:
    row = any_row(data, network)
    right = corrected(network, row)
    for most in (False, True):
        expected = by_row(right, network.size, most=most)
        expected[row] = 0
        mine = by_row(network_control(network, row), network.size, most=most)
        np.testing.assert_allclose(mine, expected, rtol=1e-7, atol=1e-9)


@SOME
@given(networks(exact=True), st.data())
def test_corrected_ownership_divides_by_the_diagonal(network: Network, data: st.DataObject) -> None:
    row = any_row(data, network)
    raw = walks(matrix(network), row)
    own = raw[row]
    if own is None:
        return
    expected = [value / (1 + own) for value in raw if value is not None]
    mine = by_row(corrected(network, row), network.size)
    kept = [value for value, exact in zip(mine, raw, strict=True) if exact is not None]
    np.testing.assert_allclose(kept, [float(value) for value in expected], rtol=1e-7, atol=1e-12)


def completions(network: Network, data: st.DataObject) -> Matrix | None:
    """Some choice of shares within the intervals, of which no asset's sum over the whole."""
    found = matrix(network)
    for owner, asset, low, high in zip(
        network.owner.tolist(),
        network.asset.tolist(),
        network.low.tolist(),
        network.high.tolist(),
        strict=True,
    ):
        units = data.draw(st.sampled_from((low, high, (low + high) // 2)))
        found[owner][asset] = Fraction(units, WHOLE)
    fits = all(sum(line[asset] for line in found) <= 1 for asset in range(network.size))
    return found if fits else None


@SOME
@given(networks(), st.data())
def test_every_completion_lies_between_the_bounds(network: Network, data: st.DataObject) -> None:
    shares = completions(network, data)
    if shares is None:
        return
    row = any_row(data, network)
    raw = walks(shares, row)
    opened = walks(opened_at(shares, row), row)
    opened[row] = Fraction(0)
    for method, exact in ((integrated, raw), (network_control, opened)):
        found = method(network, row)
        low, high = by_row(found, network.size), by_row(found, network.size, most=True)
        for asset, value in enumerate(exact):
            number = math.inf if value is None else float(value)
            assert low[asset] <= number * (1 + 1e-9) + 1e-12
            assert number <= high[asset] * (1 + 1e-9) + 1e-12


@SOME
@given(networks(exact=True))
def test_ultimate_owners_and_what_is_undeclared_add_up_to_the_whole(network: Network) -> None:
    # Who is owned by nobody holds, with the undeclared rest, all of each asset that can be solved.
    shares = matrix(network)
    held = [sum(line[asset] for line in shares) for asset in range(network.size)]
    free = [row for row in range(network.size) if not held[row]]
    columns = [by_row(integrated(network, row), network.size) for row in range(network.size)]
    for asset in range(network.size):
        if asset in free or any(math.isinf(column[asset]) for column in columns):
            continue
        through = [float(asset == row) + columns[row][asset] for row in range(network.size)]
        lost = sum(part * float(1 - held[row]) for row, part in enumerate(through))
        assert lost == pytest.approx(1, rel=1e-6)


@SOME
@given(networks(), st.data())
def test_numbering_does_not_matter(network: Network, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(network.size)))
    row = any_row(data, network)
    for method in (integrated, corrected, network_control):
        one, other = method(network, row), method(relabelled(network, order), order[row])
        for most in (False, True):
            moved = by_row(other, network.size, most=most)
            back = [moved[order[at]] for at in range(network.size)]
            np.testing.assert_allclose(
                back, by_row(one, network.size, most=most), rtol=1e-7, atol=1e-12
            )


@SOME
@given(networks(exact=True))
def test_many_owners_at_once_are_each_alone(network: Network) -> None:
    made = down(network, network.low)
    found: dict[int, list[float]] = {}
    for owners, solution in integrated_each(made, np.arange(network.size)):
        for column, owner in enumerate(owners.tolist()):
            values = np.zeros(network.size)
            values[solution.row] = solution.value[:, column]
            found[owner] = values.tolist()
    for owner in range(network.size):
        alone = by_row(integrated(network, owner), network.size)
        np.testing.assert_allclose(
            found.get(owner, [0.0] * network.size), alone, rtol=1e-9, atol=1e-12
        )


def three(held: str) -> Network:
    """A network from "owner > asset low-high" with rows as names, in percent."""
    pairs = {}
    for line in held.split(","):
        owner, _, asset, share = line.split()
        low, _, high = share.partition("-")
        pairs[int(owner), int(asset)] = (int(low) * 10**6, int(high or low) * 10**6)
    return network_of(max(max(pair) for pair in pairs) + 1, pairs)


def shown(shares: Shares) -> dict[int, tuple[float, float]]:
    columns = shares.row.tolist(), shares.low.tolist(), shares.high.tolist()
    return {row: (round(low, 9), round(high, 9)) for row, low, high in zip(*columns, strict=True)}


def test_an_owner_inside_a_cycle_is_inflated_and_corrected() -> None:
    # 0 holds 80 % of 1, and 1 holds 50 % of 0: Y(0,1) = 0.8 / (1 - 0.4), Y(0,0) = 0.4 / 0.6
    network = three("0 > 1 80,1 > 0 50,1 > 2 60")
    assert shown(integrated(network, 0)) == {
        0: (0.666666667, 0.666666667),
        1: (1.333333333, 1.333333333),
        2: (0.8, 0.8),
    }
    assert shown(corrected(network, 0)) == {0: (0.4, 0.4), 1: (0.8, 0.8), 2: (0.48, 0.48)}
    assert shown(network_control(network, 0)) == {1: (0.8, 0.8), 2: (0.48, 0.48)}


def test_a_closed_cycle_is_named_and_network_control_goes_on() -> None:
    network = three("0 > 1 100,1 > 0 100,1 > 2 60")
    raw = integrated(network, 0)
    assert [rows.tolist() for rows in raw.closed] == [[0, 1]]
    assert set(raw.low.tolist()) == set(raw.high.tolist()) == {math.inf}
    assert shown(network_control(network, 0)) == {1: (1, 1), 2: (0.6, 0.6)}
    assert shown(corrected(network, 0)) == {0: (1, 1), 1: (1, 1), 2: (0.6, 0.6)}
    assert corrected(network, 0).closed == ()


def test_the_greatest_share_leaves_what_others_hold_at_least() -> None:
    # Of 2, owner 0 holds 10 to 100 %; owner 1 holds 30 at least: 70 are left for 0.
    network = three("0 > 2 10-100,1 > 2 30-50")
    assert room(network).tolist() == [70 * 10**6, 50 * 10**6]
    assert shown(integrated(network, 0)) == {2: (0.1, 0.7)}


def test_shares_that_contradict_each_other_limit_nothing() -> None:
    network = three("0 > 2 60-90,1 > 2 60")
    assert overstated(network).tolist() == [False, False, True]
    assert shown(integrated(network, 0)) == {2: (0.6, 0.9)}


def test_a_bound_that_only_unknown_shares_close_is_infinite() -> None:
    # 1 and 2 may hold all of each other: then nothing limits what 0 has of them.
    network = three("0 > 1 10,1 > 2 0-100,2 > 1 0-100,0 > 2 0-5")
    shares = integrated(network, 0)
    low, high = by_row(shares, 3), by_row(shares, 3, most=True)
    assert low == [0, 0.1, 0]
    assert high[1] == pytest.approx((0.1 + 0.05 * 0.9) / (1 - 0.9))
    network = three("0 > 1 0-10,1 > 2 0-100,2 > 1 0-100")
    assert by_row(integrated(network, 0), 3, most=True) == [0, math.inf, math.inf]
    assert by_row(network_control(network, 0), 3, most=True) == [0, 1, 1]


@SOME
@given(networks(exact=True))
def test_outside_claims_on_one_organization_add_up_to_it(network: Network) -> None:
    # Elliott, Golub, Jackson: the columns of A = Chat (I - C)^-1 sum to 1.
    columns = [by_row(outside_claims(network, row), network.size) for row in range(network.size)]
    raw = [by_row(integrated(network, row), network.size) for row in range(network.size)]
    for asset in range(network.size):
        if all(math.isfinite(line[asset]) for line in raw):
            assert sum(line[asset] for line in columns) == pytest.approx(1, rel=1e-6)


def test_outside_claims_of_intervals_enclose() -> None:
    # 0 is held at 0 to 50 % by 1: half or all of it is outside.
    network = three("1 > 0 0-50,0 > 2 40")
    assert shown(outside_claims(network, 0)) == {0: (0.5, 1), 2: (0.2, 0.4)}
