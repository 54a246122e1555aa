"""Commands about one entity: what is said of it, who owns it, what it owns, who is exposed."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

import typer

from spillover.commands.options import (
    AsOf,
    ChannelNames,
    EntityName,
    Format,
    FormatOption,
    GraphOption,
    KindNames,
    KnownAt,
    Limit,
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
from spillover.graph.errors import InputError


def show(
    entity: EntityName,
    graph: GraphOption = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show one entity: its names, identifiers, listings, and every claim with its source."""
    from spillover.queries.show import show as ask
    from spillover.views.output import show_view

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        write(show_view(ask(found, entity, when)), form, output)


def owners(
    entity: EntityName,
    graph: GraphOption = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    depth: Annotated[int, typer.Option(min=1, help="At most so many levels.")] = 10,
    limit: Limit = 500,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show who owns and controls an entity, upward."""
    from spillover.queries.tree import owners as ask
    from spillover.views.output import tree_view

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        write(tree_view(ask(found, entity, when, depth=depth, limit=limit)), form, output)


def subsidiaries(
    entity: EntityName,
    graph: GraphOption = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    depth: Annotated[int, typer.Option(min=1, help="At most so many levels.")] = 10,
    limit: Limit = 500,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show what an entity owns and controls, downward."""
    from spillover.queries.tree import subsidiaries as ask
    from spillover.views.output import tree_view

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        write(tree_view(ask(found, entity, when, depth=depth, limit=limit)), form, output)


def exposure(
    targets: Targets,
    graph: GraphOption = None,
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
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    limit: Annotated[int, typer.Option(min=1, help="Places to explore at most.")] = 10_000,
    top: Annotated[int, typer.Option(min=1, help="Tell at most so many paths.")] = 100,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show who is exposed to these targets, through which path, and how strongly."""
    from spillover.queries.exposure import exposure as ask
    from spillover.views.output import exposure_view

    when = asked(as_of, max_age, min_confidence)
    filters: dict[str, Any] = {
        "channels": [name.lower() for name in parted(channels)],
        "kinds": [name.upper() for name in parted(kinds)],
        "countries": [_country(name) for name in country or ()],
        "min_strength": _strength(min_strength),
        "max_hops": max_hops,
    }
    with opened(graph, known_at) as found:
        answer = ask(
            found,
            targets,
            when,
            to=to or (),
            backward=backward,
            alternatives=alternatives,
            diverse=diverse,
            limit=limit,
            top=top,
            **filters,
        )
        write(exposure_view(answer), form, output)


def _country(name: str) -> str:
    from spillover.loaders.reading.countries import alpha2

    code = alpha2(name)
    if not code:
        raise InputError(f"country {name!r} is unknown; write its ISO 3166 code, for example cn")
    return code


def _strength(text: str | None) -> Fraction:
    """The share that a text states in percent; nothing where it is left out."""
    from spillover.graph.stake import WHOLE, parse_stake

    if text is None:
        return Fraction(0)
    share = parse_stake(text)
    if share.low != share.high:
        raise InputError(f"strength {text!r} is no single percentage; write for example 5 or 0.5")
    return Fraction(share.low, WHOLE)
