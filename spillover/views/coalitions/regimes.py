"""How do regimes and their members become tables?"""

from __future__ import annotations

from textwrap import shorten
from typing import TYPE_CHECKING

from spillover.views import grid
from spillover.views.grid import Grid, Rows

if TYPE_CHECKING:
    from spillover.queries.coalitions.regimes import Regime, Regimes


def regimes(answer: Regimes) -> Grid:
    """One row for each regime."""
    rows: Rows = [
        (
            item.party.name,
            item.party.id,
            str(len(item.members)),
            str(item.ever),
            ", ".join(member.party.country.upper() or member.party.name for member in item.members)
            or "-",
            _covered(item),
        )
        for item in answer.regimes
    ]
    return grid.made(
        f"Regimes and their members as of {answer.when.as_of}",
        "Regime|Id|Members|Ever named|States|Covers",
        rows,
        "a regime of which no membership counts on the day has 0 members; those that joined and"
        " left, or will join, are counted under Ever named",
    )


def _covered(item: Regime) -> str:
    if not item.covers:
        return "not stated"
    few = ", ".join(shorten(party.name, 40, placeholder=" ...") for party in item.covers[:2])
    number = len(item.covers)
    return f"{number} products: {few}, ..." if number > 2 else few  # noqa: PLR2004 - as many as are named


def members(answer: Regimes) -> Grid:
    """One row for each claim that a state is a member on the day."""
    rows: Rows = [
        (
            item.party.name,
            grid.name(member.party),
            ("denied: " if claim.stance == "denies" else "") + (claim.start or "not stated"),
            claim.end or "-",
            claim.observed or "undated",
            f"{claim.confidence} confidence",
            grid.source(claim),
            claim.note,
        )
        for item in answer.regimes
        for member in item.members
        for claim in member.claims
    ]
    return grid.made(
        "Members, by whose word",
        "Regime|State|Since|Until|Observed|Confidence|Source|Note",
        rows,
    )
