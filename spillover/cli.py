"""The command line: one application of all commands, and how it ends."""

from __future__ import annotations

import gc
import os
import sys
from typing import Annotated, NoReturn

import typer

from spillover import __version__
from spillover.commands import (
    chokepoints,
    coalition,
    comparing,
    cypher,
    datasets,
    diversion,
    entities,
    graphs,
    markets,
    optimise,
    ownership,
    scenario,
    screening,
    sectors,
    servers,
    strategic,
    systemic,
    ties,
    verdicts,
)
from spillover.graph.errors import SpilloverError

app = typer.Typer(
    name="spillover",
    help="If this parent is sanctioned, who else is hit, how hard, through which path, how sure?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    *(graphs.demo, datasets.load, datasets.loaders, datasets.status),
    *(datasets.quarantine, datasets.unload, graphs.search),
    *(entities.show, entities.owners, entities.subsidiaries),
    *(ownership.shares, ownership.beneficial, ownership.power),
    *(verdicts.blocked, verdicts.why, verdicts.gaps),
    *(ties.ties, chokepoints.chokepoints, sectors.sectors),
    *(markets.market, markets.collateral),
    *(coalition.coalition, diversion.diversion),
    *(strategic.strategic,),
    *(systemic.systemic,),
    *(optimise.optimise,),
    *(entities.exposure, screening.screen, comparing.diff, comparing.watch, graphs.export),
):
    app.command()(command)
app.add_typer(verdicts.rules, name="rules")
app.add_typer(scenario.scenario, name="scenario")
for command in (cypher.questions, cypher.ask, cypher.verdicts):
    servers.neo4j.command()(command)
app.add_typer(servers.neo4j, name="neo4j")


def main() -> NoReturn:
    """Run the command line; errors that a user can cause end in one line and their exit code."""
    sys.argv[1:] = [_text(word) for word in sys.argv[1:]]
    # No question multiplies matrices; starting threads that could takes a tenth of a second.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a question makes is used until it ends: looking for cycles in it wastes a tenth of it.
    gc.set_threshold(100_000, 50, 50)
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
