"""Commands that show a graph as a whole: the demonstration, search, export."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.commands.options import (
    Format,
    FormatOption,
    GraphOption,
    KnownAt,
    Limit,
    Output,
    opened,
    say,
    write,
)
from spillover.graph.errors import InputError

if TYPE_CHECKING:
    from spillover.commands.options import Whole
    from spillover.graph.neo4j.address import Address
    from spillover.graph.session import Graph


class ExportFormat(StrEnum):
    """Forms of a whole graph."""

    JSON = "json"
    FTM = "ftm"
    GRAPHML = "graphml"
    NEO4J_ADMIN = "neo4j-admin"


def demo(
    output: Annotated[Path, typer.Option("-o", "--output", help="The report to write.")] = Path(
        "spillover-demo.html"
    ),
) -> None:
    """Ask the built-in facts: what if ChemChina were designated on 5 October 2022?"""
    from spillover.loaders.home import build_facts, data_folder
    from spillover.views.demo import present

    path = data_folder() / "demo.db"
    report = build_facts(path)
    say(f"built {report.entities} entities and {report.relations} relations into {path}")
    with opened(path) as graph:
        present(graph, output)


def search(
    text: Annotated[str, typer.Argument(help="A part of a name, in any script.")],
    graph: GraphOption = None,
    known_at: KnownAt = None,
    limit: Limit = 20,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Find entities by a part of one of their names."""
    from spillover.views.output import search_view

    def near(where: Address, whole: Whole) -> Graph:
        from spillover.graph.neo4j.part import alike

        return alike(where, text, limit, whole=whole)

    with opened(graph, known_at, near) as found:
        write(search_view(found.store.search(text, limit), text), form, output)


def export(
    form: Annotated[ExportFormat, typer.Option("--format", help="Form of the export.")] = (
        ExportFormat.JSON
    ),
    graph: GraphOption = None,
    known_at: KnownAt = None,
    output: Output = None,
) -> None:
    """Write the whole graph: JSON lines, FollowTheMoney JSON lines, GraphML, or CSV files."""
    if form is ExportFormat.NEO4J_ADMIN:
        _bulk(graph, known_at, output)
        return
    from spillover.views.export import export as pieces
    from spillover.views.output import write_pieces

    with opened(graph, known_at) as found:
        write_pieces(pieces(found, form.value, say), output)
    if output is not None:
        say(f"wrote {output}")


def _bulk(graph: str | None, known_at: str | None, output: Path | None) -> None:
    """A folder of files for ``neo4j-admin database import``."""
    from spillover.graph.neo4j.bulk import COMMAND, SCHEMA
    from spillover.graph.neo4j.bulk import export as bulk

    if output is None:
        raise InputError("neo4j-admin reads a folder of files; name a new one with -o FOLDER")
    with opened(graph, known_at) as found:
        made = bulk(found.store, output, progress=say)
    say(
        f"wrote {made.entities:,} entities and {made.relations:,} relations into {output};"
        f" {COMMAND} there imports them, {SCHEMA} makes the indexes"
    )
