"""Who bears the loss when a firm's equity is lost: DebtRank along the holdings of a graph.

A holder loses its share of what the asset loses, its own holders their share of that, and so on
(:mod:`spillover.queries.contagion.debtrank`). Amounts are told as parts of the target's equity, as
nobody states equities: all are set to 1, which is exact as long as no holder between loses its
equity as a whole, and too much where one does. A holding that repeats a chain is another route to
the same shares: the larger loss counts. The greatest share of a holder is at most what the least
shares of the others leave.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from spillover.graph.errors import InputError
from spillover.graph.stake import WHOLE
from spillover.queries.contagion.answer import Ends, Known, Loser, Ranked, Systemic, Through
from spillover.queries.contagion.asking import Question
from spillover.queries.contagion.debtrank import Exposures, debtrank
from spillover.queries.contagion.network import Flags, Floats, Ints
from spillover.queries.holdings import BASES, holdings

MOST: Final = 20_000
"""Entities with holdings, at most, of which every asset is shocked in its turn."""
_LEAST: Final = 1e-9
_ROUNDS: Final = 1_000
_LINKS: Final = 3
_WIDE: Final = 64


class _Held:
    """Holdings that count on the day, with the bounds of their shares, 0 to 1."""

    def __init__(self, asked: Question) -> None:
        index = asked.graph.index
        found = holdings(index, np.arange(index.rows), asked.when, BASES)
        self.entity: Ints = np.union1d(found.asset, found.owner)
        self.owner: Ints = np.searchsorted(self.entity, found.owner)
        self.asset: Ints = np.searchsorted(self.entity, found.asset)
        self.repeats: Flags = found.indirect
        self.claim: Ints = found.widest
        self.unknown: Flags = (found.low == 0) & (found.high == WHOLE)
        direct = ~found.indirect
        least = np.bincount(self.asset[direct], found.low[direct], len(self.entity))
        room = np.maximum(WHOLE - least[self.asset] + found.low, found.low)
        high = np.where(direct, np.minimum(found.high, room), found.high)
        self.ends: tuple[Floats, Floats] = (found.low / WHOLE, high / WHOLE)

    def lost(self, targets: Ints) -> tuple[Floats, Floats, bool]:
        """What everybody loses with each of these (rows), at least and at most: a column each."""
        shock = np.zeros((len(self.entity), len(targets)))
        shock[targets, np.arange(len(targets))] = 1.0
        equity = np.ones(len(self.entity))
        runs = [
            debtrank(
                self._some(~self.repeats, share),
                equity,
                shock,
                repeats=self._some(self.repeats, share),
                tolerance=_LEAST,
                rounds=_ROUNDS,
            )
            for share in self.ends
        ]
        least, most = (1.0 - run.left for run in runs)
        return least, np.maximum(most, least), runs[0].settled and runs[1].settled

    def _some(self, which: Flags, share: Floats) -> Exposures:
        return self.owner[which], self.asset[which], share[which]


def equity(asked: Question) -> Systemic:
    """What the holders of each target lose with it; without targets, of every asset.

    Raises:
        InputError: no target is named, and there are too many holdings for all of them.
    """
    held = _Held(asked)
    stated = int((~held.unknown).sum())
    said = Known(len(held.entity), len(held.asset), stated, 0, 0, sized=False)
    if not asked.fallen.targets:
        return _ranking(asked, held, said)
    targets = np.array(
        [n for n in asked.fallen.targets if n in set(held.entity.tolist())], np.int64
    )
    rows = np.searchsorted(held.entity, targets)
    least, most, settled = held.lost(rows)
    losers = [
        loser
        for column, row in enumerate(rows.tolist())
        for loser in _borne(asked, held, row, (least[:, column], most[:, column]))
    ]
    losers.sort(key=lambda one: (-one.loss.low, -one.loss.high, one.firm.num))
    return asked.answer(
        said,
        held.entity,
        losers=tuple(losers[: asked.top]),
        hidden=max(0, len(losers) - asked.top),
        settled=settled,
    )


def _borne(asked: Question, held: _Held, target: int, lost: tuple[Floats, Floats]) -> list[Loser]:
    """What everybody else loses with one target."""
    least, most = lost
    hit = np.flatnonzero(most > _LEAST)
    hit = hit[hit != target]
    named = asked.reporter.party(int(held.entity[target]))
    parties = asked.reporter.parties(held.entity[hit].tolist())
    nothing = Ends(0.0, 0.0)
    return [
        Loser(
            parties[int(held.entity[row])],
            named,
            nothing,
            nothing,
            Ends(float(least[row]), float(most[row])),
            *_links(asked, held, row, lost),
        )
        for row in hit.tolist()
    ]


def _links(
    asked: Question, held: _Held, holder: int, lost: tuple[Floats, Floats]
) -> tuple[tuple[Through, ...], int]:
    """The holdings through which a holder loses most, and how many there are."""
    mine = np.flatnonzero(held.owner == holder)
    least, most = (
        share[mine] * np.minimum(loss[held.asset[mine]], 1.0)
        for share, loss in zip(held.ends, lost, strict=True)
    )
    order = [row for row in np.lexsort((mine, -most)).tolist() if most[row] > _LEAST]
    shown = [(row, int(mine[row])) for row in order[:_LINKS]]
    claims = asked.reporter.claims(int(held.claim[edge]) for _, edge in shown)
    links = tuple(
        Through(
            "holding",
            asked.reporter.party(int(held.entity[held.asset[edge]])),
            "",
            Ends(float(held.ends[0][edge]), float(held.ends[1][edge])),
            Ends(float(least[row]), float(most[row])),
            (claims[int(held.claim[edge])],),
        )
        for row, edge in shown
    )
    return links, len(order)


def _ranking(asked: Question, held: _Held, said: Known) -> Systemic:
    """What all others lose with each asset, in multiples of its equity."""
    if len(held.entity) > MOST:
        raise InputError(
            f"{len(held.entity)} entities have or are holdings, and at most {MOST} are shocked one"
            " after another; name targets"
        )
    assets = np.unique(held.asset)
    least, most, settled = np.zeros(len(held.entity)), np.zeros(len(held.entity)), True
    for begin in range(0, len(assets), _WIDE):
        some = assets[begin : begin + _WIDE]
        low, high, done = held.lost(some)
        own = some, np.arange(len(some))
        least[some] = low.sum(axis=0) - low[own]
        most[some] = high.sum(axis=0) - high[own]
        settled &= done
    order = assets[np.lexsort((assets, -most[assets], -least[assets]))][: asked.top]
    parties = asked.reporter.parties(held.entity[order].tolist())
    direct = ~held.repeats
    has, held_by, unstated = (
        np.bincount(end[which], minlength=len(held.entity))
        for end, which in (
            (held.owner, direct),
            (held.asset, direct),
            (held.asset, direct & held.unknown),
        )
    )
    rows = tuple(
        Ranked(
            parties[int(held.entity[row])],
            Ends(float(least[row]), float(most[row])),
            0.0,
            int(has[row]),
            int(held_by[row]),
            int(unstated[row]),
        )
        for row in order.tolist()
    )
    return asked.answer(
        said, held.entity, ranking=rows, hidden=len(assets) - len(rows), settled=settled
    )
