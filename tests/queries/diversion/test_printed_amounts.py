"""Is a printed amount read exactly, and refused where it is none?"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spillover.queries.diversion.amounts import quantity


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("482.0 USD", Fraction(482), Fraction(482), "USD"),
        ("1.6 USD m", Fraction(1_600_000), Fraction(1_600_000), "USD"),  # seed fact F230
        ("under 0.002 USD m", Fraction(0), Fraction(2000), "USD"),  # F233
        ("12.5 thousand USD", Fraction(12_500), Fraction(12_500), "USD"),  # BACI
        ("330 t", Fraction(330_000), Fraction(330_000), "kg"),  # F240
        ("1.2 Mt", Fraction(1_200_000_000), Fraction(1_200_000_000), "kg"),
        ("1000.0 kg", Fraction(1000), Fraction(1000), "kg"),
        ("158 drones", Fraction(158), Fraction(158), "drones"),  # F231
        ("3e2 EUR", Fraction(300), Fraction(300), "EUR"),
        ("more than 5 kg", Fraction(5), None, "kg"),
        (
            "about 5.0 kg",
            Fraction(49, 10),
            Fraction(51, 10),
            "kg",
        ),  # one in the last printed place each way
        ("about 5 USD m", Fraction(4_000_000), Fraction(6_000_000), "USD"),
    ],
)
def test_amounts(text: str, low: Fraction, high: Fraction | None, unit: str) -> None:
    assert quantity(text) == (low, high, unit)


@pytest.mark.parametrize(
    "text",
    ["", "a lot", "12", "-5 USD", "1,5 USD", "0.0 N/A", "1 thousand USD m", "٣ kg", "5 %"],
)
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    assert quantity(text) is None


@given(st.integers(0, 10**12), st.sampled_from([("USD", 1), ("USD m", 10**6), ("USD bn", 10**9)]))
def test_money_is_exact(number: int, unit: tuple[str, int]) -> None:
    name, times = unit
    found = quantity(f"{number}.25 {name}")
    assert found is not None
    assert found.low == found.high == (number + Fraction(1, 4)) * times
