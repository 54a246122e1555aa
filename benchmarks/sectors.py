"""Do measures on country-sector tables agree with pymrio and BoARIO, and how fast are they?

``.venv-bench/bin/python -m benchmarks.sectors --regions 41 --industries 35``. A table is made from
a seed, with the home bias of real ones; ``--regions 0`` takes pymrio's own test table.

* pymrio computes A, L, x, B and G (``calc_A``, ``calc_L``, ``calc_x_from_L``, ``calc_B``,
  ``calc_G``): the same matrices. It has no extraction; the plain way with it is to strike a row and
  a column out and to compute L and x anew, here for a few sectors, scaled to all.
* BoARIO is a dynamic model with stocks, capacities and orders. It meets these models where it has
  come to rest: after final demand has fallen for good, with no limit in the way, its production is
  Leontief's. With the capacity of a sector gone for good, orders that go elsewhere (``alt``), room
  to produce more, and final demand redirected by hand, it is extraction where others step in. It
  does not meet Ghosh's model, nor extraction where nobody steps in: its buyers stand still without
  an input. Its simulation class needs a further package, so that its three steps are called here.

The largest difference is printed relative to the largest number; above 1e-9 (for BoARIO 1e-6) the
run fails. Times are medians of CPU seconds in one process. ``--sparse`` ranks a large, empty table,
which no peer attempts, and prints seconds and memory.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import numpy as np

from benchmarks.io_tables import LOAD, Made, Reals, frames, generated, table, test_table
from spillover.queries.sectors.alone import sectors_alone
from spillover.queries.sectors.economy import Shock, economy, extraction, leontief, substituted
from spillover.queries.sectors.printed import Sector
from spillover.queries.sectors.table import Flows, Signals, Table

AGREED: Final = 1e-9
AT_REST: Final = 1e-6
"""BoARIO takes stocks that are the same to five digits for the same."""
_REPEATS: Final = 3
_ANEW: Final = 3
_STEPS: Final = 3_000
_STEPPED: Final = 500
"""Most sectors that BoARIO steps through."""
_ROOM: Final = 50.0
"""By what BoARIO's sectors may exceed their output, so that no capacity is in the way."""


def timed(work: Callable[[], Any], repeats: int = _REPEATS) -> tuple[float, Any]:
    """Median CPU seconds of some runs, and the last answer."""
    seconds: list[float] = []
    found: Any = None
    for _ in range(repeats):
        start = time.process_time()
        found = work()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds), found


def told(what: str, seconds: tuple[float, float], difference: float, note: str = "") -> None:
    """One line, with our seconds and theirs; the run ends where the answers differ."""
    ours, theirs = seconds
    times = f"{ours:.3g} s | {theirs:.3g} s | {theirs / ours:.3g}"
    print(f"| {what} | {times} | {difference:.1e} | {note} |")
    sys.stdout.flush()
    if not difference <= (AT_REST if "rest" in what else AGREED):
        sys.exit(f"benchmarks: {what}: the answers differ by {difference:.1e}")


def off(ours: Any, theirs: Any) -> float:
    """Largest difference, relative to the largest number."""
    theirs = np.asarray(theirs, np.float64)
    return float(np.abs(np.asarray(ours) - theirs).max() / np.abs(theirs).max())


def beside_pymrio(pymrio: Any, made: Made) -> None:
    """A, L, x, B, G; and extraction of all sectors by rank-one updates against solving anew."""
    found, (z, y, x) = table(made), frames(made)
    size, every = len(made.x), np.arange(len(made.x))
    ours, mine = timed(lambda: economy(found))
    theirs, a = timed(lambda: pymrio.calc_A(z, x))
    inverting, l_theirs = timed(lambda: pymrio.calc_L(a))
    l_ours = mine.system.columns(every)
    a_ours = np.zeros((size, size))
    a_ours[mine.ends] = mine.coefficients
    told("A and L", (ours, theirs + inverting), max(off(a_ours, a), off(l_ours, l_theirs)))
    demand = y.sum(axis=1)
    ours, x_ours = timed(lambda: mine.system.solve(demand.to_numpy()))
    theirs, x_theirs = timed(lambda: pymrio.calc_x_from_L(l_theirs, demand))
    told("x = L f", (ours, theirs), off(x_ours, np.ravel(x_theirs)))
    theirs, g = timed(lambda: pymrio.calc_G(pymrio.calc_B(z, x)))
    ours, g_ours = timed(lambda: l_ours * made.x / made.x[:, None])
    told("B and G", (ours, theirs), off(g_ours, g), "ours: from L")
    rng = np.random.default_rng(1)
    some = rng.choice(size, min(_ANEW, size), replace=False)
    start = time.process_time()
    anew = [_anew(pymrio, a, demand, row) for row in some.tolist()]
    theirs = (time.process_time() - start) * size / len(some)
    nowhere = np.zeros(size, np.int64)
    ours, ranked = timed(lambda: sectors_alone(mine, "extraction", 1.0, country=nowhere, top=size))
    total = {one.group: one.total for one in ranked[0]}
    sums = [made.x.sum() - x.sum() for x in anew]
    difference = off([total[row] for row in some.tolist()], sums)
    whole = [
        off(extraction(mine, Shock(np.array([row]), 1.0)), made.x - x)
        for row, x in zip(some.tolist(), anew, strict=True)
    ]
    told(
        f"extraction of {size:,} sectors", (ours, theirs), max(difference, *whole), "theirs: scaled"
    )


