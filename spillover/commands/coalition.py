"""The command about coalitions: what do countries cover together, what does a defection cost?"""

from __future__ import annotations

from typing import Annotated

import typer

from spillover.commands.options import Question, asks, country_code, parted
from spillover.graph.errors import InputError


@asks
def coalition(
    question: Question,
    product: Annotated[str, typer.Argument(help="The product: id, identifier or name.")] = "",
    members: Annotated[
        str | None,
        typer.Option(help="Countries, or regimes for their members, parted by commas: US,NL,JP."),
    ] = None,
    regime: Annotated[
        list[str] | None,
        typer.Option("--regime", help="A regime, for its members on the day: EU; repeatable."),
    ] = None,
    without: Annotated[
        str | None, typer.Option(help="Members that leave, parted by commas: NL.")
    ] = None,
    cover: Annotated[str, typer.Option(help="The part to be covered, in percent.")] = "80",
    against: Annotated[
        str | None, typer.Option(help="The country to be denied the product: CN.")
    ] = None,
    regimes: Annotated[
        bool, typer.Option("--regimes", help="List the regimes with their members on the day.")
    ] = False,
) -> None:
    """Show what a coalition covers of a product and its inputs, and what one defection costs."""
    from spillover.queries.coalitions import coalition as asking
    from spillover.queries.coalitions.regimes import regimes as list_regimes
    from spillover.views.coalitions.output import coalition_view, regimes_view

    when = question.when
    countries, named = _parties(members)
    named += regime or []
    with question.opened() as found:
        if regimes:
            if product or countries:
                raise InputError("--regimes lists regimes; leave product and countries out")
            listed = list_regimes(found, when, named)
            question.write(regimes_view(listed, members=bool(named)))
            return
        if not product:
            raise InputError("name a product, or list the regimes with --regimes")
        answer = asking.coalition(
            found,
            product,
            when,
            members=countries,
            regimes=named,
            without=[country_code(name) for name in parted(without)],
            cover=cover,
            against=country_code(against) if against else "",
        )
        question.write(coalition_view(answer))


def _parties(text: str | None) -> tuple[list[str], list[str]]:
    """The countries among the names, and the others, which can only be regimes."""
    from spillover.loaders.reading.countries import alpha2

    names = parted(text)
    return [code for n in names if (code := alpha2(n))], [n for n in names if not alpha2(n)]
