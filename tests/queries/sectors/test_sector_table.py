"""Is a table read back from the graph as it was printed, and is said what is odd about it?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError, NotFoundError
from spillover.graph.session import Graph
from spillover.loaders.context import Options
from spillover.loaders.run import run
from spillover.queries.conditions import conditions
from spillover.queries.sectors.printed import chosen
from spillover.queries.sectors.table import Table, read
from tests.queries.sectors.io_oracle import loaded

WHEN = conditions("2024-06-30")
ICIO = Path(__file__).parents[2] / "data" / "io_table" / "icio.csv"


def table(path: Path, name: str = "", when: Any = WHEN) -> Table:
    with Graph(path) as graph:
        return read(graph, chosen(graph.store, name), when)


def flows(found: Table) -> Any:
    made = np.zeros((found.size, found.size))
    made[found.flows.seller, found.flows.buyer] = found.flows.value
    return made


def test_a_published_form_is_read_back(tmp_path: Path) -> None:
    """The hand-made ICIO table of the loader: four sectors of two countries."""
    run(tmp_path / "graph.db", "io_table", [ICIO], options=Options(date="2020"))
    found = table(tmp_path / "graph.db")
    assert [sector.id for sector in found.sectors] == [
        "io_table:AUS_01T02",
        "io_table:AUS_26",
        "io_table:TWN_01T02",
        "io_table:TWN_26",
    ]
    assert {sector.country for sector in found.sectors} == {"AU", "TW"}
    assert flows(found).tolist() == [[10, 5, 0, 1], [2, 3, 0, 5], [0, 0, 4, 2], [6, 4, 1, 30]]
    assert found.output.tolist() == [40, 20, 10, 100]
    assert found.demand.tolist() == [24, 10, 4, 59]
    assert found.signals.sales_gap.tolist() == [0, 0, 0, 0]
    assert found.added.tolist() == [22, 8, 5, 62]
    assert found.signals.negative_cells == 1  # TWN_26, AUS_HFCE -1
    assert (found.signals.exact, found.signals.error) == (4, 0.0)
    assert found.period == "2020"


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.tuples(
            st.lists(st.integers(0, 10**6), min_size=n * n, max_size=n * n),
            st.lists(st.integers(0, 10**7), min_size=n, max_size=n),
            st.integers(0, 4),
        )
    )
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_printed_numbers_come_back_exactly_and_it_is_proven(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[list[int], list[int], int]
) -> None:
    """Flows of up to four decimals, in outputs of a hundred thousand times their last place."""
    cells, more, places = made
    n = len(more)
    digits = np.array(cells).reshape(n, n)
    outputs = digits.sum(axis=0) + np.array(more)
    z, x = digits / 10**places, outputs / 10**places
    found = table(
        loaded(
            tmp_path_factory.mktemp("t"),
            Z=z,
            x=x,
            countries=["AUS"],
            industries=[f"c{i}" for i in range(n)],
        )
    )
    busy = x > 0
    assert (flows(found)[:, busy] == z[:, busy]).all()
    assert found.signals.exact == n
    assert found.signals.error == 0


def test_more_digits_than_shares_hold_are_said_to_be_near(tmp_path: Path) -> None:
    """c1 buys 1/3 and 2/7 of 1, of sixteen digits, where shares have eight; c2 0.1 and 0.2."""
    z = [[1 / 3, 0.1], [2 / 7, 0.2]]
    found = table(loaded(tmp_path, Z=z, x=[1.0, 1.0]))
    assert found.signals.exact == 1
    assert found.signals.error == pytest.approx(1e-8)
    off = np.abs(flows(found) - z)
    assert 0 < off[:, 0].max() <= found.signals.error
    assert not off[:, 1].any()


def test_what_is_odd_is_counted(tmp_path: Path) -> None:
    """c1 prints an output of 0 and buys 4; c2 buys more than it makes; c3 has a flow below 0."""
    z = [[0, 0, 2], [4, 9, 0], [0, 3, -1]]
    found = table(loaded(tmp_path, Z=z, x=[0, 11, 20], F=[[0, 0], [1, -4], [10, 9]], v=[0, -1, 18]))
    said = found.signals
    assert said.idle == (0,)
    assert said.into_idle == 4
    assert said.negative_cells == 1
    assert said.negative_demand == (1,)
    assert said.negative_added == (1,)
    assert said.unshared == 1
    assert flows(found).tolist() == [[0, 0, 2], [0, 9, 0], [0, 3, -1]]
    # c1: 0 less the 2 it sells; c2: 11 less 9 less -3; c3: 20 less 2 less 19
    assert said.sales_gap.tolist() == [-2, 5, -1]
    assert said.costs_gap is not None
    assert said.costs_gap.tolist() == [0, 0, 1]


def test_a_table_without_final_demand_leaves_it_to_output(tmp_path: Path) -> None:
    found = table(loaded(tmp_path, Z=[[1, 2], [3, 4]], x=[10, 20]))
    assert not found.signals.demand_printed
    assert found.demand.tolist() == [7, 13]
    assert [part.tolist() for part in found.cells] == [[0, 1], [0, 0], [7, 13]]
    assert found.signals.costs_gap is None


def test_tables_of_two_years_are_never_mixed(tmp_path: Path) -> None:
    loaded(tmp_path, name="io2011", date="2011", Z=[[1, 2], [3, 4]], x=[10, 20])
    path = loaded(tmp_path, name="io2014", date="2014", Z=[[5, 0], [3, 4]], x=[11, 20])
    with pytest.raises(
        InputError, match=r"2 input-output tables.*io2011 \(2011\), io2014 \(2014\)"
    ):
        table(path)
    # Each as it was printed, though the later one speaks of the same sectors.
    old, new = table(path, "io2011"), table(path, "io2014")
    assert (flows(old).tolist(), old.output.tolist()) == ([[1, 2], [3, 4]], [10, 20])
    assert (flows(new).tolist(), new.output.tolist()) == ([[5, 0], [3, 4]], [11, 20])
    with pytest.raises(
        NotFoundError, match="no input-output table is named 'io'; there are: io2011"
    ):
        table(path, "io")


def test_two_tables_in_one_dataset_are_refused(tmp_path: Path) -> None:
    text = ICIO.read_text("utf-8")
    (tmp_path / "a.csv").write_text(text, "utf-8")
    (tmp_path / "b.csv").write_text(text.replace(",60,100", ",61,101"), "utf-8")
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    run(tmp_path / "graph.db", "io_table", files, options=Options(date="2020"))
    with pytest.raises(
        InputError, match="io_table:TWN_26 has the outputs 100, 101, so that several"
    ):
        table(tmp_path / "graph.db")


def test_an_output_below_zero_is_refused(tmp_path: Path) -> None:
    path = loaded(tmp_path, Z=[[1, 2], [3, 4]], x=[10, -20])
    with pytest.raises(InputError, match="io_table:TWN_c1 has an output of -20, of which nothing"):
        table(path)


@pytest.mark.parametrize(
    "when",
    [
        conditions("2010-06-30"),
        conditions("2024-06-30", max_age="3y"),
        conditions("2024-06-30", min_confidence="high"),
    ],
)
def test_a_table_that_does_not_count_is_refused(tmp_path: Path, when: Any) -> None:
    path = loaded(tmp_path, Z=[[1, 2], [3, 4]], x=[10, 20], date="2011")
    with pytest.raises(InputError, match=r"speaks of 2011, which does not count on 20\d\d-06-30"):
        table(path, when=when)


def test_a_graph_without_a_table_says_how_to_load_one(tmp_path: Path) -> None:
    path = tmp_path / "graph.db"
    run(path, "seed", ())
    with pytest.raises(NotFoundError, match="spillover load io_table FILE"):
        table(path)
