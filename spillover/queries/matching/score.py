"""How much do two names agree, out of 100, and what speaks for and against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from spillover.queries.matching.align import (
    CUT,
    EQUAL,
    JOINED,
    MISSPELT,
    SIGN,
    SPELLED,
    TWICE,
    Alignment,
    align,
    letters,
    listed,
    missing,
    scripts_differ,
)
from spillover.queries.matching.parsed import Parsed, kind
from spillover.queries.matching.words import is_run, pairs

LEAST: Final = 65
"""Names that agree less are no question."""
_APART: Final = 60
"""Most that names can have which a word tells apart."""
_TELLING_MISSING, _PLAIN_MISSING, _TWO_WORDS, _OTHER_SCRIPT, _VARIED = 75, 85, 75, 80, 97
"""Most that names can have of which one lacks a distinguishing word, one lacks another word, two
words of the graph stand for each other, a script differs, anything differs."""
_MOVED, _FORM_MISSING, _FORM_DIFFERS = 2, 3, 8
"""What is taken off for another order, a legal form that one of them lacks, another one."""
_TELLS: Final = 6
"""Letters that a misspelt word must have to carry a match alone."""
_TELLING: Final = ("number", "place", "structure", "short")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two names agree."""

    score: int
    same: bool
    """Whether they are one name, written with other accents, signs or spellings of the form."""
    reasons: tuple[str, ...]


class Scorer:
    """Compares names by the rarity of their words.

    Args:
        weights: the weight of every word, and of every pair of neighbouring Chinese signs.
        known: words that stand in names of the graph.
    """

    def __init__(self, weights: Mapping[str, int], known: set[str]) -> None:
        self._weights, self._known = weights, known

    def compare(self, asked: Parsed, graph: Parsed) -> Agreement:
        """How far an asked name and one of the graph agree."""
        if asked.text == graph.text:
            return Agreement(100, same=True, reasons=("same name",))
        found = align(asked, graph)
        score = self._shared(found)
        cap, words = self._differences(found)
        taken, form = _forms(asked, graph)
        if found.equal and not taken and not (asked.hidden or graph.hidden):
            return Agreement(100, same=True, reasons=(_signs(asked, graph),))
        if asked.hidden or graph.hidden:
            words.append("invisible characters in the name")
        if found.moved:
            taken += _MOVED
            words.append("words in another order")
        start = ["same words"] if found.equal else []
        score = max(0, min(score, cap, _VARIED) - taken)
        return Agreement(score, same=False, reasons=(*start, *words, *form))

    def _weight(self, word: str) -> int:
        if is_run(word):
            return sum(max(1, self._weights.get(pair, 1)) for pair in pairs(word))
        return max(1, self._weights.get(word, 1))

    def _shared(self, found: Alignment) -> int:
        """The rarity of what is shared, twice, over that of everything; in hundredths."""
        shared = counted = 0
        rest = sum(self._weight(word) for word in (*found.asked, *found.graph))
        for asked, graph, count in found.pairs:
            if is_run(asked) and is_run(graph) and len(asked) != len(graph):
                # Signs that only one of them has weigh like words that only one has.
                signs = {*pairs(asked)}, {*pairs(graph)}
                weight = sum(map(self._weight, signs[0] & signs[1]))
                shared += weight * EQUAL
                rest += sum(map(self._weight, signs[0] ^ signs[1]))
            else:
                weight = sum(map(self._weight, graph.split()))
                shared += weight * count
            counted += weight
        return 2 * shared // max(2 * counted + rest, 1)

    def _differences(self, found: Alignment) -> tuple[int, list[str]]:
        """The most that the names can have, and how they differ."""
        cap, words = 100, []
        for asked, graph, count in found.pairs:
            if count != EQUAL:
                most, word = self._pair(asked, graph, count)
                cap = min(cap, most)
                words.append(word)
        if not any(self._tells(asked, count) for asked, _, count in found.pairs):
            cap = _APART
        sides = [[w for w in side if kind(w) != "particle"] for side in (found.asked, found.graph)]
        if all(sides):
            return _APART, [*words, f"other words: {listed(sides[0])} / {listed(sides[1])}"]
        for side, told in zip(sides, ("further word", "word missing"), strict=True):
            most, more = _lacking(side, told)
            cap = min(cap, most)
            words += more
        if not words and (found.asked or found.graph):
            words.append(f"small words differ: {listed([*found.asked, *found.graph])}")
        return cap, words

    @staticmethod
    def _tells(asked: str, count: int) -> bool:
        """Whether a pair of words can carry a match: a short misspelt word alone cannot."""
        return count not in (MISSPELT, TWICE) or is_run(asked) or len(asked) >= _TELLS

    def _pair(self, asked: str, graph: str, count: int) -> tuple[int, str]:
        """The most that one pair of words lets the names have, and how the words differ."""
        if count == JOINED:
            return 100, f"written as one word: {asked} / {graph}"
        if is_run(graph):
            return _run(asked, graph, count)
        if count in (SPELLED, CUT):
            return 100, f"word abbreviated or inflected: {asked} / {graph}"
        if scripts_differ(asked, graph):
            return _OTHER_SCRIPT, f"letters of different scripts: {asked} / {graph}"
        apart = letters(asked, graph)
        told = f"name differs in {apart} letter{'s' if apart > 1 else ''}: {asked} / {graph}"
        if asked in self._known:
            return _TWO_WORDS, f"{told}; both are words of names here"
        return 100, told


def _run(asked: str, graph: str, count: int) -> tuple[int, str]:
    """As for a pair of words, of two runs of Chinese signs."""
    if count == SIGN and len(asked) == len(graph):
        return 100, f"name differs in 1 sign: {asked} / {graph}"
    told = "further signs" if len(asked) > len(graph) else "signs missing"
    return _TELLING_MISSING, f"{told}: {missing(asked, graph)}"


def _lacking(words: Sequence[str], told: str) -> tuple[int, list[str]]:
    """The most that names can have when only one has these words, and how they differ."""
    if not words:
        return 100, []
    if any(kind(word) == "number" for word in words):
        return _APART, [f"number on one side only: {listed(words)}"]
    telling = [word for word in words if kind(word) in _TELLING]
    if telling:
        return _TELLING_MISSING, [f"distinguishing {told}: {listed(telling)}"]
    return _PLAIN_MISSING, [f"{told}: {listed(words)}"]


def _forms(asked: Parsed, graph: Parsed) -> tuple[int, list[str]]:
    """What the legal forms take off, and how they differ."""
    if asked.forms == graph.forms:
        return 0, []
    if asked.forms <= graph.forms or graph.forms <= asked.forms:
        return _FORM_MISSING, [f"legal form missing: {listed(sorted(asked.forms ^ graph.forms))}"]
    both = (listed(sorted(side.forms)) for side in (asked, graph))
    return _FORM_DIFFERS, [f"legal form differs: {' / '.join(both)}"]


def _signs(asked: Parsed, graph: Parsed) -> str:
    """How two names are written that are the same."""
    plain = ["".join(sign for sign in one.text if sign.isalnum()) for one in (asked, graph)]
    if plain[0] == plain[1]:
        return "same name but for punctuation"
    if asked.forms:
        return "same name; its legal form, a number or small words are written otherwise"
    return "same name; a number or small words are written otherwise"
