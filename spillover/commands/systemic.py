"""The command about contagion: which firms are systemic, and who loses when some of them close."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spillover.commands.options import Question, asks
from spillover.graph.errors import InputError

if TYPE_CHECKING:
    from spillover.queries.contagion.classes import Classes


@asks
def systemic(
    question: Question,
    targets: Annotated[
        list[str] | None, typer.Argument(help="Who closes: ids, identifiers or names; else each.")
    ] = None,
    measure: Annotated[str, typer.Option(help="esri, debtrank or impact.")] = "esri",
    top: Annotated[int, typer.Option(min=1, help="At most so many rows.")] = 50,
    essential: Annotated[
        str, typer.Option(help="Which inputs are essential: all, none, or a CSV file.")
    ] = "all",
    replaceable: Annotated[
        bool,
        typer.Option(
            "--replaceable/--irreplaceable",
            help="Whether others of its industry stand in for a supplier.",
        ),
    ] = True,
    complete: Annotated[
        bool,
        typer.Option("--complete", help="Take the amounts that claims print as all the trade."),
    ] = False,
    tolerance: Annotated[
        float | None, typer.Option(help="Rounds end when no loss changes by more, 0 to 1.")
    ] = None,
    buffer: Annotated[
        float, typer.Option(help="Impact: percent of purchases or sales that a firm can lose.")
    ] = 20.0,
    rule: Annotated[
        str, typer.Option(help="Whom this ownership rule blocks with the targets closes, too.")
    ] = "",
    draws: Annotated[
        int, typer.Option(min=0, help="Esri: sample what is unknown so often; 0: bounds only.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the sample.")] = 1,
    priors: Annotated[
        Path | None, typer.Option("--priors", help="File of assumptions for the sample (YAML).")
    ] = None,
) -> None:
    """Show what would be lost with these firms, and through whom; or with each firm in turn."""
    from spillover.queries.contagion.systemic import systemic as ask
    from spillover.views.systemic.output import systemic_view

    when = question.when
    with question.opened() as found:
        answer = ask(
            found,
            targets or [],
            when,
            measure=measure,
            rule=rule,
            classes=_classes(essential),
            replaceable=replaceable,
            complete=complete,
            tolerance=tolerance,
            buffer=buffer / 100,
            top=top,
        )
        sampled = None
        if draws:
            from spillover.queries.uncertainty.cascades import sample_closure
            from spillover.queries.uncertainty.priors import read_priors

            if answer.terms.measure != "esri":
                raise InputError("--draws samples esri; leave it out for other measures")
            sampled = sample_closure(
                found,
                targets or [],
                when,
                rule=rule,
                classes=_classes(essential),
                replaceable=replaceable,
                complete=complete,
                draws=draws,
                seed=seed,
                priors=read_priors(priors) if priors else None,
            )
        question.remark(answer.remark)
        question.write(systemic_view(answer, sampled))


def _classes(essential: str) -> Classes:
    """Which inputs are essential, by a word or by a file."""
    from spillover.queries.contagion.classes import ALL, NONE, read_classes

    if essential in ("all", "none"):
        return ALL if essential == "all" else NONE
    try:
        text = Path(essential).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"{essential}: cannot be read ({error.strerror}); write all, none, or name a CSV file"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{essential}: is no UTF-8 text; save it as UTF-8") from error
    return read_classes(text, essential)
