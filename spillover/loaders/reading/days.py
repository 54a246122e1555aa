"""How do days that lists print in words become ISO dates."""

from __future__ import annotations

from typing import Final

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError

_MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)


def month(word: str) -> str:
    """``03`` of an English month's name or of its first three letters; ``00`` of another word."""
    short = word[:3].lower()
    return f"{_MONTHS.index(short) + 1 if short in _MONTHS else 0:02}"


def readable(text: str) -> str:
    """The (partial) ISO date as it is; empty when it is none."""
    try:
        day_range(text)
    except DateError:
        return ""
    return text
