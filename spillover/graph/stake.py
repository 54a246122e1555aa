"""How large is a share, exactly.

A stake is a closed interval of whole units, one unit being one millionth of a percent. It is read
from the source's own text by integers and fractions; no float takes part, in or out.

A value finer than a unit becomes its two neighbouring units. Rounding never crosses nor touches a
whole percent that the value is not: 49.99999999 stays below 50, on both ends. An open end on a
whole unit ("more than 25") moves one unit inward; an open end between two units stays outside.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

from spillover.graph.errors import StakeError
from spillover.graph.stake_text import (
    HUNDRED,
    MAX_DIGITS,
    Bounds,
    DecimalSign,
    Scale,
    read_text,
)

UNITS_PER_PERCENT: Final = 1_000_000
"""Units in one percent."""
WHOLE: Final = 100_000_000
"""Units in 100 %."""

Printed = str | int | Decimal | None
"""What a source may hand over as a share: never a float."""

_SHOWN: Final = 80
_BITS: Final = 256
_DISPLAY_GRID: Final = UNITS_PER_PERCENT // 100
_PLAIN: Final = re.compile(r"(\d{1,3})(?:\.(\d{1,6}))? ?%?", re.ASCII).fullmatch
_PLACES: Final = tuple(10 ** (6 - places) for places in range(7))


class Stake(NamedTuple):
    """A share between ``low`` and ``high`` units, both included, of ``WHOLE``."""

    low: int
    high: int

    @property
    def exact(self) -> bool:
        """Is the share known to the unit."""
        return self.low == self.high

    @property
    def unknown(self) -> bool:
        """Is nothing known about the share."""
        return self.low == 0 and self.high == WHOLE

    def hull(self, other: Stake) -> Stake:
        """Smallest stake that holds both."""
        return Stake(min(self.low, other.low), max(self.high, other.high))

    def __str__(self) -> str:
        return format_stake(self)


UNKNOWN: Final = Stake(0, WHOLE)
"""The stake of a missing share: anything from 0 to 100 %, never zero."""


def parse_stake(text: Printed, *, scale: Scale = "percent", decimal: DecimalSign = ".") -> Stake:
    """Read a printed share; None and the usual marks of a missing value give ``UNKNOWN``.

    ``scale`` says what a bare number counts: percent of the whole, or proportions of one.
    ``decimal`` is the sign that the source writes in numbers. Neither is ever guessed.

    Raises:
        StakeError: the text is no share; the message names the value, the reason and the mend.
        TypeError: a float, or another type that no source should hand over.
    """
    if type(text) is str:
        return _parse_text(text, scale, decimal)
    return UNKNOWN if text is None else _stake(text, _read(text, scale, decimal))


def stake_of_bounds(
    minimum: Printed = None,
    maximum: Printed = None,
    *,
    exclusive_minimum: Printed | bool = None,
    exclusive_maximum: Printed | bool = None,
) -> Stake:
    """Stake between bounds in percent, each one number or missing, as BODS states a share.

    An exclusive bound is a number of its own (BODS 0.4), or true where the plain bound beside it
    is the exclusive one (BODS 0.2). Where several are given, the narrowest counts.

    Raises:
        StakeError: a bound is no single number in 0 to 100, or the bounds leave nothing between.
        TypeError: a bound is a float.
    """
    lows = _ends(minimum, exclusive=exclusive_minimum)
    highs = _ends(maximum, exclusive=exclusive_maximum)
    low = max(_low_units(number, is_open=is_open) for number, is_open in lows)
    high = min(_high_units(number, is_open=is_open) for number, is_open in highs)
    if low > high:
        span = f"{percent_text(low)} to {percent_text(high)}"
        raise StakeError(f"bounds {span} leave no share between them; correct the bounds")
    return Stake(low, high)


def from_fraction(value: Fraction) -> Stake:
    """Stake of an exact fraction of the whole: ``Fraction(1, 3)`` is a third, not a third of 1 %.

    Raises:
        StakeError: the fraction is below 0 or above 1.
        TypeError: the value is no Fraction.
    """
    if not isinstance(value, Fraction):
        raise TypeError(f"a fraction of the whole is a Fraction, not {type(value).__name__}")
    if not 0 <= value <= 1:
        raise StakeError(f"{_shown(value)} is no share: outside 0 to 1; correct the total")
    return Stake(_low_units(value * HUNDRED), _high_units(value * HUNDRED))


def percent_text(units: int) -> str:
    """Exact decimal text of ``units`` in percent, without trailing zeros: 82_200_000 is 82.2."""
    whole, rest = divmod(abs(units), UNITS_PER_PERCENT)
    text = f"{whole}.{rest:06}".rstrip("0").rstrip(".")
    return f"-{text}" if units < 0 else text


def format_stake(stake: Stake) -> str:
    """Exact text for people, which ``parse_stake`` reads back to the same stake.

    An end one unit beside a hundredth of a percent is shown as the open end that it stands for.
    """
    low, high = stake
    if stake.unknown:
        return "unknown"
    if stake.exact:
        return f"{percent_text(low)} %"
    low_open, high_open = low % _DISPLAY_GRID == 1, (high + 1) % _DISPLAY_GRID == 0
    above = f"more than {percent_text(low - 1)}" if low_open else f"at least {percent_text(low)}"
    below = f"less than {percent_text(high + 1)}" if high_open else f"up to {percent_text(high)}"
    if high == WHOLE:
        return f"{above} %"
    if low == 0:
        return f"{below} %"
    if not low_open and not high_open:
        return f"{percent_text(low)}\N{EN DASH}{percent_text(high)} %"
    return f"{above} and {below} %" if high_open else f"{above} {below} %"


# Sources repeat few texts by the million: a register has thirty codes for all its records.
@lru_cache(maxsize=16384)
def _parse_text(text: str, scale: Scale, decimal: DecimalSign) -> Stake:
    plain = _PLAIN(text)
    if plain and scale == "percent" and decimal == ".":
        whole, part = plain.groups("")
        units = int(whole + part) * _PLACES[len(part)]
        if units <= WHOLE:
            return Stake(units, units)
    return _stake(text, _read(text, scale, decimal))


def _stake(value: Printed, bounds: Bounds) -> Stake:
    low = _low_units(bounds.low, is_open=bounds.low_open)
    high = _high_units(bounds.high, is_open=bounds.high_open)
    if low > high:
        raise _no_share(value, "its low end lies above its high end; correct the value")
    return Stake(low, high)


def _read(value: Printed, scale: Scale, decimal: DecimalSign) -> Bounds:
    try:
        if isinstance(value, str):
            return read_text(value, scale, decimal)
        return read_text(_digits(value), scale, ".")
    except ValueError as reason:
        raise _no_share(value, str(reason)) from None


def _digits(value: object) -> str:
    if isinstance(value, bool):
        raise ValueError("true and false are no shares; give the percentage")  # noqa: TRY004
    if isinstance(value, int):
        if value.bit_length() > _BITS:
            raise ValueError("far outside 0 to 100 %; correct the value")
        return str(int(value))
    if not isinstance(value, Decimal):
        kind = type(value).__name__
        raise TypeError(f"a share is read from str, int or Decimal, not {kind}; keep the text")
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > MAX_DIGITS:
        raise ValueError(f"not finite, or an exponent beyond {MAX_DIGITS}; write the digits out")
    return format(value, "f")


def _ends(bound: Printed, *, exclusive: Printed | bool) -> list[tuple[Fraction | None, bool]]:
    number = _number(bound)
    if not isinstance(exclusive, bool):
        return [(number, False), (_number(exclusive), True)]
    if exclusive and number is None:
        raise StakeError("an exclusive bound of true has no number beside it; add the bound")
    return [(number, exclusive)]


def _number(value: Printed) -> Fraction | None:
    if value is None:
        return None
    bounds = _read(value, "percent", ".")
    if bounds.low != bounds.high:
        raise _no_share(value, "a band where one number belongs; give its ends apart")
    return bounds.low


def _low_units(percent: Fraction | None, *, is_open: bool = False) -> int:
    if percent is None:
        return 0
    units = percent * UNITS_PER_PERCENT
    return units.numerator + is_open if units.denominator == 1 else _neighbours(units)[0]


def _high_units(percent: Fraction | None, *, is_open: bool = False) -> int:
    if percent is None:
        return WHOLE
    units = percent * UNITS_PER_PERCENT
    return units.numerator - is_open if units.denominator == 1 else _neighbours(units)[1]


def _neighbours(units: Fraction) -> tuple[int, int]:
    """Units around a value between two, less the one that is a whole percent."""
    below = units.numerator // units.denominator
    if below % UNITS_PER_PERCENT == 0:
        return below + 1, below + 1
    if (below + 1) % UNITS_PER_PERCENT == 0:
        return below, below
    return below, below + 1


def _shown(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > _BITS:
        return f"an integer of {value.bit_length()} bits"
    text = repr(value[: _SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _no_share(value: object, reason: str) -> StakeError:
    return StakeError(f"{_shown(value)} is no share: {reason}")
