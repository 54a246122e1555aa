"""Are planted diversions found, is nothing found where there is none, and on which rows?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.diversion import Plant, false_alarms, generated, is_found, measured, planted
from spillover.graph.errors import InputError
from spillover.queries.conditions import conditions
from spillover.queries.diversion.detector import detect
from spillover.queries.diversion.scan import Scan, scan
from tests.graphs import opened
from tests.queries.trading import CODE, DAY, SERIES, YEARS, flows, told


def tensor() -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], dict[str, int]]:
    names = {name: n for n, name in enumerate(sorted({end for pair in SERIES for end in pair}))}
    made = np.zeros((len(names), len(names), len(YEARS)))
    for (exporter, importer), values in SERIES.items():
        made[names[exporter], names[importer]] = values
    return made, names


def test_by_hand() -> None:
    made, names = tensor()
    found = detect(made)
    (one,) = found.breaks
    assert one[:3] == (names["de"], names["kz"], names["ru"])
    assert YEARS[one.year] == 2021
    assert (one.lost, one.inward, one.outward) == (90.0, 80.0, 75.0)
    assert one.share == pytest.approx(75 / 90)
    assert found.falls == 1


def test_what_nobody_reports_is_unknown_and_breaks_nothing() -> None:
    made, names = tensor()
    made[names["de"], names["ru"], 5:] = np.nan
    assert detect(made).breaks == ()
    made, names = tensor()
    made[names["kz"], names["ru"], :5] = np.nan
    assert detect(made).breaks == ()


@settings(max_examples=20, deadline=None)
@given(st.floats(1e-3, 1e9), st.permutations(range(4)))
def test_scale_and_order_change_no_break(scale: float, order: list[int]) -> None:
    made, _ = tensor()
    moved = made[np.ix_(order, order)] * scale
    (one,) = detect(moved).breaks
    (plain,) = detect(made).breaks
    assert tuple(order[row] for row in one[:3]) == plain[:3]
    assert one.share == pytest.approx(plain.share)


def test_flows_of_a_wrong_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        detect(np.zeros((2, 3, 4)))


def test_planted_diversions_are_found_and_little_else() -> None:
    """Forty plants of each size in five generated worlds; the page has the full run."""
    worlds = [generated(seed) for seed in range(1, 6)]
    recall = {
        (row.fall, row.size): row.found / row.plants for row in measured(worlds, 1, plants=40)
    }
    assert recall[0.9, 1.0] >= 0.75
    assert recall[0.9, 0.1] < recall[0.9, 0.5]  # small diversions are hard to see
    alarms, falls, trading = false_alarms(worlds)
    assert alarms <= 0.1 * falls
    assert trading > 5000


def test_a_plant_takes_away_what_it_says() -> None:
    flows_ = generated(1)
    made, plant = planted(flows_, np.random.default_rng(3), 0.9, 0.5) or (flows_, None)
    assert plant is not None
    kept = made[plant.supplier, plant.target] / flows_[plant.supplier, plant.target]
    assert kept[: plant.year] == pytest.approx(1)
    assert kept[plant.year :] == pytest.approx(0.1)
    assert is_found(Plant(*plant), detect(flows_)) == (False, False)


def ask(text: str, **asked: object) -> Scan:
    with opened(flows(text)) as graph:
        return scan(graph, [CODE], when=conditions(DAY), **asked)  # type: ignore[arg-type] # one case after another


def test_a_search_names_the_break_and_its_rows() -> None:
    found = ask(told())
    (one,) = found.breaks
    ends = one.direct.exporter, one.outward.exporter, one.direct.importer
    assert [end.country for end in ends] == ["de", "kz", "ru"]
    assert one.year == "2021"
    assert one.through == 75.0
    assert len(one.claims) == 3 * 6  # three legs, three years on either side
    assert dict(one.direct.amounts)["2020"] == 100.0
    assert (found.flows, found.falls) == (5, 1)


@pytest.mark.parametrize(
    ("asked", "breaks"),
    [
        ({"target": "ru"}, 1),
        ({"target": "fr"}, 0),
        ({"since": "2021-02"}, 1),
        ({"since": "2019-02"}, 0),
        ({"direct": ["DE"]}, 1),
        ({"direct": ["FR"]}, 0),
        ({"hubs": ["kz"]}, 1),
        ({"hubs": ["fr"]}, 0),
    ],
)
def test_a_search_can_be_narrowed(asked: dict[str, object], breaks: int) -> None:
    assert len(ask(told(), **asked).breaks) == breaks


def test_goods_without_codes_or_years_are_not_searched() -> None:
    with pytest.raises(InputError, match="yearly figure"):
        ask("kz ru 2021-01 5 x\nkz ru 2021-02 6 x")
    assert ask(told() + "\nkz ru 2021-01 5 x").unsearched == 1
