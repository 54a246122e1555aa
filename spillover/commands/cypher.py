"""Commands about questions in Cypher: which there are, ask one, store verdicts for Bloom."""

from __future__ import annotations

from typing import Annotated

import typer

from spillover.commands.options import (
    AsOf,
    Assumed,
    Format,
    FormatOption,
    MaxAge,
    MinConfidence,
    OpenWorld,
    Output,
    Rule,
    asked,
    opened,
    remark,
    say,
    write,
)
from spillover.commands.servers import Database, Uri

QuestionId = Annotated[str, typer.Argument(help="Its id; see `spillover neo4j questions`.")]
Values = Annotated[
    list[str] | None,
    typer.Argument(help="NAME=VALUE for each parameter; entities by id, name or identifier."),
]


def questions(
    question: Annotated[
        str | None, typer.Argument(help="Show this one, ready to paste into Browser.")
    ] = None,
    values: Values = None,
    rows: Annotated[
        bool, typer.Option("--rows", help="The form that answers with a table, not a picture.")
    ] = False,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """List the saved Cypher questions, or show one with its parameters for Neo4j Browser."""
    from spillover.queries.cypher import library
    from spillover.views.cypher import output as views

    if question is None:
        found = [library.question(known) for known in library.question_ids()]
        write(views.questions_view(found), form, output)
        return
    asked_for = library.question(question)
    if form is not Format.TABLE:
        write(views.question_view(asked_for), form, output)
        return
    text = views.pasted(asked_for, "rows" if rows else "picture", values or ())
    views.deliver_text(text, output)


def ask(
    question: QuestionId,
    values: Values = None,
    uri: Uri = None,
    database: Database = None,
    seconds: Annotated[
        int, typer.Option("--timeout", min=1, help="Seconds after which the server stops it.")
    ] = 30,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Ask the server a saved question: answered in Cypher, by the server alone."""
    from spillover.graph.neo4j.address import address
    from spillover.graph.neo4j.ask import ask as answered
    from spillover.graph.neo4j.ask import named
    from spillover.graph.neo4j.connection import Server
    from spillover.queries.cypher.library import question as known
    from spillover.queries.cypher.values import given
    from spillover.views.cypher.output import answer_view

    saved = known(question)
    said = given(saved, values or ())
    entities = {one.name for one in saved.parameters if one.type == "entity"}
    with Server(address(uri, database)) as server:
        said |= {name: named(server, str(said[name])) for name in said if name in entities}
        found = answered(server, saved.rows, said, columns=saved.columns, seconds=seconds)
        where = str(server.address)
    if found.licence_notice:
        say(found.licence_notice)
    if found.pushing:
        say(f"{where}: a push is under way; old and new may stand side by side in this answer")
    write(answer_view(saved, said, found, where), form, output)


def verdicts(
    rule: Rule = "us-ofac-50",
    as_of: AsOf = None,
    target: Assumed = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    open_world: OpenWorld = False,
    forget: Annotated[
        bool, typer.Option("--forget", help="Take the verdicts of this rule away instead.")
    ] = False,
    uri: Uri = None,
    database: Database = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Store whom a rule blocks as properties on the server, for Bloom and the question blocked-set.

    Spillover decides, on the server's graph; the rule starts from those whom its programmes list
    on the day, and from further targets.
    """
    from spillover.graph.dates import now
    from spillover.graph.neo4j import verdicts as kept
    from spillover.graph.neo4j.address import address
    from spillover.graph.neo4j.connection import Server
    from spillover.graph.neo4j.standing import complete
    from spillover.queries.cypher.reached import reach
    from spillover.queries.rulebook import rule as known
    from spillover.views.cypher.output import forgotten_view, stored_view

    law = known(rule)
    where = address(uri, database)
    if forget:
        with Server(where) as server:
            gone = kept.forget(server, law.id)
        write(forgotten_view(law.id, gone, str(where)), form, output)
        return
    when = asked(as_of, max_age, min_confidence)
    with Server(where) as server:
        tag = complete(server).tag
        with opened(str(where)) as graph:
            found = reach(graph, when, law.id, targets=target or (), open_world=open_world)
        remark(form, found.remark)
        standings = [kept.Standing(one, kept.TARGET) for one in found.targets]
        standings += [kept.Standing(one.id, one.verdict, one.share) for one in found.reached]
        counts = {
            verdict: sum(one.verdict == verdict for one in found.reached)
            for verdict in ("blocked", "undetermined")
        }
        run = kept.Run(
            law.id,
            law.title,
            version=str(law.verified_on),
            as_of=when.as_of,
            tag=tag,
            open_world=open_world,
            max_age_days=when.max_age,
            min_confidence=when.min_confidence,
            targets=len(found.targets),
            **counts,
            written=now(),
        )
        nodes = kept.write(server, run, standings)
    write(stored_view(run, nodes, found.remark, str(where)), form, output)
