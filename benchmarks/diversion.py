"""How many planted diversions does the detector find, and how often does it cry wolf?

``python -m benchmarks.diversion`` generates trade between countries like gravity does (large
economies trade more, distance less, levels wander from year to year, a third of all pairs does not
trade), plants diversions into it, and searches. A plant takes a direct flow, lets part of it end
in one year, and sends part of what is lost through a hub, from that year or the next, with noise.

*Recall* is the part of the plants of which supplier, hub and target are found. *False alarms* are
breaks found in the same flows without any plant, for each direct flow that broke off by chance.
With a file of UN Comtrade (``--comtrade``) the plants go into its real flows.
"""

from __future__ import annotations

import argparse
import csv
import time
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.queries.diversion.detector import Bounds, Detected, detect

Floats = npt.NDArray[np.float64]

COUNTRIES: Final = 40
YEARS: Final = 16
SIZES: Final = (0.1, 0.25, 0.5, 0.75, 1.0)
"""Parts of the lost flow that go through the hub."""
FALLS: Final = (0.6, 0.9)
PLANTS: Final = 200
TRIES: Final = 5
"""Draws of a plant before it is given up: not every year and hub has what a plant needs."""
USUAL: Final = Bounds()


class Plant(NamedTuple):
    """One diversion that is made."""

    supplier: int
    hub: int
    target: int
    year: int
    fall: float
    size: float
    lag: int


class Row(NamedTuple):
    """What was found of plants of one size."""

    fall: float
    size: float
    plants: int
    found: int
    ranked_first: int
    """Of these, plants whose hub is the first that is told for their target."""


def generated(seed: int, *, countries: int = COUNTRIES, years: int = YEARS) -> Floats:
    """Flows by exporter, importer and year."""
    random = np.random.default_rng(seed)
    mass = random.lognormal(0, 1.5, countries)
    place = random.uniform(0, 1, (countries, 2))
    distance = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)) + 0.1
    level = 1e6 * np.outer(mass, mass) / distance * random.lognormal(0, 1.5, (countries, countries))
    level *= random.random((countries, countries)) > 1 / 3
    np.fill_diagonal(level, 0)
    wander = random.normal(0, 0.15, (countries, countries, years)).cumsum(axis=2)
    noise = 0.25 * random.standard_t(4, (countries, countries, years))
    growth = 0.05 * np.arange(years)
    flows: Floats = level[:, :, None] * np.exp(wander + noise + growth)
    return flows


def comtrade(path: Path) -> dict[str, Floats]:
    """Real flows by product, as exporters report them."""
    rows: list[tuple[str, str, str, int, float]] = []
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["flowCode"] == "X" and row["partnerISO"] not in {"W00", row["reporterISO"]}:
                ends = row["reporterISO"], row["partnerISO"]
                rows.append((row["cmdCode"], *ends, int(row["period"]), float(row["primaryValue"])))
    names = sorted({end for row in rows for end in row[1:3]})
    years = sorted({row[3] for row in rows})
    found: dict[str, Floats] = {}
    for code, exporter, importer, year, value in rows:
        flows = found.setdefault(code, np.zeros((len(names), len(names), len(years))))
        flows[names.index(exporter), names.index(importer), years.index(year)] += value
    for flows in found.values():  # who reports nothing in a year is not known to export nothing
        flows[flows.sum(axis=1)[:, None, :].repeat(len(names), axis=1) == 0] = np.nan
    return found


def planted(
    flows: Floats, random: np.random.Generator, fall: float, size: float
) -> tuple[Floats, Plant] | None:
    """The flows with one diversion; None where no flow is steady enough to break off."""
    years = flows.shape[2]
    year = int(random.integers(4, years - 3))
    past = flows[:, :, year - 3 : year + 3]
    imports = np.nansum(past, axis=(0, 2))
    steady = (np.nan_to_num(past).min(axis=2) > 0) & (np.nansum(past, axis=2) > 0.1 * imports)
    pairs = np.argwhere(steady & ~np.eye(len(flows), dtype=bool))
    if not len(pairs):
        return None
    supplier, target = random.choice(pairs).tolist()
    reporting = np.flatnonzero(~np.isnan(past).any(axis=(1, 2)))
    hubs = np.setdiff1d(reporting, [supplier, target])
    if not len(hubs):
        return None
    hub, lag = int(random.choice(hubs)), int(random.integers(0, 2))
    made = flows.copy()
    lost = fall * made[supplier, target, year:]
    made[supplier, target, year:] -= lost
    lost[:lag] = 0
    for source, end in ((supplier, hub), (hub, target)):
        made[source, end, year:] += size * lost * random.lognormal(0, 0.1, len(lost))
    return made, Plant(supplier, hub, target, year, fall, size, lag)


def is_found(plant: Plant, found: Detected) -> tuple[bool, bool]:
    """Whether the way is among the breaks, within a year, and the first told for its target."""
    ways = [one for one in found.breaks if one[:3] == plant[:3]]
    hit = any(abs(one.year - plant.year) <= 1 for one in ways)
    mine = [o for o in found.breaks if (o.supplier, o.target) == (plant.supplier, plant.target)]
    return hit, hit and mine[0].hub == plant.hub


def measured(
    worlds: list[Floats], seed: int, *, plants: int = PLANTS, bounds: Bounds = USUAL
) -> list[Row]:
    """Recall of plants of each fall and size."""
    rows: list[Row] = []
    for number, (fall, size) in enumerate((fall, size) for fall in FALLS for size in SIZES):
        random = np.random.default_rng([seed, number])
        made = hits = first = 0
        for turn in range(plants):
            world = worlds[turn % len(worlds)]
            tries = (planted(world, random, fall, size) for _ in range(TRIES))
            one = next(filter(None, tries), None)
            if one is None:
                continue
            hit, best = is_found(one[1], detect(one[0], bounds, _near(one[1], one[0])))
            made, hits, first = made + 1, hits + hit, first + best
        rows.append(Row(fall, size, made, hits, first))
    return rows


def _near(plant: Plant, flows: Floats) -> tuple[int, ...]:
    """Years around a plant; only they can find it, and to search the others takes time."""
    return tuple(year for year in range(plant.year - 1, plant.year + 2) if year < flows.shape[2])


def false_alarms(worlds: list[Floats], bounds: Bounds = USUAL) -> tuple[int, int, int]:
    """Breaks found where nothing was planted, the flows that broke off by chance, all flows."""
    found = [detect(flows, bounds) for flows in worlds]
    trading = sum(int((np.nan_to_num(flows).sum(axis=2) > 0).sum()) for flows in worlds)
    return sum(len(one.breaks) for one in found), sum(one.falls for one in found), trading


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comtrade", type=Path, help="a CSV file of UN Comtrade")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    worlds = {"generated": [generated(given.seed + n) for n in range(10)]}
    if given.comtrade:
        worlds["comtrade"] = list(comtrade(given.comtrade).values())
    for name, flows in worlds.items():
        begun = time.perf_counter()
        alarms, falls, trading = false_alarms(flows)
        print(f"{name}: {len(flows)} products, {trading} flows, {falls} broke off")
        print(f"  found without a plant: {alarms} ({alarms / max(falls, 1):.3f} for each break)")
        print("  fall | through hub | plants | found | recall | told first")
        for row in measured(flows, given.seed):
            recall = row.found / max(row.plants, 1)
            print(
                f"  {row.fall:.0%} | {row.size:.0%} | {row.plants} | {row.found} | {recall:.0%}"
                f" | {row.ranked_first}"
            )
        print(f"  {time.perf_counter() - begun:.1f} s")


if __name__ == "__main__":
    main()
