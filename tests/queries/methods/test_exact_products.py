"""Are the sums over all chains exact, at both bounds, and do claims and completions prove them?

The oracle knows nothing of policies: it tries every vertex of every asset's shares, and solves each
completion by elimination.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import product
from math import prod
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.conditions import conditions
from spillover.queries.methods import interval_chain
from spillover.queries.methods.exact_products import (
    ChainSums,
    chain_claims,
    chain_completion,
    chain_sums,
)
from spillover.queries.methods.network import Network, network
from tests.graphs import opened
from tests.queries.asking import DAY

PERCENT = WHOLE // 100
SOURCE = 0
FEW = settings(max_examples=40, deadline=None)
MANY = settings(max_examples=100, deadline=None)

Pair = tuple[int, int]
"""Rows of an owner and an asset."""
Hulls = dict[Pair, tuple[int, int]]
Shares = dict[Pair, int]


def entity(row: int) -> int:
    """Numbers of entities that are no row numbers, so that a mix-up shows."""
    return 10 * row + 7


def built(hulls: Mapping[Pair, tuple[int, int]]) -> Network:
    """The network of some hulls; the claim of a holding is 1000 times its owner, and its asset."""
    pairs = sorted(hulls, key=lambda pair: (pair[1], pair[0]))
    rows = range(1 + max(max(pair) for pair in pairs))
    columns = (
        [entity(row) for row in rows],
        [owner for owner, _ in pairs],
        [asset for _, asset in pairs],
        [hulls[pair][0] for pair in pairs],
        [hulls[pair][1] for pair in pairs],
        [1000 * owner + asset for owner, asset in pairs],
    )
    return Network(*(np.array(column, np.int64) for column in columns))


def percent(text: str) -> Network:
    """Hulls from words: ``0>1:25`` (row 0 holds 25 % of row 1), ``1>2:0-50``."""
    hulls = {}
    for word in text.split():
        pair, share = word.split(":")
        low, _, high = share.partition("-")
        hulls[int(pair[0]), int(pair[2])] = (int(low) * PERCENT, int(high or low) * PERCENT)
    return built(hulls)


def bounds(found: ChainSums) -> dict[int, tuple[Fraction, Fraction]]:
    """Both bounds by row."""
    each = zip(found.entity, found.low, found.high, strict=True)
    return {number // 10: (low, high) for number, low, high in each}


# The oracle


def solved(shares: Mapping[Pair, int]) -> dict[int, Fraction]:
    """The least solution of x[asset] = sum of share * x[owner], x[source] = 1; what is not 0."""
    above: dict[int, dict[int, Fraction]] = {}
    for (owner, asset), share in shares.items():
        if share and asset != SOURCE:
            above.setdefault(asset, {})[owner] = Fraction(share, WHOLE)
    met = {SOURCE}
    for _ in above:
        met |= {asset for asset, owners in above.items() if met & owners.keys()}
    rows = sorted(met - {SOURCE})
    table = [
        [(row == other) - above[row].get(other, Fraction(0)) for other in rows]
        + [above[row].get(SOURCE, Fraction(0))]
        for row in rows
    ]
    for at in range(len(rows)):
        swap = next(line for line in range(at, len(rows)) if table[line][at])
        table[at], table[swap] = table[swap], table[at]
        table[at] = [value / table[at][at] for value in table[at]]
        for line in range(len(rows)):
            if line != at:
                pairs = zip(table[line], table[at], strict=True)
                table[line] = [value - table[line][at] * pivot for value, pivot in pairs]
    return {row: line[-1] for row, line in zip(rows, table, strict=True)}


def vertices(column: Mapping[Pair, tuple[int, int]]) -> list[Shares]:
    """Corners of the shares of one asset that lie within their hulls and sum to at most the whole.

    In a corner all shares but one are at an end of their hull.
    """
    pairs = list(column)
    found = set()
    for corner in product(*(column[pair] for pair in pairs)):
        for at, pair in enumerate(pairs):
            rest = WHOLE - sum(corner) + corner[at]
            if column[pair][0] <= rest <= column[pair][1]:
                found.add((*corner[:at], rest, *corner[at + 1 :]))
        if sum(corner) <= WHOLE:
            found.add(corner)
    return [dict(zip(pairs, corner, strict=True)) for corner in sorted(found)]


def completions(hulls: Hulls) -> Iterable[Shares]:
    assets = {asset for _, asset in hulls} - {SOURCE}
    columns = [{pair: hulls[pair] for pair in hulls if pair[1] == asset} for asset in assets]
    corners = [vertices(column) for column in columns]
    assume(prod(map(len, corners)) <= 400)
    for each in product(*corners):
        yield {pair: share for column in each for pair, share in column.items()}


def expected(hulls: Hulls) -> dict[int, tuple[Fraction, Fraction]]:
    every = [solved(shares) for shares in completions(hulls)]
    rows = {row for values in every for row in values}
    none = Fraction(0)
    return {
        row: (min(v.get(row, none) for v in every), max(v.get(row, none) for v in every))
        for row in rows
    }


@st.composite
def worlds(draw: st.DrawFn) -> Hulls:
    """2 to 5 entities that may hold each other and themselves, up to five shares of them vague."""
    size = draw(st.integers(2, 5))
    found: Hulls = {}
    vague = 5
    share = st.one_of(st.integers(0, 4).map(lambda n: n * WHOLE // 4), st.integers(0, WHOLE))
    for asset in range(size):
        left = WHOLE
        for owner in draw(st.permutations(range(size))):
            if not draw(st.booleans()):
                continue
            low = min(left, draw(share))
            high = max(low, draw(share)) if vague and draw(st.booleans()) else low
            vague -= high > low
            left -= low
            found[owner, asset] = (low, high)
    assume(found)
    return found


# Against the oracle


@MANY
@given(worlds())
def test_both_bounds_are_those_of_all_completions(hulls: Hulls) -> None:
    found = chain_sums(built(hulls), SOURCE)
    assert bounds(found) == expected(hulls)
    assert list(found.entity) == sorted(found.entity)
    assert found.enclosed == frozenset()


@MANY
@given(worlds())
def test_completions_stay_within_hulls_and_reach_the_greatest_sum(hulls: Hulls) -> None:
    made = built(hulls)
    for row, (_, high) in bounds(chain_sums(made, SOURCE)).items():
        shares = {pair: low for pair, (low, _) in hulls.items()}
        for owner, asset, share in chain_completion(made, SOURCE, row):
            pair = owner // 10, asset // 10
            assert hulls[pair][0] < share <= hulls[pair][1]
            shares[pair] = share
        columns = {asset: 0 for _, asset in hulls}
        for (_, asset), share in shares.items():
            columns[asset] += share
        assert max(columns.values()) <= WHOLE
        assert solved(shares)[row] == high


@MANY
@given(worlds(), st.fractions(min_value=Fraction(1, 100), max_value=1), st.booleans())
def test_claims_suffice_and_none_is_to_spare(hulls: Hulls, any_: Fraction, strict: bool) -> None:
    made = built(hulls)
    for row, (low, _) in bounds(chain_sums(made, SOURCE)).items():
        for enough in {any_, low, low * Fraction(99, 100)} - {Fraction(0)}:
            claims = chain_claims(made, SOURCE, row, enough, strict=strict)
            assert (claims is not None) == (low > enough or (low == enough and not strict))
            pairs = [divmod(claim, 1000) for claim in claims or ()]
            assert not pairs or passes(pairs, hulls, row, enough, strict=strict)
            for spare in pairs:
                fewer = [pair for pair in pairs if pair != spare]
                assert not passes(fewer, hulls, row, enough, strict=strict)


def passes(
    pairs: Iterable[Pair], hulls: Hulls, row: int, enough: Fraction, *, strict: bool
) -> bool:
    value = solved({pair: hulls[pair][0] for pair in pairs}).get(row, Fraction(0))
    return value > enough or (value == enough and not strict)


@MANY
@given(worlds(), st.sampled_from(("LARGEST_PART", "_ROUNDS")))
def test_what_is_too_large_to_solve_is_enclosed_and_never_wrong(hulls: Hulls, limit: str) -> None:
    exact = bounds(chain_sums(built(hulls), SOURCE))
    with patch.object(interval_chain, limit, 1):
        found = chain_sums(built(hulls), SOURCE)
    rough = bounds(found)
    assert exact.keys() <= rough.keys()
    none = (Fraction(0), Fraction(0))
    for row, (low, high) in rough.items():
        least, most = exact.get(row, none)
        assert 0 <= low <= least <= most <= high <= 1
        assert entity(row) in found.enclosed or (low, high) == (least, most)


@MANY
@given(worlds(), st.integers(0, 80))
def test_long_fractions_are_rounded_outward(hulls: Hulls, bits: int) -> None:
    exact = bounds(chain_sums(built(hulls), SOURCE))
    with patch.object(interval_chain, "LARGEST_BITS", bits):
        found = chain_sums(built(hulls), SOURCE)
    for row, (low, high) in bounds(found).items():
        least, most = exact[row]
        assert least - Fraction(1, 10**6) < low <= least
        assert most <= high < most + Fraction(1, 10**6)
        assert entity(row) in found.enclosed or (low, high) == (least, most)


# Contradictions: the least shares of an asset sum over the whole


@FEW
@given(
    st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(1, 3)),
        st.tuples(st.integers(0, 4), st.integers(0, 4)).map(lambda two: (min(two), max(two))),
        min_size=1,
    )
)
def test_contradictions_leave_no_limit_but_the_whole(quarters: Hulls) -> None:
    hulls = {pair: (low * WHOLE // 4, high * WHOLE // 4) for pair, (low, high) in quarters.items()}
    found = bounds(chain_sums(built(hulls), SOURCE))
    for bound in (0, 1):
        columns = choices(hulls, most=bool(bound))
        value = {row: both[bound] for row, both in found.items()}
        steps: dict[int, Fraction] = {}
        for _ in range(200):
            worth = stepped(columns, steps)
            steps = {row: Fraction(int(worth[row] * 10**6), 10**6) for row in worth}
        assert stepped(columns, value) == {row: value.get(row, Fraction(0)) for row in columns}
        for row, reached in steps.items():
            assert reached <= value.get(row, 0) < reached + Fraction(1, 50)


def choices(hulls: Hulls, *, most: bool) -> dict[int, list[Shares]]:
    """Shares of each asset that the greatest value may need, or the least ones."""
    found = {}
    for row in {asset for _, asset in hulls}:
        column = {pair: hull for pair, hull in hulls.items() if pair[1] == row}
        found[row] = [{pair: low for pair, (low, _) in column.items()}]
        if most and sum(low for low, _ in column.values()) > WHOLE:
            found[row] = [{pair: high for pair, (_, high) in column.items()}]
        elif most:
            found[row] = vertices(column)
    return found


def stepped(
    columns: Mapping[int, list[Shares]], value: Mapping[int, Fraction]
) -> dict[int, Fraction]:
    """What owners of these values make of their assets, in one step."""
    worth = {SOURCE: Fraction(1), **value}
    none = Fraction(0)
    sums = {
        row: [
            sum((worth.get(o, none) * s for (o, _), s in shares.items()), none) for shares in some
        ]
        for row, some in columns.items()
    }
    return {row: min(max(some) / WHOLE, Fraction(1)) for row, some in sums.items()}


# By hand


@pytest.mark.parametrize(
    ("text", "row", "low", "high"),
    [
        # P has 50 % of X, X has 50 % of T: 25 %, and not a hair less
        ("0>1:50 1>2:50", 2, "1/4", "1/4"),
        # A has 50 % of B and 15 % of C, B has 70 % of C: 15 % + 50 % * 70 %
        ("0>1:50 0>2:15 1>2:70", 2, "1/2", "1/2"),
        # a tree: 90 % * 80 % * 70 %
        ("0>1:90 1>2:80 2>3:70", 3, "504/1000", "504/1000"),
        # own shares: 40 % * (1 + 20 % + 4 % + ...) = 40 % / 80 %
        ("0>1:40 1>1:20", 1, "1/2", "1/2"),
        # a circle: x1 = 1/2 + 1/4 x2, x2 = 1/2 x1
        ("0>1:50 2>1:25 1>2:50", 1, "4/7", "4/7"),
        ("0>1:50 2>1:25 1>2:50", 2, "2/7", "2/7"),
        # a circle closed at the least, that 0 can enter: x1 = high + (1 - high) x2, x2 = x1
        ("0>1:0-10 2>1:0-100 1>2:100", 1, "0", "1"),
        # the source's own owners count for nothing: chains do not come back to it
        ("0>1:50 1>0:100 0>0:50 1>2:50", 2, "1/4", "1/4"),
        # unknown, where another owner leaves 40 %
        ("0>1:0-100 2>1:60", 1, "0", "2/5"),
        # two unknown shares of one asset are not both the whole: the better owner gets it
        ("0>1:50 0>2:80 1>3:0-100 2>3:10-100", 3, "8/100", "8/10"),
        # ... and where its hull ends, the next one: 30 % of 80 % and 70 % of 50 %
        ("0>1:50 0>2:80 1>3:0-100 2>3:10-30", 3, "8/100", "59/100"),
        # least shares of 130 %: they contradict each other
        ("0>1:80 0>2:50 1>2:100", 2, "1", "1"),
        ("0>1:10 1>2:80-90 3>2:50", 2, "8/100", "9/100"),
    ],
)
def test_sums_by_hand(text: str, row: int, low: str, high: str) -> None:
    assert bounds(chain_sums(percent(text), SOURCE))[row] == (Fraction(low), Fraction(high))


def test_a_circle_that_nobody_enters_is_worth_nothing() -> None:
    made = percent("0>1:50 2>3:100 3>2:100 0>2:0-100")
    assert bounds(chain_sums(made, SOURCE)).keys() == {1}
    assert chain_claims(made, SOURCE, 2, Fraction(1, 100), strict=False) is None
    assert chain_completion(made, SOURCE, 2) == []


def test_the_source_is_no_asset_of_its_own() -> None:
    made = percent("0>1:50 1>0:50")
    assert chain_claims(made, SOURCE, 0, Fraction(1, 100), strict=False) is None
    assert chain_completion(made, SOURCE, 0) == []


def test_the_threshold_itself_passes_only_where_that_is_enough() -> None:
    made, quarter = percent("0>1:50 1>2:50"), Fraction(1, 4)
    assert chain_claims(made, SOURCE, 2, quarter, strict=False) == [1, 1002]
    assert chain_claims(made, SOURCE, 2, quarter, strict=True) is None


def test_claims_are_those_of_the_largest_chains_from_source_to_asset() -> None:
    made = percent("0>1:90 1>3:10 0>2:50 2>3:50 0>3:5")
    assert chain_claims(made, SOURCE, 3, Fraction(1, 4), strict=False) == [2, 2003]
    assert chain_claims(made, SOURCE, 3, Fraction(26, 100), strict=False) == [1, 2, 1003, 2003]


def test_claims_across_a_contradiction() -> None:
    made = percent("0>1:80 0>2:50 1>2:100 2>3:50")
    assert chain_claims(made, SOURCE, 3, Fraction(1, 4), strict=False) == [2, 2003]
    assert chain_claims(made, SOURCE, 3, Fraction(1, 2), strict=False) == [1, 2, 1002, 2003]


def test_a_completion_raises_no_share_that_is_of_no_use() -> None:
    made = percent("0>1:10-40 1>2:0-100 3>1:0-100 3>2:0-100 0>4:0-50")
    assert chain_completion(made, SOURCE, 2) == [
        (entity(0), entity(1), 40 * PERCENT),
        (entity(1), entity(2), 100 * PERCENT),
    ]


def test_a_large_circle_is_enclosed_and_so_is_what_hangs_on_it() -> None:
    """0 has 50 % of 1; 1 to 70 hold all of the next, 70 has 50 % of 1; 70 has 50 % of 71."""
    hulls = {(row, row + 1): (WHOLE, WHOLE) for row in range(1, 70)}
    hulls |= {(0, 1): (WHOLE // 2,) * 2, (70, 1): (WHOLE // 2,) * 2, (70, 71): (WHOLE // 2,) * 2}
    hulls |= {(0, 72): (WHOLE, WHOLE)}
    made = built(hulls)
    found = chain_sums(made, SOURCE)
    assert found.enclosed == {entity(row) for row in range(1, 72)}
    both = bounds(found)
    assert both[72] == (Fraction(1), Fraction(1))
    assert Fraction(499_999, 10**6) < both[71][0] <= Fraction(1, 2) <= both[71][1]
    assert chain_claims(made, SOURCE, 71, Fraction(1, 5), strict=False) is not None
    assert chain_completion(made, SOURCE, 71) == []


def test_two_hundred_levels_stay_exact() -> None:
    share = 99_876_543
    made = built({(row, row + 1): (share, share) for row in range(200)})
    low, high = bounds(chain_sums(made, SOURCE))[200]
    assert low == high == Fraction(share, WHOLE) ** 200


def test_a_graph_is_read_as_its_claims_say() -> None:
    """A has 50 % of B; B has 25 to 75 % of C; somebody else has 40 % of C."""
    text = "A > B 50\nB > C 25-75\nD > C 40"
    with opened(text) as graph:
        made = network(graph.index, conditions(DAY))
        top, bottom = made.rows(np.array([graph.store.find(name) for name in "AC"])).tolist()
        found = chain_sums(made, top)
        at = found.entity.index(graph.store.find("C"))
        claims = chain_claims(made, top, bottom, Fraction(1, 8), strict=False) or []
        sources = [int(graph.index.source[claim]) for claim in claims]
        assert sources == [graph.store.find("A"), graph.store.find("B")]
    assert (found.low[at], found.high[at]) == (Fraction(1, 8), Fraction(3, 10))
