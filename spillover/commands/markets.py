"""The commands about markets: who makes a product, and what is lost when somebody falls."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from spillover.commands.options import Question, asks, country_code
from spillover.graph.errors import InputError


class Side(StrEnum):
    """Whom a count of a market counts."""

    FIRM = "firm"
    COUNTRY = "country"


CutCountries = Annotated[
    list[str] | None,
    typer.Option("--country", help="Cut this country off, and its firms; repeatable."),
]
FallRule = Annotated[
    str,
    typer.Option(
        "--rule", help="The ownership rule by which others fall with the targets; none: nobody."
    ),
]


@asks
def market(
    question: Question,
    products: Annotated[
        list[str] | None, typer.Argument(help="Products or technologies: ids or names.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="What if this one fell? Repeatable.")
    ] = None,
    country: CutCountries = None,
    rule: FallRule = "us-ofac-50",
    side: Annotated[Side | None, typer.Option(help="Only this count: firm or country.")] = None,
    leaders: Annotated[
        bool, typer.Option("--leaders", help="Rank who leads; of every product, if none is named.")
    ] = False,
) -> None:
    """Show who makes a product, how concentrated that is, and what is lost without somebody."""
    when = question.when
    named = list(products or ())
    if leaders:
        from spillover.queries.markets.leaders import leaders as ask_leaders
        from spillover.views.leaders.output import leaders_view

        if without or country or side:
            raise InputError("--leaders ranks markets as they are; leave out --without, --side")
        with question.opened() as found:
            question.write(leaders_view(ask_leaders(found, when, named)))
        return
    from spillover.queries.markets.market_question import market as ask
    from spillover.views.markets.output import market_view

    if not named:
        raise InputError("no product is named; name one, or rank all with --leaders")
    with question.opened() as found:
        answer = ask(
            found,
            named,
            when,
            without=without or (),
            countries=[country_code(name) for name in country or ()],
            rule=_rule(rule),
            side=side.value if side else None,
        )
        question.remark(answer.remark)
        question.write(market_view(answer))


@asks
def collateral(
    question: Question,
    targets: Annotated[
        list[str] | None, typer.Argument(help="Who falls: ids, identifiers or names.")
    ] = None,
    rule: FallRule = "us-ofac-50",
    country: CutCountries = None,
    draws: Annotated[
        int, typer.Option(min=0, help="Sample the unknowns so often; 0: certain bounds alone.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the sample.")] = 1,
    priors: Annotated[
        Path | None, typer.Option("--priors", help="File of assumptions for the sample (YAML).")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="At most so many rows of each table.")] = 25,
) -> None:
    """Show what markets lose when these fall, and what that puts at risk."""
    from spillover.queries.markets.collateral import collateral as ask
    from spillover.queries.uncertainty.priors import read_priors
    from spillover.views.collateral.output import collateral_view

    with question.opened() as found:
        answer = ask(
            found,
            targets or (),
            question.when,
            rule=_rule(rule),
            countries=[country_code(name) for name in country or ()],
            draws=draws,
            seed=seed,
            priors=read_priors(priors) if priors else None,
        )
        question.remark(answer.remark)
        question.write(collateral_view(answer, top))


def _rule(name: str) -> str:
    """The rule of this name; empty where there is to be none."""
    return "" if name.lower() == "none" else name
