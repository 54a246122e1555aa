"""Are like parts of the year compared, and does a period count on the right side of the day?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.graph.dates import iso
from spillover.graph.errors import DateError, InputError
from spillover.queries.diversion.periods import season, span, window


@pytest.mark.parametrize(
    ("text", "part", "days"),
    [
        ("2021", "year", 365),
        ("2021-01/2021-12", "year", 365),
        ("2020-02", "02", 29),
        ("2021-02", "02", 28),  # the same part of the year as in a leap year
        ("2021-01/2021-03", "01/03", 90),
        ("2021-02-24/2021-12-31", "02-24/12", 311),
        ("2021-11/2022-02", "11/+1-02", 120),
    ],
)
def test_parts_of_the_year(text: str, part: str, days: int) -> None:
    found = span(text)
    assert found is not None
    assert (season(found), found.days) == (part, days)


@pytest.mark.parametrize("text", ["", "2021-13", "last year", "2022/2021", "2021-01/soon"])
def test_what_is_no_period(text: str) -> None:
    assert span(text) is None


@pytest.mark.parametrize(
    ("since", "text", "side"),
    [
        ("2022-02", "2021", "before"),
        ("2022-02", "2019", "before"),  # its middle, 2 July 2019, lies within three years
        ("2022-02", "2018", "beyond"),
        ("2022-02", "2022", "after"),  # 334 of its 365 days
        ("2022-02", "2024", "after"),
        ("2022-02", "2025", "beyond"),
        ("2022-11", "2022", "between"),  # 61 days after: it tells of neither
        ("2022-02", "2022-01/2022-03", "after"),  # 59 of 90 days
        ("2022-03-20", "2022-01/2022-05", "between"),  # 73 of 151 days
        ("2022-02", "2022-01", "before"),
        ("2022-02", "2022-02", "after"),
    ],
)
def test_sides_of_a_day(since: str, text: str, side: str) -> None:
    found = span(text)
    assert found is not None
    assert window(since).side(found) == side


def test_lengths_of_windows() -> None:
    found = window("2024-02-29", "1y", "18m")
    assert (iso(found.begins), iso(found.ends)) == ("2023-02-28", "2025-08-29")


@pytest.mark.parametrize("length", ["", "3", "3 weeks", "0y", "-1y"])
def test_lengths_that_cannot_be_read(length: str) -> None:
    with pytest.raises(InputError, match="length of time"):
        window("2022-02", length)


def test_a_day_at_the_end_of_the_calendar() -> None:
    with pytest.raises(DateError, match="calendar"):
        window("9998-02", "3y", "9y")


@given(st.integers(1990, 2030), st.integers(1, 12), st.integers(1990, 2030))
def test_no_period_is_on_two_sides(year: int, month: int, other: int) -> None:
    found = span(f"{other}")
    assert found is not None
    around = window(f"{year}-{month:02}", "9y", "9y")
    if found.last < around.since:
        assert around.side(found) in {"before", "beyond"}
    elif found.first >= around.since:
        assert around.side(found) in {"after", "beyond"}
    else:
        assert around.mixed(found)
