"""What stands on the page of leaders: who leads how much, countries by product, sources, limits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.amounts.figures import Bar, Bars, Figure, Matrix, Span, Square, percent
from spillover.views.grid import Grid
from spillover.views.leaders import grid as leaders_grid
from spillover.views.leaders import plain as leaders_plain
from spillover.views.leaders.words import leader_words, part_words, share_words
from spillover.views.markets.words import SIDES
from spillover.views.method import CLAIMS, LIMITS, caption, datasets, table
from spillover.views.page import Page, Section

if TYPE_CHECKING:
    from spillover.queries.markets.leaders import Leaders, Led, Tally

_BARS: Final = 15
_ROWS: Final = 40
_COLUMNS: Final = 12
_TABLE: Final = 300
METHOD: Final = (
    """The leader of a market is whoever has the largest share. The lead is *certain* when it holds
    in every completion: each share anywhere in its interval, all together at most the whole, and
    what nobody names in one hand. It is *of those named* when only somebody who is not named could
    be larger, *contested* when several can be first, and *unknown* when no share is stated.""",
    """The lead is the difference of the first and the next in percentage points, at least and at
    most. Of a certain lead the next can be somebody who is not named.""",
    """Firms and countries are two counts of one market and are never added up. Shares of one block
    are one share that several report. A producer without a stated share is there with 0 to 100 %,
    never with 0.""",
    """A bare claim is a count of technologies that somebody prints of a country. It is shown as
    printed, by edition, and is neither added to the counts of this graph nor averaged.""",
)
NOT_SAID: Final = (
    """A share of a market is no measure of skill or research; a count of technologies led is no
    measure of their weight. Products that are kinds of each other are counted each.""",
)


def leaders_page(answer: Leaders) -> Page:
    """The report on leaders."""
    main, tallies, apart, bare = (
        leaders_grid.leaders(answer),
        leaders_grid.tallies(answer),
        leaders_grid.apart(answer),
        leaders_grid.bare(answer),
    )
    said = [f"{note[0].upper()}{note[1:]}." for note in leaders_grid.notes(answer)]
    sections = [
        Section("In short", tuple(said), figures=_bars(answer)),
        Section("Markets", tables=(table(capped(replace(main, note=""))),)),
    ]
    matrix = _matrix(answer)
    if matrix.rows:
        sections.insert(1, Section("Countries by product", figures=(matrix,)))
    sections += [
        Section(extra.title, tables=(table(capped(extra)),))
        for extra in (tallies, apart, bare)
        if extra.rows
    ]
    sources = grid.evidence("Every share", answer.claims)
    sections.append(Section("Sources", tables=(table(capped(sources)),)))
    sections.append(Section("What this does not say", NOT_SAID))
    return Page(
        title=main.title,
        headline=_headline(answer),
        facts=(("As of", answer.when.as_of), ("Markets", str(len(answer.led)))),
        sections=tuple(sections),
        datasets=datasets(answer.sources),
        method=(*METHOD, *CLAIMS),
        limits=LIMITS,
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=leaders_plain.leaders(answer),
    )


def capped(source: Grid, most: int = _TABLE) -> Grid:
    """A table of at most so many rows, which says how many are hidden."""
    hidden = len(source.rows) - most
    if hidden <= 0:
        return source
    note = f"{hidden} more rows: in the JSON of this page, and in the workbook"
    return replace(
        source, rows=source.rows[:most], note="; ".join(filter(None, (source.note, note)))
    )


def _headline(answer: Leaders) -> str:
    if len(answer.led) == 1:
        (item,) = answer.led
        return f"{item.product.name}: {leader_words(item.together)}"
    leading = [tally for tally in answer.tallies["country"] if tally.certain or tally.named]
    if not leading or answer.asked:
        return leaders_grid.title(answer)
    first, count = leading[0], sum(answer.totals["country"].values())
    led = first.certain + first.named
    return f"{first.party.name} leads {led} of {count} markets that are counted by country"


def _bars(answer: Leaders) -> tuple[Figure, ...]:
    """How many markets each leads, certainly and possibly; countries first."""
    return tuple(
        Bars(
            f"Markets led, counted by {SIDES[side]}",
            "markets",
            tuple(_bar(tally) for tally in tallies[:_BARS]),
            caption=caption(answer.when, "solid: leads; pale: can lead as well"),
            hidden=max(0, len(tallies) - _BARS),
        )
        for side in leaders_grid.ORDER
        if len(tallies := answer.tallies[side]) > 1
    )


def _bar(tally: Tally) -> Bar:
    low = tally.certain + tally.named
    high = low + tally.contested
    text = str(low) if low == high else f"{low}\N{EN DASH}{high}"
    return Bar(tally.party.name, Span(low, high), text)


def _matrix(answer: Leaders) -> Matrix:
    """Products by countries that lead most, with the share of each."""
    markets = [item for item in answer.led if item.side == "country"]
    order = {tally.party.num: place for place, tally in enumerate(answer.tallies["country"])}
    most: dict[int, tuple[int, float, str]] = {}
    for item in markets:
        for holder in item.holders:
            party = holder.parties[0]
            place = order.get(party.num, len(order))
            sum_of = most.get(party.num, (place, 0.0, ""))[1] - percent(holder.low)
            most[party.num] = place, sum_of, party.name
    columns = sorted(most, key=lambda number: (*most[number], number))
    shown = columns[:_COLUMNS]
    return Matrix(
        "Share of each country in each product",
        tuple(_label(item) for item in markets[:_ROWS]),
        tuple(most[number][2] for number in shown),
        tuple(tuple(_square(item, number) for number in shown) for item in markets[:_ROWS]),
        caption=caption(answer.when, "shares of producers by country"),
        hidden=max(0, len(markets) - _ROWS) + max(0, len(columns) - _COLUMNS),
    )


def _label(item: Led) -> str:
    return item.product.name + (f" ({item.reach})" if item.reach else "")


def _square(item: Led, number: int) -> Square:
    for holder in item.holders:
        if any(party.num == number for party in holder.parties):
            if part_words(holder.low, holder.high) == "unknown" or not holder.stated:
                return Square("?", None)
            return Square(share_words(holder), percent(holder.low + holder.high) / 200)
    return Square("", 0.0)
