"""What do answers about sectors say: losses by sector and country, by two models, and on what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from spillover.graph.rows import Load
from spillover.graph.stake import Stake
from spillover.queries.answer import Claim, Sources
from spillover.queries.conditions import Conditions
from spillover.queries.sectors.economy import Measure, Model
from spillover.queries.sectors.printed import Sector


class Amount(NamedTuple):
    """Output lost, in the unit of the table: an estimate. Below 0 it is gained."""

    least: float
    """When the least part that was asked for is lost."""
    most: float
    """When the greatest part is lost."""


Pair = tuple[Amount, Amount]
"""The same by two models: the one asked for, and the other end of the range of assumptions."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Which table an answer stands on, and what must be said of it."""

    load: Load
    period: str
    sectors: int
    flows: int
    output: float
    """Of all sectors, in the unit of the table."""
    idle: tuple[str, ...]
    """Ids of sectors with an output of 0."""
    negative_cells: int
    """Cells of final demand below 0."""
    negative_demand: tuple[str, ...]
    """Ids of sectors whose whole final demand is below 0: they have none to lose."""
    negative_added: tuple[str, ...]
    """Ids of sectors whose inputs are above their output: they have no value added to lose."""
    unshared: int
    """Flows below 0 or above the buyer's output."""
    into_idle: float
    demand_printed: bool
    added_printed: bool
    sales_gap: tuple[str, float, float]
    """Sector with the largest gap between output and sales, that gap, and all gaps in size."""
    costs_gap: tuple[str, float, float] | None
    """The same between output, purchases and printed value added."""
    exact: int
    """Sectors whose flows are proven to be those that the table prints."""
    error: float
    """The most that a flow of another sector can be off, in the unit of the table."""
    solver: str
    residual: float
    """Relative to the largest output."""


@dataclass(frozen=True, slots=True)
class SectorLoss:
    """What one sector loses."""

    sector: Sector
    output: float
    losses: Pair
    target: bool


@dataclass(frozen=True, slots=True)
class CountryLoss:
    """What the sectors of one country lose, targets left out."""

    country: str
    """Alpha-2 code, or the table's own label."""
    name: str
    sectors: int
    output: float
    """Of the same sectors."""
    losses: Pair


@dataclass(frozen=True, slots=True)
class Direct:
    """What one other sector sells to all targets together, or buys from them."""

    sector: Sector
    flow: float
    """In the unit of the table."""
    claims: tuple[Claim, ...]
    """Of the largest of its flows, and of every claim of the same pair."""


@dataclass(frozen=True, slots=True)
class Directs:
    """The suppliers or the customers of the targets."""

    largest: tuple[Direct, ...]
    total: float
    """Of all of them."""
    left_out: int
    """Sectors that are not told."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Who loses where: the model asked for, at the greatest part lost, targets left out."""

    countries: tuple[str, ...]
    industries: tuple[str, ...]
    """Words of each, or its code."""
    losses: tuple[tuple[float, ...], ...]
    """A row for each country."""
    outputs: tuple[tuple[float, ...], ...]
    """Output of the same sectors."""
    hidden: int
    """Countries and industries that are left out."""


@dataclass(frozen=True, slots=True)
class SectorLosses:
    """Who loses what with the targets."""

    when: Conditions
    measure: Measure
    models: tuple[Model, Model]
    part: Stake
    """What the targets lose of their demand, value added or sales."""
    targets: tuple[Sector, ...]
    all_sectors: Pair
    own: Pair
    """What the targets themselves lose."""
    sectors: tuple[SectorLoss, ...]
    """The largest loss first, gains last."""
    sectors_left_out: int
    countries: tuple[CountryLoss, ...]
    countries_left_out: int
    suppliers: Directs
    customers: Directs
    itself: float
    """What the targets sell to each other and to themselves."""
    pattern: Pattern
    basis: Basis
    sources: Sources


@dataclass(frozen=True, slots=True)
class Rank:
    """What one sector or country would cost if it alone were hit."""

    name: str
    sector: Sector | None
    """None: a country."""
    country: str
    output: float
    total: Amount
    """Output that all lose."""
    others: Amount
    """Of it, what all others lose."""
    abroad: Amount
    """Of it, what other countries lose."""


@dataclass(frozen=True, slots=True)
class SectorRanks:
    """Which sectors or countries, each alone, cost most."""

    when: Conditions
    measure: Measure
    part: Stake
    by_country: bool
    ranks: tuple[Rank, ...]
    left_out: int
    solved: int
    """For how many the loss was worked out; the others are proven to cost less."""
    matrix: tuple[tuple[float, ...], ...] | None
    """Of the countries in ``ranks``: what the country of each column loses with that of the row,
    at the greatest part; None for sectors."""
    basis: Basis
    sources: Sources
