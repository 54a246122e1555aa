"""How much does a printed amount say: a number, a unit, and a word such as *under* before it?

Amounts are fractions of one unit of their kind: money in its currency, mass in kilograms, anything
else in what is counted. Nothing is converted between kinds: no currency into another, no drones
into kilograms. What is not written in one of these forms is not read, and never guessed.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import Final, NamedTuple

_NUMBER: Final = r"(?P<number>\d{1,30}(?:\.\d{1,30})?(?:[eE][+-]?\d{1,2})?)"
_AT_MOST: Final = ("under", "below", "less than", "up to", "at most")
_AT_LEAST: Final = ("over", "above", "more than", "at least")
_WORD: Final = rf"(?:(?P<word>{'|'.join((*_AT_MOST, *_AT_LEAST, 'about', 'around'))}) )?"
_AMOUNT: Final = re.compile(rf"{_WORD}{_NUMBER}(?: (?P<unit>\S.{{0,40}}))?", re.ASCII)
_MONEY: Final = re.compile(r"(?:(thousand|million|billion) )?([A-Z]{3})(?: (k|m|mn|bn))?", re.ASCII)
_COUNTED: Final = re.compile(r"[a-z][a-z²³ -]*")
_TIMES: Final = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "bn": 10**9,
}
_KILOGRAMS: Final = {
    "g": Fraction(1, 1000),
    "kg": Fraction(1),
    "t": Fraction(1000),
    "tonnes": Fraction(1000),
    "kt": Fraction(10**6),
    "Mt": Fraction(10**9),
}


class Quantity(NamedTuple):
    """An amount between a least and a greatest, in whole units of its kind."""

    low: Fraction
    high: Fraction | None
    """None: the source names only a least."""
    unit: str
    """A currency (``USD``), ``kg``, or what is counted (``drones``)."""


@lru_cache(maxsize=65536)
def quantity(text: str) -> Quantity | None:
    """What a text such as ``1.6 USD m``, ``under 0.002 USD m`` or ``330 t`` says; None: no amount.

    *Under* begins at 0; *over* has no upper end; *about* is one unit of the last printed place
    wide each way, as for shares.
    """
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    scale = _scale(match["unit"] or "")
    if scale is None:
        return None
    number, (times, unit), word = _exact(match["number"]), scale, match["word"] or ""
    low = high = number if times == 1 else number * times
    if word in _AT_MOST:
        return Quantity(Fraction(0), high, unit)
    if word in _AT_LEAST:
        return Quantity(low, None, unit)
    if word:
        step = _place(match["number"]) * times
        return Quantity(max(low - step, Fraction(0)), high + step, unit)
    return Quantity(low, high, unit)


def _scale(unit: str) -> tuple[Fraction, str] | None:
    """How many of its kind one unit is, and the kind; None: a unit that cannot be read."""
    if unit in _KILOGRAMS:
        return _KILOGRAMS[unit], "kg"
    money = _MONEY.fullmatch(unit)
    if money:
        before, currency, after = money.groups()
        if before and after:
            return None
        return Fraction(_TIMES.get(before or after or "", 1)), currency
    return (Fraction(1), unit) if _COUNTED.fullmatch(unit) else None


def _exact(number: str) -> Fraction:
    """The number; whole ones, as most are, without the parser of fractions."""
    whole, _, places = number.partition(".")
    return Fraction(int(whole)) if whole.isdigit() and not places.strip("0") else Fraction(number)


def _place(number: str) -> Fraction:
    """One in the last printed place."""
    digits, _, exponent = number.lower().partition("e")
    return Fraction(10) ** (int(exponent or 0) - len(digits.partition(".")[2]))
