"""How are sampled amounts, unknowns and assumptions worded?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.graph.stake import percent_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spillover.queries.answer import Party
    from spillover.queries.markets.lost import Part
    from spillover.queries.uncertainty.sampled import Driver, Input, Spread

MEANING: Final = (
    "5th to 95th percentile of the draws, and the middle one: where the assumptions put them, no"
    " probability of an event"
)
DRAWN: Final = (
    "percentiles of the draws, no probability of an event; certain bounds beside the names"
)
"""What stands below bars of a sample."""
ENDS: Final = ("5th percentile", "95th percentile", "50th percentile")
"""What the parts of such a bar are."""
ASSUMPTIONS: Final[Mapping[str, str]] = {
    "unevenness": "how evenly unstated shares are dealt out",
    "unnamed_producers": "unnamed producers, as a number of unstated ones",
    "unnamed_fall": "part of the unnamed producers that falls",
    "falls": "probability that one falls who can",
    "unnamed_owners": "unnamed owners, as a number of unstated ones",
    "unnamed_kinds": "unnamed kinds, as a number of unstated ones",
    "substitution": "part of a lost kind that other kinds make up for",
    "denied_input": "probability that a denied input is essential",
    "unnamed_partners": "unnamed suppliers or customers, as a number of unstated ones",
    "replacement": "part of a lost supply that others of the industry make up for",
}
"""What each assumption is about."""
ALWAYS: Final = (
    "drawn anew in each draw",
    "a share that is stated exactly: as it is printed",
    (
        "a share that is stated as a range: evenly from all values that fit the other shares of"
        " the whole, which add up to at most 100 %"
    ),
)
"""What every sample does, whatever is assumed."""
COUNTS: Final = "several counts of one market: each in as many draws as it states of the market"


def percent(value: float) -> str:
    """An estimate from 0 to 1 in percent, rounded to a tenth; what is not nothing is not 0."""
    shown = f"{100 * value:.1f}".removesuffix(".0")
    if shown == "0" and value > 0:
        return "< 0.1"
    return "> 99.9" if shown == "100" and value < 1 else shown


def likely(spread: Spread) -> str:
    """The percentiles: ``≈ 3.2–41 %, middle 12.5 %``; one number where the draws agree."""
    low, middle, high = map(percent, spread[:3])
    if low == high:
        return f"≈ {middle} %"
    return f"≈ {low}\N{EN DASH}{high} %, middle {middle} %"


def certain(bounds: Part) -> str:
    """The certain bounds."""
    low, high = percent_text(bounds.low), percent_text(bounds.high)
    return f"{low} %" if low == high else f"{low}\N{EN DASH}{high} %"


def unknown(item: Input, parties: Mapping[int, Party]) -> str:
    """An unknown that was drawn."""
    subject, product = parties[item.subject].name, parties[item.product].name
    market = f"{product} ({item.where})" if item.where else product
    return {
        "share": f"share of {subject} in {market}",
        "unstated share": f"unstated share of {subject} in {market}",
        "repeat": f"share of {subject} in {market} that repeats others",
        "unnamed": f"how much of the unnamed producers of {market} falls",
        "count": f"which count of the market of {product} is right",
        "falls": f"whether {subject} falls",
        "part": f"{subject} as a part of {product}",
        "unstated part": f"{subject} as an unstated part of {product}",
        "substitution": f"how far kinds of {product} stand in for each other",
        "denied": f"whether {subject} is essential for {product}, which is denied",
        "purchase": f"what part {subject} is of the purchases of {product}",
        "unstated purchase": f"what unstated part {subject} is of the purchases of {product}",
        "sale": f"what part {product} is of the sales of {subject}",
        "unstated sale": f"what unstated part {product} is of the sales of {subject}",
        "stake": f"stake of {subject} in {product}",
        "unstated stake": f"unstated stake of {subject} in {product}",
        "replacement": f"how far others stand in for firms of {item.where}",
    }[item.what]


def rank(driver: Driver) -> str:
    """A rank correlation with its sign."""
    return f"{driver.rank:+.2f}"


def heading(draws: int, seed: int) -> str:
    """How was drawn."""
    return f"{draws:,} draws, seed {seed}"
