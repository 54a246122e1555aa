"""Which words are equal, or one letter apart, told by numbers instead of texts.

A word is the polynomial of its signs modulo 2**64. So the number of two words written as one, and
that of a word less one letter, follow from what is at hand, for a million words at once. Two words
with one number by chance cost a look at a name too many: names themselves decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Signs = npt.NDArray[np.uint32]
T = TypeVar("T", bound=np.generic)

_BASE: Final = np.uint64(0x9E3779B97F4A7C55)
_LONGEST: Final = 40
"""Words of more signs are not looked for with a letter changed."""
SHORTEST: Final = 4
"""Nor words of fewer: `ABC` and `ABD` are two firms."""


class Words(NamedTuple):
    """Words that stand one after the other in an array of signs."""

    signs: Signs
    start: Ints
    length: Ints


def signs_of(text: str) -> Signs:
    """The signs of a text as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def listed(words: Sequence[str]) -> Words:
    """These words, one after the other."""
    length = np.array([len(word) for word in words], np.int64)
    return Words(signs_of("".join(words)), length.cumsum() - length, length)


def powers(longest: int) -> Hashes:
    """The base to the power of 0, 1, 2 ... ``longest``."""
    factors = np.full(longest + 1, _BASE)
    factors[0] = 1
    return np.multiply.accumulate(factors)


def hashes(words: Words) -> Hashes:
    """The number of each word; none of them is empty."""
    if not len(words.start):
        return np.zeros(0, np.uint64)
    at, inside = _laid_out(words)
    exponent = words.length.repeat(words.length) - 1 - inside
    terms = words.signs[at] * powers(int(words.length.max()))[exponent]
    return np.add.reduceat(terms, words.length.cumsum() - words.length)


def _laid_out(words: Words) -> tuple[Ints, Ints]:
    """Position of every sign of every word, and its place inside the word."""
    ends = words.length.cumsum()
    inside = np.arange(ends[-1]) - (ends - words.length).repeat(words.length)
    return words.start.repeat(words.length) + inside, inside


def shortened(words: Words, own: Hashes) -> tuple[Hashes, Ints]:
    """Numbers of these words and of each less one letter, and to which word each belongs.

    Words with a digit, and very short or long ones, are left out: they are compared as they are.
    """
    found, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for length in np.unique(words.length):
        if SHORTEST <= length <= _LONGEST:
            which = np.flatnonzero(words.length == length)
            signs = words.signs[words.start[which, None] + np.arange(length)].astype(np.uint64)
            which, signs = which[_letters(signs)], signs[_letters(signs)]
            found += [own[which], _less_one(signs).ravel()]
            owners += [which, which.repeat(length)]
    return np.concatenate(found), np.concatenate(owners)


def _letters(signs: Hashes) -> npt.NDArray[np.bool_]:
    """Which of these words have no digit."""
    digits: npt.NDArray[np.bool_] = (signs >= ord("0")) & (signs <= ord("9"))
    letters: npt.NDArray[np.bool_] = ~np.any(digits, axis=1)
    return letters


def _less_one(signs: Hashes) -> Hashes:
    """For words of one length, a row each: their numbers without each of their letters."""
    length = signs.shape[1]
    power = powers(length)
    terms = signs * power[length - 1 :: -1][:length]
    after = terms[:, ::-1].cumsum(axis=1)[:, ::-1]
    after = np.concatenate([after[:, 1:], np.zeros((len(signs), 1), np.uint64)], axis=1)
    shifted = signs[:, :-1] * power[length - 2 :: -1][: length - 1]
    before = np.concatenate([np.zeros((len(signs), 1), np.uint64), shifted.cumsum(axis=1)], axis=1)
    found: Hashes = before + after
    return found


def once(values: npt.NDArray[T]) -> npt.NDArray[T]:
    """Values in order, each once: ``np.unique`` by sorting, which is quicker than by hashing."""
    ordered = np.sort(values)
    kept = np.ones(len(ordered), np.bool_)
    kept[1:] = ordered[1:] != ordered[:-1]
    return ordered[kept]


class Known:
    """A set of numbers, asked for many at a time.

    Args:
        numbers: the numbers; repeats are kept.
        owners: what each of them belongs to.
    """

    def __init__(self, numbers: Hashes, owners: Ints) -> None:
        order = np.argsort(numbers, kind="stable")
        self._numbers, self._owners = numbers[order], owners[order]
        bits = max(16, min(26, 3 + len(numbers).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._seen = np.zeros(1 << bits, np.bool_)
        self._seen[self._slot(numbers)] = True

    def _slot(self, numbers: Hashes) -> Hashes:
        slots: Hashes = (numbers * np.uint64(0xBF58476D1CE4E5B9)) >> self._shift
        return slots

    def joined(self, numbers: Hashes) -> tuple[Ints, Ints]:
        """(position in ``numbers``, owner) wherever the two are equal."""
        at = np.flatnonzero(self._seen[self._slot(numbers)])
        first = np.searchsorted(self._numbers, numbers[at], "left")
        count = np.searchsorted(self._numbers, numbers[at], "right") - first
        ends = count.cumsum()
        inside = np.arange(int(count.sum())) - (ends - count).repeat(count)
        return at.repeat(count), self._owners[first.repeat(count) + inside]
