"""How do leaders become tables: one row for each market, who leads how many, and bare claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.grid import Cell, Grid, Rows
from spillover.views.leaders.words import (
    SURE,
    counted_words,
    holder_words,
    leader_words,
    part_words,
    points_words,
    share_words,
    source_words,
)
from spillover.views.markets.words import SIDES

if TYPE_CHECKING:
    from spillover.queries.markets.bare import Bare
    from spillover.queries.markets.leaders import Count, Leaders, Led, Tally
    from spillover.queries.markets.market import Side

ORDER: Final[tuple[Side, Side]] = ("country", "firm")
SHOWN_CLAIMS: Final = 60
"""Claims that a terminal shows; a workbook, a page and the JSON have more."""
NO_LIST: Final = (
    "a bare claim: no list of technologies stands behind it in this graph, and what it calls a lead"
    " is not said here"
)


def leaders(answer: Leaders) -> Grid:
    """One row for each market."""
    return grid.made(
        title(answer),
        "Product|Counted|Leader|Share|Next|Ahead by|How sure|No stated share|Sources",
        [_row(item) for item in answer.led],
        "; ".join(notes(answer)),
    )


def title(answer: Leaders) -> str:
    """What was asked."""
    of = ", ".join(party.name for party in answer.asked)
    return f"Who leads {of or 'which product or technology'} as of {answer.when.as_of}"


def notes(answer: Leaders) -> list[str]:
    """How many markets, and what is missing."""
    said = [total_words(answer, side) for side in ORDER if any_of(answer, side)]
    if answer.technologies:
        word = "technology" if answer.technologies == 1 else "technologies"
        said.append(f"{answer.technologies} {word} among the products")
    said += [f"{party.name}: nobody is said to make it" for party in answer.without]
    if not answer.led and not answer.asked:
        said.append("nobody is said to make anything in these datasets")
    return said


def any_of(answer: Leaders, side: Side) -> bool:
    """Whether a market counts this side."""
    return any(answer.totals[side].values())


def total_words(answer: Leaders, side: Side) -> str:
    """How the markets of one side stand."""
    totals = answer.totals[side]
    count = sum(totals.values())
    parts = [f"{number} {SURE[lead]}" for lead, number in totals.items() if number]
    word = "market" if count == 1 else "markets"
    return f"{count} {word} counted by {SIDES[side]}, leader {', '.join(parts)}"


def _row(item: Led) -> tuple[str | Cell, ...]:
    count = item.together
    return (
        item.product.name,
        counted_words(item),
        *_leading(count),
        "; ".join(source_words(one) for one in item.counts),
    )


def _leading(count: Count) -> tuple[str, ...]:
    shares = "\n".join(share_words(holder) for holder in count.leaders) or "-"
    second = count.second
    return (
        leader_words(count),
        shares,
        f"{holder_words(second)}: {share_words(second)}" if second else "-",
        points_words(count.margin),
        SURE[count.lead],
        part_words(*count.unquantified),
    )


def apart(answer: Leaders) -> Grid:
    """Markets of which several sources or dates speak, by each of them alone."""
    rows: Rows = [
        (item.product.name, counted_words(item), source_words(count), *_leading(count))
        for item in answer.led
        if len(item.counts) > 1
        for count in item.counts
    ]
    columns = "Product|Counted|Source and date|Leader|Share|Next|Ahead by|How sure|No stated share"
    return grid.made("By each source and date alone", columns, rows)


def tallies(answer: Leaders) -> Grid:
    """Who leads how many markets."""
    rows: Rows = [_tally(answer, side, tally) for side in ORDER for tally in answer.tallies[side]]
    columns = "Who|Counted|Leads for certain|Leads those named|Contested with others|Of markets"
    return grid.made("How many markets each leads", columns, rows)


def _tally(answer: Leaders, side: Side, tally: Tally) -> tuple[str | Cell, ...]:
    return (
        tally.party.name,
        SIDES[side],
        str(tally.certain),
        str(tally.named),
        str(tally.contested),
        str(sum(answer.totals[side].values())),
    )


def bare(answer: Leaders) -> Grid:
    """Counts of technologies led, as they are printed of countries."""
    rows: Rows = [
        (
            item.party.name,
            f"{item.led} of {item.of}" if item.led is not None else item.text,
            item.date or "undated",
            Cell(item.publisher or "not said", item.url),
            bare_words(item),
            item.note or "-",
        )
        for item in answer.bare
    ]
    columns = "Country|Technologies led|Date|Publisher|Behind it in this graph|Note"
    note = "claims of several editions, side by side: never averaged" if len(rows) > 1 else ""
    return grid.made("Bare claims of leadership", columns, rows, note)


def bare_words(item: Bare) -> str:
    """What this graph has of the technologies that a bare claim counts."""
    if not item.covered:
        return NO_LIST
    whole = item.of == item.covered
    known = f"{item.covered} of {item.of} technologies are in this graph, {item.found} of them led"
    if whole and item.found == item.led:
        return f"reproduced: {known}"
    return known if whole else f"not all of it: {known}"


def evidence(answer: Leaders, most: int | None = None) -> Grid:
    """The claims; where they are too many, a word on where they are."""
    claims = answer.claims
    if most is not None and len(claims) > most:
        where = f"{len(claims)} claims: name a product, or see the page, the workbook or the JSON"
        return grid.made("Sources of the shares", "Claim", [], where)
    return grid.evidence("Sources of the shares", claims)
