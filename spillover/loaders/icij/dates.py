"""Which day, or which year, does a date of the leaks mean."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from spillover.loaders.reading.days import month, readable

_ISO: Final = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:[ T].*)?", re.ASCII)
_WORDED: Final = re.compile(
    r"(?:(\d{1,2})[- ]([a-z]{3})[a-z]*[- ,]+|([a-z]{3})[a-z]* (\d{1,2}),? )(\d{4})", re.ASCII
)
_NUMBERED: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_EARLIEST: Final = "1700"
"""An earlier year is a slip: no firm of the database is so old."""
_YEAR: Final = 12
"""Months."""


@lru_cache(maxsize=65536)
def iso_date(text: str) -> str:
    """ISO text of a date as the leaks print it; empty when it cannot be read.

    Of 05/06/2014 only the year is certain: which number is the month is not said.
    """
    if match := _ISO.fullmatch(text):
        found = match[1]
    elif match := _WORDED.fullmatch(text.lower()):
        word = match[2] or match[3]
        found = f"{match[5]}-{month(word)}-{int(match[1] or match[4]):02}"
    elif match := _NUMBERED.fullmatch(text):
        found = _numbered(int(match[1]), int(match[2]), match[3])
    else:
        return ""
    return readable(found) if found >= _EARLIEST else ""


def _numbered(one: int, other: int, year: str) -> str:
    if one != other and max(one, other) <= _YEAR:
        return year
    day, number = (one, other) if one > _YEAR else (other, one)
    return f"{year}-{number:02}-{day:02}"
