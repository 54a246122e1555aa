"""How does a sample become tables: likely amounts, what drives them, what they assume?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.grid import Cell, Grid, Rows
from spillover.views.samples.words import (
    ALWAYS,
    ASSUMPTIONS,
    COUNTS,
    MEANING,
    certain,
    heading,
    likely,
    rank,
    unknown,
)

if TYPE_CHECKING:
    from spillover.queries.answer import Claim
    from spillover.queries.uncertainty.priors import Prior
    from spillover.queries.uncertainty.sampled import Driver, Ranges, Sampled, SampledFirms, Spread

_CLAIMS: Final = 3
"""Claims of one unknown that a table names."""
_NAMES: Final = 3
"""Products with the same risk that a table names."""


def grids(sampled: Sampled, top: int | None = None) -> tuple[Grid, ...]:
    """All that a sample of markets says; of each table ``top`` rows."""
    return (
        products(sampled, top),
        makers(sampled, top),
        drivers(sampled, top),
        assumptions(sampled),
    )


def ranked(sampled: Sampled) -> list[tuple[int, Ranges]]:
    """The products that can be at risk, the largest median first."""
    found = [(number, item) for number, item in sampled.products.items() if item.risk.bounds.high]
    return sorted(found, key=lambda one: (*_order(one[1].risk), sampled.parties[one[0]].id))


def _order(spread: Spread) -> tuple[float, float, int]:
    return -spread.p50, -spread.p95, -spread.bounds.high


def products(sampled: Sampled, top: int | None = None) -> Grid:
    """One row for each product that can be at risk."""
    found = ranked(sampled)
    rows: Rows = [
        (
            grid.name(sampled.parties[number]),
            likely(item.lost),
            certain(item.lost.bounds),
            likely(item.risk),
            certain(item.risk.bounds),
            _first(sampled, number),
        )
        for number, item in found[:top]
    ]
    note = "" if sampled.settled else "a circle of products still rose when it was left"
    return grid.made(
        f"What is likely within the certain bounds ({heading(sampled.draws, sampled.seed)})",
        "Product|Lost, likely|Lost, certain|At risk, likely|At risk, certain|Goes most with",
        rows,
        _note(MEANING, note, _more(len(found) - len(rows))),
    )


def _first(sampled: Sampled, number: int) -> str:
    found = sampled.drivers.get(number, ())
    return f"{unknown(found[0].input, sampled.parties)}: {rank(found[0])}" if found else "-"


def makers(sampled: Sampled, top: int | None = None) -> Grid:
    """One row for each producer whose inputs can be at risk."""
    found = sorted(
        sampled.makers.items(), key=lambda one: (*_order(one[1]), sampled.parties[one[0]].id)
    )
    rows: Rows = [
        (grid.name(sampled.parties[number]), likely(spread), certain(spread.bounds))
        for number, spread in found[:top]
    ]
    return grid.made(
        "Who makes what its inputs and kinds put at risk",
        "Producer|At risk through these, likely|Certain",
        rows,
        _note(
            "the product with the largest risk among those that each makes counts",
            _more(len(found) - len(rows)),
        ),
    )


def drivers(sampled: Sampled, top: int | None = None) -> Grid:
    """For each product at risk the unknowns that go with its risk; products alike together."""
    alike: dict[tuple[Driver, ...], list[str]] = {}
    for number, _ in ranked(sampled):
        found = sampled.drivers.get(number, ())
        alike.setdefault(found, []).append(sampled.parties[number].name)
    every = [(_few(names), driver) for found, names in alike.items() for driver in found]
    rows: Rows = [(names, *driver_row(sampled, driver)) for names, driver in every[:top]]
    return grid.made(
        "Which unknowns drive the spread",
        "Product at risk|Unknown|Rank correlation|Claims",
        rows,
        _note(
            f"of {sampled.inputs:,} unknowns that were drawn; +1: the larger, the more is at risk",
            _more(len(every) - len(rows)),
        ),
    )


def _few(names: list[str]) -> str:
    """Names, and of many the number."""
    more = len(names) - _NAMES
    return "; ".join([*names[:_NAMES], *([f"{more} more"] if more > 0 else [])])


def driver_row(sampled: Sampled | SampledFirms, driver: Driver) -> tuple[str | Cell, ...]:
    """The unknown, its rank correlation, and the claims about it."""
    claims = [sampled.claims[position] for position in driver.input.positions]
    nobody = "its verdict is open" if driver.input.what == "falls" else "nobody says"
    return (
        unknown(driver.input, sampled.parties),
        rank(driver),
        _cited(claims) if claims else nobody,
    )


def _cited(claims: list[Claim]) -> Cell:
    said = dict.fromkeys(
        f"{grid.source(claim).text}, {claim.observed or claim.start or 'undated'}"
        f"{', DENIED' if claim.stance == 'denies' else ''}"
        for claim in claims
    )
    texts = [*said][:_CLAIMS]
    more = len(said) - len(texts)
    url = next((claim.url for claim in claims if claim.url), "")
    return Cell("; ".join([*texts, *([f"{more} more"] if more else [])]), url)


def assumptions(sampled: Sampled) -> Grid:
    """What the sample stands on."""
    return assumed(sampled.used, COUNTS)


def assumed(used: tuple[tuple[str, Prior], ...], *more: str) -> Grid:
    """Each assumption with its range, the reason and the source of the idea."""
    rows: Rows = [(ASSUMPTIONS[name], str(prior), prior.why, prior.source) for name, prior in used]
    return grid.made(
        "What the sample assumes",
        "Assumption|Range|Why|Source",
        rows,
        _note(*ALWAYS, *more),
    )


def _more(count: int) -> str:
    return f"{count:,} more are in the JSON and in the workbook" if count > 0 else ""


def _note(*parts: str) -> str:
    return "; ".join(filter(None, parts))
