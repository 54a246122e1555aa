"""How do losses of sectors become numbers for a spreadsheet?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from spillover.views import grid
from spillover.views.grid import Grid, Rows
from spillover.views.sectors.grid import rank_title, title

if TYPE_CHECKING:
    from spillover.queries.sectors.answer import Pair, SectorLosses, SectorRanks


_TWO: Final = ("least", "most")


def sectors(answer: SectorLosses) -> Grid:
    """One row for each sector."""
    rows: Rows = [
        (
            line.sector.id,
            line.sector.name,
            line.sector.country,
            "yes" if line.target else "no",
            _plain(line.output),
            *_numbers(answer, line.losses),
        )
        for line in answer.sectors
    ]
    columns = f"id|sector|country|target|output|{_ends(answer)}"
    return grid.made(title(answer), columns, rows)


def countries(answer: SectorLosses) -> Grid:
    """One row for each country, targets left out."""
    rows: Rows = [
        (
            line.country,
            line.name,
            f"{line.sectors}",
            _plain(line.output),
            *_numbers(answer, line.losses),
        )
        for line in answer.countries
    ]
    return grid.made(title(answer), f"country|name|sectors|output|{_ends(answer)}", rows)


def ranks(answer: SectorRanks) -> Grid:
    """One row for each sector or country that is ranked."""
    rows: Rows = [
        (
            rank.sector.id if rank.sector else rank.country,
            rank.name,
            rank.country,
            _plain(rank.output),
            *(
                _plain(max(0.0, end))
                for amount in (rank.total, rank.others, rank.abroad)
                for end in amount
            ),
        )
        for rank in answer.ranks
    ]
    ends = "|".join(f"{what} {end}" for what in ("total", "others", "abroad") for end in _TWO)
    return grid.made(rank_title(answer), f"id|name|country|output|{ends}", rows)


def _ends(answer: SectorLosses) -> str:
    """Columns of the amounts; only where others step in can a sector gain."""
    names = [f"{model} {end}" for model in answer.models for end in _TWO]
    if "substituted" in answer.models:
        names += [f"gain {end}" for end in _TWO]
    return "|".join(names)


def _numbers(answer: SectorLosses, losses: Pair) -> tuple[str, ...]:
    """Losses, and gains in columns of their own: a minus is no start of a safe cell."""
    texts = [_plain(max(0.0, end)) for amount in losses for end in amount]
    if "substituted" in answer.models:
        texts += [_plain(max(0.0, -end)) for end in losses[answer.models.index("substituted")]]
    return tuple(texts)


def _plain(value: float) -> str:
    """Nine digits that count."""
    return f"{value:.9g}"
