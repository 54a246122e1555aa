"""Commands that build a graph and say what stands in it."""

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
    graph_path,
    opened,
    say,
    write,
)
from spillover.graph.evidence import Confidence


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


def load(
    loader: Annotated[str, typer.Argument(help="A loader; see `spillover loaders`.")],
    files: Annotated[list[Path] | None, typer.Argument(help="Its files.")] = None,
    graph: GraphOption = None,
    name: Annotated[
        str | None, typer.Option(help="Key of the dataset; the loader's if unset.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the dataset.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it is published.")] = None,
    licence: Annotated[str | None, typer.Option(help="Under which licence.")] = None,
    date: Annotated[
        str | None, typer.Option(help="As of when it speaks: (partial) ISO date.")
    ] = None,
    confidence: Annotated[
        Confidence | None, typer.Option(help="Of its claims: low, medium, high.")
    ] = None,
    tolerance: Annotated[
        float | None, typer.Option(min=0, max=1, help="Share of unreadable records to accept.")
    ] = None,
    encoding: Annotated[str, typer.Option(help="Encoding of text tables.")] = "utf-8",
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Load files into the graph: the dataset is replaced as a whole, or nothing changes."""
    from spillover.loaders.context import Options
    from spillover.loaders.run import run
    from spillover.views.output import load_view
    from spillover.views.progress import progress

    said = Options(name, title, publisher, url, licence, date, confidence, tolerance, encoding)
    path = graph_path(graph)
    with progress(f"loading {loader}") as advance:
        report = run(path, loader, files or (), options=said, progress=advance)
    with opened(path) as found:
        write(load_view(found, report.load), form, output)


def loaders(form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List the sources that can be loaded."""
    from spillover.loaders.manifest import manifest, names
    from spillover.views.output import loaders_view

    rows = [
        (item.name, item.title, item.summary, ", ".join(item.formats), item.licence)
        for item in map(manifest, names())
    ]
    write(loaders_view(rows), form, output)


def status(
    graph: GraphOption = None,
    known_at: KnownAt = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show the datasets of the graph: dates, licences, counts, what was set aside."""
    from spillover.views.output import status_view

    with opened(graph, known_at) as found:
        write(status_view(found), form, output)


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
