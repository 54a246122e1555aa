"""How do markets become tables: who makes what, what it is made with, what is lost?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spillover.graph.stake import WHOLE, percent_text
from spillover.views import grid
from spillover.views.collateral.grid import assumed_grid, fallen_grid, loss_grid
from spillover.views.grid import Grid, Rows
from spillover.views.markets.words import (
    cited,
    count_words,
    falls_words,
    part_words,
    points_words,
    producer_words,
    share_words,
)

if TYPE_CHECKING:
    from spillover.queries.markets.lost import Part
    from spillover.queries.markets.market_answer import MarketAnswer, MarketReport, ProductReport
    from spillover.queries.markets.parts import Link, Producer


def title(answer: MarketAnswer) -> str:
    """What was asked."""
    products = ", ".join(item.product.name for item in answer.products)
    without = (
        f" without {falls_words(answer.targets, answer.countries, answer.fallen)}"
        if answer.without
        else ""
    )
    return f"Market of {products}{without} as of {answer.when.as_of}"


def markets(answer: MarketAnswer) -> tuple[Grid, ...]:
    """A table for each count of each market, and one of what the product hangs together with."""
    found: list[Grid] = []
    for item in answer.products:
        if not item.markets:
            name = item.product.name
            found.append(
                grid.made(f"{name}: producers", "Producer", [], "nobody is known to make it")
            )
        found += [_market(item, count) for count in item.markets]
        if item.not_named:
            note = f"its source gives to nobody by name: {'; '.join(item.not_named)}"
            found[-1] = replace(found[-1], note=f"{found[-1].note}\n{note}")
        if item.inputs or item.outputs:
            found.append(_links(item))
    return tuple(found)


def _market(item: ProductReport, count: MarketReport) -> Grid:
    rows: Rows = [
        (
            grid.name(producer.party),
            cited(producer)[0],
            share_words(producer),
            _remark(producer),
            *cited(producer)[1:],
        )
        for producer in count.producers
    ]
    return grid.made(
        f"{item.product.name}: {count_words(count.side, count.reach)}",
        "Producer|Share as printed|Counts as|Remark|Observed|Source",
        rows,
        "\n".join(sums(count)),
    )


def sums(count: MarketReport) -> list[str]:
    """What the shares add up to, and how concentrated the market is."""
    said = [f"stated shares add up to {part_words(count.printed)}" + _rounding(count.printed)]
    if count.left.high:
        who = "producers that are not named"
        if count.unquantified:
            who = f"{count.unquantified} producers without a stated share, and {who}"
        said.append(f"left to {who}: {part_words(count.left)}")
    elif count.unquantified:
        said.append(f"{count.unquantified} producers without a stated share")
    said.append(f"HHI {points_words(count.hhi)}")
    if count.largest is not None:
        sure = "" if count.surely else ", of those that are stated"
        said.append(f"largest: {producer_words(count.largest)}{sure}")
    return said


def _rounding(printed: Part) -> str:
    return "; print rounding makes it more than the whole" if printed.low > WHOLE else ""


def _remark(producer: Producer) -> str:
    if producer.block:
        return "one share that several report: the largest counts"
    return "repeats shares that stand beside it" if producer.repeats else ""


def _links(item: ProductReport) -> Grid:
    rows: Rows = [
        ("made with" if link.kind == "INPUT_TO" else "includes", *_link(link, link.source.name))
        for link in item.inputs
    ]
    rows += [
        ("goes into" if link.kind == "INPUT_TO" else "is a kind of", *_link(link, link.target.name))
        for link in item.outputs
    ]
    columns = "Relation|Product|Part|Source"
    return grid.made(f"{item.product.name}: what it hangs together with", columns, rows)


def _link(link: Link, name: str) -> tuple[str | grid.Cell, ...]:
    words = part_words(link.part) if link.stated else "not stated"
    claims = [claim for claim in link.claims if claim.standing == "counted"] or list(link.claims)
    return name, words, grid.source(claims[0]) if claims else "-"


def losses(answer: MarketAnswer) -> tuple[Grid, ...]:
    """What is lost without somebody, where that was asked."""
    if not answer.without:
        return ()
    counts = [count for item in answer.products for count in item.markets]
    spoken = [count.loss for count in counts if count.loss is not None and count.loss.speaks]
    silent = sum(count.loss is not None and not count.loss.speaks for count in counts)
    notes = [] if spoken else ["nobody who falls is known to make it"]
    if silent:
        notes.append("counts by country are not computed: they say nothing of a firm that falls")
    named = falls_words(answer.targets, answer.countries, answer.fallen)
    rule = answer.law.id if answer.law else ""
    return (
        loss_grid(f"Without {named}", spoken, "\n".join(notes)),
        fallen_grid(answer.fallen, rule),
        assumed_grid(answer.assumptions),
    )


def csv(answer: MarketAnswer) -> Grid:
    """Every producer of every count of every market, for a spreadsheet."""
    rows: Rows = [
        (
            item.product.name,
            item.product.id,
            count.side,
            count.reach,
            producer.party.name,
            producer.party.id,
            producer.party.country.upper(),
            cited(producer)[0],
            percent_text(producer.part.low),
            percent_text(producer.part.high),
            _remark(producer),
            *cited(producer)[1:],
        )
        for item in answer.products
        for count in item.markets
        for producer in count.producers
    ]
    columns = (
        "Product|Product id|Count|Reach|Producer|Producer id|Country|Share as printed|Least %"
        "|Most %|Remark|Observed|Source"
    )
    return grid.made(title(answer), columns, rows)
