"""How much output do sectors lose when some of them lose demand, lose supply, or fall out?

x is output and Z the flows; A = Z x^-1 is what a buyer uses of each input for a unit of its output,
B = x^-1 Z where a unit of a seller's output goes; f is final demand, v output less inputs. Then
x = A x + f, and x' = x' B + v'. With L = (I - A)^-1 the inverse of the second is
(I - B)^-1 = x^-1 L x, so that one system serves all measures.

Every loss is an array of n numbers in the unit of the table; a gain is below 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np

from spillover.graph.errors import InputError
from spillover.queries.sectors.printed import Ints, Reals, summed
from spillover.queries.sectors.system import Rounds, System, solved, system
from spillover.queries.sectors.table import Table

Measure = Literal["extraction", "leontief", "ghosh"]
MEASURES: Final[tuple[Measure, ...]] = ("extraction", "leontief", "ghosh")
Model = Literal["extraction", "substituted", "leontief", "ghosh"]
BESIDE: Final[Mapping[Measure, tuple[Model, Model]]] = {
    "extraction": ("extraction", "substituted"),
    "leontief": ("leontief", "ghosh"),
    "ghosh": ("ghosh", "leontief"),
}
"""The model of each measure, and the one that is told beside it."""

_FEW: Final = 8
"""So many sectors are taken out by columns of the inverse even where each must be solved for."""
_ROUNDING: Final = 1e-9
_SOLVED: Final = 1e-6
"""A residual above this is no solution."""


class Shock(NamedTuple):
    """Some sectors lose a part of what they have."""

    rows: Ints
    """Rows of the sectors, distinct."""
    part: float
    """From 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Economy:
    """A table and the system of its coefficients."""

    table: Table
    ends: tuple[Ints, Ints]
    """Sellers and buyers."""
    coefficients: Reals
    system: System
    calls: Reals
    """By sector: the output of all sectors that one unit of its final demand calls for (the
    column sums of L)."""
    residual: float
    """How well it is solved: the largest of |x - L (x - A x)|, relative to the largest x."""


def economy(table: Table, *, dense: bool | None = None) -> Economy:
    """The system of a table.

    Raises:
        InputError: the coefficients have no inverse that could mean anything: some group of
            sectors uses more than it makes.
    """
    ends, values = (table.flows.seller, table.flows.buyer), table.coefficients()
    made = system(table.size, ends, values, dense=dense)
    calls = _calls(table, made, values)
    used = summed(ends[0], values * table.output[ends[1]], table.size)
    off = np.abs(made.solve(table.output - used) - table.output).max(initial=0.0)
    residual = float(off / max(np.abs(table.output).max(initial=0.0), np.finfo(float).tiny))
    if not residual <= _SOLVED:
        raise InputError(
            f"{table.load.dataset.name} is solved to {residual:.0e} of the largest output only, as"
            " its sectors use nearly all that they make; correct their inputs or outputs"
        )
    return Economy(table, ends, values, made, calls, residual)


def _calls(table: Table, made: System, values: Reals) -> Reals:
    """The column sums of L; they also tell whether it means anything.

    Where no coefficient is below 0, y = 1 + A'y with y > 0 exists only if the rounds end.
    """
    calls = made.solve_back(np.ones(table.size))
    if (values >= 0).all() and (calls < 1 - _ROUNDING).any():
        raise InputError(
            f"{table.load.dataset.name} cannot be solved: around"
            f" {table.sectors[int(calls.argmin())].id} sectors use more than they make;"
            " correct their inputs or outputs"
        )
    return calls


def leontief(found: Economy, shock: Shock) -> Reals:
    """Output lost upstream when sectors lose a part of their final demand: L times what is lost.

    Leontief, "Quantitative input and output relations in the economic system of the United
    States", Review of Economic Statistics 18 (1936). Final demand of 0 or below is not lost.
    """
    direct = np.zeros(found.table.size)
    direct[shock.rows] = shock.part * np.maximum(found.table.demand[shock.rows], 0)
    return found.system.solve(direct)


def ghosh(found: Economy, shock: Shock) -> Reals:
    """Output lost downstream when sectors lose a part of their value added: dv' (I - B)^-1.

    Ghosh, "Input-output approach in an allocation system", Economica 25 (1958). Value added of 0
    or below is not lost.
    """
    table = found.table
    return table.output * found.system.solve_back(_per_output(table, shock))


