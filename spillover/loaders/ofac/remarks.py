"""What do the remarks of the legacy formats say, piece by piece.

OFAC writes everything that its flat files have no column for into the remarks, as labelled pieces
between semicolons, with a full stop at the end. In its CSV files they are cut at 1,000 characters;
a second file holds what follows.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from spillover.loaders.context import Context
from spillover.loaders.ofac.dates import dated, printed
from spillover.loaders.ofac.party import TABLES, Document, Party

LIMIT: Final = 1000
"""Characters at which OFAC cuts remarks in its CSV files."""
_ALIAS: Final = re.compile(r"([afn]\.k\.a\.) ['\"](.+)['\"]", re.IGNORECASE)
_ALTERNATIVE: Final = re.compile(r"^alt\. ", re.IGNORECASE)
_LINKED: Final = re.compile(r"\(?Linked To: (.+)")
_WORDED: Final = re.compile(r"\b(?:issued|expires)\b")
_BANK_CODE: Final = re.compile(r"[A-Z]{8}(?:[A-Z]{3})?", re.ASCII)
"""The one number that may have no digit."""
_NUMBERED: Final = re.compile(
    r"([A-Z](?:[\w.'/-]+ ){1,6}(?:No\.?|Number|ID|Code|Card|#))[ :]*\S*\d"
)


def linked_names(
    party: Party, text: str, context: Context, *, stop: bool = False, cut: bool = False
) -> list[tuple[str, ...]]:
    """Give a party what its remarks say; returns the names that it is linked to.

    The full stop of the remarks and that of a name at their end (``S.A.``) are one, so the last
    name comes back in both readings: without it and with it.

    Args:
        party: to which everything else is given.
        text: its remarks.
        context: hears of what has no known label.
        stop: whether a full stop ends the remarks, and is no part of the last piece.
        cut: whether the last piece is not whole, and so is kept as text only.
    """
    pieces = [piece.strip() for piece in text.strip().split("; ")]
    if cut:
        context.note("remarks cut off", "their last piece is kept as text", party.uid)
        party.note(pieces.pop())
    linked = []
    for number, piece in enumerate(pieces, 1):
        bare = piece.removesuffix(".") if stop and number == len(pieces) else piece
        readings = dict.fromkeys((bare, piece))
        matches = [match for match in map(_LINKED.fullmatch, readings) if match]
        if matches:
            linked.append(tuple(_closed(match[1]) for match in matches))
        else:
            _read(party, _ALTERNATIVE.sub("", bare), context)
    return linked


def _closed(name: str) -> str:
    """A name without the bracket that closes around it, as in ``(Linked To: NAME)``."""
    return name.removesuffix(")") if name.count(")") > name.count("(") else name


def _read(party: Party, piece: str, context: Context) -> None:
    if not piece:
        return
    alias = _ALIAS.fullmatch(piece)
    if alias:
        party.name(alias[2], alias[1], weak=True)
        return
    match = _labels().fullmatch(piece)
    if not match:
        numbered = _NUMBERED.match(piece)
        if numbered:
            context.note("unknown label", numbered[1], piece)
        party.note(piece)
        return
    label, value = match.groups()
    if TABLES["spellings"].get(label, label) not in TABLES["identifiers"]:
        party.feature(label, value)
        return
    document = _document(label, value)
    if document:
        party.document(document)
    else:
        context.note("document in words only", label, piece)
        party.note(piece)


def _document(label: str, text: str) -> Document | None:
    """A document with its dates; None when the text is no number but a sentence about one."""
    rest, expires = _dated(text, " expires ")
    number, issued = _dated(rest, " issued ")
    digits = any(sign.isdigit() for sign in number) or _BANK_CODE.fullmatch(number)
    if _WORDED.search(number) or not digits:
        return None
    return Document(label, number.strip(), issued=issued, expires=expires)


def _dated(text: str, word: str) -> tuple[str, str]:
    """What stands before the word, and the date after it; all and nothing without a date."""
    head, found, tail = text.rpartition(word)
    return (head, printed(tail)) if found and dated(tail) else (text, "")


@cache
def _labels() -> re.Pattern[str]:
    """Every label, the longest first, with what follows it."""
    tables = ("identifiers", "properties", "families", "countries", "dates", "spellings")
    labels = sorted({label for table in tables for label in TABLES[table]}, key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, labels))})[ :,]+(.+)", re.DOTALL)
