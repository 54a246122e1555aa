"""The command about choke points: through whom must a shock pass, and what would cut it off."""

from __future__ import annotations

from typing import Annotated

import typer

from spillover.commands.options import (
    AsOf,
    Format,
    FormatOption,
    GraphOption,
    KnownAt,
    MaxAge,
    MinConfidence,
    Output,
    Targets,
    asked,
    opened,
    write,
)


def chokepoints(
    targets: Targets,
    to: Annotated[
        list[str], typer.Option("--to", help="Who is to be freed from the shock; repeatable.")
    ],
    graph: GraphOption = None,
    channels: Annotated[
        str | None, typer.Option(help="Channels to follow, parted by commas: ownership,supply.")
    ] = None,
    kinds: Annotated[
        str | None,
        typer.Option(help="Kinds of relation to follow, parted by commas: OWNS,CONTROLS."),
    ] = None,
    max_hops: Annotated[
        int | None, typer.Option(min=1, help="Only paths of at most so many hops.")
    ] = None,
    chains_only: Annotated[
        bool,
        typer.Option("--chains-only", help="Leave out relations that only repeat a chain."),
    ] = False,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    limit: Annotated[int, typer.Option(min=1, help="Entities to explore at most.")] = 10_000,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show through whom every path to a subject leads, and the smallest sets that cut it off."""
    from spillover.queries.chokepoints import chokepoints as ask
    from spillover.views.choke_output import choke_view

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        answer = ask(
            found,
            targets,
            to,
            when,
            channels=_parted(channels.lower() if channels else ""),
            kinds=_parted(kinds.upper() if kinds else ""),
            max_hops=max_hops,
            limit=limit,
            repeats=not chains_only,
        )
        write(choke_view(answer), form, output)


def _parted(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
