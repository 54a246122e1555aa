"""In which years did a direct flow break off while the same good took a way through somebody else?

Three things have to come together in one year, for one good: the flow from a supplier to a target
falls and stays down; the supplier's flow to a hub rises; the hub's flow to the target rises. What
can have passed through is the least of the fall and the two rises. Each window of one leg has to
lie wholly above or below the other, so that one odd year is no break.

This is a search for places to look at, in floats. Its recall and its false alarms are measured by
``benchmarks/diversion.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where on something is a break."""

    before: int = 3
    """Years before; two of them have to be known."""
    after: int = 3
    """Years after; a hub may take the first of them to start."""
    fall: float = 0.4
    """Part of the direct flow that is lost, at least."""
    part: float = 0.05
    """Part of the target's imports of the good that the lost flow is, at least."""
    share: float = 0.1
    """Part of the lost flow that can have passed through the hub, at least; and part of the lesser
    rise that the lost flow is, at least: a small loss does not explain a large rise."""
    growth: float = 2.0
    """Times by which both legs of the way through the hub grow, at least."""


class Found(NamedTuple):
    """One break, by numbers of rows of the flows."""

    supplier: int
    hub: int
    target: int
    year: int
    """The first year after."""
    lost: float
    """Fall of the direct flow, a year."""
    inward: float
    """Rise of the supplier's flow to the hub."""
    outward: float
    """Rise of the hub's flow to the target."""

    @property
    def through(self) -> float:
        """What can have passed through the hub at most, of what was lost."""
        return min(self.lost, self.inward, self.outward)

    @property
    def share(self) -> float:
        """The same over what was lost."""
        return self.through / self.lost


class Detected(NamedTuple):
    """What a search found."""

    breaks: tuple[Found, ...]
    """The most that can have passed first; one for each supplier, hub and target."""
    falls: int
    """Direct flows that broke off in some year: what was tested."""


class _Windows(NamedTuple):
    """Levels of every flow around one year."""

    before: Floats
    after: Floats
    late: Floats
    """Mean without the first year after, in which a hub may not have started."""
    down: Flags
    """Every year after lies below every year before."""
    up: Flags
    """Every year after, the first aside, lies above every year before."""


def detect(
    flows: Floats,
    bounds: Bounds = Bounds(),
    years: tuple[int, ...] = (),
    *,
    among: Flags | None = None,
) -> Detected:
    """Breaks in the flows of one good.

    Args:
        flows: amounts by exporter, importer and year; shape (n, n, years). A flow of nothing is 0,
            one that nobody reports on is NaN.
        bounds: from where on something is a break.
        years: first years after to look at; all that have years before and after if none.
        among: direct flows to look at, by exporter and importer; None: all.

    Raises:
        ValueError: the shape is another.
    """
    if flows.ndim != 3 or flows.shape[0] != flows.shape[1]:  # noqa: PLR2004 - exporter, importer, year
        raise ValueError(f"flows have shape {flows.shape}; expected (n, n, years)")
    best: dict[tuple[int, int, int], Found] = {}
    fallen: set[tuple[int, int]] = set()
    for year in years or range(flows.shape[2]):
        around = _windows(flows, bounds, year)
        if around is None:
            continue
        broken = _broken(around, bounds)
        for supplier, target in np.argwhere(broken if among is None else broken & among).tolist():
            fallen.add((supplier, target))
            for found in _through(around, bounds, supplier, target=target, year=year):
                key = found.supplier, found.hub, found.target
                if key not in best or found.share > best[key].share:
                    best[key] = found
    ordered = sorted(best.values(), key=lambda one: (-one.through, one[:4]))
    return Detected(tuple(ordered), len(fallen))


def _windows(flows: Floats, bounds: Bounds, year: int) -> _Windows | None:
    """Levels around a year; None where there are not two years on either side."""
    past = flows[:, :, max(year - bounds.before, 0) : year]
    next_ = flows[:, :, year : year + bounds.after]
    if min(past.shape[2], next_.shape[2]) < 2:  # noqa: PLR2004 - one year is no level
        return None
    late = next_[:, :, 1:]
    with np.errstate(invalid="ignore"):
        return _Windows(
            _mean(past, 2),
            _mean(next_, 2),
            _mean(late, 1),
            _highest(next_) < _lowest(past),
            _lowest(late) > _highest(past),
        )


def _mean(part: Floats, least: int) -> Floats:
    """Mean of the years that are known; NaN where fewer are than ``least``."""
    known = ~np.isnan(part)
    count = known.sum(axis=2)
    total = np.where(known, part, 0.0).sum(axis=2)
    mean: Floats = np.where(count >= least, total / np.maximum(count, 1), np.nan)
    return mean


def _lowest(part: Floats) -> Floats:
    lowest: Floats = np.where(np.isnan(part), np.inf, part).min(axis=2)
    return lowest


def _highest(part: Floats) -> Floats:
    highest: Floats = np.where(np.isnan(part), -np.inf, part).max(axis=2)
    return highest


def _broken(around: _Windows, bounds: Bounds) -> Flags:
    """Which flows fell, stayed down, and mattered to their target."""
    lost = around.before - around.after
    imports = np.where(np.isnan(around.before), 0.0, around.before).sum(axis=0)
    with np.errstate(invalid="ignore"):
        broken: Flags = (lost >= bounds.fall * around.before) & (lost >= bounds.part * imports)
    broken &= around.down & (lost > 0)
    np.fill_diagonal(broken, val=False)
    return broken


def _through(
    around: _Windows, bounds: Bounds, supplier: int, *, target: int, year: int
) -> list[Found]:
    """Hubs by whom the good can have come after all."""
    lost = float(around.before[supplier, target] - around.after[supplier, target])
    inward = around.late[supplier] - around.before[supplier]
    outward = around.late[:, target] - around.before[:, target]
    with np.errstate(invalid="ignore"):
        grown = around.late[supplier] >= bounds.growth * around.before[supplier]
        grown &= around.late[:, target] >= bounds.growth * around.before[:, target]
        lesser = np.minimum(inward, outward)
        enough = (lesser >= bounds.share * lost) & (lost >= bounds.share * lesser)
    hubs = grown & enough & around.up[supplier] & around.up[:, target]
    hubs[[supplier, target]] = False
    return [
        Found(supplier, hub, target, year, lost, float(inward[hub]), float(outward[hub]))
        for hub in np.flatnonzero(hubs).tolist()
    ]
