"""What does a search for breaks in trade look like: tables, plain data, page?"""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from spillover.queries.diversion.ranges import Range
from spillover.views import grid, plain
from spillover.views.amounts.figures import Look, Shift, Shifts, Span
from spillover.views.diversion.words import amount, count, scale
from spillover.views.grid import Grid, Rows
from spillover.views.output import View
from spillover.views.plain import Plain

if TYPE_CHECKING:
    from spillover.queries.diversion.scan import Break, Leg, Scan
    from spillover.views.page import Page

METHOD: Final = (
    """For every good, supplier, target and year: the direct flow falls, stays down and was a part
    of the target's imports that matters; the supplier's flow to a hub and the hub's flow to the
    target rise, every later year above every earlier one. What can have passed through is the
    least of the fall and the two rises.""",
    """Amounts of a search are estimates in floats. One report is taken for each flow, the one that
    names it in most years. A year in which a reporter names other flows of the good, but not this
    one, counts as nothing; a year without any report is unknown.""",
)
BEWARE: Final = (
    """A break is a place to look at, no finding about anybody: two firms that change their
    customers in one year look the same. docs/diversion.md says how many planted diversions are
    found, and how often there is a break without one.""",
)


def scan_view(answer: Scan) -> View:
    """Breaks in every form."""

    def page() -> Page:
        return _page(answer)

    return View(lambda: _plain(answer), lambda: tables(answer), page)


def tables(answer: Scan) -> tuple[Grid, ...]:
    """Breaks, the years of each leg, and the rows."""
    claims = [claim for one in answer.breaks for claim in one.claims]
    rows = grid.evidence("Rows that the breaks stand on", claims, whole=True)
    return (breaks(answer), years(answer), rows) if answer.breaks else (breaks(answer),)


def title(answer: Scan) -> str:
    """What was asked."""
    end = f" to {answer.target.name}" if answer.target else ""
    day = f" since {answer.since}" if answer.since else ""
    return f"Breaks in flows{end}{day}, as of {answer.when.as_of}"


def breaks(answer: Scan) -> Grid:
    """One row for each break."""
    rows: Rows = [
        (
            f"HS {one.good.code}",
            one.year,
            grid.name(one.direct.exporter),
            grid.name(one.outward.exporter),
            grid.name(one.direct.importer),
            _money(one.lost, one.unit),
            _money(one.through, one.unit),
            f"≈ {100 * one.share:.0f} %",
            _why(one),
        )
        for one in answer.breaks
    ]
    columns = "Good|From|Supplier|Hub|Target|Lost a year|Through the hub|Of the loss|Why"
    return grid.made(title(answer), columns, rows, "\n".join(summary(answer)))


def summary(answer: Scan) -> list[str]:
    """How much was searched, and from where on something is a break."""
    bounds = answer.bounds
    searched, fell = count(answer.flows, "flow"), count(answer.falls, "direct flow")
    ways = count(len(answer.breaks) + answer.hidden, "way")
    hidden = f", {answer.hidden} not shown" if answer.hidden else ""
    broken = (
        f"A direct flow breaks off if it loses {100 * bounds.fall:g} %, and that was"
        f" {100 * bounds.part:g} % of the target's imports"
    )
    way = (
        f"a way counts if both its legs grew {bounds.growth:g} times and it can have carried"
        f" {100 * bounds.share:g} % of the loss, and the loss as much of the lesser rise"
    )
    said = [
        f"Goods: {'; '.join(answer.asked)}",
        f"{searched} searched, {fell} broke off, {ways} through others found{hidden}",
        f"{broken}; {way}",
    ]
    if answer.unsearched:
        said.append(
            f"{count(answer.unsearched, 'claim')} not searched: parts of flows, other periods than"
            " years, or no single value"
        )
    return said


def _why(one: Break) -> str:
    return (
        f"{one.direct.exporter.name} to {one.direct.importer.name}: {_words(one.direct, one)};"
        f" to {one.outward.exporter.name}: {_words(one.inward, one)};"
        f" from there on: {_words(one.outward, one)}"
    )


def _words(leg: Leg, one: Break) -> str:
    before, after = _levels(leg, one)
    return f"{_money(before, one.unit)} → {_money(after, one.unit)} a year"


