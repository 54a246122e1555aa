"""The command about choke points: through whom must a shock pass, and what would cut it off."""

from __future__ import annotations

from typing import Annotated

import typer

from spillover.commands.options import (
    AsOf,
    ChannelNames,
    Format,
    FormatOption,
    GraphOption,
    KindNames,
    KnownAt,
    MaxAge,
    MaxHops,
    MinConfidence,
    Output,
    Targets,
    asked,
    opened,
    parted,
    write,
)


def chokepoints(
    targets: Targets,
    to: Annotated[
        list[str], typer.Option("--to", help="Who is to be freed from the shock; repeatable.")
    ],
    graph: GraphOption = None,
    channels: ChannelNames = None,
    kinds: KindNames = None,
    max_hops: MaxHops = None,
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
            channels=[name.lower() for name in parted(channels)],
            kinds=[name.upper() for name in parted(kinds)],
            max_hops=max_hops,
            limit=limit,
            repeats=not chains_only,
        )
        write(choke_view(answer), form, output)
