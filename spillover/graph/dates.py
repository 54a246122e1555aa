"""Which days does a full or partial ISO date cover.

Days are proleptic Gregorian ordinals (``datetime.date.toordinal``), so that they fit an int32
array. A partial date is read at its widest: a start counts from the first day that it can mean,
an end until the last.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache

from spillover.graph.errors import DateError

OPEN_START = 0
"""Day of a start that nobody reported: before every date."""
OPEN_END = 2**31 - 1
"""Day of an end that nobody reported: after every date."""

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ].*)?", re.ASCII)


@lru_cache(maxsize=65536)
def day_range(text: str) -> tuple[int, int]:
    """First and last day that ``text`` (``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``) covers.

    Raises:
        DateError: the text is no such date.
    """
    match = _ISO.fullmatch(text.strip())
    if not match:
        raise DateError(f"{text[:40]!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = match.groups()
    try:
        if day:
            first = last = dt.date(int(year), int(month), int(day))
        elif month:
            length = calendar.monthrange(int(year), int(month))[1]
            first, last = (dt.date(int(year), int(month), d) for d in (1, length))
        else:
            first, last = dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
    except ValueError as error:
        raise DateError(f"{text[:40]!r} is no date: {error}") from None
    return first.toordinal(), last.toordinal()


def first_day(text: str | None, missing: int = OPEN_START) -> int:
    """First day that ``text`` covers, or ``missing`` when there is no date."""
    return day_range(text)[0] if text else missing


def last_day(text: str | None, missing: int = OPEN_END) -> int:
    """Last day that ``text`` covers, or ``missing`` when there is no date."""
    return day_range(text)[1] if text else missing


def as_day(value: str | dt.date | None) -> int:
    """The one day of a question: a full date, or today when none is given (in UTC).

    Raises:
        DateError: a partial date, or none at all.
    """
    if value is None:
        return dt.datetime.now(dt.UTC).date().toordinal()
    if isinstance(value, dt.date):
        return value.toordinal()
    first, last = day_range(value)
    if first != last:
        raise DateError(f"{value!r} is not one day; write YYYY-MM-DD")
    return first


def iso(day: int) -> str:
    """ISO text of a day ordinal."""
    return dt.date.fromordinal(day).isoformat()


def age_text(days: int) -> str:
    """Age for people: ``12 days``, ``7 months``, ``5.4 years``, rounded down."""
    if days < 60:  # noqa: PLR2004 - two months, where days stop being the natural unit
        return f"{days} day{'s' if days != 1 else ''}"
    if days < 730:  # noqa: PLR2004 - two years
        return f"{days * 12 // 365} months"
    tenths = days * 100_000 // 3_652_425  # the mean Gregorian year
    return f"{tenths // 10}.{tenths % 10} years"


def now() -> str:
    """The present second in UTC, as loads record it."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
