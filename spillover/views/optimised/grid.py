"""How do sets of designations become tables: the sets, who loses with each, and the frontier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.graph.stake import percent_text
from spillover.views import grid
from spillover.views.grid import Grid, Rows
from spillover.views.markets.words import part_words
from spillover.views.optimised.words import (
    assumptions,
    count_words,
    falls_words,
    loss_words,
    member_words,
    members_words,
    outcome,
    points_words,
    proven_words,
    question,
)

if TYPE_CHECKING:
    from spillover.queries.optimiser.answer import Optimum

_LARGEST: Final = 3


def sets(answer: Optimum) -> Grid:
    """One row for each set, the best first."""
    rows: Rows = []
    for number, choice in enumerate(answer.choices, start=1):
        largest = "; ".join(map(loss_words, choice.losses[:_LARGEST]))
        rest = len(choice.losses) - _LARGEST
        rows.append(
            (
                str(number),
                "\n".join(map(member_words, choice.members)) or "nobody",
                part_words(choice.effect),
                points_words(choice.collateral),
                str(len(choice.losses)),
                (largest + (f"; +{rest} more" if rest > 0 else "")) or "none",
                falls_words(choice),
                proven_words(answer, choice),
            )
        )
    return grid.made(
        question(answer),
        "Set|Designate|Cut|Collateral|Products hit|Largest losses|Fall with them|Best",
        rows,
        f"{outcome(answer)}; {scope(answer)}",
    )


def scope(answer: Optimum) -> str:
    """Among whom, and over what, was searched."""
    many = len(answer.candidates)
    return (
        f"{many} candidate{'s' if many != 1 else ''}, {answer.counted} products in which a loss"
        f" would be collateral; {answer.product.name} counted"
        f" {count_words(answer.side, answer.reach)}"
    )


def losses(answer: Optimum, most: int | None = None) -> Grid:
    """One row for each set and product that loses."""
    rows: Rows = []
    hidden = 0
    for number, choice in enumerate(answer.choices, start=1):
        shown = choice.losses if most is None else choice.losses[:most]
        hidden += len(choice.losses) - len(shown)
        rows += [
            (str(number), loss.product.name, count_words(loss.side, loss.reach),
             part_words(loss.part))
            for loss in shown
        ]  # fmt: skip
    note = f"{hidden} smaller losses are not shown" if hidden else ""
    return grid.made("What else is lost", "Set|Product|Counted|Lost", rows, note)


def frontier(answer: Optimum) -> Grid:
    """One row for each effect whose least collateral was worked out."""
    rows: Rows = [
        (
            f"{percent_text(point.need)} %",
            members_words(point.members),
            part_words(point.effect),
            points_words(point.collateral),
            "proven" if point.proven else "not proven",
        )
        for point in answer.points
    ]
    return grid.made(
        "What each effect costs at least", "At least|Designate|Cut|Collateral|Best", rows
    )


def supposed(answer: Optimum) -> Grid:
    """What the answer supposes."""
    return grid.made("Assumptions", "Assumption", [(text,) for text in assumptions(answer)])
