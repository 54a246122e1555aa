"""Commands about one entity: what is said of it, who owns it, what it owns, who is exposed."""

from __future__ import annotations

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
    Output,
    Targets,
    asked,
    opened,
    write,
)


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
    to: Annotated[str | None, typer.Option("--to", help="Only paths to this entity.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    limit: Annotated[int, typer.Option(min=1, help="Entities to explore at most.")] = 10_000,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show who is exposed to these targets, through which path, and how strongly."""
    from spillover.queries.exposure import exposure as ask
    from spillover.views.output import exposure_view

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        write(exposure_view(ask(found, targets, when, to=to, limit=limit)), form, output)
