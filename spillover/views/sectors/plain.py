"""What do losses of sectors look like as plain data? Estimates are numbers of nine digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spillover.views import plain
from spillover.views.plain import Plain

if TYPE_CHECKING:
    from spillover.queries.sectors.answer import (
        Amount,
        Basis,
        Directs,
        Rank,
        SectorLosses,
        SectorRanks,
    )
    from spillover.queries.sectors.printed import Sector


def estimate(value: float) -> float:
    """A number to nine digits that count, so that the same input gives the same bytes."""
    return float(f"{value:.9g}") + 0.0


def losses(answer: SectorLosses) -> Plain:
    """Who loses what with the targets."""
    return {
        "question": "sectors",
        **plain.conditions(answer.when),
        "measure": answer.measure,
        "models": list(answer.models),
        "lost": plain.share(answer.part),
        "targets": [_sector(sector) for sector in answer.targets],
        "all_sectors": _pair(answer, answer.all_sectors),
        "own": _pair(answer, answer.own),
        "sectors": [
            {
                "sector": _sector(line.sector),
                "target": line.target,
                "output": estimate(line.output),
                "losses": _pair(answer, line.losses),
            }
            for line in answer.sectors
        ],
        "sectors_left_out": answer.sectors_left_out,
        "countries": [
            {
                "country": line.country,
                "name": line.name,
                "sectors": line.sectors,
                "output": estimate(line.output),
                "losses": _pair(answer, line.losses),
            }
            for line in answer.countries
        ],
        "countries_left_out": answer.countries_left_out,
        "suppliers": _directs(answer.suppliers),
        "customers": _directs(answer.customers),
        "itself": estimate(answer.itself),
        "pattern": {
            "countries": list(answer.pattern.countries),
            "industries": list(answer.pattern.industries),
            "losses": _lines(answer.pattern.losses),
            "outputs": _lines(answer.pattern.outputs),
            "hidden": answer.pattern.hidden,
        },
        "table": basis(answer.basis),
        **plain.sources(answer.sources),
    }


def ranks(answer: SectorRanks) -> Plain:
    """What each costs alone."""
    return {
        "question": "sectors",
        **plain.conditions(answer.when),
        "measure": answer.measure,
        "lost": plain.share(answer.part),
        "by": "country" if answer.by_country else "sector",
        "ranks": [_rank(rank) for rank in answer.ranks],
        "left_out": answer.left_out,
        "worked_out": answer.solved,
        "matrix": None if answer.matrix is None else _lines(answer.matrix),
        "table": basis(answer.basis),
        **plain.sources(answer.sources),
    }


def _lines(matrix: tuple[tuple[float, ...], ...]) -> list[list[float]]:
    return [[estimate(value) for value in line] for line in matrix]


def _rank(rank: Rank) -> Plain:
    return {
        "name": rank.name,
        "sector": _sector(rank.sector) if rank.sector else None,
        "country": rank.country,
        "output": estimate(rank.output),
        "total": _amount(rank.total),
        "others": _amount(rank.others),
        "abroad": _amount(rank.abroad),
    }


def _sector(sector: Sector) -> Plain:
    return {
        "id": sector.id,
        "name": sector.name,
        "country": sector.country,
        "region": sector.region,
        "industry": sector.industry,
    }


def _pair(answer: SectorLosses, losses: tuple[Amount, Amount]) -> Plain:
    return {model: _amount(amount) for model, amount in zip(answer.models, losses, strict=True)}


def _amount(amount: Amount) -> Plain:
    return {"least": estimate(amount.least), "most": estimate(amount.most)}


def _directs(found: Directs) -> Plain:
    return {
        "total": estimate(found.total),
        "left_out": found.left_out,
        "largest": [
            {
                "sector": _sector(direct.sector),
                "flow": estimate(direct.flow),
                "evidence": [plain.claim(claim) for claim in direct.claims],
            }
            for direct in found.largest
        ],
    }


def basis(found: Basis) -> Plain:
    """The table, and what must be said of it."""
    return {
        "dataset": found.load.dataset.name,
        "period": found.period,
        "sectors": found.sectors,
        "flows": found.flows,
        "output": estimate(found.output),
        "idle": list(found.idle),
        "into_idle": estimate(found.into_idle),
        "negative_cells": found.negative_cells,
        "negative_demand": list(found.negative_demand),
        "negative_added": list(found.negative_added),
        "unshared": found.unshared,
        "demand_printed": found.demand_printed,
        "added_printed": found.added_printed,
        "sales_gap": _gap(found.sales_gap),
        "costs_gap": _gap(found.costs_gap),
        "exact": found.exact,
        "error": estimate(found.error),
        "solver": found.solver,
        "residual": estimate(found.residual),
    }


def _gap(gap: tuple[str, float, float] | None) -> Plain | None:
    if gap is None:
        return None
    sector, largest, total = gap
    return {"sector": sector, "largest": estimate(largest), "total": estimate(total)}
