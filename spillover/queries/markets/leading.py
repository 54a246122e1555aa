"""Who can be the largest producer of a market, and by how much, whatever is unknown?

Exact, in millionths of a percent. A *completion* gives each producer a share within its interval so
that all together are at most the whole; what is left over belongs to producers whom nobody names.
Shares that are printed to more than the whole have no completion: then each counts as printed, and
nothing is left to those without a stated share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, NamedTuple

from spillover.graph.stake import WHOLE
from spillover.queries.markets.lost import Part
from spillover.queries.markets.market import Market, Share

Lead = Literal["certain", "named", "contested", "unknown"]


class Rival(NamedTuple):
    """One share of a market: that of one producer, or of a block that several report."""

    shares: tuple[Share, ...]
    """The one that counts first; others of its block behind it."""
    low: int
    """In millionths of a percent."""
    high: int
    """At most what the least shares of the others leave."""
    stated: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Who leads one market."""

    lead: Lead
    """``certain``: the first is ahead of everybody in every completion; ``named``: of everybody who
    is named, while what nobody names has room for a larger one; ``contested``: several can be
    first; ``unknown``: no share is stated, or the only one that is named has no rival to be ahead
    of and leaves room for a larger one."""
    rivals: tuple[Rival, ...]
    """By least share, then by greatest, then as the market has them."""
    possible: tuple[Rival, ...]
    """Those who can be first, alone or level with another; of ``rivals`` the same order."""
    margin: Part | None
    """By how much the first is ahead of the next, in millionths of a percent: of the next at all
    where the lead is certain, of the next who is named where it is so; None where there is no
    first."""
    unnamed: Part
    """What is left to producers whom nobody names."""


def standing(market: Market) -> Standing:
    """Who leads this market, for certain or possibly."""
    found = rivals(market)
    used = sum(rival.low for rival in found), sum(rival.high for rival in found)
    unnamed = Part(*(max(0, WHOLE - amount) for amount in reversed(used)))
    if not any(rival.stated for rival in found):
        return Standing("unknown", found, (), None, unnamed)
    best = max(rival.low for rival in found)
    possible = tuple(rival for rival in found if rival.high >= best)
    if len(possible) > 1:
        return Standing("contested", found, possible, None, unnamed)
    first, others = found[0], found[1:]
    sure = unnamed.high < first.low
    if not (others or sure):
        return Standing("unknown", found, (), None, unnamed)
    # With everybody at the least share, any one of the others can take all that is free, and so
    # can somebody who is not named.
    next_high = max((rival.high for rival in others), default=0)
    margin = Part(
        first.low - max(next_high, unnamed.high if sure else 0),
        first.high - max((rival.low for rival in others), default=0),
    )
    return Standing("certain" if sure else "named", found, possible, margin, unnamed)


def rivals(market: Market) -> tuple[Rival, ...]:
    """The shares of a market that are no repetition of others, largest first.

    Where all that is said of a market repeats chains, the repetitions are all that is known.
    """
    blocks = [_rival(block) for block in market.blocks() or [[share] for share in market.shares]]
    free = _free(blocks)
    tight = [
        rival
        if free < 0 and rival.stated
        else rival._replace(high=min(rival.high, rival.low + max(0, free)))
        for rival in blocks
    ]
    return tuple(sorted(tight, key=lambda rival: (-rival.low, -rival.high)))


def _free(found: Sequence[Rival]) -> int:
    """What the least shares leave of the whole; negative where they are printed to more."""
    return WHOLE - sum(rival.low for rival in found)


def _rival(block: list[Share]) -> Rival:
    """Shares that are one: the largest counts, and of equal ones what is no repetition."""
    ordered = sorted(block, key=lambda s: (not s.stated, s.repeats, -s.low, -s.high, s.producer))
    known = [share for share in block if share.stated] or block
    low, high = max(share.low for share in known), max(share.high for share in known)
    return Rival(tuple(ordered), low, high, ordered[0].stated)


def top(found: Sequence[Rival], count: int) -> Part:
    """The part that the largest ``count`` of those who are named have together.

    At least the sum of the largest least shares. At most, over the sets of that many, the smaller
    of their greatest shares together and of what the least shares of the others leave; of shares
    that are printed to more than the whole, as printed.
    """
    low = min(sum(sorted((rival.low for rival in found), reverse=True)[:count]), WHOLE)
    free = _free(found) if _free(found) >= 0 else WHOLE
    high = max(
        (
            min(sum(rival.high for rival in some), sum(rival.low for rival in some) + free)
            for some in combinations(_candidates(found, count), min(count, len(found)))
        ),
        default=0,
    )
    return Part(low, max(low, min(high, WHOLE)))


def _candidates(found: Sequence[Rival], count: int) -> list[Rival]:
    """Without those to whom so many others are preferable in every respect: no best set needs them.

    Sorted by least share, a rival can be replaced by ``count`` before it if all of them have
    greatest shares that are no smaller.
    """
    kept: list[Rival] = []
    ordered = sorted(found, key=lambda rival: (-rival.low, -rival.high))
    for rival in ordered:
        if sum(other.high >= rival.high for other in kept) < count:
            kept.append(rival)
    return kept
