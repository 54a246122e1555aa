"""What stands on the page of markets: shares before and after, tables, sources, method, limits."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import WHOLE
from spillover.views.amounts.figures import Bar, Bars, Figure, Shift, Shifts, Span, span
from spillover.views.collateral.page import CLAIMS_SHOWN, METHOD
from spillover.views.markets import grid as market_grid
from spillover.views.markets import plain as market_plain
from spillover.views.markets.words import (
    count_words,
    evidence,
    falls_words,
    part_words,
    points_words,
    producer_words,
    share_words,
)
from spillover.views.method import CLAIMS, LIMITS, caption, datasets, table
from spillover.views.page import Page, Section

if TYPE_CHECKING:
    from spillover.queries.markets.market_answer import MarketAnswer, MarketReport, ProductReport
    from spillover.queries.markets.parts import MarketLoss, Producer

_SHOWN: Final = 20
"""Producers of a picture."""


def market_page(answer: MarketAnswer) -> Page:
    """The report on markets."""
    return Page(
        title=market_grid.title(answer),
        headline=_headline(answer),
        facts=(("As of", answer.when.as_of), ("Products", str(len(answer.products)))),
        sections=tuple(_sections(answer)),
        datasets=datasets(answer.sources),
        method=(*METHOD, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=market_plain.market(answer),
    )


def _headline(answer: MarketAnswer) -> str:
    """What is lost, or who is the largest, of the first market that says it."""
    counts = [(item, count) for item in answer.products for count in item.markets]
    for item, count in counts:
        if count.loss is not None and count.loss.speaks:
            named = falls_words(answer.targets, answer.countries, answer.fallen)
            return f"Without {named}, {part_words(count.loss.lost)} of {item.product.name} is lost"
    for item, count in counts:
        if count.largest is not None and not answer.without:
            return (
                f"The largest known maker of {item.product.name}: {producer_words(count.largest)}"
            )
    return market_grid.title(answer)


def _sections(answer: MarketAnswer) -> Iterator[Section]:
    if answer.remark:
        yield Section("In short", (answer.remark,))
    tables = iter(market_grid.markets(answer))
    for item in answer.products:
        drawn: list[Figure] = [_picture(answer, item, count) for count in item.markets]
        wanted = (len(item.markets) or 1) + bool(item.inputs or item.outputs)
        shown = tuple(table(next(tables)) for _ in range(wanted))
        yield Section(item.product.name, tables=shown, figures=tuple(drawn))
    lost = [table(each) for each in market_grid.losses(answer) if each.rows or each.note]
    if lost:
        named = falls_words(answer.targets, answer.countries, answer.fallen)
        yield Section(f"What is lost without {named}", tables=tuple(lost))
    claims = evidence("Every share and link", answer.claims, CLAIMS_SHOWN)
    yield Section("Sources", tables=(table(claims),))


def _picture(answer: MarketAnswer, item: ProductReport, count: MarketReport) -> Figure:
    name = f"{item.product.name}: {count_words(count.side, count.reach)}"
    if count.loss is not None and count.loss.speaks:
        return _shifts(answer, name, count, count.loss)
    return Bars(
        f"{name}, shares",
        "%",
        tuple(
            Bar(
                producer.party.name,
                span(*producer.part),
                share_words(producer),
                "" if producer.stated else "muted",
                producer.party.country.upper(),
            )
            for producer in count.producers[:_SHOWN]
        ),
        100,
        caption(answer.when, f"HHI {points_words(count.hhi)}"),
        max(len(count.producers) - _SHOWN, 0),
    )


def _shifts(answer: MarketAnswer, name: str, count: MarketReport, loss: MarketLoss) -> Shifts:
    """Shares before, and of what remains after."""
    gone = {producer.party.id for producer in loss.fallen}
    sure = set(loss.certain)
    rows = tuple(
        Shift(
            producer.party.name,
            span(*producer.part),
            _after(producer, loss, falls=producer.party.id in gone),
            _shift_words(producer, falls=producer.party.id in gone),
            "bad" if producer.party.id in sure else ("warn" if producer.party.id in gone else ""),
        )
        for producer in count.producers[:_SHOWN]
    )
    return Shifts(
        f"{name}, shares before and after",
        "%",
        rows,
        caption=caption(answer.when, "what remains is the whole after it"),
        hidden=max(len(count.producers) - _SHOWN, 0),
    )


def _shift_words(producer: Producer, *, falls: bool) -> str:
    return f"{share_words(producer)}, falls" if falls else share_words(producer)


def _after(producer: Producer, loss: MarketLoss, *, falls: bool) -> Span:
    """The share of the rest; nothing at least of who can fall, nothing at all of who does."""
    if falls and producer.party.id in loss.certain:
        return Span(0, 0)
    most, least = WHOLE - loss.lost.low, WHOLE - loss.lost.high
    low = 0 if falls or not most else Fraction(producer.part.low, most)
    high = Fraction(producer.part.high, least) if least else Fraction(1)
    return Span(float(100 * min(low, Fraction(1))), float(100 * min(high, Fraction(1))))
