"""Which names of the graph may be a name that is asked for: a few out of a million.

Made anew for each question and for the words that it asks about, in one pass over the names of the
graph file, a batch at a time. Words are numbers (:mod:`.hashes`); what counts is by how much of
their rarity two names agree. Words agree when they are equal, one letter apart, written as one
word or as two, or known to be written in several ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from spillover.graph.session import Graph
from spillover.queries.matching.hashes import (
    Hashes,
    Ints,
    Known,
    Words,
    hashes,
    listed,
    once,
    powers,
    shortened,
    signs_of,
)
from spillover.queries.matching.parsed import keys

_BATCH: Final = 50_000
_LEFT_OUT: Final = ("Product", "Technology", "Programme")
"""Schemata of what no list of suppliers or holdings has."""
_SPACE, _LINE = ord(" "), ord("\n")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a graph; one element of an array for each name, or each word of a name."""

    entity: Ints
    description: Ints
    line: Ints
    """Which of the names of its description it is."""
    first: Ints
    """Its first word; one element more than names."""
    word: npt.NDArray[np.int32]
    """Words of all names, by their place among ``words``."""
    of: npt.NDArray[np.int32]
    """The name that each word stands in."""
    words: Hashes
    """Every word of the graph once, in order."""
    often: Ints
    """How often each stands in the names."""
    near: Mapping[str, Ints]
    """Words (places) one letter from an asked word, by that word."""
    apart: Mapping[str, Ints]
    """Positions at which two words stand that are an asked word when written as one."""
    wordless: Mapping[str, list[int]]
    """Names without letters and digits, by their text."""


def names_of(graph: Graph, asked: Sequence[str]) -> Names:
    """The names of the graph, for questions about these words."""
    reader = _Reader(asked)
    for numbers, descriptions, folded in _batches(graph):
        reader.read(numbers, descriptions, folded)
    return reader.names(dict(graph.store.joined.every()))


def _batches(graph: Graph) -> Iterator[tuple[list[int], list[int], list[str]]]:
    """Entity, description and names of every description of this version."""
    store = graph.store
    loads = ",".join(str(load.num) for load in store.loads) or "0"
    out = ",".join(f"'{schema}'" for schema in _LEFT_OUT)
    ((last,),) = store.rows("SELECT coalesce(max(num), 0) FROM description")
    for start in range(0, last, _BATCH):
        rows = store.rows(
            "SELECT entity, num, folded FROM description WHERE num > ? AND num <= ?"  # noqa: S608 - integers, own words
            f" AND load IN ({loads}) AND schema NOT IN ({out}) ORDER BY num",
            (start, start + _BATCH),
        )
        if rows:
            numbers, descriptions, folded = zip(*rows, strict=True)
            yield list(numbers), list(descriptions), list(folded)


class _Reader:
    """Takes names in, a batch at a time."""

    def __init__(self, asked: Sequence[str]) -> None:
        words = listed(asked)
        own = hashes(words)
        self._asked, self._numbers = asked, own
        self._whole = Known(own, np.arange(len(own)))
        self._near = Known(*shortened(words, own))
        self._parts: list[tuple[Ints, Ints, Ints, Ints, Hashes]] = []
        self._likely: list[tuple[Hashes, Ints]] = []
        self._apart: list[tuple[Ints, Ints]] = []
        self._read = self._named = 0
        self._wordless: dict[str, list[int]] = {}

    def read(self, numbers: list[int], descriptions: list[int], folded: list[str]) -> None:
        """Take in the descriptions of one batch."""
        lines = np.array([text.count("\n") + 1 for text in folded])
        words, name = _cut(keys("\n".join(folded)))
        own = hashes(words)
        count = np.bincount(name, minlength=int(lines.sum()))
        line = np.arange(int(lines.sum())) - (lines.cumsum() - lines).repeat(lines)
        ends = np.array(numbers).repeat(lines), np.array(descriptions).repeat(lines)
        self._parts.append((*ends, line, count, own))
        self._pair(own, words.length, name)
        _, first = np.unique(own, return_index=True)
        self._compare(Words(words.signs, words.start[first], words.length[first]))
        if not count.all():
            texts = "\n".join(folded).split("\n")
            for at in np.flatnonzero(count == 0).tolist():
                self._wordless.setdefault(texts[at], []).append(self._named + at)
        self._named += len(count)
        self._read += len(own)

    def _pair(self, own: Hashes, length: Ints, name: Ints) -> None:
        """Note neighbouring words that are an asked word when written as one."""
        power = powers(int(length.max(initial=0)))
        together = own[:-1] * power[length[1:]] + own[1:]
        at, asked = self._whole.joined(together)
        same = name[at] == name[at + 1]
        self._apart.append((at[same] + self._read, asked[same]))

    def _compare(self, words: Words) -> None:
        """Note words one letter from an asked word."""
        own = hashes(words)
        at, asked = self._near.joined((cut := shortened(words, own))[0])
        self._likely.append((own[cut[1][at]], asked))

    def names(self, joined: Mapping[int, int]) -> Names:
        """All that was taken in."""
        parts = self._parts or [(*(np.zeros(0, np.int64),) * 4, np.zeros(0, np.uint64))]
        entity, description, line, count, own = map(np.concatenate, zip(*parts, strict=True))
        self._parts = []
        words, word, often = np.unique(own, return_inverse=True, return_counts=True)
        if joined:
            table = np.arange(max(int(entity.max(initial=0)), *joined) + 1)
            table[list(joined)] = list(joined.values())
            entity = table[entity]
        return Names(
            entity,
            description,
            line,
            np.concatenate([[0], count.cumsum()]),
            word.astype(np.int32),
            np.arange(len(count), dtype=np.int32).repeat(count),
            words,
            often,
            self._nearby(words),
            _grouped(*_columns(self._apart, np.int64), self._asked),
            self._wordless,
        )

    def _nearby(self, words: Hashes) -> Mapping[str, Ints]:
        """Places of the words one letter from each asked word; itself left out."""
        own, asked = _columns(self._likely, np.uint64)
        other = own != self._numbers[asked]
        return _grouped(np.searchsorted(words, own[other]), asked[other], self._asked)


def _columns(pairs: Sequence[tuple[npt.NDArray[Any], Ints]], kind: type) -> tuple[Any, Ints]:
    """Both columns of several pairs of arrays."""
    left = [np.zeros(0, kind), *(pair[0] for pair in pairs)]
    right = [np.zeros(0, np.int64), *(pair[1] for pair in pairs)]
    return np.concatenate(left), np.concatenate(right)


def _grouped(values: Ints, asked: Ints, words: Sequence[str]) -> Mapping[str, Ints]:
    """Values by the asked word that they belong to, each once."""
    order = np.lexsort((values, asked))
    values, asked = values[order], asked[order]
    starts = np.flatnonzero(np.diff(asked, prepend=-1))
    groups = np.split(values, starts[1:])
    keys = (words[at] for at in asked[starts].tolist())
    return {key: once(group) for key, group in zip(keys, groups, strict=False)}


def _cut(text: str) -> tuple[Words, Ints]:
    """The words of a text, and in which line each stands; a line without words is one word."""
    signs = signs_of(text)
    blank = (signs == _SPACE) | (signs == _LINE)
    before = np.concatenate([[True], blank[:-1]])
    after = np.concatenate([blank[1:], [True]])
    start = np.flatnonzero(~blank & before)
    length = np.flatnonzero(~blank & after) + 1 - start
    lines = (signs == _LINE).cumsum()
    return Words(signs, start, length), lines[start]
