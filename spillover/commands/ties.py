"""The command about ties to organs of states and parties."""

from __future__ import annotations

from typing import Annotated

import typer

from spillover.commands.options import Question, asks, country_code

_HOPS = 10
_WAY_HOPS = 6
_ENTITIES = 1000
_PLACES = 10_000


@asks
def ties(
    question: Question,
    entity: Annotated[str | None, typer.Argument(help="Id, identifier or name.")] = None,
    organ: Annotated[
        list[str] | None, typer.Option("--organ", help="Only ties to this organ; may be repeated.")
    ] = None,
    knowledge: Annotated[
        bool,
        typer.Option("--knowledge", help="Which foreign partners and investors lead to organs."),
    ] = False,
    category: Annotated[
        list[str] | None,
        typer.Option("--category", help="Only ties of this category; may be repeated."),
    ] = None,
    country: Annotated[
        list[str] | None,
        typer.Option("--country", help="Only organs (with --organ: entities) of this country."),
    ] = None,
    max_hops: Annotated[
        int | None,
        typer.Option("--max-hops", min=1, help="At most so many steps; 10, in ways 6."),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Entities to look at, at most; 1,000, in ways 10,000."),
    ] = None,
) -> None:
    """Show an entity's ties to organs of states and parties, or who is tied to an organ."""
    if entity is None and not organ and not knowledge:
        raise typer.BadParameter("name an entity, or an organ with --organ, or ask --knowledge")
    if knowledge and category:
        raise typer.BadParameter("--category does not go with --knowledge: ways have forms instead")
    when = question.when
    lands = [country_code(name) for name in country or ()]
    with question.opened() as found:
        from spillover.views.ties import output as views

        if knowledge:
            from spillover.queries.ties.knowledge import knowledge as ask_ways

            ways = ask_ways(
                found,
                when,
                entity=entity,
                organs=organ or (),
                countries=lands,
                max_hops=max_hops or _WAY_HOPS,
                limit=limit or _PLACES,
            )
            question.write(views.knowledge_view(ways))
        elif entity is not None:
            from spillover.queries.ties.profile import profile as ask

            answer = ask(
                found,
                entity,
                when,
                organs=organ or (),
                category=category or (),
                countries=lands,
                max_hops=max_hops or _HOPS,
                limit=limit or _ENTITIES,
            )
            question.write(views.profile_view(answer))
        else:
            from spillover.queries.ties.by_organ import organ_ties as ask_organ

            tied = ask_organ(
                found,
                organ or (),
                when,
                category=category or (),
                countries=lands,
                max_hops=max_hops or _HOPS,
                limit=limit or _ENTITIES,
            )
            question.write(views.organ_view(tied))
