"""How much money does a text state, exactly, and in which currency.

A sign that may part thousands or decimals is not guessed: ``1,234`` and ``12,5`` are refused unless
the user says which sign is the decimal one.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from spillover.graph.errors import InputError

DecimalSign = Literal["", ".", ","]
"""Empty where the user does not say."""

_DIGITS: Final = 30
"""Most digits of an amount: more than all the money there is."""
_SPACE: Final = "[ \u00a0\u2009\u202f'’]"
_MARK: Final = r"(?:[A-Za-z]{3}|[^\w\s.,()'’+\-−%]{1,3})"
_AMOUNT: Final = re.compile(rf"({_MARK})? ?([\d.,' \u00a0\u2009\u202f’]*\d) ?({_MARK})?", re.ASCII)
_GROUPS: Final = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+", re.ASCII)
_SPACED: Final = re.compile(rf"\d{{1,3}}(?:{_SPACE}\d{{3}})*(?:[.,]\d+)?", re.ASCII)
_PLAIN: Final = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_BOTH: Final = re.compile(
    r"[1-9]\d{0,2}(?:(?:,\d{3})+\.\d+|(?:\.\d{3})+,\d+)",
    re.ASCII,
)
_AFTER_GROUP: Final = 3


class Amount(NamedTuple):
    """An amount, and the currency that stands beside it; empty where none does."""

    value: Decimal
    mark: str = ""


def amount(text: str, decimal: DecimalSign = "") -> Amount:
    """The amount that a text states: ``1,234.56``, ``EUR 5``, ``1 200,50 €``.

    Args:
        text: as printed.
        decimal: the decimal sign, where the user says so.

    Raises:
        InputError: it is negative, no number, or could be two different numbers.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if not match or sum(map(str.isdigit, text)) > _DIGITS:
        raise InputError(f"{text[:40]!r} is no amount; write digits and a point: 1234.56")
    before, number, after = match.groups()
    if before and after:
        raise InputError(f"{text[:40]!r} names two currencies; name one")
    return Amount(Decimal(_digits(number, decimal, text)), (before or after or "").upper())


def _digits(number: str, decimal: DecimalSign, text: str) -> str:
    """The number with a point and without signs that part thousands."""
    if not number.isascii() or " " in number or "'" in number:
        if not _SPACED.fullmatch(number):
            raise InputError(f"{text[:40]!r} is no amount; write digits and a point: 1234.56")
        number = re.sub(_SPACE, "", number)
        if "," in number:  # spaces part the thousands, so the comma parts the decimals
            number = number.replace(",", ".")
        return number
    if decimal:
        return _as_told(number, decimal, text)
    if _BOTH.fullmatch(number):
        last = max(number.rfind("."), number.rfind(","))
        return re.sub("[.,]", "", number[:last]) + "." + number[last + 1 :]
    if _GROUPS.fullmatch(number) and len(set(number) & {".", ","}) == 1:
        if max(number.count("."), number.count(",")) > 1:
            return re.sub("[.,]", "", number)
        raise _unclear(text)
    if _PLAIN.fullmatch(number):
        return number
    if number.count(",") == 1 and "." not in number:
        raise _unclear(text)
    raise InputError(f"{text[:40]!r} is no amount; write digits and a point: 1234.56")


def _as_told(number: str, decimal: DecimalSign, text: str) -> str:
    other = "," if decimal == "." else "."
    whole, _, rest = number.partition(decimal)
    grouped = other not in whole or _GROUPS.fullmatch(whole)
    if not grouped or other in rest or decimal in rest or not whole:
        raise InputError(f"{text[:40]!r} is no amount with the decimal sign {decimal!r}")
    return whole.replace(other, "") + (f".{rest}" if rest else "")


def _unclear(text: str) -> InputError:
    return InputError(
        f"{text[:40]!r} could be two amounts; write 1234.56, or say which sign is the decimal one"
        " with --decimal"
    )
