"""Which days does a flow cover, which part of the year, and do they lie before or after?

Levels are compared like with like: years with years, a March with a March, January to May with
January to May. A period that begins before the day and ends after it counts as *after* if most of
its days do, and is said to be mixed; otherwise it is left out, for it tells of neither.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from spillover.graph.dates import day_range, iso
from spillover.graph.errors import DateError, InputError

Side = Literal["before", "after", "between", "beyond"]
"""In the baseline, after the day, on both sides of it without telling, or in neither window."""

YEAR: Final = "year"
MONTH_NAMES: Final = (
    "",
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
"""By number; the first is empty."""
_LENGTH: Final = re.compile(r"([1-9]\d?)\s*(y|year|years|m|month|months)", re.ASCII)
_MONTHS_A_YEAR: Final = 12


class Span(NamedTuple):
    """The days that one figure covers."""

    first: int
    """Day ordinal."""
    last: int
    text: str
    """As printed, for example ``2021-01/2021-03``."""

    @property
    def days(self) -> int:
        """How many days."""
        return self.last - self.first + 1


@lru_cache(maxsize=4096)
def span(text: str) -> Span | None:
    """The days of ``2021``, ``2021-03`` or ``2021-01/2021-05``; None: no such period."""
    first, cut, last = text.partition("/")
    try:
        begin = day_range(first)
        end = day_range(last) if cut else begin
    except DateError:
        return None
    return Span(begin[0], end[1], text) if begin[0] <= end[1] else None


@lru_cache(maxsize=4096)
def season(of: Span) -> str:
    """The part of the year that a period is: ``year``, or for example ``01``, ``02-24/12``."""
    first, last = dt.date.fromordinal(of.first), dt.date.fromordinal(of.last)
    begin = f"{first.month:02}" if first.day == 1 else f"{first.month:02}-{first.day:02}"
    length = calendar.monthrange(last.year, last.month)[1]
    end = f"{last.month:02}" if last.day == length else f"{last.month:02}-{last.day:02}"
    years = last.year - first.year
    if years:
        return f"{begin}/+{years}-{end}"
    if (begin, end) == ("01", "12"):
        return YEAR
    return begin if begin == end else f"{begin}/{end}"


def is_month(name: str) -> bool:
    """Whether a part of the year is one whole month."""
    return len(name) == len("01")


class Window(NamedTuple):
    """The day of a break, and how far is looked to both sides of it."""

    since: int
    """First day after the break."""
    begins: int
    """First day of the baseline."""
    ends: int
    """First day beyond what is looked at."""

    def side(self, of: Span) -> Side:
        """Where a period lies, by its middle; one on both sides is *after* if most of it is."""
        if of.first < self.since <= of.last:
            after = of.last - self.since + 1
            return "after" if 2 * after > of.days else "between"
        middle = (of.first + of.last) // 2
        if middle < self.since:
            return "before" if middle >= self.begins else "beyond"
        return "after" if middle < self.ends else "beyond"

    def mixed(self, of: Span) -> bool:
        """Whether a period lies on both sides of the day."""
        return of.first < self.since <= of.last


def window(since: str, baseline: str = "3y", horizon: str = "3y") -> Window:
    """The window around a day (``2022-02``, ``2022-02-24``), its lengths such as ``3y``, ``18m``.

    Raises:
        DateError: ``since`` is no date.
        InputError: a length that cannot be read.
    """
    day = day_range(since)[0]
    return Window(day, _moved(day, -_months(baseline)), _moved(day, _months(horizon)))


def _months(text: str) -> int:
    match = _LENGTH.fullmatch(text.strip().lower())
    if match is None:
        raise InputError(f"length of time {text!r} cannot be read; write for example 3y or 18m")
    return int(match[1]) * (_MONTHS_A_YEAR if match[2][0] == "y" else 1)


def _moved(day: int, months: int) -> int:
    """The day so many months later, or the last of its month where there is no such day.

    Raises:
        DateError: the day would lie outside the calendar.
    """
    date = dt.date.fromordinal(day)
    year, month = divmod(date.year * _MONTHS_A_YEAR + date.month - 1 + months, _MONTHS_A_YEAR)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise DateError(f"{iso(day)} is too near to the end of the calendar; name another day")
    length = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(date.day, length)).toordinal()
