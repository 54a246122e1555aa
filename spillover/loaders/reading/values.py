"""What text does a stored value of a spreadsheet stand for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from spillover.loaders.reading.cells import FORMULA, LOST
from spillover.loaders.reading.xml import local

if TYPE_CHECKING:
    from lxml import etree

_DIGITS: Final = 15
"""Significant digits that a spreadsheet keeps."""
_PERCENT: Final = frozenset({9, 10})
_DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Numbers of the formats that need no declaration."""
_OWN_TEXT: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
"""What a number format prints as it stands."""
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_INTEGER: Final = re.compile(r"-?\d{1,64}", re.ASCII)
_DAY_ZERO: Final = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
_NO_DAY: Final = 60
"""Day that the calendar of 1900 has and the world had not: 29 February 1900."""
_LAST_DAY: Final = 2_957_003
"""The last day of the year 9999 in the calendar of 1904."""
_DAY: Final = 86_400
"""Seconds of a day."""
_SURROGATES: Final = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says."""

    text: str = ""
    is_number: bool = False
    remark: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """How the cells of one workbook are read."""

    texts: list[str]
    """The texts that cells share."""
    looks: list[str]
    """By number of style: how it prints a number, see :func:`look`."""
    of_1904: bool
    """Whether days are counted from 1904."""

    def read(self, cell: etree._Element) -> Value:
        """The value of a cell, whatever its type."""
        kind = cell.get("t", "n")
        children = {local(str(child.tag)): child for child in cell}
        if kind == "inlineStr":
            return Value(text_of(children["is"]) if "is" in children else "")
        stored = (children["v"].text or "") if "v" in children else ""
        if not stored:
            if "f" in children and kind != "str":
                return Value(fault="a formula that was never reckoned; open and save the file")
            return Value()
        if kind == "n":
            value = self._number(stored.strip(), cell.get("s", "0"))
        else:
            value = _KINDS[kind](stored, self) if kind in _KINDS else _unknown(kind)
        return replace(value, remark=FORMULA) if "f" in children else value

    def _number(self, stored: str, style: str) -> Value:
        looks = self.looks[int(style)] if style.isdigit() and int(style) < len(self.looks) else ""
        try:
            value = _exact(stored)
        except ValueError:
            return Value(fault=f"{stored[:40]!r} is no number")
        if looks == "percent":
            return Value(f"{plain(value.scaleb(2))}%", is_number=True)
        if looks == "date":
            return _date(value, of_1904=self.of_1904)
        lost = abs(value) >= 10**_DIGITS and not _INTEGER.fullmatch(stored)
        return Value(plain(value), is_number=True, remark=LOST if lost else "")


def _shared(stored: str, values: Values) -> Value:
    if not stored.isdigit() or int(stored) >= len(values.texts):
        return Value(fault=f"text number {stored[:20]} is not in the file")
    return Value(values.texts[int(stored)])


def _unknown(kind: str) -> Value:
    return Value(fault=f"a cell of unknown type {kind[:20]!r}")


_KINDS: Final[dict[str, Callable[[str, Values], Value]]] = {
    "s": _shared,
    "str": lambda stored, _: Value(_unescaped(stored)),
    "b": lambda stored, _: Value("TRUE" if stored == "1" else "FALSE"),
    "d": lambda stored, _: Value(stored.removesuffix("T00:00:00")),
    "e": lambda stored, _: Value(fault=f"the error {stored[:20]}"),
}


def _exact(stored: str) -> Decimal:
    """The number that a cell stores.

    The file stores binary numbers, some by 17 digits (0.62619999999999998); what was typed is the
    shortest text of the same number (0.6262). It is found by float, and nothing is reckoned.
    """
    if _INTEGER.fullmatch(stored):
        return Decimal(stored)
    value = Decimal(repr(float(stored)))
    if not value.is_finite():
        raise ValueError(stored)
    return value


def plain(value: Decimal) -> str:
    """A number without exponent and without zeros at its end: 62.6."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _date(serial: Decimal, *, of_1904: bool) -> Value:
    """The day, or the second, that is so many days after day zero."""
    if not 0 <= serial <= _LAST_DAY:
        return Value(fault=f"day {plain(serial)[:40]} is no day")
    days, rest = divmod(serial, 1)
    seconds = int((rest * _DAY).to_integral_value())
    if seconds == _DAY:
        days, seconds = days + 1, 0
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if not days and seconds:
        return Value(clock)
    if not of_1904 and days == _NO_DAY:
        return Value(fault="29 February 1900 was no day")
    early = not of_1904 and days < _NO_DAY
    day = _DAY_ZERO[of_1904] + dt.timedelta(days=int(days) + early)
    return Value(f"{day}T{clock}" if seconds else day.isoformat())


def look(code: str) -> str:
    """How a declared format prints a number: as ``percent``, as ``date`` or as ``number``.

    Its first section counts, without the texts that it prints as they stand.
    """
    code = _OWN_TEXT.sub("", code).split(";")[0].lower()
    if "%" in code:
        return "percent"
    return "date" if re.search("[dmhys]", code.replace("general", "")) else "number"


def look_of_number(number: str) -> str:
    """The same of a format that needs no declaration."""
    known = int(number) if number.isascii() and number.isdigit() else 0
    return "percent" if known in _PERCENT else "date" if known in _DATES else "number"


def text_of(item: etree._Element) -> str:
    """The text of a shared or inline string: its own or that of its runs, not its phonetics."""
    found = []
    for child in item:
        name = local(str(child.tag))
        if name == "t":
            found.append(_unescaped(child.text or ""))
        elif name == "r":
            found.append(text_of(child))
    return "".join(found)


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    # Half a character is none: it stays as it is written.
    return match[0] if code in _SURROGATES else chr(code)
