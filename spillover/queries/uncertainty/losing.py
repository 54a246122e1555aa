"""What part of a market is lost with those who fall, draw by draw?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from spillover.graph.stake import WHOLE
from spillover.queries.markets.hit import Hit, hit, part_lost
from spillover.queries.markets.lost import stated
from spillover.queries.markets.market import Market, Share
from spillover.queries.markets.struck import Struck
from spillover.queries.uncertainty.drawing import Die, Pieces, Reals, whole
from spillover.queries.uncertainty.falling import Falls
from spillover.queries.uncertainty.priors import Priors
from spillover.queries.uncertainty.sampled import Count, Input, What
from spillover.queries.uncertainty.summing import spread, varying


class Setting(NamedTuple):
    """By what is drawn."""

    die: Die
    priors: Priors
    fallen: Struck
    falls: Falls


class Loss(NamedTuple):
    """What is lost of one market."""

    of: Count
    lost: Reals
    """Shape [draws]."""
    drawn: Reals
    """The same before contradictions are held within the certain bounds."""
    known: float
    """The part of the market whose shares are stated, 0 to 1; of intervals the middle."""
    inputs: list[tuple[Input, Reals]]
    """The unknowns of this market that vary."""


def loss(market: Market, setting: Setting) -> Loss:
    """Draw the shares of one market, and what of them is lost.

    Where claims contradict each other so that shares exceed the whole, each draw is held within
    the certain bounds.
    """
    die, priors, fallen, falls = setting
    said = hit(market, fallen)
    where = f"{market.side} {market.reach}".rstrip()
    about = (market.product, market.side, market.reach)
    others = die.uniform(priors.unnamed_producers, "unnamed", *about)
    blocks = sorted(market.blocks(), key=lambda block: [share.producer for share in block])
    sizes, rest = whole(die.stream("shares", *about), _pieces(blocks), priors.unevenness, others)
    total = np.zeros(die.draws)
    inputs: list[tuple[Input, Reals]] = []
    for block, size in zip(blocks, sizes, strict=True):
        total += _hit_of_block(block, size, said, falls)
        positions = tuple(sorted({p for share in block for p in share.positions}))
        what: What = "unstated share" if all(map(_open, block)) else "share"
        inputs.append((Input(what, block[0].producer, market.product, where, positions), size))
    for share in market.shares:
        if share.repeats and not share.block and share.stated and share.producer in said.possible:
            drawn = _between(share, die.stream("repeat", share.producer, *about).random(die.draws))
            total = np.maximum(total, drawn * falls.drawn(share.producer))
            item = Input("repeat", share.producer, market.product, where, share.positions)
            inputs.append((item, drawn))
    if said.unnamed:
        part = die.uniform(priors.unnamed_fall, "unnamed fall", *about)
        total += rest * part
        inputs.append((Input("unnamed", market.product, market.product, where, ()), part))
    bounds = part_lost(market, fallen)
    known = sum(stated(market)) / (2 * WHOLE)
    lost = np.clip(total, bounds.low / WHOLE, bounds.high / WHOLE)
    of = Count(market.product, market.side, market.reach, spread(lost, bounds))
    return Loss(of, lost, total, known, varying(inputs))


def _pieces(blocks: Sequence[Sequence[Share]]) -> Pieces:
    """The intervals of shares that are one share: what the largest of them says."""
    stated = [[share for share in block if not _open(share)] for block in blocks]
    return Pieces(
        np.array([max((s.low for s in block), default=0) for block in stated]) / WHOLE,
        np.array([max((s.high for s in block), default=WHOLE) for block in stated]) / WHOLE,
        np.array([not block for block in stated], bool),
    )


def _open(share: Share) -> bool:
    """Whether nothing is said of a share: neither by a claim that counts, nor by a denial."""
    return not share.stated and (share.low, share.high) == (0, WHOLE)


def _hit_of_block(block: Sequence[Share], size: Reals, said: Hit, falls: Falls) -> Reals:
    """What of one share is lost, where several may report it: the largest that falls counts."""
    if len(block) == 1:
        producer = block[0].producer
        return size * falls.drawn(producer) if producer in said.possible else np.zeros_like(size)
    stated = [share for share in block if not _open(share)]
    low = max((share.low for share in stated), default=0) / WHOLE
    high = max((share.high for share in stated), default=WHOLE) / WHOLE
    place = np.clip((size - low) / (high - low), 0, 1) if high > low else np.zeros_like(size)
    lost = np.zeros_like(size)
    for share in block:
        if share.producer in said.possible:
            own = size if _open(share) else _between(share, place)
            lost = np.maximum(lost, own * falls.drawn(share.producer))
    return lost


def _between(share: Share, place: Reals) -> Reals:
    """A value of an interval by where it lies, 0 at its least to 1 at its greatest."""
    return (share.low + (share.high - share.low) * place) / WHOLE
