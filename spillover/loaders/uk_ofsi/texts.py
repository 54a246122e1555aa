"""How are the cells of the UK lists read: days, enumerations, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from spillover.loaders.reading.days import month, readable

_SLASHED: Final = re.compile(r"(\d{1,2}|dd)/(\d{1,2}|mm)/(\d{4})", re.ASCII | re.IGNORECASE)
_NAMED: Final = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[A-Za-z]*[- ](\d{4})", re.ASCII)
_ISO: Final = re.compile(r"(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:T.*)?", re.ASCII)
_FULL: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ITEM: Final = re.compile(r"\(?\b(?:\d{1,2}|[a-h])\)\s*")
_LABEL: Final = re.compile(r"\(([^():]{2,40})\) ?: ?")


def iso(text: str) -> str:
    """The ISO form of a day as the lists print it; empty when it is none.

    A day or month of 00, or written ``dd`` or ``mm``, is not known: 00/08/1977 is 1977-08.
    """
    found = ""
    if match := _SLASHED.fullmatch(text.strip()):
        day, number, year = (part.lower().zfill(2) for part in match.groups())
        found = year
        if number not in {"00", "mm"}:
            found += f"-{number}" + ("" if day in {"00", "dd"} else f"-{day}")
    elif match := _NAMED.fullmatch(text.strip()):
        day, word, year = match.groups()
        found = f"{year}-{month(word)}-{day.zfill(2)}"
    elif match := _ISO.fullmatch(text.strip()):
        found = match[1]
    return readable(found)


def date_in(text: str) -> str:
    """The first day that a line names, as ISO text; empty when it names none."""
    for pattern in (_SLASHED, _NAMED, _FULL):
        for match in pattern.finditer(text):
            if found := iso(match.group()):
                return found
    return ""


def items(text: str) -> list[str]:
    """What a cell enumerates as (1) ... (2), a) ... b), or between semicolons or bars."""
    parts = (part for item in _ITEM.split(text) for part in re.split(r"[;|\n]", item))
    return [part for part in (part.strip(" ,.") for part in parts) if part]


def labelled(text: str) -> Iterator[tuple[str, str]]:
    """(label, text) of a cell such as ``(UN Ref): QDi.001. (Gender): Male``; "" where none is."""
    end, label = 0, ""
    for match in _LABEL.finditer(text):
        if told := text[end : match.start()].strip():
            yield label, told
        label, end = match[1].strip(), match.end()
    if told := text[end:].strip():
        yield label, told


def plain(text: str) -> str:
    """A text with the apostrophe of a keyboard."""
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
