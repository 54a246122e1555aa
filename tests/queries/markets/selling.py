"""Markets for tests, from a few numbers: producers of product 100 unless said otherwise."""

from __future__ import annotations

from spillover.graph.stake import UNITS_PER_PERCENT
from spillover.queries.markets.market import Market, Share, Side
from spillover.queries.markets.struck import Struck

PRODUCT = 100


def share(
    producer: int, low: int, high: int | None = None, *, block: int = 0, repeats: bool = False
) -> Share:
    """A share in whole percent; 0 to 100 is one that nobody states."""
    most = low if high is None else high
    ends = low * UNITS_PER_PERCENT, most * UNITS_PER_PERCENT
    return Share(producer, *ends, (low, most) != (0, 100), block, repeats, ())


def market(*shares: Share, side: Side = "firm", product: int = PRODUCT) -> Market:
    """The market of a product."""
    return Market(product, side, "", shares)


def falls(*certain: int, possible: tuple[int, ...] = (), abroad: bool = False) -> Struck:
    """These producers fall, and those can; ``abroad``: because a country is cut off."""
    codes = frozenset({"xx"}) if abroad else frozenset[str]()
    return Struck((), None, codes, frozenset(certain), frozenset((*certain, *possible)))
