"""Are susceptibility, fluidity and diffusion those of the published package?"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.queries.contagion.impact import impact, vulnerable


def test_three_banks_of_the_published_package() -> None:
    """NetworkRiskMeasures, test "Simple Example"; assets by column, buffers 2, 5, 2."""
    assets = np.array([0, 10, 3, 1, 0, 2, 0, 3, 0], np.float64).reshape(3, 3).T
    links = vulnerable(assets, [2, 5, 2])
    assert links.tolist() == [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
    found = impact(links)
    assert found.susceptibility == pytest.approx([0, 1, 1.25])
    assert found.fluidity == pytest.approx(0.75)
    assert found.start == pytest.approx([1.25, 1, 0])
    assert found.intermediate == pytest.approx([0, 0.5, 0])
    assert found.diffusion == pytest.approx([1.25, 1.5, 0])


def test_nobody_and_nothing() -> None:
    assert impact(np.zeros((0, 0))).fluidity == 0
    assert impact(np.zeros((2, 2))).diffusion.tolist() == [0, 0]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 1), min_size=16, max_size=16))
def test_walks_are_counted_one_by_one(bits: list[int]) -> None:
    """The series itself: walks of length k, divided by k!."""
    links = np.array(bits, np.float64).reshape(4, 4)
    np.fill_diagonal(links, 0)
    walks = sum(np.linalg.matrix_power(links, k) / math.factorial(k) for k in range(1, 25))
    walks = walks * (1 - np.eye(4))
    into = links.sum(axis=0)
    expected = [walks[:, j].sum() / into[j] if into[j] else 0 for j in range(4)]
    found = impact(links)
    assert found.susceptibility == pytest.approx(expected)
    assert (found.diffusion >= -1e-12).all()
    assert (found.diffusion[links.sum(axis=1) == 0] == 0).all()
