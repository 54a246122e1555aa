"""What do the commands share: their options, how a graph is opened, how an answer is written."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from spillover.graph.evidence import Confidence

if TYPE_CHECKING:
    from spillover.graph.neo4j.address import Address
    from spillover.graph.session import Graph
    from spillover.graph.store import Store
    from spillover.queries.conditions import Conditions
    from spillover.views.output import View

    Whole = Callable[[Address], Graph]
    OfServer = Callable[[Address, Whole], Graph]
    """What opens a part of a server's graph, given what opens the whole."""


class Format(StrEnum):
    """Forms of an answer."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    XLSX = "xlsx"


GraphOption = Annotated[
    str | None,
    typer.Option(
        "--graph",
        envvar="SPILLOVER_GRAPH",
        help="Graph file, or neo4j://HOST/DATABASE; else the user's own file.",
    ),
]
FileOption = Annotated[
    str | None,
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


def country_code(name: str) -> str:
    """The alpha-2 code of a country that a user names by its name or code.

    Raises:
        InputError: no country is called so.
    """
    from spillover.graph.errors import InputError
    from spillover.loaders.reading.countries import alpha2

    code = alpha2(name)
    if not code:
        raise InputError(f"country {name!r} is unknown; write its ISO 3166 code, for example cn")
    return code


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


def graph_path(graph: str | Path | None) -> Path:
    """The graph file that is meant; the user's own is made of the built-in facts when missing.

    Raises:
        InputError: it is the address of a server, where nothing can be written.
    """
    from spillover.graph.errors import InputError
    from spillover.graph.neo4j.address import address, is_address

    if is_address(graph):
        raise InputError(
            f"{address(str(graph))}: a server, and this needs a graph file; pull one with"
            " `spillover neo4j pull`, and push it when it is changed"
        )
    if graph is not None:
        return Path(graph)
    from spillover.loaders.home import build_facts, data_folder

    path = data_folder() / "graph.db"
    if not path.exists():
        build_facts(path)
        say(f"no graph named: built the built-in facts into {path}")
    return path


@contextmanager
def opened(
    graph: str | Path | None, known_at: str | None = None, part: OfServer | None = None
) -> Iterator[Graph]:
    """The graph that is meant, as of the version that is meant; its licences are spoken of.

    Args:
        graph: see :func:`version`.
        known_at: a day (ISO date, also partial); None for the newest version.
        part: see :func:`version`.
    """
    from spillover.graph.dates import day_range

    if known_at is not None:
        day_range(known_at)
    with version(graph, known_at or "", part) as opened:
        say_licences(opened.store)
        yield opened


@contextmanager
def version(graph: str | Path | None, said: str, part: OfServer | None = None) -> Iterator[Graph]:
    """A version of the graph that is meant.

    Args:
        graph: a graph file, the address of a server, or None for the user's own file.
        said: a day (ISO date, also partial), ``v`` and a number, or empty for the newest version.
        part: how a part is opened that is enough, where the graph is on a server.
    """
    from spillover.graph.neo4j.address import is_address
    from spillover.graph.versions import GraphAt

    progress = say if sys.stderr.isatty() else None
    if is_address(graph):
        with _on_server(str(graph), said, progress, part) as found:
            yield found
    else:
        with GraphAt(graph_path(graph), said, progress) as found:
            yield found


def _on_server(
    text: str, said: str, progress: Callable[[str], None] | None, part: OfServer | None
) -> Graph:
    """A version of the graph on a server, or as much of the newest as is enough."""
    from spillover.graph.neo4j.address import address
    from spillover.graph.neo4j.session import ServerGraph
    from spillover.views.progress import progress as counter

    def whole(where: Address) -> Graph:
        with counter(f"reading {where}") as advance:
            return ServerGraph(where, said, progress, reading=advance, remark=say)

    where = address(text)
    return whole(where) if part is None or said else part(where, whole)


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


@dataclass(frozen=True, slots=True)
class Question:
    """What every question about a graph says beside itself: of which graph, when, in which form."""

    graph: str | None
    known_at: str | None
    when: Conditions
    form: Format
    output: Path | None

    def opened(self, part: OfServer | None = None) -> AbstractContextManager[Graph]:
        """The graph that is asked, or the part of it that is enough."""
        return opened(self.graph, self.known_at, part)

    def remark(self, *remarks: str) -> None:
        """See :func:`remark`."""
        remark(self.form, *remarks)

    def write(self, view: View) -> None:
        """Put the answer where it was asked for."""
        write(view, self.form, self.output)


def _question(
    *,
    graph: GraphOption = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> Question:
    return Question(graph, known_at, asked(as_of, max_age, min_confidence), form, output)


_Own = ParamSpec("_Own")
_SHARED = tuple(inspect.signature(_question, eval_str=True).parameters.values())


def asks(command: Callable[Concatenate[Question, _Own], None]) -> Callable[..., None]:
    """A command that asks a question: it has the options that all questions share, too.

    Typer reads the options of a command from the signature of its function.
    """

    @wraps(command)
    def asking(**given: Any) -> None:
        shared = {option.name: given.pop(option.name) for option in _SHARED}
        command(_question(**shared), **given)  # type: ignore[call-arg] # Typer gives what it read

    _, *own = inspect.signature(command, eval_str=True).parameters.values()
    options = [option.replace(kind=option.KEYWORD_ONLY) for option in own]
    asking.__dict__["__signature__"] = inspect.Signature([*options, *_SHARED])
    asking.__annotations__ = {}
    return asking
