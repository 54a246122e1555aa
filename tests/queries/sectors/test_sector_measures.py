"""Do the models equal plain dense solutions, and keep the identities of the textbook?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.queries.sectors.alone import countries_alone, sectors_alone, worked_out
from spillover.queries.sectors.economy import (
    LOSSES,
    MEASURES,
    Measure,
    Shock,
    economy,
    extraction,
    ghosh,
    leontief,
    substituted,
)
from tests.queries.sectors import io_oracle
from tests.queries.sectors.io_oracle import sectors, some, table, tables

PARTS = st.sampled_from([1.0, 0.5, 0.3, 0.01])
DENSE = st.booleans()


def near(found: Any, expected: Any, scale: Any) -> None:
    """Equal to a billionth of the table's size."""
    assert found == pytest.approx(expected, abs=1e-9 * max(1.0, float(np.max(scale))))


@given(st.data(), tables(), PARTS, DENSE)
@settings(max_examples=150, deadline=None)
def test_demand_and_supply_lost(data: st.DataObject, made: Any, part: float, dense: bool) -> None:
    z, x = made
    found = economy(table(z, x), dense=dense)
    rows = data.draw(some(len(x)))
    shock = Shock(np.array(rows), part)
    lost = np.zeros(len(x))
    lost[rows] = part * found.table.demand[rows]
    near(leontief(found, shock), io_oracle.leontief(z, x, lost), x)
    lost[rows] = part * found.table.added[rows]
    near(ghosh(found, shock), io_oracle.ghosh(z, x, lost), x)


@given(st.data(), tables(), PARTS, DENSE)
@settings(max_examples=150, deadline=None)
def test_extraction(data: st.DataObject, made: Any, part: float, dense: bool) -> None:
    z, x = made
    found = economy(table(z, x), dense=dense)
    rows = data.draw(some(len(x)))
    loss = extraction(found, Shock(np.array(rows), part))
    near(loss, io_oracle.smaller(z, x, rows, part), x)
    assert (loss >= -1e-9).all()
    if part == 1:  # rows and columns struck out of the table
        near(loss, io_oracle.without(z, x, rows), x)


