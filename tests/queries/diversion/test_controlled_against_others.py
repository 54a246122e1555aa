"""Is the difference in differences that of a regression, and do unit values jump where they do?"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.queries.diversion.diversion import Plan
from spillover.queries.diversion.unit_values import robust_z
from tests.queries.trading import ask, basket, hub

TREATED = ("854231", "854232", "854233")
OTHERS = ("010121", "020110", "030211", "040110")


def way(changes: dict[str, tuple[int, int]], exporter: str = "kz") -> str:
    """Flows of goods before and after."""
    return "\n".join(
        f"{exporter} ru {year} {value} x hs={code}"
        for code, (before, after) in changes.items()
        for year, value in ((2021, before), (2022, after))
    )


def regression(changes: dict[str, tuple[int, int]]) -> tuple[float, float]:
    """The effect and its HC2 error by least squares of the log change on a dummy."""
    y = np.array([math.log(after / before) for before, after in changes.values()])
    x = np.array([[1.0, code in TREATED] for code in changes])
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    inverse = np.linalg.inv(x.T @ x)
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    weighted = (y - x @ beta) ** 2 / (1 - leverage)
    covariance = inverse @ (x.T * weighted) @ x @ inverse
    return float(beta[1]), math.sqrt(covariance[1, 1])


def test_by_hand() -> None:
    """Controlled goods grow e-fold 2 and 4 times, others 1 and 1: ln 8 / 2 = 1.0397."""
    changes = {"854231": (1, 2), "854232": (1, 4), "010121": (5, 5), "020110": (7, 7)}
    found = hub(ask(way(changes), products=["8542"]), "kz").compared
    assert found is not None
    assert found.effect == pytest.approx(math.log(8) / 2)
    assert found.percent == pytest.approx(100 * (math.sqrt(8) - 1))
    # The variance of (ln 2, ln 4) is (ln 2)² / 2, of (0, 0) it is 0.
    assert found.error == pytest.approx(math.log(2) / 2)
    assert (found.controlled, found.others, found.thin) == (2, 2, True)


VALUES = st.tuples(st.integers(1, 1000), st.integers(1, 1000))


@settings(max_examples=15, deadline=None)
@given(st.lists(VALUES, min_size=7, max_size=7))
def test_it_is_the_regression_with_its_robust_error(values: list[tuple[int, int]]) -> None:
    changes = dict(zip((*TREATED, *OTHERS), values, strict=True))
    text = way(changes) + "\nkz ru 2021 1 x hs=854290\nkz ru 2022 1000000 x hs=854290"
    answer = ask(text, products=list(TREATED), plan=Plan(controls=OTHERS), hubs=["kz"])
    found = hub(answer, "kz").compared
    assert found is not None
    effect, error = regression(changes)
    assert found.effect == pytest.approx(effect, abs=1e-9)
    assert found.error == pytest.approx(error, abs=1e-9)


def test_too_few_goods_give_no_number() -> None:
    found = hub(ask(way({"854231": (1, 2), "010121": (5, 5)}), products=["8542"]), "kz").compared
    assert found is not None
    assert (found.effect, found.error) == (None, None)


def test_goods_that_begin_or_end_have_no_logarithm_and_are_counted() -> None:
    changes = {"854231": (0, 2), "854232": (3, 0), "854233": (1, 2), "854239": (1, 3)}
    found = hub(ask(way(changes | {"010121": (1, 1)}), products=["8542"]), "kz").compared
    assert found is not None
    assert (found.controlled, found.begun, found.ended) == (2, 1, 1)


def test_goods_that_another_list_covers_are_no_controls() -> None:
    from spillover.graph.schema import Entity, Relation
    from tests.queries.trading import flows

    changes = {"854231": (1, 2), "854232": (1, 2), "010121": (5, 5), "880000": (1, 9)}
    graph = [
        *flows(way(changes)),
        Entity("regime:arms", "Regime", "Arms"),
        Entity("hs:88", "Product", "Aircraft"),
        Relation("COVERS", "regime:arms", "hs:88"),
    ]
    found = hub(ask(graph, products=["8542"]), "kz").compared
    assert found is not None
    assert found.others == 1


def test_direct_exports_are_compared_too() -> None:
    changes = {"854231": (10, 1), "854232": (20, 2), "010121": (5, 5), "020110": (7, 7)}
    found = basket(ask(way(changes, "de"), products=["8542"], direct=["de"])).compared
    assert found is not None
    assert found.percent == pytest.approx(-90)  # a tenth is left


HISTORY = "\n".join(
    f"kz ru {year} {value} x kg=10"
    for year, value in zip(range(2016, 2022), (98, 100, 101, 99, 100, 103), strict=True)
)


def test_a_unit_value_far_from_its_history_is_a_jump() -> None:
    found = hub(ask(HISTORY + "\nkz ru 2022 400 x kg=10", hubs=["kz"]), "kz")
    (jump,) = found.jumps
    assert (jump.period, jump.unit_value, jump.history) == ("2022", 40.0, 6)
    assert jump.usual == pytest.approx(10.0)
    # The deviations of the logs from their median are all below 0.04: the floor of 0.05 counts.
    assert jump.z == pytest.approx(math.log(4) / 0.05, rel=1e-3)


def test_a_usual_price_is_no_jump_and_blank_weights_are_left_out() -> None:
    told = HISTORY + "\nkz ru 2022 400 x kg=40\nkz ru 2023 999 x"
    found = hub(ask(told, hubs=["kz"]), "kz")
    assert (found.jumps, found.thin_prices) == ((), 0)


def test_a_short_history_says_so() -> None:
    told = "kz ru 2021 100 x kg=10\nkz ru 2022 900 x kg=10"
    assert hub(ask(told), "kz").thin_prices == 1


@given(
    st.lists(st.floats(0.1, 1e6), min_size=4, max_size=9), st.floats(0.1, 1e6), st.floats(0.01, 100)
)
def test_jumps_do_not_depend_on_the_currency(past: list[float], now: float, rate: float) -> None:
    scaled = robust_z(now * rate, [value * rate for value in past])
    assert scaled == pytest.approx(robust_z(now, past), abs=1e-6)
