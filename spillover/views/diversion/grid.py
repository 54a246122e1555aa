"""How does an answer about diversion become tables: hubs, measures, suppliers, goods, rows?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.queries.diversion.change import Change
from spillover.queries.diversion.ranges import Range
from spillover.views import grid
from spillover.views.diversion.rows import aside, rows
from spillover.views.diversion.words import (
    amount,
    cautions,
    compared,
    count,
    gap,
    part_of_year,
    percent,
    rank_note,
    times,
    voice,
    why,
)
from spillover.views.grid import Grid, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spillover.queries.diversion.answer import Basket, Diversion, Hub
    from spillover.queries.diversion.change import GoodChange, Level

_OUTLINE: Final = (
    "Goods|Rank|Hub|Before|After|Change|Rise|Of the fall of direct exports|Fed by its own imports"
)
_MEASURES: Final = (
    "Rise of its imports from direct suppliers|Gap into it: before, after|Never arrived there"
    "|Gap to the target: before, after|Reported as re-exports|Controlled against other goods"
    "|Unit values|Stands on"
)
GOODS: Final = 60
"""Rows of single goods that are shown; others are counted."""


def tables(answer: Diversion) -> tuple[Grid, ...]:
    """Every table, the hubs first; those without rows are left out but for the first."""
    first, *rest = (
        hubs(answer),
        reasons(answer),
        measures(answer),
        suppliers(answer),
        goods(answer),
        aside(answer),
        rows(answer),
    )
    return first, *(one for one in rest if one.rows)


def title(answer: Diversion) -> str:
    """What was asked."""
    return f"Diversion to {answer.target.name} since {answer.since}, as of {answer.when.as_of}"


def _ranked(answer: Diversion) -> Iterator[tuple[Basket, int, Hub]]:
    for basket in answer.baskets:
        for rank, hub in enumerate(basket.hubs, start=1):
            yield basket, rank, hub


def hubs(answer: Diversion) -> Grid:
    """One row for each hub, basket after basket."""
    found: Rows = [
        (basket.name, str(rank), *_outline(hub, basket)) for basket, rank, hub in _ranked(answer)
    ]
    return grid.made(title(answer), _OUTLINE, found, "\n".join(summary(answer)))


def everything(answer: Diversion) -> Grid:
    """The same with every measure and the reason, for spreadsheets."""
    found: Rows = [
        (
            *(basket.name, str(rank), *_outline(hub, basket)),
            *(why(hub, basket, answer), "; ".join(cautions(hub)), *_measured(hub, basket)),
        )
        for basket, rank, hub in _ranked(answer)
    ]
    return grid.made(title(answer), f"{_OUTLINE}|Why|Beware|{_MEASURES}", found)


def reasons(answer: Diversion) -> Grid:
    """Why each hub stands there, in a sentence, and what makes its numbers weak."""
    found: Rows = [
        (why(hub, basket, answer), "; ".join(cautions(hub)) or "-")
        for basket, _, hub in _ranked(answer)
    ]
    return grid.made("Why", "Hub|Beware", found)


def _outline(hub: Hub, basket: Basket) -> tuple[str, ...]:
    exports = hub.exports
    return (
        grid.name(hub.party),
        amount(exports.before, basket.unit),
        amount(exports.after, basket.unit),
        times(exports),
        _rise(hub, basket),
        percent(hub.substitution),
        percent(hub.fed),
    )


def _rise(hub: Hub, basket: Basket) -> str:
    """The rise as picked, and what other reports make of it."""
    exports = hub.exports
    said = amount(exports.rise, basket.unit) if exports.complete else "unknown"
    if exports.widest == exports.rise or not exports.widest.known:
        return said
    return f"{said} (either end: {amount(exports.widest, basket.unit)})"


def summary(answer: Diversion) -> list[str]:
    """What is true of the whole answer: goods, direct suppliers, falls, evidence, limits."""
    said = [f"Goods: {'; '.join(answer.asked)}", f"Direct suppliers: {answer.direct}"]
    said.append(
        f"Levels are means of the {answer.baseline} before {answer.since} and the"
        f" {answer.horizon} after it; imports are divided by {float(answer.ratio):g} where they"
        " are set beside exports"
    )
    for basket in answer.baskets:
        said += _basket_words(answer, basket)
    said += [f"Published: {figure}" for figure in answer.published]
    if answer.unread:
        count = len(answer.unread) + answer.unread_hidden
        said.append(f"{count} amounts or periods could not be read; they are listed")
    return said


def _basket_words(answer: Diversion, basket: Basket) -> list[str]:
    name = basket.name
    if not basket.unit:
        return [f"{name}: no flow into {answer.target.name} in these years states an amount"]
    if basket.direct is None:
        fell = "no direct exports are known"
    elif not basket.direct.complete:
        known = "before" if basket.direct.before else "after"
        fell = f"direct exports are known only {known} the day"
    else:
        fell = (
            f"direct exports went from {amount(basket.direct.before, basket.unit)} to"
            f" {amount(basket.direct.after, basket.unit)} in {part_of_year(basket.direct.part)}"
        )
    said = [f"{name}: {fell}; hubs are {rank_note(basket)}"]
    if basket.substitution is not None:
        rose = percent(basket.substitution)
        said.append(f"{name}: rises of all hubs together are {rose} of the fall")
    if basket.elsewhere:
        said.append(
            f"{name}: {basket.elsewhere} claims that state no {basket.measure} in {basket.unit}"
            " are not compared"
        )
    return said


def measures(answer: Diversion) -> Grid:
    """Mirror gaps, goods that never arrived, controlled against other goods, unit values."""
    found: Rows = []
    for basket in answer.baskets:
        if basket.compared is not None:
            direct = compared(basket.compared)
            found.append((basket.name, "direct suppliers", *["-"] * 5, direct, "-", "-"))
        found += [
            (basket.name, grid.name(hub.party), *_measured(hub, basket)) for hub in basket.hubs
        ]
    note = (
        "gap: ln of what is reported as sent less ln of what is reported as arrived, freight taken"
        " out; above 0 more was sent than arrived"
    )
    return grid.made("Measures of each hub", f"Goods|Hub|{_MEASURES}", found, note)


def _measured(hub: Hub, basket: Basket) -> tuple[str, ...]:
    inward, outward = hub.inward, hub.outward
    missing = Range(None, None) if inward.after is None else inward.after.ghost
    return (
        _bought(hub, basket),
        f"{gap(inward.before)}, {gap(inward.after)}",
        amount(missing, basket.unit),
        f"{gap(outward.before)}, {gap(outward.after)}",
        amount(hub.reexports, basket.unit) if hub.reexports else "-",
        compared(hub.compared),
        _prices(hub, basket),
        voice(hub.exports),
    )


def _bought(hub: Hub, basket: Basket) -> str:
    if hub.imports is not None:
        return amount(hub.imports.rise, basket.unit)
    return "none reported" if hub.bought_nothing else "unknown"


def _prices(hub: Hub, basket: Basket) -> str:
    said = [
        f"{one.good.code or one.good.words}: {one.unit_value:.4g} {basket.unit} a kg in"
        f" {one.period}, usually {one.usual:.4g} (z {one.z:+.1f} over {one.history} periods)"
        for one in hub.jumps[:3]
    ]
    if len(hub.jumps) > len(said):
        said.append(f"{len(hub.jumps) - len(said)} more")
    if hub.thin_prices:
        said.append(f"history too short for {count(hub.thin_prices, 'good')}")
    return "; ".join(said) or "no jump"


def suppliers(answer: Diversion) -> Grid:
    """Direct suppliers, the largest fall first."""
    found: Rows = []
    hidden = 0
    for basket in answer.baskets:
        hidden += max(len(basket.suppliers) - GOODS, 0)
        for one in basket.suppliers[:GOODS]:
            exports = one.exports
            found.append(
                (
                    basket.name,
                    grid.name(one.party),
                    amount(exports.before, basket.unit),
                    amount(exports.after, basket.unit),
                    times(exports),
                    part_of_year(exports.part),
                    voice(exports),
                )
            )
    note = f"{hidden} more are not shown" if hidden else ""
    columns = "Goods|Direct supplier|Before|After|Change|Level of|Stands on"
    return grid.made(f"Direct exports to {answer.target.name}", columns, found, note)


def goods(answer: Diversion) -> Grid:
    """Each good of each hub, by every report."""
    found: Rows = []
    for basket in answer.baskets:
        for hub in basket.hubs:
            for one in (*hub.exports.counted, *hub.exports.apart):
                for change in (one.picked, *one.others):
                    found.append(_good(answer, basket, hub, one=one, change=change))
    shown = found[:GOODS]
    hidden = len(found) - len(shown)
    columns = "Hub|Good|Tier|Report|Before|After|Level of|Periods before|Periods after|Picked"
    note = f"{hidden} more rows are not shown" if hidden else ""
    return grid.made("Exports of the hubs by good and by report", columns, shown, note)


def _good(
    answer: Diversion, basket: Basket, hub: Hub, *, one: GoodChange, change: Change
) -> tuple[str, ...]:
    code = f"HS {one.good.code}: " if one.good.code else ""
    return (
        hub.party.name,
        f"{code}{answer.names[one.good]}",
        answer.tiers.get(one.good, "-"),
        change.voice,
        amount(change.before.amount if change.before else None, basket.unit),
        amount(change.after.amount if change.after else None, basket.unit),
        part_of_year(change.part),
        _periods(change.before),
        _periods(change.after),
        "yes" if change is one.picked else "no",
    )


def _periods(level: Level | None) -> str:
    if level is None:
        return "none"
    silent = f" ({level.silent} unnamed: 0)" if level.silent else ""
    return ", ".join(level.periods) + silent
