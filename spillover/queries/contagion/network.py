"""Who supplies whom with how much: a production network as arrays.

Firms are positions 0 to n - 1, edges are sorted by customer, good and supplier. What a kernel needs
of the amounts are *parts*: of what the customer buys of that good, of all that it buys, and of all
that the supplier sells.

Amounts may be drawn: with weights of shape ``[edges, draws]`` in the order of the network's edges

    losses(network, parts(network, weights), closed)

(:func:`spillover.queries.contagion.losses.losses`) gives the losses of every firm in every draw
when the firms at the positions ``closed`` stop; ``score(found, sizes)`` their index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from spillover.graph.errors import InputError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ESSENTIAL: Final = 2
"""Without this input nothing is made."""
LINEAR: Final = 1
"""What is made falls in proportion to the input."""
NEGLIGIBLE: Final = 0
"""Production goes on without the input; its supplier still loses sales."""


@dataclass(frozen=True, slots=True)
class Network:
    """Firms and what they supply each other with."""

    firms: Ints
    """Number or label of each firm: shape ``[n]``."""
    industry: Ints
    """Industry of each firm, from 0: those of one industry can stand in for each other."""
    supplier: Ints
    """Position of the supplier of each edge: shape ``[edges]``."""
    customer: Ints
    good: Ints
    """What is supplied; the industry of the supplier, unless it is known better."""
    kind: npt.NDArray[np.int8]
    """``ESSENTIAL``, ``LINEAR`` or ``NEGLIGIBLE``."""
    weight: Floats
    """Amount of each edge, in any one unit."""

    def __len__(self) -> int:
        return len(self.firms)


class Parts(NamedTuple):
    """The amounts of a network as parts of wholes: ``[edges]`` or ``[edges, draws]``, 0 to 1."""

    essential: Floats
    """Part of what the customer buys of that good; 0 where the input is not essential."""
    linear: Floats
    """Part of all that the customer buys; 0 where the input is not linear."""
    sales: Floats
    """Part of all that the supplier sells."""
    size: Floats
    """What each firm sells, ``[n]`` or ``[n, draws]``."""


def network(  # noqa: PLR0913 - the first two are the network, the rest by keyword
    edges: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    industry: npt.ArrayLike,
    classes: npt.ArrayLike | None = None,
    *,
    firms: npt.ArrayLike | None = None,
    good: npt.ArrayLike | None = None,
    kind: npt.ArrayLike | None = None,
) -> Network:
    """A network from suppliers, customers and weights.

    Args:
        edges: position of each supplier, position of each customer, weight of each edge.
        industry: industry of each firm, from 0.
        classes: how an industry of customers (column) needs what an industry of suppliers (row)
            makes: 2, 1 or 0, see the constants; all inputs are essential where it is missing.
        firms: number or label of each firm; positions where it is missing.
        good: what each edge supplies, a row of ``classes``; the supplier's industry if missing.
        kind: how the customer of each edge needs it, in place of ``classes``.

    Raises:
        InputError: a weight that is negative or not finite, a position that no firm has.
    """
    sellers, buyers = (np.asarray(end, np.int64) for end in edges[:2])
    weight = np.asarray(edges[2], np.float64)
    industries = np.asarray(industry, np.int64)
    count = len(industries)
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise InputError("a weight of the network is negative or not finite; correct the weight")
    ends = np.concatenate((sellers, buyers))
    if len(ends) and (ends.min() < 0 or ends.max() >= count):
        raise InputError(f"an edge names a firm that is not one of {count}; give it an industry")
    goods = industries[sellers] if good is None else np.asarray(good, np.int64)
    order = np.lexsort((sellers, goods, buyers))
    sellers, buyers, goods = sellers[order], buyers[order], goods[order]
    needs = np.full(len(order), ESSENTIAL, np.int8)
    if kind is not None:
        needs = np.asarray(kind, np.int8)[order]
    elif classes is not None:
        needs = np.asarray(classes, np.int8)[goods, industries[buyers]]
    named = np.arange(count) if firms is None else np.asarray(firms, np.int64)
    return Network(named, industries, sellers, buyers, goods, needs, weight[order])


def parts(network: Network, weight: Floats | None = None) -> Parts:
    """What the amounts are parts of.

    Args:
        network: the network.
        weight: other amounts, ``[edges]`` or ``[edges, draws]``, in the order of its edges.
    """
    amounts = network.weight if weight is None else np.asarray(weight, np.float64)
    wide = amounts.shape[1:]
    bought = np.zeros((len(network), *wide))
    sold = np.zeros((len(network), *wide))
    np.add.at(bought, network.customer, amounts)
    np.add.at(sold, network.supplier, amounts)
    group = group_of(network)
    grouped = np.zeros((int(group[-1]) + 1 if len(group) else 0, *wide))
    np.add.at(grouped, group, amounts)
    columns = (slice(None), *(None for _ in wide))
    essential, linear = ((network.kind == kind)[columns] for kind in (ESSENTIAL, LINEAR))
    return Parts(
        np.where(essential, _part(amounts, grouped[group]), 0.0),
        np.where(linear, _part(amounts, bought[network.customer]), 0.0),
        _part(amounts, sold[network.supplier]),
        sold,
    )


def group_of(network: Network) -> Ints:
    """Number of the group of each edge: those of one customer and one good; ascending."""
    if not len(network.customer):
        return np.zeros(0, np.int64)
    changed = np.diff(network.customer).astype(bool) | np.diff(network.good).astype(bool)
    return np.append(0, np.cumsum(changed))


def _part(amount: Floats, whole: Floats) -> Floats:
    return np.divide(amount, whole, out=np.zeros_like(amount), where=whole > 0)
