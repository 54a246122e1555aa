"""What does a name say: which words tell it apart, and which legal form it states."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from spillover.queries.matching.tables import Spelling, distinguishing, forms
from spillover.queries.matching.words import invisible, is_run, keyed, words

_ROMAN: Final = re.compile("(?=..)x{0,3}(ix|iv|v?i{0,3})")
_ROMAN_DIGITS: Final = {"i": 1, "v": 5, "x": 10}
_ORDINAL: Final = re.compile("(?:no)?([0-9]+)(?:st|nd|rd|th)?")
_EXACT_DIGITS: Final = 30
_TEN: Final = 10
SHORT: Final = 3
"""Words of up to so many letters are the same or not: none is a misspelling of another."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A name, taken apart."""

    text: str
    """Without case and accents."""
    words: tuple[str, ...]
    """What tells it apart, in order; numbers in digits."""
    forms: frozenset[str]
    """Legal forms by their keys in ``legal_forms.yml``."""
    hidden: bool
    """Whether it has signs that nobody sees."""


@lru_cache(maxsize=65536)
def parsed(text: str) -> Parsed:
    """A folded name, taken apart; at least one word is left of one that has any."""
    said = [word for word in words(text) if word not in distinguishing().ignored]
    said = said or words(text)
    rest, found = _stripped(said)
    return Parsed(text, tuple(_numbered(rest)), frozenset(found), invisible(text))


def _stripped(said: list[str]) -> tuple[list[str], set[str]]:
    """The words without those that say a legal form, and the forms."""
    found: set[str] = set()
    rest = _without_runs(said, found)
    table = forms()
    while (count := _spelled(rest[::-1], table.ending, backward=True)) and count < len(rest):
        found.add(table.ending[tuple(rest[-count:])])
        rest = rest[:-count]
    while (count := _spelled(rest, table.leading)) and count < len(rest):
        found.add(table.leading[tuple(rest[:count])])
        rest = rest[count:]
    kept: list[str] = []
    at = 0
    while at < len(rest):
        count = _spelled(rest[at:], table.anywhere)
        if count and (kept or at + count < len(rest)) and at:
            found.add(table.anywhere[tuple(rest[at : at + count])])
            at += count
        else:
            kept.append(rest[at])
            at += 1
    return kept, found


def _spelled(said: list[str], table: Mapping[Spelling, str], *, backward: bool = False) -> int:
    """How many of the first words are a spelling of the table; the longest counts, else 0."""
    for count in range(min(forms().longest, len(said)), 0, -1):
        spelling = tuple(said[:count][::-1] if backward else said[:count])
        if spelling in table:
            return count
    return 0


def _without_runs(said: list[str], found: set[str]) -> list[str]:
    """The words, with the legal form cut off runs of Chinese or Japanese signs."""
    rest = []
    for word in said:
        left, form = _core(word) if is_run(word) else (word, "")
        found |= {form} - {""}
        if left:
            rest.append(left)
    return rest or said


def _core(run: str) -> tuple[str, str]:
    """A run of signs without its legal form, and the form."""
    for spelling, form in forms().runs.items():
        if run.endswith(spelling):
            return run.removesuffix(spelling), form
        if run.startswith(spelling) and spelling in forms().leading_runs:
            return run.removeprefix(spelling), form
    return run, ""


def keys(text: str) -> str:
    """Folded names, one a line, as words by which they are looked up."""
    return keyed(text, lambda run: _core(run)[0] or run)


def _numbered(said: list[str]) -> list[str]:
    """The words with every number in digits, and without the word ``number`` before it."""
    table = distinguishing()
    values = [*map(number, said), None]
    found: list[str] = []
    for at, word in enumerate(said):
        value, tens = values[at], table.tens.get(said[at - 1], 0) if at else 0
        if word in table.before_number and values[at + 1] is not None:
            continue
        if value is not None and tens and int(value) < _TEN:
            found[-1] = str(tens + int(value))
        else:
            found.append(value or word)
    return found


@lru_cache(maxsize=65536)
def number(word: str) -> str | None:
    """A number in digits without leading zeros, however it is written; None for other words."""
    if word in distinguishing().ordinals:
        return str(distinguishing().ordinals[word])
    if word.isdecimal() or (match := _ORDINAL.fullmatch(word)):
        digits = word if word.isdecimal() else match[1]  # type: ignore[index] # one of both is
        return str(int(digits)) if len(digits) <= _EXACT_DIGITS else digits
    if _ROMAN.fullmatch(word):
        values = [_ROMAN_DIGITS[sign] for sign in word]
        after = [*values[1:], 0]
        return str(sum(v if v >= w else -v for v, w in zip(values, after, strict=True)))
    return None


def spellings(word: str) -> frozenset[str]:
    """Other ways to write a word: known spellings, and a number in digits, letters or signs."""
    table = distinguishing()
    others = table.same.get(word, frozenset())
    value = number(word)
    if value is None:
        return others
    ordinals = {said for said, count in table.ordinals.items() if str(count) == value}
    suffixed = {f"{value}{end}" for end in ("st", "nd", "rd", "th")}
    return others | ordinals | suffixed | {value, f"no{value}", _romans().get(value, value)}


@cache
def _romans() -> dict[str, str]:
    """Roman numbers of two letters and more, by their value."""
    ones = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    written = ("x" * tens + one for tens in range(4) for one in ones)
    return {value: text for text in written if (value := number(text)) is not None}


@lru_cache(maxsize=65536)
def kind(word: str) -> str:
    """What a word is.

    ``number``, ``run`` (of Chinese signs), ``place``, ``particle``, ``structure``, ``short`` or
    plain ``word``.
    """
    table = distinguishing()
    if any(sign.isdecimal() for sign in word):
        return "number"
    if is_run(word):
        return "run"
    if word in table.places:
        return "place"
    if word in table.particles:
        return "particle"
    if word in table.structure:
        return "structure"
    return "short" if len(word) <= SHORT else "word"
