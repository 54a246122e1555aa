"""Commands that show a graph as a whole: the demonstration, search, export."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

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


class ExportFormat(StrEnum):
    """Forms of a whole graph."""

    JSON = "json"
    FTM = "ftm"
    GRAPHML = "graphml"


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

    with opened(graph, known_at) as found:
        write(search_view(found.store.search(text, limit), text), form, output)


def export(
    form: Annotated[ExportFormat, typer.Option("--format", help="Form of the export.")] = (
        ExportFormat.JSON
    ),
    graph: GraphOption = None,
    known_at: KnownAt = None,
    output: Output = None,
) -> None:
    """Write the whole graph: JSON lines, FollowTheMoney JSON lines, or GraphML."""
    from spillover.views.export import export as pieces
    from spillover.views.output import write_pieces

    with opened(graph, known_at) as found:
        write_pieces(pieces(found, form.value, say), output)
    if output is not None:
        say(f"wrote {output}")
