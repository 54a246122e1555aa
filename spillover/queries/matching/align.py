"""Which words of two names are the same, and how do the others differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from spillover.queries.matching.parsed import SHORT, Parsed, kind
from spillover.queries.matching.tables import distinguishing
from spillover.queries.matching.words import script

EQUAL, JOINED, SPELLED, CUT, MISSPELT, TWICE, SIGN = 100, 97, 95, 88, 90, 80, 88
"""What a pair of words counts, in hundredths: equal, written as one, a known other spelling, cut
short, one letter apart, two letters apart, one Chinese sign apart."""
_LONG: Final = 8
"""Words of so many letters may differ in two."""
_CUT: Final = 4
_RUN: Final = 5
"""Runs of so many signs may differ in one."""
_MOST: Final = 48
"""Words beyond are not compared: no name has so many."""
_COUNTED: Final = "东西南北中上下大小新老前后左右内外一二三四五六七八九十百甲乙丙丁"


@dataclass(slots=True)
class Alignment:
    """How the words of an asked name stand to those of a name of the graph."""

    pairs: list[tuple[str, str, int]] = field(default_factory=list)
    """(asked, in the graph, what the pair counts); several words that are one, with spaces."""
    asked: list[str] = field(default_factory=list)
    """Words of the asked name that the other has not."""
    graph: list[str] = field(default_factory=list)
    moved: bool = False
    """Whether the same words stand in another order."""

    @property
    def equal(self) -> bool:
        """Whether all words are the same, in the same order."""
        alike = all(count == EQUAL for _, _, count in self.pairs)
        return alike and not (self.asked or self.graph or self.moved)


def align(asked: Parsed, graph: Parsed) -> Alignment:
    """The words of two names, pair by pair."""
    if asked.words == graph.words:
        return Alignment([(word, word, EQUAL) for word in asked.words])
    left, right = list(asked.words[:_MOST]), list(graph.words[:_MOST])
    found = Alignment()
    order = _take_equal(left, right, found)
    found.moved = order != sorted(order)
    _take_joined(left, right, found, swapped=False)
    _take_joined(right, left, found, swapped=True)
    for alike in (_spelled, _misspelt, _runs):
        _take(left, right, found, alike)
    beyond = [word for words in (asked.words, graph.words) for word in words[_MOST:]]
    found.asked = [word for word in left if word] + beyond
    found.graph = [word for word in right if word]
    return found


def _take_equal(left: list[str], right: list[str], found: Alignment) -> list[int]:
    """Pair equal words; returns where the words of the left stand on the right."""
    order = []
    for at, word in enumerate(left):
        if word in right:
            other = right.index(word)
            order.append(other)
            found.pairs.append((word, word, EQUAL))
            left[at] = right[other] = ""
    return order


def _take_joined(left: list[str], right: list[str], found: Alignment, *, swapped: bool) -> None:
    """Pair two or three neighbouring words of the left with one of the right."""
    for count in (3, 2):
        for at in range(len(left) - count + 1):
            several = left[at : at + count]
            if all(several) and "".join(several) in right:
                one, apart = "".join(several), " ".join(several)
                right[right.index(one)] = ""
                left[at : at + count] = [""] * count
                found.pairs.append((one, apart, JOINED) if swapped else (apart, one, JOINED))


def _take(
    left: list[str], right: list[str], found: Alignment, alike: Callable[[str, str], int]
) -> None:
    """Pair words that are alike, the most alike first."""
    scored = [
        (-count, i, j)
        for i, one in enumerate(left)
        for j, other in enumerate(right)
        if one and other and (count := alike(one, other))
    ]
    for count, i, j in sorted(scored):
        if left[i] and right[j]:
            found.pairs.append((left[i], right[j], -count))
            left[i] = right[j] = ""


def _spelled(one: str, other: str) -> int:
    """Whether two words are one in a known spelling, or one is the other cut short."""
    if other in distinguishing().same.get(one, ()):
        return SPELLED
    short, long = sorted((one, other), key=len)
    plain = kind(one) in _PLAIN and kind(other) in _PLAIN
    if plain and len(short) >= _CUT and long.startswith(short):
        return SPELLED if long in (f"{short}s", f"{short}es") else CUT
    return 0


_PLAIN: Final = ("word", "structure")


def _misspelt(one: str, other: str) -> int:
    """Whether one word is the other with a letter or two mistaken."""
    kinds = {kind(one), kind(other)}
    if min(len(one), len(other)) <= SHORT or kinds & {"number", "run"}:
        return 0
    if kinds <= {"place"} or kinds <= {"structure"}:  # Hunan is not a misspelt Henan
        return 0
    from rapidfuzz.distance import OSA

    most = 2 if min(len(one), len(other)) >= _LONG else 1
    apart = OSA.distance(one, other, score_cutoff=most)
    return 0 if apart > most else (EQUAL, MISSPELT, TWICE)[apart]


def letters(one: str, other: str) -> int:
    """In how many letters two words differ."""
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other)


def _runs(one: str, other: str) -> int:
    """How far two runs of Chinese signs are the same, where they can be one name."""
    if kind(one) != "run" or kind(other) != "run":
        return 0
    from rapidfuzz.distance import Levenshtein

    long, short = max(len(one), len(other)), min(len(one), len(other))
    distance = Levenshtein.distance(one, other)
    if distance == long - short:  # all signs of the shorter one, in order
        return 100 * 2 * short // (long + short)
    if distance == 1 and long >= _RUN and not _telling(one, other):
        return SIGN
    return 0


def _telling(one: str, other: str) -> bool:
    """Whether the sign in which two runs of one length differ tells firms apart."""
    if any((place in one) != (place in other) for place in distinguishing().signs):
        return True
    return any(a != b and (a in _COUNTED or b in _COUNTED) for a, b in zip(one, other, strict=True))


def scripts_differ(one: str, other: str) -> bool:
    """Whether two words are written with letters of different scripts, or of several at once."""
    return script(one) != script(other) or "+" in script(one)


def missing(one: str, other: str) -> str:
    """The signs that only the longer of two runs has."""
    from rapidfuzz.distance import Levenshtein

    short, long = sorted((one, other), key=len)
    steps = Levenshtein.editops(short, long)
    return "".join(long[step.dest_pos] for step in steps if step.tag == "insert")


def listed(words: Sequence[str]) -> str:
    """Words as a reason names them."""
    return ", ".join(words)
