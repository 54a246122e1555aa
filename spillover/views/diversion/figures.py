"""Which pictures show diversion: risen exports as bars, before and after, the ways of the goods?"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from spillover.queries.diversion.ranges import Range
from spillover.views.amounts.figures import (
    Bar,
    Bars,
    Figure,
    Flow,
    Knot,
    Matrix,
    Sankey,
    Shift,
    Shifts,
    Span,
    Square,
)
from spillover.views.diversion.words import amount, percent, scale, times

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spillover.queries.diversion.answer import Basket, Diversion
    from spillover.queries.diversion.change import GoodChange
    from spillover.queries.diversion.totals import Total

SHOWN: Final = 12
"""Bars, bands, rows and columns of one picture."""


def figures(answer: Diversion, basket: Basket) -> tuple[Figure, ...]:
    """The pictures of one basket, those that have anything to show."""
    caption = f"As of {answer.when.as_of}; since {answer.since}; sources in the tables"
    made = (
        _bars(answer, basket, caption),
        _shifts(answer, basket, caption),
        _sankey(answer, basket, after=False, caption=caption),
        _sankey(answer, basket, after=True, caption=caption),
        _matrix(answer, basket, caption),
    )
    return tuple(one for one in made if one is not None)


def _bars(answer: Diversion, basket: Basket, caption: str) -> Bars | None:
    """The rise through each hub, as wide as the reports of the two ends differ."""
    rose = [hub for hub in basket.hubs if hub.exports.complete]
    factor, unit = _scale(basket, [hub.exports.widest for hub in rose])
    bars = [
        Bar(
            hub.party.name,
            _span(hub.exports.widest, factor),
            f"{amount(hub.exports.rise, basket.unit)}, {percent(hub.substitution)} of the fall"
            if hub.substitution
            else amount(hub.exports.rise, basket.unit),
            look="" if hub.exports.fewest > 1 else "muted",
            note="" if hub.exports.fewest > 1 else "one period before",
        )
        for hub in rose[:SHOWN]
    ]
    if not bars:
        return None
    title = f"Rise of exports to {answer.target.name}: {basket.name}"
    hidden = len(rose) - len(bars) + basket.hidden
    return Bars(title, unit, tuple(bars), caption=caption, hidden=hidden)


def _shifts(answer: Diversion, basket: Basket, caption: str) -> Shifts | None:
    """Direct suppliers and hubs before and after."""
    ends = [(one.party.name, one.exports, "bad") for one in basket.suppliers]
    ends += [(hub.party.name, hub.exports, "") for hub in basket.hubs]
    factor, unit = _scale(basket, [x for _, e, _ in ends for x in (e.before, e.after) if x])
    rows = [
        Shift(
            name,
            _span(exports.before, factor),
            _span(exports.after, factor),
            times(exports),
            look="bad" if look else "",
        )
        for name, exports, look in ends
        if exports.before is not None and exports.after is not None
    ]
    if not rows:
        return None
    return Shifts(
        f"Exports to {answer.target.name} before and after {answer.since}: {basket.name}",
        unit,
        tuple(rows[: 2 * SHOWN]),
        ("before", "after"),
        caption,
        max(len(rows) - 2 * SHOWN, 0),
    )


def _sankey(answer: Diversion, basket: Basket, *, after: bool, caption: str) -> Sankey | None:
    """Where goods went before the day, or go after it: direct, to the hubs, and from them."""

    def level(of: Total | None) -> Range | None:
        return None if of is None else of.after if after else of.before

    hubs = [one for one in basket.hubs if one.exports.complete][:SHOWN]
    both = [x for one in hubs for x in (one.exports.before, one.exports.after) if x]
    factor, unit = _scale(basket, both)
    target = Knot(answer.target.id, answer.target.name, "target", "bad")
    knots = {"direct": Knot("direct", "Direct suppliers"), target.id: target}
    bands = [("direct", target.id, level(basket.direct))]
    for hub in hubs:
        note = percent(hub.substitution) if hub.substitution else ""
        knots[hub.party.id] = Knot(hub.party.id, hub.party.name, note)
        bands.append((hub.party.id, target.id, level(hub.exports)))
        bands.append(("direct", hub.party.id, level(hub.imports)))
    flows = tuple(
        Flow(source, end, _span(value, factor), amount(value, basket.unit))
        for source, end, value in bands
        if value is not None and (value.high or value.low)
    )
    used = {end for flow in flows for end in (flow.source, flow.target)}
    if len(flows) < 2 or "direct" not in used:  # noqa: PLR2004 - one band is no way through anybody
        return None
    return Sankey(
        f"Ways of the goods {'after' if after else 'before'} {answer.since}: {basket.name}",
        unit,
        tuple(knot for key, knot in knots.items() if key in used),
        flows,
        f"{caption}; a hub may also sell its own goods; under it: its part of the fall",
        basket.hidden,
    )


def _scale(basket: Basket, values: Iterable[Range]) -> tuple[int, str]:
    """The multiple of the unit that suits the largest amount of a picture, and its name."""
    ends = [abs(end) for value in values for end in value if end]
    return scale(basket.unit, max(ends, default=Fraction(0)))


def _matrix(answer: Diversion, basket: Basket, caption: str) -> Matrix | None:
    """Rise by hub and good, where there are several goods."""
    hubs = basket.hubs[:SHOWN]
    if len(basket.goods) == 1 or not hubs:
        return None
    cells = {
        (hub.party.id, one.good): one
        for hub in hubs
        for one in (*hub.exports.counted, *hub.exports.apart)
    }
    zero = Fraction(0)
    rises = {key: _middle(one.picked.rise) for key, one in cells.items()}
    size = {
        good: sum((abs(rises.get((hub.party.id, good)) or zero) for hub in hubs), zero)
        for good in basket.goods
    }
    goods = sorted((good for good in basket.goods if size[good]), key=lambda good: -size[good])
    top = max((rise for rise in rises.values() if rise), default=Fraction(0))
    if not goods or top <= 0:
        return None
    columns = goods[:SHOWN]
    return Matrix(
        f"Rise of exports to {answer.target.name} by hub and good",
        tuple(hub.party.name for hub in hubs),
        tuple(f"HS {good.code}" for good in columns),
        tuple(
            tuple(_square(cells.get((hub.party.id, good)), basket, top) for good in columns)
            for hub in hubs
        ),
        caption,
        basket.hidden + len(goods) - len(columns),
        dark="the largest rise",
    )


def _square(one: GoodChange | None, basket: Basket, top: Fraction) -> Square:
    if one is None:
        return Square("", None)
    rise = one.picked.rise
    middle = _middle(rise)
    if middle is None:
        return Square("unknown", None)
    return Square(
        amount(rise, basket.unit), float(min(max(middle / top, Fraction(0)), Fraction(1)))
    )


def _middle(value: Range) -> Fraction | None:
    return None if value.low is None or value.high is None else (value.low + value.high) / 2


def _span(value: Range | None, factor: int) -> Span:
    low = _float(value.low) / factor if value else 0.0
    high = value.high if value else None
    return Span(low, low if high is None else _float(high) / factor)


def _float(value: Fraction | None) -> float:
    return max(float(value), 0.0) if value is not None else 0.0


def headline(answer: Diversion) -> str:
    """What the page says first."""
    leaders = [(basket, basket.hubs[0]) for basket in answer.baskets if basket.hubs]
    known = [(basket, hub) for basket, hub in leaders if hub.exports.complete]
    if not known:
        return f"No rise of exports to {answer.target.name} is known"
    basket, hub = known[0]
    part = "" if hub.substitution is None else f", {percent(hub.substitution)} of the fall"
    rise = amount(hub.exports.rise, basket.unit)
    return f"{basket.name}: exports of {hub.party.name} rose most, by {rise}{part}"
