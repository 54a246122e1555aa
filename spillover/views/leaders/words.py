"""How are shares, leads and the doubt about them worded, the same in tables, pages and JSON?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.graph.stake import WHOLE, Stake, format_stake, percent_text
from spillover.views.markets.words import count_words

if TYPE_CHECKING:
    from spillover.queries.markets.leaders import Count, Holder, Led
    from spillover.queries.markets.leading import Lead
    from spillover.queries.markets.lost import Part

SURE: Final[dict[Lead, str]] = {
    "certain": "certain",
    "named": "of those named",
    "contested": "contested",
    "unknown": "unknown",
}


def part_words(low: int, high: int) -> str:
    """A share of a whole: exact, a range, or unknown."""
    return format_stake(Stake(low, high))


def points_words(margin: Part | None) -> str:
    """A difference of two shares, in percentage points."""
    if margin is None:
        return "-"
    low, high = percent_text(margin.low), percent_text(margin.high)
    return f"{low} points" if low == high else f"{low}\N{EN DASH}{high} points"


def holder_words(holder: Holder) -> str:
    """Who has a share; others who report the same one stand behind the first."""
    first, *others = holder.parties
    same = f" (also reported of {', '.join(party.name for party in others)})" if others else ""
    country = f" ({first.country.upper()})" if first.country and first.schema != "Country" else ""
    return f"{first.name}{country}{same}"


def share_words(holder: Holder) -> str:
    """How large a share is."""
    words = part_words(holder.low, holder.high)
    return words if holder.stated or words == "unknown" else f"not stated; {words}"


def leader_words(count: Count) -> str:
    """Who leads."""
    if count.lead == "unknown":
        quantified = count.unquantified.low < WHOLE
        return f"unknown: {'only one is named' if quantified else 'no share is stated'}"
    return " or ".join(holder_words(holder) for holder in count.leaders)


def counted_words(item: Led) -> str:
    """What a market counts: firms or countries, and how far it reaches."""
    return count_words(item.side, item.reach)


def source_words(count: Count) -> str:
    """Whose count it is, and for when."""
    return f"{count.publisher or count.dataset} ({count.observed or 'undated'})"
