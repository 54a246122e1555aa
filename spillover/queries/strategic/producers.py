"""Which ties to armed forces, security and defence industry have a producer and its owners?

The categories are those of the profile of ties. Listings are those of the producer itself, and of
whoever owns or is stated to control it.
"""

from __future__ import annotations

from typing import Final

from spillover.graph.session import Graph
from spillover.queries.answer import Claim, Reporter
from spillover.queries.conditions import Conditions
from spillover.queries.shocks.hops import Channels
from spillover.queries.shocks.paths import as_step
from spillover.queries.strategic.answer import Above, Tied
from spillover.queries.ties.claims import listings
from spillover.queries.ties.organs import Organs
from spillover.queries.ties.profile import profile
from spillover.queries.ties.walk import HELD, Walk, walk

DEFENCE: Final = (
    "fusion-zone",
    "military-licence",
    "procurement-platform",
    "defence-enterprise",
    "named-contributor",
    "military-ownership",
    "military-agent",
    "military-affiliation",
    "defence-supply",
    "military-research",
    "security-organ",
    "defence-regulator",
)
"""Categories of ties (``queries/ties/categories.yml``) that speak of military or security use."""
_HOPS: Final = 10
_OWNERS: Final = 200
"""Owners, and subsidiaries, of each producer that are looked at."""


class Looking:
    """Looks at producers, one after another."""

    def __init__(self, graph: Graph, when: Conditions, reporter: Reporter) -> None:
        self._graph, self._when, self._reporter = graph, when, reporter
        self._organs = Organs(graph, when)
        self._held = Channels(graph.index, when, HELD)

    def at(self, number: int) -> tuple[Tied, bool]:
        """The ties of one producer, and whether the search for them was cut short."""
        found = profile(
            self._graph,
            self._reporter.party(number).id,
            self._when,
            category=DEFENCE,
            max_hops=_HOPS,
            limit=_OWNERS,
        )
        up = walk(
            self._held,
            [number],
            down=False,
            limit=_OWNERS,
            max_hops=_HOPS,
            closed=self._organs.among,
        )
        listed = [n for n in up.entities if self._reporter.party(n).listed]
        lists = listings(self._organs, listed, self._reporter) if listed else {}
        above = tuple(self._above(up, owner, lists[owner]) for owner in listed)
        tied = Tied(found.entity, found.ties, found.listings, above)
        return tied, found.truncated or up.truncated

    def _above(self, up: Walk, owner: int, lists: list[Claim]) -> Above:
        chain = tuple(as_step(hop, self._reporter) for hop in up.chain(owner))
        counted = tuple(claim for claim in lists if claim.standing == "counted")
        return Above(self._reporter.party(owner), chain, counted)
