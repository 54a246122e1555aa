"""Under which forms are names and identifiers compared.

Folding joins what a keyboard or a typesetter may vary: case, spaces, compatibility forms. It never
joins letters that only look alike: a Cyrillic letter is not a Latin one.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENTS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """A name as it is compared: compatibility-normalised, case-folded, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def bare(text: str) -> str:
    """A name as it is searched: folded, and without the accents that a keyboard may not have."""
    folded = fold(text)
    if folded.isascii():
        return folded
    plain = _ACCENTS.sub("", unicodedata.normalize("NFD", folded))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def code(value: str) -> str:
    """An identifier as it is compared: folded, without the spaces that people group it by."""
    return fold(value).replace(" ", "")
