"""The command about sectors: who loses output with them, by an input-output table?"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from spillover.commands.options import Question, asks


class Measure(StrEnum):
    """Models of who loses."""

    EXTRACTION = "extraction"
    LEONTIEF = "leontief"
    GHOSH = "ghosh"


class By(StrEnum):
    """What a row is."""

    SECTOR = "sector"
    COUNTRY = "country"


@asks
def sectors(
    question: Question,
    targets: Annotated[
        list[str] | None, typer.Argument(help="Ids or names of sectors; without any, a ranking.")
    ] = None,
    measure: Annotated[Measure, typer.Option(help="Model of who loses.")] = Measure.EXTRACTION,
    country: Annotated[
        str | None, typer.Option(help="All sectors of this country are targets, too.")
    ] = None,
    lost: Annotated[
        str,
        typer.Option(help="Percent that targets lose of sales, demand or value added: 30, 20-40."),
    ] = "100",
    top: Annotated[int, typer.Option(min=1, help="At most so many rows.")] = 50,
    by: Annotated[By, typer.Option(help="Rows of the ranking and of the CSV.")] = By.SECTOR,
    dataset: Annotated[
        str, typer.Option(help="The input-output table, where the graph holds several.")
    ] = "",
) -> None:
    """Show who loses output when sectors lose demand, lose supply, or fall out."""
    from spillover.views.sectors.output import losses_view, ranks_view

    when = question.when
    chosen = {"measure": measure.value, "lost": lost, "dataset": dataset}
    with question.opened() as found:
        if targets or country:
            from spillover.queries.sectors.losses import sector_losses

            where = _country(country)
            losses = sector_losses(found, targets or (), when, country=where, top=top, **chosen)
            question.write(losses_view(losses, by_country=by is By.COUNTRY))
        else:
            from spillover.queries.sectors.ranking import sector_ranking

            ranks = sector_ranking(found, when, by_country=by is By.COUNTRY, top=top, **chosen)
            question.write(ranks_view(ranks))


def _country(name: str | None) -> str:
    """The code of a country; a region that is none keeps the label of the table."""
    from spillover.loaders.reading.countries import alpha2

    return (alpha2(name) or name) if name else ""
