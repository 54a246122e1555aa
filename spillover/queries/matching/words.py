"""Of which words is a name made, whatever its script.

Works on names as graph files hold them for search (:func:`spillover.graph.folding.bare`): without
case and accents. Chinese and Japanese are written without spaces: their names are runs of signs,
and are looked up by pairs of neighbouring signs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

_HAN: Final = (
    "\u2e80-\u2fff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN: Final = re.compile(f"[{_HAN}]+")
_NUMERALS: Final = re.compile("第([〇零一二三四五六七八九十百]+)")
_LONE: Final = re.compile(r"(?<![^\s])([^\W\d_]) +(?=[^\W\d_](?![^\s]))")
_XIAN: Final = re.compile(r"\bxi +an\b")
_APOSTROPHES: Final = "'`´ʼ‘’\x91\x92"
"""The last two are those of Windows, which stand in lists that were decoded as Latin-1."""
_DIGITS: Final = {sign: digit for digit, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_UNITS: Final = {"十": 10, "百": 100}


class _Signs(dict[int, str | None]):
    """What becomes of each sign; looked up once in the character database."""

    def __missing__(self, code: int) -> str | None:
        self[code] = _sign(chr(code))
        return self[code]


def _sign(sign: str) -> str | None:
    """A sign as words have it: letters, marks and digits stay, most others part words."""
    category = unicodedata.category(sign)
    if sign == "\n" or category[0] in "LMN":
        return sign
    if sign in _APOSTROPHES or category == "Cf":
        return None  # L'Oreal is one word, and nobody sees a soft hyphen
    return " and " if sign == "&" else " "


_SIGNS: Final = _Signs()


def spaced(text: str) -> str:
    """Folded names, one a line, with one space or more between the words.

    Initials are one word (``s. a.`` is ``sa``); Chinese ordinals are written in digits.
    """
    text = text.translate(_SIGNS)
    if not text.isascii():
        text = _RUN.sub(_apart, _NUMERALS.sub(_in_digits, text))
    return _XIAN.sub("xian", _LONE.sub(r"\1", text))  # a city, not the number 11


def _apart(run: re.Match[str]) -> str:
    return f" {run[0]} "


def _in_digits(ordinal: re.Match[str]) -> str:
    """第十三 as 第 13."""
    total = ones = 0
    for sign in ordinal[1]:
        if sign in _UNITS:
            total += (ones or 1) * _UNITS[sign]
            ones = 0
        else:
            ones = ones * 10 + _DIGITS[sign]
    return f"第 {total + ones} "


def words(text: str) -> list[str]:
    """The words of one folded name; a name without letters and digits is one word."""
    return spaced(text.replace("\n", " ")).split() or text.split()


def is_run(word: str) -> bool:
    """Whether a word is a run of Chinese or Japanese signs."""
    return not word.isascii() and _RUN.fullmatch(word) is not None


def pairs(run: str) -> list[str]:
    """Neighbouring signs of a run, two and two; a single one stands alone."""
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]


def keyed(text: str, core: Callable[[str], str]) -> str:
    """Folded names as :func:`spaced`, with runs of Chinese signs cut into pairs.

    Args:
        text: the names, one a line.
        core: what is left of a run without its legal form.
    """
    text = spaced(text)
    if text.isascii():
        return text
    return _RUN.sub(lambda run: " ".join(pairs(core(run[0]))), text)


def invisible(text: str) -> bool:
    """Whether a text has signs that nobody sees, which can hide that two names differ."""
    return not text.isascii() and any(unicodedata.category(sign) == "Cf" for sign in text)


def script(word: str) -> str:
    """The script of a word's letters (``LATIN``, ``CYRILLIC``, ``CJK`` ...); empty without any."""
    if word.isascii():
        return "LATIN" if any(sign.isalpha() for sign in word) else ""
    found = {unicodedata.name(sign, "?").split()[0] for sign in word if sign.isalpha()}
    return "+".join(sorted(found))
