"""Commands about ownership in numbers: shares by method, ultimate owners, voting power."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from spillover.commands.options import (
    AsOf,
    EntityName,
    Format,
    FormatOption,
    GraphOption,
    KnownAt,
    Limit,
    MaxAge,
    MinConfidence,
    Of,
    Output,
    asked,
    opened,
    write,
)


class Undisclosed(StrEnum):
    """What becomes of votes that no declared owner holds."""

    ABSENT = "absent"
    SILENT = "silent"


def shares(
    owner: EntityName,
    graph: GraphOption = None,
    method: Annotated[
        str, typer.Option(help="How indirect shares count; see docs/ownership.md.")
    ] = "products",
    of: Of = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    limit: Limit = 500,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show how much of each asset an owner has, directly and through others, by one method."""
    from spillover.queries.attribution import attribution
    from spillover.views.output import shares_view

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        answer = attribution(found, owner, when, method=method, of=of or (), limit=limit)
        write(shares_view(answer), form, output)


def beneficial(
    entity: EntityName,
    graph: GraphOption = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show who ultimately owns an entity, through all chains, and what nobody accounts for."""
    from spillover.queries.beneficial_owners import beneficial as ask
    from spillover.views.output import beneficial_view

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        write(beneficial_view(ask(found, entity, when)), form, output)


def power(
    entity: EntityName,
    graph: GraphOption = None,
    undisclosed: Annotated[
        Undisclosed, typer.Option(help="Whether undeclared votes are absent or never agree.")
    ] = Undisclosed.ABSENT,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show how much voting power the shareholders of an entity have (Shapley-Shubik, Banzhaf)."""
    from spillover.queries.power import power as ask
    from spillover.views.output import power_view

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        answer = ask(found, entity, when, undisclosed=undisclosed.value)
        write(power_view(answer), form, output)
