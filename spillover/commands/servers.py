"""Commands that bring a graph to a Neo4j server and back, compare the two, and empty the server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.commands.options import (
    FileOption,
    Format,
    FormatOption,
    Output,
    graph_path,
    write,
)
from spillover.graph.errors import InputError

if TYPE_CHECKING:
    from spillover.graph.neo4j.address import Address

DIFFERS = 10
"""Exit code of `verify` where file and server do not hold the same."""

neo4j = typer.Typer(
    help="Share the graph on a Neo4j server. NEO4J_USERNAME and NEO4J_PASSWORD say who signs in.",
    no_args_is_help=True,
)

Uri = Annotated[
    str | None,
    typer.Option(help="The server: neo4j+s://HOST:7687, bolt://localhost; else NEO4J_URI."),
]
Database = Annotated[
    str | None, typer.Option(help="Its database; else NEO4J_DATABASE, or the server's own.")
]


@neo4j.command()
def push(
    graph: FileOption = None,
    uri: Uri = None,
    database: Database = None,
    dataset: Annotated[
        list[str] | None, typer.Option(help="Only this dataset; may be repeated.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Also replace what was loaded later than the file's.")
    ] = False,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Go on although another push seems to be at work.")
    ] = False,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Bring the graph file to the server; what is there already is not sent again."""
    from spillover.graph.neo4j.push import push as bring
    from spillover.views.servers.output import pushed_view
    from spillover.views.servers.progress import steps

    where = _where(uri, database)
    path = graph_path(graph)
    with steps(f"pushing to {where}") as told:
        done = bring(
            path,
            where,
            datasets=tuple(dataset or ()),
            replace=replace,
            take_over=take_over,
            progress=told,
        )
    write(pushed_view(done, path), form, output)


@neo4j.command()
def pull(
    output: Annotated[Path, typer.Option("-o", "--output", help="Graph file to write.")],
    uri: Uri = None,
    database: Database = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Take the place of a graph file that is there.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Write what the server holds into a graph file of one's own."""
    from spillover.graph.neo4j.pull import pull as fetch
    from spillover.views.progress import progress
    from spillover.views.servers.output import pulled_view

    where = _where(uri, database)
    with progress(f"pulling from {where}") as advance:
        done = fetch(where, output, replace=replace, progress=advance)
    write(pulled_view(done), form, None)


@neo4j.command()
def verify(
    graph: FileOption = None,
    uri: Uri = None,
    database: Database = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Compare the graph file with the server, to the last claim; exit code 10: they differ."""
    from spillover.graph.neo4j.verify import verify as compare
    from spillover.views.progress import progress
    from spillover.views.servers.output import verification_view

    where = _where(uri, database)
    path = graph_path(graph)
    with progress(f"comparing with {where}") as advance:
        found = compare(where, path, progress=advance)
    write(verification_view(found), form, output)
    if not found.equal:
        raise typer.Exit(DIFFERS)


@neo4j.command()
def status(
    uri: Uri = None,
    database: Database = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show what the server holds: datasets and their dates, counts, and who pushes since when."""
    from spillover.graph.neo4j.overview import overview
    from spillover.views.servers.output import overview_view

    write(overview_view(overview(_where(uri, database))), form, output)


@neo4j.command()
def clear(
    uri: Uri = None,
    database: Database = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Delete what Spillover keeps on the server, and nothing else; asks first."""
    from spillover.graph.neo4j.connection import Server
    from spillover.graph.neo4j.overview import counted
    from spillover.graph.neo4j.state import clear as delete
    from spillover.graph.neo4j.state import state
    from spillover.views.servers.output import cleared_view, to_delete
    from spillover.views.servers.progress import steps

    where = _where(uri, database)
    with Server(where) as server:
        if not yes and state(server) is not None:
            _ask(to_delete(counted(server), str(where)))
        with steps(f"clearing {where}") as told:
            done = delete(server, told)
    write(cleared_view(done, str(where)), form, output)


def _where(uri: str | None, database: str | None) -> Address:
    from spillover.graph.neo4j.address import address

    return address(uri, database)


def _ask(what: str) -> None:
    """Ask on a terminal; elsewhere nobody could answer.

    Raises:
        InputError: nobody is there to ask.
        Abort: the answer is no.
    """
    if not sys.stdin.isatty():
        raise InputError(f"{what}; say --yes to delete it without being asked")
    typer.confirm(f"{what}. Delete it?", abort=True, err=True)
