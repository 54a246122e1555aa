"""How do saved Cypher questions and their answers leave: as tables, JSON, or text to paste?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from spillover.queries.cypher.library import Form, Parameter, Question
from spillover.queries.cypher.values import given
from spillover.views.cypher import plain
from spillover.views.grid import Rows, made
from spillover.views.output import View, listing, write_pieces
from spillover.views.text import clean

if TYPE_CHECKING:
    from spillover.graph.neo4j.ask import Rows as Answer
    from spillover.graph.neo4j.ask import Value
    from spillover.graph.neo4j.verdicts import Run


def questions_view(found: Sequence[Question]) -> View:
    """The questions that are known."""
    rows: Rows = [
        (one.id, one.title, ", ".join(parameter.name for parameter in one.parameters))
        for one in found
    ]
    table = made("Saved Cypher questions", "Question|What it asks|Parameters", rows)
    return listing(table.title, {"questions": [plain.question(one) for one in found]}, (table,))


def question_view(found: Question) -> View:
    """One question: what it asks for, and both forms of its query."""
    about: Rows = [
        ("id", found.id),
        ("asks", found.title),
        ("description", found.description),
        ("exactly", found.exact),
        ("columns", ", ".join(found.columns)),
        ("rows", found.rows),
        ("picture", found.picture),
    ]
    asked: Rows = [(one.name, words(one), one.meaning) for one in found.parameters]
    grids = (
        made(found.title, "What|Value", about),
        made("Parameters", "Name|Type|Meaning", asked),
    )
    return listing(found.title, plain.question(found, whole=True), grids)


def words(parameter: Parameter) -> str:
    """Type, bounds and default of a parameter, in words."""
    bounds = f" {parameter.least} to {parameter.most}" if parameter.least is not None else ""
    default = f", default {parameter.default}" if parameter.default else ""
    return f"{parameter.type}{bounds}{default}"


def pasted(found: Question, form: Form, values: Iterable[str]) -> str:
    """A question as Neo4j Browser takes it: its parameters, then its query.

    Args:
        found: the question.
        form: of its query.
        values: ``name=value``; what is left out takes its default, or says what to put in.

    Raises:
        InputError, DateError, NotFoundError: a value cannot be read, or names no parameter.
    """
    written = list(values)
    said = {part.partition("=")[0] for part in written}
    missing = [p for p in found.parameters if p.default is None and p.name not in said]
    holes = {one.name: f"<{one.meaning}>" for one in missing}
    known = given(found, [*written, *(f"{name}={hole}" for name, hole in holes.items())]) | holes
    lines = [f"// {found.title}", *(f"// {one.name}: {one.meaning}" for one in found.parameters)]
    lines += [f":param {name} => {_literal(value)};" for name, value in known.items()]
    return "\n".join([*lines, "", f"{found.form(form)};", ""])


def deliver_text(text: str, output: Path | None) -> None:
    """Write a text to standard output, or into a file.

    Raises:
        InputError: the file cannot be written.
    """
    write_pieces([text], output)


def answer_view(
    asked: Question, values: Mapping[str, str | int], found: Answer, where: str
) -> View:
    """What a question answered."""
    rows: Rows = [tuple(_cell(value) for value in row) for row in found.rows]
    limit = values.get("limit")
    notes = [f"exactly: {asked.exact}"]
    if len(rows) == limit:
        notes.insert(0, f"at most {limit} rows were asked for; there may be more (limit=)")
    if not rows:
        notes.insert(0, "nothing found")
    title = f"{asked.title} ({', '.join(f'{name} {value}' for name, value in values.items())})"
    table = made(title, "|".join(c.replace("_", " ").capitalize() for c in found.columns), rows,
                 "; ".join(notes))  # fmt: skip
    return listing(title, plain.answer(asked, values, found, where), (table,))


def stored_view(run: Run, nodes: int, remark: str, where: str) -> View:
    """Which verdicts were stored."""
    rows: Rows = [
        ("rule", run.rule),
        ("version", run.version),
        ("as of", run.as_of),
        ("targets", f"{run.targets:,}"),
        ("blocked", f"{run.blocked:,}"),
        ("undetermined", f"{run.undetermined:,}"),
        ("nodes with the property", f"{nodes:,}"),
        ("tag of the graph", run.tag),
    ]
    table = made(f"Verdicts stored at {where}", "What|Value", rows, remark)
    return listing(table.title, plain.stored(run, nodes, remark, where), (table,))


def forgotten_view(rule: str, nodes: int, where: str) -> View:
    """That verdicts were taken away."""
    rows: Rows = [("rule", rule), ("nodes that had a verdict", f"{nodes:,}")]
    table = made(f"Verdicts taken away at {where}", "What|Value", rows)
    return listing(table.title, plain.forgotten(rule, nodes, where), (table,))


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _literal(value: str | int) -> str:
    """A value as Cypher writes it, on one line."""
    if isinstance(value, int):
        return str(value)
    return "'" + clean(value).replace("\\", "\\\\").replace("'", "\\'") + "'"
