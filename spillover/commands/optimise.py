"""The command about the cheapest means: which designations cut a market and spare the others?"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Annotated

import typer

from spillover.commands.options import Question, Rule, asks, country_code, parted
from spillover.graph.errors import InputError

_DIGITS = 6


class Count(StrEnum):
    """Whom a market counts."""

    FIRM = "firm"
    COUNTRY = "country"


@asks
def optimise(
    question: Question,
    product: Annotated[str, typer.Argument(help="The product to cut: id, identifier or name.")],
    cut: Annotated[
        str | None, typer.Option(help="Cut at least this part of its market, in percent: 50.")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="Or: cut most with at most so many points of collateral.")
    ] = None,
    possibly: Annotated[
        bool, typer.Option("--possibly", help="The effect has to be possible, not certain.")
    ] = False,
    through_inputs: Annotated[
        bool, typer.Option("--through-inputs", help="Cut its essential inputs, too.")
    ] = False,
    side: Annotated[Count | None, typer.Option(help="Count firms or countries.")] = None,
    reach: Annotated[str, typer.Option(help="Which of its markets: world, China.")] = "",
    candidate: Annotated[
        list[str] | None,
        typer.Option(help="Who may be designated; repeatable. Else: whoever makes it."),
    ] = None,
    owners_too: Annotated[
        bool, typer.Option("--owners-too", help="Their owners may be designated, too.")
    ] = False,
    countries: Annotated[
        bool, typer.Option("--countries", help="Whole countries may be cut off, too.")
    ] = False,
    rule: Rule = "us-ofac-50",
    spare: Annotated[
        str | None, typer.Option(help="Count only what producers of these lose: US,NL.")
    ] = None,
    finest: Annotated[
        bool, typer.Option("--finest", help="Leave out products of which a kind is counted.")
    ] = False,
    top: Annotated[int, typer.Option(min=1, max=50, help="Offer so many sets.")] = 3,
    points: Annotated[
        int, typer.Option(min=0, max=50, help="Work out the cost of so many effects.")
    ] = 5,
    seconds: Annotated[
        float, typer.Option(min=0.1, help="Take the best sets found so far after so long.")
    ] = 60,
) -> None:
    """Find the designations that cut a market with the least collateral."""
    from spillover.queries.optimiser.answer import Wish
    from spillover.queries.optimiser.optimise import optimise as ask
    from spillover.views.optimised.output import optimise_view

    wish = Wish(
        cut=None if cut is None else _units(cut, "--cut"),
        budget=None if budget is None else _units(budget, "--budget"),
        sure=not possibly,
        inputs=through_inputs,
        side=side.value if side else "",
        reach=reach,
        rule="" if rule.lower() == "none" else rule,
        names=tuple(candidate or ()),
        owners=owners_too,
        countries=countries,
        spare=tuple(country_code(name) for name in parted(spare)),
        finest=finest,
        top=top,
        points=points,
        seconds=seconds,
    )
    with question.opened() as found:
        question.write(optimise_view(ask(found, product, question.when, wish)))


def _units(text: str, option: str) -> int:
    """A number of percent as millionths, exactly.

    Raises:
        InputError: it is no number, or finer than a millionth.
    """
    from spillover.graph.stake import UNITS_PER_PERCENT

    number = text.strip().removesuffix("%").strip()
    whole, _, part = number.partition(".")
    if not (whole + part).isascii() or not (whole + part).isdigit() or len(part) > _DIGITS:
        raise InputError(f"{option} {text!r} is no number of percent; write for example 50 or 12.5")
    return int(Fraction(number) * UNITS_PER_PERCENT)