def _per_output(table: Table, shock: Shock) -> Reals:
    """Value added that is lost, for each unit of output."""
    lost = np.zeros(table.size)
    rows = shock.rows[table.output[shock.rows] > 0]
    lost[rows] = shock.part * np.maximum(table.added[rows], 0) / table.output[rows]
    return lost


def extraction(found: Economy, shock: Shock) -> Reals:
    """Output lost when a part of all that sectors sell, to sectors and finally, is sold no more.

    Hypothetical extraction (Miller, Blair, "Input-Output Analysis", 2009, section 12.2) solves
    anew without the rows and columns of the sectors K. Instead of that, what buyers miss is
    taken as lost demand s of K: x - L s must leave K with the part that it still sells, so

        ((1 - p) I + p L_KK) s = p x_K,    loss = L[:, K] s.

    With p = 1 and one sector j that is L[:, j] x_j / l_jj: the formula of Sherman and Morrison,
    for several sectors that of Woodbury.
    """
    rows, part = shock
    if isinstance(found.system, Rounds) and len(rows) > _FEW:
        return _solved_anew(found, shock)
    columns = found.system.columns(rows)
    core = (1 - part) * np.eye(len(rows)) + part * columns[rows]
    return np.asarray(columns @ np.linalg.solve(core, part * found.table.output[rows]))


def _solved_anew(found: Economy, shock: Shock) -> Reals:
    """The same by one more system, in which the rows of the sectors are smaller."""
    kept = np.ones(found.table.size)
    kept[shock.rows] = 1 - shock.part
    return solved(
        found.table.size,
        found.ends,
        found.coefficients * kept[found.ends[0]],
        right=(1 - kept) * found.table.output,
        dense=False,
    )


def substituted(found: Economy, shock: Shock) -> Reals:
    """The same loss where the same industry elsewhere delivers what is missing.

    Global extraction (Dietzenbacher, van Burken, Kondo, "Hypothetical extractions from a global
    perspective", Economic Systems Research 31 (2019)): each buyer, and each column of final
    demand, gets the missing input from the other suppliers of the same industry in proportion
    to what they deliver to it already. Where it has none, the delivery is lost.

    Raises:
        InputError: with the new suppliers some group of sectors would use more than it makes.
    """
    table = found.table
    changed = found.coefficients * _factors(table, shock, found.ends, found.coefficients)
    row, column, value = table.cells
    finally_changed = value * (_factors(table, shock, (row, column), value) - 1)
    unmet = -summed(row, finally_changed, table.size)
    rest = table.demand + table.signals.sales_gap - summed(row, value, table.size)
    unmet[shock.rows] += shock.part * rest[shock.rows]
    seller, buyer = found.ends
    flows = (found.coefficients - changed) * table.output[buyer]
    right = unmet + summed(seller, flows, table.size)
    dense = not isinstance(found.system, Rounds)
    if table.signals.negative_added:  # a buyer above its output may be one too many
        made = system(table.size, found.ends, changed, dense=dense)
        _calls(table, made, changed)
        return made.solve(right)
    return solved(table.size, found.ends, changed, right=right, dense=dense)


def _factors(table: Table, shock: Shock, ends: tuple[Ints, Ints], values: Reals) -> Reals:
    """By what each delivery is multiplied when others of the industry fill in, buyer by buyer."""
    _, industry = np.unique([sector.industry for sector in table.sectors], return_inverse=True)
    hit = np.zeros(table.size, bool)
    hit[shock.rows] = True
    seller, buyer = ends
    width = int(buyer.max(initial=0)) + 1
    lot = industry[seller] * width + buyer
    lots = (int(industry.max(initial=0)) + 1) * width
    missing = summed(lot, np.where(hit[seller], shock.part * values, 0), lots)
    others = summed(lot, np.where(hit[seller], 0, values), lots)
    fill = np.divide(missing, others, out=np.zeros(lots), where=others > 0)
    factors: Reals = np.where(hit[seller], 1 - shock.part, 1 + fill[lot])
    return factors


LOSSES: Final[Mapping[Model, Callable[[Economy, Shock], Reals]]] = {
    "extraction": extraction,
    "substituted": substituted,
    "leontief": leontief,
    "ghosh": ghosh,
}
