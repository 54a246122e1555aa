"""What does one count of a market lose with those who fall, and who could fill the gap?"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from spillover.graph.stake import WHOLE
from spillover.queries.markets.concentration import Points, hhi
from spillover.queries.markets.hit import Hit, hit, part_lost
from spillover.queries.markets.lost import NOTHING, Part
from spillover.queries.markets.market import Market, Share
from spillover.queries.markets.naming import Naming
from spillover.queries.markets.parts import Growth, MarketLoss, Substitute
from spillover.queries.markets.struck import Struck

_SUBSTITUTES: Final = 5
"""Substitutes that are named."""


def market_loss(naming: Naming, market: Market, fallen: Struck, *, speaks: bool) -> MarketLoss:
    """What this count of a market loses.

    Args:
        naming: names producers.
        market: the market.
        fallen: who falls.
        speaks: whether this count says anything of them.
    """
    struck = hit(market, fallen) if speaks else Hit(frozenset(), frozenset(), unnamed=False)
    lost = part_lost(market, fallen) if speaks else NOTHING
    named = {share.producer: naming.producer(share) for share in market.shares}
    out = [share for share in market.shares if share.producer in struck.possible]
    others = _others(market, struck) if speaks else []
    return MarketLoss(
        naming.reporter.party(market.product),
        market.side,
        market.reach,
        speaks,
        naming.producers(out),
        tuple(sorted(named[number].party.id for number in struck.certain)),
        lost,
        concentration(market),
        _after(market, struck, lost) if speaks else None,
        sum(not share.stated for share in out),
        len(others),
        tuple(
            Substitute(producer, growth(lost, _room(producer.part, lost)))
            for producer in naming.producers(others)[:_SUBSTITUTES]
        ),
        growth_of_rest(lost),
        naming.producers(market.shares),
    )


def concentration(market: Market) -> Points:
    """The concentration of a market as it is."""
    return hhi([_block(block) for block in market.blocks()])


def growth_of_rest(lost: Part) -> Growth:
    """By what part of itself the rest of a market has to grow to make up for a lost part of it."""
    return growth(lost, Part(WHOLE - lost.high, WHOLE - lost.low))


def growth(lost: Part, base: Part) -> Growth:
    """By what part of itself something would have to grow to fill a gap.

    Args:
        lost: the gap.
        base: what there is, of the same whole.
    """
    return Growth(
        Fraction(lost.low, base.high) if base.high else None,
        Fraction(lost.high, base.low) if base.low else (None if lost.high else Fraction(0)),
    )


def _block(block: list[Share]) -> Part:
    """One share that several report: the largest."""
    return Part(max(share.low for share in block), max(share.high for share in block))


def _after(market: Market, struck: Hit, lost: Part) -> Points | None:
    """The concentration of what remains.

    What can fall has nothing of the rest at least; the larger the part that is lost can be, the
    larger can be the part of the rest that anybody has.
    """
    if lost.low >= WHOLE:
        return None
    rest = []
    for block in market.blocks():
        low, high = _block(block)
        gone = [share.low for share in block if share.producer in struck.certain]
        if len(gone) == len(block):
            continue
        held = any(share.producer in struck.possible for share in block)
        rest.append(Part(0 if held else low, max(high - max(gone, default=0), 0)))
    return hhi(rest, Part(WHOLE - lost.high, WHOLE - lost.low))


def _others(market: Market, struck: Hit) -> list[Share]:
    """One share of each block of which nobody can fall: the largest."""
    return [
        max(block, key=lambda share: (share.stated, share.low, share.high))
        for block in market.blocks()
        if not any(share.producer in struck.possible for share in block)
    ]


def _room(part: Part, lost: Part) -> Part:
    """A share of somebody who remains, with no more than what is not lost."""
    return Part(part.low, max(part.low, min(part.high, WHOLE - lost.low)))
