"""The command line: parse, call, print. What commands do stands in loaders, queries, views."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from spillover import __version__
from spillover.graph.errors import SpilloverError
from spillover.graph.evidence import Confidence

if TYPE_CHECKING:
    from spillover.graph.session import Graph
    from spillover.queries.conditions import Conditions
    from spillover.views.output import View

app = typer.Typer(
    name="spillover",
    help="If this parent is sanctioned, who else is hit, how hard, through which path, how sure?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Format(StrEnum):
    """Forms of an answer."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


class ExportFormat(StrEnum):
    """Forms of a whole graph."""

    JSON = "json"
    FTM = "ftm"
    GRAPHML = "graphml"


GraphOption = Annotated[
    Path | None,
    typer.Option("--graph", envvar="SPILLOVER_GRAPH", help="Graph file; else the user's own."),
]
AsOf = Annotated[str | None, typer.Option(help="Day of the question, YYYY-MM-DD; today if unset.")]
KnownAt = Annotated[str | None, typer.Option(help="Answer from what had been loaded by that day.")]
MaxAge = Annotated[
    str | None, typer.Option(help="Shares observed longer ago are unknown: 90d, 18m, 3y.")
]
MinConfidence = Annotated[
    Confidence, typer.Option(help="Claims less sure are shown, not summed: low, medium, high.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="Form of the answer.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", help="File to write it to.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many rows.")]
Targets = Annotated[list[str], typer.Argument(help="Ids, identifiers or names.")]
EntityName = Annotated[str, typer.Argument(help="Id, identifier or name.")]


def main() -> NoReturn:
    """Run the command line; errors that a user can cause end in one line and their exit code."""
    sys.argv[1:] = [_text(word) for word in sys.argv[1:]]
    # No question multiplies matrices; starting threads that could takes a tenth of a second.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except SpilloverError as error:
        print(f"spillover: {_one_line(error)}", file=sys.stderr)  # noqa: T201 - the one place that prints errors
        sys.exit(error.exit_code)
    except BrokenPipeError:  # `spillover ... | head` closed its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


def _text(word: str) -> str:
    """A word of the command line as UTF-8, also where the locale says that there is only ASCII."""
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeDecodeError:
        return word


def _one_line(error: Exception) -> str:
    from spillover.views.text import clean

    return clean(str(error))


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"spillover {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _path(graph: Path | None) -> Path:
    """The graph file that is meant; the user's own is made of the built-in facts when missing."""
    if graph is not None:
        return graph
    from spillover.loaders.home import build_facts, data_folder

    path = data_folder() / "graph.db"
    if not path.exists():
        build_facts(path)
        _say(f"no graph named: built the built-in facts into {path}")
    return path


@contextmanager
def _opened(graph: Path | None, known_at: str | None = None) -> Iterator[Graph]:
    from spillover.graph.dates import day_range
    from spillover.graph.session import Graph

    if known_at is not None:
        day_range(known_at)
    terminal = sys.stderr.isatty()
    with Graph(_path(graph), known_at, progress=_say if terminal else None) as opened:
        yield opened


def _conditions(as_of: str | None, max_age: str | None, min_confidence: Confidence) -> Conditions:
    from spillover.queries.conditions import conditions

    return conditions(as_of, max_age, min_confidence)


def _write(view: View, form: Format, output: Path | None) -> None:
    """Put an answer on standard output, or into a file."""
    from spillover.views.output import deliver

    deliver(view, form.value, output)
    if output is not None:
        _say(f"wrote {output}")


@app.command()
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
    _say(f"built {report.entities} entities and {report.relations} relations into {path}")
    with _opened(path) as graph:
        present(graph, output)


@app.command()
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
    from spillover.loaders.context import Options, run
    from spillover.views.output import load_view
    from spillover.views.progress import progress

    said = Options(name, title, publisher, url, licence, date, confidence, tolerance, encoding)
    path = _path(graph)
    with progress(f"loading {loader}") as advance:
        report = run(path, loader, files or (), options=said, progress=advance)
    with _opened(path) as opened:
        _write(load_view(opened, report.load), form, output)


@app.command()
def loaders(form: FormatOption = Format.TABLE, output: Output = None) -> None:
    """List the sources that can be loaded."""
    from spillover.loaders.manifest import manifest, names
    from spillover.views.output import loaders_view

    rows = [
        (item.name, item.title, item.summary, ", ".join(item.formats), item.licence)
        for item in map(manifest, names())
    ]
    _write(loaders_view(rows), form, output)


@app.command()
def status(
    graph: GraphOption = None,
    known_at: KnownAt = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show the datasets of the graph: dates, licences, counts, what was set aside."""
    from spillover.views.output import status_view

    with _opened(graph, known_at) as opened:
        _write(status_view(opened), form, output)


@app.command()
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

    with _opened(graph, known_at) as opened:
        _write(search_view(opened.store.search(text, limit), text), form, output)


@app.command()
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

    when = _conditions(as_of, max_age, min_confidence)
    with _opened(graph, known_at) as opened:
        _write(show_view(ask(opened, entity, when)), form, output)


@app.command()
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

    when = _conditions(as_of, max_age, min_confidence)
    with _opened(graph, known_at) as opened:
        _write(tree_view(ask(opened, entity, when, depth=depth, limit=limit)), form, output)


@app.command()
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

    when = _conditions(as_of, max_age, min_confidence)
    with _opened(graph, known_at) as opened:
        _write(tree_view(ask(opened, entity, when, depth=depth, limit=limit)), form, output)


@app.command()
def blocked(
    targets: Targets,
    graph: GraphOption = None,
    rule: Annotated[str, typer.Option(help="The ownership rule.")] = "us-ofac-50",
    of: Annotated[
        list[str] | None, typer.Option("--of", help="Only about this entity; may be repeated.")
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many rows.")] = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show who is blocked when these targets are designated, how surely, and on what proof."""
    from spillover.queries.blocked import blocked as ask
    from spillover.views.output import blocked_view

    when = _conditions(as_of, max_age, min_confidence)
    with _opened(graph, known_at) as opened:
        answer = ask(opened, targets, when, rule_id=rule, of=of or (), limit=limit)
        if answer.remark:
            _say(answer.remark)
        _write(blocked_view(answer, opened), form, output)


@app.command()
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

    when = _conditions(as_of, max_age, min_confidence)
    with _opened(graph, known_at) as opened:
        _write(exposure_view(ask(opened, targets, when, to=to, limit=limit)), form, output)


@app.command()
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

    with _opened(graph, known_at) as opened:
        write_pieces(pieces(opened, form.value, _say), output)
    if output is not None:
        _say(f"wrote {output}")
