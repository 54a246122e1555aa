"""Which pictures show contagion: how much each firm loses, and through which links?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views.amounts.figures import Bar, Bars, Flow, Knot, Look, Sankey, Span
from spillover.views.method import caption
from spillover.views.systemic.words import ends_words, two

if TYPE_CHECKING:
    from spillover.queries.contagion.answer import Ends, Systemic

_BARS: Final = 25
_FLOWS: Final = 40
NAMES: Final = {
    "esri": "Economic Systemic Risk Index",
    "debtrank": "linear DebtRank",
    "impact": "impact diffusion",
}


def bars(answer: Systemic) -> Bars:
    """What each firm loses, or what is lost with it."""
    measure = answer.terms.measure
    whose = "the target's" if answer.targets else "its own"
    unit = f"percent of {whose} equity" if measure == "debtrank" else "percent of output"
    if measure == "impact":
        shown = [
            Bar(one.firm.name, _span(one.diffusion), two(one.diffusion)) for one in answer.spread
        ]
        unit = "diffusion, certain links and all possible ones"
    elif answer.targets:
        shown = [
            Bar(
                one.firm.name,
                _percent(one.loss),
                ends_words(one.loss),
                note=one.of.name if one.of and len(answer.targets) > 1 else "",
            )
            for one in answer.losers
        ]
    else:
        shown = [
            Bar(one.firm.name, _percent(one.index), ends_words(one.index)) for one in answer.ranking
        ]
    ends = "two readings" if measure == "impact" else "at least and at most"
    top = 100.0 if measure == "esri" and answer.targets else None
    return Bars(
        _title(answer),
        unit,
        tuple(shown[:_BARS]),
        top,
        caption(answer.when, f"{NAMES[measure]}, {ends}"),
        max(0, len(shown) - _BARS) + answer.hidden,
    )


def _title(answer: Systemic) -> str:
    if answer.terms.measure == "impact":
        return "How far each firm spreads an impact"
    return "What each firm loses" if answer.targets else "What is lost with each firm"


def flows(answer: Systemic) -> Sankey:
    """The shock, from the targets along the links that add most to each loss."""
    names: dict[str, tuple[str, Look]] = {}
    found: list[Flow] = []
    links = [(one, link) for one in answer.losers for link in one.through]
    for one, link in links[:_FLOWS]:
        names[link.other.id] = link.other.name, "muted"
        names.setdefault(one.firm.id, (one.firm.name, ""))
        words = "unknown" if link.loss == (0.0, 1.0) else ends_words(link.loss)
        found.append(Flow(link.other.id, one.firm.id, _percent(link.loss), words))
    names |= {one.firm.id: (one.firm.name, "") for one in answer.losers if one.firm.id in names}
    names |= {party.id: (party.name, "bad") for party in answer.targets if party.id in names}
    equity = answer.terms.measure == "debtrank"
    unit = "percent of the target's equity" if equity else "percent of the output of who loses"
    return Sankey(
        "Through whom the loss comes",
        unit,
        tuple(Knot(number, name, look=look) for number, (name, look) in sorted(names.items())),
        tuple(found),
        caption(answer.when, f"{NAMES[answer.terms.measure]}, at least and at most"),
        max(0, len(links) - _FLOWS),
    )


def _percent(ends: Ends) -> Span:
    return Span(100 * ends.low, 100 * ends.high)


def _span(values: tuple[float, float]) -> Span:
    """The two readings in order of size: neither is a bound."""
    return Span(min(values), max(values))
