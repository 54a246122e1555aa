"""Commands about one entity: what is said of it, who owns it, what it owns, who is exposed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any

import typer

from spillover.commands.options import (
    ChannelNames,
    EntityName,
    KindNames,
    Limit,
    MaxHops,
    Question,
    Targets,
    asks,
    country_code,
    parted,
)
from spillover.graph.errors import InputError

if TYPE_CHECKING:
    from spillover.commands.options import Whole
    from spillover.graph.neo4j.address import Address
    from spillover.graph.session import Graph


@asks
def show(
    question: Question,
    entity: EntityName,
) -> None:
    """Show one entity: its names, identifiers, listings, and every claim with its source."""
    from spillover.queries.show import show as ask
    from spillover.views.output import show_view

    def near(where: Address, whole: Whole) -> Graph:
        from spillover.graph.neo4j.part import neighbourhood

        return neighbourhood(where, [entity], whole=whole)

    with question.opened(near) as found:
        question.write(show_view(ask(found, entity, question.when)))


@asks
def owners(
    question: Question,
    entity: EntityName,
    depth: Annotated[int, typer.Option(min=1, help="At most so many levels.")] = 10,
    limit: Limit = 500,
) -> None:
    """Show who owns and controls an entity, upward."""
    from spillover.queries.tree import owners as ask
    from spillover.views.output import tree_view

    with question.opened() as found:
        question.write(tree_view(ask(found, entity, question.when, depth=depth, limit=limit)))


@asks
def subsidiaries(
    question: Question,
    entity: EntityName,
    depth: Annotated[int, typer.Option(min=1, help="At most so many levels.")] = 10,
    limit: Limit = 500,
) -> None:
    """Show what an entity owns and controls, downward."""
    from spillover.queries.tree import subsidiaries as ask
    from spillover.views.output import tree_view

    with question.opened() as found:
        question.write(tree_view(ask(found, entity, question.when, depth=depth, limit=limit)))


@asks
def exposure(
    question: Question,
    targets: Targets,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="Only paths to this entity (backward: from it); repeatable."),
    ] = None,
    channels: ChannelNames = None,
    kinds: KindNames = None,
    min_strength: Annotated[
        str | None,
        typer.Option(help="Only paths whose greatest strength in percent is at least this."),
    ] = None,
    max_hops: MaxHops = None,
    country: Annotated[
        list[str] | None,
        typer.Option("--country", help="List only entities of this country; repeatable."),
    ] = None,
    backward: Annotated[
        bool, typer.Option("--backward", help="Ask what hits the entities that are named.")
    ] = False,
    alternatives: Annotated[
        int, typer.Option(min=1, help="With --to at most so many paths for each pair.")
    ] = 10,
    diverse: Annotated[
        bool, typer.Option("--diverse", help="With --to no variants of stronger paths.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Places to explore at most.")] = 10_000,
    top: Annotated[int, typer.Option(min=1, help="Tell at most so many paths.")] = 100,
) -> None:
    """Show who is exposed to these targets, through which path, and how strongly."""
    from spillover.queries.exposure import exposure as ask
    from spillover.views.output import exposure_view

    filters: dict[str, Any] = {
        "channels": [name.lower() for name in parted(channels)],
        "kinds": [name.upper() for name in parted(kinds)],
        "countries": [country_code(name) for name in country or ()],
        "min_strength": _strength(min_strength),
        "max_hops": max_hops,
    }
    with question.opened() as found:
        answer = ask(
            found,
            targets,
            question.when,
            to=to or (),
            backward=backward,
            alternatives=alternatives,
            diverse=diverse,
            limit=limit,
            top=top,
            **filters,
        )
        question.write(exposure_view(answer))


def _strength(text: str | None) -> Fraction:
    """The share that a text states in percent; nothing where it is left out."""
    from spillover.graph.stake import WHOLE, parse_stake

    if text is None:
        return Fraction(0)
    share = parse_stake(text)
    if share.low != share.high:
        raise InputError(f"strength {text!r} is no single percentage; write for example 5 or 0.5")
    return Fraction(share.low, WHOLE)
