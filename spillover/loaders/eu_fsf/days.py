"""Which texts of the EU's files are days."""

from __future__ import annotations

from spillover.graph.dates import day_range
from spillover.graph.errors import DateError, InputError


def day(text: str, field: str) -> str:
    """The text, when it is a full or partial ISO date or nothing.

    Raises:
        InputError: it is neither; the message names the field.
    """
    if text and not readable(text):
        raise InputError(f"{field} is {text[:40]!r}; expected a day such as 2010-12-01")
    return text


def readable(text: str) -> bool:
    """Whether a text is a full or partial ISO date."""
    try:
        day_range(text)
    except DateError:
        return False
    return True
