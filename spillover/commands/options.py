"""What do the commands share: their options, how a graph is opened, how an answer is written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.graph.evidence import Confidence

if TYPE_CHECKING:
    from spillover.graph.session import Graph
    from spillover.graph.store import Store
    from spillover.queries.conditions import Conditions
    from spillover.views.output import View


class Format(StrEnum):
    """Forms of an answer."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    XLSX = "xlsx"


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
Rule = Annotated[str, typer.Option(help="The ownership rule; see `spillover rules`.")]
Of = Annotated[
    list[str] | None, typer.Option("--of", help="Only about this entity; may be repeated.")
]
OpenWorld = Annotated[
    bool, typer.Option("--open-world", help="The share of undisclosed owners can be anybody's.")
]

Assumed = Annotated[
    list[str] | None,
    typer.Option("--target", help="Take this entity as listed, too; may be repeated."),
]
ChannelNames = Annotated[
    str | None, typer.Option(help="Channels to follow, parted by commas: ownership,supply.")
]
KindNames = Annotated[
    str | None,
    typer.Option(help="Kinds of relation to follow, parted by commas: OWNS,CONTROLS."),
]
MaxHops = Annotated[int | None, typer.Option(min=1, help="Only paths of at most so many hops.")]


def parted(text: str | None) -> list[str]:
    """The names in a text that are parted by commas."""
    return [name.strip() for name in (text or "").split(",") if name.strip()]


def say(text: str) -> None:
    """Tell the user something beside the answer."""
    typer.echo(text, err=True)


def remark(form: Format, *remarks: str) -> None:
    """Say first what must be said of a rule on the day, where the answer has no place for it."""
    for said in filter(None, remarks if form is Format.CSV else ()):
        say(said)


def say_licences(store: Store) -> None:
    """Say what the licences of a graph's datasets forbid."""
    from spillover.graph.evidence import licence_notice

    notice = licence_notice(load.dataset for load in store.loads)
    if notice:
        say(notice)


def graph_path(graph: Path | None) -> Path:
    """The graph file that is meant; the user's own is made of the built-in facts when missing."""
    if graph is not None:
        return graph
    from spillover.loaders.home import build_facts, data_folder

    path = data_folder() / "graph.db"
    if not path.exists():
        build_facts(path)
        say(f"no graph named: built the built-in facts into {path}")
    return path


@contextmanager
def opened(graph: Path | None, known_at: str | None = None) -> Iterator[Graph]:
    """The graph that is meant, as of the version that is meant; its licences are spoken of."""
    from spillover.graph.dates import day_range
    from spillover.graph.session import Graph

    if known_at is not None:
        day_range(known_at)
    terminal = sys.stderr.isatty()
    with Graph(graph_path(graph), known_at, progress=say if terminal else None) as opened:
        say_licences(opened.store)
        yield opened


def asked(as_of: str | None, max_age: str | None, min_confidence: Confidence) -> Conditions:
    """The conditions of a question."""
    from spillover.queries.conditions import conditions

    return conditions(as_of, max_age, min_confidence)


def write(view: View, form: Format, output: Path | None) -> None:
    """Put an answer on standard output, or into a file."""
    from spillover.views.output import deliver

    deliver(view, form.value, output)
    if output is not None:
        say(f"wrote {output}")
