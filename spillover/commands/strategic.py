"""The command about strategic goods: barriers and scale, scarcity, transfer to military use."""

from __future__ import annotations

from typing import Annotated

import typer

from spillover.commands.options import Question, asks


@asks
def strategic(
    question: Question,
    products: Annotated[
        list[str], typer.Argument(help="Products or technologies: ids, identifiers or names.")
    ],
    producers: Annotated[
        int, typer.Option(min=1, help="Look at the ties of at most so many producers of each.")
    ] = 25,
) -> None:
    """Show what makes goods strategic: barriers and scale, scarcity, transfer to military use."""
    from spillover.queries.strategic.strategic import strategic as ask
    from spillover.views.strategic.output import strategic_view

    with question.opened() as found:
        answer = ask(found, products, question.when, producers=producers)
        question.write(strategic_view(answer))
