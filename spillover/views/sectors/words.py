"""How are losses of sectors put into words: amounts, parts, models, and what a table warns of?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from spillover.graph.stake import format_stake

if TYPE_CHECKING:
    from spillover.graph.stake import Stake
    from spillover.queries.sectors.answer import Amount, Basis, SectorLosses, SectorRanks
    from spillover.queries.sectors.economy import Measure, Model
    from spillover.queries.sectors.printed import Sector

MODELS: Final[Mapping[Model, str]] = {
    "extraction": "lost, nobody steps in",
    "substituted": "lost, others step in",
    "leontief": "lost sales upstream",
    "ghosh": "lost supply downstream",
}
SHOCKS: Final[Mapping[Model, str]] = {
    "extraction": "sales",
    "substituted": "sales",
    "leontief": "final demand",
    "ghosh": "value added",
}
"""What it is of which a part is lost."""
MEASURES: Final[Mapping[Measure, str]] = {
    "extraction": "hypothetical extraction",
    "leontief": "Leontief's demand model",
    "ghosh": "Ghosh's supply model",
}
UNIT: Final = "amounts are in the unit of the table, which it does not state"
NO_RANGE: Final = (
    "no range of shares: the table states every flow; what is uncertain is the model, so that two"
    " stand side by side"
)
_WHOLE_NUMBERS: Final = 100
_LISTED: Final = 5
_NAMED: Final = 2
"""So many targets are named; of more, their number is told."""
_TINY: Final = 1e-9
_HUNDREDTH: Final = 0.01
_LEAST: Final = 0.0001
"""Smaller percentages are not told."""


def number(value: float) -> str:
    """A size: whole from 100 on, else to three digits that count."""
    size = abs(value)
    if size >= _WHOLE_NUMBERS:
        return f"{size:,.0f}"
    return f"{size:.3g}" if size >= _TINY else "0"


def loss(amount: Amount) -> str:
    """An amount that is lost, or gained."""
    least, most = amount
    if least == most:
        return _signed(least)
    if least >= 0 and most >= 0:
        return f"≈ {number(least)}–{number(most)}"
    return f"{_signed(least)} to {_signed(most)}"


def _signed(value: float) -> str:
    return f"gain ≈ {number(value)}" if value <= -_TINY else f"≈ {number(value)}"


def others(every: Amount, own: Amount) -> Amount:
    """What all others lose."""
    return type(every)(every.least - own.least, every.most - own.most)


def percent(amount: Amount, whole: float) -> str:
    """An amount as a part of a whole; a gain has its sign."""
    if whole <= 0:
        return "-"
    ends = dict.fromkeys(_percent(end / whole) for end in amount)
    return (
        f"≈ {'–'.join(ends)} %"
        if len(ends) == 1 or min(amount) >= 0
        else (f"≈ {' to '.join(ends)} %")
    )


def _percent(part: float) -> str:
    size = abs(100 * part)
    if size < _LEAST:
        return "0" if size < _TINY else f"under {_LEAST}"
    text = f"{size:.2f}" if size >= _HUNDREDTH else f"{size:.4f}"
    return f"{'+' if part < 0 else ''}{text.rstrip('0').rstrip('.')}"


def part(share: Stake, model: Model) -> str:
    """What is lost, and of what."""
    return f"{format_stake(share)} of {SHOCKS[model]}"


def targets(found: tuple[Sector, ...]) -> str:
    """The targets by name, or how many there are."""
    if len(found) <= _NAMED:
        return " and ".join(sector.name for sector in found)
    countries = {sector.country for sector in found}
    where = f" of {countries.pop()}" if len(countries) == 1 else ""
    return f"{len(found)} sectors{where}"


def about(answer: SectorLosses | SectorRanks) -> str:
    """The table that an answer stands on."""
    basis = answer.basis
    return f"{basis.load.dataset.title} ({basis.load.dataset.name}, {basis.period or 'undated'})"


def signals(basis: Basis) -> list[str]:
    """What must be said of the table."""
    said = [_precision(basis), _sales(basis), _costs(basis)]
    if basis.load.quarantined:
        said.append(
            f"rows of the table that could not be read and are missing: {basis.load.quarantined:,}"
        )
    if basis.idle:
        said.append(
            f"{_sectors(basis.idle)} with an output of 0: they lose nothing, and what"
            f" they are printed to buy ({number(basis.into_idle)}) counts as final demand"
        )
    if basis.negative_cells:
        cells = "1 cell of final demand is"
        if basis.negative_cells > 1:
            cells = f"{basis.negative_cells:,} cells of final demand are"
        said.append(f"{cells} below 0, as stocks that shrink are")
    if basis.negative_demand:
        said.append(f"{_sectors(basis.negative_demand)} with a final demand below 0: none to lose")
    if basis.negative_added:
        said.append(f"{_sectors(basis.negative_added)} with inputs above output: no value added")
    if basis.unshared:
        said.append(
            f"flows below 0 or above the buyer's output: {basis.unshared:,}, taken as printed"
        )
    return said


def _precision(basis: Basis) -> str:
    if basis.exact == basis.sectors:
        flows = "all flows are exactly those that the table prints"
    else:
        flows = (
            f"the flows of {basis.exact:,} of {basis.sectors:,} sectors are proven to be exactly"
            f" those that the table prints, others are within {basis.error:.1e} of them"
        )
    return f"{flows}; solved by a {basis.solver} to {basis.residual:.0e} of the largest output"


def _sales(basis: Basis) -> str:
    if not basis.demand_printed:
        return "the table prints no final demand: it is taken to be output less sales to sectors"
    return _gap("what sectors sell and their output", basis.sales_gap, "final demand")


def _costs(basis: Basis) -> str:
    if basis.costs_gap is None:
        return "the table prints no value added: it is taken to be output less inputs"
    return _gap("what sectors buy and add and their output", basis.costs_gap, "value added")


def _gap(what: str, gap: tuple[str, float, float], counted: str) -> str:
    sector, largest, total = gap
    if abs(largest) < _TINY:
        return f"{what} balance"
    return (
        f"{what} differ by {number(total)} in all, most in {sector} ({number(largest)}); the gap"
        f" counts as {counted} that is not hit"
    )


def _sectors(ids: Iterable[str]) -> str:
    ids = tuple(ids)
    more = f" and {len(ids) - _LISTED} more" if len(ids) > _LISTED else ""
    count = "1 sector" if len(ids) == 1 else f"{len(ids):,} sectors"
    return f"{count} ({', '.join(ids[:_LISTED])}{more})"
