"""Do draws of parts of one whole keep to their intervals, fit together, and spread evenly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spillover.graph.errors import InputError
from spillover.queries.uncertainty.drawing import (
    Pieces,
    dealt,
    die,
    log_uniform,
    whole,
    within,
)
from spillover.queries.uncertainty.priors import default_priors

MANY = 20_000
UNEVENNESS = default_priors().unevenness


def array(*values: float) -> np.ndarray:
    return np.array(values, float)


def test_an_interval_alone_is_drawn_evenly() -> None:
    (drawn,) = within(die(MANY, 1).stream("x"), array(0.2), array(0.4), MANY)
    assert np.quantile(drawn, (0.05, 0.5, 0.95)) == pytest.approx([0.21, 0.3, 0.39], abs=0.003)


def test_two_that_exclude_each_other_are_even_over_the_triangle() -> None:
    """x + y <= 1: the mean of each is 1/3, and x < 1/2 in 3/4 of the area."""
    drawn = within(die(MANY, 1).stream("x"), array(0, 0), array(1, 1), MANY)
    assert drawn.mean(axis=1) == pytest.approx([1 / 3, 1 / 3], abs=0.01)
    assert (drawn[0] < 0.5).mean() == pytest.approx(0.75, abs=0.015)
    assert drawn.sum(axis=0).max() <= 1 + 1e-12


def test_what_leaves_no_room_stays_at_its_least() -> None:
    drawn = within(die(100, 1).stream("x"), array(0.5, 0.5), array(0.9, 0.7), 100)
    assert np.unique(drawn).tolist() == [0.5]


def test_claims_that_exceed_the_whole_are_taken_as_they_stand() -> None:
    drawn = within(die(100, 1).stream("x"), array(0.6, 0.5), array(0.9, 0.7), 100)
    assert np.unique(drawn).tolist() == [0.5, 0.6]


ENDS = st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted)


@given(st.lists(ENDS, min_size=1, max_size=6), st.lists(st.booleans(), min_size=6, max_size=6))
@settings(max_examples=150, deadline=None)
def test_parts_keep_to_their_intervals_and_to_the_whole(
    ends: list[list[int]], opened: list[bool]
) -> None:
    is_open = np.array(opened[: len(ends)])
    low, high = np.where(is_open[:, None], [[0, 1]], np.array(ends) / 100).T
    cast = die(200, 3)
    parts, rest = whole(cast.stream("x"), Pieces(low, high, is_open), UNEVENNESS, np.ones(200))
    assert (parts >= low[:, None] - 1e-12).all()
    assert (parts <= high[:, None] + 1e-12).all()
    assert (rest >= 0).all()
    expected = max(1.0, low.sum())
    assert parts.sum(axis=0) + rest == pytest.approx(np.full(200, expected), abs=1e-9)


def test_three_alike_get_a_third_each_of_what_is_left() -> None:
    """Beside one of 40 %: two unstated, and unnamed others that count as one."""
    pieces = Pieces(array(0.4, 0, 0), array(0.4, 1, 1), np.array([False, True, True]))
    parts, rest = whole(die(MANY, 1).stream("x"), pieces, UNEVENNESS, np.ones(MANY))
    assert parts[0] == pytest.approx(np.full(MANY, 0.4))
    assert [parts[1].mean(), parts[2].mean(), rest.mean()] == pytest.approx([0.2] * 3, abs=0.005)


def test_with_parameter_1_every_split_is_as_likely() -> None:
    """Three parts, evenly over the triangle: P(one is above 1/2) = 1/4."""
    drawn = dealt(die(MANY, 1).stream("x"), [1.0, 1.0, 1.0], np.ones(MANY))
    assert (drawn[0] > 0.5).mean() == pytest.approx(0.25, abs=0.01)


def test_a_part_that_counts_for_nobody_gets_nothing() -> None:
    drawn = dealt(die(100, 1).stream("x"), [1.0, 0.0], np.ones(100))
    assert drawn[1].tolist() == [0.0] * 100


def test_the_parameter_is_even_on_a_logarithmic_scale() -> None:
    """0.3 to 3: the middle is the root of 0.9."""
    drawn = log_uniform(die(MANY, 1).stream("x"), UNEVENNESS, MANY)
    assert np.median(drawn) == pytest.approx(0.9**0.5, abs=0.02)


def test_each_unknown_has_a_stream_of_its_own() -> None:
    cast = die(100, 1)
    first = cast.stream("share", 7).random()
    assert cast.stream("share", 7).random() == first
    others = [cast.stream("share", 8), cast.stream("part", 7), die(100, 2).stream("share", 7)]
    assert first not in [other.random() for other in others]


@pytest.mark.parametrize(("draws", "seed"), [(99, 1), (20_001, 1), (-5, 1), (1000, -1)])
def test_what_cannot_be_drawn_is_refused(draws: int, seed: int) -> None:
    with pytest.raises(InputError, match=str(seed if seed < 0 else draws)):
        die(draws, seed)
