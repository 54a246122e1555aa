"""Which pictures show what a coalition covers: bars with ranges, a matrix, before and after?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.graph.stake import WHOLE
from spillover.views.amounts.figures import Bar, Bars, Look, Matrix, Shift, Shifts, Square, span
from spillover.views.coalitions import words
from spillover.views.method import caption

if TYPE_CHECKING:
    from spillover.queries.coalitions.coalition_answer import Change, Coalition, Cover, Defection

_BARS: Final = 30
_ROWS: Final = 16
_COLUMNS: Final = 18
_LOOKS: Final[dict[str, Look]] = {"yes": "bad", "perhaps": "warn", "no": "muted"}


def bars(answer: Coalition) -> Bars:
    """What the coalition covers of each product."""
    shown = answer.covers[:_BARS]
    return Bars(
        f"Covered by {words.coalition(answer)}",
        "% of the market",
        tuple(
            Bar(
                cover.product.name,
                span(*cover.covered),
                words.part(cover.covered),
                _LOOKS[cover.covers],
                words.ROLE[cover.role],
            )
            for cover in shown
        ),
        top=100.0,
        caption=caption(
            answer.when, f"solid at least, pale at most; strong where {words.quota(answer)} is met"
        ),
        hidden=len(answer.covers) - len(shown),
    )


def matrix(answer: Coalition) -> Matrix:
    """What each country has of the product and of its essential inputs."""
    columns = [cover for cover in answer.covers if cover.role != "possible"] or [*answer.covers]
    shown = columns[:_COLUMNS]
    weight: dict[str, int] = {}
    for piece in (piece for cover in shown for piece in cover.pieces):
        weight[piece.land.code] = weight.get(piece.land.code, 0) + piece.part.low
    inside = {member.code for member in answer.members}
    order = sorted(weight, key=lambda code: (code not in inside, -weight[code], code))
    rows = order[:_ROWS]
    names = words.names(answer)
    return Matrix(
        "Countries and what they have",
        tuple(f"{names[code]}{' (member)' if code in inside else ''}" for code in rows),
        tuple(cover.product.name for cover in shown),
        tuple(tuple(_square(cover, code) for cover in shown) for code in rows),
        caption=caption(answer.when, "shares of the market; hatched where a share is not stated"),
        hidden=len(order) - len(rows) + len(columns) - len(shown),
    )


def _square(cover: Cover, code: str) -> Square:
    piece = next((piece for piece in cover.pieces if piece.land.code == code), None)
    if piece is None:
        return Square("", 0.0)
    if not piece.stated:
        return Square("?", None)
    return Square(words.part(piece.part), piece.part.low / WHOLE)


def shifts(answer: Coalition) -> Shifts | None:
    """The dearest defection before and after; None where no leaving changes anything."""
    item = answer.leaving or next(iter(answer.defections), None)
    if item is None or not item.changes:
        return None
    shown = item.changes[: _BARS - 1]
    whole = Shift(
        f"{answer.product.name}, with all inputs of known makers",
        span(*answer.known),
        span(*item.known),
        f"{words.part(answer.known)} → {words.part(item.known)}",
        "warn",
    )
    return Shifts(
        f"If {words.lands(item.leaving)} leaves",
        "% of the market",
        (whole, *(_shift(change) for change in shown)),
        names=("with all members", "after"),
        caption=caption(answer.when, _said(item, answer)),
        hidden=len(item.changes) - len(shown),
    )


def _said(item: Defection, answer: Coalition) -> str:
    drops = sum(change.drops == "yes" for change in item.changes)
    fall = "1 product falls" if drops == 1 else f"{drops} products fall"
    return f"{fall} below {words.quota(answer)} for certain"


def _shift(change: Change) -> Shift:
    return Shift(
        change.product.name,
        span(*change.before),
        span(*change.after),
        f"{words.part(change.before)} → {words.part(change.after)}",
        _LOOKS[change.drops],
    )
