"""The command that screens a portfolio: which suppliers or holdings are hit, and how?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.commands.options import Assumed, Format, Question, asks, say

if TYPE_CHECKING:
    from spillover.graph.session import Graph
    from spillover.loaders.reading.amounts import DecimalSign
    from spillover.loaders.reading.portfolio import Portfolio
    from spillover.queries.conditions import Conditions
    from spillover.queries.screening.screen import Screening

PortfolioFile = Annotated[
    Path, typer.Argument(help="Suppliers or holdings: CSV, TSV, XLSX, Parquet, JSON lines.")
]
Rules = Annotated[
    list[str] | None,
    typer.Option("--rule", help="An ownership rule; may be repeated. All of sanctions if unset."),
]
Encoding = Annotated[str, typer.Option(help="Encoding of a text file.")]
DecimalOption = Annotated[
    str, typer.Option("--decimal", help="The decimal sign of amounts: . or , where it is unclear.")
]
Candidates = Annotated[
    int, typer.Option(min=1, max=50, help="Entities named for a row that may be several.")
]
Exposures = Annotated[
    bool, typer.Option("--exposures/--no-exposures", help="Search exposure paths, too.")
]
SearchLimit = Annotated[int, typer.Option(min=1, help="Places that the search for paths enters.")]
MinStrength = Annotated[
    str, typer.Option(help="Only paths whose strength can be at least this, in percent.")
]

_SAID = 5
"""Rows set aside that are told of one by one on standard error."""


@asks
def screen(
    question: Question,
    portfolio: PortfolioFile,
    rule: Rules = None,
    target: Assumed = None,
    encoding: Encoding = "utf-8",
    decimal: DecimalOption = "",
    candidates: Candidates = 5,
    exposures: Exposures = True,
    min_strength: MinStrength = "0",
    limit: SearchLimit = 50_000,
) -> None:
    """Screen a portfolio: which rows are listed, blocked, exposed, or an open question.

    Exit code 10: something is hit; 11: nothing is, but questions are open; 0: neither.
    """
    from spillover.views.screening.output import screening_view

    when = question.when
    read = portfolio_of(portfolio, encoding, decimal)
    with question.opened() as found:
        answer = screened(
            found,
            read,
            when,
            rules=rule or (),
            targets=target or (),
            candidates=candidates,
            exposures=exposures,
            min_strength=min_strength,
            limit=limit,
        )
        if question.form is Format.CSV:  # the other forms have a place for it
            _tell(read)
        question.write(screening_view(answer))
    raise typer.Exit(answer.exit_code)


def _tell(read: Portfolio) -> None:
    """Say what is to be known of the file."""
    for note in read.notes:
        say(note)
    for item in read.aside[:_SAID]:
        say(f"{read.file}: {item.position} set aside: {item.reason}")
    if len(read.aside) > _SAID:
        say(f"{read.file}: {len(read.aside) - _SAID} further rows set aside")


def portfolio_of(path: Path, encoding: str = "utf-8", decimal: str = "") -> Portfolio:
    """A portfolio as its file says.

    Raises:
        InputError: it cannot be read, or the decimal sign is none.
    """
    from spillover.graph.errors import InputError
    from spillover.loaders.reading.portfolio import read_portfolio

    signs: dict[str, DecimalSign] = {"": "", ".": ".", ",": ","}
    if decimal not in signs:
        raise InputError(f"--decimal {decimal[:20]!r} is no decimal sign; use . or ,")
    return read_portfolio(path, encoding=encoding, decimal=signs[decimal])


def screened(
    graph: Graph,
    read: Portfolio,
    when: Conditions,
    *,
    rules: list[str] | tuple[str, ...] = (),
    targets: list[str] | tuple[str, ...] = (),
    candidates: int = 5,
    exposures: bool = True,
    min_strength: str = "0",
    limit: int = 50_000,
) -> Screening:
    """A portfolio that was read, screened.

    Raises:
        StakeError: the least strength is no percentage.
        NotFoundError, AmbiguousError: a rule or a target.
    """
    from fractions import Fraction

    from spillover.graph.stake import WHOLE, parse_stake
    from spillover.queries.screening.screen import Row, SetAside, screen

    return screen(
        graph,
        [Row(*line) for line in read.lines],
        when,
        rules=rules,
        targets=targets,
        portfolio=read.file,
        aside=[SetAside(*item) for item in read.aside],
        notes=read.notes,
        candidates=candidates,
        exposures=exposures,
        limit=limit,
        least=Fraction(parse_stake(min_strength).low, WHOLE),
    )
