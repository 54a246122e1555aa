"""How much of all output is likely to be lost when firms close, where amounts are not known?

The cascade of :mod:`spillover.queries.contagion.losses` on draws of the parts of a production
network, all at once. Every part only adds to losses, and so does every firm that closes: the
certain bounds are those of the least and of the greatest parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import Final

import numpy as np

from spillover.graph.errors import InputError
from spillover.graph.session import Graph
from spillover.graph.stake import WHOLE
from spillover.queries.answer import Reporter
from spillover.queries.conditions import Conditions
from spillover.queries.contagion.classes import ALL, Classes
from spillover.queries.contagion.losses import losses, score
from spillover.queries.contagion.network import Ints, Parts
from spillover.queries.contagion.supplied import Supplied, supplied
from spillover.queries.markets.lost import Part
from spillover.queries.markets.struck import Struck, struck
from spillover.queries.uncertainty.drawing import Die, Reals, die
from spillover.queries.uncertainty.falling import Falls, Flags
from spillover.queries.uncertainty.keys import Keys
from spillover.queries.uncertainty.owning import Stakes, stakes
from spillover.queries.uncertainty.priors import Priors, default_priors
from spillover.queries.uncertainty.sampled import SampledFirms
from spillover.queries.uncertainty.summing import Ranked, spread, varying
from spillover.queries.uncertainty.supplying import drawn_parts
from spillover.queries.uncertainty.using import used

_CELLS: Final = 20_000_000
"""Most parts that are drawn, edges times draws: about a gigabyte."""
_TOLERANCE: Final = 1e-9


def sample_closure(  # noqa: PLR0913 - the first three are the question, the rest by keyword
    graph: Graph,
    targets: Sequence[str],
    when: Conditions,
    *,
    rule: str = "",
    classes: Classes = ALL,
    replaceable: bool = True,
    complete: bool = False,
    draws: int = 1000,
    seed: int = 1,
    priors: Priors | None = None,
) -> SampledFirms:
    """Sample what is lost when these firms of a graph close, by its claims of supply.

    Args:
        graph: the graph.
        targets: ids, identifiers or names of those who close.
        when: day, age and confidence of the claims.
        rule: the ownership rule by which others close with the targets; empty: none does.
        classes: which inputs are essential to whom.
        replaceable: as :func:`sample_systemic` has it.
        complete: take the amounts that claims print as all the trade of these firms.
        draws: as :func:`sample_systemic` has it.
        seed: likewise.
        priors: likewise.

    Raises:
        NotFoundError, AmbiguousError: a target.
        InputError: no target, an unknown rule, or what :func:`sample_systemic` refuses.
    """
    if not targets:
        raise InputError(
            "a sample is drawn of one closure: name who closes, or leave the draws out"
        )
    net = supplied(graph, when, classes, complete=complete)
    fallen = struck(graph, when, targets, rule=rule)
    owned = stakes(graph, when, fallen)
    keys = Keys(graph, net.network.firms.tolist(), owned)
    found = sample_systemic(
        keys.supplied(net),
        keys.struck(fallen),
        draws=draws,
        seed=seed,
        priors=priors,
        replaceable=replaceable,
        owned=keys.stakes(owned),
    )
    return keys.sampled_firms(found).told(Reporter(graph, when))


def sample_systemic(  # noqa: PLR0913 - the first two are the question, the rest by keyword
    net: Supplied,
    fallen: Struck,
    *,
    draws: int = 1000,
    seed: int = 1,
    priors: Priors | None = None,
    replaceable: bool = True,
    owned: Stakes | None = None,
) -> SampledFirms:
    """Sample what is lost when firms close.

    Args:
        net: the production network, with the bounds of its parts.
        fallen: who closes, and who can; those whom the network does not know do nothing.
        draws: how many, 100 to 20,000.
        seed: the same seed gives the same answer, to the byte.
        priors: what is assumed; None: what comes with Spillover.
        replaceable: whether others of its industry stand in for a supplier: by their sizes where
            the network knows them, else to a degree that is drawn.
        owned: the stakes that decide who closes; None: whoever can does so with a probability.

    Raises:
        InputError: too few or too many draws, a negative seed, or a network too large for them.
    """
    edges = len(net.network.supplier)
    if edges * draws > _CELLS:
        raise InputError(
            f"{draws} draws of {edges} supplies are too many; ask for {_CELLS // edges} draws"
        )
    priors = priors or default_priors()
    cast = die(draws, seed)
    by_degree = replaceable and not net.sized
    drawn = drawn_parts(net, cast, priors, replaced=by_degree)
    falls = Falls(fallen, cast, priors, owned)
    closing = _closing(net, fallen, falls, cast)
    inputs = varying([*drawn.inputs, *falls.unknowns()])
    sized = replaceable and net.sized
    lost, settled = _losses(net, drawn.parts, closing, replaceable=sized)
    least = _bound(net, fallen.certain, _none(net.low) if by_degree else net.low, sized=sized)
    most = _bound(net, fallen.possible, net.high, sized=sized)
    index = score(lost, drawn.parts.size)
    ends = [float(score(end, net.low.size)) for end in (least, most)]
    firms = net.network.firms
    shown = np.flatnonzero((most > _TOLERANCE) & ~np.isin(firms, [*fallen.certain])).tolist()
    return SampledFirms(
        draws,
        seed,
        priors,
        used(inputs, priors),
        spread(index, _outward(*ends)),
        {
            int(firms[at]): spread(lost[at], _outward(float(least[at]), float(most[at])))
            for at in shown
        },
        Ranked(inputs).drivers(index, range(len(inputs))),
        len(inputs),
        settled,
    )


def _closing(net: Supplied, fallen: Struck, falls: Falls, cast: Die) -> Flags:
    """Which firms of the network close in which draws: shape [firms, draws]."""
    closing = np.zeros((len(net.network), cast.draws), bool)
    for at, number in enumerate(net.network.firms.tolist()):
        if number in fallen.possible:
            closing[at] = falls.drawn(number)
    return closing


def _losses(
    net: Supplied, parts: Parts, closing: Flags, *, replaceable: bool
) -> tuple[Reals, bool]:
    """Losses of all firms in all draws; draws in which the same firms close go together."""
    lost = np.empty(closing.shape)
    settled = True
    patterns, which = np.unique(closing, axis=1, return_inverse=True)
    for number, pattern in enumerate(patterns.T):
        some = np.flatnonzero(which == number)
        mine = Parts(*(part[:, some] for part in parts))
        found = losses(net.network, mine, np.flatnonzero(pattern), replaceable=replaceable)
        lost[:, some] = found.both
        settled &= found.settled
    return lost, settled


def _bound(net: Supplied, closed: frozenset[int], parts: Parts, *, sized: bool) -> Reals:
    firms: Ints = np.flatnonzero(np.isin(net.network.firms, [*closed]))
    # More exact than the draws, so that none of these passes a bound by what rounding leaves.
    return losses(net.network, parts, firms, replaceable=sized, tolerance=1e-12).both


def _none(parts: Parts) -> Parts:
    """Nobody knows how far others stand in: perhaps for all of it."""
    nothing = np.zeros_like(parts.essential)
    return parts._replace(essential=nothing, linear=nothing)


def _outward(low: float, high: float) -> Part:
    """Bounds in millionths of a percent, rounded outward; rounds end within a tolerance."""
    least = floor((low - _TOLERANCE) * WHOLE)
    most = ceil((high + _TOLERANCE) * WHOLE) if high else 0
    return Part(max(least, 0), min(most, WHOLE))
