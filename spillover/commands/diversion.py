"""The command about diversion: do goods come to a target through others since a day?"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

import typer

from spillover.commands.options import Question, asks, parted


@asks
def diversion(
    question: Question,
    products: Annotated[
        list[str],
        typer.Option(
            "--products", help="HS codes, goods or regimes, parted by commas; repeatable."
        ),
    ],
    target: Annotated[str | None, typer.Option(help="The importer; all of them if unset.")] = None,
    since: Annotated[
        str | None, typer.Option(help="When direct exports were controlled; every year if unset.")
    ] = None,
    direct: Annotated[
        str | None,
        typer.Option(help="Whose exports are direct: countries or regimes, parted by commas."),
    ] = None,
    regime: Annotated[
        list[str] | None,
        typer.Option("--regime", help="Exports of its members are direct; repeatable."),
    ] = None,
    hub: Annotated[
        list[str] | None, typer.Option("--hub", help="Only this hub; repeatable.")
    ] = None,
    baseline: Annotated[str, typer.Option(help="How far to look before the day: 3y, 18m.")] = "3y",
    horizon: Annotated[str, typer.Option(help="How far to look after the day: 3y, 18m.")] = "3y",
    measure: Annotated[
        Literal["value", "weight", "quantity"] | None,
        typer.Option(help="Compare value, weight or quantity; what most flows state if unset."),
    ] = None,
    cif_fob: Annotated[
        str, typer.Option(help="Import over export value that freight and insurance make.")
    ] = "1.06",
    controls: Annotated[
        str | None, typer.Option(help="Goods that are not controlled, parted by commas.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Hubs of each kind of goods to tell.")] = 10,
) -> None:
    """Show through whom goods may come to a target when direct exports fell."""
    from spillover.queries.diversion.diversion import Plan
    from spillover.queries.diversion.diversion import diversion as ask
    from spillover.queries.diversion.scan import scan
    from spillover.views.diversion.output import diversion_view
    from spillover.views.diversion.scan import scan_view

    when = question.when
    goods = [name for text in products for name in parted(text)]
    plan = Plan(baseline, horizon, measure, _ratio(cif_fob), tuple(parted(controls)), top)
    with question.opened() as found:
        if target is None or since is None:
            senders = [*parted(direct), *(regime or ())]
            breaks = scan(
                found,
                goods,
                when=when,
                target=target,
                since=since,
                direct=senders,
                hubs=hub or (),
                top=top,
            )
            question.write(scan_view(breaks))
            return
        answer = ask(
            found,
            goods,
            target,
            since=since,
            when=when,
            direct=parted(direct),
            regimes=regime or (),
            hubs=hub or (),
            plan=plan,
        )
        question.write(diversion_view(answer))


def _ratio(text: str) -> Fraction:
    from spillover.graph.errors import InputError

    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise InputError(
            f"ratio of import to export value {text!r} is no number; write for example 1.06"
        ) from None
