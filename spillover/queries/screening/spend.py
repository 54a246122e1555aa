"""How much money of a portfolio is at risk, exactly?

Amounts are exact decimals and strengths exact fractions. Products are rounded outward once, when
everything is added up: the least down, the greatest up, to hundredths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from fractions import Fraction
from typing import Final, NamedTuple

_EXACT: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_WHOLE: Final = ("listed", "blocked")
_ORDER: Final = (
    *("listed", "blocked", "undetermined", "exposed"),
    *("question", "not_found", "nothing_found"),
)
_NOBODY: Final = (Fraction(0), Fraction(0))

Share = tuple[Fraction, Fraction]


class Risk(NamedTuple):
    """How much of an amount is at risk, at least and at most."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """Rows of one currency and status together."""

    currency: str
    """Empty where the rows name none."""
    status: str
    rows: int
    unstated: int
    """Rows of them that state no spend, or none that can be read."""
    spend: Decimal
    """The sum of those that do, exact."""
    risk: Risk


@dataclass(slots=True)
class _Sum:
    """A total while it is added up."""

    rows: int = 0
    unstated: int = 0
    spend: Decimal = Decimal(0)
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)


def share_at_risk(status: str, strength: Share | None) -> Share:
    """Which part of a row's spend is at risk.

    All of it when the row is listed or blocked, any part when that is undetermined, and when it is
    exposed as much as the strongest path is strong.
    """
    if status in _WHOLE:
        return Fraction(1), Fraction(1)
    if status == "undetermined":
        return Fraction(0), Fraction(1)
    return strength if status == "exposed" and strength else _NOBODY


def at_risk(status: str, spend: Decimal | None, strength: Share | None) -> Risk | None:
    """Spend at risk of one row; None where it states none."""
    if spend is None:
        return None
    low, high = share_at_risk(status, strength)
    return _outward(Fraction(spend) * low, Fraction(spend) * high)


def totals(rows: Iterable[tuple[str, str, Decimal | None, Share | None]]) -> tuple[Total, ...]:
    """Sums by currency and status.

    Args:
        rows: status, currency, spend and strength of the strongest path of each row.

    Returns:
        One for each pair that there is, by currency, the gravest status first.
    """
    sums: dict[tuple[str, str], _Sum] = {}
    for status, currency, spend, strength in rows:
        one = sums.setdefault((currency, status), _Sum())
        one.rows += 1
        if spend is None:
            one.unstated += 1
            continue
        one.spend = _EXACT.add(one.spend, spend)
        low, high = share_at_risk(status, strength)
        if high:
            one.low += Fraction(spend) * low
            one.high += Fraction(spend) * high
    return tuple(
        Total(currency, status, one.rows, one.unstated, one.spend, _outward(one.low, one.high))
        for (currency, status), one in sorted(
            sums.items(), key=lambda item: (item[0][0], _ORDER.index(item[0][1]))
        )
    )


def _outward(low: Fraction, high: Fraction) -> Risk:
    cents = low * 100, high * 100
    down = cents[0].numerator // cents[0].denominator
    up = -(-cents[1].numerator // cents[1].denominator)
    return Risk(_hundredths(down), _hundredths(up))


def _hundredths(cents: int) -> Decimal:
    return _EXACT.scaleb(Decimal(cents), -2)
