"""One round of the cascade for many closures at once: sparse matrices times blocks of losses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from spillover.queries.contagion.network import Floats, Ints, Network, Parts, group_of

if TYPE_CHECKING:
    from scipy.sparse import csc_array, csr_array

_FEW: Final = 16
"""Only the firms that have lost something take part while they are fewer than one in so many."""
_GROUPS: Final = 16_384
"""Groups of inputs that are summed at a time: their sums stay in the cache."""

_ROWS: Final = 32


class Settled(NamedTuple):
    """A block of closures that has settled."""

    loss: Floats
    """``[n, closures]``."""
    rounds: Ints
    """Of each closure; one more than there may be where they ran out."""


class Operator(Protocol):
    """A round."""

    count: int

    def some(self, firms: Ints, loss: Floats) -> tuple[Ints, Floats]:
        """What these losses of these firms (ascending) cause, and at whom (ascending)."""

    def all(self, loss: Floats) -> Floats:
        """What the losses of all firms cause."""


def settled(
    operator: Operator, closed: Sequence[Sequence[int]], tolerance: float, rounds: int
) -> Settled:
    """Losses when these closures have settled, each for itself."""
    columns = np.arange(len(closed))
    firm = np.array([one for some in closed for one in some], np.int64)
    column = np.repeat(columns, [len(some) for some in closed])
    loss = np.zeros((operator.count, len(closed)))
    loss[firm, column] = 1.0
    final = np.zeros_like(loss)
    made = np.full(len(closed), rounds + 1)
    lossy = np.unique(firm)
    for number in range(1, rounds + 1):
        few = len(lossy) * _FEW < operator.count
        if few:
            at, found = operator.some(lossy, loss[lossy])
            before = loss[at]
            lossy = _among(operator.count, lossy, at)
        else:
            at, before = np.arange(operator.count), loss
            found = operator.all(loss)
        _keep(found, at, firm, column)
        change = _largest(found - before)
        if few:
            loss[at] = found
        else:
            loss = found
        done = (change <= tolerance) & (made[columns] > rounds)
        if done.any():
            made[columns[done]] = number
            if few:  # all others have lost nothing
                final[lossy[:, None], columns[done]] = loss[lossy][:, done]
            else:
                final[:, columns[done]] = loss[:, done]
            running = made[columns] > rounds
            if not running.any():
                return Settled(final, made)
            if 2 * running.sum() <= len(columns):  # fewer columns are worth the copy
                loss, columns = np.ascontiguousarray(loss[:, running]), columns[running]
                here = np.isin(column, np.flatnonzero(running))
                firm, column = firm[here], np.cumsum(running)[column[here]] - 1
    final[:, columns[made[columns] > rounds]] = loss[:, made[columns] > rounds]
    return Settled(final, made)


def _largest(block: Floats) -> Floats:
    """The largest of each column; many short rows are taken together, which is much faster."""
    rows, columns = block.shape
    even = rows - rows % _ROWS
    most = np.zeros((_ROWS, columns))
    if even:
        most = block[:even].reshape(-1, _ROWS * columns).max(axis=0).reshape(_ROWS, columns)
    found: Floats = np.maximum(most.max(axis=0), block[even:].max(axis=0, initial=0.0))
    return found


def _keep(found: Floats, at: Ints, firm: Ints, column: Ints) -> None:
    """What is closed stays closed."""
    place = np.searchsorted(at, firm)
    place[place == len(at)] = 0
    there = at[place] == firm if len(at) else np.zeros(len(firm), bool)
    found[place[there], column[there]] = 1.0


class Upstream:
    """Lost sales: of each supplier the parts of its sales whose customers lose output."""

    def __init__(self, network: Network, parts: Parts) -> None:
        from scipy.sparse import csc_array

        self.count = len(network)
        ends = network.supplier, network.customer
        self.by_customer = csc_array((parts.sales, ends), shape=(self.count, self.count))
        self.by_supplier = self.by_customer.tocsr()

    def some(self, firms: Ints, loss: Floats) -> tuple[Ints, Floats]:
        """See :class:`Operator`."""
        at, found = _restricted(self.by_customer, firms, loss)
        return at, np.minimum(found, 1.0, out=found)

    def all(self, loss: Floats) -> Floats:
        """See :class:`Operator`."""
        found = _times(self.by_supplier, loss)
        return np.minimum(found, 1.0, out=found)


class Downstream:
    """Lost inputs, as far as nobody of the supplier's industry stands in."""

    def __init__(self, network: Network, parts: Parts, replaceable: bool) -> None:  # noqa: FBT001 - as asked
        from scipy.sparse import csc_array

        self.count, self.replaceable = len(network), replaceable
        self.size, self.industry = parts.size, network.industry
        industries = int(network.industry.max(initial=-1)) + 1
        self.supply = np.bincount(network.industry, parts.size, industries)
        needed = np.flatnonzero(parts.essential)
        group = group_of(network)[needed]
        _, first, group = np.unique(group, return_index=True, return_inverse=True)
        self.buyer = network.customer[needed][first]
        shape = len(first), self.count
        values = parts.essential[needed]
        self.essential = csc_array((values, (group, network.supplier[needed])), shape=shape)
        linear = np.flatnonzero(parts.linear)
        ends = network.customer[linear], network.supplier[linear]
        self.linear = csc_array((parts.linear[linear], ends), shape=(self.count, self.count))
        self.essential_rows, self.linear_rows = self.essential.tocsr(), self.linear.tocsr()

    def some(self, firms: Ints, loss: Floats) -> tuple[Ints, Floats]:
        """See :class:`Operator`."""
        passed = self._unreplaced(firms, loss)
        group, lost = _restricted(self.essential, firms, passed)
        buyer, most = _most(self.buyer[group], lost)
        user, summed = _restricted(self.linear, firms, passed)
        at = _among(self.count, buyer, user)
        found = np.zeros((len(at), loss.shape[1]))
        found[np.searchsorted(at, buyer)] = most
        place = np.searchsorted(at, user)
        found[place] = np.maximum(found[place], summed)
        return at, np.minimum(found, 1.0, out=found)

    def all(self, loss: Floats) -> Floats:
        """See :class:`Operator`."""
        passed = self._unreplaced(np.arange(self.count), loss)
        found = _times(self.linear_rows, passed)
        for begin in range(0, len(self.buyer), _GROUPS):
            rows = slice(begin, begin + _GROUPS)
            buyer, most = _most(self.buyer[rows], _times(self.essential_rows[rows], passed))
            found[buyer] = np.maximum(found[buyer], most)
        return np.minimum(found, 1.0, out=found)

    def _unreplaced(self, firms: Ints, loss: Floats) -> Floats:
        """The loss of each firm that it passes on."""
        if not self.replaceable:
            return loss
        from scipy.sparse import csc_array

        size, industry = self.size[firms], self.industry[firms]
        shape = len(self.supply), len(firms)
        summed = csc_array((size, industry, np.arange(len(firms) + 1)), shape=shape)
        left = (self.supply[:, None] - _times(summed, loss))[industry]
        size = size[:, None]
        alone = np.divide(size, left, out=np.ones_like(loss), where=left > size)
        return np.multiply(alone, loss, out=alone)


