"""Which pictures show collateral losses: what is at risk, how markets shift, where it flows?"""

from __future__ import annotations

from collections.abc import Container
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import WHOLE
from spillover.views.amounts.figures import (
    Bar,
    Bars,
    Flow,
    Knot,
    Look,
    Matrix,
    Sankey,
    Shift,
    Shifts,
    Span,
    Square,
    span,
)
from spillover.views.collateral.grid import place
from spillover.views.markets.words import (
    count_words,
    part_words,
    points_words,
    producer_words,
    share_words,
)
from spillover.views.method import caption

if TYPE_CHECKING:
    from spillover.queries.markets.collateral_answer import Collateral
    from spillover.queries.markets.concentration import Points
    from spillover.queries.markets.lost import Part
    from spillover.queries.markets.parts import Bystander, Link, MarketLoss, Producer

_BARS: Final = 25
_SHIFTS: Final = 15
_FLOWS: Final = 40
_COUNTRIES: Final = 12
_PRODUCTS: Final = 12


def bars(answer: Collateral) -> Bars:
    """What part of each product is at risk."""
    rows = tuple(
        Bar(
            risk.product.name,
            span(*risk.at_risk),
            part_words(risk.at_risk),
            _look(risk.at_risk),
            f"lost {part_words(risk.lost)}" if risk.lost else "through inputs or kinds",
        )
        for risk in answer.risks[:_BARS]
    )
    return Bars(
        "What part of each product is at risk",
        "%",
        rows,
        100,
        caption(answer.when, "solid at least, pale at most"),
        len(answer.risks) - len(rows),
    )


def shifts(answer: Collateral) -> Shifts:
    """Concentration of the markets that lose most, before and after."""
    spoken = [loss for loss in answer.markets if loss.speaks and loss.after is not None]
    rows = tuple(_shift(loss, loss.after) for loss in spoken[:_SHIFTS] if loss.after is not None)
    return Shifts(
        "Concentration before and after",
        "HHI points",
        rows,
        caption=caption(answer.when, "what remains is the whole after it"),
        hidden=len(spoken) - len(rows),
    )


def _shift(loss: MarketLoss, after: Points) -> Shift:
    return Shift(
        f"{loss.product.name} ({count_words(loss.side, loss.reach)})",
        Span(float(loss.before.low), float(loss.before.high)),
        Span(float(after.low), float(after.high)),
        f"{points_words(loss.before)} to {points_words(after)}",
    )


def flows(answer: Collateral) -> Sankey:
    """From those who fall to what is lost, and on to what is at risk; the surest flows."""
    named = {risk.product.id: risk for risk in answer.risks}
    knots = {
        key: Knot(
            key,
            risk.product.name,
            f"at risk {part_words(risk.at_risk)}",
            _look(risk.at_risk),
        )
        for key, risk in named.items()
    }
    made: list[tuple[Part, Flow]] = []
    for loss in _one_count_each(answer, named):
        for item in _largest_of_blocks(loss):
            sure = item.party.id in loss.certain
            note = "falls" if sure else "can fall"
            knots[item.party.id] = Knot(item.party.id, item.party.name, note, "bad")
            taken = item.part if sure else item.part._replace(low=0)
            words = share_words(item) if sure else part_words(taken)
            flow = Flow(item.party.id, loss.product.id, span(*taken), words, "bad")
            made.append((taken, flow))
    for link in answer.links:
        if link.target.id not in named:  # a kind whose part is nothing
            continue
        brought = _brought(link, named[link.source.id].at_risk)
        words = part_words(brought)
        flow = Flow(link.source.id, link.target.id, span(*brought), words, "warn")
        made.append((brought, flow))
    made.sort(key=lambda pair: (-pair[0].low, -pair[0].high))
    shown = [flow for _, flow in made[:_FLOWS]]
    drawn = {end for flow in shown for end in (flow.source, flow.target)}
    return Sankey(
        "How the shock flows",
        "% of the product that it reaches",
        tuple(knot for key, knot in sorted(knots.items()) if key in drawn),
        tuple(shown),
        caption(answer.when, "red: lost; amber: at risk through inputs and kinds"),
        len(knots) - len(drawn),
    )


def _one_count_each(answer: Collateral, products: Container[str]) -> list[MarketLoss]:
    """One count of each of these products' markets: countries, where that says it, else firms."""
    found: dict[str, MarketLoss] = {}
    for loss in answer.markets:
        held = found.get(loss.product.id)
        if loss.product.id not in products:  # a share of nothing
            continue
        if loss.speaks and loss.fallen and (held is None or held.side == "firm"):
            found[loss.product.id] = loss
    return list(found.values())


def _largest_of_blocks(loss: MarketLoss) -> list[Producer]:
    """Those who fall, but of a share that several report the largest alone."""
    found: dict[object, Producer] = {}
    for item in loss.fallen:  # the largest first
        if item.block or not item.repeats:
            found.setdefault((item.block, "" if item.block else item.party.id), item)
    return list(found.values())


def _brought(link: Link, at_risk: Part) -> Part:
    """What a link brings to its target at most: a kind within its part of it."""
    low = at_risk.low * link.part.low // WHOLE
    high = -(-at_risk.high * link.part.high // WHOLE)
    return at_risk._replace(low=low, high=high)


def matrix(answer: Collateral) -> Matrix:
    """Which countries make what an input or a kind puts at risk."""
    items = answer.bystanders
    products = list(dict.fromkeys(item.product.id for item in items))
    places = _by_weight(items)
    cells = {(place(item), item.product.id): _square(item) for item in items}
    names = {item.product.id: item.product.name for item in items}
    rows, columns = places[:_COUNTRIES], products[:_PRODUCTS]
    return Matrix(
        "Who makes what is at risk",
        tuple(rows),
        tuple(names[column] for column in columns),
        tuple(
            tuple(cells.get((row, column), Square("", None)) for column in columns) for row in rows
        ),
        caption(answer.when, "hatched: it makes it, and no share is stated"),
        len(places) - len(rows) + len(products) - len(columns),
    )


def _by_weight(items: tuple[Bystander, ...]) -> list[str]:
    """Countries, those with the largest stated shares together first."""
    weight: dict[str, int] = {}
    for item in items:
        known = item.counted is not None and item.counted.stated
        share = item.counted.part.low if item.counted is not None and known else 0
        weight[place(item)] = weight.get(place(item), 0) + share
    return sorted(weight, key=lambda name: (-weight[name], name))


def _square(item: Bystander) -> Square:
    """The share of a country as its count has it; else what its firms add up to at least."""
    if item.counted is not None and item.counted.stated:
        amount = Fraction(item.counted.part.low, WHOLE)
        return Square(share_words(item.counted), float(amount))
    stated = [firm for firm in item.firms if firm.stated and not firm.repeats and not firm.block]
    if not stated:
        return Square("?", None)
    low = min(sum(firm.part.low for firm in stated), WHOLE)
    if len(stated) == 1 and len(item.firms) == 1:
        return Square(producer_words(stated[0]), float(Fraction(low, WHOLE)))
    return Square(f"{len(item.firms)} firms", float(Fraction(low, WHOLE)))


def _look(part: Part) -> Look:
    """Red from a half on, amber where anything is certain."""
    if part.low * 2 >= WHOLE:
        return "bad"
    return "warn" if part.low else "muted"
