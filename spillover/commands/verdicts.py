"""Commands about verdicts: who is blocked under which rule, why, and what would settle it."""

from __future__ import annotations

from typing import Annotated

import typer

from spillover.commands.options import (
    EntityName,
    Format,
    FormatOption,
    Limit,
    Of,
    OpenWorld,
    Output,
    Question,
    Rule,
    Targets,
    asks,
    write,
)


@asks
def blocked(
    question: Question,
    targets: Targets,
    rule: Annotated[
        str, typer.Option(help="The ownership rule, or all: see `spillover rules`.")
    ] = "us-ofac-50",
    of: Of = None,
    open_world: OpenWorld = False,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many rows.")] = None,
) -> None:
    """Show who is blocked when these targets are designated, how surely, and on what proof."""
    from spillover.views import output as views

    when = question.when
    with question.opened() as found:
        if rule == "all":
            from spillover.queries.compare import compare

            compared = compare(
                found, targets, when, of=of or (), limit=limit, open_world=open_world
            )
            question.remark(*compared.remarks)
            question.write(views.comparison_view(compared))
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
        question.remark(answer.remark)
        question.write(views.blocked_view(answer, found))


@asks
def why(
    question: Question,
    entity: EntityName,
    targets: Annotated[
        list[str], typer.Option("--targets", help="Who is designated; may be repeated.")
    ],
    rule: Rule = "us-ofac-50",
    open_world: OpenWorld = False,
) -> None:
    """Show step by step why an entity is blocked, is not, or cannot be decided."""
    from spillover.queries.why import why as ask
    from spillover.views.output import why_view

    with question.opened() as found:
        answer = ask(found, entity, targets, question.when, rule_id=rule, open_world=open_world)
        question.remark(answer.answer.remark)
        question.write(why_view(answer, found))


@asks
def gaps(
    question: Question,
    targets: Targets,
    rule: Rule = "us-ofac-50",
    of: Of = None,
    limit: Limit = 20,
) -> None:
    """Show which missing or vague shares to find out first: those that settle most verdicts."""
    from spillover.queries.gaps import gaps as ask
    from spillover.views.output import gaps_view

    with question.opened() as found:
        answer = ask(found, targets, question.when, rule_id=rule, of=of or (), limit=limit)
        question.remark(answer.remark)
        question.write(gaps_view(answer))


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