def _restricted(matrix: csc_array, columns: Ints, block: Floats) -> tuple[Ints, Floats]:
    """The product of these columns of a matrix with a block, and its rows that can be not zero."""
    from scipy.sparse import csc_array

    counts = matrix.indptr[columns + 1] - matrix.indptr[columns]
    ends = np.append(0, np.cumsum(counts))
    at = np.repeat(matrix.indptr[columns] - ends[:-1], counts) + np.arange(ends[-1])
    hit = matrix.indices[at]
    rows = _among(matrix.shape[0], hit)
    place = np.empty(matrix.shape[0], hit.dtype)
    place[rows] = np.arange(len(rows), dtype=hit.dtype)
    shape = len(rows), len(columns)
    part = csc_array((matrix.data[at], place[hit], ends), shape=shape)
    return rows, _times(part, block)


def _times(matrix: csr_array | csc_array, block: Floats) -> Floats:
    found: Floats = np.asarray(matrix @ block)
    return found


def _among(count: int, *several: npt.NDArray[Any]) -> Ints:
    """The numbers below ``count`` that are in any of these arrays; ascending."""
    there = np.zeros(count, bool)
    for numbers in several:
        there[numbers] = True
    return np.flatnonzero(there)


def _most(buyer: Ints, lost: Floats) -> tuple[Ints, Floats]:
    """The largest loss of each buyer; the buyers are in ascending order."""
    begins = np.flatnonzero(np.append(True, buyer[1:] != buyer[:-1])[: len(buyer)])
    if not len(begins):
        return buyer, lost
    return buyer[begins], np.maximum.reduceat(lost, begins, axis=0)
