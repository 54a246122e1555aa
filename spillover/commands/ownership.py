"""Commands about ownership in numbers: shares by method, ultimate owners, voting power."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from spillover.commands.options import EntityName, Limit, Of, Question, asks


class Undisclosed(StrEnum):
    """What becomes of votes that no declared owner holds."""

    ABSENT = "absent"
    SILENT = "silent"


@asks
def shares(
    question: Question,
    owner: EntityName,
    method: Annotated[
        str, typer.Option(help="How indirect shares count; see docs/ownership.md.")
    ] = "products",
    of: Of = None,
    limit: Limit = 500,
) -> None:
    """Show how much of each asset an owner has, directly and through others, by one method."""
    from spillover.queries.attribution import attribution
    from spillover.views.output import shares_view

    with question.opened() as found:
        answer = attribution(found, owner, question.when, method=method, of=of or (), limit=limit)
        question.write(shares_view(answer))


@asks
def beneficial(
    question: Question,
    entity: EntityName,
) -> None:
    """Show who ultimately owns an entity, through all chains, and what nobody accounts for."""
    from spillover.queries.beneficial_owners import beneficial as ask
    from spillover.views.output import beneficial_view

    with question.opened() as found:
        question.write(beneficial_view(ask(found, entity, question.when)))


@asks
def power(
    question: Question,
    entity: EntityName,
    undisclosed: Annotated[
        Undisclosed, typer.Option(help="Whether undeclared votes are absent or never agree.")
    ] = Undisclosed.ABSENT,
) -> None:
    """Show how much voting power the shareholders of an entity have (Shapley-Shubik, Banzhaf)."""
    from spillover.queries.power import power as ask
    from spillover.views.output import power_view

    with question.opened() as found:
        answer = ask(found, entity, question.when, undisclosed=undisclosed.value)
        question.write(power_view(answer))
