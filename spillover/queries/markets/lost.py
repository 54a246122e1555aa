"""What part of a market is lost with some of its producers, at least and at most?

Exact bounds. Each share is anywhere in its interval, all shares together are at most the whole, and
what the named producers do not have belongs to others: who are not hit, unless it is said that they
can be.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

from spillover.graph.stake import WHOLE
from spillover.queries.markets.market import Market, Share


class Part(NamedTuple):
    """A part of a whole, at least and at most."""

    low: int
    """In millionths of a percent, 0 to 100 000 000."""
    high: int


NOTHING = Part(0, 0)


def lost(
    market: Market, certain: Container[int], possible: Container[int], *, unnamed: bool = False
) -> Part:
    """The part of the market that its hit producers have.

    Args:
        market: the market.
        certain: producers that are hit whatever is unknown.
        possible: producers that can be hit; those of ``certain`` among them.
        unnamed: whether those can be hit, too, to whom the remainder belongs.
    """
    low = high = others = 0
    for block in market.blocks():
        low += _most((s for s in block if s.producer in certain), "low")
        high += _most((s for s in block if s.producer in possible), "high")
        if not any(share.producer in possible for share in block):
            others += max(share.low for share in block)
    # Another route to shares that are already there; two can be one route, or two.
    again = [share for share in market.shares if share.repeats and not share.block]
    low = max(low, _most((s for s in again if s.producer in certain), "low"))
    high = max(high, sum(share.high for share in again if share.producer in possible))
    low = min(low, WHOLE)
    room = WHOLE - min(others, WHOLE)
    return Part(low, max(low, room if unnamed else min(high, room)))


def stated(market: Market) -> Part:
    """The part of the market that named producers have by the shares that are stated."""
    low, high = printed(market)
    return Part(min(low, WHOLE), min(high, WHOLE))


def printed(market: Market) -> Part:
    """The sum of the shares that are stated: as they are printed, they can exceed the whole."""
    low = high = 0
    for block in market.blocks():
        known = [share for share in block if share.stated]
        low += _most(known, "low")
        high += _most(known, "high")
    return Part(low, high)


def _most(shares: Iterable[Share], end: str) -> int:
    """The largest of shares that are one share."""
    return max((getattr(share, end) for share in shares), default=0)
