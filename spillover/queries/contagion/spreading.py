"""Who can bring down whom along the supplies of a graph, and who spreads it furthest?

A link leads from a supplier to a customer when the customer buys the buffer or more from it, and
from a customer to a supplier when that sells the buffer or more to it
(:mod:`spillover.queries.contagion.impact`). Two readings: the links that are certain, and all that
are possible. They are no bounds: a further link can raise or lower the measures, as these divide by
the number of links.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from spillover.graph.errors import InputError
from spillover.queries.contagion.answer import Spread, Systemic
from spillover.queries.contagion.asking import Question, known
from spillover.queries.contagion.impact import Impact, impact
from spillover.queries.contagion.network import Flags, Floats, Network, Parts
from spillover.queries.contagion.supplied import Supplied

MOST: Final = 400
"""Firms with links at most: every one of them asks for the exponential of a dense matrix."""


def spreading(asked: Question, net: Supplied) -> Systemic:
    """The impact measures of every firm, or of the targets.

    Raises:
        InputError: too many firms have links.
    """
    firms = net.network.firms
    buffer = asked.terms.buffer
    linked = [_linked(net.network, parts, buffer) for parts in (net.low, net.high)]
    inside: Flags = np.zeros(len(firms), bool)
    for rows, columns in linked:
        inside[rows] = inside[columns] = True
    chosen = np.flatnonzero(inside)
    if len(chosen) > MOST:
        raise InputError(
            f"{len(chosen)} firms have links of {100 * buffer:g} % or more, and the measure takes"
            f" at most {MOST}; ask with a larger --buffer"
        )
    place = np.full(len(firms), -1)
    place[chosen] = np.arange(len(chosen))
    found: list[tuple[Floats, Impact]] = []
    for rows, columns in linked:
        links = np.zeros((len(chosen), len(chosen)))
        links[place[rows], place[columns]] = 1.0
        found.append((links, impact(links)))
    (certain, low), (possible, high) = found
    order = np.lexsort((chosen, -high.diffusion, -low.diffusion)).tolist()
    wanted = set(asked.fallen.targets)
    numbers = [int(number) for number in firms[chosen].tolist()]
    shown = [row for row in order if not wanted or numbers[row] in wanted]
    parties = asked.reporter.parties(numbers[row] for row in shown[: asked.top])
    rows_of = tuple(
        Spread(
            parties[numbers[row]],
            (int(certain[row].sum()), int(possible[row].sum())),
            (float(low.susceptibility[row]), float(high.susceptibility[row])),
            (float(low.start[row]), float(high.start[row])),
            (float(low.intermediate[row]), float(high.intermediate[row])),
        )
        for row in shown[: asked.top]
    )
    return asked.answer(
        known(net),
        firms,
        spread=rows_of,
        fluidity=(low.fluidity, high.fluidity),
        hidden=max(0, len(shown) - asked.top),
    )


def _linked(net: Network, parts: Parts, buffer: float) -> tuple[list[int], list[int]]:
    """Who brings down whom: positions of both."""
    input_lost = np.maximum(parts.essential, parts.linear) >= buffer
    sales_lost = parts.sales >= buffer
    pairs = {
        *zip(net.supplier[input_lost].tolist(), net.customer[input_lost].tolist(), strict=True),
        *zip(net.customer[sales_lost].tolist(), net.supplier[sales_lost].tolist(), strict=True),
    }
    some = sorted((one, other) for one, other in pairs if one != other)
    return [one for one, _ in some], [other for _, other in some]
