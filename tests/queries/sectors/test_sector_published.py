"""Do the models give the numbers that are printed: Miller and Blair's, and pymrio's test tables?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest

from spillover.queries.sectors.economy import Economy, Shock, economy, ghosh, leontief
from tests.queries.sectors.io_oracle import table

CASES: Final = Path(__file__).parents[3].parent / "shared" / "cases" / "published_cases.json"
BOOK: Final[dict[str, Any]] = {
    "Z": [[150, 500], [200, 100]],
    "x": [1000, 2000],
    "f": [350, 1700],
    "f_new": [600, 1500],
    "A": [[0.15, 0.25], [0.2, 0.05]],
    "L": [[1.25412541, 0.330033], [0.2640264, 1.12211221]],
    "x_new": [1247.5, 1841.6],
}
"""Miller, Blair, "Input-Output Analysis" (2009), tables 2.3 and 2.4 and the example after them; L
with more digits from the tests of pymrio."""


def full(found: Economy) -> npt.NDArray[np.float64]:
    """L as one matrix."""
    return np.asarray(found.system.columns(np.arange(found.table.size)))


@pytest.mark.parametrize("dense", [True, False])
def test_the_example_of_the_book(dense: bool) -> None:
    found = economy(table(BOOK["Z"], BOOK["x"]), dense=dense)
    a = np.zeros((2, 2))
    a[found.ends] = found.coefficients
    assert a.tolist() == BOOK["A"]
    assert full(found) == pytest.approx(np.array(BOOK["L"]), abs=5e-9)
    assert found.table.demand.tolist() == BOOK["f"]
    # Final demand becomes 600 and 1,500: what is called for is L times it.
    after = found.system.solve(np.array(BOOK["f_new"], np.float64))
    assert after == pytest.approx(BOOK["x_new"], abs=0.06)


def test_the_book_s_change_is_a_gain_and_a_loss() -> None:
    """The second sector loses 200 of its 1,700; the rest of the change is 250 more of the first."""
    found = economy(table(BOOK["Z"], BOOK["x"]))
    loss = leontief(found, Shock(np.array([1]), 200 / 1700))
    gain = 250 * full(found)[:, 0]
    assert np.array(BOOK["x"]) - loss + gain == pytest.approx(BOOK["x_new"], abs=0.06)


def test_the_book_stands_in_the_survey_as_it_stands_here() -> None:
    if not CASES.exists():
        pytest.skip(f"{CASES} is not there")
    (case,) = (c for c in json.loads(CASES.read_text("utf-8")) if c["id"] == "mb-leontief")
    said = {key: case[key] for key in ("Z", "x", "f", "f_new")} | case["expected"]
    assert {key: said[key] for key in BOOK} == BOOK


Z: Final = [
    [10, 5, 1, 6, 5, 7],
    [0, 2, 0, 0, 5, 3],
    [10, 3, 20, 4, 2, 0],
    [5, 0, 0, 1, 10, 9],
    [0, 10, 1, 0, 20, 1],
    [5, 0, 0, 1, 10, 10],
]
X: Final = [51, 15, 58, 50, 52, 39]
"""The small table of two regions by three sectors in pymrio's tests (tests/test_math.py)."""
G: Final = [
    [1.33871463, 0.28499301, 0.05727924, 0.1747153, 0.58648041, 0.38121958],
    [0.07482651, 1.37164729, 0.02969614, 0.02185805, 0.93542302, 0.41222074],
    [0.38065717, 0.22311379, 1.54929428, 0.15941084, 0.39473223, 0.17907022],
    [0.19175489, 0.15732254, 0.02349465, 1.05420074, 0.60492361, 0.34854312],
    [0.04316348, 0.44208094, 0.05866155, 0.01404088, 1.95452858, 0.18081884],
    [0.25230906, 0.20700334, 0.03091401, 0.07131676, 0.79595212, 1.48492515],
]
"""Its Ghosh inverse as printed there."""


@pytest.mark.parametrize("dense", [True, False])
def test_ghosh_s_inverse_is_the_one_that_is_printed(dense: bool) -> None:
    """(I - B)^-1 = x^-1 L x, though the second sector buys for more than it makes."""
    found = economy(table(Z, X), dense=dense)
    x = np.array(X)
    assert full(found) * x / x[:, None] == pytest.approx(np.array(G), abs=5e-9)


@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize(("row", "added"), [(0, 21), (1, -5), (2, 36), (3, 38), (4, 0), (5, 9)])
def test_a_loss_of_value_added_is_a_row_of_it(row: int, added: int, dense: bool) -> None:
    """Value added is output less what the column adds up to; where there is none, none is lost."""
    found = economy(table(Z, X), dense=dense)
    assert found.table.added[row] == added
    loss = ghosh(found, Shock(np.array([row]), 1.0))
    assert loss == pytest.approx(max(added, 0) * np.array(G[row]), rel=1e-7)
