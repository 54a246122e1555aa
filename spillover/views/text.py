"""How is a text from outside made safe to show in a terminal, a picture, a page or a spreadsheet?

Names come from registers and lists that anybody may write to. A right-to-left override turns
SANCTIONED into DENOITCNAS, an escape sequence rewrites the terminal, a leading ``=`` runs in a
spreadsheet. The stored value is never changed: these helpers work on what is displayed.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate
from typing import Final
from urllib.parse import urlsplit

ELLIPSIS: Final = "…"
REPLACEMENT: Final = "\ufffd"

_ANSI: Final = re.compile(
    r"\x1b\][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)"  # OSC: titles, links, clipboard
    r"|\x1b[PX^_][^\x1b\x9c]*(?:\x1b\\|\x9c|$)"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor
    r"|\x1b[ -/]*[0-~]?"  # every other escape
)
_NO_CHARACTERS: Final = range(0xFDD0, 0xFDF0)
_PLANE: Final = 0x10000
_PLANE_TAIL: Final = 0xFFFE  # the last two of each plane are no characters either
_SPACES: Final = re.compile(r"\s+")
_MARKS_IN_A_ROW: Final = 4
_END_OF_LATIN: Final = "\u0250"
# Joiners carry meaning in Persian and Indic names; every other invisible format character goes.
_KEPT_FORMATS: Final = frozenset("\u200c\u200d")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_HARMLESS: Final = re.compile(r"-(?:[0-9]+(?:[.][0-9]+)?(?: ?%)?)?")
"""A dash or a negative number begins like a formula, and is none."""
_WEB_SCHEMES: Final = frozenset({"http", "https"})


def clean(text: str) -> str:
    """The text on one line, without anything that hides, reorders or commands.

    Escape sequences, bidirectional controls, invisible format and tag characters are removed; line
    breaks and tabs become one space; lone surrogates, other controls and non-characters
    become U+FFFD, so that a reader sees that something stood there.
    """
    if text.isascii() and text.isprintable():
        return _SPACES.sub(" ", text).strip()
    return _SPACES.sub(" ", _without_marks("".join(map(_shown, _ANSI.sub("", text))))).strip()


def _shown(char: str) -> str:
    """One character as it may be displayed."""
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    if category == "Cf":
        return char if char in _KEPT_FORMATS else ""
    code = ord(char)
    if category in {"Cc", "Cs"} or code in _NO_CHARACTERS or code % _PLANE >= _PLANE_TAIL:
        return REPLACEMENT
    return char


def _without_marks(text: str) -> str:
    """The text with towers of combining marks cut down, which would cover the lines above."""
    kept: list[str] = []
    tower = 0
    for char in text:
        tower = tower + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if tower <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def safe_url(url: str) -> str:
    """The address if it is a plain web link, else an empty text.

    Only ``http`` and ``https`` pass; addresses with spaces, controls, backslashes or a user part
    (``https://bank.example@evil.example``) do not.
    """
    if not url or url != clean(url) or any(char in url for char in " \\\"'<>`"):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() not in _WEB_SCHEMES or not host or "@" in parts.netloc:
        return ""
    return url


def csv_cell(text: str) -> str:
    """The text so that a spreadsheet reads it as a text or a number and never as a formula."""
    if _HARMLESS.fullmatch(text):
        return text
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def text_width(text: str, size: float) -> float:
    """An upper estimate, in pixels, of a text's width at a font size.

    No font is at hand when a picture is made, so the widest common sans-serif (DejaVu Sans) is
    taken as the measure: other fonts leave a little room, and none overflows.
    """
    return sum(map(_em, text)) * size


def shorten(text: str, size: float, width: float) -> str:
    """The text cut with an ellipsis to fit a width in pixels; whole when it fits."""
    if text_width(text, size) <= width:
        return text
    room = width - text_width(ELLIPSIS, size)
    return text[: _fitting(text, size, room)].rstrip() + ELLIPSIS


def wrap(text: str, size: float, width: float) -> tuple[str, ...]:
    """The text on one line or two, broken at a space where there is one, then cut to fit."""
    if text_width(text, size) <= width:
        return (text,)
    first = ""
    for word in text.split(" "):
        longer = f"{first} {word}" if first else word
        if text_width(longer, size) > width:
            break
        first = longer
    if not first:  # one long word, or a script without spaces
        first = text[: max(_fitting(text, size, width), 1)]
    rest = text[len(first) :].strip()
    return (first, shorten(rest, size, width)) if rest else (first,)


def _fitting(text: str, size: float, width: float) -> int:
    """How many characters from the start of a text fit."""
    return sum(used <= width for used in accumulate(_em(char) * size for char in text))


def _em(char: str) -> float:
    """A character's width in units of the font size, from DejaVu Sans, rounded up by class."""
    if char in "ijlI.,:;|'!":
        return 0.35
    if char in ' ()[]/-frt"*':
        return 0.45
    if char in "mwMW%@—…–QOG&":
        return 1.0
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in {"W", "F"}:
        return 1.05
    if char.isupper():
        return 0.75
    return 0.65 if char < _END_OF_LATIN else 0.8
