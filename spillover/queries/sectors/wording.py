"""What are the industries and countries of a table called? Sectors are named by both together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from spillover.queries.sectors.printed import Sector


class Words(NamedTuple):
    """Names by the codes that sectors carry."""

    industries: Mapping[str, str]
    countries: Mapping[str, str]


def wording(sectors: Iterable[Sector]) -> Words:
    """Words of the industries and countries; the code itself where the names do not tell.

    A sector is called ``Food, beverages, Taiwan``. Words of industries and names of regions may
    both hold commas, so the shortest beginning that some region leaves is the industry.
    """
    sectors = list(sectors)
    beginnings: dict[str, set[str]] = defaultdict(set)
    for sector in sectors:
        beginnings[sector.industry].add(sector.name.rpartition(", ")[0] or sector.industry)
    industries = {
        code: min(found, key=lambda text: (len(text), text)) for code, found in beginnings.items()
    }
    regions: dict[str, set[str]] = defaultdict(set)
    for sector in sectors:
        regions[sector.country].add(sector.name.removeprefix(f"{industries[sector.industry]}, "))
    countries = {code: found.pop() if len(found) == 1 else code for code, found in regions.items()}
    return Words(industries, countries)
