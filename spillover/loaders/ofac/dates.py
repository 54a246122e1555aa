"""How do the dates that OFAC prints read as (partial) ISO dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from spillover.graph.dates import day_range
from spillover.loaders.ofac.fields import nodes, one
from spillover.loaders.reading.days import month, readable

_PRINTED: Final = re.compile(r"(?:(?:(\d{1,2}) )?([A-Za-z]{3})[a-z]* )?(\d{4})", re.ASCII)
_ISO: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_AMERICAN: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def iso(text: str) -> str:
    """``10 Dec 1948``, ``Dec 1948``, ``1948`` or an ISO date as an ISO date; empty when none."""
    match = _PRINTED.fullmatch(text.strip())
    if match:
        day, word, year = match.groups()
        parts = [year, month(word) if word else "", day.zfill(2) if day else ""]
        text = "-".join(filter(None, parts))
    return _checked(text.strip())


def american(text: str) -> str:
    """``03/24/2022`` (month first) as an ISO date; empty when it is none."""
    match = _AMERICAN.fullmatch(text.strip())
    return _checked("{2}-{0:0>2}-{1:0>2}".format(*match.groups())) if match else ""


def printed(text: str) -> str:
    """A date, a range or an estimate with its dates in ISO, and its other words as they are."""
    return " to ".join(
        f"{about}{iso(rest) or rest}"
        for about, rest in (_about(part) for part in text.strip().split(" to "))
    )


def dated(text: str) -> bool:
    """Whether a text is a date, an estimate or a range, and nothing else."""
    return all(iso(_about(part)[1]) for part in text.strip().split(" to "))


def calendar_day(node: Mapping[str, Any]) -> str:
    """The ISO date of a ``Year``, ``Month`` and ``Day``; empty when there is none."""
    parts = [one(node, name) for name in ("Year", "Month", "Day")]
    given = [part.rjust(2, "0") for part in parts if part]
    return _checked("-".join(given)) if parts[0] else ""


def period(node: Mapping[str, Any]) -> str:
    """The text of a ``DatePeriod``: a day, a month, a year, or a range of them."""
    low = _bound(node, ("Start", "From"), ("Start", "To"))
    high = _bound(node, ("End", "To"), ("End", "From"), ("Start", "To")) or low
    low = low or high
    about = "circa " if any(one(side, "@Approximate") == "true" for side in _sides(node)) else ""
    return about + _shortest(low, high)


def _sides(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*nodes(node, "Start"), *nodes(node, "End")]


def _bound(node: Mapping[str, Any], *paths: tuple[str, str]) -> str:
    days = (calendar_day(day) for path in paths for day in nodes(node, *path))
    return next(filter(None, days), "")


def _shortest(low: str, high: str) -> str:
    """The day, month or year that these two days bound, or both of them."""
    if low == high:
        return low
    first, last = day_range(low)[0], day_range(high)[1]
    for length in (4, 7):
        if low[:length] == high[:length] and (first, last) == day_range(low[:length]):
            return low[:length]
    if low.endswith("-01-01") and high.endswith("-12-31"):
        return f"{low[:4]} to {high[:4]}"
    return f"{low} to {high}"


def _about(text: str) -> tuple[str, str]:
    rest = text.strip().removeprefix("circa ")
    return text.strip().removesuffix(rest), rest


def _checked(text: str) -> str:
    return readable(text) if _ISO.fullmatch(text) else ""


def period_of(node: Mapping[str, Any]) -> str:
    """The text of a date of the Enhanced XML, which bounds it by four days."""
    names = ("fromDateBegin", "fromDateEnd", "toDateBegin", "toDateEnd")
    days = [day for day in (iso(one(node, name)[:10]) for name in names) if day]
    about = "circa " if one(node, "isApproximate") == "true" else ""
    return about + _shortest(min(days), max(days)) if days else ""