@given(st.data(), tables(most=6), PARTS, DENSE)
@settings(max_examples=100, deadline=None)
def test_extraction_where_others_step_in(
    data: st.DataObject, made: Any, part: float, dense: bool
) -> None:
    z, x = made
    industries = data.draw(st.lists(st.sampled_from("abc"), min_size=len(x), max_size=len(x)))
    of = tuple(
        sector._replace(industry=industry)
        for sector, industry in zip(sectors(["A"], ["i"] * len(x)), industries, strict=True)
    )
    left = x - z.sum(axis=1)
    found = economy(
        table(z, x, cells=np.column_stack([left // 2, left - left // 2]), of=of), dense=dense
    )
    rows = data.draw(some(len(x)))
    loss = substituted(found, Shock(np.array(rows), part))
    near(loss, io_oracle.replaced(found.table, rows, part), x)


@given(tables(), DENSE)
@settings(max_examples=60, deadline=None)
def test_the_identities_of_the_textbook(made: Any, dense: bool) -> None:
    z, x = made
    found = economy(table(z, x), dense=dense)
    everything = np.arange(len(x))
    near(found.system.solve(found.table.demand), x, x)  # f unchanged returns x
    # v unchanged returns x
    per_output = np.divide(found.table.added, x, out=np.zeros(len(x)), where=x > 0)
    near(x * found.system.solve_back(per_output), x, x)
    near(extraction(found, Shock(everything, 1.0)), x, x)  # without all, all is lost
    near(found.system.columns(everything).sum(axis=0), found.calls, found.calls)
    for model in LOSSES.values():
        assert not model(found, Shock(everything, 0.0)).any()


def plain(z: Any, x: Any, measure: Measure, *, rows: Sequence[int], part: float) -> Any:
    """What some sectors cost, solved anew."""
    if measure == "extraction":
        return io_oracle.smaller(z, x, rows, part)
    lost = np.zeros(len(x))
    side = 1 if measure == "leontief" else 0
    lost[rows] = part * (x - z.sum(axis=side))[rows]
    return (io_oracle.leontief if side else io_oracle.ghosh)(z, x, lost)


@given(tables(most=12), st.sampled_from(MEASURES), PARTS, DENSE)
@settings(max_examples=100, deadline=None)
def test_a_ranking_equals_so_many_plain_solutions(
    made: Any, measure: Measure, part: float, dense: bool
) -> None:
    """n dense solutions against the columns of one inverse, and a top that stops early."""
    z, x = made
    found, size = economy(table(z, x), dense=dense), len(x)
    country = np.arange(size) % 2
    alone = [plain(z, x, measure, rows=[row], part=part) for row in range(size)]
    ranked, _ = sectors_alone(found, measure, part, country=country, top=size)
    for one in ranked:
        loss = alone[one.group]
        near(one.total, loss.sum(), x.sum())
        near(one.own, loss[one.group], x)
        near(one.home, loss[country == country[one.group]].sum(), x.sum())
    totals = [one.total for one in ranked]
    assert totals == sorted(totals, reverse=True)
    few, solved = sectors_alone(found, measure, part, country=country, top=1)
    near(few[0].total, max(loss.sum() for loss in alone), x.sum())
    assert 1 <= solved <= size


@given(tables(most=8), st.sampled_from(MEASURES), PARTS, DENSE)
@settings(max_examples=60, deadline=None)
def test_countries_alone_equal_plain_solutions(
    made: Any, measure: Measure, part: float, dense: bool
) -> None:
    z, x = made
    country = np.arange(len(x)) % 3
    ranked, matrix = countries_alone(
        economy(table(z, x), dense=dense), measure, part, country=country
    )
    for one in ranked:
        loss = plain(z, x, measure, rows=np.flatnonzero(country == one.group).tolist(), part=part)
        near(one.total, loss.sum(), x.sum())
        near(matrix[one.group], [loss[country == c].sum() for c in range(len(ranked))], x.sum())


def test_a_ranking_stops_before_the_end() -> None:
    """100 sectors of very unequal size: two batches of 32 are enough to prove the first five."""
    size, rng = 100, np.random.default_rng(1)
    z = np.where(rng.random((size, size)) < 0.06, rng.pareto(1.5, (size, size)), 0)
    x = np.maximum(z.sum(axis=0), z.sum(axis=1)) * 1.5 + rng.pareto(1.2, size)
    found, one = economy(table(z, x)), np.zeros(size, np.int64)
    ranked, solved = sectors_alone(found, "extraction", 1.0, country=one, top=5)
    assert solved <= 64
    every = [io_oracle.without(z, x, [row]).sum() for row in range(size)]
    best = sorted(range(size), key=lambda row: -every[row])[:5]
    assert [rank.group for rank in ranked] == best


@pytest.mark.parametrize("part", [1.0, 0.3])
@pytest.mark.parametrize("dense", [True, False])
def test_many_sectors_fall_out_together(part: float, dense: bool) -> None:
    """Ten of fourteen: where each column must be solved for, the table is solved anew instead."""
    rng = np.random.default_rng(5)
    z = rng.integers(0, 9, (14, 14)) * (rng.random((14, 14)) < 0.4)
    x = np.maximum(z.sum(axis=0), z.sum(axis=1)) + rng.integers(1, 50, 14)
    rows = list(range(10))
    loss = extraction(economy(table(z, x), dense=dense), Shock(np.array(rows), part))
    near(loss, io_oracle.smaller(z, x, rows, part), x)


def test_two_models_of_extraction_by_hand() -> None:
    """A_steel sells 40 to A_cars and 60 finally; B_steel sells 10 to A_cars and 90 finally.

    Without A_steel, where nobody steps in, it alone loses, its 100: it buys nothing. Where B_steel
    steps in, it delivers the 40 and the 60: it gains 100. Cars (output 200, final) lose nothing.
    """
    of = tuple(
        sector._replace(industry=industry)
        for sector, industry in zip(
            sectors("AAB", ["steel"])[:3], ["steel", "cars", "steel"], strict=True
        )
    )
    z = [[0, 40, 0], [0, 0, 0], [0, 10, 0]]
    found = economy(table(z, [100, 200, 100], of=of))
    shock = Shock(np.array([0]), 1.0)
    assert extraction(found, shock).tolist() == [100, 0, 0]
    assert substituted(found, shock) == pytest.approx([100, 0, -100])
    # Cars lose their suppliers by Ghosh's model: 40 of the 200 that their purchases and value
    # added pay for were A_steel's, all of which was value added.
    assert ghosh(found, shock) == pytest.approx([100, 40, 0])
    # If cars lose half of their final demand of 200, steel loses half of 40 and of 10.
    assert leontief(found, Shock(np.array([1]), 0.5)) == pytest.approx([20, 100, 5])


def test_sherman_and_morrison_by_hand() -> None:
    """Without the second sector of the book's table: l_12 x_2 / l_22 = 0.330033 / 1.122112 x 2000.

    That is a_12 / (1 - a_11) x 2000 = 0.25 / 0.85 x 2000: what it and its suppliers bought.
    """
    found = economy(table([[150, 500], [200, 100]], [1000, 2000]))
    loss = extraction(found, Shock(np.array([1]), 1.0))
    assert loss == pytest.approx([0.25 / 0.85 * 2000, 2000])
    assert loss[0] == pytest.approx(0.330033 / 1.12211221 * 2000, rel=1e-6)


@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize(
    ("z", "x"),
    [
        ([[10]], [10]),  # buys all that it makes
        ([[12]], [10]),  # and more
        ([[0, 20], [20, 0]], [10, 10]),  # two that use each other up
        ([[1, 2], [3, 4]], [4 * (1 + 1e-15), 6 * (1 + 1e-15)]),  # nearly: no digit is left
    ],
)
def test_a_table_that_uses_itself_up_is_refused(z: Any, x: Any, dense: bool) -> None:
    with pytest.raises(InputError, match=r"cannot be solved|is solved to"):
        economy(table(z, x), dense=dense)


def test_substitutes_that_would_use_themselves_up_are_refused() -> None:
    """Cars (100) buy 60 of A_steel and 30 of B_steel, which buys 150 of cars for an output of 100.

    That circle ends, as 0.3 x 1.5 is 0.45. With all of the 90 from B_steel it would not: 1.35.
    """
    of = tuple(
        sector._replace(industry=industry)
        for sector, industry in zip(
            sectors("AAB", ["steel"])[:3], ["steel", "cars", "steel"], strict=True
        )
    )
    z, x = [[0, 60, 0], [0, 0, 150], [0, 30, 0]], [100, 100, 100]
    made = table(z, x, of=of)
    made = replace(made, signals=made.signals._replace(negative_added=(2,)))
    for dense in (True, False):
        found, shock = economy(made, dense=dense), Shock(np.array([0]), 1.0)
        assert extraction(found, shock).any()
        with pytest.raises(InputError, match="cannot be solved"):
            substituted(found, shock)


def test_flows_below_zero_are_solved_as_they_stand() -> None:
    """A subsidy of 5 to the first sector: its coefficient is -0.05; every sector is worked out."""
    z, x = np.array([[-5.0, 10], [20, 0]]), np.array([100.0, 50])
    found = economy(table(z, x))
    near(extraction(found, Shock(np.array([1]), 1.0)), io_oracle.without(z, x, [1]), x)
    country = np.zeros(2, np.int64)
    ranked, solved = sectors_alone(found, "extraction", 1.0, country=country, top=1)
    assert solved == 2
    near(ranked[0].total, io_oracle.without(z, x, [0]).sum(), x)


def test_final_demand_or_value_added_below_zero_cannot_be_lost() -> None:
    found = economy(table([[0, 30], [0, 0]], [20, 100]))
    assert found.table.demand.tolist() == [-10, 100]
    assert not leontief(found, Shock(np.array([0]), 1.0)).any()
    alone = worked_out(found, "leontief", Shock(np.array([0]), 1.0), np.zeros(2, np.int64))
    assert [one.total for one in alone] == [0]


def test_what_one_range_loses_lies_between_its_ends() -> None:
    found = economy(table([[150, 500], [200, 100]], [1000, 2000]))
    losses = [extraction(found, Shock(np.array([1]), part))[0] for part in (0.2, 0.3, 0.4)]
    assert losses == sorted(losses)
