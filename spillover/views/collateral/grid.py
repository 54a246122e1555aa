"""How do collateral losses become tables: what is lost and at risk, who falls, who is hit?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.graph.stake import percent_text
from spillover.views import grid
from spillover.views.grid import Grid, Rows
from spillover.views.markets.words import (
    count_words,
    falls_words,
    growth_words,
    names,
    part_words,
    points_words,
    reason_words,
    share_words,
    substitutes_words,
    way_words,
)

if TYPE_CHECKING:
    from spillover.queries.markets.collateral_answer import Collateral
    from spillover.queries.markets.parts import Bystander, Fallen, MarketLoss, Risk

WORDS: Final = (
    "lost: the part of the market that its own producers had who fall; at risk: what cannot be"
    " made any longer, counting what inputs and kinds lose"
)


def title(answer: Collateral) -> str:
    """What was asked."""
    named = falls_words(answer.targets, answer.countries, answer.fallen)
    return f"Collateral of {named} as of {answer.when.as_of}"


def risks(answer: Collateral, top: int | None = None) -> Grid:
    """One row for each product at risk."""
    rows: Rows = [
        (
            risk.product.name,
            part_words(risk.lost) if risk.lost else "none",
            part_words(risk.at_risk),
            way_words(risk.least) if risk.at_risk.low else "nothing for certain",
            _most(risk),
        )
        for risk in answer.risks[:top]
    ]
    notes = [*_empty(answer), WORDS, *_hidden(len(answer.risks), top, "products at risk")]
    columns = "Product|Lost|At risk|At least through|At most through"
    return grid.made(title(answer), columns, rows, "\n".join(notes), lead=answer.remark)


def _most(risk: Risk) -> str:
    if risk.at_risk.low and risk.most == risk.least:
        return "the same"
    return way_words(risk.most)


def _empty(answer: Collateral) -> list[str]:
    return [] if answer.risks else ["no product is known of which one who falls is a producer"]


def _hidden(count: int, top: int | None, what: str) -> list[str]:
    if top is None or count <= top:
        return []
    return [f"{count - top} more {what} are in the JSON and in the workbook"]


def risks_csv(answer: Collateral) -> Grid:
    """The same for a spreadsheet: every product, bounds as numbers."""
    rows: Rows = [
        (
            risk.product.name,
            risk.product.id,
            *(
                (percent_text(risk.lost.low), percent_text(risk.lost.high))
                if risk.lost
                else ("", "")
            ),
            percent_text(risk.at_risk.low),
            percent_text(risk.at_risk.high),
            way_words(risk.least) if risk.at_risk.low else "",
            way_words(risk.most),
        )
        for risk in answer.risks
    ]
    columns = (
        "Product|Id|Lost, least %|Lost, most %|At risk, least %|At risk, most %|At least through"
        "|At most through"
    )
    return grid.made(title(answer), columns, rows)


def losses(answer: Collateral, top: int | None = None) -> Grid:
    """One row for each count of a market that somebody falls out of."""
    spoken = [loss for loss in answer.markets if loss.speaks]
    silent = len(answer.markets) - len(spoken)
    notes = _hidden(len(spoken), top, "counts of markets")
    if silent:
        notes.append(
            f"{silent} count{'s' if silent > 1 else ''} by country not computed: a share of a"
            " country says nothing of one of its firms"
        )
    return loss_grid("Markets that lose producers", spoken[:top], "\n".join(notes))


def loss_grid(title: str, spoken: list[MarketLoss], note: str = "") -> Grid:
    """Losses of markets, one row for each."""
    rows: Rows = [
        (
            loss.product.name,
            count_words(loss.side, loss.reach),
            names(loss.fallen),
            part_words(loss.lost),
            points_words(loss.before),
            points_words(loss.after),
            substitutes_words(loss),
            growth_words(loss.spare),
        )
        for loss in spoken
    ]
    columns = (
        "Product|Count|Falls|Lost|HHI before|HHI after|Largest substitutes, growth if alone"
        "|Growth of all who remain"
    )
    return grid.made(title, columns, rows, note)


def downstream(answer: Collateral, top: int | None = None) -> Grid:
    """One row for each country and product that an input or a kind puts at risk."""
    rows: Rows = [
        (
            place(item),
            item.product.name,
            part_words(item.at_risk),
            country_share(item),
            names(item.firms) or "none is named",
        )
        for item in answer.bystanders[:top]
    ]
    notes = _hidden(len(answer.bystanders), top, "countries with a product")
    if not rows:
        notes = ["nobody is known to make anything that an input or a kind puts at risk"]
    return grid.made(
        "Who makes what an input or a kind puts at risk",
        "Country|Product|At risk|Share of the country|Its firms that remain",
        rows,
        "\n".join(notes),
    )


def place(item: Bystander) -> str:
    """The country of a bystander, as far as it is known."""
    if item.country:
        return item.country.upper()
    return item.counted.party.name if item.counted else "country not known"


def country_share(item: Bystander) -> str:
    """The part that a country has of a product, and who of it falls."""
    words = share_words(item.counted) if item.counted else "not counted"
    return f"{words}; of it falls {names(item.falling)}" if item.falling else words


def fallen(answer: Collateral, top: int | None = None) -> Grid:
    """One row for each producer that falls, or can."""
    return fallen_grid(answer.fallen, answer.law.id if answer.law else "", top)


def fallen_grid(listed: tuple[Fallen, ...], rule: str, top: int | None = None) -> Grid:
    """Producers that fall, or can, and why."""
    rows: Rows = [
        (
            grid.name(item.party),
            "falls" if item.certain else "can fall",
            reason_words(item, rule),
            "\n".join(grid.hop_words(claim) for claim in item.claims) or "not needed",
        )
        for item in listed[:top]
    ]
    note = "\n".join(_hidden(len(listed), top, "producers"))
    return grid.made("Producers that fall", "Producer|Verdict|Why|Proof", rows, note)


def assumed_grid(assumptions: tuple[str, ...]) -> Grid:
    """What the numbers suppose."""
    rows: Rows = [(str(number), text) for number, text in enumerate(assumptions, start=1)]
    return grid.made("What this supposes", "No|Assumption", rows)
