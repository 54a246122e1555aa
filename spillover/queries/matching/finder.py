"""Which few names of the graph are worth a look for a name that is asked for.

Two names agree by the rarity of the words that they share, twice, over that of all their words.
Names that cannot reach :data:`LEAST` are left out by a bound, not by a guess: one that shares none
of the rarest words of the asked name cannot make up for it with the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from spillover.queries.matching.hashes import Hashes, Ints, hashes, listed, once
from spillover.queries.matching.index import Names
from spillover.queries.matching.parsed import keys, spellings
from spillover.queries.matching.tables import distinguishing, forms
from spillover.queries.matching.words import pairs

LEAST: Final = 650
"""Names that agree by fewer thousandths are not looked at: they could be no question."""
_WHOLE: Final = 1000
_LOOKED_AT: Final = 16
_SAME: Final = 64
"""Most names looked at, and most of those whose words are all the same."""
_EQUAL, _MISSPELT = 10, 9
"""What a word counts that is equal or another spelling, and one a letter apart, in tenths."""
_BITS: Final = 16
_NONE: Final = np.zeros(0, np.int64)


class _Choice(NamedTuple):
    """What one word of an asked name may be in the graph."""

    weight: int
    """That of the asked word."""
    places: Mapping[int, int]
    """Words of the graph by place, with what each counts in tenths."""
    halves: Mapping[int, int]
    """Words that are only half of it."""
    positions: Ints
    """Where two halves stand side by side."""


class Finder:
    """Names of a graph, weighed by the rarity of their words."""

    def __init__(self, names: Names) -> None:
        self.names = names
        count = len(names.first) - 1
        self._full = int(_weight(np.array([1]), count)[0])
        self._weight = _weight(names.often, count)
        self._weight[self._there(_formal())] = 0
        small = self._there(_small())
        self._weight[small] = -(-self._weight[small] // 4)
        self._order = np.argsort(names.word, kind="stable").astype(np.int32)
        self._start = np.concatenate([[0], names.often.cumsum()])
        weights = self._weight[names.word]
        self._total = np.bincount(names.of, weights, minlength=count).astype(np.int64)
        own = np.concatenate([np.zeros(1, np.uint64), names.words[names.word].cumsum()])
        self._key: Hashes = own[names.first[1:]] - own[names.first[:-1]]
        self._by_key = np.argsort(self._key, kind="stable")
        self._sorted = self._key[self._by_key]

    def _places(self, words: Iterable[str]) -> dict[str, int]:
        """The place of each word among those of the graph; -1 where it has none."""
        wanted = sorted(set(words))
        numbers = hashes(listed(wanted))
        at = np.searchsorted(self.names.words, numbers)
        at[at == len(self.names.words)] = 0
        if not len(self.names.words):
            return dict.fromkeys(wanted, -1)
        there = self.names.words[at] == numbers
        return dict(zip(wanted, np.where(there, at, -1).tolist(), strict=True))

    def _there(self, words: Iterable[str]) -> Ints:
        """The places of those of the words that the graph has."""
        return np.array([at for at in self._places(words).values() if at >= 0], np.int64)

    def weights(self, words: Iterable[str]) -> dict[str, int]:
        """The weight of each of these words; one that the graph has not weighs most."""
        places = self._places(words)
        return {
            word: int(self._weight[at]) if at >= 0 else self._full for word, at in places.items()
        }

    def known(self, words: Iterable[str]) -> set[str]:
        """Those of the words that stand in a name of the graph."""
        return {word for word, at in self._places(words).items() if at >= 0}

    def names_like(self, texts: Iterable[str]) -> dict[str, Ints]:
        """For each folded name those of the graph (by number) that may be it.

        Those of the very same words come first.
        """
        words = {text: keys(text).split() for text in texts}
        said = {word for several in words.values() for word in several}
        said.update(*map(spellings, said))
        said.update(a + b for several in words.values() for a, b in pairwise(several))
        places = self._places(said)
        return {
            text: self._found(several, places)
            if several
            else np.array(self.names.wordless.get(text, []), np.int64)
            for text, several in words.items()
        }

    def _found(self, words: Sequence[str], places: Mapping[str, int]) -> Ints:
        key = hashes(listed(words)).sum()
        low, high = (int(np.searchsorted(self._sorted, key, side)) for side in ("left", "right"))
        same = self._by_key[low : min(high, low + _SAME)]
        likely = self._likely([self._choice(words, at, places) for at in range(len(words))])
        if not len(same):
            return likely
        return np.concatenate([same, likely[~np.isin(likely, same)]])

    def _choice(self, words: Sequence[str], at: int, places: Mapping[str, int]) -> _Choice:
        """What the word at this position of an asked name may be."""
        word = words[at]
        joined = ("".join(words[max(0, at - 1) : at + 1]), "".join(words[at : at + 2]))
        others = {*spellings(word), *joined} - {word}
        own = places[word]
        found = dict.fromkeys(self.names.near.get(word, _NONE).tolist(), _MISSPELT)
        found |= {places[one]: _EQUAL for one in (word, *others) if places[one] >= 0}
        positions = self.names.apart.get(word, _NONE)
        halves = once(np.concatenate([self.names.word[positions + side] for side in (0, 1)]))
        weight = int(self._weight[own]) if own >= 0 else self._full
        return _Choice(weight, found, dict.fromkeys(halves.tolist(), _EQUAL), positions)

    def _likely(self, choices: Sequence[_Choice]) -> Ints:
        """Names that share enough of the rare words of an asked one, most alike first."""
        names = self._sharing(choices)
        if not len(names):
            return names
        agree = self._agreement(names, choices)
        names, agree = names[agree >= LEAST], agree[agree >= LEAST]
        best = np.lexsort((self._key[names], -agree))
        same = int(np.count_nonzero(agree == _WHOLE))
        return names[best[: max(_LOOKED_AT, min(same, _SAME))]]

    def _heaviest(self, places: Iterable[int]) -> int:
        return int(self._weight[[*places]].max(initial=0))

    def _sharing(self, choices: Sequence[_Choice]) -> Ints:
        """Names with one of the words without which no name can agree enough; each once."""
        places = [list(choice.places) for choice in choices]
        most = [
            max(self._heaviest(choice.places), 2 * self._heaviest(choice.halves))
            for choice in choices
        ]
        cost = [int(self.names.often[several].sum()) for several in places]
        heaviest = sum(most) * (2 * _WHOLE - LEAST) // LEAST
        found = [_NONE.astype(np.int32)]
        passed, rest = 0, sum(most)
        for at in sorted(range(len(choices)), key=lambda i: (cost[i] / (choices[i].weight + 1), i)):
            if not choices[at].weight or 2 * rest * _WHOLE < LEAST * (2 * rest + passed):
                continue
            spans = ((self._start[place], self._start[place + 1]) for place in places[at])
            found += [self._order[first:last] for first, last in spans]
            found.append(choices[at].positions.astype(np.int32))
            passed, rest = passed + choices[at].weight, rest - most[at]
        names = once(self.names.of[np.concatenate(found)])
        return names[self._total[names] <= heaviest].astype(np.int64)

    def _agreement(self, names: Ints, choices: Sequence[_Choice]) -> Ints:
        """By how many thousandths each of the names agrees at most."""
        places, tenths, covers = _together(choices)
        first = self.names.first[names]
        count = self.names.first[names + 1] - first
        ends = count.cumsum()
        shift = first - ends + count
        word = self.names.word[np.arange(ends[-1]) + shift.repeat(count)]
        at = np.searchsorted(places, word)
        at[at == len(places)] = 0
        hit = np.flatnonzero(places[at] == word)
        at, name = at[hit], np.searchsorted(ends, hit, "right")
        weight, size = self._weight[places[at]], len(names)
        shared = np.bincount(name, weight, size).astype(np.int64)
        counted = np.bincount(name, weight * tenths[at], size).astype(np.int64)
        covered = np.bincount(name, covers[at], size).astype(np.int64)
        asked = sum(choice.weight for choice in choices)
        missing = np.maximum(asked - covered, 0) + self._total[names] - shared
        agree: Ints = 200 * counted // np.maximum(2 * shared + missing, 1)
        return agree


def _weight(often: Ints, count: int) -> Ints:
    """The rarity of words: sixteenths of the logarithm of how few names they stand in."""
    weight: Ints = np.rint(_BITS * np.log2(1 + count / often)).astype(np.int64)
    return weight


def _formal() -> set[str]:
    """Words, and pairs of Chinese signs, that only say a legal form."""
    table = forms()
    return {*table.words, *(pair for run in table.runs for pair in pairs(run))}


def _small() -> frozenset[str]:
    """Words that say little, however rare they are here."""
    table = distinguishing()
    return table.particles | table.before_number | table.ignored


def _together(choices: Sequence[_Choice]) -> tuple[Ints, Ints, Ints]:
    """Words of the graph by place, in order; what each counts in tenths, and what it covers."""
    tenths: dict[int, int] = {}
    covers: dict[int, int] = {}
    for choice in choices:
        for several in (choice.places, choice.halves):
            for place, count in several.items():
                tenths[place] = max(count, tenths.get(place, 0))
                covers[place] = covers.get(place, 0) + choice.weight
    places = sorted(tenths)
    counted, covered = ([column[place] for place in places] for column in (tenths, covers))
    return np.array(places), np.array(counted), np.array(covered)
