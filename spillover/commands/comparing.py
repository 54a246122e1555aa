"""Commands that compare: what changed between versions, days or scenarios, or for a portfolio?"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.commands.options import (
    AsOf,
    Assumed,
    Format,
    FormatOption,
    GraphOption,
    KnownAt,
    Limit,
    MaxAge,
    MinConfidence,
    Of,
    Output,
    asked,
    opened,
    say_licences,
    version,
    write,
)
from spillover.commands.screening import (
    DecimalOption,
    Encoding,
    Exposures,
    PortfolioFile,
    Rules,
    SearchLimit,
    portfolio_of,
    screened,
)
from spillover.graph.errors import InputError

if TYPE_CHECKING:
    from spillover.queries.changes.diff import Asked, Diff
    from spillover.queries.conditions import Conditions

From = Annotated[
    str | None,
    typer.Option(
        "--from", help="Earlier version: a day, or v and a number; else the last but one."
    ),
]
To = Annotated[str | None, typer.Option("--to", help="Later version; the newest if unset.")]
And = Annotated[
    str | None, typer.Option("--and", help="Compare the day of --as-of with this day instead.")
]
Scenarios = Annotated[
    list[Path] | None,
    typer.Option("--scenario", help="Compare two scenario files instead; given twice."),
]
LookFile = Annotated[
    Path | None,
    typer.Option("--look", help="File of the last look; else one for this portfolio."),
]
Save = Annotated[bool, typer.Option("--save/--no-save", help="Keep this look for the next time.")]
Explore = Annotated[int, typer.Option(min=1, help="Places that the search for paths enters.")]


def diff(
    graph: GraphOption = None,
    from_: From = None,
    to: To = None,
    as_of: AsOf = None,
    and_: And = None,
    scenario: Scenarios = None,
    rule: Rules = None,
    target: Assumed = None,
    of: Of = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    exposures: Exposures = True,
    explore: Explore = 10_000,
    limit: Limit = 50,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Show what changed between two versions of the graph, two days or two scenarios.

    Without --and and --scenario: what the last load changed, or what changed between --from and
    --to. Exit code 10: something changed; 11: only open questions did; 0: nothing.
    """
    from spillover.queries.changes.diff import Asked
    from spillover.views.changes.output import diff_view

    when = asked(as_of, max_age, min_confidence)
    question = Asked(rule or (), target or (), of or (), exposures, limit, explore)
    _one_way(versions=bool(from_ or to), days=bool(and_), scenarios=bool(scenario))
    if scenario:
        answer = _of_scenarios((graph, known_at), scenario, (when, as_of), question)
    elif and_:
        days = when, asked(and_, max_age, min_confidence)
        answer = _of_days((graph, known_at), days, question)
    else:
        answer = _of_versions(graph, (from_, to, known_at), when, question)
    write(diff_view(answer), form, output)
    raise typer.Exit(answer.exit_code)


def _one_way(**ways: bool) -> None:
    """See that only one pair is to be compared.

    Raises:
        InputError: several are.
    """
    if sum(ways.values()) > 1:
        raise InputError(
            "versions (--from, --to), days (--and) and scenarios (--scenario) are three questions;"
            " ask one of them"
        )


def _of_versions(
    graph: str | None,
    said: tuple[str | None, str | None, str | None],
    when: Conditions,
    question: Asked,
) -> Diff:
    """The difference between two versions; the later one is the newest, or that known on a day."""
    from spillover.queries.changes.diff import between_versions

    before, after, known_at = said
    with ExitStack() as stack:
        later = stack.enter_context(version(graph, after or known_at or ""))
        say_licences(later.store)
        last = f"v{max(later.store.version - 1, 0)}"
        earlier = stack.enter_context(version(graph, before or last))
        return between_versions(earlier, later, when, question)


def _of_days(
    graph: tuple[str | None, str | None],
    days: tuple[Conditions, Conditions],
    question: Asked,
) -> Diff:
    from spillover.queries.changes.diff import between_days

    with opened(*graph) as found:
        return between_days(found, *days, question)


def _of_scenarios(
    graph: tuple[str | None, str | None],
    files: list[Path],
    asked_of: tuple[Conditions, str | None],
    question: Asked,
) -> Diff:
    """The difference between two scenarios.

    Raises:
        InputError: not two files, or one that cannot be read.
    """
    from spillover.commands.scenario import read_scenario
    from spillover.queries.changes.diff import between_scenarios
    from spillover.queries.scenarios.scenario import conditions_of

    if len(files) != 2:  # noqa: PLR2004 - a comparison has two sides
        raise InputError(
            f"--scenario is given {len(files)} times; give it twice: --scenario A.yml"
            " --scenario B.yml"
        )
    first, second = map(read_scenario, files)
    when, at = asked_of
    with opened(*graph) as found:
        day = conditions_of((first, second), when, at)
        return between_scenarios(found, (first, second), day, question)


def watch(
    portfolio: PortfolioFile,
    graph: GraphOption = None,
    look: LookFile = None,
    save: Save = True,
    rule: Rules = None,
    target: Assumed = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    max_age: MaxAge = None,
    min_confidence: MinConfidence = "medium",
    encoding: Encoding = "utf-8",
    decimal: DecimalOption = "",
    exposures: Exposures = True,
    limit: SearchLimit = 10_000,
    form: FormatOption = Format.TABLE,
    output: Output = None,
) -> None:
    """Screen a portfolio again and show what changed since the last look at it.

    Exit code 10: something changed; 11: only open questions did; 0: nothing. A first look ends as
    `screen` does.
    """
    from spillover.commands.looks import look_path, read_look, save_look
    from spillover.queries.changes.looks import look as seen
    from spillover.queries.changes.watching import watched
    from spillover.views.changes.watch_output import watch_view

    when = asked(as_of, max_age, min_confidence)
    place = look or look_path(portfolio)
    before = read_look(place)
    read = portfolio_of(portfolio, encoding, decimal)
    with opened(graph, known_at) as found:
        answer = screened(
            found,
            read,
            when,
            rules=rule or (),
            targets=target or (),
            exposures=exposures,
            limit=limit,
        )
        after = seen(answer, found.store.key)
    changed = watched(before, after, answer.exit_code)
    write(watch_view(changed, str(place) if save else "", answer.sources), form, output)
    if save:  # last: what could not be told is told again
        save_look(place, after)
    raise typer.Exit(changed.exit_code)
