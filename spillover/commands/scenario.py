"""Commands about scenarios: what would change if, and how do two scenarios differ?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.commands.options import (
    Assumed,
    Format,
    FormatOption,
    GraphOption,
    KnownAt,
    MaxAge,
    MinConfidence,
    Output,
    asked,
    opened,
    remark,
    say,
    write,
)
from spillover.graph.errors import InputError

if TYPE_CHECKING:
    from spillover.queries.scenarios.file import Change, Scenario

Files = Annotated[
    list[Path] | None, typer.Argument(help="Scenario files (YAML); several stack in this order.")
]
At = Annotated[
    str | None, typer.Option("--at", help="Day of the question; else the latest of the files.")
]
Rules = Annotated[
    list[str] | None,
    typer.Option(
        "--rule", help="An ownership rule; may be repeated. Else as the files say, or all."
    ),
]
Shown = Annotated[int, typer.Option(min=1, help="At most so many rows of each table.")]
Explored = Annotated[
    int, typer.Option("--explore", min=1, help="Places that the search for paths enters at most.")
]


By = Annotated[
    list[str] | None,
    typer.Option("--by", help="Programme of --designate and --delist; may be repeated."),
]
Designated = Annotated[
    list[str] | None, typer.Option("--designate", metavar="ENTITY", help="Programmes list it.")
]
Delisted = Annotated[
    list[str] | None, typer.Option("--delist", metavar="ENTITY", help="Programmes list it no more.")
]
Divested = Annotated[
    list[str] | None,
    typer.Option("--divest", metavar="WORDS", help="OWNER > ASSET, or with = SHARE and > BUYER."),
]
Acquired = Annotated[
    list[str] | None,
    typer.Option("--acquire", metavar="WORDS", help="OWNER > ASSET = SHARE, or with from SELLER."),
]
Taken = Annotated[
    list[str] | None,
    typer.Option("--assume", metavar="WORDS", help="OWNER > ASSET = SHARE, where it is vague."),
]
Ended = Annotated[
    list[str] | None, typer.Option("--end", metavar="WORDS", help="SOURCE KIND TARGET.")
]
Started = Annotated[
    list[str] | None, typer.Option("--start", metavar="WORDS", help="SOURCE KIND TARGET = SHARE.")
]
Saved = Annotated[
    Path | None, typer.Option("--save", help="Write all of it as one scenario file, too.")
]

scenario = typer.Typer(
    help="Ask what would change if: `spillover scenario run`, `spillover scenario compare`.",
    no_args_is_help=True,
)


@scenario.command("run")
def _run(
    files: Files = None,
    graph: GraphOption = None,
    designate: Designated = None,
    delist: Delisted = None,
    by: By = None,
    divest: Divested = None,
    acquire: Acquired = None,
    assume: Taken = None,
    end: Ended = None,
    start: Started = None,
    rule: Rules = None,
    target: Assumed = None,
    at: At = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    limit: Shown = 100,
    explore: Explored = 10_000,
    save: Saved = None,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show what a scenario changes: verdicts by rule, listings and exposures, and why."""
    from spillover.queries.scenarios.scenario import conditions_of, run
    from spillover.queries.scenarios.words import in_words
    from spillover.views.scenarios.output import outcome_view

    said = {
        "designate": designate,
        "delist": delist,
        "divest": divest,
        "acquire": acquire,
        "assume": assume,
        "end": end,
        "start": start,
    }
    changes = [
        in_words(verb, text, by or ()) for verb, texts in said.items() for text in texts or ()
    ]
    if by and not (designate or delist):
        raise InputError("--by says who lists; give --designate or --delist with it")
    scenarios = [*map(read_scenario, files or ()), *_own(changes)]
    when = conditions_of(scenarios, asked(None, max_age, min_confidence), at)
    with opened(graph, known_at) as found:
        answer = run(
            found,
            scenarios,
            when,
            rules=rule or (),
            targets=target or (),
            limit=limit,
            explore=explore,
        )
        remark(form, *answer.changes.remarks)
        write(outcome_view(answer), form, output)
    if save is not None:
        _save(scenarios, at, save)


@scenario.command("compare")
def _compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="A scenario file.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="Another one.")],
    graph: GraphOption = None,
    rule: Rules = None,
    target: Assumed = None,
    at: At = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    limit: Shown = 100,
    explore: Explored = 10_000,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show two scenarios side by side: how everybody stands as it is, under A and under B."""
    from spillover.queries.scenarios.scenario import compare, conditions_of
    from spillover.views.scenarios.output import compared_view

    one, other = read_scenario(first), read_scenario(second)
    when = conditions_of([one, other], asked(None, max_age, min_confidence), at)
    with opened(graph, known_at) as found:
        answer = compare(
            found,
            [one],
            [other],
            when,
            rules=rule or (),
            targets=target or (),
            explore=explore,
        )
        remark(form, *answer.first.changes.remarks)
        write(compared_view(answer, limit), form, output)


def read_scenario(path: Path) -> Scenario:
    """The scenario of a file; one that has no name is called as the file is."""
    from spillover.queries.scenarios.file import SIZE_LIMIT, Scenario

    try:
        with path.open("rb") as stream:
            text = stream.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: cannot be read ({reason}); name a scenario file") from error
    if len(text) > SIZE_LIMIT:
        raise InputError(f"{path}: larger than {SIZE_LIMIT >> 20} MiB; is it a scenario?")
    found = Scenario.read(text, str(path))
    return found if found.name else found.model_copy(update={"name": path.stem})


def _own(changes: list[Change]) -> list[Scenario]:
    """The changes of the command line as a scenario, where there are any."""
    from spillover.queries.scenarios.file import Scenario

    return [Scenario(changes=tuple(changes))] if changes else []


def _save(scenarios: list[Scenario], at: str | None, path: Path) -> None:
    from spillover.queries.scenarios.saved import stacked, text_of
    from spillover.views.output import write_pieces

    write_pieces([text_of(stacked(scenarios, at))], path)
    say(f"wrote {path}")