def _anew(pymrio: Any, a: Any, demand: Any, row: int) -> Reals:
    """Output without a sector: its row and column struck out, everything solved again."""
    less, wanted = a.copy(), demand.copy()
    less.iloc[row, :] = 0
    less.iloc[:, row] = 0
    wanted.iloc[row] = 0
    return np.ravel(pymrio.calc_x_from_L(pymrio.calc_L(less), wanted)).astype(np.float64)


def beside_boario(pymrio: Any, made: Made) -> None:
    """Where it has come to rest: Leontief, and extraction where others step in."""
    models = import_module("boario.extended_models")
    z, y, x = frames(made)
    system = pymrio.IOSystem(Z=z, Y=y, x=x, A=pymrio.calc_A(z, x))
    mine, row = economy(table(made)), 1

    def fallen() -> tuple[Reals, int]:
        model = models.ARIOPsiModel(system, order_type="noalt")
        wanted = model.final_demand.copy()
        wanted[row] *= 0.7
        model.final_demand = wanted
        return _at_rest(model)

    theirs, (rest, steps) = timed(fallen, 1)
    ours, loss = timed(lambda: leontief(mine, Shock(np.array([row]), 0.3)))
    told("BoARIO at rest, demand lost", (ours, theirs), off(made.x - loss, rest), f"{steps} steps")
    peers = [at for at in range(row, len(made.x), len(made.industries)) if at != row]

    def gone() -> tuple[Reals, int]:
        model = models.ARIOPsiModel(system, order_type="alt", alpha_base=_ROOM, alpha_max=_ROOM)
        wanted = model.final_demand.copy()
        wanted[peers] *= 1 + wanted[row] / wanted[peers].sum(axis=0)
        wanted[row] = 0
        model.final_demand = wanted
        orders = model.intermediate_demand.copy()
        orders[peers] *= 1 + orders[row] / orders[peers].sum(axis=0)
        orders[row] = 0
        model.intermediate_demand = orders
        delta = np.zeros(len(made.x))
        delta[row] = 1
        model.prod_cap_delta_arbitrary = delta
        return _at_rest(model)

    theirs, (rest, steps) = timed(gone, 1)
    ours, loss = timed(lambda: substituted(mine, Shock(np.array([row]), 1.0)))
    told(
        "BoARIO at rest, others step in", (ours, theirs), off(made.x - loss, rest), f"{steps} steps"
    )


def _at_rest(model: Any) -> tuple[Reals, int]:
    """Yearly production once it no longer changes, and after how many steps."""
    before = np.zeros_like(model.production)
    for step in range(_STEPS):
        model.calc_production(step)
        model.distribute_production()
        model.calc_orders()
        if off(before, model.production) < 1e-12:
            break
        before = model.production.copy()
    return np.asarray(model.production / model.steply_factor), step + 1


def sparse(size: int, each: int) -> None:
    """The fifty most costly of many sectors, each of which buys from a few others."""
    rng = np.random.default_rng(3)
    buyer = np.repeat(np.arange(size), each)
    seller = rng.integers(0, size, size * each)
    value = rng.lognormal(0, 2, size * each)
    bought, sold = np.bincount(buyer, value, size), np.bincount(seller, value, size)
    x = np.maximum(bought, sold) * rng.uniform(1.2, 3, size)
    signals = Signals(
        (),
        0,
        (),
        (),
        0,
        0.0,
        demand_printed=False,
        sales_gap=np.zeros(size),
        costs_gap=None,
        exact=size,
        error=0.0,
    )
    sectors = tuple(Sector(n, str(n), "", "", "", "") for n in range(size))
    flows = Flows(seller, buyer, value, np.arange(len(seller)))
    empty = np.zeros(0, np.int64)
    cells = (empty, empty, np.zeros(0))
    found = Table(LOAD, "", sectors, x, x - sold, cells, x - bought, flows, signals)
    start = time.process_time()
    mine = economy(found)
    made = time.process_time() - start
    _, solved = sectors_alone(mine, "extraction", 1.0, country=np.zeros(size, np.int64), top=50)
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"\n{size:,} sectors, {size * each:,} flows, {mine.system.words}: system {made:.3g} s, with"
        f" the fifty most costly {spent:.3g} s (worked out for {solved:,}), {peak:.0f} MB"
    )


def main() -> None:
    """Parse, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sectors", description=__doc__)
    parser.add_argument("--regions", type=int, default=41, help="0: pymrio's own test table")
    parser.add_argument("--industries", type=int, default=35)
    parser.add_argument("--sparse", type=int, nargs="*", default=[], help="sizes of large tables")
    parser.add_argument("--flows", type=int, default=30, help="suppliers of each sector there")
    asked = parser.parse_args()
    warnings.filterwarnings("ignore")
    for size in asked.sparse:
        sparse(size, asked.flows)
    if asked.sparse:
        return
    pymrio = import_module("pymrio")
    own = not asked.regions
    made = test_table(pymrio) if own else generated(asked.regions, asked.industries)
    print(f"\n{len(made.regions)} regions of {len(made.industries)} sectors\n")
    print("| what | spillover | peer | ratio | largest difference | |")
    print("| --- | ---: | ---: | ---: | ---: | --- |")
    beside_pymrio(pymrio, made)
    if len(made.x) <= _STEPPED:
        beside_boario(pymrio, made)


if __name__ == "__main__":
    main()