def _levels(leg: Leg, one: Break) -> tuple[float, float]:
    """Mean of the known years before and from the break on."""
    sides: tuple[list[float], list[float]] = ([], [])
    for year, value in leg.amounts:
        if value is not None:
            sides[year >= one.year].append(value)
    before, after = (sum(side) / len(side) if side else 0.0 for side in sides)
    return before, after


def _money(value: float, unit: str) -> str:
    exact = Fraction(value)
    return amount(Range(exact, exact), unit)


def years(answer: Scan) -> Grid:
    """Each leg, year by year."""
    rows: Rows = [
        (
            f"HS {one.good.code}",
            f"{leg.exporter.name} → {leg.importer.name}",
            role,
            leg.voice,
            "; ".join(
                f"{year}: {'unknown' if value is None else _money(value, one.unit)}"
                for year, value in leg.amounts
            ),
        )
        for one in answer.breaks
        for role, leg in (("direct", one.direct), ("in", one.inward), ("out", one.outward))
    ]
    return grid.made("The three flows of each break", "Good|Flow|Leg|Report|By year", rows)


def _plain(answer: Scan) -> Plain:
    return {
        "question": "diversion_scan",
        **plain.conditions(answer.when),
        "target": answer.target and plain.party(answer.target),
        "since": answer.since,
        "goods_asked": list(answer.asked),
        "bounds": asdict(answer.bounds),
        "flows": answer.flows,
        "broke_off": answer.falls,
        "claims_not_searched": answer.unsearched,
        "breaks": [_break(answer, one) for one in answer.breaks],
        "breaks_left_out": answer.hidden,
        **plain.sources(answer.sources),
    }


def _break(answer: Scan, one: Break) -> Plain:
    return {
        "good": {"hs6": one.good.code, "name": answer.names[one.good]},
        "from_year": one.year,
        "unit": one.unit,
        "lost": round(one.lost, 2),
        "through_at_most": round(one.through, 2),
        "share_of_loss": round(one.share, 6),
        "why": _why(one),
        **{
            name: {
                "exporter": plain.party(leg.exporter),
                "importer": plain.party(leg.importer),
                "report": leg.voice,
                "by_year": dict(leg.amounts),
            }
            for name, leg in (
                ("direct", one.direct),
                ("into_hub", one.inward),
                ("to_target", one.outward),
            )
        },
        "claims": [plain.claim(claim) for claim in one.claims],
    }


def _page(answer: Scan) -> Page:
    from spillover.views.method import LIMITS, datasets, table
    from spillover.views.page import Page, Section

    found, *rest = tables(answer)
    figures = tuple(_figure(answer, one) for one in answer.breaks[:5])
    return Page(
        title=found.title,
        headline=_headline(answer),
        facts=(("As of", answer.when.as_of), ("Flows searched", f"{answer.flows:,}")),
        sections=(
            Section("In short", tuple(f"{line}." for line in summary(answer))),
            Section("Before and after", figures=figures),
            Section("Breaks", tables=(table(found),)),
            *(Section(one.title, tables=(table(one),)) for one in rest),
        ),
        datasets=datasets(answer.sources),
        method=METHOD,
        limits=(*BEWARE, *LIMITS),
        generated=f"by Spillover, as of {answer.when.as_of}",
        data=_plain(answer),
    )


def _headline(answer: Scan) -> str:
    if not answer.breaks:
        return "No flow that broke off took a way through others"
    one = answer.breaks[0]
    ends = one.direct.exporter.name, one.direct.importer.name, one.outward.exporter.name
    return f"{ends[0]} to {ends[1]}, {one.year}: up to {100 * one.share:.0f} % through {ends[2]}"


def _figure(answer: Scan, one: Break) -> Shifts:
    rows = []
    legs = one.direct, one.inward, one.outward
    largest = max(end for leg in legs for end in _levels(leg, one))
    factor, unit = scale(one.unit, Fraction(largest))
    for leg in legs:
        before, after = (end / factor for end in _levels(leg, one))
        name = f"{leg.exporter.name} → {leg.importer.name}"
        look: Look = "bad" if leg is one.direct else ""
        text = _words(leg, one)
        rows.append(Shift(name, Span(before, before), Span(after, after), text, look))
    return Shifts(
        f"HS {one.good.code}, before and from {one.year} on",
        unit,
        tuple(rows),
        caption=f"As of {answer.when.as_of}; means of the years that are known",
    )
