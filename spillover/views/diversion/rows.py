"""Which rows does an answer about diversion stand on, and which could not be compared?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spillover.views import grid
from spillover.views.grid import Grid, Rows

if TYPE_CHECKING:
    from spillover.queries.answer import Claim
    from spillover.queries.diversion.answer import Basket, Diversion


def aside(answer: Diversion) -> Grid:
    """What could not be read, and what does not count."""
    found: Rows = [(what, grid.hop_words(claim), _record(claim)) for what, claim in answer.unread]
    found += [(claim.standing, grid.hop_words(claim), _record(claim)) for claim in answer.beside]
    hidden = answer.unread_hidden + answer.beside_hidden
    note = f"{hidden} more are not shown" if hidden else ""
    return grid.made("Not compared", "Why|Claim|Record", found, note)


def _record(claim: Claim) -> str:
    return f"{claim.record} ({claim.publisher or claim.dataset})"


def rows(answer: Diversion) -> Grid:
    """The rows that every number stands on."""
    claims = [claim for basket in answer.baskets for claim in _claims(basket)]
    claims += answer.covers
    hidden = answer.covers_hidden + sum(
        basket.claims_hidden + sum(hub.claims_hidden for hub in basket.hubs)
        for basket in answer.baskets
    )
    made = grid.evidence("Rows that the numbers stand on", claims, whole=True)
    return replace(made, note=f"{hidden} further rows are not shown" if hidden else "")


def _claims(basket: Basket) -> list[Claim]:
    return [*(claim for hub in basket.hubs for claim in hub.claims), *basket.claims]
