"""How much power have the shareholders of an entity, where more than half of the votes decide?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from spillover.graph.session import Graph
from spillover.graph.stake import Stake
from spillover.queries.answer import Party, Reporter, Sources, sources
from spillover.queries.conditions import Conditions
from spillover.queries.methods.network import network
from spillover.queries.methods.shareholder_power import Undisclosed, shareholder_power


@dataclass(frozen=True, slots=True)
class Holder:
    """One direct owner; each index at least and at most, as a part of 1."""

    party: Party
    share: Stake
    banzhaf: tuple[Fraction, Fraction]
    normalised: tuple[Fraction, Fraction]
    shapley: tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Power:
    """The answer."""

    entity: Party
    when: Conditions
    undisclosed: Undisclosed
    """What becomes of votes that no declared owner holds."""
    holders: tuple[Holder, ...]
    """The most powerful first."""
    sources: Sources


def power(
    graph: Graph, entity: str, when: Conditions, *, undisclosed: Undisclosed = "absent"
) -> Power:
    """Banzhaf and Shapley-Shubik indices of the direct owners of an entity.

    Raises:
        NotFoundError, AmbiguousError: the entity.
        InputError: the shares are too many, or too finely divided, to be counted exactly.
    """
    number = graph.store.find(entity)
    at, _ = graph.index.into(np.array([number]))
    among = np.append(graph.index.source[at].astype(np.int64), number)
    net = network(graph.index, when, among=among)
    asset = int(net.rows(np.array([number]))[0])
    found = shareholder_power(net, asset, undisclosed=undisclosed)
    reporter = Reporter(graph, when)
    parties = reporter.parties({number, *(holder.owner for holder in found)})
    holders = [
        Holder(
            parties[holder.owner],
            Stake(holder.low, holder.high),
            holder.banzhaf,
            holder.normalised,
            holder.shapley,
        )
        for holder in found
    ]
    holders.sort(key=lambda holder: (-holder.shapley[1], -holder.share.high, holder.party.id))
    return Power(parties[number], when, undisclosed, tuple(holders), sources(graph))
