"""How does contagion become tables: who loses, who is systemic, the sources of the links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views import grid
from spillover.views.grid import Grid, Rows
from spillover.views.systemic.words import ends_words, lead, notes, through_words, title, two

if TYPE_CHECKING:
    from spillover.queries.contagion.answer import Systemic


def systemic(answer: Systemic) -> Grid:
    """The table of the measure."""
    columns, rows = _table(answer)
    return grid.made(title(answer), columns, rows, "\n".join(notes(answer)), lead=lead(answer))


def _table(answer: Systemic) -> tuple[str, Rows]:
    if answer.terms.measure == "impact":
        return _impact(answer)
    if answer.targets:
        return _equity(answer) if answer.terms.measure == "debtrank" else _losers(answer)
    return _ranking(answer)


def _losers(answer: Systemic) -> tuple[str, Rows]:
    rows: Rows = [
        (
            grid.name(one.firm),
            ends_words(one.loss),
            ends_words(one.inputs),
            ends_words(one.sales),
            through_words(one),
        )
        for one in answer.losers
    ]
    return "Firm|Loses of its output|For want of inputs|For want of customers|Through", rows


def _equity(answer: Systemic) -> tuple[str, Rows]:
    rows: Rows = [
        (
            grid.name(one.firm),
            ends_words(one.loss),
            one.of.name if one.of else "",
            through_words(one),
        )
        for one in answer.losers
    ]
    return "Holder|Loses|Of the equity of|Through", rows


def _ranking(answer: Systemic) -> tuple[str, Rows]:
    equity = answer.terms.measure == "debtrank"
    rows: Rows = []
    for one in answer.ranking:
        own = () if equity else (f"{100 * one.own:.2f} %",)
        counts = map(str, (one.customers, one.suppliers, one.unstated))
        rows.append((grid.name(one.firm), ends_words(one.index), *own, *counts))
    if equity:
        return "Firm|Others lose, of its equity|Holdings|Holders|Without a share", rows
    return "Firm|Index|Of which its own|Customers|Suppliers|Links without a share", rows


def _impact(answer: Systemic) -> tuple[str, Rows]:
    rows: Rows = [
        (
            grid.name(one.firm),
            two(one.diffusion),
            two(one.start),
            two(one.intermediate),
            two(one.susceptibility),
            two((float(one.reach[0]), float(one.reach[1]))),
        )
        for one in answer.spread
    ]
    return "Firm|Diffusion|Start|Intermediate|Susceptibility|Can bring down directly", rows
