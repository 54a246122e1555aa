"""The command about choke points: through whom must a shock pass, and what would cut it off."""

from __future__ import annotations

from typing import Annotated

import typer

from spillover.commands.options import (
    ChannelNames,
    KindNames,
    MaxHops,
    Question,
    Targets,
    asks,
    parted,
)


@asks
def chokepoints(
    question: Question,
    targets: Targets,
    to: Annotated[
        list[str], typer.Option("--to", help="Who is to be freed from the shock; repeatable.")
    ],
    channels: ChannelNames = None,
    kinds: KindNames = None,
    max_hops: MaxHops = None,
    chains_only: Annotated[
        bool,
        typer.Option("--chains-only", help="Leave out relations that only repeat a chain."),
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Entities to explore at most.")] = 10_000,
) -> None:
    """Show through whom every path to a subject leads, and the smallest sets that cut it off."""
    from spillover.queries.chokepoints import chokepoints as ask
    from spillover.views.chokepoints.output import choke_view

    with question.opened() as found:
        answer = ask(
            found,
            targets,
            to,
            question.when,
            channels=[name.lower() for name in parted(channels)],
            kinds=[name.upper() for name in parted(kinds)],
            max_hops=max_hops,
            limit=limit,
            repeats=not chains_only,
        )
        question.write(choke_view(answer))
