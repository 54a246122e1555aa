"""Who are the ultimate owners of this entity, and what is left that nobody accounts for?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from spillover.graph.session import Graph
from spillover.queries.answer import Party, Reporter, Sources, sources
from spillover.queries.attribution import Interval, Percent
from spillover.queries.conditions import Conditions
from spillover.queries.holdings import Flags
from spillover.queries.methods import beneficial as method
from spillover.queries.methods.network import network, reachable


@dataclass(frozen=True, slots=True)
class BeneficialOwner:
    """One ultimate owner."""

    party: Party
    share: Interval


@dataclass(frozen=True, slots=True)
class Circle:
    """Entities on the way up that hold parts of each other."""

    members: tuple[Party, ...]
    closed: bool
    """Whether they certainly hold all of each other, so that nobody outside owns them."""
    share: Interval
    """Part of the entity that ends in it; 0 where it is not closed."""


@dataclass(frozen=True, slots=True)
class Beneficial:
    """The answer."""

    entity: Party
    when: Conditions
    owners: tuple[BeneficialOwner, ...]
    """Larger greatest shares first."""
    unattributed: Interval
    """What no declared owner accounts for."""
    circles: tuple[Circle, ...]
    overstated: tuple[Party, ...]
    """Entities whose declared owners hold over 100 % at the least: the claims contradict."""
    sources: Sources


def beneficial(graph: Graph, entity: str, when: Conditions) -> Beneficial:
    """Ultimate owners of an entity with their shares through all chains.

    Raises:
        NotFoundError, AmbiguousError: the entity.
    """
    number = graph.store.find(entity)
    above = reachable(graph.index, np.array([number]), when, "up")
    net = network(graph.index, when, among=above)
    reporter = Reporter(graph, when)
    found = method.beneficial(
        net, int(net.rows(np.array([number]))[0]), _persons(reporter, net.entity)
    )
    rows = {share.row for share in found.owners}.union(
        *(cycle.rows for cycle in found.cycles), found.overstated
    )
    parties = {row: reporter.party(int(net.entity[row])) for row in sorted(rows)}
    return Beneficial(
        reporter.party(number),
        when,
        tuple(
            BeneficialOwner(parties[share.row], _interval(share.low, share.high))
            for share in found.owners
        ),
        _interval(*found.unattributed),
        tuple(
            Circle(
                tuple(parties[row] for row in cycle.rows),
                cycle.low > 0,
                _interval(cycle.low, cycle.high),
            )
            for cycle in found.cycles
        ),
        tuple(parties[row] for row in found.overstated),
        sources(graph),
    )


def _persons(reporter: Reporter, entities: npt.NDArray[Any]) -> Flags:
    parties = reporter.parties(entities.tolist())
    return np.array([parties[number].schema == "Person" for number in entities.tolist()], bool)


def _interval(low: Percent, high: Percent) -> Interval:
    """In percent; whole numbers as fractions, so that exact answers stay exact."""
    ends = [Fraction(end) * 100 if isinstance(end, int) else end * 100 for end in (low, high)]
    return Interval(min(100, ends[0]), ends[1] if ends[1] <= 100 else None)  # noqa: PLR2004 - percent
