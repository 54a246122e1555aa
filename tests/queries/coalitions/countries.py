"""Counts of one market by country, from a few numbers, and all ways in which the unknown can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations, product

from hypothesis import strategies as st

from spillover.graph.stake import WHOLE
from spillover.queries.coalitions.count import Count, Place
from spillover.queries.markets.market import Market, Share

PERCENT = 1_000_000
TENTH = 10 * PERCENT
Shares = Mapping[str, tuple[int, int] | int | None]


def count(shares: Shares, anywhere: tuple[int, int] | None = None) -> Count:
    """A market by country. Shares in percent: a number, an interval, or None for not stated.

    ``anywhere``: the share of one more producer of which nobody knows the country.
    """
    made: list[Share] = []
    places: dict[int, Place] = {}
    for number, (land, said) in enumerate(sorted(shares.items()), start=1):
        low, high = (0, 100) if said is None else (said, said) if isinstance(said, int) else said
        made.append(share(number, low, high, stated=said is not None))
        places[number] = Place(frozenset({land}))
    if anywhere is not None:
        made.append(share(99, *anywhere))
        places[99] = Place(frozenset(), None)
    return Count(Market(0, "country", "", tuple(made)), places)


def share(producer: int, low: int, high: int, *, stated: bool = True) -> Share:
    """A share in percent."""
    return Share(producer, low * PERCENT, high * PERCENT, stated, 0, repeats=False, positions=())


def completions(asked: Count) -> Iterator[dict[str, int]]:
    """All ways in which the shares can be, in tenths of the market, by country.

    What has no known country can be of any of the countries, or of nobody who could join.
    """
    lands = asked.players
    shares = asked.market.shares
    spans = [range(s.low, s.high + 1, TENTH) for s in shares]
    homes = [list(asked.places[s.producer].lands) or [*lands, ""] for s in shares]
    for parts in product(*spans):
        if sum(parts) > WHOLE:
            continue
        for where in product(*homes):
            found = dict.fromkeys(lands, 0)
            for part, land in zip(parts, where, strict=True):
                if land:
                    found[land] += part
            yield found


def decides(parts: Mapping[str, int], quota: int) -> dict[str, tuple[int, int]]:
    """In how many of all orders of joining each country completes the quota, by trying them all."""
    orders = list(permutations(sorted(parts)))
    found = dict.fromkeys(parts, 0)
    for order in orders:
        total = 0
        for land in order:
            total += parts[land]
            if total >= quota:
                found[land] += 1
                break
    return {land: (number, len(orders)) for land, number in found.items()}


@st.composite
def exact(draw: st.DrawFn, most: int = 8) -> Count:
    """Exact shares that sum to at most the whole."""
    lands = "abcdefgh"[: draw(st.integers(1, most))]
    left, shares = 100, {}
    for land in lands:
        shares[land] = draw(st.integers(0, left))
        left -= shares[land]
    return count(shares)


@st.composite
def vague(draw: st.DrawFn) -> Count:
    """Up to four countries with shares in tenths, exact, between two ends or not stated."""
    lands = "abcd"[: draw(st.integers(1, 4))]
    left, shares = 10, {}
    for land in lands:
        low = draw(st.integers(0, min(left, 4)))
        left -= low
        wide = draw(st.sampled_from([0, 0, 1, 2]))
        shares[land] = (10 * low, 10 * min(low + wide, 10)) if draw(st.booleans()) else None
        left += low if shares[land] is None else 0
    anywhere = draw(st.sampled_from([None, None, (10, 10), (0, 20)])) if left else None
    return count(shares, anywhere)
