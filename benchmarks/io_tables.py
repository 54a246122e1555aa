"""Which input-output tables are measured: made from a seed, or the one that pymrio ships."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.evidence import Dataset
from spillover.graph.rows import Load
from spillover.queries.sectors.printed import Sector
from spillover.queries.sectors.table import Flows, Signals, Table

Reals = npt.NDArray[np.float64]
LOAD: Final = Load(1, Dataset("generated", ""), "io_table", "", "", 0, 0, 0, 0, 0, 0, 0, None)


class Made(NamedTuple):
    """Flows, final demand by region, output, and names."""

    z: Reals
    y: Reals
    x: Reals
    regions: list[str]
    industries: list[str]


def generated(regions: int, industries: int, seed: int = 7) -> Made:
    """A balanced table: amounts spread over four orders of size, most of them at home."""
    rng = np.random.default_rng(seed)
    size = regions * industries
    home = np.kron(np.eye(regions), np.ones((industries, industries)))
    z = rng.lognormal(0, 2, (size, size)) * (0.02 + home)
    y = rng.lognormal(1, 2, (size, regions)) * (0.02 + np.repeat(np.eye(regions), industries, 0))
    y += 0.7 * np.outer(z.sum(axis=1), np.full(regions, 1 / regions))
    x = z.sum(axis=1) + y.sum(axis=1)
    # What sectors buy must leave some value added.
    over = np.maximum(z.sum(axis=0) / x / 0.8, 1)
    z /= over
    y += (x - z.sum(axis=1) - y.sum(axis=1))[:, None] / regions
    names = [f"R{n:03}" for n in range(regions)], [f"s{n:03}" for n in range(industries)]
    return Made(z, y, x, *names)


def test_table(pymrio: Any) -> Made:
    """The table that pymrio ships for its own tests: six regions of eight sectors."""
    found = pymrio.load_test()
    x = found.Z.sum(axis=1) + found.Y.sum(axis=1)
    wide = found.Y.T.groupby(level=0, sort=False).sum().T
    # BoARIO sorts regions and sectors by name.
    names = sorted(found.get_regions()), sorted(found.get_sectors())
    rows = [(region, sector) for region in names[0] for sector in names[1]]
    z, y = found.Z.loc[rows, rows], wide.loc[rows, names[0]]
    return Made(z.to_numpy(float), y.to_numpy(float), x.loc[rows].to_numpy(float), *names)


def table(made: Made) -> Table:
    """The same as Spillover has it once it is read."""
    z, y, x, regions, industries = made
    seller, buyer = (ends.astype(np.int64) for ends in np.nonzero(z))
    row, column = (ends.astype(np.int64) for ends in np.nonzero(y))
    names = [(region, industry) for region in regions for industry in industries]
    sectors = tuple(
        Sector(number, f"io_table:{r}_{i}", i, r, r, i) for number, (r, i) in enumerate(names)
    )
    nothing = np.zeros(len(x))
    signals = Signals(
        (),
        0,
        (),
        (),
        0,
        0.0,
        demand_printed=True,
        sales_gap=nothing,
        costs_gap=None,
        exact=len(x),
        error=0.0,
    )
    flows = Flows(seller, buyer, z[seller, buyer], np.arange(len(seller)))
    cells, added = (row, column, y[row, column]), x - z.sum(axis=0)
    return Table(LOAD, "", sectors, x, y.sum(axis=1), cells, added, flows, signals)


def frames(made: Made) -> tuple[Any, Any, Any]:
    """Z, Y and x as pymrio wants them."""
    pandas = import_module("pandas")
    rows = pandas.MultiIndex.from_product(
        [made.regions, made.industries], names=["region", "sector"]
    )
    wide = pandas.MultiIndex.from_product([made.regions, ["fd"]], names=["region", "category"])
    return (
        pandas.DataFrame(made.z, rows, rows),
        pandas.DataFrame(made.y, rows, wide),
        pandas.DataFrame(made.x, rows, ["indout"]),
    )
