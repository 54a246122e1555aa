"""How are shares along a path multiplied without rounding?"""

from __future__ import annotations

import decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from spillover.graph.stake import WHOLE

_EXACT: Final = decimal.Context(
    prec=decimal.MAX_PREC,
    Emax=decimal.MAX_EMAX,
    Emin=decimal.MIN_EMIN,
    traps=[decimal.Inexact, decimal.InvalidOperation],
)
"""Products of shares have as many digits as they need; one that were rounded would raise."""
_DIGITS: Final = len(str(WHOLE)) - 1
ALL: Final = decimal.Decimal(1)
"""The whole: the strength of a path without hops."""
times: Final = _EXACT.multiply
"""The exact product of two decimals."""


@lru_cache(maxsize=100_000)
def share(units: int) -> decimal.Decimal:
    """A share as the fraction of the whole, exact."""
    return decimal.Decimal(units).scaleb(-_DIGITS, _EXACT)


def at_least(strength: decimal.Decimal, floor: Fraction) -> bool:
    """Whether a strength is not below another one."""
    return _EXACT.multiply(strength, floor.denominator) >= floor.numerator
