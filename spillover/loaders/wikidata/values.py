"""What does a value of a statement or of a query mean: an item, a time, a share.

A time is read at its widest: a decade starts with its first year and ends with its last. Nothing
is guessed of a proportion that has no unit: 0.5 is a half or half a percent, so anything between.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.stake import Stake, parse_stake
from spillover.loaders.manifest import manifest

Note = Callable[[str, str, str], None]

TABLES: Final = manifest("wikidata").tables
_TIME: Final = re.compile(r"([+-])0*(\d+)-(\d\d)-(\d\d)(?:T.*)?", re.ASCII)
_LITERAL: Final = re.compile(r"\+?(\d{4})-(\d\d)-(\d\d)(?:T.*)?", re.ASCII)
_ITEM: Final = re.compile(r"Q[1-9]\d*", re.ASCII)
_JULIAN: Final = "Q1985786"
_DECADE, _YEAR, _MONTH, _DAY = 8, 9, 10, 11
"""Precisions of a time."""
_LAST_YEAR: Final = 9999


def mapping(value: Any, what: str) -> dict[str, Any]:
    """A JSON object; an empty list stands for an empty one in some dumps.

    Raises:
        InputError: it is something else.
    """
    if value is None or value == []:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"{what} is {str(value)[:80]!r}, no object; correct the record")
    return value


def listed(value: Any, what: str) -> list[Any]:
    """A JSON array.

    Raises:
        InputError: it is something else.
    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{what} is {str(value)[:80]!r}, no list; correct the record")
    return value


def value_of(snak: Any) -> Any:
    """The bare value of a snak; None when it is unknown or stated to be none."""
    return mapping(mapping(snak, "a snak").get("datavalue"), "datavalue").get("value")


def is_none(snak: Any) -> bool:
    """Whether a snak states that there is no value: an end of none is not yet."""
    return bool(mapping(snak, "a snak").get("snaktype") == "novalue")


def is_item(text: Any) -> bool:
    """Whether a text is the id of an item."""
    return isinstance(text, str) and bool(_ITEM.fullmatch(text))


def item_of(snak: Any) -> str:
    """The item that is a snak's value.

    Raises:
        InputError: it is no item.
    """
    value = value_of(snak)
    found = value.get("id") or f"Q{value.get('numeric-id')}" if isinstance(value, dict) else ""
    if not is_item(found):
        raise InputError(f"value {str(value)[:80]!r} is no item; correct the statement")
    return str(found)


def shown(snak: Any) -> str:
    """The value of a snak as one text; empty when it has none."""
    value = value_of(snak)
    if not isinstance(value, dict):
        return "" if value is None else str(value).strip()
    if "time" in value:
        return times(snak)[0] or str(value["time"])
    if "amount" in value:
        unit = str(value.get("unit", "1")).rpartition("/")[2]
        return str(value["amount"]).removeprefix("+") + (f" {unit}" if unit != "1" else "")
    return str(value.get("id") or value.get("text") or f"Q{value.get('numeric-id', '')}")


def times(snak: Any, note: Note | None = None) -> tuple[str, str]:
    """First and last ISO date that a time means; both empty when no date can say it."""
    value = mapping(value_of(snak), "a time")
    match = _TIME.fullmatch(str(value.get("time")))
    precision = value.get("precision")
    if not match or match[1] == "-" or int(match[2]) > _LAST_YEAR or type(precision) is not int:
        return "", ""
    year, month, day = f"{int(match[2]):04}", match[3], match[4]
    if str(value.get("calendarmodel", "")).endswith(_JULIAN) and precision > _YEAR:
        if note:
            note("Julian date read as its year", year, match[0])
        return year, year
    if precision >= _DAY and "00" not in {month, day}:
        return (f"{year}-{month}-{day}",) * 2
    if precision >= _MONTH and month != "00":
        return (f"{year}-{month}",) * 2
    if precision >= _YEAR:
        return year, year
    return (f"{year[:3]}0", f"{year[:3]}9") if precision == _DECADE else ("", "")


def literal_date(text: str) -> str:
    """ISO date of a literal of a query.

    A query tells no precision: the first of January is how a bare year comes out, and the first of
    a month how a bare month does. Read so, a start stays the same and an end is at its latest.

    Raises:
        InputError: no date of our era.
    """
    match = _LITERAL.fullmatch(text)
    if not match:
        raise InputError(f"{text[:40]!r} is no date; write YYYY-MM-DD")
    year, month, day = match.groups()
    if day not in {"00", "01"}:
        return f"{year}-{month}-{day}"
    return year if month in {"00", "01"} else f"{year}-{month}"


def share(snak: Any) -> tuple[Stake, str]:
    """The share of a proportion with its unit, and as it is printed.

    Raises:
        InputError: an unknown unit, or no share in it.
    """
    value = mapping(value_of(snak), "a proportion")
    amount, unit = _number(value.get("amount")), str(value.get("unit", "1")).rpartition("/")[2]
    scale = _scale(unit)
    ends = [_number(value[bound]) for bound in ("lowerBound", "upperBound") if value.get(bound)]
    printed = "-".join(ends) if len(ends) == len("lu") else amount
    return parse_stake(printed, scale=scale), f"{printed} {unit}" if unit != "1" else printed


def literal_share(text: str, unit: str) -> tuple[Stake, bool]:
    """The share of a proportion in a query, and whether its scale is known.

    Raises:
        InputError: no share in it.
    """
    if unit:
        return parse_stake(text, scale=_scale(unit)), True
    try:
        above = Decimal(text) > 1
    except InvalidOperation:
        raise InputError(f"{text[:40]!r} is no proportion; write it like 0.51") from None
    percent = parse_stake(text)
    if above:
        return percent, True
    return percent.hull(parse_stake(text, scale="proportion")), percent == Stake(0, 0)


def _number(amount: Any) -> str:
    if not isinstance(amount, str):
        raise InputError(f"amount {str(amount)[:40]!r} is no text; correct the statement")
    return amount.removeprefix("+")


def _scale(unit: str) -> Any:
    scale = TABLES["units"].get(unit)
    if not scale:
        raise InputError(f"{unit[:40]!r} is no unit of a proportion that this loader knows")
    return scale
