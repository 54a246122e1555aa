"""What do the fields of one record of the register hold, as it prints them."""

from __future__ import annotations

import re
from typing import Any, Final

from spillover.graph.errors import InputError
from spillover.graph.folding import fold
from spillover.loaders.manifest import manifest

TABLES: Final = manifest("uk_psc").tables
KINDS: Final[dict[str, str]] = TABLES["kinds"]
PREFIXES: Final[dict[str, tuple[str, str]]] = TABLES["prefixes"]
_LENGTH: Final = 8
"""Characters of a company number."""
_NUMBER: Final = re.compile(r"([A-Z]{0,2})(\d{1,8})", re.ASCII)


def text(data: Any, key: str) -> str:
    """A text of a record; empty when it is missing.

    Raises:
        InputError: it is something else than text.
    """
    value = data.get(key) if isinstance(data, dict) else None
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(f"{key} is {str(value)[:80]!r}, no text; correct the record")
    return value.strip()


def company_number(record: dict[str, Any]) -> str:
    """The number of the company that a record is about.

    Raises:
        InputError: it has none.
    """
    number = text(record, "company_number").upper()
    if not number:
        raise InputError("no company_number; every record but the totals has one")
    return padded(number) or number


def padded(number: str) -> str:
    """A company number in full length; empty when the text is none."""
    match = _NUMBER.fullmatch(number.replace(" ", "").upper())
    if not match or match[1] not in PREFIXES or not int(match[2]):
        return ""
    full = match[1] + match[2].zfill(_LENGTH - len(match[1]))
    return full if len(full) == _LENGTH else ""


def registered(data: Any) -> tuple[str, str]:
    """The number of an owner at Companies House, or why its number is not taken for one.

    Both are empty where the record does not point to that register.
    """
    said = data.get("identification") or {}
    printed = text(said, "registration_number")
    country, place = (
        fold(text(said, key)).strip(". ") for key in ("country_registered", "place_registered")
    )
    if not printed or not (country or place) or (country and country not in TABLES["home"]):
        return "", ""
    known = not place or place in TABLES["registers"]
    if not known and not any(word in place for word in TABLES["register_words"]):
        return "", "register not known to be Companies House"
    number = padded(printed)
    return (number, "") if number else ("", "no number of Companies House")


def statement(data: Any) -> str:
    """A statement of the company, with its time.

    Raises:
        InputError: it says nothing.
    """
    code = text(data, "statement")
    if not code:
        raise InputError("a statement that says nothing; correct the record")
    more = (
        ("from", text(data, "notified_on")),
        ("to", text(data, "ceased_on")),
        ("about", text(data, "linked_psc_name")),
        ("restrictions withdrawn:", text(data, "restrictions_notice_withdrawal_reason")),
    )
    return " ".join([code, *(f"{word} {said}" for word, said in more if said)])


def exemptions(data: Any) -> list[tuple[str, str]]:
    """(code, the exemption with its time) of each exemption of a company.

    Raises:
        InputError: the record has none.
    """
    found = []
    stated = data.get("exemptions")
    for said in stated.values() if isinstance(stated, dict) else ():
        code = text(said, "exemption_type")
        items: list[Any] = (said.get("items") if code else None) or [{}]
        for item in items:
            start, end = text(item, "exempt_from"), text(item, "exempt_to")
            shown = code + (f" from {start}" if start else "") + (f" to {end}" if end else "")
            found.append((code, shown))
    if not all(code for code, _ in found) or not found:
        raise InputError("an exemption without a type; correct the record")
    return found
