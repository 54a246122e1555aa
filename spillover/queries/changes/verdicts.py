"""Who stands otherwise under each rule."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.stake import Stake
from spillover.queries.changes.change import WORDS, Stood, VerdictChange
from spillover.queries.changes.pairing import Pair

if TYPE_CHECKING:
    from spillover.queries.changes.snapshot import Ruled

Ints = npt.NDArray[np.int64]

_WEIGHT: Final = np.array(
    [("blocked", "undetermined", "listed", "target", "not_blocked").index(word) for word in WORDS]
)
"""In this order changes from or to these are shown, by code."""
_UNTOUCHED: Final = len(WORDS) - 1


class _Differing(NamedTuple):
    """Entities that stand otherwise under one rule: one column each."""

    rule: Ints
    """Number of the rule."""
    code: Ints
    before: Ints
    """Rows: word, least and greatest share, openness."""
    after: Ints


def verdict_changes(
    pair: Pair, limit: int | None
) -> tuple[tuple[VerdictChange, ...], dict[tuple[str, str, str], int]]:
    """Those that are shown, and how many there are by rule, word before and word after."""
    rules = list(zip(pair.before.rules, pair.after.rules, strict=True))
    parts = [
        _differing(pair, number, *both)
        for number, both in enumerate(rules)
        if not any(ruled.skipped for ruled in both)
    ]
    if not parts:
        return (), {}
    every = _Differing(*(np.concatenate(column, axis=-1) for column in zip(*parts, strict=True)))
    names = [ruled.law.id for _, ruled in rules]
    words = zip(every.rule.tolist(), every.before[0].tolist(), every.after[0].tolist(), strict=True)
    counts = {
        (names[rule], WORDS[before], WORDS[after]): count
        for (rule, before, after), count in sorted(Counter(words).items())
    }
    shown = _by_weight(every)[:limit]
    rows = [(int(every.rule[n]), int(every.code[n])) for n in shown.tolist()]
    parties = pair.parties(code for _, code in rows)
    causes = pair.tracer.of_verdicts([(rule, pair.ids[code]) for rule, code in rows])
    found = [
        VerdictChange(
            names[rule], parties[code], _stood(every.before[:, n]), _stood(every.after[:, n]), why
        )
        for n, (rule, code), why in zip(shown.tolist(), rows, causes, strict=True)
    ]
    return tuple(found), counts


def _differing(pair: Pair, number: int, before: Ruled, after: Ruled) -> _Differing:
    sides = ((pair.before, before), (pair.after, after))
    own = [pair.codes(side, ruled.entity) for side, ruled in sides]
    codes = np.union1d(*own)
    columns = [_aligned(codes, at, ruled) for at, (_, ruled) in zip(own, sides, strict=True)]
    differs = np.flatnonzero((columns[0] != columns[1]).any(axis=0))
    rule = np.full(len(differs), number)
    return _Differing(rule, codes[differs], columns[0][:, differs], columns[1][:, differs])


def _aligned(codes: Ints, own: Ints, ruled: Ruled) -> Ints:
    """How each of these entities stands, one column each; who is not touched is at the last."""
    found = np.zeros((4, len(codes)), np.int64)
    found[0] = _UNTOUCHED
    found[:, np.searchsorted(codes, own)] = ruled.word, ruled.low, ruled.high, ruled.unsettled
    return found


def _by_weight(every: _Differing) -> Ints:
    """Changes of verdicts before those of shares; the same whichever side is the first."""
    before, after = _WEIGHT[every.before[0]], _WEIGHT[every.after[0]]
    share = np.maximum(every.before[1], every.after[1])
    kept = every.before[0] == every.after[0]
    keys = (every.rule, every.code, -share, np.maximum(before, after), np.minimum(before, after))
    order: Ints = np.lexsort((*keys, kept))
    return order


def _stood(column: Ints) -> Stood:
    word, low, high, unsettled = column.tolist()
    return Stood(WORDS[word], Stake(low, high), bool(unsettled))
