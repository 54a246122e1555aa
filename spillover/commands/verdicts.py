"""Commands about verdicts: who is blocked under which rule, why, and what would settle it."""

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
    Of,
    OpenWorld,
    Output,
    Rule,
    Targets,
    asked,
    opened,
    remark,
    write,
)


def blocked(
    targets: Targets,
    graph: GraphOption = None,
    rule: Annotated[
        str, typer.Option(help="The ownership rule, or all: see `spillover rules`.")
    ] = "us-ofac-50",
    of: Of = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    open_world: OpenWorld = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many rows.")] = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show who is blocked when these targets are designated, how surely, and on what proof."""
    from spillover.views import output as views

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        if rule == "all":
            from spillover.queries.compare import compare

            compared = compare(
                found, targets, when, of=of or (), limit=limit, open_world=open_world
            )
            remark(form, *compared.remarks)
            write(views.comparison_view(compared), form, output)
            return
        from spillover.queries.blocked import blocked as ask

        answer = ask(
            found,
            targets,
            when,
            rule_id=rule,
            of=of or (),
            limit=limit,
            open_world=open_world,
        )
        remark(form, answer.remark)
        write(views.blocked_view(answer, found), form, output)


def why(
    entity: EntityName,
    targets: Annotated[
        list[str], typer.Option("--targets", help="Who is designated; may be repeated.")
    ],
    graph: GraphOption = None,
    rule: Rule = "us-ofac-50",
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    open_world: OpenWorld = False,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show step by step why an entity is blocked, is not, or cannot be decided."""
    from spillover.queries.why import why as ask
    from spillover.views.output import why_view

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        answer = ask(found, entity, targets, when, rule_id=rule, open_world=open_world)
        remark(form, answer.answer.remark)
        write(why_view(answer, found), form, output)


def gaps(
    targets: Targets,
    graph: GraphOption = None,
    rule: Rule = "us-ofac-50",
    of: Of = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    limit: Limit = 20,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show which missing or vague shares to find out first: those that settle most verdicts."""
    from spillover.queries.gaps import gaps as ask
    from spillover.views.output import gaps_view

    when = asked(as_of, max_age, min_confidence)
    with opened(graph, known_at) as found:
        answer = ask(found, targets, when, rule_id=rule, of=of or (), limit=limit)
        remark(form, answer.remark)
        write(gaps_view(answer), form, output)


rules = typer.Typer(
    help="List the ownership rules, or explain one: `spillover rules show ID`.",
    invoke_without_command=True,
)


@rules.callback()
def _list(context: typer.Context, form: FormatOption = Format.TABLE, output: Output = None) -> None:
    if context.invoked_subcommand is None:
        from spillover.queries.rulebook import rule, rule_ids
        from spillover.views.output import rules_view

        write(rules_view([rule(known) for known in rule_ids()]), form, output)


@rules.command("show")
def _show(
    rule: Annotated[str, typer.Argument(help="Its id; see `spillover rules`.")],
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Explain one rule in plain words, with its source."""
    from spillover.queries.rulebook import rule as law
    from spillover.views.output import rule_view

    write(rule_view(law(rule)), form, output)
